"""Writes of the day: an answer, a second person, the start. Each with its audit event in the same transaction."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from levamen.adapters.chart_entries import read_entry
from people.models import Staff
from people.roles import PHYSICIANS, Role
from procedures.day_sheet import BASELINE, COMPARED, OVERRIDE, Sheet, fingerprint, sheet_of
from procedures.models import Booking, DayAnswer, ProcedureRecord, SecondPerson
from records import actions
from records.models import Entry

_PRESSURE = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})")
_GLUCOSE = re.compile(r"(\d{1,3}(?:\.\d)?)\s*(mg/dl|mmol/l)", re.IGNORECASE)


_LATEST = timedelta(hours=24)
"""How long an answer may have waited on a device without a connection."""


class Unclear(ValueError):
    """What was typed cannot be used; the one sentence that says what would be right."""


@transaction.atomic
def answer(
    staff: Staff, booking: Booking, stage: str, item: str, given: str, *, said: str = "", sent: str,
    said_at: datetime | None = None, zone: str = "",
) -> DayAnswer:  # fmt: skip
    """Writes an answer down. The same sending twice is one. What the rules read goes into the chart with it.

    Raises Unclear for a value that cannot be read.
    """
    booking = Booking.objects.select_for_update().select_related("patient", "operator").get(pk=booking.pk)
    held = DayAnswer.objects.filter(booking=booking, sent=sent).first()
    if held is not None:
        return held
    if said_at is not None and not now() - _LATEST <= said_at <= now() + timedelta(minutes=5):
        said_at = None  # a clock that far off tells nothing: the clinic's own counts
    if stage == "ask":
        said = _into_chart(staff, booking, item, given, said.strip(), said_at)
    made = DayAnswer.objects.create(
        booking=booking, stage=stage, item=item, answer=given, said=said[:400], by=staff, at=now(), said_at=said_at,
        zone=zone[:64], sent=sent,
    )  # fmt: skip
    append(
        staff, verb="day.answered", patient=booking.patient, about=f"booking {booking.pk}", stage=stage, item=item,
        answer=given,
    )  # fmt: skip
    return made


def _into_chart(staff: Staff, booking: Booking, item: str, given: str, said: str, said_at: datetime | None) -> str:
    patient = booking.patient
    if item == BASELINE:
        if given == "value" and not said:
            raise Unclear("Write what is not normal.")
        return said
    at = (said_at or now()).astimezone(ZoneInfo(patient.zone)).isoformat(timespec="seconds")
    reason = f"asked on the day, booking {booking.pk}"
    if given == "value":
        if item == "blood-pressure-today":
            found = _PRESSURE.fullmatch(said)
            if found is None:
                raise Unclear("Blood pressure: write both numbers, such as 134/78.")
            for test, value in (("systolic", found[1]), ("diastolic", found[2])):
                body = {"test": f"blood-pressure-{test}", "value": value, "unit": "mm[Hg]", "at": at}
                _add(staff, booking, "labs", body, reason)
            return f"{found[1]}/{found[2]} mmHg"
        if item == "glucose-today":
            found = _GLUCOSE.fullmatch(said)
            if found is None:
                raise Unclear("Glucose: write the number with its unit, such as 182 mg/dL or 10.1 mmol/L.")
            unit = "mg/dL" if found[2].lower() == "mg/dl" else "mmol/L"
            _add(staff, booking, "labs", {"test": "glucose", "value": found[1], "unit": unit, "at": at}, reason)
            return f"{found[1]} {unit}"
        if item.startswith("last-dose "):
            return _last_dose(staff, booking, item.partition(" ")[2], said, reason)
        if not said:
            raise Unclear("Write the value.")
        return said
    if not item.startswith("last-dose ") and item not in ("blood-pressure-today", "glucose-today"):
        if item in COMPARED and given != "unknown" and not said:
            raise Unclear("Write when the person last ate and last drank, then say whether that is long enough ago.")
        told = {"note": said} if item in COMPARED and said else {}
        _answered(staff, booking, {"kind": item, "asked": at, "answer": given, **told}, reason)
    elif item.startswith("last-dose ") and given == "unknown":
        _last_dose(staff, booking, item.partition(" ")[2], at, reason)
        return "not known: counted as taken now"
    return said


def _last_dose(staff: Staff, booking: Booking, key: str, said: str, reason: str) -> str:
    zone = ZoneInfo(booking.patient.zone)
    try:
        taken = datetime.fromisoformat(said)
    except ValueError:
        raise Unclear("Last dose: give the day and the time, such as 2026-03-09 08:00.") from None
    taken = taken if taken.tzinfo is not None else taken.replace(tzinfo=zone)
    if taken > now() + timedelta(minutes=5):
        raise Unclear("Last dose: this time has not come yet. Give the last dose that was taken.")
    entry = Entry.objects.filter(patient=booking.patient, section="medications", key=key, struck=False).first()
    if entry is None:
        raise Unclear("This drug is not on the list any more: load the page again.")
    body = dict(entry.fields) | {"last_dose": taken.astimezone(zone).isoformat(timespec="minutes")}
    actions.change(staff, booking.patient, "medications", key, body, seen=entry.version, reason=reason)
    return f"{taken.astimezone(zone):%Y-%m-%d %H:%M}"


def _answered(staff: Staff, booking: Booking, body: dict[str, Any], reason: str) -> None:
    """An answer to a question. A second one of the same day is a new version of the first: two answers of one day
    would contradict each other, and nobody could go on."""
    rows = Entry.objects.filter(patient=booking.patient, section="completeness", concept=body["kind"], struck=False)
    held = next((row for row in rows if str(row.fields.get("asked", ""))[:10] == body["asked"][:10]), None)
    if held is None:
        _add(staff, booking, "completeness", body, reason)
        return
    said = dict(held.fields) | body | {"recorded": now().isoformat(), "author": staff.name}
    actions.change(staff, booking.patient, "completeness", held.key, said, seen=held.version, reason=reason)


def _add(staff: Staff, booking: Booking, section: str, body: dict[str, Any], reason: str) -> None:
    try:
        if "value" in body:
            Decimal(str(body["value"]))
    except InvalidOperation:
        raise Unclear("Write a number.") from None
    reading = read_entry(section, body, booking.patient.zone, key="new")
    if reading.problems:
        raise Unclear(reading.problems[0].says)
    actions.add(staff, booking.patient, section, reading.body, reason=reason)


@transaction.atomic
def override(staff: Staff, booking: Booking, reason: str, sent: str) -> None:
    """A physician goes on although safety says stop: for exactly the reasons that stand now. A second person must
    sign beside them, as beside every item of the pause."""
    if Role(staff.role) not in PHYSICIANS:
        raise Unclear("A physician decides this.")
    if len(reason.strip()) < 10:
        raise Unclear("Say why, in a few words that somebody else can follow later.")
    sheet = sheet_of(booking)
    if sheet is None:
        raise Unclear("What was booked is not in the record any more.")
    if sheet.unasked:
        raise Unclear("Ask what was not asked first: an unanswered question cannot be decided away.")
    if DayAnswer.objects.filter(booking=booking, sent=sent).exists():
        return
    DayAnswer.objects.create(
        booking=booking, stage="pause", item=OVERRIDE, answer=fingerprint(sheet.reasons), said=reason.strip()[:400],
        by=staff, at=now(), sent=sent,
    )  # fmt: skip
    append(
        staff, verb="day.overridden", patient=booking.patient, about=f"booking {booking.pk}",
        safety=sheet.safety, reason=reason.strip()[:400],
    )  # fmt: skip


@transaction.atomic
def sign_beside(staff: Staff, booking: Booking, stage: str, *, own_device: bool) -> None:
    """A second person agrees to a stage whose items all agree. Raises Unclear."""
    sheet = sheet_of(booking)
    if sheet is None:
        raise Unclear("What was booked is not in the record any more.")
    if sheet.open_in(stage):
        raise Unclear("Every item of this stage must agree before a second person signs.")
    if not sheet.may_sign(staff, stage):
        raise Unclear("The second person must be somebody else than the one who answered.")
    last = booking.answers.filter(stage=stage).order_by("-pk").first()
    SecondPerson.objects.create(
        booking=booking, stage=stage, by=staff, at=now(), seen=last.pk if last else 0, own_device=own_device
    )
    append(staff, verb="day.signed-beside", patient=booking.patient, about=f"booking {booking.pk}", stage=stage)


@transaction.atomic
def start(staff: Staff, booking: Booking) -> tuple[ProcedureRecord | None, list[str]]:
    """Starts the procedure if nothing stands in the way; else says what does. Starting twice is starting once."""
    booking = Booking.objects.select_for_update().select_related("patient", "operator").get(pk=booking.pk)
    held = ProcedureRecord.objects.filter(booking=booking).first()
    if held is not None:
        return held, []
    if booking.status != Booking.Status.BOOKED:
        return None, [f"This slot is {booking.get_status_display().lower()}."]
    if not is_today(booking):
        return None, ["This slot is of another day."]
    sheet = sheet_of(booking)
    blocks = sheet.blocks() if sheet is not None else ["What was booked is not in the record any more."]
    if blocks:
        return None, blocks
    made = ProcedureRecord.objects.create(booking=booking, started_at=now(), started_by=staff)
    Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.STARTED)
    append(staff, verb="day.started", patient=booking.patient, about=f"booking {booking.pk}", safety=_safety(sheet))
    return made, []


def is_today(booking: Booking) -> bool:
    """Whether a slot is of the clinic's present day, where its patient is."""
    zone = ZoneInfo(booking.patient.zone)
    return booking.start.astimezone(zone).date() == now().astimezone(zone).date()


def _safety(sheet: Sheet | None) -> str:
    return sheet.safety if sheet is not None else "unknown"
