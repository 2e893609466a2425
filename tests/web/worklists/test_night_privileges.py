"""The night check asks of the operator what the planner asks: both say the same of one slot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from levamen.knowledge.registry import packaged
from people.models import Privilege
from procedures.models import Booking
from worklists.models import NightRun
from worklists.night import examine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("until", "stopped"), [(date(2026, 2, 24), False), (date(2026, 2, 23), True), (None, False)])
def test_a_privilege_that_has_run_out_stops_tonight(
    until: date | None, stopped: bool, patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    """R-1 of this chart is on 24 February 2026: a privilege counts until the end of its last day."""
    zone = ZoneInfo("America/New_York")
    held, operator = patient(), staff("physician")
    if until is not None:
        Privilege.objects.create(
            staff=operator, therapy="medial-branch-block", granted=date(2025, 1, 1), expires=until, source="committee"
        )
    start = datetime(2026, 2, 24, 10, tzinfo=zone)
    with clock.standing_at(datetime(2026, 2, 23, 8, tzinfo=zone)):
        booking = Booking.objects.create(
            patient=held, request_key="R-1", start=start, room="Room 1", operator=operator, booked_at=clock.now()
        )
        run = NightRun.objects.create(day=start.date(), started=clock.now())
        row = examine(run, booking, packaged())
    assert row.skipped == ""
    told = [card.what for card in row.words.stops] if row.words else []
    assert any("privilege" in what.lower() for what in told) is stopped, (row.standing, told)
    assert until is not None or row.standing == "unknown", "no privilege on record: unknown, which stops on the day"
