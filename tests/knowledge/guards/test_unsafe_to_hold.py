"""Windows in which holding is unsafe (dossier 2f): at, just below and just above; months as calendar months."""

from __future__ import annotations

from datetime import date

import pytest
from guard_chart import (
    DAY,
    clear_from,
    days_before,
    fires,
    guard,
    medication,
    outcome,
    problem,
    problem_line,
    seen,
    status,
)

CLOPIDOGREL = medication("clopidogrel")
STENT = "coronary-stent"


def stent(since: object, kind: str | None = "drug-eluting", reason: str | None = None, drugs: str = CLOPIDOGREL) -> str:
    said = [f"stent: {kind}"] if kind else []
    said += [f"placed_for: {reason}"] if reason else []
    fields = {"attributes": "{" + ", ".join(said) + "}"} if said else {}
    fields |= {"since": str(since)} if since else {}
    return problem(STENT, **fields) + drugs


@pytest.mark.parametrize(("days", "expected"), [(0, True), (29, True), (30, False), (31, False)])
@pytest.mark.parametrize("kind", ["bare-metal", "drug-eluting", None])
def test_any_stent_of_the_last_thirty_days(days: int, expected: bool, kind: str | None) -> None:
    assert fires("stent-any", seen(stent(days_before(days), kind))) is expected


def test_a_new_stent_stops_whatever_is_held() -> None:
    assert guard("stent-any").always
    assert guard("stent-any").applies is None
    assert fires("stent-any", seen(stent(days_before(10), drugs="")))


@pytest.mark.parametrize(("days", "expected"), [(29, "met"), (30, "not_met")])
def test_bare_metal(days: int, expected: str) -> None:
    assert status("stent-bare-metal", seen(stent(days_before(days), "bare-metal"))) == expected
    assert status("stent-bare-metal", seen(stent(days_before(days), "drug-eluting"))) == "not_met"


@pytest.mark.parametrize(
    ("placed", "on", "expected"),
    [
        (date(2025, 9, 17), DAY, "met"),
        (date(2025, 9, 16), DAY, "not_met"),
        (date(2025, 9, 15), DAY, "not_met"),
        (date(2025, 8, 31), date(2026, 2, 27), "met"),
        (date(2025, 8, 31), date(2026, 2, 28), "not_met"),
        (date(2023, 8, 31), date(2024, 2, 28), "met"),
        (date(2023, 8, 31), date(2024, 2, 29), "not_met"),
    ],
)
def test_drug_eluting_six_calendar_months(placed: date, on: date, expected: str) -> None:
    """Six months after 31 August is the last day of February."""
    chart = seen(stent(placed, reason="chronic-coronary-disease"), on=on)
    assert status("stent-drug-eluting", chart) == expected
    assert status("stent-drug-eluting-acute", chart) == "not_met"


@pytest.mark.parametrize(
    ("placed", "on", "expected"),
    [
        (date(2025, 3, 17), DAY, "met"),
        (date(2025, 3, 16), DAY, "not_met"),
        (date(2024, 2, 29), date(2025, 2, 27), "met"),
        (date(2024, 2, 29), date(2025, 2, 28), "not_met"),
    ],
)
def test_drug_eluting_for_an_acute_syndrome_twelve_months(placed: date, on: date, expected: str) -> None:
    assert status("stent-drug-eluting-acute", seen(stent(placed, reason="acute-coronary-syndrome"), on=on)) == expected


@pytest.mark.parametrize("reason", [None, "unknown"])
def test_a_stent_of_unknown_reason_is_read_both_ways(reason: str | None) -> None:
    chart = seen(stent(date(2025, 6, 16), reason=reason))
    assert status("stent-drug-eluting", chart) == "not_met"
    assert status("stent-drug-eluting-acute", chart) == "ambiguous"
    assert status("stent-drug-eluting", seen(stent(date(2025, 12, 16), reason=reason))) == "met"


@pytest.mark.parametrize("kind", [None, "unknown"])
def test_a_stent_of_unknown_kind_has_the_longer_window(kind: str | None) -> None:
    assert status("stent-drug-eluting", seen(stent(date(2025, 12, 16), kind))) == "met"
    assert status("stent-drug-eluting", seen(stent(date(2025, 12, 16), "bare-metal"))) == "not_met"


def test_a_stent_without_a_day_is_unknown() -> None:
    for id in ("stent-any", "stent-drug-eluting"):
        found = outcome(id, seen(stent(None)))
        assert found.status == "unknown"
        assert [missing.reason for missing in found.all_missing()] == ["value_missing"]


def test_a_stent_known_by_month_is_unknown_at_the_edge_only() -> None:
    assert status("stent-drug-eluting", seen(stent("2025-09"))) == "unknown"
    assert status("stent-drug-eluting", seen(stent("2025-10"))) == "met"
    assert status("stent-drug-eluting", seen(stent("2025-08"))) == "not_met"


def test_the_first_day_after_the_window() -> None:
    assert clear_from("stent-drug-eluting", seen(stent(date(2026, 1, 31)))) == date(2026, 7, 31)
    assert clear_from("stent-any", seen(stent(date(2026, 3, 1)))) == date(2026, 3, 31)


def test_two_stents_the_younger_counts() -> None:
    both = (
        "problems:\n"
        + problem_line(STENT, "PR-1", since="2020-01-01")
        + problem_line(STENT, "PR-2", since="2026-03-01")
    )
    assert fires("stent-any", seen(both))


def test_an_event_that_is_over_still_counts() -> None:
    clot = problem("venous-thromboembolism", since="2026-02-01", status="resolved")
    assert fires("clot-recent", seen(clot))
    assert status(
        "clot-recent", seen(problem("venous-thromboembolism", since="2026-02-01", verification="refuted"))
    ) == ("not asked")


@pytest.mark.parametrize(
    ("id", "concept", "inside", "outside"),
    [
        ("balloon-angioplasty", "balloon-angioplasty", date(2026, 3, 3), date(2026, 3, 2)),
        ("myocardial-infarction", "myocardial-infarction", date(2026, 1, 16), date(2026, 1, 15)),
        ("clot-recent", "venous-thromboembolism", date(2025, 12, 17), date(2025, 12, 16)),
        ("clot-recent", "venous-thromboembolism-history", date(2025, 12, 17), date(2025, 12, 16)),
        ("stroke", "stroke", date(2025, 12, 17), date(2025, 12, 16)),
        ("stroke", "transient-ischemic-attack", date(2025, 12, 17), date(2025, 12, 16)),
    ],
)
def test_windows_of_events(id: str, concept: str, inside: date, outside: date) -> None:
    assert status(id, seen(problem(concept, since=str(inside)) + CLOPIDOGREL)) == "met"
    assert status(id, seen(problem(concept, since=str(outside)) + CLOPIDOGREL)) == "not_met"
    assert status(id, seen(problem(concept) + CLOPIDOGREL)) == "unknown"


@pytest.mark.parametrize(
    ("since", "recurrent", "expected"),
    [
        ("2025-12-17", '"no"', "not_met"),
        ("2025-12-16", '"no"', "met"),
        ("2025-03-17", '"no"', "met"),
        ("2025-03-16", '"no"', "not_met"),
        ("2019-03-16", '"yes"', "met"),
        ("2019-03-16", "unknown", "unknown"),
    ],
)
def test_an_older_or_recurrent_clot(since: str, recurrent: str, expected: str) -> None:
    chart = seen(problem("venous-thromboembolism", since=since, attributes=f"{{recurrent: {recurrent}}}"))
    assert status("clot-moderate", chart) == expected
    assert guard("clot-moderate").decision == "do_not_hold_without_prescriber"


def test_a_clot_with_cancer() -> None:
    clot = problem_line("venous-thromboembolism", since="2020-01-01")
    told = problem_line("venous-thromboembolism", since="2020-01-01", attributes='{with_cancer: "yes"}')
    cancer = problem_line("cancer", "PR-2")
    assert status("clot-with-cancer", seen("problems:\n" + clot + cancer)) == "met"
    assert status("clot-with-cancer", seen("problems:\n" + told)) == "met"
    assert status("clot-with-cancer", seen("problems:\n" + clot)) == "not_met"
    assert status("clot-with-cancer", seen("problems:\n" + clot, reviewed=("medications",))) == "unknown"
    assert status("clot-with-cancer", seen("problems:\n" + cancer + "")) == "not asked"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('cha2ds2_vasc: 7, rheumatic_valve: "no"', "met"),
        ('cha2ds2_vasc: 6, rheumatic_valve: "no"', "not_met"),
        ('chads2: 5, rheumatic_valve: "no"', "met"),
        ('chads2: 6, rheumatic_valve: "no"', "met"),
        ('chads2: 4, rheumatic_valve: "no"', "not_met"),
        ('cha2ds2_vasc: 3, rheumatic_valve: "yes"', "met"),
        ("cha2ds2_vasc: 3", "unknown"),
        ('rheumatic_valve: "no"', "unknown"),
    ],
)
def test_fibrillation(attributes: str, expected: str) -> None:
    chart = seen(problem("atrial-fibrillation", attributes="{" + attributes + "}") + medication("apixaban"))
    assert status("fibrillation-high-risk", chart) == expected


@pytest.mark.parametrize(
    ("attributes", "since", "expected"),
    [
        ("position: mitral, valve: bileaflet", "2015-01-01", "met"),
        ("position: aortic, valve: caged-ball", "2015-01-01", "met"),
        ("position: aortic, valve: tilting-disc", "2015-01-01", "met"),
        ("position: aortic, valve: bileaflet", "2015-01-01", "not_met"),
        ("position: aortic, valve: bileaflet", "2025-12-17", "met"),
        ("position: aortic, valve: bileaflet", "2025-12-16", "not_met"),
        ("valve: bileaflet", "2015-01-01", "unknown"),
        ("position: aortic", "2015-01-01", "unknown"),
    ],
)
def test_valve(attributes: str, since: str, expected: str) -> None:
    chart = seen(
        problem("mechanical-heart-valve", since=since, attributes="{" + attributes + "}") + medication("warfarin")
    )
    assert status("valve-high-risk", chart) == expected


@pytest.mark.parametrize(("stroke", "expected"), [("2025-09-17", "met"), ("2025-09-16", "not_met")])
def test_valve_and_a_stroke_of_the_last_six_months(stroke: str, expected: str) -> None:
    valve = problem_line(
        "mechanical-heart-valve", since="2015-01-01", attributes="{position: aortic, valve: bileaflet}"
    )
    chart = seen("problems:\n" + valve + problem_line("stroke", "PR-2", since=stroke) + medication("warfarin"))
    assert status("valve-high-risk", chart) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("type: protein-c", "met"),
        ("type: protein-s", "met"),
        ("type: antithrombin", "met"),
        ('type: factor-v-leiden, severe: "yes"', "met"),
        ('type: factor-v-leiden, severe: "no"', "not_met"),
        ("type: factor-v-leiden", "unknown"),
    ],
)
def test_thrombophilia(attributes: str, expected: str) -> None:
    assert status("thrombophilia", seen(problem("thrombophilia", attributes="{" + attributes + "}"))) == expected


def test_antiphospholipid_syndrome() -> None:
    assert fires("antiphospholipid-syndrome", seen(problem("antiphospholipid-syndrome") + medication("warfarin")))


@pytest.mark.parametrize("id", ["stent-drug-eluting", "stroke", "clot-recent", "valve-high-risk", "thrombophilia"])
def test_asked_only_where_something_could_be_held(id: str) -> None:
    assert status(id, seen(medication("naproxen"))) == "not asked"
    assert status(id, seen(medication("caffeine"))) == "not asked"
    assert status(id, seen(CLOPIDOGREL)) == "not_met"
    assert status(id, seen(medication("warfarin"), reviewed=("medications",))) == "unknown"
    assert status(id, seen(reviewed=("problems",))) == "not_met"
    assert status(id, seen(reviewed=())) == "unknown"


@pytest.mark.parametrize("id", ["stent-any", "stent-drug-eluting", "clot-recent", "clot-moderate", "valve-high-risk"])
def test_what_must_not_be_held(id: str) -> None:
    assert guard(id).forbids_holding == {"anticoagulant", "antiplatelet"}


@pytest.mark.parametrize("drug", ["aspirin", "clopidogrel", "apixaban", "warfarin", "enoxaparin", "alteplase"])
def test_every_drug_against_clotting_raises_the_questions(drug: str) -> None:
    assert status("stroke", seen(medication(drug), reviewed=("medications",))) == "unknown"


def test_a_drug_that_ended_is_not_taken() -> None:
    assert status("stroke", seen(medication("clopidogrel", start="2025-01-01", end="2026-03-15"))) == "not asked"
    assert status("stroke", seen(medication("clopidogrel", start="2025-01-01", end="2026-03-16"))) == "not_met"
    assert status("stroke", seen(medication("clopidogrel", start="2025-01-01", end="2026-03-17"))) == "not_met"


def test_what_is_said_of_a_bare_metal_stent() -> None:
    """2f: of the first 30 days after a bare-metal stent it is said that dual therapy is never stopped."""
    assert "Never stop dual antiplatelet therapy" in guard("stent-bare-metal").do
    for id in ("stent-any", "stent-bare-metal"):
        assert "must be stopped" not in guard(id).do
    for id in ("stent-drug-eluting", "stent-drug-eluting-acute"):
        assert "aspirin goes on" in guard(id).do
