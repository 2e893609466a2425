"""Writes of a procedure record: saving the draft, signing it into the chart, adding to what is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec.structs import replace

from audit.chain import append
from clinic.clock import now
from devices.once import there_already
from follow_up.dues import renew
from levamen.adapters.chart_entries import read_entry
from levamen.emit.pictures.spine_parts import FIELDS
from levamen.record.facts import Request
from people.models import Staff
from people.roles import PHYSICIANS, Role
from procedures.day_sheet import request_of, sheet_of, when
from procedures.models import Addendum, Booking, ProcedureRecord
from procedures.record_form import NONE_ASKED, differences, done_target, needles
from procedures.record_note import note
from procedures.sides import target_text
from records import actions
from records.models import Entry, Patient


class NotSigned(Exception):
    """Why a record is not signed: the id of the field, and the sentence."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field, self.says = field, says


class SideDiffers(Exception):
    """Levels or side are not as planned: a person settles it before the record is signed."""

    def __init__(self, planned: str, done: str) -> None:
        super().__init__(f"planned {planned}, recorded {done}")
        self.planned, self.done = planned, done


class SomebodyElse(Exception):
    """Another saved this record in between; theirs stands."""


@transaction.atomic
def save(staff: Staff, record: ProcedureRecord, draft: Mapping[str, Any], seen: int) -> ProcedureRecord:
    """Keeps the draft. Raises SomebodyElse where another version stands, NotSigned where it is signed already."""
    held = ProcedureRecord.objects.select_for_update().get(pk=record.pk)
    if held.signed_at is not None:
        raise NotSigned("", "This record is signed. Add to it instead.")
    text = json.dumps(draft, sort_keys=True, ensure_ascii=False)
    if held.body == text:
        return held
    if held.version != seen:
        raise SomebodyElse
    held.body, held.version, held.saved_at, held.saved_by = text, held.version + 1, now(), staff
    held.save(update_fields=["body", "version", "saved_at", "saved_by"])
    append(staff, verb="record.saved", patient=held.booking.patient, about=f"booking {held.booking_id}")
    return held


@transaction.atomic
def sign(
    staff: Staff, record: ProcedureRecord, draft: Mapping[str, Any], seen: int, *, settled: str = ""
) -> ProcedureRecord:
    """Signs the record: it becomes a procedure of the chart, the request is answered, the calls are given out.

    Signing twice is signing once. Raises NotSigned, SideDiffers (`settled` is the reason once a person settled it) and
    SomebodyElse.
    """
    held = (
        ProcedureRecord.objects.select_for_update()
        .select_related("booking__patient", "booking__operator")
        .get(pk=record.pk)
    )
    if held.signed_at is not None:
        return held
    booking = held.booking
    if staff.pk != booking.operator_id and Role(staff.role) not in PHYSICIANS:
        raise NotSigned("sign", f"The operator signs: {booking.operator}.")
    request = request_of(booking)
    if request is None:
        raise NotSigned("", "What was booked is not in the record any more.")
    done = done_target(request, draft)
    sheet = sheet_of(booking)
    left = sheet.open_in("sign-out") if sheet is not None else ()
    if left:
        raise NotSigned("sign-out", f"The sign-out is not over: {len(left)} of its items are open.")
    if not draft["events"]:
        raise NotSigned("event-none-asked", "Anything unexpected? Say none, asked, or name it: unanswered is not none.")
    if parts_missing(request, done):
        raise NotSigned("levels", "Tick at least one level and side.")
    if target_text(done) != target_text(request) and len(settled.strip()) < 10:
        raise SideDiffers(target_text(request), target_text(done))
    held = save(staff, held, draft, seen)
    start, end = _times(held, draft)
    body = chart_body(booking, request, done, draft, start, end)
    text = note(booking, done, draft, needles(request, draft), differences(request, done), start, end, settled.strip())
    reading = read_entry("procedures", body | {"note": text}, booking.patient.zone, key="new")
    if reading.problems:
        raise NotSigned("", reading.problems[0].says)
    entry = _written(staff, booking, request, reading.body, start)
    _events(staff, booking.patient, entry, draft, end)
    _answer_request(staff, booking, entry)
    held.signed_at, held.signed_by, held.key, held.note = now(), staff, entry.key, text
    held.save(update_fields=["signed_at", "signed_by", "key", "note"])
    Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.DONE)
    renew(booking.patient)  # the two calls, the measures, the relief to watch
    append(
        staff, verb="record.signed", patient=booking.patient, about=f"booking {booking.pk}",
        entry=f"procedures {entry.key}",
    )  # fmt: skip
    return held


def written_before(booking: Booking, request: Request, start: datetime) -> Entry | None:
    """The entry that a step on the devices page wrote of the same; not one that another record of the room signed."""
    day = start.astimezone(ZoneInfo(booking.patient.zone)).date()
    found = there_already(booking.patient, request.therapy, day, request.side)
    if found is None or ProcedureRecord.objects.filter(booking__patient=booking.patient, key=found.key).exists():
        return None
    return found


def _written(staff: Staff, booking: Booking, request: Request, body: dict[str, Any], start: datetime) -> Entry:
    """The procedure in the chart, once: what a step wrote of it already is completed, with its earlier version kept."""
    reason = f"record of booking {booking.pk}"
    found = written_before(booking, request, start)
    if found is None:
        return actions.add(staff, booking.patient, "procedures", body, reason=reason)
    more = found.fields | body
    return actions.change(
        staff, booking.patient, "procedures", found.key, more, seen=found.version, reason=reason
    )  # fmt: skip


def parts_missing(request: Request, done: Request) -> bool:
    """Whether a request that names levels was recorded without any."""
    named = any(getattr(request, field) for field in FIELDS.values())
    return (named and not any(getattr(done, field) for field in FIELDS.values())) or (
        request.side is not None and done.side is None
    )


def _times(record: ProcedureRecord, draft: Mapping[str, Any]) -> tuple[datetime, datetime]:
    zone = ZoneInfo(record.booking.patient.zone)
    start = record.started_at.astimezone(zone)
    end = now().astimezone(zone)
    if draft.get("end"):
        hour, minute = (int(part) for part in draft["end"].split(":"))
        if hour > 23:
            raise NotSigned("end", "End: write the time as 09:16.")
        end = start.replace(hour=hour, minute=minute, second=0)
        if end < start.replace(second=0):
            raise NotSigned("end", f"End: it cannot be before the start at {start:%H:%M}.")
        end = max(end, start)
    return start, end


_EXPOSURE = {
    "fluoroscopy_s": "fluoroscopy_s", "air_kerma_mgy": "air_kerma_mgy", "dap": "dose_area_product_gy_cm2",
    "images": "images", "contrast_ml": "contrast_ml",
}  # fmt: skip
"""The boxes of the form by the field of the chart's exposure."""
_REPLACED = frozenset(
    {
        "plan", "start", "end", "date", "agents", "side", "guidance", "contrast", "sedation", "status", "levels",
        "recorded", "author", "source", "note", *FIELDS.values(),
    }
)  # fmt: skip
"""Fields of the request that the record says anew."""


def _goes_on(therapy: str | None) -> bool:
    """Whether what begins at the table ends on another day: a trial, or a lead that stays for sixty days. Their end is
    the day on which the lead or the catheter comes out."""
    return therapy is not None and (therapy.endswith("-trial") or therapy == "peripheral-nerve-stimulation-60-day")


def chart_body(
    booking: Booking, request: Request, done: Request, draft: Mapping[str, Any], start: datetime, end: datetime
) -> dict[str, Any]:
    """The procedure as the chart writes it: what the request said, with what was done in its place."""
    asked = Entry.objects.get(patient=booking.patient, section="request", key=booking.request_key).fields
    body = {name: value for name, value in asked.items() if name not in _REPLACED}
    body |= {"status": "done", "start": start.isoformat(timespec="minutes"), "operator": booking.operator.username}
    if not _goes_on(request.therapy):
        body["end"] = end.isoformat(timespec="minutes")
    for name in ("side", "guidance", "contrast", "sedation"):
        if getattr(done, name):
            body[name] = getattr(done, name)
    for field in FIELDS.values():
        if getattr(done, field):
            body[field] = sorted(getattr(done, field))
    named = ("drug", "concentration", "volume", "dose", "lot")
    agents = [{name: row[name] for name in named if row[name]} for row in draft["agents"]]
    if agents:
        body["agents"] = agents
    exposure = {name: draft[typed] for typed, name in _EXPOSURE.items() if draft.get(typed)}
    if exposure:
        body["exposure"] = exposure
    events = [word for word in draft["events"] if word != NONE_ASKED]
    if events:
        body["complications"] = events
    return body


def _events(staff: Staff, patient: Patient, entry: Entry, draft: Mapping[str, Any], end: datetime) -> None:
    at = end.date().isoformat()
    for word in draft["events"]:
        if word != NONE_ASKED:
            body = {"kind": word, "procedure": entry.key, "date": at, "asked": at, "ascertainment": "asked"}
            actions.add(staff, patient, "events", body, reason="seen at the procedure")


def _answer_request(staff: Staff, booking: Booking, entry: Entry) -> None:
    """The request is done: it stays in sight with the reason, and is not asked again."""
    asked = Entry.objects.get(patient=booking.patient, section="request", key=booking.request_key)
    if not asked.struck:
        actions.strike(
            staff, booking.patient, "request", asked.key, seen=asked.version, reason=f"done: procedures {entry.key}"
        )


@transaction.atomic
def add_to(staff: Staff, record: ProcedureRecord, words: str, reason: str) -> Addendum:
    """An addendum to a signed record: the words stand beside it, and the chart's entry gets a new version with both."""
    held = ProcedureRecord.objects.select_for_update().get(pk=record.pk)
    if held.signed_at is None:
        raise NotSigned("", "This record is not signed yet: change it.")
    if len(words.strip()) < 3 or len(reason.strip()) < 3:
        raise NotSigned("words", "Say what is added, and why.")
    made = Addendum.objects.create(record=held, at=now(), by=staff, words=words.strip(), reason=reason.strip())
    entry = Entry.objects.get(patient=held.booking.patient, section="procedures", key=held.key)
    body = dict(entry.fields)
    body["note"] = f"{body.get('note', '')}\nAddendum {made.at:%Y-%m-%d %H:%M} UTC, {staff}: {made.words}"
    actions.change(
        staff,
        held.booking.patient,
        "procedures",
        entry.key,
        body,
        seen=entry.version,
        reason=f"addendum: {made.reason}",
    )
    append(
        staff,
        verb="record.added-to",
        patient=held.booking.patient,
        about=f"booking {held.booking_id}",
        reason=made.reason,
    )
    return made


def as_done(request: Request, start: datetime, end: datetime) -> Request:
    """The request with the times that it really took."""
    return replace(request, start=when(start), end=when(end))
