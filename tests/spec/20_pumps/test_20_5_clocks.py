"""Days, hours and changes of the clocks"""

from __future__ import annotations

import pytest
from reservoir import ZICONOTIDE, due

FIRST = "[{drug: ziconotide, dilution: false, first_fill: true}]"


@pytest.mark.parametrize(
    ("filled_at", "expected"),
    [("2026-03-01T09:00", "2026-03-31T10:00+02:00"), ("2026-10-10T09:00", "2026-11-09T08:00+01:00")],
)
def test_the_pump_runs_through_the_change_of_the_clocks(filled_at: str, expected: str) -> None:
    """A pump runs 720 hours in 30 days, whatever the clocks do: an hour later by the clock in spring, an hour earlier
    in autumn."""
    assert due(as_of="2026-12-01", filled_at=filled_at) == expected


@pytest.mark.parametrize(
    ("filled_at", "expected"),
    [
        ("2026-03-20T09:00", "2026-04-03T09:00+02:00"),
        ("2026-03-15T02:30", "2026-03-29T01:30+01:00"),
        ("2026-10-11T02:30", "2026-10-25T02:30+02:00"),
        ("2028-02-15T09:00", "2028-02-29T09:00+01:00"),
        ("2027-02-15T09:00", "2027-03-01T09:00+01:00"),
    ],
)
def test_an_age_in_days_is_of_the_calendar(filled_at: str, expected: str) -> None:
    """Fourteen days end at the same time of day two weeks later. Of a time that the clocks skip or repeat the earlier
    one stands; 29 February is a day."""
    assert due(as_of="2028-03-01", filled_at=filled_at, rate_ml_per_day="0.096", drugs=FIRST, eri=None) == expected


@pytest.mark.parametrize(("filled_at", "expected"), [("2026-01-10", "2026-02-09"), ("2026-01", "2026-01-31")])
def test_a_fill_without_its_hour(filled_at: str, expected: str) -> None:
    """A fill of which only the day is known counts from the first minute of that day, of which only the month is known
    from the first of the month. Then a day is given and no hour."""
    assert due(filled_at=filled_at) == expected


def test_part_of_a_day_is_rounded_down() -> None:
    """26 days and 16 hours after a day whose hour is not known can be as early as the 26th day."""
    assert due(filled_at="2026-01-10", alarm_ml="4") == "2026-02-05"


def test_another_zone() -> None:
    """The clocks are those of the record."""
    assert due(zone="America/New_York") == "2026-02-09T09:00-05:00"
    assert due(zone="Asia/Kolkata", drugs=ZICONOTIDE) == "2026-02-09T09:00+05:30"
