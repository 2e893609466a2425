"""Held for hours"""

from __future__ import annotations

from typing import Literal

import pytest
from specimen import at_least, latest, limit, one_of, value

from levamen.criteria.build import it_is
from levamen.criteria.nodes import Compare, Facts, Held, Truth
from levamen.criteria.truth import Status

TRIAL = """
    as_of: 2026-03-20
    zone: America/New_York
    completeness: [{kind: procedures, from: 2020-01-01}]
    procedures:
      - id: T-1
        therapy: intrathecal-trial
        start: %s
        %s
    """
MORNING = "2026-02-02T08:00"


def trial_held(series: Literal["relief", "ashworth", "spasms"], level: str, hours: int) -> Truth:
    trials = Facts("trials", "intrathecal trial", it_is("therapy", one_of("therapy", "intrathecal-trial")))
    return latest(trials, Compare(Held(series, limit(">=", level)), at_least(hours, "hours")))


def scores(*rows: tuple[str, int]) -> str:
    return f"relief: [{', '.join(f'{{percent: {gain}, at: {at}}}' for at, gain in rows)}]"


def falls(instrument: str, *rows: tuple[str, float]) -> str:
    inside = ", ".join(f"{{instrument: {instrument}, before: 4, after: {after}, at: {at}}}" for at, after in rows)
    return f"function: [{inside}]"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2026-02-02T09:00", 60), ("2026-02-02T17:00", 60)], "met"),
        ([("2026-02-02T09:00", 60), ("2026-02-02T16:59", 60)], "unknown"),
        ([("2026-02-02T09:00", 60), ("2026-02-02T16:59", 60), ("2026-02-02T20:00", 10)], "unknown"),
        ([("2026-02-02T09:00", 60), ("2026-02-02T12:00", 60), ("2026-02-02T15:59", 10)], "not_met"),
        ([("2026-02-02T09:00", 60), ("2026-02-02T12:00", 60), ("2026-02-02T16:00", 10)], "unknown"),
        ([("2026-02-02T08:30", 10), ("2026-02-02T09:00", 60), ("2026-02-02T17:00", 60)], "met"),
        ([("2026-02-02T09:00", 10), ("2026-02-02T21:00", 10)], "not_met"),
        ([("2026-02-02", 60)], "unknown"),
        ([], "unknown"),
    ],
)
def test_hours_between_the_measurements(rows: list[tuple[str, int]], expected: Status) -> None:
    """Eight hours are met from the first to the last of the measurements in a row that show the gain. Up to the
    measurement that no longer shows it, it may have lasted; a measurement before the drug works takes nothing away. Of
    measurements without their hour nothing is known."""
    assert value(trial_held("relief", "50", 8), TRIAL % (MORNING, scores(*rows))) == expected


def test_across_a_change_of_the_clocks() -> None:
    """Hours are real hours: from midnight to eight o'clock there are seven in the night of spring."""
    night = scores(("2026-03-01T00:00", 60), ("2026-03-01T08:00", 60))
    spring = scores(("2026-03-08T00:00", 60), ("2026-03-08T08:00", 60), ("2026-03-08T08:05", 0))
    assert value(trial_held("relief", "50", 8), TRIAL % ("2026-02-28T23:59", night)) == "met"
    assert value(trial_held("relief", "50", 8), TRIAL % ("2026-03-07T23:59", spring)) == "not_met"


@pytest.mark.parametrize(
    ("instrument", "series", "after", "expected"),
    [
        ("ashworth", "ashworth", 2, "met"),
        ("ashworth", "ashworth", 2.1, "not_met"),
        ("spasm-frequency", "spasms", 1, "met"),
        ("spasm-frequency", "ashworth", 1, "unknown"),
    ],
)
def test_falls_in_points(
    instrument: str, series: Literal["ashworth", "spasms"], after: float, expected: Status
) -> None:
    """The gain on the Ashworth and the spasm frequency scale is a fall in points, each scale by itself: from 4 to 2 is
    two points."""
    rows = falls(instrument, ("2026-02-02T10:00", after), ("2026-02-02T14:00", after))
    assert value(trial_held(series, "2", 4), TRIAL % (MORNING, rows)) == expected
