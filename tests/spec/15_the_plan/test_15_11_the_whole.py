"""The plan as a whole"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, LOW, WARFARIN, clock, drug_of, plan_of, refusal, together

from levamen.pathway.periprocedural.answers import DECISIONS

AGREED = """
    documents: [{id: D-1, kind: prescriber-agreement, date: 2026-03-30, drug: DRUG, agrees: hold}]
    """


def test_decisions_from_the_mildest_to_the_worst() -> None:
    """Seven words, in this order (ADR 0007, 18)."""
    assert DECISIONS == (
        "proceed_no_hold",
        "hold_with_plan",
        "shared_decision_required",
        "lab_required_no_datetime",
        "do_not_hold_without_prescriber",
        "defer",
        "hard_stop_change_plan",
    )


def test_each_drug_keeps_its_own_times() -> None:
    """Three drugs and three holds: the longest is not given to all. Naproxen makes two drugs that act on bleeding of
    one, so the needle counts as high (ADR 0007, 3, 18)."""
    chart = """
        medications:
          - {id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}
          - {id: M-2, drug: naproxen, times: ["08:00", "20:00"]}
          - {id: M-3, drug: ibuprofen, as_needed: true}
        """
    found = plan_of(chart)
    assert [(drug.drug, clock(drug.stop_at)) for drug in found.active.drugs] == [
        ("clopidogrel", "2026-04-08 09:30"),
        ("naproxen", "2026-04-11 09:30"),
        ("ibuprofen", "2026-04-14 09:30"),
    ]


def test_worst_drug_decides_for_the_plan() -> None:
    """One drug is held and one is not known: the plan is what the worse says, and each drug keeps its own answer (ADR
    0007, 18)."""
    chart = """
        medications:
          - {id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}
          - {id: M-2, drug: apixaban, dose: 5 mg, times: ["08:00"], indication: atrial-fibrillation}
        """
    found = plan_of(chart)
    assert [drug.decision for drug in found.active.drugs] == ["hold_with_plan", "lab_required_no_datetime"]
    assert found.decision == "lab_required_no_datetime"


@pytest.mark.parametrize(("drug", "final"), [("enoxaparin", True), ("warfarin", False), ("apixaban", False)])
def test_final(drug: str, final: bool) -> None:
    """A plan is final where nothing in it is unknown, stale, unverified or unagreed. Enoxaparin rests on secondary
    values: with the agreement its hold is final. The hold of apixaban is unverified, and so is the INR that warfarin
    asks for: neither becomes final by being agreed (ADR 0007, 20)."""
    chart = f"""
        labs: [{{id: L-1, test: creatinine, value: 1.0, unit: mg/dL, at: 2026-03-25}}]
        medications: [{{id: M-1, drug: {drug}, dose: 40 mg, times: ["18:00"], indication: atrial-fibrillation}}]
        """
    agreed = together(chart, AGREED.replace("DRUG", drug))
    assert plan_of(chart).final is False
    assert plan_of(agreed).final is final


def test_what_is_missing_is_listed() -> None:
    """A plan that is not final says what it lacks (ADR 0007, 20)."""
    chart = """
        completeness: [{kind: medications, reviewed: 2026-04-01}]
        medications: [{id: M-1, drug: apixaban, dose: 5 mg}]
        """
    found = plan_of(chart, guards=())
    assert found.final is False
    assert [missing.what for missing in found.missing] == ["indication of apixaban", "a reviewed problem list"]


@pytest.mark.parametrize(("start", "end"), [("2026-04-15", None), (None, None)])
def test_appointment_without_a_time(start: str | None, end: str | None) -> None:
    """A day without a time of day, or no day at all, gives no datetime; both are asked (ADR 0007, 21)."""
    found = plan_of(WARFARIN, start=start, end=end)
    (warfarin,) = found.active.drugs
    assert (warfarin.decision, warfarin.hold) == ("hold_with_plan", "5 days")
    assert (warfarin.stop_at, warfarin.last_dose, warfarin.restart_from) == (None, None, None)
    assert "day and time of the appointment" in {missing.what for missing in found.missing}
    assert found.final is False


def test_no_zone_no_plan() -> None:
    """Half past nine is no moment without a place. A chart without a zone gets one sentence that says what would be
    right (ADR 0007, 21)."""
    assert refusal(WARFARIN, start="2026-04-15", end=None, zone=None) == (
        "specimen: a plan needs the chart's `zone`, such as Europe/Rome; a date alone has none"
    )


def test_appointment_in_the_past() -> None:
    """There is no plan for what has been; the appointment or the moment of asking is mended (ADR 0007, 21)."""
    said = refusal(WARFARIN, as_of="2026-04-16")
    assert said.startswith("specimen: the appointment of R-1 (2026-04-15")
    assert said.endswith("give the request a new `start`, or the plan an earlier --as-of")


def test_local_time_that_does_not_exist() -> None:
    """In the night to 29 March there is no half past two in Rome, so there is no such appointment (ADR 0007, 21)."""
    said = refusal(WARFARIN, start="2026-03-29T02:30", end="2026-03-29T03:30", as_of="2026-03-01")
    assert "2026-03-29T02:30" in said


def test_moving_the_appointment_moves_everything() -> None:
    """One day later, every moment is one day later."""
    one = drug_of(WARFARIN)
    other = drug_of(WARFARIN, start="2026-04-16T09:30", end="2026-04-16T10:00")
    for name in ("stop_at", "last_dose", "restart_from", "first_dose"):
        before, after = getattr(one, name), getattr(other, name)
        assert (after - before).total_seconds() == 24 * 60 * 60


def test_same_input_same_plan() -> None:
    """The plan of a chart is the same plan every time, to its fingerprint."""
    assert plan_of(APIXABAN, LOW).fingerprint == plan_of(APIXABAN, LOW).fingerprint
