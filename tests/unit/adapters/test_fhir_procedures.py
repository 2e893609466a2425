"""Procedure and ServiceRequest as they are read: what was done, what followed, what is considered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fhir_samples import (
    CPT,
    LOINC,
    OURS,
    SNOMED,
    SUBJECT,
    coded,
    condition,
    observation,
    only,
    procedure,
    quantity,
    read_all,
    told,
)

from levamen.record.facts import Course, Procedure, Score

LOW_BACK = coded(SNOMED, "278860009")
BLOCK = coded(f"{OURS}:therapies", "medial-branch-block")
NRS = coded(LOINC, "72514-3")


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


@pytest.mark.parametrize(
    ("performer", "operator"),
    [
        ([{"actor": {"display": "Dr Rossi"}}], "Dr Rossi"),
        ([{"actor": {"reference": "Organization/1", "display": "Orthopedic clinic"}}], "Orthopedic clinic"),
        ([{"actor": {"reference": "Practitioner/1"}}], None),
        ([{"actor": {"reference": "Patient/p", "display": "The patient"}}], None),
        ([{"actor": {"display": "Dr Rossi"}, "function": {"text": "anesthesia"}}], None),
        ([{"actor": {"display": "Dr Rossi"}, "role": {"text": "anesthesia"}}], None),
        ([{"actor": {"display": "Dr Rossi"}}, {"actor": {"display": "Dr Bianchi"}}], None),
        ([], None),
    ],
)
def test_the_operator_is_the_only_performer(performer: list[Any], operator: str | None) -> None:
    assert only(read_all(procedure(BLOCK, performer=performer)).record.of(Procedure)).operator == operator


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


@pytest.mark.parametrize(
    ("more", "operator", "setting"),
    [
        ({"performer": [{"display": "Dr Rossi"}]}, "Dr Rossi", None),
        ({"performer": [{"display": "Dr Rossi"}, {"display": "Dr Bianchi"}]}, None, None),
        ({"locationCode": [coded(f"{OURS}:settings", "office")]}, None, "office"),
        ({"locationCode": [{"text": "office"}]}, None, None),
    ],
)
def test_who_is_asked_to_do_it_and_where(more: dict[str, Any], operator: str | None, setting: str | None) -> None:
    asked = {"resourceType": "ServiceRequest", "id": "r", "status": "active", "intent": "order", "subject": SUBJECT}
    made = only(read_all(asked | {"code": BLOCK} | more).record.requests)
    assert (made.operator, made.setting) == (operator, setting)
