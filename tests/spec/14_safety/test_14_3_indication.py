"""A drug whose reason nobody knows"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, HIGH, clock, drug_of, plan_of, together


def test_unknown_indication_is_not_held() -> None:
    """Somebody had a reason to prescribe apixaban. While nobody here knows it, it is not held without its prescriber:
    no time is printed, and the reason is asked for (ADR 0007, 8)."""
    apixaban = drug_of(APIXABAN.replace(", indication: atrial-fibrillation", ""))
    assert (apixaban.decision, apixaban.stop_at) == ("do_not_hold_without_prescriber", None)
    assert [missing.what for missing in apixaban.missing] == ["indication of apixaban"]


def test_problem_that_calls_for_it_is_an_indication() -> None:
    """A problem of the list that calls for the drug will do: atrial fibrillation is one (ADR 0007, 8)."""
    chart = """
        problems: [{id: PR-1, concept: atrial-fibrillation, since: 2020-01-15}]
        """
    apixaban = drug_of(together(chart, APIXABAN.replace(", indication: atrial-fibrillation", "")))
    assert (apixaban.decision, clock(apixaban.stop_at)) == ("hold_with_plan", "2026-04-12 09:30")


@pytest.mark.parametrize(
    ("indication", "decision", "stop_at"),
    [
        (", indication: cardiovascular-primary-prevention", "hold_with_plan", "2026-04-09 09:30"),
        (", indication: coronary-artery-disease", "shared_decision_required", None),
        ("", "shared_decision_required", None),
    ],
)
def test_aspirin_without_an_indication_is_secondary_prevention(
    indication: str, decision: str, stop_at: str | None
) -> None:
    """Aspirin counts as primary prevention, held 6 days before class high, only where its own indication says so.
    Without one it is read as secondary prevention, the reading that does not stop it (ADR 0007, 8)."""
    chart = """
        medications: [{id: M-1, drug: aspirin, dose: 100 mg, times: ["08:00"]%s}]
        """
    aspirin = drug_of(chart % indication, HIGH)
    assert (aspirin.decision, clock(aspirin.stop_at)) == (decision, stop_at)


def test_profile_that_does_not_ask_why() -> None:
    """A profile that holds aspirin whatever it is for needs no indication of it: ASIPP, 6 days before class high (ADR
    0007, 8)."""
    chart = """
        medications: [{id: M-1, drug: aspirin, dose: 100 mg, times: ["08:00"]}]
        """
    (aspirin,) = plan_of(chart, HIGH, profiles=["asipp-2024"]).active.drugs
    assert (aspirin.decision, clock(aspirin.stop_at)) == ("hold_with_plan", "2026-04-09 09:30")


def test_drug_without_a_prescriber_needs_no_indication() -> None:
    """Ibuprofen is held 1 day before class high whatever it is taken for (ADR 0007, 8)."""
    chart = """
        medications: [{id: M-1, drug: ibuprofen, dose: 400 mg, times: ["08:00"]}]
        """
    ibuprofen = drug_of(chart, HIGH)
    assert (ibuprofen.decision, clock(ibuprofen.stop_at)) == ("hold_with_plan", "2026-04-14 09:30")
