"""What a call taught, written into the chart: the rules read it there. Only what was asked is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from msgspec import Struct

from follow_up.models import Call, Said
from follow_up.scripts import Scale, local
from levamen.adapters.chart_entries import encode_body
from levamen.derive.periods import moment_of
from levamen.derive.views import local_day, zone_of
from levamen.outcomes.measured import index_pains
from levamen.record.facts import Procedure, Record
from people.models import Staff
from records import actions
from records.models import Entry, Patient


class Happening(Struct, frozen=True, kw_only=True):
    """Something that troubled the patient: an event of the vocabulary, how bad, in whose words."""

    kind: str
    severity: str = ""
    note: str = ""
    date: str = ""


@transaction.atomic
def write_event(
    staff: Staff, patient: Patient, procedure_key: str, found: Happening, at: datetime, *, asked: bool, how: str = ""
) -> Entry:
    """An event after a procedure with how it was found: asked for, told unasked (`asked` false), or read (`how`)."""
    day = local(patient, at).date().isoformat()
    body = {
        "kind": found.kind,
        "procedure": procedure_key,
        "date": found.date or day,
        "severity": found.severity,
        "asked": day if asked else "",
        "ascertainment": how or ("asked" if asked else "spontaneous"),
        "note": found.note,
        "author": str(staff),
    }
    said = _without_blanks(body)
    return standing(patient, "events", said) or actions.add(staff, patient, "events", said)


def standing(patient: Patient, section: str, body: Mapping[str, Any]) -> Entry | None:
    """The entry that says the same already, whenever it was written down: sent twice is said once."""
    for entry in Entry.objects.filter(patient=patient, section=section, struck=False):
        if says_same(entry.fields, body):
            return entry
    return None


def says_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two bodies say the same, apart from when it was written down."""
    said = [encode_body({name: value for name, value in body.items() if name != "recorded"}) for body in (one, other)]
    return said[0] == said[1]


def write_relief(
    staff: Staff, patient: Patient, record: Record, procedure: Procedure, scale: Scale, value: Decimal, at: datetime
) -> None:
    """Pain now: a row of the procedure's relief on the scale used before; a score where there is none to compare."""
    moment = local(patient, at)
    if scale.before is None:
        pains = index_pains(record, procedure, moment_of(record, at, local_day(at, zone_of(record))))
        body: dict[str, Any] = {"instrument": scale.id, "value": value, "date": moment.date().isoformat()}
        if len(pains) == 1:
            body["pain"] = pains[0].id
        actions.add(staff, patient, "scores", body | {"author": str(staff)})
        return
    add_relief(
        staff,
        patient,
        procedure.id,
        [{"scale": scale.id, "before": scale.before, "after": value, "at": moment.isoformat(), "author": str(staff)}],
        reason="pain asked in a follow-up call",
    )


def add_relief(
    staff: Staff, patient: Patient, key: str, rows: list[Mapping[str, Any]], *, reason: str, seen: int | None = None
) -> Entry:
    """Rows added to a procedure's relief. With `seen`, raises Stale where somebody changed the procedure since."""
    entry = Entry.objects.select_for_update().get(patient=patient, section="procedures", key=key, struck=False)
    body = dict(entry.fields)
    body["relief"] = [*body.get("relief", []), *rows]
    return actions.change(
        staff, patient, "procedures", key, body, seen=entry.version if seen is None else seen, reason=reason
    )


def write_restart(staff: Staff, patient: Patient, drug_key: str, first: datetime) -> None:
    """The first dose after the procedure: the last dose that is known of this medicine."""
    entry = (
        Entry.objects.select_for_update()
        .filter(patient=patient, section="medications", key=drug_key, struck=False)
        .first()
    )
    if entry is None:
        return
    body = dict(entry.fields) | {"last_dose": local(patient, first).isoformat()}
    actions.change(
        staff, patient, "medications", drug_key, body, seen=entry.version, reason="restarted after the procedure"
    )


def close_events(staff: Staff, patient: Patient, procedure: Procedure, call: Call, at: datetime) -> None:
    """The events since the procedure are all known: every warning sign and anything else was asked, none left open."""
    if procedure.start is None:
        return
    day = local(patient, at).date().isoformat()
    body = {
        "kind": "events",
        "from": procedure.start.first.isoformat(),
        "to": day,
        "author": str(staff),
        "note": "Every question of the follow-up call was answered.",
    }
    actions.add(staff, patient, "completeness", body)


def everything_asked(flags: list[str], answers: Mapping[str, Said]) -> bool:
    """Whether each warning sign and the open question were answered with yes or no; not asked is never no."""
    return all(one in answers and answers[one].word in ("yes", "no") for one in [*flags, "other-events"])


def _without_blanks(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in ("", None)}
