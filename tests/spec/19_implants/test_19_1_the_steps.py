"""The steps from the first thought to the implant"""

from __future__ import annotations

import pytest
from stimulator import EVERYTHING, after

DR_VALE = {"by": "Dr. Vale", "reason": "she asked for it"}


@pytest.mark.parametrize(
    ("state", "event", "next_state"),
    [
        ("considered", "indication-recorded", "prerequisites-open"),
        ("prerequisites-open", "prerequisites-met", "trial-ready"),
        ("trial-ready", "trial-started", "trial-active"),
        ("trial-active", "trial-ended", "trial-done"),
        ("trial-done", "trial-passed", "trial-success"),
        ("trial-success", "implant-planned", "implant-planned"),
        ("implant-planned", "implanted", "implanted"),
        ("implanted", "early-period-over", "stable"),
    ],
)
def test_the_straight_way(state: str, event: str, next_state: str) -> None:
    """Each step leads to the next where everything that it asks for is shown (dossier, E1)."""
    assert after(state, event, *EVERYTHING) == next_state


def test_what_nobody_looked_at_stops() -> None:
    """A guard that was not looked at is unknown, and unknown moves nothing. The refusal says what is not shown."""
    told = after("considered", "indication-recorded", "indication", "mechanism")
    assert told == "refused: not shown: red flags were asked and there are none"
    assert after("trial-active", "trial-ended") == "refused: not shown: the end of the trial is recorded"


def test_no_step_is_skipped() -> None:
    """A trial cannot end that did not begin, and an implant that was not planned on this way is refused."""
    assert after("considered", "trial-ended", *EVERYTHING) == "refused: it does not follow from 'considered'"
    told = after("trial-success", "implanted", *EVERYTHING)
    assert told == "refused: not shown: the implant was planned on this way"


def test_the_patient_may_leave_and_come_back() -> None:
    """Who declines says why, and may be considered anew."""
    assert after("trial-success", "declined").startswith("refused: it needs a reason")
    assert after("trial-success", "declined", **DR_VALE) == "declined"
    assert after("declined", "reconsidered", **DR_VALE) == "considered"


def test_where_policies_disagree_a_named_clinician_decides() -> None:
    """After a split the implant is planned only by a named clinician with a reason; the authority of the payer is asked
    for all the same (dossier, E1)."""
    assert after("trial-split", "implant-planned", *EVERYTHING, **DR_VALE) == "implant-planned"
    told = after("trial-split", "implant-planned", *EVERYTHING)
    assert told == "refused: not shown: a named clinician decided, with a reason"
    told = after("trial-split", "implant-planned", "label", "consent", "authorization", **DR_VALE)
    assert told == "refused: not shown: every deciding policy permits the implant"


def test_the_multifidus_has_no_trial() -> None:
    """Restorative stimulation goes from its conditions to the plan; a contraction in the operation takes the place of a
    trial (BCBS Alabama MP-623)."""
    assert after("prerequisites-open", "implant-planned", *EVERYTHING, track="no-trial") == "implant-planned"
    assert after("prerequisites-open", "trial-started", *EVERYTHING, track="no-trial").startswith("refused")


@pytest.mark.parametrize(
    ("state", "event", "next_state"),
    [
        ("prerequisites-open", "prerequisites-met", "lead-ready"),
        ("lead-ready", "lead-placed", "lead-in"),
        ("lead-in", "sixty-days-over", "removal-due"),
        ("removal-due", "lead-pulled", "removed"),
        ("removal-due", "lead-broke", "fragment-retained"),
        ("removed", "outcome-recorded", "outcome-follow-up"),
    ],
)
def test_the_lead_of_sixty_days(state: str, event: str, next_state: str) -> None:
    """It is no trial for another implant: it goes in, it is due out at day 60, and what became of the pain is recorded
    (label)."""
    assert after(state, event, *EVERYTHING, track="sixty-days") == next_state
