"""Schedules: clock times stay clock times, intervals are elapsed time, and what is not known is not invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.derive.dosing import first_moment, interval_hours, last_moment, schedule, times_a_day
from levamen.record.facts import Medication
from levamen.record.timeline import When

ROME, ANGELES = ZoneInfo("Europe/Rome"), ZoneInfo("America/Los_Angeles")


def at(text: str, zone: ZoneInfo = ROME) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def when(text: str, zone: ZoneInfo = ROME) -> When:
    if "T" not in text:
        return When.on(date.fromisoformat(text))
    moment = at(text, zone)
    return When(moment.date(), moment.date(), moment)


def taken(times: tuple[str, ...] = (), every: str | None = None, last_dose: str | None = None) -> Medication:
    return Medication(
        id="M-1", drug="apixaban", times=times, every=every, last_dose=when(last_dose) if last_dose else None
    )


def last(medication: Medication, moment: str, zone: ZoneInfo = ROME) -> str | None:
    return _shown(schedule(medication, zone).last_at_or_before(at(moment, zone)), zone)


def first(medication: Medication, moment: str, zone: ZoneInfo = ROME) -> str | None:
    return _shown(schedule(medication, zone).first_at_or_after(at(moment, zone)), zone)


def _shown(found: datetime | None, zone: ZoneInfo) -> str | None:
    return None if found is None else found.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-04-12T08:00", "2026-04-12 08:00", "2026-04-12 08:00"),
        ("2026-04-12T07:59", "2026-04-11 20:00", "2026-04-12 08:00"),
        ("2026-04-12T08:01", "2026-04-12 08:00", "2026-04-12 20:00"),
        ("2026-04-12T20:01", "2026-04-12 20:00", "2026-04-13 08:00"),
        ("2026-03-01T00:00", "2026-02-28 20:00", "2026-03-01 08:00"),
        ("2028-03-01T00:00", "2028-02-29 20:00", "2028-03-01 08:00"),
        ("2027-01-01T00:00", "2026-12-31 20:00", "2027-01-01 08:00"),
    ],
)
def test_clock_times(moment: str, before: str, after: str) -> None:
    medication = taken(("20:00", "08:00"))
    assert (last(medication, moment), first(medication, moment)) == (before, after)


@pytest.mark.parametrize(
    ("zone", "moment", "before", "after"),
    [
        # the hour that is skipped: 02:30 is read an hour later
        (ROME, "2026-03-29T03:30", "2026-03-29 03:30", "2026-03-29 03:30"),
        (ROME, "2026-03-29T03:29", "2026-03-28 02:30", "2026-03-29 03:30"),
        (ANGELES, "2026-03-08T03:30", "2026-03-08 03:30", "2026-03-08 03:30"),
        (ANGELES, "2026-03-08T03:29", "2026-03-07 02:30", "2026-03-08 03:30"),
        # the hour that comes twice: the first counts
        (ROME, "2026-10-25T02:29", "2026-10-24 02:30", "2026-10-25 02:30"),
        (ROME, "2026-10-25T03:00", "2026-10-25 02:30", "2026-10-26 02:30"),
        (ANGELES, "2026-11-01T03:00", "2026-11-01 02:30", "2026-11-02 02:30"),
    ],
)
def test_clock_times_over_a_change(zone: ZoneInfo, moment: str, before: str, after: str) -> None:
    medication = taken(("02:30",))
    assert (last(medication, moment, zone), first(medication, moment, zone)) == (before, after)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        (ROME, "2026-10-25", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 02:30 of summer time
        (ANGELES, "2026-11-01", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),  # 01:30 of summer time
    ],
)
def test_doubled_hour_is_the_first(zone: ZoneInfo, day: str, instant: datetime) -> None:
    hour = "02:30" if zone is ROME else "01:30"
    assert schedule(taken((hour,)), zone).first_at_or_after(at(f"{day}T00:00", zone)) == instant


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        (ROME, "2026-03-29T23:00", "2026-03-29 21:00"),
        (ROME, "2026-10-25T23:00", "2026-10-25 19:00"),
        (ROME, "2026-04-01T23:00", "2026-04-01 21:00"),
    ],
)
def test_interval_is_elapsed_time(zone: ZoneInfo, moment: str, expected: str) -> None:
    """Every 12 hours from 20:00 the day before: over the night of the change the clock shows an hour more or less."""
    anchor = {"2026-03-29": "2026-03-28T20:00", "2026-10-25": "2026-10-24T20:00"}.get(moment[:10], "2026-03-28T20:00")
    assert last(taken(every="12 h", last_dose=anchor), moment, zone) == expected


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-04-08T08:00", "2026-04-08 08:00", "2026-04-08 08:00"),
        ("2026-04-08T07:59", "2026-04-06 08:00", "2026-04-08 08:00"),
        ("2026-04-09T08:00", "2026-04-08 08:00", "2026-04-10 08:00"),
        ("2026-03-30T08:00", "2026-03-29 08:00", "2026-03-31 08:00"),
    ],
)
def test_alternate_days_count_from_the_last_dose(moment: str, before: str, after: str) -> None:
    """Whole days are days of the calendar: 08:00 stays 08:00 over the change of the clocks."""
    for medication in (
        taken(every="48 h", last_dose="2026-03-31T08:00"),
        taken(("08:00",), "every other day", "2026-03-31T08:00"),
        taken(("08:00",), "2 days", "2026-03-31"),
    ):
        assert (last(medication, moment), first(medication, moment)) == (before, after)


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-04-14T09:30", "2026-04-08 18:00", "2026-04-15 18:00"),
        ("2026-03-26T00:00", "2026-03-25 18:00", "2026-04-01 18:00"),
    ],
)
def test_weekly_counts_from_the_last_dose(moment: str, before: str, after: str) -> None:
    medication = taken(("18:00",), "weekly", "2026-04-01")
    assert (last(medication, moment), first(medication, moment)) == (before, after)


@pytest.mark.parametrize(
    "medication",
    [
        taken(),
        taken(every="24 h"),
        taken(last_dose="2026-04-01T08:00"),
        taken(("08:00",), "weekly"),
        taken(("08:00",), "every other day"),
        taken(every="now and then", last_dose="2026-04-01T08:00"),
        taken(every="24 h", last_dose="2026-04-01"),
        Medication(id="M-1", drug="ibuprofen", as_needed=True, times=("08:00",)),
    ],
)
def test_nothing_is_projected_from_what_is_not_known(medication: Medication) -> None:
    found = schedule(medication, ROME)
    assert found.known is False
    assert found.last_at_or_before(at("2026-04-12T09:30")) is None
    assert found.first_at_or_after(at("2026-04-12T09:30")) is None


@pytest.mark.parametrize(
    ("every", "hours"),
    [
        ("24 h", "24"),
        ("every 24 hours", "24"),
        ("12 h", "12"),
        ("0.5 h", "0.5"),
        ("2 days", "48"),
        ("1 week", "168"),
        ("daily", "24"),
        ("Twice  Daily", "12"),
        ("bid", "12"),
        ("tid", "8"),
        ("weekly", "168"),
        ("alternate days", "48"),
        ("8 to 12 h", None),
        ("with meals", None),
        ("", None),
        (None, None),
    ],
)
def test_intervals_as_written(every: str | None, hours: str | None) -> None:
    assert interval_hours(every) == (Decimal(hours) if hours is not None else None)


@pytest.mark.parametrize(
    ("medication", "doses"),
    [
        (taken(("08:00", "20:00")), 2),
        (taken(("08:00", "14:00", "20:00"), "24 h"), 3),
        (taken(every="8 h"), 3),
        (taken(every="48 h"), Decimal("0.5")),
        (taken(("08:00",), "48 h"), Decimal("0.5")),
        (taken(), None),
    ],
)
def test_times_a_day(medication: Medication, doses: Decimal | int | None) -> None:
    assert times_a_day(medication) == doses


def test_moments_of_a_stated_day() -> None:
    assert first_moment(when("2026-03-29"), ROME) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert last_moment(when("2026-03-29"), ROME) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    month = When(date(2026, 2, 1), date(2026, 2, 28))
    assert last_moment(month, ROME) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    exact = when("2026-03-29T08:00")
    assert first_moment(exact, ROME) == last_moment(exact, ROME) == datetime(2026, 3, 29, 6, tzinfo=UTC)


CLOCKS = st.lists(
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=4, unique=True
)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(CLOCKS, MOMENTS, st.sampled_from([ROME, ANGELES]))
def test_doses_enclose_a_moment(clocks: list[str], moment: datetime, zone: ZoneInfo) -> None:
    """The last dose is not after the moment, the next not before; both are at one of the clock times, and at most a day
    and an hour apart."""
    found = schedule(taken(tuple(clocks)), zone)
    before, after = found.last_at_or_before(moment), found.first_at_or_after(moment)
    assert before is not None
    assert after is not None
    assert before <= moment <= after
    assert after - before <= timedelta(hours=25)
    shown = before.astimezone(zone)
    possible = {shown.strftime("%H:%M"), (shown - timedelta(hours=1)).strftime("%H:%M")}
    assert possible & set(clocks)


@given(st.integers(1, 23), MOMENTS)
def test_projection_is_whole_intervals_from_the_anchor(hours: int, moment: datetime) -> None:
    medication = taken(every=f"{hours} h", last_dose="2026-06-01T08:00")
    found = schedule(medication, ROME)
    anchor = at("2026-06-01T08:00")
    for dose in (found.last_at_or_before(moment), found.first_at_or_after(moment)):
        assert dose is not None
        assert (dose - anchor) % timedelta(hours=hours) == timedelta(0)
        assert abs(dose - moment) < timedelta(hours=hours)
