"""How well a value is known"""

from __future__ import annotations

from itertools import product

import pytest
from specimen import MET, NOT_MET, ask, at_least, blocks, cite, criterion, latest, look, one_of, policy

from levamen.criteria.nodes import (
    MARKS,
    All,
    Among,
    Any,
    Compare,
    Exists,
    Field,
    Grouping,
    Mark,
    Not,
    Number,
    Same,
    Truth,
    weakest,
)
from levamen.criteria.reference import evaluate_criterion
from levamen.criteria.truth import Status

CHART = """
    completeness: [{kind: procedures, from: 1961-04-09}]
    procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-12, region: lumbar, relief: [{percent: %s}]}]
    request: [{id: R-1, therapy: medial-branch-block, region: lumbar}]
    """


def positive(mark: Mark) -> Truth:
    return latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80, mark=mark)))


def status(says: Truth, chart: str = CHART % 90) -> tuple[Status, str | None]:
    outcome = evaluate_criterion(criterion("c", says), look(chart))
    return outcome.status, outcome.reason


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("primary", "met"),
        ("secondary", "met"),
        ("adopted", "met"),
        ("unverified", "unknown"),
    ],
)
def test_only_unverified_never_permits(mark: Mark, expected: Status) -> None:
    """What rests on the issuer's own text, on a faithful third party or on what a named clinician adopted for the
    clinic may be met. What is met only thanks to an unverified value is unknown.
    """
    assert status(positive(mark))[0] == expected


def test_unverified_says_what_it_would_be() -> None:
    """The trace of such a criterion says that it would be met, and shows why."""
    outcome = evaluate_criterion(criterion("c", positive("unverified")), look(CHART % 90))
    assert (outcome.status, outcome.reason, outcome.found) == ("unknown", "unverified", "would be met")
    assert outcome.children[0].status == "met"


def test_unverified_may_refuse() -> None:
    """What is not met by an unverified value stays not met, and is marked."""
    assert status(positive("unverified"), CHART % 20) == ("not_met", None)
    answer = ask(policy(criterion("c", positive("unverified"), remedy="none")), CHART % 20)
    assert (answer.verdict, answer.mark) == ("not_met", "unverified")


def test_unverified_criterion_sentence() -> None:
    """The same holds where the criterion itself rests on an unverified sentence, not only a number in it."""
    outcome = evaluate_criterion(criterion("c", MET, mark="unverified"), look())
    assert (outcome.status, outcome.reason) == ("unknown", "unverified")


def test_met_all_the_same() -> None:
    """A criterion that is met without the unverified value too is met."""
    assert status(Any((positive("primary"), positive("unverified")))) == ("met", None)
    assert status(All((positive("primary"), positive("unverified")))) == ("unknown", "unverified")


def test_unverified_below_a_not() -> None:
    """Turned round by a `not` the rule is the same: it is the criterion that must not be met thanks to it."""
    assert status(Not(positive("unverified")), CHART % 20) == ("unknown", "unverified")
    assert status(Not(positive("unverified")), CHART % 90) == ("not_met", None)


@pytest.mark.parametrize(
    "says",
    [
        Among(Field("subject", "region"), one_of("region", "lumbar", mark="unverified")),
        Exists(blocks(where=Same("region", "equal", Grouping("regions", (), cite("unverified"))))),
        Exists(blocks(where=Among(Field("it", "region"), one_of("region", "lumbar", mark="unverified")))),
    ],
    ids=["words of the request", "grouping", "words of a fact"],
)
def test_sets_and_groups_too(says: Truth) -> None:
    """It holds for sets of words and for groupings as for numbers."""
    assert status(says) == ("unknown", "unverified")


@pytest.mark.parametrize(("first", "second"), list(product(MARKS, MARKS)))
def test_the_weakest_mark(first: Mark, second: Mark) -> None:
    """From strongest to weakest: primary, secondary, adopted, unverified."""
    assert MARKS == ("primary", "secondary", "adopted", "unverified")
    assert MARKS.index(weakest((first, second))) == max(MARKS.index(first), MARKS.index(second))


def test_a_verdict_wears_the_weakest_mark_that_decided_it() -> None:
    """A verdict wears the weakest mark among the values that decided it; what did not decide it weakens nothing."""
    good, weak = criterion("good", MET), criterion("weak", MET, mark="secondary")
    fails = criterion("fails", NOT_MET, remedy="none")
    assert ask(policy(good)).mark == "primary"
    assert ask(policy(good, weak)).mark == "secondary"
    assert ask(policy(fails, weak)).mark == "primary"
    assert ask(policy(good, exclusions=[criterion("x", MET, mark="secondary")])).mark == "secondary"


def test_of_branches_that_each_suffice_the_best_known_counts() -> None:
    """Of several branches that each suffice, the best known one decided it; where all are needed, the weakest is
    worn.
    """
    one, other = positive("primary"), positive("secondary")
    assert ask(policy(criterion("c", Any((one, other)))), CHART % 90).mark == "primary"
    assert ask(policy(criterion("c", All((one, other)))), CHART % 90).mark == "secondary"
    assert ask(policy(criterion("c", Any((one, other)))), CHART % 20).mark == "secondary"
    assert ask(policy(criterion("c", All((one, other)))), CHART % 20).mark == "primary"


def test_values_inside_a_criterion_are_worn_too() -> None:
    """The values inside a criterion decide it as much as its own sentence does."""
    assert ask(policy(criterion("c", positive("secondary"))), CHART % 90).mark == "secondary"
    assert ask(policy(criterion("c", positive("secondary"), remedy="none")), CHART % 20).mark == "secondary"
