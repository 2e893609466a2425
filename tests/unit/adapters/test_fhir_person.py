"""Patient and Coverage as they are read: who it is, and who pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fhir_samples import (
    LOINC,
    OURS,
    SNOMED,
    SUBJECT,
    coded,
    condition,
    observation,
    only,
    patient,
    quantity,
    read_all,
    status,
    told,
)

from levamen.adapters.balance import UnusableInput
from levamen.record.facts import Lab

AF = coded(SNOMED, "49436004")


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
