"""Whose a resource is, ids, contained resources, and the balance of the import."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir_samples import (
    LOINC,
    OURS,
    RXNORM,
    SNOMED,
    bundle,
    coded,
    condition,
    observation,
    patient,
    procedure,
    read_all,
    request,
    told,
)

from levamen.adapters.fhir import read_bundle

AF = coded(SNOMED, "49436004")
KNEE = coded(SNOMED, "239873007")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")
WARFARIN = coded(RXNORM, "11289")


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
