"""Months, leap days and the change of the clocks"""

from __future__ import annotations

from datetime import date

import pytest
from specimen import ask, at_least, blocks, count, criterion, latest, limit, policy, value

from levamen.criteria.nodes import Compare, Elapsed, Facts, Field, Window
from levamen.criteria.truth import Status
from levamen.pathway.answers import PolicyAnswer

SINCE = Elapsed(Field("it", "start"))


@pytest.mark.parametrize(
    ("done", "months", "on", "expected"),
    [
        ("2025-08-31", 6, "2026-02-27", "not_met"),
        ("2025-08-31", 6, "2026-02-28", "met"),
        ("2023-08-31", 6, "2024-02-28", "not_met"),
        ("2023-08-31", 6, "2024-02-29", "met"),
        ("2026-01-31", 1, "2026-02-28", "met"),
        ("2026-02-28", 1, "2026-03-27", "not_met"),
        ("2026-02-28", 1, "2026-03-28", "met"),
    ],
)
def test_ends_of_months(done: str, months: int, on: str, expected: Status) -> None:
    """Months are calendar months, never thirty days; where a month has no such day, its last day stands in:
    31 August and six months is 28 February, or 29 February in a leap year.
    """
    chart = f"""
        as_of: {done}
        procedures: [{{id: P-1, therapy: medial-branch-block, date: {done}}}]
        """
    assert value(latest(blocks(), Compare(SINCE, at_least(months, "months"))), chart, on=on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-02-27", "not_met"),
        ("2025-02-28", "met"),
        ("2025-03-01", "met"),
    ],
)
def test_leap_day(on: str, expected: Status) -> None:
    """The anniversary of 29 February is 28 February."""
    chart = """
        as_of: 2024-02-29
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2024-02-29}]
        """
    assert value(latest(blocks(), Compare(SINCE, at_least(1, "years"))), chart, on=on) == expected


def test_leap_day_safest_is_first_of_march() -> None:
    """A yearly allowance used on 29 February is free on 28 February under one reading, on 1 March under every
    reading.
    """
    chart = """
        as_of: 2024-06-03
        completeness: [{kind: procedures, from: 2020-01-01}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2024-02-29}]
        """
    year = Window("rolling", limit("<=", 12, "months"))
    answer: PolicyAnswer = ask(policy(criterion("cap", count(blocks(window=year), limit("<", 1)))), chart)
    assert (answer.verdict, answer.earliest, answer.safest) == ("not_yet", date(2025, 2, 28), date(2025, 3, 1))


TRIAL = """
    zone: Europe/Berlin
    as_of: 2026-11-20
    procedures:
      - {id: T-1, therapy: spinal-cord-stimulation-trial, start: %s, end: %s}
    """
LASTED = latest(
    Facts("trials", "trial"), Compare(Elapsed(Field("it", "start"), Field("it", "end")), (limit(">", 48, "hours"),))
)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-05-04T10:00", "2026-05-06T10:00", "not_met"),
        ("2026-05-04T10:00", "2026-05-06T10:01", "met"),
        ("2026-10-24T10:00", "2026-10-26T09:00", "not_met"),
        ("2026-10-24T10:00", "2026-10-26T09:01", "met"),
        ("2026-03-28T10:00", "2026-03-30T11:00", "not_met"),
        ("2026-03-28T10:00", "2026-03-30T11:01", "met"),
    ],
)
def test_hours_over_a_change_of_the_clocks(start: str, end: str, expected: Status) -> None:
    """Hours are hours that passed: a trial of more than 48 hours over the night in which the clocks go back (25 October
    in Berlin) needs an hour less on the clock, and in spring (29 March) an hour more.
    """
    assert value(LASTED, TRIAL % (start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-05-04", "2026-05-05", "not_met"),
        ("2026-05-04", "2026-05-06", "unknown"),
        ("2026-05-04", "2026-05-07", "unknown"),
        ("2026-05-04", "2026-05-08", "met"),
    ],
)
def test_hours_between_days(start: str, end: str, expected: Status) -> None:
    """Where only days are recorded, hours are an interval: from 4 to 7 May there are 48 to 96 of them."""
    assert value(LASTED, TRIAL % (start, end)) == expected
