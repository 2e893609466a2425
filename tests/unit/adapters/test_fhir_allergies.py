"""AllergyIntolerance and List as they are read: allergies, and what is known to be complete."""

from __future__ import annotations

from typing import Any

from fhir_samples import (
    ICD10,
    LOINC,
    OURS,
    RXNORM,
    SNOMED,
    SUBJECT,
    coded,
    condition,
    only,
    procedure,
    read_all,
    request,
    status,
    told,
)

from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.record.facts import Allergy

AF = coded(SNOMED, "49436004")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")
WARFARIN = coded(RXNORM, "11289")


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


def test_an_allergy_to_something_unknown_is_kept_in_a_chart() -> None:
    for code in (coded(SNOMED, "84489001", "Mold (organism)"), coded(SNOMED, "84489001"), {}):
        record = read_all(allergy(code)).record
        assert only(record.facts).substance is None
        again = read_chart(write_chart(record), "again")
        assert (again.record.facts, again.balance.rejected) == (record.facts, 0)
    assert only(read_all(allergy({})).record.facts).note == "it is not said to what"


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
