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
    therapy = _therapy(known)
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


def _therapy(known: Meaning) -> str | None:
    """The one therapy that all codes allow. A code of our own system decides; a shared number only narrows."""
    own = known.ids("therapies", OURS)
    sets = [
        {hit.id for hit in known.hits if hit.section == "therapies" and (hit.system, hit.code) == pair}
        for pair in dict.fromkeys((hit.system, hit.code) for hit in known.hits if hit.section == "therapies")
    ]
    if not sets:
        return None
    allowed = set.intersection(*sets)
    names = " and ".join(sorted({f"'{title(id)}'" for ids in sets for id in ids}))
    if not allowed:
        raise Refused(f"the codes {known.codes} stand for different therapies: {names}")
    if len(allowed) > 1:
        listed = ", ".join(sorted(allowed))
        raise Refused(f"{known.codes} serves several therapies: {listed}; say which with a code of {OURS}:therapies")
    return own[0] if own else allowed.pop()


def _details(resource: Procedure | ServiceRequest, known: Meaning, where: str, ctx: Context) -> dict[str, Any]:
    """Target, purpose, pain, guidance and the other words that elements of FHIR carry."""
    categories = resource.category if isinstance(resource.category, tuple) else (resource.category,)
    purposes = _own_ids(categories, "purposes")
    for category in categories:
        for coding in category.coding if category is not None else ():
            if coding.system == "http://snomed.info/sct" and coding.code in _PURPOSES:
                purposes.append(_PURPOSES[coding.code])
    used = resource.used_code if isinstance(resource, Procedure) else resource.order_detail
    complications = resource.complication if isinstance(resource, Procedure) else ()
    pains = [ctx.fact_of(reference) for reference in resource.reason_reference]
    if any(pain is None for pain in pains):
        ctx.group("warning", type(resource).__name__, "the reason points to nothing that was read", where)
    pain_ids = {fact.id for fact in ctx.facts if isinstance(fact, facts.Pain)}
    found = dict.fromkeys(_pain_of(id, pain_ids) for id in pains if id)
    details: dict[str, Any] = {
        "pain": next((id for id in found if id), None),
        "purpose": purposes[0] if len(set(purposes)) == 1 else None,
        "guidance": next(iter(_own_ids(used, "guidance")), None),
        "contrast": next(iter(_own_ids(used, "contrast")), None),
        "sedation": next(iter(_own_ids(used, "sedation")), None),
        "complications": tuple(_own_ids(complications, "events")),
        "note": ctx.note(resource.note),
    }
    for field in ("approach", "route", "technique", "electrode", "waveform", "lead", "component"):
        details[field] = next(iter(_own_ids(used, f"qualifiers.{field}")), None)
    return details | target(resource.body_site, where, ctx)


def _pain_of(id: str, pains: set[str]) -> str | None:
    """The pain a reason stands for: itself, or the pain that was read from the same condition."""
    return id if id in pains else f"{id}-pain" if f"{id}-pain" in pains else None


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
    therapy = _therapy(known)
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
        **_details(resource, known, where, ctx),
    )
    ctx.add(request, resource)
