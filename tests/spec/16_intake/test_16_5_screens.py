"""Low mood and worry"""

from __future__ import annotations

import pytest
from intake_sheet import screen_of

SCORE = "scores: [{{instrument: {instrument}, value: {value}, date: 2026-02-20}}]"


@pytest.mark.parametrize(("value", "step"), [("0", "below"), ("2", "below"), ("3", "full-form"), ("6", "full-form")])
def test_phq_2_of_three_or_more_leads_to_the_phq_9(value: str, step: str) -> None:
    """A score of 3 or more is positive: the full form is the next step."""
    assert screen_of("phq-2", SCORE.format(instrument="phq-2", value=value)).step == step


def test_lower_cut_is_shown_beside() -> None:
    """A cut of 2 finds more and is less specific. It is shown and does not decide."""
    found = screen_of("phq-2", SCORE.format(instrument="phq-2", value=2))
    assert (found.step, found.also) == ("below", "the lower cut is reached: positive (2 or more)")


@pytest.mark.parametrize(("value", "step"), [("2", "undecided"), ("3", "consider-full-form")])
def test_cut_that_awaits_confirmation_warns_and_does_not_reassure(value: str, step: str) -> None:
    """The cut of the GAD-2 was not confirmed: at 3 the full form may be the next step, and below it nothing is said to
    be absent."""
    found = screen_of("gad-2", SCORE.format(instrument="gad-2", value=value))
    assert (found.step, found.mark) == (step, "unverified")


def test_screen_that_is_not_complete_is_asked_again() -> None:
    """An unanswered item is no zero."""
    assert screen_of("phq-2").step == "ask"
    assert screen_of("phq-2", "scores: [{instrument: phq-2, answers: [2, ~], date: 2026-02-20}]").step == "ask"


def test_full_form_given_since_is_the_answer() -> None:
    """Where the full form followed, its result stands; one from before the screen does not settle it."""
    chart = """
    scores:
      - {{instrument: phq-2, value: 4, date: 2026-02-20}}
      - {{instrument: phq-9, value: 12, date: {day}}}
    """
    assert screen_of("phq-2", chart.format(day="2026-02-21")).step == "done"
    assert screen_of("phq-2", chart.format(day="2026-02-19")).step == "full-form"
