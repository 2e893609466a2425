"""Device, DocumentReference, AdverseEvent, Goal and Basic: read only where they follow docs/fhir.md, because no code of
these types is confirmed in the vocabulary; others are left out with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from levamen.adapters.chart_fields import PUMP
from levamen.adapters.chart_kinds import Many, Table
from levamen.adapters.fhir_codes import meaning
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import when
from levamen.adapters.fhir_extensions import read
from levamen.adapters.fhir_types import AdverseEvent, Basic, Concept, DocumentReference, Goal
from levamen.adapters.fhir_types import Device as DeviceResource
from levamen.record.facts import Device, Document, Event, Intake
from levamen.record.facts import Goal as GoalFact

_FOR_A_REQUEST = ("prescriber-agreement", "periprocedural-plan", "authorization")


def _of(concept: Concept | None, section: str) -> str | None:
    return next(iter(meaning(concept).ids(section)), None)


def _refuse_error(status: str | None, ctx: Context) -> None:
    if status in ("entered-in-error", "cancelled", "rejected", "superseded") and not ctx.own:
        raise NotUsed(status.replace("-", " "))


def read_device(resource: DeviceResource, key: str, where: str, ctx: Context) -> None:
    """An implanted device; when it was implanted and removed is in our extensions."""
    ctx.check_subject(resource, "Device")
    _refuse_error(resource.status, ctx)
    device = Device(
        id=ctx.id_for("Device", resource, key),
        kind=_of(resource.type, "devices"),
        model=resource.model_number,
        note=ctx.note(resource.note),
    )
    ctx.add(device, resource)
    said = read(resource.extension, Device).get("pump") or {}
    for path in _unknown(said, PUMP):
        ctx.warn(where, f"pump has an unknown field '{path}', which no rule reads; correct it or leave it out")


def _unknown(said: Mapping[str, Any], table: Table) -> Iterator[str]:
    """The keys of a mapping that its table does not have, with those of the mappings in its lists."""
    fields = {field.name: field.kind for field in table.fields}
    for name, value in said.items():
        if name not in fields:
            yield name
            continue
        kind = fields[name]
        inner = kind.kind if isinstance(kind, Many) else kind
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Table) and isinstance(one, Mapping):
                yield from (f"{name}.{path}" for path in _unknown(one, inner))


def read_document(resource: DocumentReference, key: str, where: str, ctx: Context) -> None:
    """A document by its kind and the date of what it is about; its text stands in the description."""
    ctx.check_subject(resource, "DocumentReference")
    _refuse_error(resource.status, ctx)
    period = resource.context.period if resource.context is not None else None
    kind = _of(resource.type, "documents")
    document = Document(
        id=ctx.id_for("DocumentReference", resource, key),
        kind=kind,
        request=_request(resource, kind, ctx),
        date=ctx.when(period.start) if period is not None else None,
        text=resource.description,
    )
    ctx.add(document, resource)


def _request(resource: DocumentReference, kind: str | None, ctx: Context) -> str | None:
    """The request that a document is about. An agreement for one request must not become one for every request."""
    related = resource.context.related if resource.context is not None else ()
    found = {id for id in map(ctx.request_of, related) if id is not None}
    if len(found) == 1:
        return found.pop()
    if related and kind in _FOR_A_REQUEST and "request" not in read(resource.extension, Document):
        raise Refused("is related to what is no single request that was read, so what it is for is not known")
    return None


def read_event(resource: AdverseEvent, key: str, where: str, ctx: Context) -> None:
    """An adverse event and the procedure it is ascribed to."""
    ctx.check_subject(resource, "AdverseEvent")
    if resource.actuality == "potential":
        raise NotUsed("a potential event, none that happened")
    procedures = [ctx.fact_of(suspect.instance) for suspect in resource.suspect_entity]
    event = Event(
        id=ctx.id_for("AdverseEvent", resource, key),
        kind=_of(resource.event, "events"),
        procedure=next((id for id in procedures if id), None),
        date=ctx.when(resource.date),
        severity=_of(resource.severity, "severities"),
        recorded=ctx.when(resource.recorded_date),
    )
    ctx.add(event, resource)


def read_goal(resource: Goal, key: str, where: str, ctx: Context) -> None:
    """A goal of the patient."""
    ctx.check_subject(resource, "Goal")
    _refuse_error(resource.lifecycle_status, ctx)
    target = resource.target[0] if resource.target else None
    quantity = target.detail_quantity if target is not None else None
    value: Decimal | str | None = quantity.value if quantity is not None else None
    if value is None and target is not None:
        value = target.detail_string
    goal = GoalFact(
        id=ctx.id_for("Goal", resource, key),
        text=resource.description.text if resource.description is not None else None,
        measure=target.measure.text if target is not None and target.measure is not None else None,
        target=value,
        by=when(target.due_date) if target is not None else None,
        note=ctx.note(resource.note),
    )
    ctx.add(goal, resource)


def read_intake(resource: Basic, key: str, where: str, ctx: Context) -> None:
    """What the patient said at intake; everything but its day stands in our extensions."""
    ctx.check_subject(resource, "Basic")
    ctx.add(Intake(id=ctx.id_for("Basic", resource, key), date=ctx.when(resource.created)), resource)
