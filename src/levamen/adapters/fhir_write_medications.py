"""Medications and the agents of procedures as they are written: what is taken, was given, or is to be given."""

from __future__ import annotations

import re
from decimal import Decimal

from levamen.adapters.fhir_dates import text_of
from levamen.adapters.fhir_elements import Json, References, coding, concept, note, quantity, span
from levamen.record.facts import Agent, Medication
from levamen.record.timeline import When

Written = tuple[str, str, str, Json]
_ORDER = "order"
_COMPLETED = (None, "completed", "taper-finished", "unknown")


def medication(fact: Medication, links: References) -> Written:
    """What somebody takes. Who prescribed it is said by the order that it is based on."""
    codings = coding("drugs", fact.drug)
    drug = {"coding": codings} if codings else {}
    words = fact.written or (None if drug else fact.drug or "a medication")
    said = _dosage(fact)
    body = {
        "contained": [_order(fact.prescriber, drug or {"text": words}, links)] if fact.prescriber else None,
        "basedOn": [{"reference": f"#{_ORDER}"}] if fact.prescriber else None,
        "status": _status(fact),
        "statusReason": _reason("stop_reasons", fact.stopped_because),
        "medicationCodeableConcept": drug | ({"text": words} if words else {}),
        "effectivePeriod": span(fact.start, fact.end),
        "dateAsserted": text_of(fact.recorded),
        "reasonCode": _reason("conditions", fact.indication),
        "dosage": [said] if said else None,
        "note": note(fact),
    }
    return "MedicationStatement", "medications", "subject", body


def _status(fact: Medication) -> str:
    if fact.end is None:
        return "active"
    reason = fact.stopped_because
    return "on-hold" if reason == "procedure-hold" else "completed" if reason in _COMPLETED else "stopped"


def _order(prescriber: str, drug: Json, links: References) -> Json:
    """An order of which only the prescriber is known."""
    return {
        "resourceType": "MedicationRequest",
        "id": _ORDER,
        "status": "unknown",
        "intent": "order",
        "medicationCodeableConcept": drug,
        "subject": links.patient,
        "requester": {"display": prescriber},
    }


def _reason(section: str, id: str | None) -> list[Json] | None:
    return [concept(coding(section, id), text=id)] if id else None


def _dosage(fact: Medication) -> Json:
    dose = quantity(fact.dose)
    repeat: Json = {}
    every = re.fullmatch(r"(\d+(?:\.\d+)?) h", fact.every or "", re.ASCII)
    if every is not None:
        repeat = {"frequency": 1, "period": Decimal(every.group(1)), "periodUnit": "h"}
    if fact.times:
        repeat["timeOfDay"] = [f"{time}:00" for time in fact.times]
    dosage: Json = {
        "timing": {"repeat": repeat} if repeat else None,
        "asNeededBoolean": fact.as_needed,
        "route": concept(coding("drug_routes", fact.route)) or None,
        "doseAndRate": [{"doseQuantity": dose}] if dose else None,
    }
    return {name: value for name, value in dosage.items() if value is not None}


def administered(agent: Agent, within: list[Json], at: When | None) -> Json:
    """What was injected, as the body of a MedicationAdministration that is part of its procedure."""
    dose = quantity(agent.dose)
    return {
        "status": "completed",
        "partOf": within,
        "medicationCodeableConcept": concept(coding("drugs", agent.drug), text=agent.drug),
        "effectiveDateTime": text_of(at),
        "dosage": _words(agent) | ({"dose": dose} if dose else {}),
    }


def planned(agent: Agent, within: list[Json]) -> Json:
    """What is to be injected, as the body of a MedicationRequest that is based on the request."""
    dose = quantity(agent.dose)
    said = _words(agent) | ({"doseAndRate": [{"doseQuantity": dose}]} if dose else {})
    return {
        "status": "active",
        "intent": "plan",
        "basedOn": within,
        "medicationCodeableConcept": concept(coding("drugs", agent.drug), text=agent.drug),
        "dosageInstruction": [said] if said else None,
    }


def _words(agent: Agent) -> Json:
    words = ", ".join(text for text in (agent.dose, agent.concentration, agent.volume) if text)
    return {"text": words} if words else {}
