"""The worklist of procedures that were begun and whose record nobody signed yet."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from people.roles import CLINICAL
from procedures.models import Booking, ProcedureRecord
from worklists.lists import Line, List, link


def _unsigned(now: datetime) -> QuerySet[ProcedureRecord]:
    rows = ProcedureRecord.objects.filter(booking__status=Booking.Status.STARTED, signed_at=None)
    return rows.select_related("booking__patient", "booking__operator").order_by("started_at", "pk")


def _line(row: ProcedureRecord) -> Line:
    booking = row.booking
    return Line(
        patient=booking.patient, what=booking.title, since=row.started_at, due=row.started_at,
        owner=str(booking.operator), number=row.pk,
        url=link("procedure_record", patient=booking.patient.handle, booking=booking.pk),
    )  # fmt: skip


LISTS = {
    "records": List(
        title="Procedure records to sign",
        says="The procedure was begun, and its record is not signed.",
        empty="Every procedure that was begun has a signed record.",
        rows=_unsigned,
        line=_line,
        roles=CLINICAL,
        patient="booking__patient",
        key="e",
    ),
}
