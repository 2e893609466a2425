"""Types that are read only where they use our codes: Device, DocumentReference, AdverseEvent, Goal."""

from __future__ import annotations

from typing import Any

import pytest
from fhir_samples import (
    OURS,
    SNOMED,
    SUBJECT,
    coded,
    only,
    procedure,
    read_all,
    told,
)

from levamen.record.facts import Document

PACEMAKER = {"resourceType": "Device", "id": "d", "patient": SUBJECT, "type": coded(f"{OURS}:devices", "pacemaker")}
FALL = {"resourceType": "AdverseEvent", "id": "e", "subject": SUBJECT, "event": coded(f"{OURS}:events", "fall")}


def test_devices_and_events_by_our_codes() -> None:
    record = read_all(PACEMAKER, FALL | {"actuality": "actual", "date": "2025-01-01"}).record
    assert [(type(fact).__name__, getattr(fact, "kind", None)) for fact in record.facts] == [
        ("Device", "pacemaker"),
        ("Event", "fall"),
    ]


@pytest.mark.parametrize(
    "resource",
    [
        PACEMAKER | {"status": "entered-in-error"},
        PACEMAKER | {"type": coded(SNOMED, "14106009", "Cardiac pacemaker")},
        FALL | {"actuality": "potential"},
        {"resourceType": "Encounter", "subject": SUBJECT},
        {"resourceType": "Immunization", "status": "not-done"},
    ],
)
def test_what_is_left_out_of_other_types(resource: dict[str, Any]) -> None:
    reading = read_all(resource)
    assert not reading.record.facts
    assert reading.balance.ignored == 1


# ---- what a document is about

ASKED = {
    "resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": SUBJECT,
    "code": coded(f"{OURS}:therapies", "medial-branch-block"),
}  # fmt: skip
FIRST, SECOND = ASKED | {"id": "R-1"}, ASKED | {"id": "R-2"}


def document(kind: str, *related: str) -> dict[str, Any]:
    made = {"resourceType": "DocumentReference", "id": "D-1", "status": "current", "subject": SUBJECT}
    context = {"related": [{"reference": reference} for reference in related]}
    return made | {"type": coded(f"{OURS}:documents", kind), "context": context}


def test_an_agreement_is_for_the_request_it_is_related_to() -> None:
    made = only(read_all(document("prescriber-agreement", "ServiceRequest/R-1"), FIRST, SECOND).record.of(Document))
    assert made.request == "R-1"
    assert only(read_all(document("prescriber-agreement"), FIRST).record.of(Document)).request is None


@pytest.mark.parametrize("kind", ["prescriber-agreement", "periprocedural-plan"])
@pytest.mark.parametrize(
    "related",
    [
        ("ServiceRequest/R-3",),
        ("urn:uuid:7",),
        ("ServiceRequest/R-1", "ServiceRequest/R-2"),
        ("Procedure/R-1",),
    ],
)
def test_an_agreement_for_another_request_does_not_become_one_for_all(kind: str, related: tuple[str, ...]) -> None:
    reading = read_all(document(kind, *related), FIRST, SECOND)
    assert not reading.record.of(Document)
    assert "what it is for is not known" in told(reading, "rejected")


def test_a_procedure_that_was_read_is_no_request() -> None:
    done = procedure(coded(f"{OURS}:therapies", "medial-branch-block"))
    reading = read_all(document("prescriber-agreement", "Procedure/pr1"), done, FIRST)
    assert not reading.record.of(Document)
    assert "what it is for is not known" in told(reading, "rejected")


def test_a_document_of_another_kind_may_be_related_to_anything() -> None:
    made = only(read_all(document("imaging-report", "Encounter/1"), FIRST).record.of(Document))
    assert (made.kind, made.request) == ("imaging-report", None)


def test_an_unknown_field_of_a_pump_is_named() -> None:
    """The readings of a pump stand in an extension of ours; a field that no rule reads is told, not lost silently."""

    def part(url: str, **more: Any) -> dict[str, Any]:
        return {"url": url, **more}

    drug = part("item", extension=[part("drug", valueString="morphine"), part("strength", valueString="10 mg/mL")])
    readings = [
        part("reservoir_ml", valueDecimal=20),
        part("alarm_mL", valueDecimal=2),
        part("drugs", extension=[drug]),
    ]
    pump = {
        "resourceType": "Device", "id": "d", "patient": SUBJECT, "type": coded(f"{OURS}:devices", "intrathecal-pump"),
        "extension": [part("urn:levamen:fhir:1:pump", extension=readings)],
    }  # fmt: skip
    balance = read_all(pump).balance
    assert (balance.items, balance.ignored, balance.rejected) == (balance.accepted, 0, 0)
    warned = " ".join(issue.what for issue in balance.issues)
    assert "unknown field 'alarm_mL'" in warned
    assert "unknown field 'drugs.strength'" in warned
    assert "reservoir_ml" not in warned
