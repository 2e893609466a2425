"""Platelets, liver and bleeding (dossier 1a, 2c, 2d); antidepressants that are never stopped (2b)."""

from __future__ import annotations

import pytest
from guard_chart import guard, medication, problem, reading, seen, status

IMPLANT = "therapy: spinal-cord-stimulation-implant"
ESI = "therapy: epidural-steroid-injection"


@pytest.mark.parametrize(
    ("platelets", "high", "neuraxial"),
    [
        ("49", "met", "met"),
        ("50", "not_met", "met"),
        ("99", "not_met", "met"),
        ("100", "not_met", "not_met"),
        ('"<50"', "unknown", "met"),
        (None, "not_met", "not_met"),
    ],
)
def test_platelets(platelets: str | None, high: str, neuraxial: str) -> None:
    """`<50` may be 50 as far as the range tells: undecided at the limit."""
    labs = "labs:\n" + reading("platelets", platelets, unit="10*9/L") if platelets else ""
    assert status("platelets-high-risk", seen(labs, request=IMPLANT)) == high
    assert status("platelets-neuraxial", seen(labs, request=IMPLANT)) == neuraxial
    assert status("platelets-neuraxial", seen(labs, request=ESI)) == neuraxial
    assert status("platelets-high-risk", seen(labs, request=ESI)) == "not asked"
    assert status("platelets-neuraxial", seen(labs, request="therapy: trigger-point-injection")) == "not asked"


def test_thrombocytopenia_without_a_count() -> None:
    low = problem("thrombocytopenia")
    assert status("platelets-needed", seen(low)) == "met"
    assert status("platelets-needed", seen(low + "labs:\n" + reading("platelets", "90", unit="10*9/L"))) == "not_met"
    assert status("platelets-needed", seen()) == "not_met"
    assert status("platelets-needed", seen(low, request=IMPLANT)) == "met"
    assert status("platelets-needed", seen(low, request="therapy: trigger-point-injection")) == "not asked"
    assert guard("platelets-needed").decision == "lab_required_no_datetime"


@pytest.mark.parametrize("therapy", ["basivertebral-nerve-ablation", "interspinous-spacer", "sacroiliac-fusion"])
def test_procedures_of_the_highest_class_by_analogy(therapy: str) -> None:
    labs = "labs:\n" + reading("platelets", "49", unit="10*9/L")
    assert status("platelets-high-risk", seen(labs, request=f"therapy: {therapy}")) == "met"


def test_where_the_words_on_liver_and_bruises_stand() -> None:
    assert {(cite.source, cite.mark) for cite in guard("bleeding-disorder").cites} >= {("UTD-ASRA-CLASS", "secondary")}
    assert ("ASRA-NEWS-2019", "unverified") in {(cite.source, cite.mark) for cite in guard("liver-disease").cites}


@pytest.mark.parametrize(("grade", "expected"), [("A", "not_met"), ("B", "met"), ("C", "met"), (None, "unknown")])
def test_liver(grade: str | None, expected: str) -> None:
    cirrhosis = problem("cirrhosis", **({"attributes": f"{{child_pugh: {grade}}}"} if grade else {}))
    assert status("liver-disease", seen(cirrhosis + medication("apixaban"))) == expected
    assert status("liver-disease", seen(cirrhosis)) == "not asked"


def test_liver_failure() -> None:
    for drug in ("warfarin", "aspirin", "alteplase"):
        assert status("liver-disease", seen(problem("liver-failure") + medication(drug))) == "met"


@pytest.mark.parametrize("concept", ["bleeding-disorder", "bleeding-history", "thrombocytopenia"])
def test_bleeding(concept: str) -> None:
    assert status("bleeding-disorder", seen(problem(concept))) == "met"
    assert status("bleeding-disorder", seen()) == "not_met"
    assert status("bleeding-disorder", seen(answers={"bleeding-disorder": "yes"})) == "met"
    assert status("bleeding-disorder", seen(reviewed=())) == "unknown"


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        (problem("suicidality"), "met"),
        (problem("depression", attributes="{severity: severe}"), "met"),
        (problem("depression", attributes="{severity: mild}"), "not_met"),
        (problem("depression"), "unknown"),
        (problem("anxiety", attributes="{control: uncontrolled}"), "met"),
        (problem("anxiety", attributes="{control: controlled}"), "not_met"),
        ("findings:\n  - {id: F-1, concept: self-harm-thoughts, date: 2026-03-01, present: true}\n", "met"),
        ("", "not_met"),
    ],
)
def test_an_antidepressant_is_never_stopped_by_a_plan(chart: str, expected: str) -> None:
    id = "antidepressant-never-stop"
    assert status(id, seen(chart + medication("sertraline"))) == expected
    assert status(id, seen(chart + medication("duloxetine"))) == expected
    assert status(id, seen(chart + medication("amitriptyline"))) == "not asked"


def test_what_is_never_stopped() -> None:
    found = guard("antidepressant-never-stop")
    assert found.forbids_holding == {"ssri", "snri", "serotonergic-antidepressant"}
    assert found.decision == "do_not_hold_without_prescriber"
    told = seen(medication("sertraline"), answers={"self-harm": "yes"})
    assert status("antidepressant-never-stop", told) == "met"
