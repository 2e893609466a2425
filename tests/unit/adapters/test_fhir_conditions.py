"""Condition as it is read: status, onset, verification and the sides of the body."""

from __future__ import annotations

from typing import Any

import pytest
from fhir_samples import (
    OURS,
    SNOMED,
    coded,
    condition,
    only,
    patient,
    procedure,
    read_all,
    status,
    told,
)

from levamen.record.facts import Event, Finding, Pain, Problem

AF = coded(SNOMED, "49436004")
KNEE = coded(SNOMED, "239873007")
LOW_BACK = coded(SNOMED, "278860009")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")


def years(value: int) -> dict[str, Any]:
    return {"value": value, "code": "a"}


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
