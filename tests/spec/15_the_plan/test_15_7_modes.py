"""Hold, share, tell, measure"""

from __future__ import annotations

from decimal import Decimal

import pytest
from appointment import APIXABAN, HIGH, INTERMEDIATE, LOW, WARFARIN, clock, drug_of, plan_of

from levamen.knowledge.holds import Length

DRUG = """
    medications: [{{id: M-1, drug: {drug}, times: ["08:00"], indication: peripheral-artery-disease}}]
    """


@pytest.mark.parametrize(
    ("drug", "needle", "decision"),
    [
        ("aspirin", LOW, "proceed_no_hold"),
        ("clopidogrel", LOW, "proceed_no_hold"),
        ("fondaparinux", LOW, "shared_decision_required"),
        ("clopidogrel", INTERMEDIATE, "hold_with_plan"),
        ("sertraline", HIGH, "shared_decision_required"),
        ("ticlopidine", HIGH, "do_not_hold_without_prescriber"),
    ],
)
def test_mode_of_the_row_is_the_decision(drug: str, needle: str, decision: str) -> None:
    """No hold: go on. Shared: decide with the prescriber. Hold: a plan with times. No source: do not hold without the
    prescriber (ADR 0007, 12)."""
    found = drug_of(DRUG.format(drug=drug), needle)
    assert found.decision == decision
    assert (found.stop_at is not None) is (decision == "hold_with_plan")


def test_prescriber_is_told() -> None:
    """Before class low warfarin goes on, and its prescriber is told (ADR 0007, 12)."""
    found = plan_of(WARFARIN, LOW)
    (warfarin,) = found.active.drugs
    assert (warfarin.decision, warfarin.notify_prescriber) == ("proceed_no_hold", True)
    assert "tell the prescriber of warfarin that it goes on" in {task.what for task in found.tasks}


def test_shared_decision_is_a_question() -> None:
    """Before class low apixaban is neither held nor continued by the plan: the prescriber is asked, and no time is
    printed (ADR 0007, 12)."""
    found = plan_of(APIXABAN, LOW)
    (apixaban,) = found.active.drugs
    assert (apixaban.decision, apixaban.stop_at, apixaban.restart_from) == ("shared_decision_required", None, None)
    assert "decide with the prescriber whether apixaban is held" in {task.what for task in found.tasks}


@pytest.mark.parametrize(
    ("drug", "needle", "hold", "stop_at", "stop_latest"),
    [
        ("clopidogrel", INTERMEDIATE, "7 days", "2026-04-08 09:30", None),
        ("prasugrel", INTERMEDIATE, "7 to 10 days", "2026-04-05 09:30", "2026-04-08 09:30"),
        ("ticagrelor", INTERMEDIATE, "5 days", "2026-04-10 09:30", None),
        ("cangrelor", INTERMEDIATE, "3 hours", "2026-04-15 06:30", None),
        ("ginkgo", HIGH, "36 hours", "2026-04-13 21:30", None),
        ("vitamin-e", HIGH, "6 to 7 days", "2026-04-08 09:30", "2026-04-09 09:30"),
        ("meloxicam", HIGH, "4 days", "2026-04-11 09:30", None),
    ],
)
def test_stop_at(drug: str, needle: str, hold: str, stop_at: str, stop_latest: str | None) -> None:
    """The moment to stop is the start less the hold. Of a range the longer is printed as the moment to stop, the
    shorter as the latest one (ADR 0007, 13)."""
    found = drug_of(DRUG.format(drug=drug), needle)
    assert (found.hold, clock(found.stop_at), clock(found.stop_latest)) == (hold, stop_at, stop_latest)


def test_day_is_24_hours() -> None:
    """Two days are 48 hours (ADR 0007, 13)."""
    assert Length(Decimal(2), Decimal(2), "d").hours(Decimal(2)) == 48


def test_half_life_that_no_source_states() -> None:
    """Ketoprofen is in no list, so it is held five half-lives before class high. Its half-life is in no source here,
    so the plan asks instead of remembering one (ADR 0007, 13)."""
    found = drug_of(DRUG.format(drug="ketoprofen"), HIGH)
    assert (found.decision, found.hold, found.stop_at) == ("shared_decision_required", "5 half-lives", None)
    assert "the half-life of ketoprofen" in {missing.what for missing in found.missing}
