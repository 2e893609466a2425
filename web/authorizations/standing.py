"""How authorizations stand for a service at a moment, and those that are incomplete."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from authorizations.models import Authorization, Status
from levamen.pathway.headline import day_words
from procedures.models import Booking


def incomplete(as_of: datetime) -> QuerySet[Authorization]:
    """Those for which somebody has to do something: being prepared, denied, or ending before a day that is booked."""
    later = Booking.objects.filter(
        patient=OuterRef("patient"), request_key=OuterRef("request_key"), status="booked", start__gte=as_of
    ).filter(start__gte=OuterRef("ends"))
    open_ones = Q(status__in=(Status.PREPARING, Status.DENIED)) | (Q(status=Status.APPROVED) & Exists(later))
    return Authorization.objects.filter(open_ones).select_related("patient").order_by("pk")


def standing_of(found: Authorization | None, start: datetime | None = None) -> tuple[str, str]:
    """How one stands for a service at a moment: a state of tasks (`ready`, `missing` …) and its words. Nothing recorded
    is not known: it never means that none is needed."""
    if found is None or found.status == Status.WITHDRAWN:
        return "unknown", "Not recorded" if found is None else "Withdrawn"
    match found.status:
        case Status.APPROVED if found.ends is not None and start is not None and start >= found.ends:
            return "missing", f"Ends {day_words(found.expires)}" if found.expires else "Ends"
        case Status.APPROVED if found.begins is not None and start is not None and start.date() < found.begins:
            return "missing", f"Only from {day_words(found.begins)}"
        case Status.APPROVED:
            return "ready", "Approved" + (f" to {day_words(found.expires)}" if found.expires else ", no end recorded")
        case Status.NOT_NEEDED:
            return "ready", "Not needed"
        case Status.SUBMITTED | Status.APPEALED:
            return "awaited", f"{found.get_status_display()}, answer awaited"
        case Status.DENIED:
            return "missing", "Denied"
    if found.state == Status.COMPLETE:
        return "due", "Complete, to be submitted"
    return "missing", Status(found.state).label if found.state else "Preparing"
