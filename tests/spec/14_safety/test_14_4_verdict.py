"""What each drug adds to safety"""

from __future__ import annotations

from datetime import date

import pytest
from appointment import APIXABAN, HIGH, INTERMEDIATE, LOW, WARFARIN, guard_of, plan_of, together

from levamen.pathway.privileges import Privilege

AGREED = """
    documents: [{id: D-1, kind: prescriber-agreement, date: 2026-03-30, drug: %s, agrees: %s}]
    """
CLOPIDOGREL = """
    medications: [{id: M-1, drug: clopidogrel, dose: 75 mg, times: ["08:00"], indication: coronary-artery-disease}]
    """
ESI = "therapy: epidural-steroid-injection, approach: interlaminar, region: lumbar, contrast: iodinated"


def test_nothing_to_hold_and_nothing_in_the_way_is_clear() -> None:
    """No drug of the tables, no guard: go on, and safety is clear (ADR 0007, 18, 19)."""
    found = plan_of(guards=())
    assert (found.active.drugs, found.decision, found.safety) == ((), "proceed_no_hold", "clear")


def test_list_that_nobody_reviewed_is_unknown() -> None:
    """An empty drug list that nobody went through says nothing. Safety is unknown (ADR 0007, 19)."""
    chart = """
        completeness: [{kind: problems, reviewed: 2026-04-01}]
        """
    found = plan_of(chart, guards=())
    assert (found.safety, found.reasons) == ("unknown", ("the medication list was not reviewed",))


@pytest.mark.parametrize(
    ("drug", "needle", "alone", "agreed"),
    [
        ("clopidogrel", HIGH, "caution", "clear"),
        ("apixaban", INTERMEDIATE, "unknown", "caution"),
    ],
)
def test_hold_before_and_after_the_agreement(drug: str, needle: str, alone: str, agreed: str) -> None:
    """A hold on secondary values is a caution until the prescriber agrees, then clear. One that rests on an unverified
    value is unknown until then, and a caution after it: agreement confirms the patient, not the number (ADR 0007,
    19)."""
    chart = {"clopidogrel": CLOPIDOGREL, "apixaban": APIXABAN}[drug]
    assert plan_of(chart, needle, guards=()).safety == alone
    assert plan_of(chart + AGREED % (drug, "hold"), needle, guards=()).safety == agreed


@pytest.mark.parametrize(
    ("as_of", "taken", "safety"),
    [
        ("2026-04-01", "", "caution"),
        ("2026-04-15T08:00", "", "unknown"),
        ("2026-04-15T08:00", "labs: [{id: L-1, test: inr, value: 1.0, unit: '1', at: 2026-04-15T07:30}]", "clear"),
        ("2026-04-15T08:00", "labs: [{id: L-1, test: inr, value: 1.3, unit: '1', at: 2026-04-15T07:30}]", "defer"),
    ],
)
def test_result_that_is_still_due(as_of: str, taken: str, safety: str) -> None:
    """Warfarin is held five days and its INR must be normal again. Until the INR is measured safety is a caution; on
    the day it is unknown, until the result is there (ADR 0007, 19)."""
    chart = """
        recorded: 2026-04-15
        medications:
          - {id: M-1, drug: warfarin, times: ["18:00"], end: 2026-04-09, stopped_because: procedure-hold,
             indication: atrial-fibrillation}
        documents: [{id: D-1, kind: prescriber-agreement, date: 2026-03-30, drug: warfarin, agrees: hold}]
        """
    if as_of == "2026-04-01":
        chart = together(WARFARIN, AGREED % ("warfarin", "hold"))
    chart = together(chart, taken) if taken else chart
    assert plan_of(chart, f"{INTERMEDIATE}, sedation: none", as_of=as_of, guards=()).safety == safety


@pytest.mark.parametrize(("more", "safety"), [("", "unknown"), (AGREED % ("apixaban", "continue"), "caution")])
def test_shared_decision_waits_for_the_agreement(more: str, safety: str) -> None:
    """What is decided with the prescriber is unknown until it is decided (ADR 0007, 19)."""
    assert plan_of(APIXABAN + more, LOW, guards=()).safety == safety


@pytest.mark.parametrize(
    ("drug", "decision", "safety"),
    [
        ("aspirin", "proceed_no_hold", "clear"),
        ("clopidogrel", "proceed_no_hold", "caution"),
    ],
)
def test_drug_that_goes_on(drug: str, decision: str, safety: str) -> None:
    """A drug that goes on is clear, unless the rule that says so is unverified: then it is a caution (ADR 0007,
    19)."""
    chart = f"""
        medications: [{{id: M-1, drug: {drug}, times: ["08:00"], indication: coronary-artery-disease}}]
        """
    found = plan_of(chart, LOW, guards=())
    assert (found.decision, found.safety) == (decision, safety)


def test_laboratory_result_that_is_missing_is_unknown() -> None:
    """Without a creatinine the hold of apixaban is not known, and safety is unknown (ADR 0007, 19)."""
    chart = """
        medications: [{id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00"], indication: atrial-fibrillation}]
        """
    found = plan_of(chart, guards=())
    assert (found.decision, found.safety) == ("lab_required_no_datetime", "unknown")


def test_drug_that_must_not_be_held_defers() -> None:
    """A drug that must not be held without its prescriber defers the procedure (ADR 0007, 19)."""
    chart = """
        medications: [{id: M-1, drug: warfarin, dose: 5 mg, times: ["18:00"]}]
        """
    found = plan_of(chart, guards=())
    assert (found.decision, found.safety) == ("do_not_hold_without_prescriber", "defer")


def test_worst_word_wins() -> None:
    """Safety is the worst over guards and drugs, never an average: warfarin alone is a caution, with an infection the
    procedure is deferred (ADR 0007, 19)."""
    chart = """
        problems: [{id: PR-1, concept: systemic-infection, since: 2026-03-30}]
        """
    assert plan_of(WARFARIN).safety == "caution"
    assert plan_of(together(chart, WARFARIN)).safety == "defer"


@pytest.mark.parametrize(
    ("guidance", "decision", "safety"),
    [
        ("fluoroscopy", "proceed_no_hold", "caution"),
        ("landmark", "hard_stop_change_plan", "contraindicated"),
    ],
)
def test_guidance_counts_like_a_guard(guidance: str, decision: str, safety: str) -> None:
    """An epidural steroid injection without an image is refused guidance: stop, and change the plan. With fluoroscopy
    what remains is the warning that goes with every epidural steroid (ADR 0007, 23)."""
    found = plan_of("", f"{ESI}, guidance: {guidance}")
    assert (found.decision, found.safety) == (decision, safety)


def test_guidance_that_is_not_recorded_is_unknown() -> None:
    """Which image guides the needle is planned, so not saying it is unknown when the plan is made (ADR 0007, 23)."""
    found = plan_of("", ESI)
    assert found.safety == "unknown"
    assert any("image guidance" in missing.what for missing in found.missing)


def test_contrast_and_sedation_are_confirmed_on_the_day() -> None:
    """Contrast and sedation that a request does not name yet are confirmed at the time-out (ADR 0007, 23)."""
    found = plan_of("", f"{ESI.replace(', contrast: iodinated', '')}, guidance: fluoroscopy")
    assert {"confirm-contrast", "confirm-sedation"} <= {row.id for row in found.obligations}
    assert found.safety == "caution"


@pytest.mark.parametrize(
    ("expires", "decision", "safety"),
    [(date(2026, 4, 15), "proceed_no_hold", "clear"), (date(2026, 4, 14), "defer", "defer")],
)
def test_operator_counts_like_a_guard(expires: date, decision: str, safety: str) -> None:
    """Where the clinic gave its privileges, an operator whose privilege ran out the day before defers the procedure
    (ADR 0007, 23)."""
    granted = Privilege(
        operator="dr-lee",
        therapies=frozenset({"medial-branch-block"}),
        regions=frozenset({"lumbar"}),
        granted=date(2024, 1, 1),
        expires=expires,
        source="credentials committee",
    )
    found = plan_of("", f"{LOW}, operator: dr-lee", privileges=[granted])
    assert (found.decision, found.safety) == (decision, safety)


def test_operator_that_nobody_named_is_unknown() -> None:
    """With privileges given and no operator named safety is unknown; without privileges nothing is said of the
    operator (ADR 0007, 23)."""
    assert plan_of("", LOW, privileges=[]).safety == "unknown"
    assert plan_of("", LOW).safety == "clear"


def test_unknown_guard_and_a_hold_are_both_said() -> None:
    """A fibrillation whose risk nobody scored leaves safety unknown; the hold itself keeps its times, for the person
    who will score it (ADR 0007, 6, 19)."""
    chart = """
        problems: [{id: PR-1, concept: atrial-fibrillation, since: 2020-01-15}]
        """
    found = plan_of(together(chart, WARFARIN), HIGH)
    risk = guard_of(found, "fibrillation-high-risk")
    assert risk is not None
    assert (risk.verdict, found.safety, found.active.drugs[0].decision) == ("unknown", "unknown", "hold_with_plan")
