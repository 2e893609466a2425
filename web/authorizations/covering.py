"""Whether what the payer approved is what is booked, on the day it is booked for."""

from __future__ import annotations

from msgspec.structs import replace

from administration.models import clinic
from authorizations.models import Authorization, Status
from levamen.record.facts import Request
from procedures.models import Booking
from records.facts import reading_of


def covers(booking: Booking, request: Request) -> bool:
    """Whether an approval covers the slot and was given for this: a request that was changed since it was sent, in
    anything but its hour or who does it, was never put to the payer."""
    held = Authorization.objects.filter(
        patient=booking.patient, request_key=booking.request_key, status=Status.APPROVED
    ).first()
    if held is None:
        return False
    begun = held.begins is None or held.begins <= booking.start.astimezone(clinic().zone).date()
    if not begun or (held.ends is not None and held.ends <= booking.start):
        return False
    sent = held.steps.filter(status=Status.SUBMITTED).last()
    if sent is None:
        return False
    asked = reading_of(booking.patient, sent.at).record.requests
    return _what(request) in [_what(one) for one in asked]


def _what(request: Request) -> Request:
    """What is asked for, without its hour, its operator and how it was written down."""
    return replace(
        request, start=None, end=None, operator=None, plan=None, recorded=None, author=None, source=None, note=None
    )
