"""Who the patient is, in the elements of a FHIR Patient: written, and read apart from the facts.

It is read from the resource on its own, so that a name nobody can read costs the name and not the patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import Raw

from levamen.adapters.fhir_conditions import code_of
from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_elements import Json
from levamen.adapters.fhir_types import Concept, Element, Identifier
from levamen.adapters.identity import Address, ContactPerson, Identity

_MR: Json = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
_GONE = ("old", "maiden", "anonymous")
"""Uses of a name, number or address that is not the patient's now."""


class _Name(Element, frozen=True):
    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str, ...] = ()


class _Telecom(Element, frozen=True):
    system: str | None = None
    value: str | None = None
    use: str | None = None
    rank: int | None = None


class _Address(Element, frozen=True):
    use: str | None = None
    text: str | None = None
    line: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Contact(Element, frozen=True):
    relationship: tuple[Concept, ...] = ()
    name: _Name | None = None
    telecom: tuple[_Telecom, ...] = ()


class _Patient(Element, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    name: tuple[_Name, ...] = ()
    telecom: tuple[_Telecom, ...] = ()
    address: tuple[_Address, ...] = ()
    contact: tuple[_Contact, ...] = ()


class _Used(Protocol):
    @property
    def use(self) -> str | None: ...


_DECODER = msgspec.json.Decoder(_Patient)
_Any = TypeVar("_Any", bound=_Used)


# ---- read


def read_identity(raw: Raw, where: str, ctx: Context) -> Identity | None:
    """Who the patient is; None where nothing of it is said. What is left out, or cannot be read, is told."""
    try:
        patient = _DECODER.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError):
        ctx.warn(where, "name, number or address is not written as in FHIR R4; they are not read")
        return None
    name = _first(patient.name, "names", where, ctx)
    mrn = _number(patient.identifier, where, ctx)
    found: dict[str, Any] = {
        "family": _text(name.family) if name else None,
        "given": _texts(name.given) if name else (),
        "mrn": mrn.value if mrn else None,
        "mrn_system": _text(mrn.system) if mrn else None,
        "phone": _reached(patient.telecom, "phone", "telephone numbers", where, ctx),
        "email": _reached(patient.telecom, "email", "e-mail addresses", where, ctx),
        "address": _address(_first(patient.address, "addresses", where, ctx)),
        "contact": _contact(patient.contact, where, ctx),
    }
    if name is not None and not (found["family"] or found["given"]):
        found["full_name"] = _text(name.text)
    return Identity(**found) if any(found.values()) else None


def _number(identifiers: tuple[Identifier, ...], where: str, ctx: Context) -> Identifier | None:
    """The one medical record number. Which of several is meant nobody can tell."""
    numbers = [i for i in identifiers if _text(i.value) and code_of(i.type) == "MR" and i.use not in _GONE]
    usual = [i for i in numbers if i.use in ("usual", "official")]
    for found in (numbers, usual):
        if len({(i.system, i.value) for i in found}) == 1:
            return found[0]
    if numbers:
        ctx.warn(where, f"has {len(numbers)} medical record numbers; none of them is chosen")
    return None


def _first(found: Sequence[_Any], what: str, where: str, ctx: Context) -> _Any | None:
    """The official one, else the usual one, else the first that is in use. Others are told."""
    current = [one for one in found if one.use not in _GONE]
    order = {"official": 0, "usual": 1, "home": 1}
    chosen = sorted(current, key=lambda one: order.get(one.use or "", 2))
    if len(chosen) > 1:
        ctx.warn(where, f"has {len(chosen)} {what}; one is read")
    return chosen[0] if chosen else None


def _reached(found: tuple[_Telecom, ...], system: str, what: str, where: str, ctx: Context) -> str | None:
    points = [point for point in found if point.system == system and point.use not in _GONE and _text(point.value)]
    points.sort(key=lambda point: point.rank if point.rank is not None else 99)
    if len(points) > 1:
        ctx.warn(where, f"has {len(points)} {what}; one is read")
    return _text(points[0].value) if points else None


def _address(found: _Address | None) -> Address | None:
    if found is None:
        return None
    parts: dict[str, Any] = {
        "lines": _texts(found.line),
        "city": _text(found.city),
        "state": _text(found.state),
        "postal_code": _text(found.postal_code),
        "country": _text(found.country),
    }
    if not any(parts.values()):
        parts["text"] = _text(found.text)
    return Address(**parts) if any(parts.values()) else None


def _contact(found: tuple[_Contact, ...], where: str, ctx: Context) -> ContactPerson | None:
    if not found:
        return None
    if len(found) > 1:
        ctx.warn(where, f"has {len(found)} persons to call; the first is read")
    first = found[0]
    name = first.name
    in_parts = " ".join(_texts((*name.given, name.family or ""))) if name else ""
    relationship = next((concept for concept in first.relationship), None)
    words = (
        relationship.text or next((c.display or c.code for c in relationship.coding), None) if relationship else None
    )
    parts = {
        "name": (_text(name.text) if name else None) or in_parts or None,
        "relationship": _text(words),
        "phone": next((_text(point.value) for point in first.telecom if point.system == "phone"), None),
    }
    return ContactPerson(**parts) if any(parts.values()) else None


def _text(value: str | None) -> str | None:
    return value if value and value.strip() else None


def _texts(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value.strip())


# ---- written


def write_identity(identity: Identity) -> Json:
    """The elements of a Patient that say who it is; `identifier` is to stand beside others."""
    who = identity
    name = {"use": "official", "family": who.family, "given": list(who.given), "text": who.full_name}
    reached = (("phone", who.phone), ("email", who.email))
    number = {"use": "usual", "type": _MR, "system": who.mrn_system, "value": who.mrn}
    address = who.address
    where = {
        "line": list(address.lines),
        "city": address.city,
        "state": address.state,
        "postalCode": address.postal_code,
        "country": address.country,
        "text": address.text,
    } if address else {}  # fmt: skip
    return {
        "identifier": [_said(number)] if who.mrn else [],
        "name": [_said(name)] if who.family or who.given or who.full_name else [],
        "telecom": [{"system": system, "value": value} for system, value in reached if value],
        "address": [_said(where)] if where else [],
        "contact": [_person(who.contact)] if who.contact else [],
    }


def _person(contact: ContactPerson) -> Json:
    return _said(
        {
            "relationship": [{"text": contact.relationship}] if contact.relationship else None,
            "name": {"text": contact.name} if contact.name else None,
            "telecom": [{"system": "phone", "value": contact.phone}] if contact.phone else None,
        }
    )


def _said(element: Json) -> Json:
    return {name: value for name, value in element.items() if value not in (None, [], {})}
