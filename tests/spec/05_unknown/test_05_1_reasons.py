"""Unknown has one reason"""

from __future__ import annotations

from itertools import product

import pytest
from specimen import MET, at_least, blocks, count, criterion, latest, limit, look, one_of, outcome, reason, value

from levamen.criteria.build import it_is, pain
from levamen.criteria.nodes import (
    All,
    Among,
    Answered,
    Any,
    Compare,
    Exists,
    Facts,
    Field,
    Not,
    Number,
    Same,
    Window,
)
from levamen.criteria.reference import evaluate_criterion
from levamen.criteria.truth import REASONS, Reason, first_reason

SCORE = latest(Facts("index-scores", "score of the index pain"), Compare(Number(Field("it", "value")), at_least(4)))
LAB = latest(
    Facts("labs", "platelet count", max_age=limit("<=", 30, "days")),
    Compare(Number(Field("it", "value")), at_least(100)),
)


def test_unverified() -> None:
    """`unverified`: met, but only thanks to an unverified value."""
    found = evaluate_criterion(criterion("always", MET, mark="unverified"), look())
    assert (found.status, found.reason) == ("unknown", "unverified")


def test_conflicting() -> None:
    """`conflicting`: facts of equal standing differ, and the test differs between them."""
    chart = """
        scores:
          - {id: S-1, instrument: nrs, value: 7, date: 2026-03-02}
          - {id: S-2, instrument: nrs, value: %s, date: 2026-03-02}
        """
    says = latest(Facts("scores", "score"), Compare(Number(Field("it", "value")), at_least(4)))
    assert reason(says, chart % 2) == "conflicting"
    assert value(says, chart % 5) == "met"


def test_facts_that_lack_the_value_do_not_conflict() -> None:
    """A fact without its value contradicts nobody: the value is missing."""
    chart = """
        scores:
          - {id: S-1, instrument: nrs, value: 7, date: 2026-03-02}
          - {id: S-2, instrument: nrs, date: 2026-03-02}
        """
    assert reason(latest(Facts("scores", "score"), Compare(Number(Field("it", "value")), at_least(4))), chart) == (
        "value_missing"
    )


def test_an_earlier_fact_is_not_of_equal_standing() -> None:
    """An earlier fact conflicts with nothing: the latest counts."""
    chart = """
        scores:
          - {id: S-1, instrument: nrs, value: 2, date: 2026-02-02}
          - {id: S-2, instrument: nrs, value: 7, date: 2026-03-02}
        """
    assert value(latest(Facts("scores", "score"), Compare(Number(Field("it", "value")), at_least(4))), chart) == "met"


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ("2026-01-31", None),
        ("2026-01-30", "stale"),
    ],
)
def test_stale(taken: str, expected: Reason | None) -> None:
    """`stale`: older at `as_of` than the value's `max_age`. On 2 March, thirty days reach back to 31 January."""
    chart = f"labs: [{{id: L-1, test: platelets, value: 180, unit: '10*9/L', at: {taken}}}]"
    assert reason(LAB, chart) == expected
    assert value(LAB, chart) == ("met" if expected is None else "unknown")


def test_stale_whatever_it_says() -> None:
    """A stale fact decides neither way, and does not prove that there is one."""
    chart = "labs: [{id: L-1, test: platelets, value: 20, unit: '10*9/L', at: 2025-01-30}]"
    recent = Facts("labs", "platelet count", max_age=limit("<=", 30, "days"))
    assert reason(LAB, chart) == "stale"
    assert reason(Exists(recent), chart) == "stale"


def test_age_counts_to_as_of() -> None:
    """How old a fact is counts to `as_of`, not to the service date."""
    chart = "labs: [{id: L-1, test: platelets, value: 180, unit: '10*9/L', at: 2026-02-20}]"
    assert value(LAB, chart, on="2026-06-01") == "met"


def test_without_a_day_nobody_knows_its_age() -> None:
    """A fact without a day may be too old: where an age counts, its day is missing."""
    chart = "labs: [{id: L-1, test: platelets, value: 180, unit: '10*9/L'}]"
    assert reason(LAB, chart) == "value_missing"


def test_no_max_age_never_stale() -> None:
    """Without a `max_age` nothing grows stale."""
    chart = "labs: [{id: L-1, test: platelets, value: 180, unit: '10*9/L', at: 2015-01-30}]"
    assert value(latest(Facts("labs", "lab"), Compare(Number(Field("it", "value")), at_least(100))), chart) == "met"


def test_value_missing() -> None:
    """`value_missing`: the fact is there, the field is not."""
    chart = """
        pain: [{id: PN-1, site: low-back}]
        scores: [{id: S-1, instrument: nrs, pain: PN-1, date: 2026-03-02}]
        """
    found = outcome(SCORE, chart)
    assert found.reason == "value_missing"
    assert found.all_missing()[0].fact == "S-1"
    assert found.all_missing()[0].what.startswith("value of")


@pytest.mark.parametrize(
    ("field", "what"),
    [
        (Field("subject", "guidance"), "guidance of the request"),
        (Field("person", "sex"), "sex of the person"),
        (Field("payer", "state"), "state of the payer"),
    ],
)
def test_value_missing_of_request_person_and_payer(field: Field, what: str) -> None:
    """The same holds for a field of the request, the person or the payer, and the trace names it."""
    found = outcome(Among(field, one_of("word", "anything")))
    assert (found.reason, found.all_missing()[0].what) == ("value_missing", what)


def test_outside_completeness() -> None:
    """`outside_completeness`: the record says what it is complete about, and this lies outside."""
    none_in_a_year = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert reason(none_in_a_year, "completeness: [{kind: procedures, from: 2025-06-01}]") == "outside_completeness"


def test_not_recorded() -> None:
    """`not_recorded`: nothing at all is said."""
    assert reason(Exists(blocks())) == "not_recorded"
    assert reason(Answered("infection", "no")) == "not_recorded"


@pytest.mark.parametrize(("first", "second"), list(product(REASONS, REASONS)))
def test_first_that_fits(first: Reason, second: Reason) -> None:
    """Where several fit, the first counts in this order: unverified, conflicting, stale, value_missing,
    outside_completeness, not_recorded (and last, contractor).
    """
    order = list(REASONS)
    assert order[:6] == [
        "unverified", "conflicting", "stale", "value_missing", "outside_completeness", "not_recorded",
    ]  # fmt: skip
    assert first_reason([second, first]) == order[min(order.index(first), order.index(second))]


def test_only_open_branches_give_a_reason() -> None:
    """A branch that is decided gives no reason: only what leaves the whole undecided does."""
    missing = Among(Field("subject", "guidance"), one_of("guidance", "ct"))
    both = All((Any((MET, Answered("infection", "no"))), missing))
    assert [m.what for m in outcome(both).all_missing()] == ["guidance of the request"]


def test_not_keeps_the_reason() -> None:
    """`not` keeps unknown and its reason."""
    assert reason(Not(Answered("infection", "no"))) == "not_recorded"


def test_all_that_is_missing_is_listed() -> None:
    """A leaf that lacks two fields names both."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-02}]
        """
    found = outcome(Exists(blocks(where=Same("side", "covers"))), chart)
    assert [(m.fact, m.what.split()[0]) for m in found.all_missing()] == [("P-1", "side"), ("R-1", "side")]


def test_which_pain_is_meant() -> None:
    """Where two pains could be the one a request is about, both are considered; if the test differs, which is
    missing.
    """
    chart = """
        pain:
          - {id: PN-1, site: low-back, side: right, pattern: axial}
          - {id: PN-2, site: low-back, side: right, pattern: %s}
        request: [{id: R-1, therapy: epidural-steroid-injection, region: lumbar, side: right}]
        """
    axial = pain(it_is("pattern", one_of("p", "axial")))
    assert value(axial, chart % "axial") == "met"
    found = outcome(axial, chart % "widespread")
    assert found.reason == "value_missing"
    assert found.all_missing()[-1].what.startswith("which is meant")
