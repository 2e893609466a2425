"""Doses on the clock"""

from __future__ import annotations

import pytest
from appointment import HIGH, clock, drug_of

DRUG = """
    medications: [{{id: M-1, drug: clopidogrel, indication: peripheral-artery-disease, {dosing}}}]
    """


@pytest.mark.parametrize(
    ("dosing", "last", "first"),
    [
        ('times: ["08:00"]', "2026-04-08 08:00", "2026-04-17 08:00"),
        ('times: ["09:30"]', "2026-04-08 09:30", "2026-04-17 09:30"),
        ('times: ["09:31"]', "2026-04-07 09:31", "2026-04-17 09:31"),
        ("every: 24 h, last_dose: 2026-03-31T08:00", "2026-04-08 08:00", "2026-04-17 08:00"),
        ("every: 48 h, last_dose: 2026-03-31T08:00", "2026-04-08 08:00", "2026-04-18 08:00"),
    ],
)
def test_last_and_first_dose(dosing: str, last: str, first: str) -> None:
    """The hold is 7 days and ends on 15 April at 09:30, the restart begins 24 hours after 10:00. The last dose is the
    last one at or before 8 April 09:30, the first the next one from 16 April 10:00 on. With an interval alone the
    times are projected from the last dose (ADR 0007, 5, 13, 15)."""
    found = drug_of(DRUG.format(dosing=dosing))
    assert (clock(found.stop_at), clock(found.last_dose)) == ("2026-04-08 09:30", last)
    assert (clock(found.restart_from), clock(found.first_dose)) == ("2026-04-16 10:00", first)


def test_schedule_that_nobody_knows_is_asked() -> None:
    """Without times and without an interval from a known dose nobody can name the last dose. The moment to stop is
    printed all the same, and the times are asked (ADR 0007, 5)."""
    found = drug_of(DRUG.format(dosing="dose: 75 mg"))
    assert (clock(found.stop_at), found.last_dose, found.first_dose) == ("2026-04-08 09:30", None, None)
    assert [missing.what for missing in found.missing] == ["dosing times of clopidogrel"]


def test_as_needed_has_no_schedule() -> None:
    """A drug taken as needed has no times to ask for (ADR 0007, 5)."""
    chart = """
        medications: [{id: M-1, drug: ibuprofen, dose: 400 mg, as_needed: true}]
        """
    found = drug_of(chart, HIGH)
    assert (clock(found.stop_at), found.last_dose, found.missing) == ("2026-04-14 09:30", None, ())


@pytest.mark.parametrize(
    ("zone", "start", "end", "stop_at", "last_dose"),
    [
        ("Europe/Rome", "2026-03-30T09:30", "2026-03-30T10:00", "2026-03-23 08:30", "2026-03-23 08:00"),
        ("Europe/Rome", "2026-10-26T09:30", "2026-10-26T10:00", "2026-10-19 10:30", "2026-10-19 08:00"),
        ("America/Los_Angeles", "2026-03-09T09:30", "2026-03-09T10:00", "2026-03-02 08:30", "2026-03-02 08:00"),
        ("America/Los_Angeles", "2026-11-02T09:30", "2026-11-02T10:00", "2026-10-26 10:30", "2026-10-26 08:00"),
    ],
)
def test_change_of_the_clocks(zone: str, start: str, end: str, stop_at: str, last_dose: str) -> None:
    """Seven days are 168 hours, not seven mornings. Over the night in which the clocks go forward the hold begins an
    hour earlier by the clock, over the night in which they go back an hour later. Doses are taken by the clock (ADR
    0007, 5, 13)."""
    chart = """
        medications: [{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}]
        """
    found = drug_of(chart, start=start, end=end, as_of="2026-02-20", zone=zone)
    assert (clock(found.stop_at, zone), clock(found.last_dose, zone)) == (stop_at, last_dose)


@pytest.mark.parametrize(
    ("zone", "start", "first_dose"),
    [
        ("Europe/Rome", "2026-03-28T02:15", "2026-03-29 03:30"),
        ("Europe/Rome", "2026-10-24T02:15", "2026-10-25 02:30"),
        ("America/Los_Angeles", "2026-03-07T02:15", "2026-03-08 03:30"),
        ("America/Los_Angeles", "2026-10-31T02:15", "2026-11-01 02:30"),
    ],
)
def test_dose_at_an_hour_that_is_missing_or_doubled(zone: str, start: str, first_dose: str) -> None:
    """A dose at 02:30 in the night in which that hour is skipped is taken at 03:30; where the hour comes twice, the
    first time (ADR 0007, 5)."""
    chart = """
        medications: [{id: M-1, drug: clopidogrel, times: ["02:30"], indication: peripheral-artery-disease}]
        """
    found = drug_of(chart, start=start, end=start, as_of="2026-02-20", zone=zone)
    assert clock(found.first_dose, zone) == first_dose


def test_leap_day_is_a_day() -> None:
    """Seven days before 4 March 2028 is 26 February: the year has a 29 February (ADR 0007, 13)."""
    chart = DRUG.format(dosing='times: ["08:00"]')
    leap = drug_of(chart, start="2028-03-04T09:30", end="2028-03-04T10:00", as_of="2028-02-10")
    plain = drug_of(chart, start="2027-03-04T09:30", end="2027-03-04T10:00", as_of="2027-02-10")
    assert (clock(leap.stop_at), clock(plain.stop_at)) == ("2028-02-26 09:30", "2027-02-25 09:30")
