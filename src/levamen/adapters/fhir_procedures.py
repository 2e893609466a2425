"""Procedure and ServiceRequest: procedures done, courses of conservative care, and what is considered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from levamen.adapters.fhir_codes import Meaning, meaning
from levamen.adapters.fhir_conditions import none_known
from levamen.adapters.fhir_context import Context, NotUsed, Refused
from levamen.adapters.fhir_dates import choice, when
from levamen.adapters.fhir_systems import OURS
from levamen.adapters.fhir_target import target
from levamen.adapters.fhir_types import Concept, Procedure, ServiceRequest
from levamen.record import facts
from levamen.record.codes import entry, title
from levamen.record.timeline import When

_DONE = {"completed": "done", "stopped": "aborted", "preparation": "planned", "not-done": "cancelled"}
_OPEN = {"in-progress": "is in progress", "on-hold": "is on hold", "unknown": "has status unknown"}
# SNOMED CT numbers of FHIR's example value set procedure-category.
_PURPOSES = {"103693007": "diagnostic"}
_QUALIFIERS = ("approach", "route", "technique", "electrode", "waveform", "lead", "component")


def read_procedure(resource: Procedure, key: str, where: str, ctx: Context) -> None:
    """A Procedure: a pain procedure, or a session or course of conservative care, by its code."""
    ctx.check_subject(resource, "Procedure")
    if resource.not_done or resource.not_performed:
        raise NotUsed("not done")
    status = _status(resource, where, ctx)
    on = _start(resource, ctx)
    if none_known(resource.code, on or ctx.latest, ctx):
        return
    known = ctx.meaning(resource.code, "Procedure", where)
    therapy = _therapy(known, resource)
    if therapy is None and not ctx.own:
        reason = "code that stands for no therapy of the vocabulary" if known.codes else "no code, only words"
        raise NotUsed(reason, detail=known.codes)
    if resource.performed_string and on is None:
        ctx.warn(where, f"the date is given in words only ('{resource.performed_string[:60]}'); not used")
    if resource.occurrence_date_time is not None or resource.occurrence_period:
        raise Refused("has occurrence[x], which is FHIR R5; R4 has performed[x]")
    end = ctx.when(resource.performed_period.end) if resource.performed_period is not None else None
    if ctx.own == "care" or (therapy and entry("therapies", therapy).get("kind") == "conservative" and not ctx.own):
        _course(resource, therapy, on, end, status, key, where, ctx)
        return
    fact = facts.Procedure(
        id=ctx.id_for("Procedure", resource, key),
        therapy=therapy,
        status=status,
        start=on,
        end=end if end != on else None,
        operator=_operator(resource, ctx),
        **_details(resource, known, where, ctx),
    )
    ctx.add(fact, resource)


def _status(resource: Procedure, where: str, ctx: Context) -> str | None:
    status = resource.status or ""
    if status == "entered-in-error":
        if ctx.own:
            return "entered-in-error"
        raise NotUsed("entered in error")
    if status == "not-done" and not ctx.own:
        raise NotUsed("not done")
    if status not in _DONE and not ctx.own:
        state = _OPEN.get(status, f"has the status {status[:30]!r}, which FHIR does not know")
        ctx.warn(where, f"the procedure {state}; it is not counted as done")
    return _DONE.get(status)


def _start(resource: Procedure, ctx: Context) -> When | None:
    if resource.performed_date_time is not None:
        return ctx.when(resource.performed_date_time)
    if resource.performed_period is not None:
        return ctx.when(resource.performed_period.start)
    return choice(None, resource.performed_age, None, resource.performed_range, ctx.birth)


def _course(
    resource: Procedure,
    therapy: str | None,
    start: When | None,
    end: When | None,
    status: str | None,
    key: str,
    where: str,
    ctx: Context,
) -> None:
    """One visit is a course of one session; a period of days is a course whose sessions were not counted."""
    if status == "planned" and not ctx.own:
        raise NotUsed("planned")
    one_day = start is not None and start.exact and (end is None or end.first == start.first)
    place = target(resource.body_site, where, ctx)
    course = facts.Course(
        id=ctx.id_for("Procedure", resource, key),
        therapy=therapy,
        region=place.get("region"),
        start=start,
        end=end if end is not None or ctx.own or status != "done" else start,
        sessions=1 if one_day and not ctx.own else None,
        note=ctx.note(resource.note),
    )
    ctx.add(course, resource)


def _therapy(known: Meaning, resource: Procedure | ServiceRequest) -> str | None:
    """The one therapy that all codes allow. A shared number narrows; a purpose or a qualifier that only one therapy of
    the vocabulary takes may decide; a code of our own system always does."""
    own = known.ids("therapies", OURS)
    pairs = dict.fromkeys((hit.system, hit.code) for hit in known.hits if hit.section == "therapies")
    sets = [{h.id for h in known.hits if h.section == "therapies" and (h.system, h.code) == pair} for pair in pairs]
    if not sets:
        return None
    allowed = set.intersection(*sets)
    if not allowed:
        names = " and ".join(sorted({f"'{title(id)}'" for ids in sets for id in ids}))
        raise Refused(f"the codes {known.codes} stand for different therapies: {names}")
    if own:
        return own[0]
    fitting = [id for id in sorted(allowed) if len(allowed) == 1 or _fits(id, resource)]
    if len(fitting) != 1:
        listed = ", ".join(sorted(allowed))
        raise Refused(f"{known.codes} serves several therapies: {listed}; say which with a code of {OURS}:therapies")
    return fitting[0]


def _fits(therapy: str, resource: Procedure | ServiceRequest) -> bool:
    """Whether a therapy can have the purpose and the qualifiers that are said."""
    row = entry("therapies", therapy)
    purpose = _purpose(resource)
    if purpose is not None and purpose not in row["purposes"]:
        return False
    said = [(field, id) for field in _QUALIFIERS for id in _own_ids(_used(resource), f"qualifiers.{field}")]
    return all(id in row.get("qualifiers", {}).get(field, ()) for field, id in said)


def _used(resource: Procedure | ServiceRequest) -> tuple[Concept, ...]:
    return resource.used_code if isinstance(resource, Procedure) else resource.order_detail


def _details(resource: Procedure | ServiceRequest, known: Meaning, where: str, ctx: Context) -> dict[str, Any]:
    """Target, purpose, pain, guidance and the other words that elements of FHIR carry."""
    used = _used(resource)
    complications = resource.complication if isinstance(resource, Procedure) else ()
    pains = [ctx.pain_of(reference) for reference in resource.reason_reference]
    if any(ctx.fact_of(reference) is None for reference in resource.reason_reference):
        ctx.group("warning", type(resource).__name__, "the reason points to nothing that was read", where)
    details: dict[str, Any] = {
        "pain": next((id for id in pains if id), None),
        "purpose": _purpose(resource),
        "guidance": next(iter(_own_ids(used, "guidance")), None),
        "contrast": next(iter(_own_ids(used, "contrast")), None),
        "sedation": next(iter(_own_ids(used, "sedation")), None),
        "complications": tuple(_own_ids(complications, "events")),
        "note": ctx.note(resource.note),
    }
    for field in _QUALIFIERS:
        details[field] = next(iter(_own_ids(used, f"qualifiers.{field}")), None)
    return details | target(resource.body_site, where, ctx)


def _operator(resource: Procedure, ctx: Context) -> str | None:
    """Who did it, where one performer is named and no other part in it is said."""
    if len(resource.performer) != 1:
        return None
    performer = resource.performer[0]
    return ctx.who(performer.actor) if performer.function is None and performer.role is None else None


def _purpose(resource: Procedure | ServiceRequest) -> str | None:
    categories = resource.category if isinstance(resource.category, tuple) else (resource.category,)
    purposes = set(_own_ids(categories, "purposes"))
    for category in categories:
        for coding in category.coding if category is not None else ():
            if coding.system == "http://snomed.info/sct" and coding.code in _PURPOSES:
                purposes.add(_PURPOSES[coding.code])
    return purposes.pop() if len(purposes) == 1 else None


def _own_ids(concepts: Iterable[Concept | None], section: str) -> list[str]:
    return [id for concept in concepts for id in meaning(concept).ids(section)]


def read_request(resource: ServiceRequest, key: str, where: str, ctx: Context) -> None:
    """A ServiceRequest: a procedure that is considered. Orders, plans and proposals are alike here: none is done."""
    ctx.check_subject(resource, "ServiceRequest")
    if resource.do_not_perform:
        raise NotUsed("asks that it not be done")
    status = resource.status or ""
    if not ctx.own:
        if status == "entered-in-error":
            raise NotUsed("entered in error")
        if status in ("revoked", "completed"):
            raise NotUsed(status)
        if resource.intent == "option":
            raise NotUsed("an option among others")
        if status not in ("active", "draft"):
            ctx.warn(where, f"the request has status '{status or 'none'}'; taken as open")
    known = ctx.meaning(resource.code, "ServiceRequest", where)
    therapy = _therapy(known, resource)
    if not ctx.own:
        if therapy is None:
            reason = "code that stands for no therapy of the vocabulary" if known.codes else "no code, only words"
            raise NotUsed(reason, detail=known.codes)
        if entry("therapies", therapy).get("kind") == "conservative":
            raise NotUsed("a referral is no care received")
    period = resource.occurrence_period
    request = facts.Request(
        id=ctx.id_for("ServiceRequest", resource, key),
        therapy=therapy,
        start=when(resource.occurrence_date_time) or (when(period.start) if period is not None else None),
        end=when(period.end) if period is not None else None,
        plan=resource.requisition.value if resource.requisition is not None else None,
        recorded=ctx.when(resource.authored_on),
        operator=ctx.who(resource.performer[0]) if len(resource.performer) == 1 else None,
        setting=next(iter(_own_ids(resource.location_code, "settings")), None),
        **_details(resource, known, where, ctx),
    )
    ctx.add(request, resource)
