"""Flags: by when, in the zone of the chart"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flagged import finding, findings, flag_of

from levamen.pathway.flag_answers import Due, FlagAnswer


def local(due: Due | None, zone: str) -> str | None:
    assert due is not None
    return due.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if due.at is not None else str(due.on)


def act(found: FlagAnswer, id: str) -> Due | None:
    return next(row.due for row in found.acts if row.act.id == id)


@pytest.mark.parametrize(
    ("zone", "told", "hour", "day"),
    [
        ("Europe/Rome", "2026-03-29T01:30", "2026-03-29 03:30", "2026-03-30 02:30"),
        ("Europe/Rome", "2026-10-24T12:00", "2026-10-24 13:00", "2026-10-25 11:00"),
        ("America/New_York", "2026-03-07T09:00", "2026-03-07 10:00", "2026-03-08 10:00"),
        ("Asia/Kolkata", "2026-03-07T23:30", "2026-03-08 00:30", "2026-03-08 23:30"),
    ],
)
def test_hours_are_elapsed_hours_where_the_clocks_change(zone: str, told: str, hour: str, day: str) -> None:
    """An hour and 24 hours are hours of elapsed time: over the night in which the clocks go forward the wall shows one
    more, over the one in which they go back one less (S82: same hour; S84b: 24 h)."""
    signs = f"zone: {zone}\nproblems: [{{id: PR-1, concept: cancer, status: active}}]\nfindings:\n"
    signs += finding("urinary-retention", on=told)
    cauda, cord = (flag_of(id, signs, as_of=f"{told[:10]}T23:59") for id in ("cauda-equina", "cord-compression"))
    assert local(act(cauda, "refer"), zone) == hour
    assert local(act(cord, "mri"), zone) == day
    assert act(cauda, "mri") is None


def test_clock_starts_when_it_was_recorded() -> None:
    """A sign of yesterday that was told at ten today starts the clock at ten."""
    signs = "findings:\n" + finding("saddle-numbness", on="2026-03-31", more=", recorded: 2026-04-01T10:00")
    found = flag_of("cauda-equina", signs, as_of="2026-04-01T12:00")
    assert local(act(found, "refer"), "Europe/Rome") == "2026-04-01 11:00"


def test_hour_not_recorded_counts_from_the_start_of_the_day() -> None:
    """Where only the day is known, hours count from its start: too early rather than too late."""
    due = act(flag_of("cauda-equina", findings("saddle-numbness")), "refer")
    assert due is not None
    assert (local(due, "Europe/Rome"), due.counted_from_day) == ("2026-04-01 01:00", True)


def test_days_and_weeks_end_with_the_local_day() -> None:
    """The same day is that day; a week and two weeks end on their last day."""
    infection = flag_of("spinal-infection", findings("fever", "immune-suppression"))
    fracture = flag_of("fracture", findings("major-trauma"))
    cancer = flag_of("cancer-suspected", findings("weight-loss", "night-pain"))
    assert [found.due.on if found.due else None for found in (infection, fracture, cancer)] == [
        date(2026, 4, 1), date(2026, 4, 8), date(2026, 4, 15),
    ]  # fmt: skip
    assert flag_of("inflammatory-back-pain", findings("uveitis-or-psoriasis")).due is None


def test_times_of_each_act() -> None:
    """The coordinator within 24 hours and the image within a week of a suspected metastasis; tests of a suspected
    infection, and a word on thoughts of self-harm, on the same day (S84c, S84, S87, dossier 9.11)."""
    cancer = "problems: [{id: PR-1, concept: cancer, status: active}]\nfindings:\n"
    night = finding("night-pain", on="2026-04-01T08:00")
    spread = flag_of("spinal-metastasis", cancer + night, as_of="2026-04-01T09:00")
    infection = flag_of("spinal-infection", findings("fever", "immune-suppression"))
    assert local(act(spread, "call"), "Europe/Rome") == "2026-04-02 08:00"
    assert act(spread, "mri") == Due(on=date(2026, 4, 8))
    assert act(infection, "tests") == Due(on=date(2026, 4, 1))
    assert act(flag_of("self-harm", findings("self-harm-thoughts")), "talk") == Due(on=date(2026, 4, 1))


def test_clock_starts_when_there_is_enough() -> None:
    """A combination starts its clock with the sign that completed it, not with the first."""
    signs = "findings:\n" + finding("fever", on="2026-04-01") + finding("immune-suppression", id="F-2", on="2026-01-10")
    signs += finding("injection-drug-use", id="F-3", on="2026-03-05")
    found = flag_of("spinal-infection", signs)
    assert str(found.since) == "2026-03-05"


def test_chart_without_a_zone_has_days_alone() -> None:
    """Without a zone an hour cannot be told; the day can."""
    due = act(flag_of("cauda-equina", "zone: ~\nrequest: []\n" + findings("saddle-numbness")), "refer")
    assert due is not None
    assert (due.at, due.on) == (None, date(2026, 4, 1))
