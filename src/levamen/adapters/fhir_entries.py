"""The entries of a Bundle, decoded and without repetition; what is not read gets its fate here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Raw, Struct

from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_dates import BadDateError, when
from levamen.adapters.fhir_input import LooseEntry, type_of
from levamen.adapters.fhir_types import Head, Meta

# Resource types of older versions, and what R4 calls them.
_OLD_TYPES = {
    "MedicationOrder": "MedicationRequest",
    "MedicationPrescription": "MedicationRequest",
    "ProcedureRequest": "ServiceRequest",
    "DiagnosticOrder": "ServiceRequest",
    "ReferralRequest": "ServiceRequest",
    "DeviceUseRequest": "DeviceRequest",
}
HEAD = msgspec.json.Decoder(Head)
META = msgspec.json.Decoder(Meta)
_ENTRY = msgspec.json.Decoder(LooseEntry)
_OURS = b"urn:levamen:"
_LINE_BREAKS = str.maketrans("\n\r", "  ")


class Shape(Protocol):
    """How a resource type is decoded; `only_ours` types are read where they use our codes or extensions."""

    @property
    def decoder(self) -> msgspec.json.Decoder[Any]: ...

    @property
    def only_ours(self) -> bool: ...


class Decoded(Struct):
    """An entry that fits the struct of its type."""

    number: int
    kind: str
    resource: Any
    raw: Raw
    full_url: str | None
    key: str = ""


def decode(entries: tuple[Raw, ...], kinds: Mapping[str, Shape], ctx: Context) -> dict[str, list[Decoded]]:
    """Every entry that is read, by type; the others get their fate here."""
    found: dict[str, list[Decoded]] = {}
    for number, raw in enumerate(entries):
        try:
            entry = _ENTRY.decode(raw)
            if entry.request is not None and entry.request.method == "DELETE":
                ctx.settle("ignored", "entry", "", "deletes a resource")
                continue
            if len(entry.resource) < 5 and bytes(entry.resource) in (b"", b"null"):
                ctx.settle("ignored", "entry", "", "without a resource")
                continue
            kind = type_of(entry.resource)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            ctx.settle("rejected", "entry", f"entry {number}", f"cannot be read: {reason_of(error)}")
            continue
        item = _one(kind, number, entry, kinds, ctx)
        if item is not None:
            found.setdefault(item.kind, []).append(item)
    return found


def _one(kind: str | None, number: int, entry: LooseEntry, kinds: Mapping[str, Shape], ctx: Context) -> Decoded | None:
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
            head = HEAD.decode(entry.resource)
        except (msgspec.MsgspecError, RecursionError) as error:
            ctx.settle("rejected", kind, where, f"cannot be read: {reason_of(error)}")
            return None
        return Decoded(number, kind, head, entry.resource, entry.full_url)
    elif kind not in kinds or (kinds[kind].only_ours and _OURS not in bytes(entry.resource)):
        ctx.settle("ignored", kind[:64], "", "not used")
    else:
        try:
            resource = kinds[kind].decoder.decode(entry.resource)
            return Decoded(number, kind, resource, entry.resource, entry.full_url)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError) as error:
            ctx.settle("rejected", kind, f"{kind} in {where}", _misfit(kind, entry.resource, error))
    return None


def _misfit(kind: str, raw: Raw, error: Exception) -> str:
    """Why a resource does not fit, with a hint where its shape is that of another version."""
    reason = reason_of(error)
    if any(f"$.{name}" in reason for name in ("clinicalStatus", "verificationStatus")) and "got `str`" in reason:
        return f"{reason}: a status as plain text is FHIR STU3 or older; R4 has a CodeableConcept"
    if "got `array`" in reason or "got `object`" in reason:
        return f"{reason}: the shape is not that of FHIR R4"
    return reason


def reason_of(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text"
    return str(error).translate(_LINE_BREAKS)[:200]


def without_duplicates(found: dict[str, list[Decoded]], ctx: Context) -> dict[str, list[Decoded]]:
    """Resources without repetition. Of several versions the newest is read where each says when it was updated."""
    addresses: dict[str, Decoded] = {}
    kept: dict[str, list[Decoded]] = {}
    for kind, items in found.items():
        versions: dict[str, list[Decoded]] = {}
        for item in items:
            name = f"{kind}/{item.resource.id}" if item.resource.id else item.full_url or f"#{item.number}"
            versions.setdefault(name, []).append(item)
        for same in versions.values():
            newest = _newest(same, ctx)
            if newest is None:
                continue
            item = newest
            if item.full_url and addresses.setdefault(item.full_url, item) is not item:
                ctx.settle("rejected", kind, where_of(item), f"fullUrl {item.full_url[:80]} stands twice")
                continue
            item.key = ctx.register(kind, item.resource.id, item.full_url)
            kept.setdefault(kind, []).append(item)
            if kind == "Medication":
                ctx.medications[item.key] = item.raw
    return kept


def _newest(same: list[Decoded], ctx: Context) -> Decoded | None:
    if len(same) == 1:
        return same[0]
    kind, where = same[0].kind, where_of(same[0])
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


def _updated(item: Decoded) -> str | None:
    meta = getattr(item.resource, "meta", b"")
    try:
        at = when(META.decode(meta).last_updated) if meta else None
    except (msgspec.MsgspecError, BadDateError):
        return None
    return at.at.timestamp().__format__("020.6f") if at is not None and at.at is not None else None


def where_of(item: Decoded) -> str:
    return f"{item.kind}/{item.resource.id}" if item.resource.id else f"{item.kind} in entry {item.number}"
