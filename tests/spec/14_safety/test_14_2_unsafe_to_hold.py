"""When holding is the danger"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, HIGH, INTERMEDIATE, LOW, clock, guard_of, plan_of, together

STENT = """
    problems:
      - id: PR-1
        concept: coronary-stent
        since: {since}
        attributes: {{stent: drug-eluting, placed_for: chronic-coronary-disease}}
    medications:
      - {{id: M-1, drug: clopidogrel, dose: 75 mg, times: ["08:00"], indication: coronary-stent}}
    """


def test_window_of_a_stent_forbids_the_hold() -> None:
    """Within six months of a drug-eluting stent clopidogrel is not stopped for a procedure that can wait: the answer
    is defer, until the day on which the six months are over, and nobody is given a time at which to stop (ADR 0007,
    7)."""
    found = plan_of(STENT.format(since="2026-01-10"))
    (clopidogrel,) = found.active.drugs
    assert (clopidogrel.decision, clopidogrel.effects) == ("defer", ("stent-drug-eluting",))
    assert (clopidogrel.stop_at, clopidogrel.last_dose, clopidogrel.restart_from) == (None, None, None)
    assert (found.safety, str(found.until)) == ("defer", "2026-07-10")


def test_shared_decision_may_be_to_stop_above_class_low() -> None:
    """Whether aspirin is held is a shared decision in class intermediate and high; in class low it goes on. Six weeks
    after a stent the shared decision may be to stop it, so the window defers; in class low it is a caution (ADR 0007,
    7)."""
    chart = STENT.format(since="2026-03-01").replace("clopidogrel, dose: 75 mg", "aspirin, dose: 81 mg")
    for needle, verdict in ((LOW, "caution"), (INTERMEDIATE, "defer"), (HIGH, "defer")):
        stent = guard_of(plan_of(chart, needle), "stent-drug-eluting")
        assert stent is not None
        assert stent.verdict == verdict


@pytest.mark.parametrize(
    ("since", "decision"),
    [("2025-10-16", "defer"), ("2025-10-15", "hold_with_plan"), ("2025-10-14", "hold_with_plan")],
)
def test_window_is_of_the_day_of_the_appointment(since: str, decision: str) -> None:
    """The months are calendar months and are counted to the appointment, not to today: a stent of 15 October is six
    months old on 15 April (ADR 0007, 7)."""
    (clopidogrel,) = plan_of(STENT.format(since=since)).active.drugs
    assert clopidogrel.decision == decision


def test_drug_that_is_not_held_keeps_its_answer() -> None:
    """Before a needle of class low clopidogrel goes on. The stent forbids nothing that was not going to happen, and is
    a caution (ADR 0007, 7)."""
    found = plan_of(STENT.format(since="2026-01-10"), LOW)
    (clopidogrel,) = found.active.drugs
    stent = guard_of(found, "stent-drug-eluting")
    assert stent is not None
    assert (clopidogrel.decision, stent.verdict) == ("proceed_no_hold", "caution")


def test_guard_may_defer_whatever_is_held() -> None:
    """A stent of the last thirty days stops every procedure that can wait, and says so itself: here nothing is held
    (ADR 0007, 7)."""
    chart = """
        problems: [{id: PR-1, concept: coronary-stent, since: 2026-03-20}]
        """
    found = plan_of(chart, LOW)
    stent = guard_of(found, "stent-any")
    assert stent is not None
    assert stent.guard.always
    assert (found.active.drugs, found.decision, found.safety) == ((), "defer", "defer")


def test_no_automatic_hold() -> None:
    """A mechanical mitral valve has no date after which it is harmless. Warfarin is not held without its prescriber,
    and no time is printed (ADR 0007, 7)."""
    chart = """
        problems:
          - id: PR-1
            concept: mechanical-heart-valve
            since: 2019-05-01
            attributes: {position: mitral, valve: bileaflet}
        medications: [{id: M-1, drug: warfarin, dose: 5 mg, times: ["18:00"]}]
        """
    found = plan_of(chart)
    (warfarin,) = found.active.drugs
    assert (warfarin.decision, warfarin.stop_at) == ("do_not_hold_without_prescriber", None)
    assert (found.decision, found.safety) == ("do_not_hold_without_prescriber", "defer")


def test_guards_come_before_arithmetic() -> None:
    """A clot of six weeks ago and no creatinine: apixaban is deferred, whatever the kidneys would say (ADR 0007, 7)."""
    chart = """
        problems: [{id: PR-1, concept: venous-thromboembolism, since: 2026-03-01}]
        medications: [{id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"]}]
        """
    (apixaban,) = plan_of(chart).active.drugs
    assert (apixaban.decision, apixaban.effects) == ("defer", ("clot-recent",))


def test_only_the_drugs_that_a_guard_names() -> None:
    """A stent forbids holding what keeps it open. Naproxen is no such drug and is held as planned: 4 days before class
    high (ADR 0007, 7)."""
    chart = """
        problems:
          - id: PR-1
            concept: coronary-stent
            since: 2026-01-10
            attributes: {stent: drug-eluting, placed_for: chronic-coronary-disease}
        medications: [{id: M-1, drug: naproxen, dose: 500 mg, times: ["08:00", "20:00"]}]
        """
    (naproxen,) = plan_of(chart, HIGH).active.drugs
    assert (naproxen.decision, clock(naproxen.stop_at)) == ("hold_with_plan", "2026-04-11 09:30")


def test_nobody_stops_for_a_procedure_that_waits() -> None:
    """An infection has nothing to do with apixaban. But the procedure waits, so nobody stops apixaban for it: the drug
    is deferred too and has no time at all (ADR 0007, 9)."""
    chart = """
        problems: [{id: PR-1, concept: systemic-infection, since: 2026-03-30}]
        """
    (apixaban,) = plan_of(together(chart, APIXABAN)).active.drugs
    assert (apixaban.decision, apixaban.effects) == ("defer", ("infection-systemic",))
    dated = (apixaban.stop_at, apixaban.stop_latest, apixaban.last_dose, apixaban.restart_from, apixaban.first_dose)
    assert dated == (None, None, None, None, None)


def test_worse_decision_of_the_drug_stays() -> None:
    """Where the procedure waits anyway, a drug whose own answer is worse keeps it, and one that goes on keeps going:
    apixaban whose indication nobody knows is not held, ibuprofen is not asked about (ADR 0007, 9)."""
    chart = """
        problems: [{id: PR-1, concept: systemic-infection, since: 2026-03-30}]
        medications:
          - {id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"]}
          - {id: M-2, drug: ibuprofen, dose: 400 mg, times: ["08:00"]}
        """
    apixaban, ibuprofen = plan_of(chart, LOW).active.drugs
    assert apixaban.decision == "do_not_hold_without_prescriber"
    assert ibuprofen.decision == "proceed_no_hold"


def test_hazard_that_goes_on_is_contraindicated() -> None:
    """An infection at the needle path is not waited for at the same place: stop, and change the plan (ADR 0007, 6)."""
    chart = """
        problems: [{id: PR-1, concept: local-infection, since: 2026-03-30}]
        """
    found = plan_of(chart)
    assert (found.decision, found.safety) == ("hard_stop_change_plan", "contraindicated")
