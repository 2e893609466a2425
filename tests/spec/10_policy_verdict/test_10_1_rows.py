"""The verdict of a policy: the first row that holds"""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from specimen import (
    AMBIGUOUS,
    EACH,
    MET,
    NOT_MET,
    UNKNOWN,
    ask,
    at_least,
    blocks,
    criterion,
    latest,
    one_of,
    policy,
    verdict,
)  # fmt: skip

from levamen.criteria.nodes import Among, Compare, Elapsed, Field, Need, Remedy, Truth
from levamen.criteria.truth import Status
from levamen.criteria.verdict import PolicyVerdict, policy_verdict

WAIT: Truth = latest(blocks(), Compare(Elapsed(Field("it", "start")), at_least(2, "weeks")))
CHART = "procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-23}]"


def test_row_1_silent() -> None:
    """Row 1: the scope is not met. The policy is silent, whatever else is true."""
    answer = ask(policy(criterion("r", NOT_MET), scope=[criterion("a", NOT_MET)], exclusions=[criterion("x", MET)]))
    assert (answer.verdict, answer.reason) == ("silent", "scope")


def test_row_1_another_therapy() -> None:
    """A policy is silent on a therapy that it has no rule for."""
    answer = ask(policy(criterion("r", MET)), "request: [{id: R-1, therapy: epidural-steroid-injection}]")
    assert (answer.verdict, answer.reason) == ("silent", "scope")


@pytest.mark.parametrize("scope", ["unknown", "ambiguous"])
def test_row_2_scope_is_open(scope: Status) -> None:
    """Row 2: whether the policy speaks to this patient is unknown or ambiguous; the reason is the scope."""
    answer = ask(policy(criterion("r", NOT_MET), scope=[criterion("a", EACH[scope])]))
    assert (answer.verdict, answer.reason) == (scope, "scope")


def test_row_3_informs() -> None:
    """Row 3: a source that gives effects and no recommendation informs."""
    assert verdict(policy(informs=True)) == "informs"
    assert verdict(policy(scope=[criterion("a", NOT_MET)], informs=True)) == "silent"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("coverage", "not_covered"),
        ("commercial", "not_covered"),
        ("guideline", "against"),
    ],
)
def test_row_4_excluded(kind: str, expected: str) -> None:
    """Row 4: an exclusion or negative recommendation holds: *not covered* by a payer, *against* by a guideline
    (with its strength), even where a requirement fails as well.
    """
    answer = ask(
        policy(criterion("r", NOT_MET, remedy="none"), exclusions=[criterion("x", MET)], kind=kind, strength="strong")
    )
    assert answer.verdict == expected
    assert answer.strength == ("strong" if expected == "against" else None)


def test_row_4_one_exclusion_is_enough() -> None:
    """Exclusions are joined by `or`: one that holds is enough, however open the others are."""
    assert verdict(policy(exclusions=[criterion("x", UNKNOWN), criterion("y", MET)])) == "not_covered"


def test_row_5_not_met() -> None:
    """Row 5: a requirement fails and nothing can be done about it."""
    never = criterion("r", NOT_MET, remedy="none")
    assert verdict(policy(never)) == "not_met"
    assert verdict(policy(never, criterion("do", NOT_MET, remedy="action"), criterion("open", UNKNOWN))) == "not_met"


def test_row_6_not_yet() -> None:
    """Row 6: requirements fail, and time or action can mend each of them."""
    assert verdict(policy(criterion("wait", WAIT, remedy="none")), CHART) == "not_yet"
    assert verdict(policy(criterion("do", NOT_MET, remedy="action"))) == "not_yet"
    assert verdict(policy(criterion("do", NOT_MET, remedy="action"), criterion("open", UNKNOWN))) == "not_yet"


def test_row_7_unknown() -> None:
    """Row 7: nothing fails, and an exclusion or a requirement is unknown."""
    assert verdict(policy(criterion("r", UNKNOWN), criterion("s", AMBIGUOUS))) == "unknown"
    assert verdict(policy(criterion("r", MET), exclusions=[criterion("x", UNKNOWN)])) == "unknown"


def test_row_8_ambiguous() -> None:
    """Row 8: nothing fails and nothing is unknown, and the texts differ."""
    assert verdict(policy(criterion("r", AMBIGUOUS), criterion("s", MET))) == "ambiguous"
    assert verdict(policy(criterion("r", MET), exclusions=[criterion("x", AMBIGUOUS)])) == "ambiguous"


def test_row_9_met() -> None:
    """Row 9: everything else is met, with its stance and the strength in the issuer's words."""
    answer = ask(
        policy(criterion("r", MET), exclusions=[criterion("x", NOT_MET)], stance="consider", strength="Grade B")
    )
    assert (answer.verdict, answer.stance, answer.strength) == ("met", "consider", "Grade B")
    assert ask(policy(criterion("r", NOT_MET))).stance is None


def test_no_requirement_at_all() -> None:
    """A policy that requires nothing is met."""
    assert verdict(policy()) == "met"


@pytest.mark.parametrize(("excluded", "required"), list(product(get_args(Status), get_args(Status))))
def test_the_rows_in_their_order(excluded: Status, required: Status) -> None:
    """Every pair of values of an exclusion and a requirement, by the rows."""
    got, _ = policy_verdict(["met"], [excluded], [(required, "none")], informs=False, refusal="against")
    expected: PolicyVerdict = (
        "against" if excluded == "met"
        else "not_met" if required == "not_met"
        else "unknown" if "unknown" in (excluded, required)
        else "ambiguous" if "ambiguous" in (excluded, required)
        else "met"
    )  # fmt: skip
    assert got == expected


@pytest.mark.parametrize(("first", "second"), list(product(get_args(Remedy), get_args(Remedy))))
def test_one_hopeless_requirement_decides(first: Remedy, second: Remedy) -> None:
    """Of several failing requirements one without a remedy makes it *not met*; otherwise it is *not yet*."""
    got, _ = policy_verdict(["met"], [], [("not_met", first), ("not_met", second)], informs=False, refusal="against")
    assert got == ("not_met" if "none" in (first, second) else "not_yet")


def test_all_failing_and_unknown_criteria_are_listed() -> None:
    """All criteria are listed with their values, not only those that decide."""
    answer = ask(
        policy(
            criterion("done", MET),
            criterion("do", NOT_MET, needs=[Need(kind="score", what="odi")]),
            criterion("open", UNKNOWN),
            exclusions=[criterion("x", AMBIGUOUS)],
        )
    )
    assert {c.id: c.status for c in answer.criteria} == {
        "x": "ambiguous",
        "done": "met",
        "do": "not_met",
        "open": "unknown",
    }


def test_what_a_request_itself_fails_has_no_remedy() -> None:
    """A request's own attribute that fails is *not met*: another request would have to be made."""
    thermal = Among(Field("subject", "technique"), one_of("technique", "thermal"), remedy="none")
    chart = "request: [{id: R-1, therapy: medial-branch-radiofrequency-ablation, technique: pulsed}]"
    asked = policy(criterion("technique", thermal), therapies=frozenset({"medial-branch-radiofrequency-ablation"}))
    assert verdict(asked, chart) == "not_met"
