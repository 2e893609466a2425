"""Booking a slot, moving it, letting it go; each with its audit event in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from people.models import Staff
from procedures.models import Booking
from records.actions import change, join_team
from records.models import Entry, Patient
from records.words import entry_words


@transaction.atomic
def book(
    staff: Staff, patient: Patient, request_key: str, start: datetime, room: str, operator: Staff, minutes: int,
    supersedes: Booking | None = None,
) -> Booking:  # fmt: skip
    """A slot for a request of the chart. The request is given its start, and the operator joins the care team."""
    request = Entry.objects.get(patient=patient, section="request", key=request_key, struck=False)
    local = start.astimezone(ZoneInfo(patient.zone))
    body = dict(request.fields) | {
        "start": local.isoformat(), "end": (local + timedelta(minutes=minutes)).isoformat(),
        "operator": operator.username,
    }  # fmt: skip
    change(staff, patient, "request", request_key, body, seen=request.version, reason="booked")
    booking = Booking.objects.create(
        patient=patient, request_key=request_key, start=start, minutes=minutes, room=room, operator=operator,
        supersedes=supersedes, booked_by=staff, booked_at=now(), therapy=request.therapy,
        title=entry_words(request)[:200],
    )  # fmt: skip
    join_team(staff, patient, operator)
    append(staff, verb="booking.made", patient=patient, about=f"booking {booking.pk}")
    return booking
