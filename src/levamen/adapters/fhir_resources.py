"""Each kind of fact as a FHIR resource: its type, its profile, the element that names the patient, and its body."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from levamen.adapters.fhir_dates import text_of
from levamen.adapters.fhir_elements import Json, References, coding, concept, note, span, target
from levamen.adapters.fhir_systems import OURS, WRITTEN
from levamen.adapters.fhir_write_medications import Written, medication
from levamen.record import facts
from levamen.record.codes import ids
from levamen.record.timeline import When

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_UCUM = "http://unitsofmeasure.org"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_STATUSES = {"done": "completed", "aborted": "stopped", "planned": "preparation", "cancelled": "not-done"}
_QUALIFIERS = ("approach", "route", "technique", "electrode", "waveform", "lead", "component")


def _category(code: str) -> list[Json]:
    return [{"coding": [{"system": _CATEGORIES, "code": code}]}]


def _pain(fact: facts.Pain, links: References) -> Written:
    body = {
        "code": concept(coding("pain_sites", fact.site), text="pain"),
        "bodySite": target(fact),
        "onsetDateTime": text_of(fact.since),
        "abatementDateTime": text_of(fact.until),
        "recordedDate": text_of(fact.recorded),
        "note": note(fact),
    }
    return "Condition", "pain", "subject", body


def _problem(fact: facts.Problem, links: References) -> Written:
    chosen = [
        {"system": WRITTEN[system], "code": code, "userSelected": True}
        for system, code in (("icd10cm", fact.icd10), ("snomed", fact.snomed))
        if code
    ]
    known = [
        row for row in coding("conditions", fact.concept) if not (fact.snomed and row["system"] == WRITTEN["snomed"])
    ]
    status = fact.status if fact.status in ("active", "resolved", "remission") else None
    body = {
        "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": status}]} if status else None,
        "verificationStatus": {"coding": [{"system": _VERIFICATION, "code": fact.verification}]}
        if fact.verification
        else None,
        "code": concept(chosen, known, text=fact.concept or "problem"),
        "bodySite": target(fact),
        "onsetDateTime": text_of(fact.since),
        "abatementDateTime": text_of(fact.until),
        "recordedDate": text_of(fact.recorded),
        "note": note(fact),
    }
    return "Condition", "problems", "subject", body


def _finding(fact: facts.Finding, links: References) -> Written:
    sites = target(fact)
    body = _observation(fact, "exam", coding("findings", fact.concept), fact.concept or "finding", fact.date)
    body |= {
        "bodySite": {"coding": [row for site in sites for row in site["coding"]]} if sites else None,
        "method": concept(coding("methods", fact.method)),
    }
    if isinstance(fact.value, Decimal):
        body["valueQuantity"] = _measured(fact.value, fact.unit)
        if fact.present is not None:
            body["interpretation"] = [
                {"coding": [{"system": _INTERPRETATION, "code": "POS" if fact.present else "NEG"}]}
            ]
    else:
        body["valueBoolean"] = fact.present
    return "Observation", "findings", "subject", body


def _lab(fact: facts.Lab, links: References) -> Written:
    body = _observation(fact, "laboratory", coding("labs", fact.test), fact.test or "lab", fact.at)
    if isinstance(fact.value, Decimal):
        body["valueQuantity"] = _measured(fact.value, fact.unit)
    else:
        body["valueString"] = fact.value
    return "Observation", "labs", "subject", body


def _score(fact: facts.Score, links: References) -> Written:
    body = _observation(fact, "survey", coding("instruments", fact.instrument), fact.instrument or "score", fact.date)
    body["focus"] = links.to("Condition", fact.pain)
    body["valueQuantity"] = {"value": fact.value} if fact.value is not None else None
    return "Observation", "scores", "subject", body


def _evaluation(fact: facts.Evaluation, links: References) -> Written:
    body = _observation(fact, "exam", coding("evaluations", fact.kind), fact.kind or "evaluation", fact.date)
    body["valueCodeableConcept"] = concept(coding("evaluation_conclusions", fact.conclusion))
    return "Observation", "evaluations", "subject", body


def _observation(fact: facts.Fact, category: str, codings: list[Json], text: str, at: When | None) -> Json:
    issued = fact.recorded if fact.recorded is not None and fact.recorded.at is not None else None
    return {
        "status": "final",
        "category": _category(category),
        "code": concept(codings, text=text),
        "effectiveDateTime": text_of(at),
        "issued": text_of(issued),
        "note": note(fact),
    }


def _measured(value: Decimal, unit: str | None) -> Json:
    return {"value": value} | ({"unit": unit, "system": _UCUM, "code": unit} if unit else {})


def _course(fact: facts.Course, links: References) -> Written:
    region = [{"coding": [{"system": f"{OURS}:target.region", "code": fact.region}]}] if fact.region else None
    body = {
        "status": "in-progress" if fact.end is None else "completed",
        "code": concept(coding("therapies", fact.therapy), text=fact.therapy or "care"),
        "performedPeriod": span(fact.start, fact.end),
        "bodySite": region,
        "note": note(fact),
    }
    return "Procedure", "care", "subject", body


def _allergy(fact: facts.Allergy, links: References) -> Written:
    section = "allergens" if fact.substance in ids("allergens") else "drugs"
    graded = fact.severity in ("mild", "moderate", "severe")
    reaction: Json = {"manifestation": [{"text": fact.reaction}]} if fact.reaction else {}
    if reaction and graded:
        reaction["severity"] = fact.severity
    body = {
        "type": "intolerance" if fact.severity == "intolerance" else None,
        "code": concept(coding(section, fact.substance), text=fact.substance or "a substance"),
        "reaction": [reaction] if reaction else None,
        "recordedDate": text_of(fact.recorded),
        "note": note(fact),
    }
    return "AllergyIntolerance", "allergies", "patient", body


def _procedure(fact: facts.Procedure, links: References) -> Written:
    used = [(name, getattr(fact, name)) for name in ("guidance", "contrast", "sedation")]
    used += [(f"qualifiers.{name}", getattr(fact, name)) for name in _QUALIFIERS]
    body: Json = {
        "status": _STATUSES.get(fact.status or "", "unknown"),
        "category": concept(coding("purposes", fact.purpose)),
        "code": concept(coding("therapies", fact.therapy), text=fact.therapy or "procedure"),
        "bodySite": target(fact),
        "performer": [{"actor": {"display": fact.operator}}] if fact.operator else None,
        "reasonReference": links.to("Condition", fact.pain),
        "usedCode": [concept(codings) for section, id in used if (codings := coding(section, id))],
        "complication": [concept(codings) for id in fact.complications if (codings := coding("events", id))],
        "note": note(fact),
    }
    if fact.status == "entered-in-error":
        body["status"] = "entered-in-error"
    if fact.end is not None:
        body["performedPeriod"] = span(fact.start, fact.end)
    else:
        body["performedDateTime"] = text_of(fact.start)
    return "Procedure", "procedures", "subject", body


def _request(fact: facts.Request, links: References) -> Written:
    _, _, _, done = _procedure(fact, links)
    body: Json = {
        "status": "active",
        "intent": "plan" if fact.plan else "proposal",
        "requisition": {"system": "urn:levamen:plan", "value": fact.plan} if fact.plan else None,
        "category": [done["category"]] if done["category"] else None,
        "code": done["code"],
        "orderDetail": done["usedCode"],
        "bodySite": done["bodySite"],
        "authoredOn": text_of(fact.recorded),
        "performer": [{"display": fact.operator}] if fact.operator else None,
        "locationCode": [concept(codings)] if (codings := coding("settings", fact.setting)) else None,
        "reasonReference": done["reasonReference"],
        "note": note(fact),
    }
    if fact.end is not None:
        body["occurrencePeriod"] = span(fact.start, fact.end)
    else:
        body["occurrenceDateTime"] = text_of(fact.start)
    return "ServiceRequest", "request", "subject", body


def _document(fact: facts.Document, links: References) -> Written:
    date = text_of(fact.date)
    context = {"period": {"start": date} if date else None, "related": links.to("ServiceRequest", fact.request)}
    body = {
        "status": "current",
        "type": concept(coding("documents", fact.kind), text=fact.kind or "document"),
        "description": fact.text,
        "content": [{"attachment": {"contentType": "text/plain", "title": fact.kind or "document"}}],
        "context": {name: value for name, value in context.items() if value},
    }
    return "DocumentReference", "documents", "subject", body


def _device(fact: facts.Device, links: References) -> Written:
    body = {
        "status": "active" if fact.removed is None else "inactive",
        "type": concept(coding("devices", fact.kind), text=fact.kind or "device"),
        "modelNumber": fact.model,
        "note": note(fact),
    }
    return "Device", "devices", "patient", body


def _event(fact: facts.Event, links: References) -> Written:
    body = {
        "actuality": "actual",
        "event": concept(coding("events", fact.kind), text=fact.kind or "event"),
        "date": text_of(fact.date),
        "recordedDate": text_of(fact.recorded),
        "severity": concept(coding("severities", fact.severity)),
        "suspectEntity": [{"instance": reference} for reference in links.to("Procedure", fact.procedure)],
    }
    return "AdverseEvent", "events", "subject", body


def _goal(fact: facts.Goal, links: References) -> Written:
    aim: Json = {"measure": {"text": fact.measure}} if fact.measure else {}
    if isinstance(fact.target, Decimal):
        aim["detailQuantity"] = {"value": fact.target}
    elif fact.target is not None:
        aim["detailString"] = fact.target
    due = text_of(fact.by) if fact.by is not None and fact.by.at is None else None
    if due:
        aim["dueDate"] = due
    body = {
        "lifecycleStatus": "active",
        "description": {"text": fact.text or "goal"},
        "target": [aim] if aim else None,
        "note": note(fact),
    }
    return "Goal", "goals", "subject", body


def _intake(fact: facts.Intake, links: References) -> Written:
    """FHIR has no resource for a statement of this kind; all it says stands in our extensions."""
    day = text_of(fact.date) if fact.date is not None and fact.date.at is None else None
    return "Basic", "intake", "subject", {"code": {"text": "intake statement"}, "created": day}


WRITERS: dict[type[facts.Fact], Callable[[Any, References], Written]] = {
    facts.Pain: _pain,
    facts.Problem: _problem,
    facts.Finding: _finding,
    facts.Course: _course,
    facts.Medication: medication,
    facts.Allergy: _allergy,
    facts.Lab: _lab,
    facts.Score: _score,
    facts.Procedure: _procedure,
    facts.Evaluation: _evaluation,
    facts.Document: _document,
    facts.Device: _device,
    facts.Event: _event,
    facts.Goal: _goal,
    facts.Intake: _intake,
    facts.Request: _request,
}
