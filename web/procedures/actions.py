"""Booking a slot, moving it, letting it go; each with its audit event in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from levamen.emit.plan.words import day_words
from people.models import Staff
from procedures.models import Booking, Room
from records.actions import change, join_team
from records.models import Entry, Patient
from records.words import entry_words

_TAKES = (Booking.Status.BOOKED, Booking.Status.STARTED)
"""A booking in one of these states takes its room and its operator."""


class Taken(Exception):
    """The room or the operator is taken at that time: one sentence."""


class Gone(Exception):
    """The booking that was to be changed does not stand any more: one sentence."""


@transaction.atomic
def book(
    staff: Staff, patient: Patient, request_key: str, start: datetime, room: str, operator: Staff, minutes: int,
    supersedes: Booking | None = None, reason: str = "",
) -> Booking:  # fmt: skip
    """A slot for a request of the chart. The request is given its start, and the operator joins the care team.

    Raises Taken where room or operator is taken, and Gone where the request has a slot already.
    """
    _hold_still(room, operator)
    standing = Booking.objects.filter(patient=patient, request_key=request_key, status__in=_TAKES).first()
    if standing is not None:
        raise Gone(f"It has a slot already: {slot_words(standing, patient.zone)}. Move that one instead.")
    _refuse_taken(start, minutes, room, operator, patient)
    request = Entry.objects.get(patient=patient, section="request", key=request_key, struck=False)
    local = start.astimezone(ZoneInfo(patient.zone))
    body = dict(request.fields) | {
        "start": local.isoformat(), "end": (local + timedelta(minutes=minutes)).isoformat(),
        "operator": operator.username,
    }  # fmt: skip
    _rewrite(staff, request, body, "moved" if supersedes is not None else "booked")
    booking = Booking.objects.create(
        patient=patient, request_key=request_key, start=start, minutes=minutes, room=room, operator=operator,
        supersedes=supersedes, booked_by=staff, booked_at=now(), therapy=request.therapy,
        title=entry_words(request)[:200], reason=reason[:400],
    )  # fmt: skip
    join_team(staff, patient, operator)
    append(staff, verb="booking.made", patient=patient, about=f"booking {booking.pk}")
    return booking


@transaction.atomic
def move(
    staff: Staff, booking: Booking, start: datetime, room: str, operator: Staff, minutes: int, reason: str = ""
) -> Booking:
    """Another slot for the same request: a new booking that supersedes this one, which stays in sight.

    Raises Gone where it was moved or cancelled in between, and Taken.
    """
    _let_go(booking, Booking.Status.MOVED)
    made = book(
        staff, booking.patient, booking.request_key, start, room, operator, minutes, supersedes=booking, reason=reason
    )
    append(
        staff, verb="booking.moved", patient=booking.patient, about=f"booking {booking.pk}", to=made.pk, reason=reason
    )
    return made


@transaction.atomic
def cancel(staff: Staff, booking: Booking, reason: str) -> None:
    """Lets the slot go, with the reason. The request stays, without a start. Raises Gone."""
    _let_go(booking, Booking.Status.CANCELLED, reason)
    request = Entry.objects.get(patient=booking.patient, section="request", key=booking.request_key)
    body = {name: value for name, value in request.fields.items() if name not in ("start", "end")}
    if not request.struck:
        _rewrite(staff, request, body, f"cancelled: {reason}"[:400])
    append(staff, verb="booking.cancelled", patient=booking.patient, about=f"booking {booking.pk}", reason=reason)


def slot_words(booking: Booking, zone: str) -> str:
    """`Tue 10 Mar 2026, 10:00 to 10:25, Room 1, Dr Anjali Patel`."""
    start = booking.start.astimezone(ZoneInfo(zone))
    end = start + timedelta(minutes=booking.minutes)
    return f"{day_words(start.date())}, {start:%H:%M} to {end:%H:%M}, {booking.room}, {booking.operator}"


def _hold_still(room: str, operator: Staff) -> None:
    """Two who book the same room or operator at once come one after the other."""
    Room.objects.get_or_create(name=room)
    Room.objects.select_for_update().get(name=room)
    Staff.objects.select_for_update().get(pk=operator.pk)


def _refuse_taken(start: datetime, minutes: int, room: str, operator: Staff, patient: Patient) -> None:
    end = start + timedelta(minutes=minutes)
    near = Booking.objects.filter(
        status__in=_TAKES, start__lt=end, start__gt=start - timedelta(hours=24)
    ).select_related("operator")
    for other in near:
        if other.start + timedelta(minutes=other.minutes) <= start:
            continue
        span = slot_words(other, patient.zone).partition(f", {other.room}")[0]
        if other.room == room:
            raise Taken(f"{room} is taken: {span}, {other.operator}. Choose another time or room.")
        if other.operator_id == operator.pk:
            raise Taken(f"{operator} is in {other.room} then: {span}. Choose another time or operator.")
        if other.patient_id == patient.pk:
            raise Taken(f"The patient has another slot then: {span}, {other.room}. Choose another time.")


def _let_go(booking: Booking, status: str, reason: str = "") -> None:
    changed = Booking.objects.filter(pk=booking.pk, status=Booking.Status.BOOKED).update(
        status=status, **({"reason": reason[:400]} if reason else {})
    )
    if not changed:
        now_is = Booking.objects.get(pk=booking.pk)
        raise Gone(
            f"This slot does not stand any more: it is {Booking.Status(now_is.status).label.lower()}. "
            "Nothing was changed; look at the plan again."
        )


def _rewrite(staff: Staff, request: Entry, body: Mapping[str, Any], reason: str) -> None:
    change(staff, request.patient, "request", request.key, body, seen=request.version, reason=reason)
