"""The night check and the payer's approval: what was approved for the day is not asked for again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from authorizations.models import Authorization, Status
from clinic import clock
from levamen.knowledge.registry import packaged
from procedures.models import Booking
from worklists.models import NightRun
from worklists.night import examine

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("status", "begins", "last", "asked"),
    [
        (None, None, None, True),
        (Status.SUBMITTED, None, None, True),
        (Status.DENIED, None, None, True),
        (Status.APPROVED, None, None, False),
        (Status.APPROVED, 0, 0, False),
        (Status.APPROVED, 1, None, True),
        (Status.APPROVED, None, -1, True),
    ],
    ids=["none", "submitted", "denied", "approved", "for that day", "from the day after", "to the day before"],
)
def test_an_approval_that_covers_the_day_does_the_payers_duty(
    status: str | None, begins: int | None, last: int | None, asked: bool,
    patient: Callable[..., Any], staff: Callable[..., Any],
) -> None:  # fmt: skip
    held = patient("packet-wiser-texas")
    start = datetime(2026, 1, 16, 10, tzinfo=ZONE)
    day = start.date()
    if status is not None:
        ends = None if last is None else datetime(2026, 1, 17, tzinfo=ZONE) + timedelta(days=last)
        Authorization.objects.create(
            patient=held, request_key="R-3", title="Epidural", status=status, ends=ends,
            begins=None if begins is None else day + timedelta(days=begins),
            expires=None if last is None else day + timedelta(days=last),
        )  # fmt: skip
    with clock.standing_at(start - timedelta(days=1)):
        booking = Booking.objects.create(
            patient=held, request_key="R-3", start=start, room="Room 1", operator=staff("physician"),
            booked_at=clock.now(),
        )  # fmt: skip
        row = examine(NightRun.objects.create(day=day, started=clock.now()), booking, packaged())
    assert row.skipped == ""
    assert row.words
    told = [card.what for card in (*row.words.cards, *row.words.rest)]
    assert any("prior authorization" in what.lower() for what in told) is asked, told
