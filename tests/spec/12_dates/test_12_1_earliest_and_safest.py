"""earliest and safest"""

from __future__ import annotations

from datetime import date

import pytest
from specimen import MET, NOT_MET, ask, at_least, blocks, count, criterion, held, latest, limit, look, policy

from levamen.criteria.dates import change
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Elapsed,
    Facts,
    Field,
    Latest,
    Limit,
    Need,
    The,
    Truth,
    Window,
)  # fmt: skip

CHART = """
    completeness: [{kind: procedures, from: 1961-04-09}, {kind: care, from: 1961-04-09}]
    procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-23}]
    """


def since(*limits: Limit) -> Truth:
    return latest(blocks(), Compare(Elapsed(Field("it", "start")), limits))


def dates(says: Truth, chart: str = CHART) -> tuple[str | None, str | None]:
    found = change(criterion("c", says), look(chart))
    return (
        found.earliest.isoformat() if found.earliest is not None else None,
        found.safest.isoformat() if found.safest is not None else None,
    )


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((limit(">=", 14, "days"),), "2026-03-09"),
        ((limit(">", 14, "days"),), "2026-03-10"),
        ((limit(">=", 2, "weeks"),), "2026-03-09"),
        ((limit(">=", 1, "months"),), "2026-03-23"),
        ((limit(">=", 1, "years"),), "2027-02-23"),
        ((limit(">=", 336, "hours"),), "2026-03-09"),
    ],
    ids=str,
)
def test_of_a_length_of_time(limits: tuple[Limit, ...], expected: str) -> None:
    """`earliest` of a criterion is the first service date at which it is no longer not met if only time passes."""
    assert dates(since(*limits))[0] == expected


def test_two_readings() -> None:
    """Where texts differ, `earliest` is good under one reading and `safest` under every reading."""
    assert dates(since(limit(">=", 2, "weeks"), limit(">=", 4, "weeks"))) == ("2026-03-09", "2026-03-23")


def test_the_anniversary_is_read_both_ways() -> None:
    """A rolling year is over on its anniversary under one reading, on the day after under every reading."""
    free = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert dates(free) == ("2027-02-23", "2027-02-24")


def test_calendar_year() -> None:
    """An allowance of a calendar year is free on 1 January."""
    free = count(blocks(window=Window("calendar-year")), limit("<", 1))
    assert dates(free) == ("2027-01-01", "2027-01-01")


def test_anchored_year() -> None:
    """An allowance of an anchored year is free when the next one begins."""
    free = count(blocks(window=Window("anchored")), limit("<", 1))
    assert dates(free) == ("2027-02-23", "2027-02-23")


def test_partial_date() -> None:
    """Of a partial date, `earliest` counts from its first day and `safest` from its last."""
    chart = CHART.replace("2026-02-23", "2026-02")
    assert dates(since(limit(">=", 6, "weeks")), chart) == ("2026-03-15", "2026-04-11")


def test_care_that_goes_on() -> None:
    """Care that goes on may reach its six weeks on the first day at which it could have."""
    chart = """
        completeness: [{kind: care, from: 1961-04-09}]
        care: [{id: C-1, therapy: physical-therapy, start: 2026-02-16, recorded: 2026-03-02}]
        """
    care = Compare(Accumulated(Facts("conservative-care", "care")), at_least(6, "weeks"))
    assert dates(care, chart)[0] == "2026-03-30"


def test_relief_that_still_holds() -> None:
    """Relief that still held at the last score may have lasted half a year, half a year after the procedure;
    without a later score no day is safe.
    """
    chart = """
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2025-11-03, relief: [{percent: 60, at: 2026-02-02}]}]
        """
    assert dates(held(50, 6), chart) == ("2026-05-03", None)


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("relief_ended", "relief_ended: 2026-02-23, relief: [{percent: 80, at: 2026-02-16}], date: 2026-02-02"),
        ("end", "start: 2026-02-02, end: 2026-02-23"),
    ],
)
def test_from_any_date_of_a_fact(field: str, fact: str) -> None:
    """Time is counted from whatever date the criterion names: the end of a procedure or of its relief as well as
    its start.
    """
    chart = f"procedures: [{{id: P-1, therapy: spinal-cord-stimulation-trial, {fact}}}]"
    says = The(Latest(blocks()), Compare(Elapsed(Field("it", field)), at_least(2, "weeks")))
    assert dates(says, chart) == ("2026-03-09", "2026-03-09")


def test_of_and_and_or() -> None:
    """Of an `and` it is the day on which all hold, of an `or` the first on which one does."""
    two, four = since(limit(">=", 2, "weeks")), since(limit(">=", 4, "weeks"))
    assert dates(All((two, four)))[0] == "2026-03-23"
    assert dates(Any((two, four)))[0] == "2026-03-09"
    assert dates(All((two, NOT_MET)))[0] is None


def test_of_a_verdict() -> None:
    """`earliest` of a verdict is the latest of those of its criteria: *not before*. It is absent if none has remedy
    time.
    """
    two, four = since(limit(">=", 2, "weeks")), since(limit(">=", 4, "weeks"))
    assert ask(policy(criterion("a", two), criterion("b", four)), CHART).earliest == date(2026, 3, 23)
    assert ask(policy(criterion("a", NOT_MET)), CHART).earliest is None
    assert ask(policy(criterion("a", MET)), CHART).earliest is None


def test_of_a_verdict_that_needs_something_too() -> None:
    """Where something is needed as well, the date is only *not before*: it is exact only if `needs` is empty."""
    need = Need(kind="score", what="odi")
    answer = ask(policy(criterion("a", since(limit(">=", 2, "weeks"))), criterion("b", NOT_MET, needs=[need])), CHART)
    assert (answer.verdict, answer.earliest, [item.need for item in answer.needs]) == (
        "not_yet", date(2026, 3, 9), [need],
    )  # fmt: skip


def test_safest_only_if_different() -> None:
    """`safest` of a verdict is given only where it differs from `earliest`."""
    free = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert ask(policy(criterion("a", since(limit(">=", 2, "weeks")))), CHART).safest is None
    assert ask(policy(criterion("a", free)), CHART).safest == date(2027, 2, 24)


def test_no_date_that_has_passed() -> None:
    """What would have been good before the service date is no date: a window of two weeks that has closed stays
    closed.
    """
    closed = since(limit("<=", 2, "weeks"))
    answer = ask(policy(criterion("a", closed, remedy="none")), CHART, on="2026-03-20")
    assert (answer.verdict, answer.earliest) == ("not_met", None)


def test_exclusions_have_no_earliest() -> None:
    """An exclusion that does not hold now and would hold later gives no date: nobody waits to be excluded."""
    later = criterion("x", since(limit(">=", 2, "weeks")))
    answer = ask(policy(criterion("a", NOT_MET), exclusions=[later]), CHART)
    assert (answer.verdict, answer.earliest) == ("not_yet", None)


def test_dates_are_after_the_service_date() -> None:
    """No date before the service date asked for is given."""
    answer = ask(policy(criterion("a", since(limit(">=", 2, "weeks")))), CHART, on="2026-03-05")
    assert answer.earliest == date(2026, 3, 9)
    assert ask(policy(criterion("a", since(limit(">=", 2, "weeks")))), CHART, on="2026-03-09").earliest is None
