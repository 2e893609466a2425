"""The night check and the payer's approval: what was approved, for the day, is not asked for again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from authorizations.actions import Said, step
from authorizations.models import Status
from clinic import clock
from levamen.knowledge.registry import packaged
from procedures.models import Booking
from records import actions as record
from records.models import Entry
from worklists.models import NightRun
from worklists.night import examine

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")
SLOT = datetime(2026, 1, 16, 10, tzinfo=ZONE)
"""The appointment of R-3: a Texan on Medicare, an epidural that the WISeR model asks an authorization for."""
SENT = (Said(status=Status.PREPARING), Said(status=Status.SUBMITTED))


def approved(begins: date | None = None, expires: date | None = None) -> tuple[Said, ...]:
    return (*SENT, Said(status=Status.APPROVED, number="UTN 1", begins=begins, expires=expires))


def asked_tonight(held: Any, staff: Callable[..., Any], steps: tuple[Said, ...], changed: dict[str, Any]) -> bool:
    """Whether the night check asks for an authorization, after some steps and a change of the request."""
    with clock.standing_at(SLOT - timedelta(days=3)):
        for said in steps:
            step(staff("coordinator"), held, "R-3", said)
    with clock.standing_at(SLOT - timedelta(days=1)):
        if changed:
            entry = Entry.objects.get(patient=held, section="request", key="R-3")
            record.change(staff("physician"), held, "request", "R-3", entry.fields | changed, seen=entry.version)
        booking = Booking.objects.create(
            patient=held, request_key="R-3", start=SLOT, room="Room 1", operator=staff("physician"),
            booked_at=clock.now(),
        )  # fmt: skip
        row = examine(NightRun.objects.create(day=SLOT.date(), started=clock.now()), booking, packaged())
    assert row.skipped == ""
    assert row.words
    return any("prior authorization" in card.what.lower() for card in (*row.words.cards, *row.words.rest))


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ((), True),
        (SENT, True),
        ((*SENT, Said(status=Status.DENIED, reason="not necessary")), True),
        (approved(), False),
        (approved(SLOT.date(), SLOT.date()), False),
        (approved(SLOT.date() + timedelta(days=1)), True),
        (approved(None, SLOT.date() - timedelta(days=1)), True),
    ],
    ids=["none", "submitted", "denied", "approved", "for that day", "from the day after", "to the day before"],
)
def test_an_approval_that_covers_the_day_does_the_payers_duty(
    steps: tuple[Said, ...], asked: bool, patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    assert asked_tonight(patient("packet-wiser-texas"), staff, steps, {}) is asked


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"interspaces": ["L5-S1"]}, True),
        ({"approach": "transforaminal", "side": "left"}, True),
        ({"setting": "asc"}, True),
        ({"start": "2026-01-16T10:30"}, False),
    ],
    ids=["another level", "another approach", "another place", "another hour"],
)
def test_what_was_changed_since_it_was_sent_was_not_approved(
    changed: dict[str, Any], asked: bool, patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    assert asked_tonight(patient("packet-wiser-texas"), staff, approved(), changed) is asked
