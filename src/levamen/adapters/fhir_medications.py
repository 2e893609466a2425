"""MedicationRequest, MedicationStatement, MedicationAdministration and Medication: drugs by code, never by name.

An order is not intake: it says that a drug was prescribed, so `last_dose` stays unknown. A product is known by its
RxNorm number in rxnorm_products.yaml; one that is not there, and a medication that has words alone, is reported and
kept as a medication of unknown drug with what is `written`, so that nobody concludes that the drug is not taken.
"""

from __future__ import annotations

from typing import Any

import msgspec

from levamen.adapters.fhir_codes import Meaning, drugs_named, meaning, names_no_drug, products
from levamen.adapters.fhir_conditions import none_known
from levamen.adapters.fhir_context import After, Context, NotUsed, Refused
from levamen.adapters.fhir_dosage import Drug, amount_of, bounds_of, dosage_of, span_of
from levamen.adapters.fhir_systems import OURS, system_of
from levamen.adapters.fhir_types import (
    Concept,
    MedicationAdministration,
    MedicationRequest,
    MedicationResource,
    MedicationStatement,
    Reference,
)
from levamen.record.codes import classes_of
from levamen.record.facts import Agent, Medication
from levamen.record.timeline import When

_MEDICATION = msgspec.json.Decoder(MedicationResource)
_ORDER = msgspec.json.Decoder(MedicationRequest)
_ENDED = ("stopped", "completed")


def read_request(resource: MedicationRequest, key: str, where: str, ctx: Context) -> None:
    """An order. Proposals, plans, cancelled orders and orders not to take a drug are no medication."""
    ctx.check_subject(resource, "MedicationRequest")
    _refuse_other_versions(resource)
    if ctx.own == "agent":
        _plan(resource, where, ctx)
        return
    status, intent = resource.status or "", resource.intent or ""
    if resource.do_not_perform:
        raise NotUsed("says not to take the drug")
    if intent in ("proposal", "plan", "option"):
        raise NotUsed(f"a {intent}, not an order")
    if status in ("cancelled", "draft", "entered-in-error"):
        raise NotUsed(status.replace("-", " "))
    if status not in ("active", *_ENDED):
        ctx.warn(where, f"the order has status '{status or 'none'}'; taken as not ended")
    ordered = ctx.when(resource.authored_on)
    dosage = resource.dosage_instruction[0] if resource.dosage_instruction else None
    bounds = bounds_of(dosage) or (resource.dispense_request.validity_period if resource.dispense_request else None)
    start, end = span_of(bounds, ctx)
    known = _drugs(resource.medication_codeable_concept, resource.medication_reference, "MedicationRequest", where, ctx)
    fields = dosage_of(resource.dosage_instruction, where, ctx)
    _add(
        known, resource, "MedicationRequest", key, ctx,
        fields | _why_and_by_whom(resource, where, ctx)
        | {"start": start or ordered, "recorded": ordered, "note": ctx.note(resource.note)},
        end, ended=status in _ENDED,
    )  # fmt: skip


def read_statement(resource: MedicationStatement, key: str, where: str, ctx: Context) -> None:
    """What the patient is said to take."""
    ctx.check_subject(resource, "MedicationStatement")
    _refuse_other_versions(resource)
    if resource.taken is not None or resource.was_not_taken is not None:
        raise Refused("has 'taken' or 'wasNotTaken', which is FHIR STU3 or DSTU2; R4 has status not-taken")
    status = resource.status or ""
    if not ctx.own:
        if status in ("entered-in-error", "intended", "not-taken"):
            raise NotUsed(status.replace("-", " "))
        if status not in ("active", *_ENDED):
            ctx.warn(where, f"the statement has status '{status or 'none'}'; taken as not ended")
    asserted = ctx.when(resource.date_asserted)
    concept = resource.medication_codeable_concept
    if none_known(concept, asserted or ctx.when(resource.effective_date_time), ctx):
        return
    if resource.effective_period is not None:
        start, end = span_of(resource.effective_period, ctx)
    else:
        start, end = ctx.when(resource.effective_date_time), None
    known = _drugs(concept, resource.medication_reference, "MedicationStatement", where, ctx)
    fields = dosage_of(resource.dosage, where, ctx)
    _add(
        known, resource, "MedicationStatement", key, ctx,
        fields | _why_and_by_whom(resource, where, ctx)
        | {"start": start, "recorded": asserted, "note": ctx.note(resource.note)},
        end, ended=status in _ENDED,
    )  # fmt: skip


def _plan(resource: MedicationRequest, where: str, ctx: Context) -> None:
    """An agent of the request that it is based on."""
    request = next((id for id in map(ctx.request_of, resource.based_on) if id), None)
    if request is None:
        raise NotUsed("planned for a request that was not read")
    amount = dosage_of(resource.dosage_instruction, where, ctx).get("_amount")
    concept, reference = resource.medication_codeable_concept, resource.medication_reference
    for drug in _drugs(concept, reference, "MedicationRequest", where, ctx):
        agent = _agent(drug, amount_of(amount, drug, where, ctx, alone=True))
        ctx.planned.setdefault(request, []).append(ctx.completed_part(agent, resource))


def _agent(drug: Drug, dose: str | None) -> Agent:
    return Agent(drug=drug.id or "", classes=classes_of(drug.id) if drug.id else frozenset(), dose=dose)


def _why_and_by_whom(
    resource: MedicationRequest | MedicationStatement, where: str, ctx: Context
) -> dict[str, str | None]:
    """For what a drug is taken, why it was stopped, and who prescribed it, where each is said once and by code."""
    stopped = [id for reason in _all(resource.status_reason) for id in meaning(reason).ids("stop_reasons")]
    if isinstance(resource, MedicationRequest):
        prescriber = ctx.who(resource.requester)
    else:
        prescriber = next((name for name in (_prescriber(one, ctx) for one in resource.based_on) if name), None)
    return {
        "indication": _indication(resource, where, ctx),
        "stopped_because": stopped[0] if len(stopped) == 1 else None,
        "prescriber": prescriber,
    }


def _all(reasons: tuple[Concept, ...] | Concept | None) -> tuple[Concept, ...]:
    return reasons if isinstance(reasons, tuple) else (reasons,) if reasons is not None else ()


def _indication(resource: MedicationRequest | MedicationStatement, where: str, ctx: Context) -> str | None:
    """The one condition that every reason given stands for. Several leave it open: which of them is not known."""
    found: list[frozenset[str]] = []
    for said in map(meaning, resource.reason_code):
        if said.contradictions:
            ctx.warn(where, f"a reason contradicts itself, and is not used: {'; '.join(said.contradictions)}")
        usable = () if said.contradictions else said.ids("conditions", OURS) or said.ids("conditions")
        found.append(frozenset(usable))
    found += [ctx.conditions.get(ctx.fact_of(reference) or "", frozenset()) for reference in resource.reason_reference]
    conditions = frozenset[str]().union(*found)
    if len(conditions) > 1:
        ctx.warn(where, f"is taken for {' or '.join(sorted(conditions))}; for which is left open")
    return next(iter(conditions)) if len(conditions) == 1 and all(found) else None


def _prescriber(reference: Reference, ctx: Context) -> str | None:
    """Who wrote the contained order that a statement is based on."""
    text = reference.reference or ""
    raw = ctx.contained.get(text[1:]) if text.startswith("#") else None
    if raw is None:
        return None
    try:
        order = _ORDER.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        return None
    ctx.used.add(text)
    return ctx.who(order.requester)


def read_administration(resource: MedicationAdministration, key: str, where: str, ctx: Context) -> None:
    """A dose given: an agent of the procedure it is part of, else a medication of that time with a known last dose."""
    ctx.check_subject(resource, "MedicationAdministration")
    _refuse_other_versions(resource)
    status = resource.status or ""
    if status in ("not-done", "entered-in-error"):
        raise NotUsed(status.replace("-", " "))
    if resource.effective_period is not None:
        start, end = span_of(resource.effective_period, ctx)
    else:
        start = end = ctx.when(resource.effective_date_time)
    known = _drugs(
        resource.medication_codeable_concept, resource.medication_reference, "MedicationAdministration", where, ctx
    )
    amount = resource.dosage.dose if resource.dosage is not None else None
    procedures = [id for id in (ctx.fact_of(reference) for reference in resource.part_of) if id]
    if procedures and (ctx.own or all(drug.id is not None for drug in known)):
        for drug in known:
            agent = _agent(drug, amount_of(amount, drug, where, ctx, alone=len(known) == 1))
            ctx.after.setdefault(procedures[0], After()).agents.append(ctx.completed_part(agent, resource))
        return
    routes = meaning(resource.dosage.route).ids("drug_routes") if resource.dosage is not None else ()
    fields: dict[str, Any] = {"route": routes[0] if routes else None, "start": start, "_amount": amount}
    fields |= {"last_dose": end if status == "completed" else None, "note": ctx.note(resource.note)}
    _add(known, resource, "MedicationAdministration", key, ctx, fields, end, ended=status in _ENDED)


def _refuse_other_versions(resource: MedicationRequest | MedicationStatement | MedicationAdministration) -> None:
    if resource.medication:
        raise Refused("has 'medication', which is FHIR R5; R4 has medicationCodeableConcept or medicationReference")


def _drugs(concept: Concept | None, reference: Reference | None, kind: str, where: str, ctx: Context) -> list[Drug]:
    """The drugs of a medication; one of unknown id where nobody can tell. Raises NotUsed for others than ours."""
    if concept is None and reference is not None:
        concepts = _referenced(reference, ctx)
        if not concepts and not ctx.own:
            pointer = (reference.reference or "")[:80]
            ctx.warn(where, f"points to a medication that is not in the bundle or has no code: {pointer}; {_KEPT}")
            return [_unknown(reference.display or pointer, "", ctx)]
    else:
        concepts = [concept or Concept()]
    found = [drug for one in concepts for drug in _drugs_of(one, kind, where, ctx)]
    if ctx.own:
        words = concept.text if concept is not None else None
        return [msgspec.structs.replace(drug, written=words) for drug in found or [Drug(None)]]
    if not found:
        raise NotUsed("product that holds no drug of the vocabulary")
    return found


def _drugs_of(concept: Concept, kind: str, where: str, ctx: Context) -> list[Drug]:
    """The drugs of one code, or none if it is known to hold none of ours. Raises Refused for what is no drug at all."""
    texts = [text for text in (*(coding.display for coding in concept.coding), concept.text) if text]
    text, codes = texts[0] if texts else "", meaning(concept).codes
    try:
        known = ctx.meaning(concept, kind, where)
        found = _ingredients(known)
    except Refused as error:
        if any(names_no_drug(text) for text in texts):
            raise
        ctx.warn(where, f"{error}; {_KEPT}")
        return [_unknown(text, codes, ctx)]
    if ctx.own:
        return found
    named = frozenset[str]().union(*(drugs_named(text) for text in texts))
    if found:
        beside = sorted(named - {drug.id for drug in found})
        if not beside:
            return found
        ctx.warn(where, f"its words name {', '.join(beside)}, which {codes} does not hold; {_KEPT} beside it")
        return [*found, _unknown(text, codes, ctx)]
    if not named and _holds_none_of_ours(concept):
        return found
    perhaps = sorted(named)
    hint = f", because words do not decide (perhaps {', '.join(perhaps)})" if perhaps else ""
    ctx.warn(where, f"{_why(codes, text)}; {_KEPT}{hint}")
    return [_unknown(text, codes, ctx)]


def _holds_none_of_ours(concept: Concept) -> bool:
    """Whether a medication has an RxNorm code, and each of them is a product known to hold no drug of ours."""
    numbers = [coding.code for coding in concept.coding if system_of(coding.system) == "rxcui"]
    return bool(numbers) and all(number in products()[1] for number in numbers)


def _why(codes: str, text: str) -> str:
    if not text:
        return f"{codes} is not in the tables" if codes else "names no drug"
    shown = f"'{text[:80]}'"
    return f"{codes} is displayed as {shown} but its code is not in the tables" if codes else f"{shown} has no code"


_KEPT = "kept as a medication of unknown drug"


def _unknown(text: str, codes: str, ctx: Context) -> Drug:
    """A drug that nobody can tell, with its words and its code; it opens what was declared complete."""
    ctx.unread.add("medications")
    return Drug(None, written=f"{text} ({codes})" if text and codes else text or codes or None)


def _ingredients(known: Meaning) -> list[Drug]:
    """Every drug of the codes. Products bring strength and route; the codings of one medication must not differ."""
    by_code: dict[str, list[Drug]] = {}
    for hit in known.hits:
        if hit.section != "drugs":
            continue
        product = products()[0].get(hit.code) if hit.system == "rxcui" else None
        strengths = dict(product.drugs) if product is not None else {}
        drug = Drug(hit.id, strengths.get(hit.id), product.route if product is not None else None)
        by_code.setdefault(f"{hit.system} {hit.code}", []).append(drug)
    rows = list(by_code.values())
    if any({d.id for d in row} != {d.id for d in rows[0]} for row in rows[1:]):
        raise Refused(f"the codes {known.codes} stand for different drugs")
    return max(rows, key=lambda row: sum(drug.strength is not None for drug in row)) if rows else []


def _referenced(reference: Reference, ctx: Context) -> list[Concept]:
    """The code of a Medication of the bundle or contained; those of its ingredients if it has none of ours."""
    text = reference.reference or ""
    key = text if text.startswith("#") else ctx.key_of(reference) or ""
    raw = ctx.contained.get(text[1:]) if text.startswith("#") else ctx.medications.get(key)
    if raw is None:
        return []
    try:
        found = _MEDICATION.decode(raw)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Refused(f"its Medication cannot be read: {error}") from None
    ctx.used.add(key)
    parts = [part.item_codeable_concept for part in found.ingredient if part.item_codeable_concept is not None]
    if found.code is not None and (meaning(found.code).hits or not parts):
        return [found.code]
    return parts


def _add(
    known: list[Drug],
    resource: MedicationRequest | MedicationStatement | MedicationAdministration,
    kind: str,
    key: str,
    ctx: Context,
    fields: dict[str, Any],
    end: When | None,
    *,
    ended: bool,
) -> None:
    """One medication for each ingredient. An ended one without an end date ended between its start and the last date
    of the bundle; that is filled in when everything is read."""
    amount = fields.pop("_amount", None)
    for drug in known:
        id = ctx.id_for(kind, resource, key, f"-{drug.id or 'unknown'}" if len(known) > 1 else "")
        said = fields | {"route": fields.get("route") or drug.route}
        fact = Medication(
            id=id,
            drug=drug.id,
            written=drug.written,
            classes=classes_of(drug.id) if drug.id else frozenset(),
            dose=amount_of(amount, drug, id, ctx, alone=len(known) == 1),
            end=end,
            **said,
        )
        if ended and end is None and not ctx.own:
            ctx.open_ended.add(id)
        ctx.add(fact, resource)
