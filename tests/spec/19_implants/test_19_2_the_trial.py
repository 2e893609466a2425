"""What a trial showed, under each policy"""

from __future__ import annotations

import pytest
from stimulator import verdict_of, way_of

TRIAL = """
procedures:
  - id: P-1
    therapy: spinal-cord-stimulation-trial
    start: 2026-10-05T09:00
    end: 2026-10-10T09:00
    region: thoracic
    pain: PN-1
    relief: [{{percent: {percent}, at: 2026-10-09}}]
    trial: {{{trial}}}
"""


@pytest.mark.parametrize(
    ("percent", "says"),
    [("50", "passed"), ("50.0", "passed"), ("49.6", "failed"), ("49.96", "failed"), ("51", "passed")],
)
def test_half_is_half(percent: str, says: str) -> None:
    """At least 50 per cent takes 50.0; 49.6 is not 50, and nothing is rounded before it is compared (FDA letter 2020;
    dossier, E2)."""
    found = way_of(TRIAL.format(percent=percent, trial=""), "fda-scs-2020")
    assert verdict_of(found, "fda-scs-2020") == says


def test_each_policy_answers_for_itself() -> None:
    """Thirty per cent is relief for the national rule, which names no number, and too little for the letter. They are
    never averaged: both are shown, and where both decide, the trial is split (dossier, 24)."""
    found = way_of(TRIAL.format(percent="30", trial=""), "cms-ncd-160.7", "fda-scs-2020")
    assert verdict_of(found, "cms-ncd-160.7") == "passed"
    assert verdict_of(found, "fda-scs-2020") == "failed"
    assert (found.outcome, found.standing.state) == ("split", "trial-split")


def test_what_is_not_recorded_cannot_be_told() -> None:
    """Half the pain went. Whether it went despite activity, on what analgesics, and whether the patient is satisfied
    nobody wrote down: the practice parameters cannot tell, and the way stays where it is."""
    found = way_of(TRIAL.format(percent="50", trial=""), "nf-pp-scs07")
    assert (verdict_of(found, "nf-pp-scs07"), found.standing.state) == ("cannot tell", "trial-done")
    full = "activity_test: true, satisfied: true, mme_before: 20, mme_after: 20"
    found = way_of(TRIAL.format(percent="50", trial=full), "nf-pp-scs07")
    assert (verdict_of(found, "nf-pp-scs07"), found.standing.state) == ("passed", "trial-success")


def test_one_that_cannot_tell_keeps_the_others_waiting() -> None:
    """Of two policies that decide one is open: the trial is neither passed nor failed."""
    found = way_of(TRIAL.format(percent="60", trial=""), "fda-scs-2020", "nf-pp-scs07")
    assert (found.outcome, found.standing.state) == ("unknown", "trial-done")


def test_the_diary_of_the_last_three_full_days() -> None:
    """A diary goes before a single score: the mean of the last three full days, 8 before and 4, 3 and 5 after, is half;
    the day on which the lead came out is not a full one (dossier, E2)."""
    days = {"07": 4, "08": 3, "09": 5, "10": 8}
    rows = ", ".join(f"{{at: 2026-10-{day}, value: {value}}}" for day, value in days.items())
    chart = TRIAL.format(percent="10", trial=f"diary: [{rows}]")
    chart = chart.replace("{percent: 10, at", "{scale: nrs, before: 8, after: 8, at")
    found = way_of(chart, "fda-scs-2020")
    assert verdict_of(found, "fda-scs-2020") == "passed"


def test_only_named_policies_decide() -> None:
    """Without a payer no policy governs. The way waits until somebody names the policies that decide."""
    found = way_of(TRIAL.format(percent="90", trial=""))
    assert (found.outcome, found.standing.state) == ("unknown", "trial-done")


def test_a_trial_that_is_still_running_is_not_judged() -> None:
    """Asked on the third day, the lead is still in."""
    found = way_of(TRIAL.format(percent="90", trial=""), "fda-scs-2020", as_of="2026-10-07")
    assert found.standing.state == "trial-active"
