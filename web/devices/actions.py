"""What is done at a device: each act one transaction with its log row, its change of the chart and its audit event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from devices.models import Log
from devices.outlook import Row
from levamen.adapters.chart_entries import Entry as Held
from levamen.adapters.chart_entries import facts_from_entries
from levamen.derive.periods import shown
from levamen.derive.pump_checks import Residual
from levamen.derive.pump_readings import ml
from levamen.emit.words import capital
from levamen.pathway.refill import Refill, refills
from people.models import Staff
from people.roles import Role
from procedures.models import Booking
from records import actions as records
from records.facts import entries_of
from records.models import Entry, Patient
from team.actions import close, give
from team.models import Task

REFILL = "pump-refill"


@transaction.atomic
def log(
    staff: Staff, patient: Patient, key: str, kind: str, at: datetime, says: str, *, apart: bool = False
) -> Log:  # fmt: skip
    """A row of a device's log."""
    row = Log.objects.create(
        patient=patient, key=key, kind=kind, at=at, recorded=now(), by=staff, says=says[:600], apart=apart
    )
    append(staff, verb="device.logged", patient=patient, about=f"devices {key}", kind=str(kind))
    return row


def compared(patient: Patient, key: str, body: Mapping[str, Any]) -> Residual | str:
    """What was left against what should have been, if the device's entry said `body`; or why it cannot be said."""
    held = [
        Held(row.section, row.key, dict(body)) if (row.section, row.key) == ("devices", key) else row
        for row in entries_of(patient)
    ]
    record = facts_from_entries(held, None).record
    found = next((row for row in refills(record, now().astimezone(clinic().zone)) if row.device.id == key), None)
    return found.residual if found is not None else "the pump is not in place"


def residual_words(found: Residual | str) -> str:
    """`3.1 mL left, 2.8 mL expected: as expected`."""
    if isinstance(found, str):
        return f"Cannot be compared: {found}"
    told = f"{ml(found.actual)} mL left, {shown(found.expected)} mL expected"
    return f"{told}: apart. {capital(found.meaning.says)}" if found.meaning is not None else f"{told}: as expected"


@transaction.atomic
def interrogate(
    staff: Staff, patient: Patient, key: str, body: Mapping[str, Any], seen: int, at: datetime, found: Residual | str,
    note: str = "",
) -> Log:  # fmt: skip
    """A pump read: the chart's entry as it now stands, and a row of the log. Raises Stale."""
    records.change(staff, patient, "devices", key, body, seen=seen, reason="interrogated")
    says = f"{residual_words(found)}.{f' {note}' if note else ''}"
    row = log(staff, patient, key, Log.Kind.INTERROGATION, at, says, apart=_apart(found))
    if _apart(found):
        _look(staff, patient, key, at, says)
    return row


@transaction.atomic
def refill(
    staff: Staff, patient: Patient, key: str, body: Mapping[str, Any], seen: int, at: datetime, filled: str,
    agents: list[dict[str, Any]], found: Residual | str, note: str = "",
) -> Log:  # fmt: skip
    """A pump refilled: the chart's entry with the new fill, the refill as a procedure, a row of the log, and its
    tasks closed. Raises Stale, and then nothing of it is kept."""
    records.change(staff, patient, "devices", key, body, seen=seen, reason="refilled")
    says = f"Refilled with {filled} mL. {residual_words(found)}.{f' {note}' if note else ''}"
    row = log(staff, patient, key, Log.Kind.REFILL, at, says, apart=_apart(found))
    day = at.astimezone(clinic().zone).date()
    if not Entry.objects.filter(patient=patient, section="procedures", therapy=REFILL, day=day, struck=False).exists():
        start = body["pump"]["filled_at"]
        procedure = {
            "therapy": REFILL,
            "status": "done",
            "start": start,
            "operator": staff.username,
            "note": says[:400],
        }
        records.add(staff, patient, "procedures", procedure | ({"agents": agents} if agents else {}))
    for task in Task.objects.filter(patient=patient, kind=Task.Kind.REFILL, about=key, done_at=None):
        close(staff, task, "Refilled")
    if _apart(found):
        _look(staff, patient, key, at, says)
    return row


@transaction.atomic
def alarm(staff: Staff, patient: Patient, key: str, at: datetime, heard: str) -> Task:
    """An alarm was reported: somebody sees to it today."""
    log(staff, patient, key, Log.Kind.ALARM, at, heard)
    due = datetime.combine(now().astimezone(clinic().zone).date(), time(17), clinic().zone)
    return give(
        staff, patient, Task.Kind.FLAG, "Pump alarm reported: contact the patient today", why=heard, about=key,
        origin=f"alarm {patient.pk} {key} {at:%Y-%m-%dT%H:%MZ}", owner=nurse_of(patient), role=Role.NURSE,
        due=max(due, now()),
    )  # fmt: skip


@transaction.atomic
def program(staff: Staff, patient: Patient, key: str, at: datetime, says: str, start: str) -> Log:
    """A stimulator programmed: a row of the log, and the programming as a procedure of the chart."""
    records.add(
        staff, patient, "procedures",
        {"therapy": "stimulator-programming", "status": "done", "start": start, "operator": staff.username,
         "note": says[:400]},
    )  # fmt: skip
    return log(staff, patient, key, Log.Kind.PROGRAMMING, at, says)


def refill_task(patient: Patient, row: Row) -> None:
    """The refill given to the nurse of the team once it is to be booked; once for each fill."""
    if (
        row.rank == "later"
        or Booking.objects.filter(
            patient=patient, therapy=REFILL, status=Booking.Status.BOOKED, start__gte=now()
        ).exists()
    ):
        return
    by = datetime.combine(row.act_by, time(17), clinic().zone) if row.act_by is not None else now()
    give(
        None, patient, Task.Kind.REFILL, f"{row.says}: {row.title}", why=f"Binds: {row.binds}" if row.binds else "",
        about=row.key, origin=f"refill {patient.pk} {row.key} {row.fill}"[:160], owner=nurse_of(patient),
        role=Role.NURSE, due=max(by, now()),
    )  # fmt: skip


def nurse_of(patient: Patient) -> Staff | None:
    """The nurse of the care team, if there is one."""
    member = patient.team.filter(staff__role=Role.NURSE).select_related("staff").order_by("pk").first()
    return member.staff if member is not None else None


def refill_of(patient: Patient, key: str) -> Refill | None:
    """One pump as it stands now."""
    record = facts_from_entries(entries_of(patient), None).record
    return next((row for row in refills(record, now().astimezone(clinic().zone)) if row.device.id == key), None)


def _apart(found: Residual | str) -> bool:
    return isinstance(found, Residual) and found.flagged


def _look(staff: Staff, patient: Patient, key: str, at: datetime, says: str) -> None:
    """What does not fit is looked at by a physician of the team within the day."""
    member = patient.team.filter(staff__role__in=(Role.PHYSICIAN, Role.LEAD)).select_related("staff").first()
    due = datetime.combine(now().astimezone(clinic().zone).date(), time(17), clinic().zone)
    give(
        staff, patient, Task.Kind.FLAG, "Pump: what was left does not fit what was expected", why=says, about=key,
        origin=f"apart {patient.pk} {key} {at:%Y-%m-%dT%H:%MZ}", owner=member.staff if member else None,
        role=Role.PHYSICIAN, due=max(due, now()),
    )  # fmt: skip
