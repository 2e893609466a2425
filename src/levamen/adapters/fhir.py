"""The FHIR R4 adapter: one Bundle about one patient becomes a record, and every entry gets its fate.

Items are the entries of the Bundle. Contained resources share the fate of the entry that holds them. An entry is
accepted if something of it is in the record, ignored if what it says gives no fact (each reason is told with its
number), and rejected if it cannot be used. One bad entry never stops the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw, Struct

from levamen.adapters import (
    fhir_conditions,
    fhir_medications,
    fhir_observations,
    fhir_others,
    fhir_person,
    fhir_procedures,
    fhir_types,
)
from levamen.adapters.balance import Balance, Reading, UnusableInput, opened
from levamen.adapters.completeness_text import DECLARED, parse_complete
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import BadDateError, when
from levamen.adapters.fhir_entries import HEAD, META, Decoded, decode, reason_of, where_of, without_duplicates
from levamen.adapters.fhir_extensions import URL, BadExtensionError, is_ours, read
from levamen.adapters.fhir_identity import read_identity
from levamen.adapters.fhir_input import TYPES_OF_BUNDLES, open_bundle
from levamen.record.completeness import Completeness
from levamen.record.facts import Lab, Person, Procedure, Record
from levamen.record.timeline import When

__all__ = ["parse_complete", "read_bundle"]

_Reader = Callable[[Any, str, str, Context], None]


class _Kind(Struct, frozen=True):
    decoder: msgspec.json.Decoder[Any]
    read: _Reader | None
    only_ours: bool = False


def _kind(shape: type[Struct], reader: _Reader | None, *, only_ours: bool = False) -> _Kind:
    return _Kind(msgspec.json.Decoder(shape), reader, only_ours)


# In the order in which they are read: pains before procedures, procedures before what is said about them.
KINDS: dict[str, _Kind] = {
    "Patient": _kind(fhir_types.Patient, None),
    "Coverage": _kind(fhir_types.Coverage, lambda r, k, w, c: fhir_person.read_coverage(r, w, c)),
    "List": _kind(fhir_types.ListResource, lambda r, k, w, c: fhir_person.read_list(r, w, c)),
    "Condition": _kind(fhir_types.Condition, fhir_conditions.read_condition),
    "AllergyIntolerance": _kind(fhir_types.AllergyIntolerance, fhir_conditions.read_allergy),
    "Procedure": _kind(fhir_types.Procedure, fhir_procedures.read_procedure),
    "ServiceRequest": _kind(fhir_types.ServiceRequest, fhir_procedures.read_request),
    "MedicationRequest": _kind(fhir_types.MedicationRequest, fhir_medications.read_request),
    "MedicationStatement": _kind(fhir_types.MedicationStatement, fhir_medications.read_statement),
    "MedicationAdministration": _kind(fhir_types.MedicationAdministration, fhir_medications.read_administration),
    "Observation": _kind(fhir_types.Observation, fhir_observations.read_observation),
    "QuestionnaireResponse": _kind(fhir_types.QuestionnaireResponse, fhir_observations.read_response),
    "Device": _kind(fhir_types.Device, fhir_others.read_device, only_ours=True),
    "DocumentReference": _kind(fhir_types.DocumentReference, fhir_others.read_document, only_ours=True),
    "AdverseEvent": _kind(fhir_types.AdverseEvent, fhir_others.read_event, only_ours=True),
    "Goal": _kind(fhir_types.Goal, fhir_others.read_goal, only_ours=True),
    "Basic": _kind(fhir_types.Basic, fhir_others.read_intake, only_ours=True),
}


class RecordHead(Struct, frozen=True, kw_only=True):
    """What a record says of itself; in our own bundles these are extensions of the Patient."""

    id: str | None = None
    zone: str | None = None
    recorded: When | None = None
    as_of: When | None = None


def read_bundle(data: bytes, origin: str, complete: tuple[Completeness, ...] = ()) -> Reading:
    """The record in a FHIR R4 Bundle (JSON, plain or gzipped), with the balance of the import.

    `complete` is what the user declares complete; it is added to what the bundle itself declares. Raises UnusableInput
    with one sentence if there is no single patient to read about.
    """
    bundle = open_bundle(data)
    ctx = Context()
    if bundle.type not in TYPES_OF_BUNDLES:
        ctx.warn("Bundle", f"type '{bundle.type or 'none'}' is no type of Bundle; its entries are read all the same")
    decoded = without_duplicates(decode(bundle.entry, KINDS, ctx), ctx)
    patient = _the_patient(decoded.pop("Patient", []), ctx)
    person = _read_person(patient, ctx)
    identity = read_identity(patient.raw, where_of(patient), ctx)
    for kind in KINDS:
        for item in decoded.get(kind, ()):
            _read_one(item, ctx)
    for item in decoded.get("Medication", ()):
        if item.key in ctx.used:
            ctx.fates["accepted"] += 1
        else:
            ctx.settle("ignored", "Medication", where_of(item), "no entry that is read points to it")
    record = _record(bundle, patient, person, complete, ctx)
    refused = {_SECTIONS[kind] for kind in _SECTIONS if ctx.rejected_any(kind)} | ctx.unread
    completeness, opened_again = opened(record.completeness, refused)
    record = msgspec.structs.replace(record, completeness=completeness)
    for issue in opened_again:
        ctx.warn(issue.where, issue.what)
    accepted, ignored, rejected = (ctx.fates[fate] for fate in ("accepted", "ignored", "rejected"))
    balance = Balance(
        items=len(bundle.entry), accepted=accepted, ignored=ignored, rejected=rejected, issues=ctx.issues()
    )
    return Reading(record=record, balance=balance, origin=origin, identity=identity)


_SECTIONS = {
    "Procedure": "procedures",
    "Condition": "problems",
    "AllergyIntolerance": "allergies",
    "MedicationStatement": "medications",
    "MedicationRequest": "medications",
}
"""The section that a resource belongs to, for what a rejected one leaves open."""


# ---- the patient


def _the_patient(patients: list[Decoded], ctx: Context) -> Decoded:
    if len(patients) > 1:
        names = ", ".join(where_of(item) for item in patients[:3])
        raise UnusableInput(f"The Bundle is about {len(patients)} patients ({names}); give one Bundle for each.")
    if not patients:
        raise UnusableInput("The Bundle holds no Patient that can be read, so nobody can be assessed.")
    return patients[0]


def _read_person(item: Decoded, ctx: Context) -> Person:
    ctx.is_patient(item.resource, item.key, item.full_url)
    ctx.own = "person" if is_ours(item.resource.meta) else None
    try:
        _check_modifiers(item.resource)
        person = fhir_person.read_patient(item.resource, where_of(item), ctx)
    except (Refused, BadExtensionError) as error:
        raise UnusableInput(f"The Patient of the Bundle cannot be used: it {error}.") from None
    finally:
        ctx.own = None
    ctx.fates["accepted"] += 1
    return person


# ---- reading one resource


def _read_one(item: Decoded, ctx: Context) -> None:
    where, resource = where_of(item), item.resource
    reader = KINDS[item.kind].read
    if reader is None:
        return
    ctx.own = _own_section(resource.meta)
    before = len(ctx.facts), len(ctx.requests)
    try:
        _check_modifiers(resource)
        ctx.contained = _contained(resource)
        reader(resource, item.key, where, ctx)
    except NotUsed as outcome:
        ctx.settle("ignored", item.kind, where, str(outcome), detail=outcome.detail)
    except (Refused, BadDateError, BadExtensionError) as error:
        ctx.forget(*before)
        ctx.settle("rejected", item.kind, where, str(error))
    except ArithmeticError:
        ctx.forget(*before)
        ctx.settle("rejected", item.kind, where, "holds a number or a date that is out of range")
    else:
        ctx.fates["accepted"] += 1
        _unused_contained(item.kind, ctx)
    finally:
        ctx.own = None


def _own_section(meta: Raw) -> str | None:
    """The section of docs/fhir.md a resource follows, by its profile `urn:levamen:fhir:1:<section>`."""
    if not is_ours(meta):
        return None
    try:
        profiles = META.decode(meta).profile
    except msgspec.MsgspecError:
        return None
    return next((profile.removeprefix(URL) for profile in profiles if profile.startswith(URL)), None)


def _check_modifiers(resource: fhir_types.Resource) -> None:
    if resource.modifier_extension and bytes(resource.modifier_extension).strip() != b"[]":
        raise Refused("carries a modifier extension, which may change what it says")
    if resource.implicit_rules:
        raise Refused("follows implicit rules that are not known here")


def _contained(resource: fhir_types.Resource) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for raw in resource.contained:
        try:
            id = HEAD.decode(raw).id
        except (msgspec.MsgspecError, RecursionError):
            continue
        if id:
            found[id] = raw
    return found


def _unused_contained(kind: str, ctx: Context) -> None:
    for id, raw in ctx.contained.items():
        inner = HEAD.decode(raw).resource_type or ""
        if inner in KINDS and f"#{id}" not in ctx.used:
            ctx.group("warning", kind, f"contains a {inner} that is not read; give it as an entry of its own")
        ctx.used.discard(f"#{id}")


# ---- the record


def _record(
    bundle: fhir_types.Bundle, patient: Decoded, person: Person, complete: tuple[Completeness, ...], ctx: Context
) -> Record:
    said = read(patient.resource.extension, RecordHead)
    recorded = said.get("recorded") or _moment(bundle, ctx)
    facts = [ctx.joined(fact) if isinstance(fact, Procedure) else fact for fact in ctx.facts]
    if ctx.open_ended:
        facts = [_ended(fact, ctx.latest) if fact.id in ctx.open_ended else fact for fact in facts]
    if fhir_person.is_dead(patient.resource, person):
        first = person.birth_date.first if person.birth_date is not None else None
        last = ctx.latest.last if ctx.latest is not None else first
        if first is not None and last is not None and first <= last:
            person = msgspec.structs.replace(person, died=When(first, last))
            ctx.warn(where_of(patient), "has died; the date is not given")
        else:
            raise UnusableInput("The patient has died on a date that cannot be placed; nothing is assessed.")
    if not is_ours(patient.resource.meta):
        person = fhir_person.measured(person, [fact for fact in facts if isinstance(fact, Lab)])
    return Record(
        id=said.get("id") or fhir_person.record_id(patient.resource, patient.full_url),
        zone=said.get("zone"),
        recorded=recorded,
        as_of=said.get("as_of"),
        person=person,
        payers=tuple(ctx.payers),
        completeness=(*ctx.completeness, *(_declared(entry, recorded, ctx) for entry in complete)),
        facts=tuple(facts),
        requests=tuple(ctx.with_agents(request) for request in ctx.requests),
    )


def _moment(bundle: fhir_types.Bundle, ctx: Context) -> When | None:
    """When the bundle was put together, if it says so."""
    try:
        return when(bundle.timestamp or (META.decode(bundle.meta).last_updated if bundle.meta else None))
    except (BadDateError, msgspec.MsgspecError) as error:
        ctx.warn("Bundle", f"does not say when it was made: {reason_of(error)}")
        return None


def _declared(entry: Completeness, recorded: When | None, ctx: Context) -> Completeness:
    """A declaration of the user; one without an end reaches to the date of the bundle, else to its latest event."""
    told = f"{entry.kind} from {entry.start}" if entry.start is not None else entry.kind
    if entry.start is not None and entry.end is None:
        entry = msgspec.structs.replace(entry, end=recorded or ctx.latest)
        told += f" to {entry.end}" if entry.end is not None else ""
    ctx.warn("completeness", f"{told}: {entry.source or DECLARED}")
    return entry


def _ended(fact: Any, latest: When | None) -> Any:
    """A medication that has ended at an unknown date: some day from its start to the latest event of the bundle."""
    start = fact.start
    if start is None or latest is None:
        return fact
    return msgspec.structs.replace(fact, end=When(start.first, max(latest.last, start.last)))
