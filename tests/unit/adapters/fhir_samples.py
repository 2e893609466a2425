"""Small synthetic FHIR bundles for tests, as dicts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from levamen.adapters.balance import Issue, Reading
from levamen.adapters.fhir import read_bundle
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact

SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
OURS = "urn:levamen:vocabulary:1"

Json = dict[str, Any]
SUBJECT = {"reference": "Patient/p"}


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1960-05-17"} | more


def coded(system: str, code: str, display: str | None = None) -> Json:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def status(code: str) -> Json:
    return {"coding": [{"code": code}]}


def condition(code: Json, **more: Any) -> Json:
    return {"resourceType": "Condition", "id": "c1", "subject": SUBJECT, "code": code} | more


def procedure(code: Json, **more: Any) -> Json:
    made = {"resourceType": "Procedure", "id": "pr1", "status": "completed", "subject": SUBJECT, "code": code}
    return made | {"performedDateTime": "2025-03-04"} | more


def observation(code: Json, **more: Any) -> Json:
    made = {"resourceType": "Observation", "id": "o1", "status": "final", "subject": SUBJECT, "code": code}
    return made | {"effectiveDateTime": "2025-03-04"} | more


def request(code: Json, **more: Any) -> Json:
    made = {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": SUBJECT}
    return made | {"medicationCodeableConcept": code, "authoredOn": "2025-01-02"} | more


def quantity(value: float | str, unit: str = "", **more: Any) -> Json:
    return {"value": value} | ({"unit": unit, "system": UCUM, "code": unit} if unit else {}) | more


def bundle(*resources: Json, type: str = "collection", **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": type, "entry": [{"resource": r} for r in resources]} | more


def read_all(*resources: Json, complete: tuple[Completeness, ...] = (), **more: Any) -> Reading:
    """A bundle of one patient and these resources, read; the balance is checked by its own class."""
    people = [] if any(r.get("resourceType") == "Patient" for r in resources) else [patient()]
    return read_bundle(json.dumps(bundle(*people, *resources, **more)).encode(), "test", complete)


def only(facts: Iterable[Fact]) -> Any:
    found = list(facts)
    assert len(found) == 1, found
    return found[0]


def told(reading: Reading, fate: str) -> str:
    """All issues of one fate, as text."""
    return "\n".join(f"{issue.where}: {issue.what}" for issue in reading.balance.issues if issue.fate == fate)


def issues(reading: Reading, fate: str) -> list[Issue]:
    return [issue for issue in reading.balance.issues if issue.fate == fate]
