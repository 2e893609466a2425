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
from levamen.adapters.balance import Balance, Reading, UnusableInput
from levamen.adapters.completeness_text import DECLARED, parse_complete
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import BadDateError, when
from levamen.adapters.fhir_extensions import URL, BadExtensionError, is_ours, read
from levamen.adapters.fhir_input import TYPES_OF_BUNDLES, LooseEntry, open_bundle, type_of
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
_KINDS: dict[str, _Kind] = {
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
}
# Resource types of older versions, and what R4 calls them.
_OLD_TYPES = {
    "MedicationOrder": "MedicationRequest",
    "MedicationPrescription": "MedicationRequest",
    "ProcedureRequest": "ServiceRequest",
    "DiagnosticOrder": "ServiceRequest",
    "ReferralRequest": "ServiceRequest",
    "DeviceUseRequest": "DeviceRequest",
}
_HEAD = msgspec.json.Decoder(fhir_types.Head)
_ENTRY = msgspec.json.Decoder(LooseEntry)
_META = msgspec.json.Decoder(fhir_types.Meta)
_LINE_BREAKS = str.maketrans("\n\r", "  ")


class RecordHead(Struct, frozen=True, kw_only=True):
    """What a record says of itself; in our own bundles these are extensions of the Patient."""

    id: str | None = None
    zone: str | None = None
    recorded: When | None = None
    as_of: When | None = None


class _Decoded(Struct):
    """An entry that fits the struct of its type."""

    number: int
    kind: str
    resource: Any
    raw: Raw
    full_url: str | None
    key: str = ""


def read_bundle(data: bytes, origin: str, complete: tuple[Completeness, ...] = ()) -> Reading:
    """The record in a FHIR R4 Bundle (JSON, plain or gzipped), with the balance of the import.

    `complete` is what the user declares complete; it is added to what the bundle itself declares. Raises UnusableInput
    with one sentence if there is no single patient to read about.
    """
    bundle = open_bundle(data)
    ctx = Context()
    if bundle.type not in TYPES_OF_BUNDLES:
        ctx.warn("Bundle", f"type '{bundle.type or 'none'}' is no type of Bundle; its entries are read all the same")
    decoded = _without_duplicates(_decode(bundle.entry, ctx), ctx)
    patient = _the_patient(decoded.pop("Patient", []), ctx)
    person = _read_person(patient, ctx)
    for kind in _KINDS:
        for item in decoded.get(kind, ()):
            _read_one(item, ctx)
    for item in decoded.get("Medication", ()):
        if item.key in ctx.used:
            ctx.fates["accepted"] += 1
        else:
            ctx.settle("ignored", "Medication", _where(item), "no entry that is read points to it")
    record = _record(bundle, patient, person, complete, ctx)
    accepted, ignored, rejected = (ctx.fates[fate] for fate in ("accepted", "ignored", "rejected"))
    balance = Balance(
        items=len(bundle.entry), accepted=accepted, ignored=ignored, rejected=rejected, issues=ctx.issues()
    )
    return Reading(record=record, balance=balance, origin=origin)


# ---- decoding


def _decode(entries: tuple[Raw, ...], ctx: Context) -> dict[str, list[_Decoded]]:
    """Every entry that is read, by type; the others get their fate here."""
    found: dict[str, list[_Decoded]] = {}
    for number, raw in enumerate(entries):
        try:
            entry = _ENTRY.decode(raw)
            if entry.request is not None and entry.request.method == "DELETE":
                ctx.settle("ignored", "entry", "", "deletes a resource")
                continue
            if not entry.resource or bytes(entry.resource) == b"null":
                ctx.settle("ignored", "entry", "", "without a resource")
                continue
            kind = type_of(entry.resource)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            ctx.settle("rejected", "entry", f"entry {number}", f"cannot be read: {_reason(error)}")
            continue
        item = _one(kind, number, entry, ctx)
        if item is not None:
            found.setdefault(item.kind, []).append(item)
    return found


def _one(kind: str | None, number: int, entry: LooseEntry, ctx: Context) -> _Decoded | None:
    where = f"entry {number}"
    if not kind:
        ctx.settle("rejected", "entry", where, "has no resourceType")
    elif kind in _OLD_TYPES:
        reason = f"{kind} is FHIR STU3 or older; R4 has {_OLD_TYPES[kind]}"
        ctx.settle("rejected", kind, where, reason)
    elif kind == "Bundle":
        ctx.settle("rejected", kind, where, "is a Bundle inside a Bundle; give it as an input of its own")
    elif kind == "Medication":
        try:
            head = _HEAD.decode(entry.resource)
        except (msgspec.MsgspecError, RecursionError) as error:
            ctx.settle("rejected", kind, where, f"cannot be read: {_reason(error)}")
            return None
        return _Decoded(number, kind, head, entry.resource, entry.full_url)
    elif kind not in _KINDS or (_KINDS[kind].only_ours and not is_ours(entry.resource)):
        ctx.settle("ignored", kind[:64], "", "not used")
    else:
        try:
            resource = _KINDS[kind].decoder.decode(entry.resource)
            return _Decoded(number, kind, resource, entry.resource, entry.full_url)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError) as error:
            ctx.settle("rejected", kind, f"{kind} in {where}", _misfit(kind, entry.resource, error))
    return None


def _misfit(kind: str, raw: Raw, error: Exception) -> str:
    """Why a resource does not fit, with a hint where its shape is that of another version."""
    reason = _reason(error)
    if any(f"$.{name}" in reason for name in ("clinicalStatus", "verificationStatus")) and "got `str`" in reason:
        return f"{reason}: a status as plain text is FHIR STU3 or older; R4 has a CodeableConcept"
    if "got `array`" in reason or "got `object`" in reason:
        return f"{reason}: the shape is not that of FHIR R4"
    return reason


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text"
    return str(error).translate(_LINE_BREAKS)[:200]


# ---- duplicates and the patient


def _without_duplicates(found: dict[str, list[_Decoded]], ctx: Context) -> dict[str, list[_Decoded]]:
    """Resources without repetition. Of several versions the newest is read where each says when it was updated."""
    addresses: dict[str, _Decoded] = {}
    kept: dict[str, list[_Decoded]] = {}
    for kind, items in found.items():
        versions: dict[str, list[_Decoded]] = {}
        for item in items:
            name = f"{kind}/{item.resource.id}" if item.resource.id else item.full_url or f"#{item.number}"
            versions.setdefault(name, []).append(item)
        for same in versions.values():
            newest = _newest(same, ctx)
            if newest is None:
                continue
            item = newest
            if item.full_url and addresses.setdefault(item.full_url, item) is not item:
                ctx.settle("rejected", kind, _where(item), f"fullUrl {item.full_url[:80]} stands twice")
                continue
            item.key = ctx.register(kind, item.resource.id, item.full_url)
            kept.setdefault(kind, []).append(item)
            if kind == "Medication":
                ctx.medications[item.key] = item.raw
    return kept


def _newest(same: list[_Decoded], ctx: Context) -> _Decoded | None:
    if len(same) == 1:
        return same[0]
    kind, where = same[0].kind, _where(same[0])
    first = bytes(same[0].raw)
    if all(bytes(item.raw) == first for item in same[1:]):
        for _ in same[1:]:
            ctx.settle("ignored", kind, where, "the same resource again")
        return same[0]
    dated = [(_updated(item), item) for item in same]
    times = [at for at, _ in dated if at is not None]
    if len(set(times)) == len(same):
        newest = max(dated, key=lambda pair: pair[0] or "")[1]
        for item in same:
            if item is not newest:
                ctx.settle("ignored", kind, where, "an older version of a resource that is here too")
        return newest
    for item in same:
        reason = "stands several times with different contents, and nothing says which is current"
        ctx.settle("rejected", kind, f"{where} (entry {item.number})", reason)
    return None


def _updated(item: _Decoded) -> str | None:
    meta = getattr(item.resource, "meta", b"")
    try:
        at = when(_META.decode(meta).last_updated) if meta else None
    except (msgspec.MsgspecError, BadDateError):
        return None
    return at.at.timestamp().__format__("020.6f") if at is not None and at.at is not None else None


def _the_patient(patients: list[_Decoded], ctx: Context) -> _Decoded:
    if len(patients) > 1:
        names = ", ".join(_where(item) for item in patients[:3])
        raise UnusableInput(f"The Bundle is about {len(patients)} patients ({names}); give one Bundle for each.")
    if not patients:
        raise UnusableInput("The Bundle holds no Patient that can be read, so nobody can be assessed.")
    return patients[0]


def _read_person(item: _Decoded, ctx: Context) -> Person:
    ctx.is_patient(item.resource, item.key, item.full_url)
    ctx.own = "person" if is_ours(item.resource.meta) else None
    try:
        _check_modifiers(item.resource)
        person = fhir_person.read_patient(item.resource, _where(item), ctx)
    except (Refused, BadExtensionError) as error:
        raise UnusableInput(f"The Patient of the Bundle cannot be used: it {error}.") from None
    finally:
        ctx.own = None
    ctx.fates["accepted"] += 1
    return person


# ---- reading one resource


def _read_one(item: _Decoded, ctx: Context) -> None:
    where, resource = _where(item), item.resource
    reader = _KINDS[item.kind].read
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
        profiles = _META.decode(meta).profile
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
            id = _HEAD.decode(raw).id
        except (msgspec.MsgspecError, RecursionError):
            continue
        if id:
            found[id] = raw
    return found


def _unused_contained(kind: str, ctx: Context) -> None:
    for id, raw in ctx.contained.items():
        inner = _HEAD.decode(raw).resource_type or ""
        if inner in _KINDS and f"#{id}" not in ctx.used:
            ctx.group("warning", kind, f"contains a {inner} that is not read; give it as an entry of its own")
        ctx.used.discard(f"#{id}")


def _where(item: _Decoded) -> str:
    return f"{item.kind}/{item.resource.id}" if item.resource.id else f"{item.kind} in entry {item.number}"


# ---- the record


def _record(
    bundle: fhir_types.Bundle, patient: _Decoded, person: Person, complete: tuple[Completeness, ...], ctx: Context
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
            ctx.warn(_where(patient), "has died; the date is not given")
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
        requests=tuple(ctx.requests),
    )


def _moment(bundle: fhir_types.Bundle, ctx: Context) -> When | None:
    """When the bundle was put together, if it says so."""
    try:
        return when(bundle.timestamp or (_META.decode(bundle.meta).last_updated if bundle.meta else None))
    except (BadDateError, msgspec.MsgspecError) as error:
        ctx.warn("Bundle", f"does not say when it was made: {_reason(error)}")
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
