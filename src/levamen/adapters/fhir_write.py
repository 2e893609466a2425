"""A record as a FHIR R4 Bundle, so that reading it back gives the same record (docs/fhir.md).

Standard elements come first. The bundle is then read back by our own reader, and every field that did not survive
is added as one of our extensions: what the elements of FHIR cannot carry is found, not listed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from levamen.adapters import fhir_extensions
from levamen.adapters.fhir import RecordHead, read_bundle
from levamen.adapters.fhir_dates import text_of
from levamen.adapters.fhir_elements import Json, coding, concept, span
from levamen.adapters.fhir_extensions import URL
from levamen.adapters.fhir_identity import write_identity
from levamen.adapters.fhir_resources import WRITERS
from levamen.adapters.fhir_write_medications import administered, planned
from levamen.adapters.identity import Identity
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, FunctionChange, Pain, Payer, Person, Procedure, Record, Relief, Request
from levamen.record.timeline import When

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_RELIEF = "urn:levamen:fhir:1:relief"


class _Bundle:
    """The resources written so far, each with the address that others point to."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.entries: list[Json] = []
        self.patient: Json = {"reference": self._address("Patient", record.id)}
        self._ids: set[tuple[str, str]] = set()
        self._referred = {
            ("Condition" if isinstance(fact, Pain) else "Procedure", fact.id)
            for fact in record.facts
            if isinstance(fact, Pain | Procedure)
        } | {("ServiceRequest", request.id) for request in record.requests}

    def _address(self, kind: str, id: str) -> str:
        """A stable address within the bundle."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:levamen:record:{self.record.id}:{kind}:{id}')}"

    def to(self, kind: str, id: str | None) -> list[Json]:
        """The reference to the resource of a fact; none if the record has no such fact."""
        return [{"reference": self._address(kind, id)}] if id is not None and (kind, id) in self._referred else []

    def add(self, kind: str, id: str, profile: str, body: Json, *, subject: str | None = "subject") -> Json:
        """Add a resource; an id that FHIR does not allow is kept in an extension."""
        short = re.sub(r"[^A-Za-z0-9.-]", "-", id)[:64] or "x"
        number = 2
        allowed = short
        while (kind, allowed) in self._ids:
            allowed, number = f"{short[:58]}-{number}", number + 1
        self._ids.add((kind, allowed))
        resource: Json = {"resourceType": kind, "id": allowed, "meta": {"profile": [URL + profile]}}
        if allowed != id:
            extend(resource, [fhir_extensions.write("id", id)])
        if subject is not None:
            resource[subject] = self.patient
        resource |= {name: value for name, value in body.items() if value not in (None, [], {})}
        self.entries.append({"fullUrl": self._address(kind, id), "resource": resource})
        return resource

    def encoded(self) -> bytes:
        bundle: Json = {"resourceType": "Bundle", "type": "collection"}
        made = self.record.recorded
        if made is not None and made.at is not None:
            bundle["timestamp"] = text_of(made)
        bundle["entry"] = self.entries
        return _ENCODER.encode({name: value for name, value in bundle.items() if value is not None})


def extend(resource: Json, extensions: Iterable[fhir_extensions.Extension]) -> None:
    """Add extensions to a resource."""
    found = [msgspec.to_builtins(extension, builtin_types=(Decimal,)) for extension in extensions]
    if found:
        resource.setdefault("extension", []).extend(found)


def bundle_of(record: Record, identity: Identity | None = None) -> bytes:
    """The record as a Bundle of type `collection`, with who the patient is if given. Same record, same bytes."""
    bundle = _Bundle(record)
    person = _write_person(bundle, record, identity)
    payers = [_write_payer(bundle, number, payer) for number, payer in enumerate(record.payers)]
    for number, entry in enumerate(record.completeness):
        _write_completeness(bundle, number, entry)
    written: list[tuple[Fact, Json, dict[str, list[Json]]]] = []
    for fact in (*record.facts, *record.requests):
        kind, profile, subject, body = WRITERS[type(fact)](fact, bundle)
        resource = bundle.add(kind, fact.id, profile, body, subject=subject)
        parts = _write_parts(bundle, fact) if isinstance(fact, Procedure) else {}
        written.append((fact, resource, parts))
    _complete(bundle, record, person, payers, written)
    return bundle.encoded()


def _complete(
    bundle: _Bundle,
    record: Record,
    person: Json,
    payers: list[Json],
    written: list[tuple[Fact, Json, dict[str, list[Json]]]],
) -> None:
    """Read the bundle back and add what is missing as extensions."""
    back = read_bundle(bundle.encoded(), "read back").record
    extend(person, _differences(record.person, back.person, Person))
    head, head_back = (RecordHead(id=r.id, zone=r.zone, recorded=r.recorded, as_of=r.as_of) for r in (record, back))
    extend(person, _differences(head, head_back, RecordHead))
    for payer, payer_back, resource in zip(record.payers, back.payers, payers, strict=True):
        extend(resource, _differences(payer, payer_back, Payer))
    found: dict[tuple[type[Fact], str], Fact] = {(type(f), f.id): f for f in (*back.facts, *back.requests)}
    for fact, resource, parts in written:
        twin = found[type(fact), fact.id]
        extend(resource, _differences(fact, twin, type(fact), leave=tuple(parts)))
        for name, resources in parts.items():
            pairs = zip(getattr(fact, name), getattr(twin, name), resources, strict=True)
            for part, part_back, part_resource in pairs:
                extend(part_resource, _differences(part, part_back, type(part)))


def _differences(
    wanted: Any, got: Any, kind: type[msgspec.Struct], leave: tuple[str, ...] = ()
) -> list[fhir_extensions.Extension]:
    """Extensions for the fields of `wanted` that `got` does not have."""
    names = [name for name in kind.__struct_fields__ if name not in leave]
    return [
        fhir_extensions.write(name, getattr(wanted, name))
        for name in names
        if getattr(wanted, name) != getattr(got, name)
    ]


# ---- the person, who pays, completeness


def _write_person(bundle: _Bundle, record: Record, identity: Identity | None) -> Json:
    person = record.person
    born = person.birth_date
    body: Json = {
        "identifier": [{"system": "urn:levamen:record", "value": record.id}],
        "gender": person.sex,
        "birthDate": text_of(born) if born is not None and born.at is None else None,
        "deceasedDateTime": text_of(person.died),
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": person.language}]}}]
        if person.language
        else None,
    }
    if identity is not None:
        said = write_identity(identity)
        body |= said | {"identifier": [*body["identifier"], *said["identifier"]]}
    return bundle.add("Patient", record.id, "person", body, subject=None)


def _write_payer(bundle: _Bundle, number: int, payer: Payer) -> Json:
    plan = {"type": {"coding": [{"system": _CLASSES, "code": "plan"}]}, "value": payer.plan}
    body = {
        "status": "active",
        "type": concept(coding("payer_kinds", payer.kind)),
        "payor": [bundle.patient if payer.kind == "self" else {"display": payer.plan or "payer"}],
        "period": span(payer.start, payer.end),
        "class": [plan] if payer.plan else None,
    }
    return bundle.add("Coverage", f"payer-{number + 1}", "payer", body, subject="beneficiary")


_CLASSES = "http://terminology.hl7.org/CodeSystem/coverage-class"


def _write_completeness(bundle: _Bundle, number: int, entry: Completeness) -> None:
    body = {
        "status": "current",
        "mode": "snapshot",
        "title": f"What is known to be complete: {entry.kind}",
        "date": text_of(entry.recorded),
        "note": [{"text": entry.note}] if entry.note else None,
    }
    resource = bundle.add("List", f"completeness-{number + 1}", "completeness", body)
    names = [name for name in entry.__struct_fields__ if getattr(entry, name) is not None]
    extend(resource, [fhir_extensions.write(name, getattr(entry, name)) for name in names])
    if entry.recorded is None:
        extend(resource, [fhir_extensions.write("recorded", None)])


# ---- what other resources say of a procedure


def _write_parts(bundle: _Bundle, fact: Procedure) -> dict[str, list[Json]]:
    """The agents, the relief and the function of a procedure as resources that are part of it; of a request the agents
    as what is planned with it."""
    if isinstance(fact, Request):
        within = bundle.to("ServiceRequest", fact.id)
        bodies = [planned(agent, within) for agent in fact.agents]
        return {"agents": _write_agents(bundle, "MedicationRequest", fact, bodies)}
    within = bundle.to("Procedure", fact.id)
    bodies = [administered(agent, within, fact.start) for agent in fact.agents]
    agents = _write_agents(bundle, "MedicationAdministration", fact, bodies)
    relief = [_write_relief(bundle, fact, number, part, within) for number, part in enumerate(fact.relief)]
    function = [_write_function(bundle, fact, number, part, within) for number, part in enumerate(fact.function)]
    ended = text_of(fact.relief_ended)
    if ended is not None:
        body = _observation(within, {"coding": [{"system": _RELIEF, "code": "ended"}]}, None)
        bundle.add("Observation", f"{fact.id}-relief-ended", "relief", body | {"valueDateTime": ended})
    return {"agents": agents, "relief": relief, "function": function}


def _write_agents(bundle: _Bundle, kind: str, fact: Procedure, bodies: list[Json]) -> list[Json]:
    return [bundle.add(kind, f"{fact.id}-agent-{number + 1}", "agent", body) for number, body in enumerate(bodies)]


def _write_relief(bundle: _Bundle, fact: Procedure, number: int, part: Relief, within: list[Json]) -> Json:
    stated = part.percent is not None and part.scale is None and part.before is None and part.after is None
    scale = "percent-relief" if stated else part.scale
    body = _observation(within, _instrument(scale), part.at)
    if stated and part.percent is not None:
        low, high = part.percent.low, part.percent.high
        bounds = {"low": _percent(low), "high": _percent(high) if high is not None else None}
        if low == high:
            body["valueQuantity"] = _percent(low)
        elif bounds["low"] is not None:
            body["valueRange"] = {name: bound for name, bound in bounds.items() if bound is not None}
    else:
        body |= _before_and_after(part.before, part.after)
    return bundle.add("Observation", f"{fact.id}-relief-{number + 1}", "relief", body)


def _write_function(bundle: _Bundle, fact: Procedure, number: int, part: FunctionChange, within: list[Json]) -> Json:
    body = _observation(within, _instrument(part.instrument), part.at) | _before_and_after(part.before, part.after)
    return bundle.add("Observation", f"{fact.id}-function-{number + 1}", "function", body)


def _observation(within: list[Json], code: Json, at: When | None) -> Json:
    return {"status": "final", "partOf": within, "code": code, "effectiveDateTime": text_of(at)}


def _instrument(id: str | None) -> Json:
    return concept(*coding("instruments", id), text=id or "score") or {"text": "score"}


def _before_and_after(before: Any, after: Any) -> Json:
    component = {"code": {"coding": [{"system": _RELIEF, "code": "before"}]}, "valueQuantity": {"value": before}}
    return {
        "valueQuantity": {"value": after} if after is not None else None,
        "component": [component] if before is not None else None,
    }


def _percent(value: Any) -> Json | None:
    """A percentage as a decimal, if it is one exactly."""
    written = fhir_extensions.write("percent", value).value_decimal
    ucum = {"unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    return None if written is None else {"value": written, **ucum}
