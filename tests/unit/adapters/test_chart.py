"""The chart file: every field of the contract, and what the reader settles on the way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.adapters import chart_schema
from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.record.facts import Procedure, Record, Relief, Request
from levamen.record.timeline import Interval, When, month_of, year_of
from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import plain_data

EXAMPLE = Path(__file__).with_name("contract_example.yaml").read_text(encoding="utf-8")
HEAD = "chart: 1\nzone: America/Los_Angeles\nrecorded: 2026-02-20\n"


def read(body: str, head: str = HEAD) -> Reading:
    return read_chart(head + body, "c.yaml")


def only(body: str) -> Any:
    """The one fact of a chart, which must be usable."""
    reading = read(body)
    assert reading.balance.rejected == 0, reading.balance.issues
    (fact,) = reading.record.facts
    return fact


def warnings(body: str) -> list[str]:
    return [f"{issue.where}: {issue.what}" for issue in read(body).balance.issues if issue.fate == "warning"]


def day(text: str) -> When:
    return When.on(date.fromisoformat(text))


# the example of the contract


def test_the_contract_example_is_read_whole() -> None:
    reading = read_chart(EXAMPLE, "example.yaml")
    record = reading.record
    assert (reading.balance.items, reading.balance.accepted, reading.balance.issues) == (15, 15, ())
    assert (record.id, record.zone, str(record.recorded), str(record.as_of)) == (
        "example-1",
        "America/Los_Angeles",
        "2026-02-20",
        "2026-02-20",
    )
    assert record.person.weight_kg == 81
    assert [(payer.kind, payer.contractor, payer.state) for payer in record.payers] == [("medicare", "noridian", "OR")]
    assert [fact.id for fact in record.facts] == ["PN-1", "PR-1", "F-1", "C-1", "M-1", "S-1", "S-2", "P-1"]
    assert [request.id for request in record.requests] == ["R-1", "R-2"]


def test_the_example_block() -> None:
    record = read_chart(EXAMPLE, "example.yaml").record
    (block,) = record.of(Procedure)
    assert isinstance(block, Procedure)
    assert block.joints == {"L3-4", "L4-5"}
    assert block.start == day("2026-02-12")
    assert block.agents[0].concentration == "0.5 %"
    assert block.agents[0].classes >= {"local-anesthetic"}
    (relief,) = block.relief
    assert relief.at is not None
    assert relief.at.at == datetime(2026, 2, 12, 19, 0, tzinfo=UTC)
    assert (relief.scale, relief.before, relief.after) == ("nrs", Decimal(8), Decimal(1))


def test_the_example_expectations_keep_their_values_as_written() -> None:
    first, second, third = read_chart(EXAMPLE, "example.yaml").expectations
    assert first.where == "expect[0] (line 43)"
    assert first.fields == {
        "policy": "mcr-facet",
        "request": "R-1",
        "verdict": "not_yet",
        "earliest": "2026-02-26",
        "source": "NORIDIAN-PA",
        "because": "two weeks between blocks",
    }
    assert second.fields["needs"] == ["medial-branch-block"]
    assert third.fields["verdict"] == "against"


def test_the_same_chart_as_json_is_the_same_record() -> None:
    written = json.dumps(native(plain_data(read_mapping(EXAMPLE, "example.yaml"))))
    assert read_chart(written, "example.json").record == read_chart(EXAMPLE, "example.yaml").record


def test_bytes_and_text_are_the_same() -> None:
    assert read_chart(EXAMPLE.encode(), "e.yaml") == read_chart(EXAMPLE, "e.yaml")


# dates and times


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025", year_of(2025)),
        ("'2025'", year_of(2025)),
        ("2025-02", month_of(2025, 2)),
        ("2024-02-29", day("2024-02-29")),
    ],
)
def test_dates_may_be_partial(written: str, meant: When) -> None:
    assert only(f"pain: [{{since: {written}}}]").since == meant


@pytest.mark.parametrize(
    ("written", "instant", "local_day"),
    [
        ("2026-02-12T11:00", "2026-02-12T19:00:00+00:00", "2026-02-12"),
        ("2026-02-12 11:00", "2026-02-12T19:00:00+00:00", "2026-02-12"),
        ("2026-02-12T11:00:30", "2026-02-12T19:00:30+00:00", "2026-02-12"),
        ("2026-02-12T03:00Z", "2026-02-12T03:00:00+00:00", "2026-02-11"),
        ("2026-02-12T03:00+09:00", "2026-02-11T18:00:00+00:00", "2026-02-11"),
        ("2026-02-12T03:00:00.250-0800", "2026-02-12T11:00:00.250000+00:00", "2026-02-12"),
        ("2026-11-01T01:30-08:00", "2026-11-01T09:30:00+00:00", "2026-11-01"),
    ],
)
def test_times_have_their_local_day(written: str, instant: str, local_day: str) -> None:
    at = only(f"labs: [{{test: inr, value: 1.1, at: '{written}'}}]").at
    assert at.at == datetime.fromisoformat(instant)
    assert (at.first, at.last) == (date.fromisoformat(local_day),) * 2


def test_without_zone_a_time_with_offset_counts_by_the_utc_day() -> None:
    (lab,) = read("labs: [{test: inr, value: 1, at: 2026-02-12T23:30-05:00}]", "chart: 1\n").record.facts
    assert lab.day is not None
    assert lab.day.first == date(2026, 2, 13)


def test_times_across_a_change_of_clocks_are_subtracted_as_instants() -> None:
    record = read(
        "labs:\n  - {test: inr, value: 1, at: 2026-03-07T12:00}\n  - {test: inr, value: 1, at: 2026-03-08T12:00}"
    ).record
    first, second = (fact.day.at for fact in record.facts if fact.day and fact.day.at)
    assert (second - first).total_seconds() == 23 * 3600


# words, targets


@pytest.mark.parametrize("written", ["L4-5", "L4-L5", "L4/5", "L4/L5", "l4-5", "L4–5"])
def test_levels_are_spelled_one_way(written: str) -> None:
    block = only(f"procedures: [{{therapy: medial-branch-block, joints: [{written}]}}]")
    assert block.joints == {"L4-5"}
    assert warnings(f"procedures: [{{therapy: medial-branch-block, joints: [{written}]}}]") == []


@pytest.mark.parametrize(
    ("therapy", "field", "level"),
    [
        ("medial-branch-block", "joints", "L4-5"),
        ("epidural-steroid-injection", "interspaces", "L4-5"),
        ("discography", "interspaces", "L4-5"),
        ("kyphoplasty", "vertebrae", "L1"),
        ("basivertebral-nerve-ablation", "vertebrae", "L5"),
        ("selective-nerve-root-block", "roots", "L5"),
    ],
)
def test_levels_mean_what_the_therapy_takes(therapy: str, field: str, level: str) -> None:
    assert getattr(only(f"procedures: [{{therapy: {therapy}, levels: [{level}]}}]"), field) == {level}


def test_levels_beside_the_same_joints_are_accepted() -> None:
    assert only("procedures: [{therapy: mbb, levels: [L4-L5], joints: [L4-5]}]").joints == {"L4-5"}


def test_synonyms_are_resolved_and_told() -> None:
    body = "medications: [{id: M-1, drug: Eliquis}]"
    assert only(body).drug == "apixaban"
    assert only(body).classes == {"anticoagulant", "direct-oral-anticoagulant", "direct-xa-inhibitor"}
    assert warnings(body) == ["medications[0] M-1 (line 4): `drug` 'Eliquis' resolved to apixaban"]


def test_one_word_may_stand_without_brackets() -> None:
    assert only("procedures: [{therapy: medial-branch-block, joints: L4-5}]").joints == {"L4-5"}


def test_nerve_and_muscle_fold_into_their_plurals() -> None:
    assert only("procedures: [{therapy: peripheral-nerve-block, nerve: femoral-nerve}]").nerves == {"femoral-nerve"}
    assert only("procedures: [{therapy: trigger-point-injection, muscle: trapezius}]").muscles == {"trapezius"}
    assert only("procedures: [{therapy: joint-injection, joint: knee}]").joint == "knee"


def test_nerves_alone_become_joints_for_facet_therapies() -> None:
    body = (
        "procedures: [{therapy: medial-branch-block, nerves: [L2-medial-branch, L3-medial-branch, L4-medial-branch]}]"
    )
    assert only(body).joints == {"L3-4", "L4-5"}
    assert only(body).region == "lumbar"
    assert warnings(body) == [
        "procedures[0] (line 4): "
        "nerves L2-medial-branch, L3-medial-branch, L4-medial-branch read as the joints L3-4, L4-5"
    ]


def test_one_nerve_supplies_no_joint_wholly() -> None:
    body = "procedures: [{therapy: medial-branch-block, nerve: L3-medial-branch}]"
    assert only(body).joints == frozenset()
    assert warnings(body) == [
        "procedures[0] (line 4): no facet joint has its whole nerve supply among L3-medial-branch; joints stay unknown"
    ]


@pytest.mark.parametrize(
    ("target", "region"),
    [
        ("joints: [C5-6]", "cervical"),
        ("joints: [C7-T1]", "cervical"),
        ("joints: [L5-S1]", "lumbar"),
        ("joints: [L4-5], region: low-back", "lumbar"),
        ("joints: [L5-S1], region: sacral", "sacral"),
        ("joints: [T12-L1], region: lumbar", "lumbar"),
        ("joints: [T11-12, L1-2]", None),
    ],
)
def test_region_is_derived_where_every_level_lies_in_one(target: str, region: str | None) -> None:
    assert only(f"procedures: [{{therapy: medial-branch-block, {target}}}]").region == region


def test_a_therapy_of_one_region_brings_it() -> None:
    assert only("procedures: [{therapy: sacroiliac-joint-injection, side: left}]").region == "sacral"


def test_s1_may_be_counted_lumbar() -> None:
    body = "procedures: [{therapy: basivertebral-nerve-ablation, region: lumbar, vertebrae: [L5, S1]}]"
    assert only(body).region == "lumbar"
    assert warnings(body) == []


def test_a_root_and_its_foramen_are_one_target() -> None:
    assert only("procedures: [{therapy: epidural-steroid-injection, roots: [L5, S1]}]").foramina == {"L5-S1", "S1"}
    assert only("procedures: [{therapy: selective-nerve-root-block, foramina: [L4-5]}]").roots == {"L4"}


def test_an_absent_side_stays_unknown() -> None:
    assert only("procedures: [{therapy: medial-branch-block, joints: [L4-5]}]").side is None


def test_a_reference_to_no_pain_is_told() -> None:
    body = "pain: [{id: PN-1}]\nscores: [{id: S-1, instrument: nrs, value: 3, pain: PN-2}]"
    assert warnings(body) == ["scores[0] S-1 (line 5): `pain`: the chart has no pain 'PN-2'; nearest: `PN-1`"]


# the sections


def test_date_and_start_are_the_same_field() -> None:
    assert only("procedures: [{therapy: kyphoplasty, date: 2026-01-05}]").start == day("2026-01-05")
    assert only("procedures: [{therapy: kyphoplasty, start: 2026-01-05}]").start == day("2026-01-05")
    both = only("procedures: [{therapy: kyphoplasty, date: 2026-01-05, start: 2026-01-05T09:00}]")
    assert both.start.at is not None


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("80", 80, 80),
        ("80 %", 80, 80),
        ("70-80 %", 70, 80),
        ("'70–80%'", 70, 80),
        ("[70, 80]", 70, 80),
        ("-20", -20, -20),
    ],
)
def test_relief_may_be_a_range(written: str, low: int, high: int) -> None:
    body = f"procedures: [{{therapy: kyphoplasty, relief: [{{percent: {written}}}]}}]"
    assert only(body).relief == (Relief(percent=Interval(Fraction(low), Fraction(high))),)
    told = f"`relief[0].percent`: a range ({low} to {high} %) was stated and is read as an interval"
    assert warnings(body) == ([f"procedures[0] (line 4): {told}"] if low != high else [])


def test_every_procedure_field_has_a_place() -> None:
    body = """\
procedures:
  - id: P-1
    therapy: spinal-cord-stimulation-trial
    status: done
    start: 2026-01-05T09:00
    end: 2026-01-12
    pain: PN-1
    region: thoracic
    side: both
    vertebrae: [T8, T9]
    purpose: diagnostic
    waveform: burst
    lead: percutaneous
    leads: 2
    contacts: 16
    guidance: fluoroscopy
    contrast: none
    agents: [{drug: lidocaine, concentration: 1 %, volume: 5 mL, dose: 50 mg}]
    operator: Dr Example
    setting: asc
    sedation: minimal
    session: A
    function: [{instrument: odi, before: 44, after: 20, at: 2026-01-12}]
    relief_ended: 2026-01-12
    complications: [pain-flare]
    exposure: {fluoroscopy_s: 42.5, air_kerma_mgy: 12, contrast_ml: 3}
    trial:
      coverage_adequate: true
      repositioned: false
      satisfied: true
      activity_test: true
      mme_before: 60
      mme_after: 30
      analgesic_change_percent: -50
      diary: [{at: 2026-01-06, value: 3}]
    recorded: 2026-01-13
    author: nurse
    source: letter
    note: as told
"""
    trial = (
        only("pain: [{id: PN-1}]\n" + body) if False else read("pain: [{id: PN-1}]\n" + body).record.of(Procedure)[0]
    )
    assert isinstance(trial, Procedure)
    unset = {name for name in Procedure.__struct_fields__ if getattr(trial, name) in (None, (), frozenset())}
    of_other_therapies = {"joints", "interspaces", "roots", "foramina", "nerves", "joint", "muscles", "site"}
    assert unset == of_other_therapies | {"approach", "route", "technique", "electrode", "component", "relief"}
    assert trial.exposure is not None
    assert trial.exposure.fluoroscopy_s == Decimal("42.5")
    assert trial.trial is not None
    assert trial.trial.diary[0].value == 3


def test_scores_keep_answers_in_order_with_unanswered_ones() -> None:
    score = only("scores: [{instrument: bpi-severity, answers: [8, ~, 0, 5]}]")
    assert score.answers == (8, None, 0, 5)


def test_nrs_with_when_is_its_own_instrument() -> None:
    assert only("scores: [{instrument: nrs, when: worst, value: 8}]").instrument == "nrs-worst"


def test_lab_units_are_spelled_as_the_vocabulary_does() -> None:
    assert only("labs: [{test: creatinine, value: 90, unit: µmol/L}]").unit == "umol/L"
    assert only("labs: [{test: inr, value: 1.1}]").unit == "1"
    assert only("labs: [{test: hcg, value: negative}]").value == "negative"
    assert only("labs: [{test: anti-xa, value: <0.1, unit: IU/mL}]").value == "<0.1"


def test_a_code_alone_gives_its_concept() -> None:
    assert only("problems: [{icd10: M47.816}]").concept == "facet-arthropathy"
    assert only("problems: [{snomed: 77386006}]").concept == "pregnancy"


def test_care_may_name_a_drug_class() -> None:
    assert only("care: [{therapy: nsaid, start: 2025-01}]").therapy == "nsaid"


def test_dosing_times_are_clock_times() -> None:
    assert only("medications: [{drug: apixaban, dose: 5 mg, every: 12 h, times: [8:00, '20:00']}]").times == (
        "08:00",
        "20:00",
    )


@pytest.mark.parametrize(
    "dose",
    ["500 mg", "500-1000 mg", "5 mg/325 mg", "25 mcg/h", "0.5 mL", "2 tablets", "5000 units", "1.5 mg/kg", "10 mg/mL"],
)
def test_doses_are_kept_as_written(dose: str) -> None:
    assert only(f"medications: [{{drug: naproxen, dose: {dose}}}]").dose == dose


def test_a_pump_keeps_its_readings() -> None:
    device = only(
        "devices: [{kind: intrathecal-pump, pump: {reservoir_ml: 40, filled_at: 2026-01-05, dose_per_day: 3.2 mg,"
        " drugs: [{drug: morphine, concentration: 10 mg/mL, first_fill: true}]}}]"
    )
    assert device.pump == {
        "reservoir_ml": Decimal(40),
        "filled_at": day("2026-01-05"),
        "dose_per_day": "3.2 mg",
        "drugs": ({"drug": "morphine", "concentration": "10 mg/mL", "first_fill": True},),
    }


def test_a_judgement_names_what_it_settles() -> None:
    judged = only("evaluations: [{kind: judgement, conclusion: suitable, about: {policy: mcr-facet, criterion: c-1}}]")
    assert (judged.about_policy, judged.about_criterion) == ("mcr-facet", "c-1")


def test_payers_may_follow_one_another() -> None:
    payers = read("payer: [{kind: commercial, to: 2025-12}, {kind: medicare, state: oh, from: 2026-01}]").record.payers
    assert [(payer.kind, payer.state, payer.start, payer.end) for payer in payers] == [
        ("commercial", None, None, month_of(2025, 12)),
        ("medicare", "OH", month_of(2026, 1), None),
    ]


def test_one_request_may_stand_without_a_list() -> None:
    (request,) = read("request: {therapy: medial-branch-block, plan: A}").record.requests
    assert isinstance(request, Request)
    assert (request.id, request.plan) == ("request-1", "A")


def test_entries_without_id_get_a_stable_one() -> None:
    assert [fact.id for fact in read("goals: [{id: G, text: a}, {text: b}, {text: c}]").record.facts] == [
        "G",
        "goals-2",
        "goals-3",
    ]


# completeness


@pytest.mark.parametrize(
    ("head", "entry", "end"),
    [
        ("chart: 1\nrecorded: 2026-02-20\nas_of: 2026-03-01\n", "recorded: 2026-02-01, ", "2026-02-01"),
        ("chart: 1\nrecorded: 2026-02-20\nas_of: 2026-03-01\n", "", "2026-02-20"),
        ("chart: 1\nas_of: 2026-03-01\n", "", "2026-03-01"),
        ("chart: 1\nas_of: 2026-03-01\n", "to: 2026-01-31, ", "2026-01-31"),
    ],
)
def test_the_end_of_a_span_has_a_default(head: str, entry: str, end: str) -> None:
    (statement,) = read(f"completeness: [{{{entry}kind: procedures, from: 2023-01-01}}]", head).record.completeness
    assert (str(statement.start), str(statement.end)) == ("2023-01-01", end)


def test_a_span_without_any_end_is_told() -> None:
    reading = read("completeness: [{kind: procedures, from: 2023-01-01}]", "chart: 1\n")
    assert reading.record.completeness[0].end is None
    assert reading.balance.issues[0].what == (
        "`to` is not given, and neither `recorded` nor `as_of` stands in for it; nothing is closed"
    )


def test_reviewed_and_asked() -> None:
    reviewed, asked = read(
        "completeness:\n  - {kind: medications, reviewed: 2026-02-20}\n"
        "  - {kind: infection, asked: 2026-02-20, answer: no}"
    ).record.completeness
    assert (reviewed.kind, str(reviewed.reviewed)) == ("medications", "2026-02-20")
    assert (asked.kind, str(asked.asked), asked.answer) == ("infection", "2026-02-20", "no")


def test_an_empty_list_closes_nothing() -> None:
    says = "an empty list closes nothing; say what is complete under `completeness`"
    assert warnings("scores: []\nprocedures:\n") == [f"scores (line 4): {says}", f"procedures (line 5): {says}"]


# expectations


@pytest.mark.parametrize(
    "entry",
    [
        "{safety: [clear, caution], request: R-1}",
        "{policy: mcr-facet, request: R-1, verdict: [MET, not_met], criteria: {a: met}, stance: for}",
        "{obligation: ask-infection, request: R-1}",
        "{plan: R-1, drug: apixaban, decision: hold_with_plan, stop_at: 2026-02-21T10:00, none: [restart_from]}",
        "{plan: P-1, restart_from: 2026-02-21}",
        "{ledger: steroid, value: 80, unit: mg, window: 12 months}",
        "{score: S-1, value: unknown, band: severe}",
        "{mme: 45, table: cdc-2022}",
        "{device: D-1, refill_due: 2026-05-01}",
        "{flag: cauda-equina, urgency: emergency}",
        "{responder: P-1, percent: 80, verdict: met, policy: mcr-facet, lost: [2026-01-01, 2026-02-01]}",
        "{prompt: stop-smoking}",
        "{absent: some text}",
    ],
)
def test_every_subject_of_an_expectation(entry: str) -> None:
    body = (
        "procedures: [{id: P-1, therapy: medial-branch-block}]\nscores: [{id: S-1, instrument: odi, value: 4}]\n"
        "devices: [{id: D-1, kind: intrathecal-pump}]\nrequest: [{id: R-1, therapy: medial-branch-block}]\n"
    )
    assert len(read(f"{body}expect: [{entry}]").expectations) == 1


def test_verdict_aliases_become_verdicts() -> None:
    (expected,) = read("expect: [{policy: mcr-facet, verdict: [MET, INSUFFICIENT_DATA]}]").expectations
    assert expected.fields["verdict"] == ["met", "unknown"]


# writing


@pytest.mark.parametrize(
    "body",
    [
        "",
        "person: {birth_date: 1971, sex: other, weight_kg: 81.50}\npayer: {state: OR, from: 2025-01}",
        'goals: [{id: "12", text: "a: b, #c"}, {text: "true"}, {text: "two\\nlines \\u2028 \\"x\\""}]',
        "problems: [{concept: diabetes, attributes: {type: 2}, since: 2020-05}]",
        "procedures: [{therapy: kyphoplasty, relief: [{percent: 70-80 %}, {percent: 66.6}], trial: {}}]",
        "labs: [{test: hcg, value: negative, at: 2026-11-01T01:30-08:00}]",
        "scores: [{instrument: bpi-severity, answers: [8, ~, 0]}]",
        "evaluations: [{kind: judgement, about: {criterion: c}}]",
        "devices: [{kind: intrathecal-pump, pump: {eri: 2030, drugs: [{drug: morphine, first_fill: true}]}}]",
        "completeness: [{kind: infection, asked: 2026-02-20, answer: no}]\nrequest: {therapy: mbb, plan: A}",
    ],
)
def test_a_written_chart_reads_back_as_the_same_record(body: str) -> None:
    record = read(body).record
    reading = read_chart(write_chart(record), "c.yaml")
    assert reading.record == record
    assert reading.balance.rejected == 0


def test_the_example_reads_back() -> None:
    record = read_chart(EXAMPLE, "example.yaml").record
    assert read_chart(write_chart(record), "again.yaml").record == record


# the schema


def native(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: native(item) for key, item in value.items()}
    if isinstance(value, list):
        return [native(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def schema_errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(chart_schema.chart_schema())
    return [error.message for error in validator.iter_errors(native(plain_data(read_mapping(text, "c.yaml"))))]


def test_the_published_schema_is_current() -> None:
    written = (Path(__file__).parents[3] / chart_schema.SCHEMA_FILE).read_text(encoding="utf-8")
    assert written == chart_schema.text(), "run python -m levamen.adapters.chart_schema"


def test_the_schema_is_a_schema_and_the_example_validates() -> None:
    jsonschema.Draft202012Validator.check_schema(chart_schema.chart_schema())
    assert schema_errors(EXAMPLE) == []


@pytest.mark.parametrize(
    "body",
    [
        "procedures: [{therapie: x}]",
        "proceduress: []",
        "person: {birth_day: 1971}",
        "expect: [{policy: mcr-facet, verdit: met}]",
        "findings: [{concept: faber, present: no}]",
        "scores: [{instrument: nrs, value: '8'}]",
        "pain: [{since: yesterday}]",
    ],
)
def test_the_schema_finds_what_the_reader_finds(body: str) -> None:
    assert schema_errors(HEAD + body)


# order does not matter


@given(order=st.permutations(range(4)), sections=st.permutations(["scores", "procedures"]))
def test_shuffled_sections_give_the_same_facts(order: list[int], sections: list[str]) -> None:
    entries = {
        "scores": [f"  - {{id: S-{n}, instrument: nrs, value: {n}, date: 2026-01-0{n + 1}}}\n" for n in range(4)],
        "procedures": [f"  - {{id: P-{n}, therapy: mbb, joints: [L{n + 1}-{n + 2}]}}\n" for n in range(4)],
    }
    body = "".join(f"{name}:\n{''.join(entries[name][n] for n in order)}" for name in sections)
    straight = "".join(f"{name}:\n{''.join(rows)}" for name, rows in entries.items())
    assert by_id(read(body).record) == by_id(read(straight).record)


def by_id(record: Record) -> dict[str, object]:
    return {fact.id: fact for fact in record.facts}
