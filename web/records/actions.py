"""Writes to a record. Each is one transaction with its audit event; each says so if somebody else was quicker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from msgspec import Struct

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from levamen.adapters.chart_entries import encode_body
from people.models import Staff
from records.models import IDENTITY, BrokenGlass, CareTeam, Entry, Patient, Version

_LETTERS = {
    "pain": "PN", "problems": "PR", "findings": "F", "care": "C", "medications": "M", "allergies": "A", "labs": "L",
    "scores": "S", "procedures": "P", "evaluations": "E", "documents": "DO", "devices": "D", "events": "EV",
    "goals": "G", "intake": "I", "completeness": "K", "request": "R", "payer": "PY",
}  # fmt: skip
"""What the ids of a section's entries begin with."""
SINGLE = ("person", IDENTITY)
"""Sections with one entry, whose key is the section's name."""
_UNDATED = (*SINGLE, "payer", "request")
"""Sections whose entries do not say when they were written down: the version says it."""
_DATED = re.compile(r"\d{4}-\d\d-\d\d")


class Stale(Exception):
    """Somebody else changed the entry in between: theirs is `entry`; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry.section} {entry.key} was changed in between")
        self.entry = entry


class Identity(Struct, frozen=True, kw_only=True):
    """Who a patient is, apart from every fact that a rule reads."""

    family: str
    given: str
    mrn: str
    phone: str = ""
    email: str = ""
    language: str = ""
    contact: str = ""
    address: str = ""
    mrn_system: str = ""


@transaction.atomic
def add_patient(
    staff: Staff | None, identity: Identity, *, synthetic: bool = False, team: Iterable[Staff] = (), zone: str = ""
) -> Patient:
    """A new patient, with who they are as the first entry of the record."""
    patient = Patient.objects.create(
        mrn=identity.mrn, family=identity.family, given=identity.given, phone=identity.phone,
        searched=searched(identity), synthetic=synthetic, added=now(), zone=zone or clinic().zone_name,
    )  # fmt: skip
    append(staff, verb="patient.added", patient=patient)
    _write(staff, patient, IDENTITY, IDENTITY, _stated(identity), "", False)
    for member in team:
        CareTeam.objects.create(patient=patient, staff=member, since=now())
        append(staff, verb="team.joined", patient=patient, about=member.username)
    return patient


@transaction.atomic
def join_team(staff: Staff, patient: Patient, member: Staff) -> None:
    """Puts somebody into a patient's care team; twice is once."""
    _, made = CareTeam.objects.get_or_create(patient=patient, staff=member, defaults={"since": now()})
    if made:
        append(staff, verb="team.joined", patient=patient, about=member.username)


@transaction.atomic
def leave_team(staff: Staff, patient: Patient, member: Staff) -> None:
    """Takes somebody out of a patient's care team."""
    if CareTeam.objects.filter(patient=patient, staff=member).delete()[0]:
        append(staff, verb="team.left", patient=patient, about=member.username)


@transaction.atomic
def set_identity(staff: Staff, patient: Patient, identity: Identity, seen: int) -> Entry:
    """Who the patient is, changed as an entry is changed; the columns follow. Raises Stale."""
    entry = change(staff, patient, IDENTITY, IDENTITY, _stated(identity), seen=seen)
    patient.family, patient.given, patient.mrn = identity.family, identity.given, identity.mrn
    patient.phone, patient.searched = identity.phone, searched(identity)
    patient.save(update_fields=["family", "given", "mrn", "phone", "searched"])
    return entry


def searched(identity: Identity) -> str:
    """What a search looks into."""
    return f"{identity.family} {identity.given} {identity.mrn} {identity.mrn.replace(' ', '')}".casefold()


def _stated(identity: Identity) -> dict[str, str]:
    said = {name: getattr(identity, name) for name in identity.__struct_fields__}
    return {name: value for name, value in said.items() if value}


@transaction.atomic
def add(
    staff: Staff | None, patient: Patient, section: str, body: Mapping[str, Any], *, key: str = "", reason: str = "",
    imported: bool = False,
) -> Entry:  # fmt: skip
    """A new entry under `key`, or under the next free id of its section.

    What is typed here was recorded now, unless the body says otherwise: a fact typed in today was not known yesterday.
    """
    said = dict(body)
    key = section if section in SINGLE else key or _next_key(patient, section)
    if section not in _UNDATED and not imported:
        said.setdefault("recorded", now().isoformat())
        if staff is not None:
            said.setdefault("author", staff.name)
    return _write(staff, patient, section, key, said, reason, imported)


@transaction.atomic
def change(
    staff: Staff | None, patient: Patient, section: str, key: str, body: Mapping[str, Any], *, seen: int,
    reason: str = "",
) -> Entry:  # fmt: skip
    """A new version of an entry. `seen` is the number of the version that was looked at; raises Stale if it is not
    the last one, and Entry.DoesNotExist where there is none."""
    entry = Entry.objects.select_for_update().get(patient=patient, section=section, key=key)
    if entry.version != seen:
        raise Stale(entry)
    return _rewrite(staff, entry, encode_body(dict(body)), False, reason)


@transaction.atomic
def strike(staff: Staff, patient: Patient, section: str, key: str, *, seen: int, reason: str) -> Entry:
    """Strikes an entry through: it stays in sight with the reason, and counts for nothing. Raises Stale."""
    entry = Entry.objects.select_for_update().get(patient=patient, section=section, key=key)
    if entry.version != seen:
        raise Stale(entry)
    return _rewrite(staff, entry, entry.body, True, reason)


def _next_key(patient: Patient, section: str) -> str:
    """The next id that is free in the whole record: a chart that was brought may have used its letters in another
    section, and an id that stands twice makes the record unreadable. The patient's row is locked, so that two who add
    at once get two ids."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    letters = _LETTERS[section]
    used = Entry.objects.filter(patient=patient, key__startswith=f"{letters}-").values_list("key", flat=True)
    numbers = [int(key.rpartition("-")[2]) for key in used if re.fullmatch(rf"{letters}-\d+", key)]
    return f"{letters}-{max(numbers, default=0) + 1}"


def _write(
    staff: Staff | None, patient: Patient, section: str, key: str, body: Mapping[str, Any], reason: str, imported: bool
) -> Entry:
    text, at = encode_body(dict(body)), now()
    entry = Entry(patient=patient, section=section, key=key, body=text, version=1, at=at, author=staff)
    _columns(entry, body)
    entry.save(force_insert=True)
    Version.objects.create(entry=entry, number=1, body=text, at=at, author=staff, reason=reason, imported=imported)
    _grown(patient, section, body)
    append(staff, verb="entry.imported" if imported else "entry.added", patient=patient, about=f"{section} {key}")
    return entry


def _rewrite(staff: Staff | None, entry: Entry, text: str, struck: bool, reason: str) -> Entry:
    entry.body, entry.struck, entry.version, entry.at, entry.author = text, struck, entry.version + 1, now(), staff
    _columns(entry, entry.fields)
    entry.save()
    Version.objects.create(
        entry=entry, number=entry.version, body=text, struck=struck, at=entry.at, author=staff, reason=reason
    )
    _grown(entry.patient, entry.section, entry.fields)
    append(
        staff, verb="entry.struck" if struck else "entry.changed", patient=entry.patient,
        about=f"{entry.section} {entry.key}", version=entry.version, **({"reason": reason} if reason else {}),
    )  # fmt: skip
    return entry


def _columns(entry: Entry, body: Mapping[str, Any]) -> None:
    """What lists are made from, repeated beside the body."""
    entry.therapy = str(body.get("therapy") or body.get("instrument") or "")[:80]
    entry.region = str(body.get("region") or "")[:40]
    concept = body.get("concept") or body.get("drug") or body.get("kind") or body.get("test") or body.get("substance")
    entry.concept = str(concept or "")[:80]
    entry.status = str(body.get("status") or "")[:24]
    entry.day = _day(body)


def _day(body: Mapping[str, Any]) -> date | None:
    for name in ("date", "start", "at", "since", "implanted", "reviewed", "asked", "from", "by"):
        found = _DATED.match(str(body.get(name) or ""))
        if found:
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                return None
    return None


def _grown(patient: Patient, section: str, body: Mapping[str, Any]) -> None:
    """The record has grown: what was worked out from it before is out of date."""
    columns: dict[str, Any] = {}
    if section == "person":
        columns = {"birth_date": str(body.get("birth_date") or "")[:10], "sex": str(body.get("sex") or "")[:10]}
    if section == "payer":
        said = [str(body[name]) for name in ("kind", "plan", "contractor", "state") if body.get(name)]
        columns = {"payer": " ".join(said)[:120]}
    Patient.objects.filter(pk=patient.pk).update(head=F("head") + 1, **columns)


@transaction.atomic
def break_glass(staff: Staff, patient: Patient, reason: str, hours: int = 4) -> BrokenGlass:
    """Opens a record to somebody outside its team for some hours. It waits for review by the clinic lead."""
    found = BrokenGlass.objects.create(
        patient=patient, staff=staff, at=now(), until=now() + timedelta(hours=hours), reason=reason
    )
    append(staff, verb="glass.broken", patient=patient, reason=reason)
    return found
