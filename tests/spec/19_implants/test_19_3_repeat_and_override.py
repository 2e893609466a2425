"""Another trial, and passing a guard by"""

from __future__ import annotations

import pytest
from stimulator import EVERYTHING, after, asks_of, way_of

from levamen.pathway.implant.machine import Override

FAILED = """
procedures:
  - id: P-1
    therapy: spinal-cord-stimulation-trial
    start: 2026-10-05
    end: 2026-10-10
    region: thoracic
    pain: PN-1
    relief: [{{percent: 20, at: 2026-10-09}}]
    trial: {{{trial}, activity_test: true, satisfied: true, mme_before: 20, mme_after: 20}}
"""
BUT_THE_TRIAL = tuple(guard for guard in EVERYTHING if guard not in ("trial-passed", "planned"))
DR_VALE = {"by": "Dr. Vale", "reason": "the pump is no choice for her"}


@pytest.mark.parametrize(
    ("trial", "state"),
    [
        ("coverage_adequate: false", "trial-technical-failure"),
        ("repositioned: true", "trial-technical-failure"),
        ("coverage_adequate: true", "trial-failed"),
        ("repositioned: false", "trial-failed"),
    ],
)
def test_a_technical_failure_is_what_was_recorded(trial: str, state: str) -> None:
    """The trial did not cover the pain, or its lead moved, and somebody wrote it down. Silence is no excuse for a
    failed trial."""
    assert way_of(FAILED.format(trial=trial), "nf-pp-scs07").standing.state == state


def test_a_repeat_where_the_policy_grants_it() -> None:
    """The practice parameters repeat a trial that did not cover. The letter of the FDA names no repeat: a failed trial
    is a no under it, whatever went wrong."""
    chart = FAILED.format(trial="coverage_adequate: false")
    assert asks_of(way_of(chart, "nf-pp-scs07"), "repeat-granted")["repeat"] != "not_met"
    assert asks_of(way_of(chart, "fda-scs-2020"), "repeat-granted")["repeat"] == "not_met"


def test_a_fair_failure_is_not_repeated() -> None:
    """From a trial that failed fairly no step leads to another one."""
    told = after("trial-failed", "repeat-granted", *EVERYTHING, **DR_VALE)
    assert told == "refused: it does not follow from 'trial not passed'"


@pytest.mark.parametrize(
    ("by", "reason", "policy", "goes"),
    [
        ("Dr. Vale", "the pump is no choice", "nf-pp-scs07", True),
        ("Dr. Vale", "the pump is no choice", None, False),
        ("Dr. Vale", "", "nf-pp-scs07", False),
        (None, "the pump is no choice", "nf-pp-scs07", False),
    ],
)
def test_an_implant_after_a_failed_trial(by: str | None, reason: str, policy: str | None, goes: bool) -> None:
    """Only a named clinician passes a failed trial by, with a reason and the policy that allows it; it is kept with the
    way for good (dossier, E1)."""
    override = Override(guard="trial-passed", on="clinician", by=by, reason=reason, policy=policy)
    told = after("trial-failed", "implant-planned", *BUT_THE_TRIAL, overrides=(override,), **DR_VALE)
    assert (told == "implant-planned") is goes


@pytest.mark.parametrize(
    ("state", "event", "guard"),
    [
        ("considered", "indication-recorded", "no-red-flag"),
        ("prerequisites-open", "prerequisites-met", "safety"),
        ("implant-planned", "implanted", "consent"),
        ("implant-planned", "implanted", "label"),
    ],
)
def test_what_nobody_may_pass_by(state: str, event: str, guard: str) -> None:
    """Red flags, safety, a contraindication of a label and consent are not passed by on anybody's word: a label beats
    what a payer says (dossier, E5)."""
    override = Override(guard=guard, on="clinician", by="Dr. Vale", reason="in a hurry", policy="nf-pp-scs07")
    shown = tuple(other for other in EVERYTHING if other != guard)
    assert after(state, event, *shown, overrides=(override,)).startswith("refused: not shown")
