"""MedicationRequest, MedicationStatement and MedicationAdministration as they are read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir_samples import (
    OURS,
    RXNORM,
    SNOMED,
    SUBJECT,
    bundle,
    coded,
    condition,
    only,
    patient,
    procedure,
    read_all,
    request,
    status,
    told,
)

from levamen.adapters.fhir import read_bundle
from levamen.record.facts import Medication, Procedure

AF = coded(SNOMED, "49436004")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")
WARFARIN = coded(RXNORM, "11289")


@pytest.mark.parametrize(
    "more",
    [
        {"status": "cancelled"},
        {"status": "draft"},
        {"status": "entered-in-error"},
        {"intent": "proposal"},
        {"intent": "plan"},
        {"intent": "option"},
        {"doNotPerform": True},
    ],
)
def test_orders_that_are_no_medication(more: dict[str, Any]) -> None:
    reading = read_all(request(WARFARIN, **more))
    assert not reading.record.facts
    assert reading.balance.ignored == 1


def test_an_order_is_not_intake() -> None:
    made = only(read_all(request(WARFARIN)).record.facts)
    assert (str(made.start), made.end, made.last_dose) == ("2025-01-02", None, None)


def test_a_stopped_order_ended_on_an_unknown_day() -> None:
    reading = read_all(request(WARFARIN, status="stopped"), condition(AF, onsetDateTime="2025-06-01"))
    assert str(only(reading.record.of(Medication)).end) == "2025-01-02 to 2025-06-01"


def test_an_order_on_hold_is_not_taken_as_ended() -> None:
    reading = read_all(request(WARFARIN, status="on-hold"))
    assert only(reading.record.facts).end is None
    assert "taken as not ended" in told(reading, "warning")


def test_dosage() -> None:
    dosage = {
        "asNeededCodeableConcept": {"text": "for pain"},
        "route": coded(f"{OURS}:drug_routes", "oral"),
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00", "20:00:00"]}},
        "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}],
    }
    made = only(read_all(request(coded(RXNORM, "7258"), dosageInstruction=[dosage])).record.facts)
    assert (made.dose, made.every, made.times, made.as_needed, made.route) == (
        "500 mg",
        "12 h",
        ("08:00", "20:00"),
        True,
        "oral",
    )


def test_a_number_of_tablets_is_multiplied_by_the_strength_of_the_product() -> None:
    dosage = {"asNeededBoolean": False, "doseAndRate": [{"doseQuantity": {"value": 2}}]}
    made = only(read_all(request(coded(RXNORM, "1049717"), dosageInstruction=[dosage])).record.facts)
    assert (made.drug, made.dose, made.as_needed) == ("oxycodone", "20 mg", False)
    bare = only(read_all(request(coded(RXNORM, "7804"), dosageInstruction=[dosage])).record.facts)
    assert bare.dose is None


@pytest.mark.parametrize(
    ("repeat", "every"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "d"}, "8 h"),
        ({"frequency": 1, "period": 6, "periodUnit": "h"}, "6 h"),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, "168 h"),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, None),
        ({"frequency": 7, "period": 1, "periodUnit": "d"}, None),
        ({"frequency": 1, "period": 1, "periodUnit": "mo"}, None),
    ],
)
def test_the_interval_of_doses(repeat: dict[str, Any], every: str | None) -> None:
    made = only(read_all(request(WARFARIN, dosageInstruction=[{"timing": {"repeat": repeat}}])).record.facts)
    assert made.every == every


def test_several_dosages_have_no_single_dose() -> None:
    reading = read_all(request(WARFARIN, dosageInstruction=[{"text": "first"}, {"text": "then"}]))
    assert "several dosages" in told(reading, "warning")


def test_an_order_and_a_statement_of_one_drug_are_both_kept() -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": SUBJECT,
        "medicationCodeableConcept": WARFARIN,
        "effectivePeriod": {"start": "2024-12"},
        "dateAsserted": "2025-02-02",
    }
    found = read_all(request(WARFARIN), statement).record.of(Medication)
    assert [m.id for m in found] == ["m1", "MedicationStatement-m1"]
    for more in ({"status": "not-taken"}, {"status": "intended"}, {"status": "entered-in-error"}):
        assert not read_all(statement | more).record.facts
    assert read_all(statement | {"taken": "n"}).balance.rejected == 1
    assert read_all(statement | {"wasNotTaken": True}).balance.rejected == 1


def test_a_dose_given_is_known_to_be_the_last_of_its_kind() -> None:
    given = {
        "resourceType": "MedicationAdministration",
        "id": "a1",
        "status": "completed",
        "subject": SUBJECT,
        "medicationCodeableConcept": coded(RXNORM, "1659263", "heparin"),
        "effectiveDateTime": "2025-02-03T08:00:00Z",
        "dosage": {"dose": {"value": 5000, "unit": "[IU]", "code": "[IU]"}},
    }
    made = only(read_all(given).record.facts)
    assert (made.drug, made.start == made.end == made.last_dose, made.dose) == ("heparin", True, "5000 [IU]")
    assert not read_all(given | {"status": "not-done"}).record.facts
    within = read_all(given | {"partOf": [{"reference": "Procedure/pr1"}]}, procedure(BLOCK)).record
    assert not within.of(Medication)
    assert only(within.of(Procedure)).agents[0].dose == "5000 [IU]"


def test_medication_references_contained_relative_and_by_uuid() -> None:
    medicine = {"resourceType": "Medication", "id": "med", "code": WARFARIN}
    contained = request(WARFARIN, medicationReference={"reference": "#med"}, contained=[medicine])
    del contained["medicationCodeableConcept"]
    assert only(read_all(contained).record.facts).drug == "warfarin"
    relative = contained | {"contained": [], "medicationReference": {"reference": "Medication/med"}}
    reading = read_all(relative, medicine)
    assert (only(reading.record.facts).drug, reading.balance.accepted) == ("warfarin", 3)
    made = bundle(patient(), relative | {"medicationReference": {"reference": "urn:uuid:7"}}, medicine)
    made["entry"][2]["fullUrl"] = "urn:uuid:7"
    assert only(read_bundle(json.dumps(made).encode(), "x").record.facts).drug == "warfarin"
    dangling = read_all(relative)
    says = "not in the bundle or has no code: Medication/med; kept as a medication of unknown drug"
    assert says in told(dangling, "warning")
    assert (only(dangling.record.facts).drug, only(dangling.record.facts).written) == (None, "Medication/med")
    unused = read_all(medicine)
    assert "no entry that is read points to it" in told(unused, "ignored")


def test_a_medication_by_its_ingredients() -> None:
    parts = [{"itemCodeableConcept": coded(RXNORM, code)} for code in ("7804", "5640")]
    medicine = {"resourceType": "Medication", "id": "med", "code": {"text": "a mix"}, "ingredient": parts}
    order = request(WARFARIN, medicationReference={"reference": "Medication/med"})
    del order["medicationCodeableConcept"]
    assert {m.drug for m in read_all(order, medicine).record.of(Medication)} == {"oxycodone", "ibuprofen"}


def test_a_medication_of_fhir_r5() -> None:
    order = request(WARFARIN, medication={"concept": WARFARIN})
    del order["medicationCodeableConcept"]
    assert "FHIR R5" in told(read_all(order), "rejected")


# ---- what for, until why, and who prescribed it


FALL = coded(f"{OURS}:events", "fall")


def statement(**more: Any) -> dict[str, Any]:
    made = {"resourceType": "MedicationStatement", "id": "m1", "status": "active", "subject": SUBJECT}
    return made | {"medicationCodeableConcept": WARFARIN} | more


@pytest.mark.parametrize(
    ("reasons", "indication"),
    [
        ([AF], "atrial-fibrillation"),
        ([coded(f"{OURS}:conditions", "stroke")], "stroke"),
        ([AF, AF], "atrial-fibrillation"),
        ([AF, coded(f"{OURS}:conditions", "stroke")], None),
        ([AF, coded(SNOMED, "1")], None),
        ([AF, {"text": "and something else"}], None),
        ([{"text": "atrial fibrillation"}], None),
        ([FALL], None),
        ([], None),
    ],
)
def test_what_a_drug_is_taken_for_is_one_condition_by_code(reasons: list[Any], indication: str | None) -> None:
    assert only(read_all(request(WARFARIN, reasonCode=reasons)).record.facts).indication == indication
    assert only(read_all(statement(reasonCode=reasons)).record.facts).indication == indication


def test_two_conditions_leave_open_what_a_drug_is_taken_for_and_are_told() -> None:
    reading = read_all(request(WARFARIN, reasonCode=[AF, coded(f"{OURS}:conditions", "stroke")]))
    assert "is taken for atrial-fibrillation or stroke; for which is left open" in told(reading, "warning")


def test_a_reason_that_contradicts_itself_is_no_reason() -> None:
    reading = read_all(request(WARFARIN, reasonCode=[coded(SNOMED, "49436004", "Neck pain")]))
    assert only(reading.record.of(Medication)).indication is None
    assert "a reason contradicts itself, and is not used" in told(reading, "warning")


@pytest.mark.parametrize(
    ("more", "indication"),
    [
        ({}, "atrial-fibrillation"),
        ({"verificationStatus": status("refuted")}, None),
        ({"verificationStatus": status("entered-in-error")}, None),
        ({"id": "another"}, None),
    ],
)
def test_a_reason_by_reference_is_the_condition_of_the_bundle(more: dict[str, Any], indication: str | None) -> None:
    order = request(WARFARIN, reasonReference=[{"reference": "Condition/c1"}])
    assert only(read_all(order, condition(AF, **more)).record.of(Medication)).indication == indication


def test_a_reason_by_code_and_by_reference_must_agree() -> None:
    order = request(WARFARIN, reasonReference=[{"reference": "Condition/c1"}])
    same = read_all(order | {"reasonCode": [AF]}, condition(AF)).record
    assert only(same.of(Medication)).indication == "atrial-fibrillation"
    other = read_all(order | {"reasonCode": [coded(f"{OURS}:conditions", "stroke")]}, condition(AF)).record
    assert only(other.of(Medication)).indication is None


def test_why_a_drug_was_stopped_by_our_code_only() -> None:
    held = coded(f"{OURS}:stop_reasons", "procedure-hold")
    assert only(read_all(request(WARFARIN, statusReason=held)).record.facts).stopped_because == "procedure-hold"
    assert only(read_all(statement(statusReason=[held])).record.facts).stopped_because == "procedure-hold"
    both = [held, coded(f"{OURS}:stop_reasons", "adverse-effect")]
    assert only(read_all(statement(statusReason=both)).record.facts).stopped_because is None
    assert only(read_all(statement(statusReason=[{"text": "procedure-hold"}])).record.facts).stopped_because is None


@pytest.mark.parametrize(
    ("requester", "prescriber"),
    [
        ({"display": "Dr Tremblay"}, "Dr Tremblay"),
        ({"reference": "Practitioner/7", "display": "Dr Tremblay"}, "Dr Tremblay"),
        ({"reference": "Practitioner/7"}, None),
        ({"reference": "Patient/p", "display": "The patient"}, None),
        ({"reference": "https://example.org/Patient/p", "display": "The patient"}, None),
        ({"reference": "Patient/p/_history/2", "display": "The patient"}, None),
        ({"type": "Device", "display": "A dispenser"}, None),
        ({"reference": "RelatedPerson/1", "display": "Her son"}, None),
    ],
)
def test_who_prescribed_is_who_asked_for_the_order(requester: dict[str, Any], prescriber: str | None) -> None:
    assert only(read_all(request(WARFARIN, requester=requester)).record.facts).prescriber == prescriber
    order = request(WARFARIN, id="order", requester=requester)
    based = statement(contained=[order], basedOn=[{"reference": "#order"}])
    reading = read_all(based)
    assert only(reading.record.facts).prescriber == prescriber
    assert reading.balance.issues == ()


def test_the_patient_named_by_a_uuid_is_no_prescriber() -> None:
    made = bundle(patient(), request(WARFARIN, requester={"reference": "urn:uuid:7", "display": "The patient"}))
    made["entry"][0]["fullUrl"] = "urn:uuid:7"
    assert only(read_bundle(json.dumps(made).encode(), "x").record.facts).prescriber is None


def test_an_order_that_a_statement_does_not_point_to_says_nothing_of_it() -> None:
    order = request(WARFARIN, id="order", requester={"display": "Dr Tremblay"})
    reading = read_all(statement(contained=[order]))
    assert only(reading.record.facts).prescriber is None
    assert "contains a MedicationRequest that is not read" in told(reading, "warning")
    assert only(read_all(statement(basedOn=[{"reference": "#order"}])).record.facts).prescriber is None


def test_a_drug_of_some_days_of_the_week_has_no_daily_times() -> None:
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00"], "dayOfWeek": ["mon", "thu"]}
    reading = read_all(request(WARFARIN, dosageInstruction=[{"timing": {"repeat": repeat}, "asNeededBoolean": False}]))
    made = only(reading.record.facts)
    assert (made.every, made.times, made.as_needed) == (None, (), False)
    assert "some days of the week" in told(reading, "warning")


# ---- what is planned for a request


CONSIDERED = {
    "resourceType": "ServiceRequest", "id": "R-1", "status": "active", "intent": "proposal", "subject": SUBJECT,
    "code": coded(f"{OURS}:therapies", "epidural-steroid-injection"),
}  # fmt: skip
PLANNED = request(coded(RXNORM, "3264"), intent="plan", basedOn=[{"reference": "ServiceRequest/R-1"}])
AGENT = {"meta": {"profile": ["urn:levamen:fhir:1:agent"]}}


def test_what_our_profile_plans_for_a_request_is_its_agent() -> None:
    dosage = [{"doseAndRate": [{"doseQuantity": {"value": 10, "unit": "mg"}}]}]
    reading = read_all(PLANNED | AGENT | {"dosageInstruction": dosage}, CONSIDERED)
    agent = only(only(reading.record.requests).agents)
    assert (agent.drug, agent.dose, agent.volume) == ("dexamethasone", "10 mg", None)
    assert "corticosteroid" in agent.classes
    assert not reading.record.facts


def test_a_plan_of_others_is_no_agent_because_it_may_be_given_before_or_after() -> None:
    reading = read_all(PLANNED, CONSIDERED)
    assert only(reading.record.requests).agents == ()
    assert "a plan, not an order" in told(reading, "ignored")


def test_an_agent_of_a_request_that_was_not_read_is_told() -> None:
    reading = read_all(PLANNED | AGENT)
    assert (reading.record.facts, reading.record.requests) == ((), ())
    assert "planned for a request that was not read" in told(reading, "ignored")


OTHER = "200243"
"""A product known to hold no drug of the vocabulary."""


def rxnorm(code: str, display: str = "") -> dict[str, Any]:
    return {"system": RXNORM, "code": code} | ({"display": display} if display else {})


@pytest.mark.parametrize(
    ("concept", "drugs"),
    [
        pytest.param({"coding": [rxnorm("860518")]}, ["carvedilol"], id="a code alone"),
        pytest.param(
            {"coding": [rxnorm("860518", "Carvedilol 20 MG")], "text": "carvedilol"}, ["carvedilol"], id="same"
        ),
        pytest.param(
            {"coding": [rxnorm("860518")], "text": "Warfarin 5 MG"}, ["carvedilol", None], id="the text names another"
        ),
        pytest.param({"coding": [rxnorm("860518", "Warfarin 5 MG")]}, [None], id="the display names another"),
        pytest.param(
            {"coding": [rxnorm("197361", "Amlodipine / Aspirin")]},
            ["amlodipine", None],
            id="the display names one more",
        ),
        pytest.param({"coding": [rxnorm(OTHER)]}, [], id="holds none of ours"),
        pytest.param(
            {"coding": [rxnorm(OTHER)], "text": "Warfarin 5 MG"}, [None], id="none of ours, the text names one"
        ),
        pytest.param(
            {"coding": [{"system": "urn:pharmacy", "code": OTHER, "display": "Warfarin 5 MG"}]}, [None], id="no RxNorm"
        ),
        pytest.param({"coding": [{"system": "urn:pharmacy", "code": OTHER}]}, [None], id="no RxNorm, no words"),
        pytest.param(
            {"coding": [rxnorm(OTHER), rxnorm("999999", "warfarin sodium 1 MG")]}, [None], id="beside one nobody knows"
        ),
        pytest.param({"coding": [rxnorm(OTHER), rxnorm("999999")]}, [None], id="beside one without words"),
    ],
)
def test_no_drug_is_lost_behind_a_code(concept: dict[str, Any], drugs: list[str | None]) -> None:
    """Words choose no drug; but where they name one that the code does not hold, somebody is asked."""
    reading = read_all(statement(medicationCodeableConcept=concept))
    assert [medication.drug for medication in reading.record.of(Medication)] == drugs
    assert reading.balance.ignored == (0 if drugs else 1)
    if None in drugs:
        assert any("kept as a medication of unknown drug" in issue.what for issue in reading.balance.issues)
