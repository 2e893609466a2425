"""What each kind of FHIR resource becomes, and what is honoured: status, absence, bounds, sides, references."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from fhir_samples import (
    CPT,
    ICD10,
    LOINC,
    OURS,
    RXNORM,
    SNOMED,
    SUBJECT,
    bundle,
    coded,
    condition,
    observation,
    only,
    patient,
    procedure,
    quantity,
    read_all,
    request,
    status,
    told,
)

from levamen.adapters.balance import UnusableInput
from levamen.adapters.fhir import read_bundle
from levamen.record.facts import Allergy, Course, Event, Finding, Lab, Medication, Pain, Problem, Procedure, Score

AF = coded(SNOMED, "49436004")
KNEE = coded(SNOMED, "239873007")
LOW_BACK = coded(SNOMED, "278860009")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")
NRS = coded(LOINC, "72514-3")
WARFARIN = coded(RXNORM, "11289")


def years(value: int) -> dict[str, Any]:
    return {"value": value, "code": "a"}


# ---- the person


def test_the_person() -> None:
    person = read_all(
        patient(deceasedDateTime="2024-03-01", communication=[{"language": coded("urn:ietf:bcp:47", "es")}])
    ).record.person
    assert (str(person.birth_date), person.sex, str(person.died), person.language) == (
        "1960-05-17",
        "female",
        "2024-03-01",
        "es",
    )


@pytest.mark.parametrize(
    ("identifier", "id"),
    [
        ([], "p"),
        ([{"system": "urn:a", "value": "A"}], "A"),
        ([{"value": "A"}, {"value": "B", "type": status("MR")}], "B"),
        ([{"value": "A"}, {"value": "C", "use": "usual"}], "C"),
    ],
)
def test_the_id_of_the_record(identifier: list[Any], id: str) -> None:
    assert read_all(patient(identifier=identifier)).record.id == id


def test_a_gender_that_is_no_code_is_left_unknown() -> None:
    reading = read_all(patient(gender="Male"))
    assert reading.record.person.sex is None
    assert "gender 'Male' is no code" in told(reading, "warning")


def test_a_birth_date_that_is_no_date_is_left_unknown() -> None:
    reading = read_all(patient(birthDate="1960-13-40"))
    assert reading.record.person.birth_date is None
    assert "'1960-13-40' is not a date" in told(reading, "warning")


def test_a_death_without_a_date_is_still_a_death() -> None:
    reading = read_all(patient(deceasedBoolean=True), condition(AF, onsetDateTime="2020-01-01"))
    died = reading.record.person.died
    assert died is not None
    assert (str(died.first), str(died.last)) == ("1960-05-17", "2020-01-01")
    assert read_all(patient(deceasedBoolean=False)).record.person.died is None


def test_a_death_that_cannot_be_placed_stops_everything() -> None:
    with pytest.raises(UnusableInput, match="has died"):
        read_all(patient(birthDate=None, deceasedBoolean=True))


def test_the_latest_weight_and_height() -> None:
    def weight(id: str, on: str, value: dict[str, Any]) -> dict[str, Any]:
        return observation(coded(LOINC, "29463-7"), id=id, effectiveDateTime=on, valueQuantity=value)

    tall = observation(coded(LOINC, "8302-2"), id="h", valueQuantity=quantity(70, "[in_i]"))
    reading = read_all(
        weight("a", "2024-01-01", quantity(81, "kg")),
        weight("b", "2025-01-01", quantity(200, "[lb_av]")),
        weight("c", "2025-02-01", quantity(5, "kg", comparator=">")),
        tall,
    )
    assert reading.record.person.weight_kg == Decimal("90.718474")
    assert reading.record.person.height_cm == Decimal("177.80")
    assert len([lab for lab in reading.record.of(Lab) if lab.test == "weight"]) == 3


@pytest.mark.parametrize(
    ("system", "code", "kind"),
    [
        ("https://nahdo.org/sopt", "121", "medicare"),
        ("https://nahdo.org/sopt", "111", "medicare-advantage"),
        ("https://nahdo.org/sopt", "2", "medicaid"),
        ("https://nahdo.org/sopt", "1", None),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL", None),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HIP", None),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "WCBPOL", "workers-compensation"),
        ("http://terminology.hl7.org/CodeSystem/coverage-selfpay", "pay", "self"),
        (f"{OURS}:payer_kinds", "nhs", "nhs"),
    ],
)
def test_who_pays_only_by_code(system: str, code: str, kind: str | None) -> None:
    coverage = {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": SUBJECT,
        "type": coded(system, code),
        "payor": [{"display": "Medicare"}],
        "period": {"start": "2020-01-01"},
        "class": [{"type": status("plan"), "value": "10001", "name": "Medicare Plan"}],
    }
    reading = read_all(coverage)
    payer = only(reading.record.payers)
    assert (payer.kind, payer.plan, str(payer.start)) == (kind, "Medicare Plan", "2020-01-01")
    assert ("does not say which kind of payer" in told(reading, "warning")) is (kind is None)
    assert not read_all(coverage | {"status": "cancelled"}).record.payers


# ---- conditions


@pytest.mark.parametrize(
    ("code", "expected"),
    [("active", "active"), ("recurrence", "active"), ("resolved", "resolved"), ("inactive", "remission")],
)
def test_clinical_status(code: str, expected: str) -> None:
    assert only(read_all(condition(AF, clinicalStatus=status(code))).record.facts).status == expected


def test_an_absent_clinical_status_is_not_said() -> None:
    assert only(read_all(condition(AF)).record.facts).status is None


@pytest.mark.parametrize(
    ("code", "expected"), [("confirmed", "confirmed"), ("differential", "provisional"), ("refuted", "refuted")]
)
def test_verification_status(code: str, expected: str) -> None:
    assert only(read_all(condition(AF, verificationStatus=status(code))).record.facts).verification == expected


def test_an_error_is_ignored_and_a_refuted_pain_is_no_pain() -> None:
    reading = read_all(condition(LOW_BACK, verificationStatus=status("entered-in-error")))
    assert not reading.record.facts
    assert "entered in error" in told(reading, "ignored")
    refuted = read_all(condition(LOW_BACK, verificationStatus=status("refuted"))).record
    assert not refuted.of(Pain)
    assert only(refuted.of(Problem)).verification == "refuted"


@pytest.mark.parametrize(
    ("onset", "expected"),
    [
        ({"onsetDateTime": "2024"}, "2024"),
        ({"onsetDateTime": "2024-02"}, "2024-02"),
        ({"onsetDateTime": "2024-02-29"}, "2024-02-29"),
        ({"onsetDateTime": "2024-02-29T23:30:00-08:00"}, "2024-02-29T23:30:00-08:00"),
        ({"onsetPeriod": {"start": "2024-01", "end": "2024-03-05"}}, "2024-01-01 to 2024-03-05"),
        ({"onsetPeriod": {"start": "2024-01-02"}}, "2024-01-02"),
        ({"onsetAge": years(50)}, "2010-05-17 to 2011-05-16"),
        ({"onsetRange": {"low": years(50), "high": years(51)}}, "2010-05-17 to 2012-05-16"),
        ({"onsetString": "in her fifties"}, "None"),
        ({}, "None"),
    ],
)  # fmt: skip
def test_every_choice_of_onset(onset: dict[str, Any], expected: str) -> None:
    reading = read_all(condition(AF, **onset))
    assert str(only(reading.record.facts).since) == expected
    assert ("in words only" in told(reading, "warning")) is ("onsetString" in onset)


def test_an_instant_keeps_the_local_day_of_its_text() -> None:
    since = only(read_all(condition(AF, onsetDateTime="2024-02-29T23:30:00.123456789-08:00")).record.facts).since
    assert since.first == since.last
    assert str(since.first) == "2024-02-29"
    naive = only(read_all(condition(AF, onsetDateTime="2024-02-29T23:30:00")).record.facts).since
    assert naive.at is None


def test_an_age_without_a_birth_date_is_told() -> None:
    reading = read_all(patient(birthDate=None), condition(AF, onsetAge={"value": 50, "code": "a"}))
    assert only(reading.record.facts).since is None
    assert "cannot be placed without the birth date" in told(reading, "warning")


def test_a_finding_and_an_event_by_their_codes() -> None:
    fever = only(read_all(condition(coded(SNOMED, "386661006"), onsetDateTime="2025-01-01")).record.facts)
    assert isinstance(fever, Finding)
    assert (fever.concept, fever.present) == ("fever", True)
    gone = read_all(condition(coded(SNOMED, "386661006"), verificationStatus=status("refuted")))
    assert only(gone.record.facts).present is False
    assert isinstance(only(read_all(condition(coded(SNOMED, "39579001"))).record.facts), Event)


# ---- sides


@pytest.mark.parametrize(
    ("site", "side"),
    [
        (coded(SNOMED, "7771000"), "left"),
        (coded(SNOMED, "24028007"), "right"),
        (coded(SNOMED, "51440002"), "both"),
        (coded(f"{OURS}:target.side", "midline"), "midline"),
        (coded(SNOMED, "72696002"), None),
    ],
)
def test_a_side_by_code(site: dict[str, Any], side: str | None) -> None:
    assert only(read_all(condition(KNEE, bodySite=[site])).record.facts).side == side


def test_a_side_in_words_is_not_used_and_told() -> None:
    for site in ({"text": "Left knee"}, coded(SNOMED, "72696002", "Left knee region")):
        reading = read_all(condition(KNEE, bodySite=[site]))
        assert only(reading.record.facts).side is None
        assert "the side stands only in words" in told(reading, "warning")


def test_two_sides_are_not_chosen_from() -> None:
    reading = read_all(condition(KNEE, bodySite=[coded(SNOMED, "7771000"), coded(SNOMED, "24028007")]))
    assert only(reading.record.facts).side is None
    assert "several values for side" in told(reading, "warning")


def test_a_target_in_our_codes() -> None:
    sites = [("region", "lumbar"), ("side", "right"), ("joints", "L3-4"), ("joints", "L4-5"), ("joints", "L9-9")]
    reading = read_all(procedure(BLOCK, bodySite=[coded(f"{OURS}:target.{field}", id) for field, id in sites]))
    made = only(reading.record.facts)
    assert (made.region, made.side, made.joints) == ("lumbar", "right", {"L3-4", "L4-5"})
    assert "'L9-9' is no joints" in told(reading, "warning")


# ---- procedures


@pytest.mark.parametrize(
    ("code", "expected"), [("completed", "done"), ("stopped", "aborted"), ("preparation", "planned")]
)
def test_the_status_of_a_procedure(code: str, expected: str) -> None:
    assert only(read_all(procedure(BLOCK, status=code)).record.facts).status == expected


@pytest.mark.parametrize("code", ["in-progress", "on-hold", "unknown", "finished"])
def test_a_procedure_that_is_not_known_to_be_done(code: str) -> None:
    reading = read_all(procedure(BLOCK, status=code))
    assert only(reading.record.facts).status is None
    assert "not counted as done" in told(reading, "warning")


@pytest.mark.parametrize(
    "more", [{"status": "entered-in-error"}, {"status": "not-done"}, {"notDone": True}, {"notPerformed": True}]
)
def test_what_was_not_done_is_no_fact(more: dict[str, Any]) -> None:
    reading = read_all(procedure(BLOCK, **more))
    assert not reading.record.facts
    assert reading.balance.ignored == 1


@pytest.mark.parametrize(
    ("performed", "start", "end"),
    [
        ({"performedDateTime": "2025-03"}, "2025-03", "None"),
        ({"performedPeriod": {"start": "2025-03-04", "end": "2025-03-09"}}, "2025-03-04", "2025-03-09"),
        ({"performedPeriod": {"start": "2025-03-04"}}, "2025-03-04", "None"),
        ({"performedAge": {"value": 60, "code": "a"}}, "2020-05-17 to 2021-05-16", "None"),
        ({"performedString": "last spring"}, "None", "None"),
    ],
)
def test_when_a_procedure_was_performed(performed: dict[str, Any], start: str, end: str) -> None:
    made = only(read_all(procedure(BLOCK, performedDateTime=None, **performed) if "performedDateTime" not in performed
                         else procedure(BLOCK, **performed)).record.facts)  # fmt: skip
    assert (str(made.start), str(made.end)) == (start, end)


def test_a_procedure_of_fhir_r5_is_not_read_without_its_date() -> None:
    reading = read_all(procedure(BLOCK, occurrenceDateTime="2025-03-04"))
    assert "FHIR R5" in told(reading, "rejected")


def test_one_procedure_for_each_level_stays_apart() -> None:
    found = read_all(procedure(BLOCK), procedure(BLOCK, id="pr2")).record.of(Procedure)
    assert [(p.id, str(p.day)) for p in found] == [("pr1", "2025-03-04"), ("pr2", "2025-03-04")]


def test_the_reason_names_the_pain() -> None:
    reason = [{"reference": "Condition/c1"}]
    reading = read_all(procedure(BLOCK, reasonReference=reason), condition(LOW_BACK))
    assert only(reading.record.of(Procedure)).pain == "c1-pain"
    dangling = read_all(procedure(BLOCK, reasonReference=[{"reference": "Condition/zz"}]))
    assert only(dangling.record.of(Procedure)).pain is None
    assert "points to nothing" in told(dangling, "warning")


# ---- relief


def relief(id: str, at: str, value: int, **more: Any) -> dict[str, Any]:
    within = {"partOf": [{"reference": "Procedure/pr1"}]} | more
    return observation(NRS, id=id, effectiveDateTime=at, valueQuantity=quantity(value), **within)


TIMED = procedure(BLOCK, performedDateTime="2025-03-04T10:00:00Z")


def test_scores_before_and_after_become_relief() -> None:
    reading = read_all(
        relief("b", "2025-03-04T11:00:00Z", 1), relief("a", "2025-03-04T09:30:00Z", 8), TIMED,
        relief("c", "2025-03-04T12:00:00Z", 2),
    )  # fmt: skip
    found = only(reading.record.of(Procedure)).relief
    assert [(r.scale, r.after) for r in found] == [("nrs", 1), ("nrs", 2)]
    assert found[1].before == 8
    assert not reading.record.of(Score)


def test_a_component_says_what_it_was_before() -> None:
    before = {"code": coded("urn:levamen:fhir:1:relief", "before"), "valueQuantity": quantity(8)}
    made = only(read_all(TIMED, relief("r", "2025-03-04T11:00:00Z", 1, component=[before])).record.of(Procedure))
    assert (made.relief[0].before, made.relief[0].after) == (8, 1)


def test_relief_by_focus_by_percent_and_by_function() -> None:
    focus = {"partOf": [], "focus": [{"reference": "Procedure/pr1"}]}
    percent = observation(
        coded(f"{OURS}:instruments", "percent-relief"), id="p", partOf=[{"reference": "Procedure/pr1"}],
        valueRange={"low": quantity(70), "high": quantity(80)},
    )  # fmt: skip
    odi = observation(
        coded(f"{OURS}:instruments", "odi"), id="f", partOf=[{"reference": "Procedure/pr1"}], valueQuantity=quantity(20)
    )
    ended = observation(
        coded("urn:levamen:fhir:1:relief", "ended"), id="e", partOf=[{"reference": "Procedure/pr1"}],
        valueDateTime="2025-03-04T15:00:00Z",
    )  # fmt: skip
    made = only(
        read_all(TIMED, relief("r", "2025-03-04T11:00:00Z", 1, **focus), percent, odi, ended).record.of(Procedure)
    )
    assert [str(r.percent) if r.percent else r.scale for r in made.relief] == ["nrs", "70 to 80"]
    assert made.function[0].instrument == "odi"
    assert str(made.relief_ended) == "2025-03-04T15:00:00+00:00"


def test_relief_in_a_questionnaire() -> None:
    response = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": SUBJECT,
        "partOf": [{"reference": "Procedure/pr1"}],
        "authored": "2025-03-11",
        "item": [
            {"linkId": "group", "item": [{"linkId": "/72514-3#before", "answer": [{"valueInteger": 8}]}]},
            {"linkId": "/72514-3", "answer": [{"valueDecimal": 1.5}]},
            {"linkId": f"{OURS}:instruments/percent-relief", "answer": [{"valueQuantity": quantity(80, "%")}]},
            {"linkId": "unknown", "answer": [{"valueString": "text"}]},
        ],
    }
    made = only(read_all(TIMED, response).record.of(Procedure))
    assert (made.relief[0].before, made.relief[0].after, str(made.relief[0].at)) == (8, Decimal("1.5"), "2025-03-11")
    assert str(made.relief[1].percent) == "80"
    scores = read_all(response | {"partOf": [], "id": "q"}).record.of(Score)
    assert ("q-nrs", Decimal("1.5")) in {(score.id, score.value) for score in scores}
    assert "not completed" in told(read_all(response | {"status": "in-progress"}), "ignored")


def test_a_score_that_points_to_something_unread_stays_a_score() -> None:
    reading = read_all(relief("r", "2025-03-04", 3))
    assert only(reading.record.of(Score)).value == 3
    assert "points to something that was not read" in told(reading, "warning")


def test_a_procedure_that_is_part_of_itself_does_no_harm() -> None:
    circular = TIMED | {"partOf": [{"reference": "Procedure/pr1"}], "reasonReference": [{"reference": "Procedure/pr1"}]}
    assert only(read_all(circular).record.of(Procedure)).id == "pr1"


# ---- scores and labs


def test_a_score_about_a_pain() -> None:
    reading = read_all(
        condition(LOW_BACK),
        observation(NRS, valueQuantity=quantity(7, "{score}"), focus=[{"reference": "Condition/c1"}]),
    )
    score = only(reading.record.of(Score))
    assert (score.instrument, score.value, score.pain, str(score.date)) == ("nrs", 7, "c1-pain", "2025-03-04")


def test_zero_is_a_score_and_absent_is_not_zero() -> None:
    assert only(read_all(observation(NRS, valueQuantity=quantity(0))).record.facts).value == 0
    reading = read_all(observation(NRS, dataAbsentReason=status("asked-declined")))
    assert only(reading.record.facts).value is None
    assert "missing, not zero" in told(reading, "warning")


@pytest.mark.parametrize("comparator", ["<", "<=", ">=", ">", "ad"])
def test_a_bound_is_no_value(comparator: str) -> None:
    reading = read_all(observation(coded(LOINC, "777-3"), valueQuantity=quantity(20, "10*3/uL", comparator=comparator)))
    assert only(reading.record.facts).value is None
    assert "not exact" in told(reading, "warning")


@pytest.mark.parametrize(
    "value",
    [
        {"valueQuantity": quantity(55, "mm")},
        {"valueQuantity": quantity(55)},
        {"valueQuantity": quantity(-1)},
        {"valueQuantity": quantity("NaN")},
        {"valueQuantity": {"value": 1e300}},
    ],
)
def test_a_value_of_another_scale_is_refused(value: dict[str, Any]) -> None:
    assert read_all(observation(NRS, **value)).balance.rejected == 1


def test_a_visual_analog_scale_stays_one() -> None:
    vas = coded(f"{OURS}:instruments", "vas-mm")
    score = only(read_all(observation(vas, valueQuantity=quantity(55, "mm"))).record.facts)
    assert (score.instrument, score.value) == ("vas-mm", 55)
    assert read_all(observation(vas, valueQuantity=quantity(5.5, "cm"))).balance.rejected == 1


@pytest.mark.parametrize(
    "value",
    [
        {"valueString": "7"},
        {"valueCodeableConcept": {"text": "severe"}},
        {"valueRange": {"low": quantity(1), "high": quantity(2)}},
        {"valueRatio": {"numerator": quantity(1)}},
        {"valueBoolean": True},
    ],
)
def test_what_is_no_number_is_no_score(value: dict[str, Any]) -> None:
    reading = read_all(observation(NRS, **value))
    assert only(reading.record.facts).value is None
    assert "not used" in told(reading, "warning")


def test_integers_are_numbers() -> None:
    assert only(read_all(observation(NRS, valueInteger=4)).record.facts).value == 4


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("2160-0", quantity(1.2, "mg/dL"), (Decimal("1.2"), "mg/dL")),
        ("2160-0", quantity(106, "umol/L"), (Decimal(106), "umol/L")),
        ("777-3", quantity(150, "10^3/uL"), (Decimal(150), "10*3/uL")),
        ("6301-6", quantity(1.1, "{INR}"), (Decimal("1.1"), "1")),
        ("6301-6", quantity(1.1), (Decimal("1.1"), "1")),
        ("8310-5", quantity(37, "Cel"), (Decimal(37), "Cel")),
        ("2160-0", quantity(1.2), (None, None)),
    ],
)
def test_labs_in_the_units_of_the_vocabulary(code: str, value: dict[str, Any], expected: tuple[Any, Any]) -> None:
    lab = only(read_all(observation(coded(LOINC, code), valueQuantity=value)).record.facts)
    assert (lab.value, lab.unit) == expected


def test_a_lab_in_another_unit_is_rejected() -> None:
    reading = read_all(observation(coded(LOINC, "2160-0"), valueQuantity=quantity(12, "mg/L")))
    assert "'mg/L': the units read are mg/dL, umol/L" in told(reading, "rejected")


def test_components_are_facts_of_their_own() -> None:
    pressures = [
        {"code": coded(LOINC, "8480-6"), "valueQuantity": quantity(120, "mm[Hg]")},
        {"code": coded(LOINC, "8462-4"), "valueQuantity": quantity(80, "mmHg")},
        {"code": coded(LOINC, "8867-4"), "valueQuantity": quantity(60, "/min")},
    ]
    reading = read_all(observation(coded(LOINC, "85354-9"), component=pressures))
    assert {(lab.id, lab.value) for lab in reading.record.of(Lab)} == {
        ("o1-blood-pressure-systolic", 120),
        ("o1-blood-pressure-diastolic", 80),
    }
    assert reading.balance.accepted == 2


def test_items_of_an_instrument_are_its_answers() -> None:
    items = [
        {"code": coded(LOINC, "91145-3"), "valueQuantity": quantity(5)},
        {"code": coded(LOINC, "75893-8"), "valueInteger": 0},
    ]
    score = only(read_all(observation(coded(LOINC, "91148-7"), component=items)).record.facts)
    assert (score.instrument, score.answers, score.value) == ("peg", (0, 5, None), None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"effectiveDateTime": "2025-03"}, "2025-03"),
        ({"effectiveInstant": "2025-03-04T05:06:07Z"}, "2025-03-04T05:06:07+00:00"),
        ({"effectivePeriod": {"start": "2025-03-01", "end": "2025-03-04"}}, "2025-03-01 to 2025-03-04"),
        ({"issued": "2025-03-05T00:00:00Z"}, "2025-03-05T00:00:00+00:00"),
    ],
)
def test_when_an_observation_was_made(more: dict[str, Any], expected: str) -> None:
    made = observation(NRS, valueQuantity=quantity(3), **({"effectiveDateTime": None} | more))
    assert str(only(read_all(made).record.facts).date) == expected


@pytest.mark.parametrize("code", ["registered", "cancelled", "entered-in-error"])
def test_observations_that_are_none(code: str) -> None:
    assert not read_all(observation(NRS, status=code, valueQuantity=quantity(3))).record.facts


@pytest.mark.parametrize(
    ("value", "present"),
    [
        ({"valueBoolean": True}, True),
        ({"valueBoolean": False}, False),
        ({"valueCodeableConcept": coded(SNOMED, "2667000")}, False),
        ({"valueCodeableConcept": coded(LOINC, "LA33-6")}, True),
        (
            {"interpretation": [coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "NEG")]},
            False,
        ),
    ],
)
def test_findings_present_and_absent(value: dict[str, Any], present: bool) -> None:
    finding = only(read_all(observation(coded(f"{OURS}:findings", "straight-leg-raise"), **value)).record.facts)
    assert isinstance(finding, Finding)
    assert finding.present is present


def test_a_finding_that_says_both_is_refused() -> None:
    both = {"valueBoolean": True, "valueCodeableConcept": coded(SNOMED, "2667000")}
    assert read_all(observation(coded(f"{OURS}:findings", "faber"), **both)).balance.rejected == 1


def test_a_qualitative_result() -> None:
    screen = observation(
        coded(f"{OURS}:labs", "hcg"), valueCodeableConcept=coded(SNOMED, "260385009"), valueQuantity=quantity(5)
    )
    assert only(read_all(screen).record.facts).value == "negative"


# ---- medications


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


# ---- allergies and completeness


def allergy(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "AllergyIntolerance", "id": "al", "patient": SUBJECT, "code": code} | more


def test_allergies() -> None:
    reaction = [{"manifestation": [{"text": "hives"}], "severity": "moderate"}]
    made = only(read_all(allergy(coded(RXNORM, "1191"), reaction=reaction, recordedDate="2020-01-01")).record.facts)
    assert isinstance(made, Allergy)
    assert (made.substance, made.reaction, made.severity) == ("aspirin", "hives", "moderate")
    assert only(read_all(allergy(coded(SNOMED, "111088007", "Latex (substance)"))).record.facts).substance == "latex"
    assert only(read_all(condition(coded(ICD10, "Z91.041"))).record.facts).substance == "iodinated-contrast"
    for gone in ({"verificationStatus": status("refuted")}, {"clinicalStatus": status("resolved")}):
        assert not read_all(allergy(coded(RXNORM, "1191"), **gone)).record.facts


def test_an_allergy_to_something_unknown_stays_in_doubt() -> None:
    reading = read_all(allergy(coded(SNOMED, "84489001", "Mold (organism)")))
    made = only(reading.record.facts)
    assert (made.substance, made.note) == (None, "Mold (organism)")
    assert "substance not understood" in told(reading, "warning")


def test_no_known_allergy_is_completeness() -> None:
    entry = only(read_all(allergy(coded(SNOMED, "716186003"), recordedDate="2025-02-02")).record.completeness)
    assert (entry.kind, str(entry.reviewed), entry.scope) == ("allergies", "2025-02-02", "patient")
    drugs = only(read_all(allergy(coded(SNOMED, "409137002"), recordedDate="2025-02-02")).record.completeness)
    assert (drugs.kind, str(drugs.asked), drugs.answer) == ("drug-allergy", "2025-02-02", "no")
    undated = read_all(allergy(coded(SNOMED, "716186003")))
    assert not undated.record.completeness
    assert "without a date" in told(undated, "ignored")
    ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    none = read_all(procedure(coded(ips, "no-known-procedures"))).record
    assert (str(only(none.completeness).start), str(only(none.completeness).end)) == ("1960-05-17", "2025-03-04")
    assert not none.facts
    assert not read_all(allergy(coded(ips, "no-allergy-info"), recordedDate="2025-02-02")).record.completeness


def nothing_known(**more: Any) -> dict[str, Any]:
    made = {"resourceType": "List", "status": "current", "mode": "working", "subject": SUBJECT, "date": "2025-02-02"}
    return made | {"code": coded(LOINC, "10160-0"), "emptyReason": status("nilknown")} | more


def test_an_empty_list_closes_only_if_nothing_is_known() -> None:
    entry = only(read_all(nothing_known()).record.completeness)
    assert (entry.kind, str(entry.reviewed)) == ("medications", "2025-02-02")
    for more in ({"emptyReason": status("notasked")}, {"emptyReason": None}, {"code": coded(LOINC, "1-8")}):
        reading = read_all(nothing_known(**more))
        assert not reading.record.completeness
        assert reading.balance.ignored == 1
    assert not read_all(nothing_known(date=None)).record.completeness


def test_nothing_is_complete_by_itself() -> None:
    assert read_all(condition(AF), procedure(BLOCK), request(WARFARIN)).record.completeness == ()


# ---- requests


def order(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = {"resourceType": "ServiceRequest", "id": "s1", "status": "active", "intent": "order", "subject": SUBJECT}
    return made | {"code": code, "occurrenceDateTime": "2025-04-01"} | more


def test_a_service_request_is_what_is_considered() -> None:
    for intent in ("proposal", "plan", "order"):
        record = read_all(order(coded(CPT, "64635"), intent=intent)).record
        asked = only(record.requests)
        assert (asked.therapy, str(asked.start)) == ("medial-branch-radiofrequency-ablation", "2025-04-01")
        assert not record.facts


@pytest.mark.parametrize(
    "more",
    [
        {"doNotPerform": True},
        {"status": "revoked"},
        {"status": "completed"},
        {"status": "entered-in-error"},
        {"intent": "option"},
        {"code": coded(SNOMED, "444831000124102")},
        {"code": coded(SNOMED, "91251008")},
    ],
)
def test_requests_that_are_none(more: dict[str, Any]) -> None:
    reading = read_all(order(coded(CPT, "64635")) | more)
    assert not reading.record.requests
    assert not reading.record.of(Course)
    assert reading.balance.ignored == 1


# ---- whose it is


@pytest.mark.parametrize(
    ("subject", "good"),
    [
        ({"reference": "Patient/p"}, True),
        ({"reference": "Patient/p/_history/3"}, True),
        ({"reference": "https://server/fhir/Patient/p"}, True),
        ({"reference": "urn:uuid:me"}, True),
        ({"reference": "Patient?identifier=urn:mrn|77"}, True),
        ({"identifier": {"system": "urn:mrn", "value": "77"}}, True),
        ({"display": "Jane"}, True),
        (None, True),
        ({"reference": "Patient/q"}, False),
        ({"reference": "urn:uuid:other"}, False),
        ({"reference": "Group/p"}, False),
        ({"identifier": {"system": "urn:mrn", "value": "78"}}, False),
    ],
)
def test_resources_about_another_are_rejected(subject: Any, good: bool) -> None:
    made = bundle(patient(identifier=[{"system": "urn:mrn", "value": "77"}]), condition(AF, subject=subject))
    made["entry"][0]["fullUrl"] = "urn:uuid:me"
    reading = read_bundle(json.dumps(made).encode(), "x")
    assert (len(reading.record.facts) == 1) is good
    assert ("is about another" in told(reading, "rejected")) is not good


def test_ids_stay_unique_across_types() -> None:
    reading = read_all(
        condition(AF, id="1"), procedure(BLOCK, id="1"), condition(KNEE, id=None), request(WARFARIN, id="1")
    )
    ids = [fact.id for fact in reading.record.facts]
    assert len(ids) == len(set(ids)) == 4


def test_what_is_contained_and_not_read_is_told() -> None:
    reading = read_all(condition(AF, contained=[condition(KNEE, id="inner")]))
    assert "contains a Condition that is not read" in told(reading, "warning")


def test_issues_are_few_and_the_balance_holds() -> None:
    reading = read_all(*(observation(coded(LOINC, "8867-4"), id=f"o{n}") for n in range(300)))
    assert reading.balance.ignored == 300
    assert told(reading, "ignored").splitlines() == [
        "Observation: 300 × code that no rule of ours reads (LOINC 8867-4)"
    ]
    assert {issue.fate for issue in reading.balance.issues} <= {"ignored", "rejected", "warning"}


def test_the_moment_of_the_bundle() -> None:
    assert str(read_all(timestamp="2025-05-06T07:08:09Z").record.recorded) == "2025-05-06T07:08:09+00:00"
    assert str(read_all(meta={"lastUpdated": "2025-05-06T07:08:09Z"}).record.recorded) == "2025-05-06T07:08:09+00:00"
    assert read_all().record.recorded is None
    assert read_all().record.zone is None


# ---- types that are read only with our codes


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
