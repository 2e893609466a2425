"""Counts are intervals"""

from __future__ import annotations

import pytest
from specimen import at_least, blocks, count, latest, limit, one_of, outcome, value

from levamen.criteria.build import it_is
from levamen.criteria.nodes import Accumulated, Compare, Exists, Facts, Field, First, Number, Same, Stated, Streak, The
from levamen.criteria.truth import Status

OPEN = """
    procedures:
      - {id: P-1, therapy: medial-branch-block, date: 2026-01-12}
      - {id: P-2, therapy: medial-branch-block, date: 2026-02-09}
    """
CLOSED = (
    OPEN
    + """
    completeness: [{kind: procedures, from: 1961-04-09}]
    """
)


@pytest.mark.parametrize(
    ("operator", "amount", "open", "closed"),
    [
        (">=", 1, "met", "met"),
        (">=", 2, "met", "met"),
        (">=", 3, "unknown", "not_met"),
        ("<", 4, "unknown", "met"),
        ("<", 3, "unknown", "met"),
        ("<", 2, "not_met", "not_met"),
        ("<=", 2, "unknown", "met"),
        ("==", 2, "unknown", "met"),
        ("==", 1, "not_met", "not_met"),
    ],
)
def test_no_upper_bound_unless_complete(operator: str, amount: int, open: Status, closed: Status) -> None:
    """Two recorded blocks are two or more, unless the record is complete: then they are two."""
    says = count(blocks(), limit(operator, amount))
    assert value(says, OPEN) == open
    assert value(says, CLOSED) == closed


def test_facts_that_may_match() -> None:
    """A fact that may match counts for the upper bound alone: its side is not recorded, so it may be the right one."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: right}
          - {id: P-2, therapy: medial-branch-block, date: 2026-02-09, region: lumbar}
          - {id: P-3, therapy: medial-branch-block, date: 2026-02-16, region: lumbar, side: left}
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: right}]
        """
    here = blocks(where=Same("side", "covers"))
    assert value(count(here, limit(">=", 1)), chart) == "met"
    assert value(count(here, limit(">=", 2)), chart) == "unknown"
    assert value(count(here, limit(">=", 3)), chart) == "not_met"
    assert outcome(count(here, limit(">=", 2)), chart).found == "1 to 2"


def test_both_sides_cover_each() -> None:
    """A block of both sides covers left and right; for a request of both sides a block of one is not enough."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: %s}]
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: %s}]
        """
    here = Exists(blocks(where=Same("side", "covers")))
    assert value(here, chart % ("both", "right")) == "met"
    assert value(here, chart % ("right", "both")) == "not_met"
    assert value(here, chart % ("right", "left")) == "not_met"


def test_sessions_are_days() -> None:
    """Counted by session, what is done on one day is one; a named session of two days is told by its days."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: right}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: left}
          - {id: P-3, therapy: medial-branch-block, date: 2026-02-09, region: lumbar, side: left}
        """
    assert outcome(count(blocks(), limit(">=", 1)), chart).found == "3"
    assert outcome(count(blocks(), limit(">=", 1), per="day"), chart).found == "2"


def test_partial_days_may_be_one_session() -> None:
    """A block "in January" may be the one of 12 January: together they are one or two sessions."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01}
        """
    assert outcome(count(blocks(), limit(">=", 1), per="day"), chart).found == "1 to 2"


def test_latest_of_partial_dates() -> None:
    """Where dates are partial, each fact that may be the latest is considered: they decide only if they agree."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, relief: [{percent: 90, at: 2026-01-12}]}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01, relief: [{percent: %s, at: 2026-01}]}
        """
    positive = latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80)))
    assert value(positive, chart % 85) == "met"
    assert value(positive, chart % 20) == "unknown"


def test_a_fact_without_a_date_may_be_the_latest() -> None:
    """A block without a date may be the latest: the others decide only if it agrees."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, relief: [{percent: 90, at: 2026-01-12}]}
          - {id: P-2, therapy: medial-branch-block, relief: [{percent: %s, at: 2025-11-03}]}
        """
    positive = latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80)))
    assert value(positive, chart % 85) == "met"
    assert value(positive, chart % 20) == "unknown"


def test_first_of_some_facts() -> None:
    """The first is the earliest, with the same care for partial dates."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2025-11-03, relief: [{percent: 90}]}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01-12, relief: [{percent: 20}]}
        """
    assert value(The(First(blocks()), Compare(Number(Field("it", "best_relief")), at_least(80))), chart) == "met"


@pytest.mark.parametrize(
    ("first", "second", "third", "two"),
    [
        ("90", "85", "80", "met"),
        ("20", "85", "80", "met"),
        ("90", "20", "80", "not_met"),
        ("90", "85", "20", "not_met"),
        ("90", "75-85 %", "80", "unknown"),
        ("20", "75-85 %", "80", "unknown"),
        ("90", "85", "75-85 %", "unknown"),
    ],
)
def test_in_a_row(first: str, second: str, third: str, two: Status) -> None:
    """Two in a row are counted back from the most recent: a negative one ends the row, an undecided one leaves it
    open.
    """
    chart = f"""
        completeness: [{{kind: procedures, from: 1961-04-09}}]
        procedures:
          - {{id: P-1, therapy: medial-branch-block, date: 2025-12-01, relief: [{{percent: '{first}'}}]}}
          - {{id: P-2, therapy: medial-branch-block, date: 2026-01-12, relief: [{{percent: '{second}'}}]}}
          - {{id: P-3, therapy: medial-branch-block, date: 2026-02-09, relief: [{{percent: '{third}'}}]}}
        """
    positive = Compare(Number(Field("it", "best_relief")), at_least(80))
    assert value(Compare(Streak(blocks(), positive), at_least(2)), chart) == two


@pytest.mark.parametrize(
    ("second", "weeks", "expected"),
    [
        ("start: 2025-10-13, end: 2025-11-10", 12, "met"),
        ("start: 2025-10-13, end: 2025-11-09", 12, "not_met"),
        ("start: 2025-09-15, end: 2025-10-13", 12, "not_met"),
        ("start: 2025-09-15, end: 2025-10-13", 10, "met"),
        ("start: 2025-10-13, recorded: 2025-10-20", 12, "unknown"),
        ("start: 2025-10-13, recorded: 2025-11-10", 12, "met"),
        ("start: 2026-02-09, recorded: 2026-02-09", 12, "not_met"),
    ],
)
def test_weeks_of_care(second: str, weeks: int, expected: Status) -> None:
    """Days of care add up (the first course here is eight weeks), and a day in two courses counts once. A course
    without an end was going when recorded and may go on to the service date.
    """
    chart = f"""
        recorded: 2026-03-02
        completeness: [{{kind: care, from: 1961-04-09}}]
        care:
          - {{id: C-1, therapy: physical-therapy, start: 2025-08-04, end: 2025-09-29}}
          - {{id: C-2, therapy: exercise, {second}}}
        """
    care = Facts("conservative-care", "course of care")
    assert value(Compare(Accumulated(care), at_least(weeks, "weeks")), chart) == expected


@pytest.mark.parametrize(
    ("more", "weeks", "expected"),
    [
        ("", 4, "met"),
        ("", 5, "unknown"),
        (", stopped_because: adverse-effect", 4, "unknown"),
        (", stopped_because: adverse-effect, end: 2026-01-29", 4, "met"),
        (", stopped_because: adverse-effect, end: 2026-01-28", 4, "not_met"),
    ],
)
def test_course_without_an_end_lasts_until_it_was_written_down_unless_it_was_stopped(
    more: str, weeks: int, expected: Status
) -> None:
    """A course without an end was going when it was written down; one that was stopped may have been over at once."""
    chart = f"""
        recorded: 2026-01-29
        as_of: 2026-03-02
        completeness: [{{kind: care, from: 1961-04-09, to: 2026-03-02}}]
        pain: [{{id: PN-1, site: low-back, since: 2025-07-01}}]
        care: [{{id: C-1, therapy: exercise, start: 2026-01-01{more}}}]
        """
    care = Facts("conservative-care", "course of care")
    assert value(Compare(Accumulated(care), at_least(weeks, "weeks")), chart) == expected


def test_nothing_recorded() -> None:
    """Where nothing is recorded the count is zero or more; only a complete record makes it zero."""
    assert value(Exists(blocks())) == "unknown"
    assert value(Exists(blocks()), "completeness: [{kind: procedures, from: 1961-04-09}]") == "not_met"
    assert value(latest(blocks(), Stated(Field("it", "function_recorded")))) == "unknown"
    assert value(count(blocks(where=it_is("region", one_of("r", "lumbar"))), limit("<", 1))) == "unknown"
