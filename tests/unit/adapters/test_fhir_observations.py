"""Observation as it is read: scores, labs, findings, bounds and absent values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fhir_samples import (
    LOINC,
    OURS,
    SNOMED,
    coded,
    condition,
    observation,
    only,
    quantity,
    read_all,
    status,
    told,
)

from levamen.record.facts import Finding, Lab, Score

LOW_BACK = coded(SNOMED, "278860009")
NRS = coded(LOINC, "72514-3")


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
