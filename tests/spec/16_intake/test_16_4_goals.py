"""Goals"""

from __future__ import annotations

import pytest
from intake_sheet import goal_of

GOAL = """
    goals: [{{id: G-1, text: Enjoy the weekends, measure: {measure}, target: {target}, by: {by}}}]
    scores: [{{id: S-1, instrument: {measure}, value: {value}, date: 2026-02-20}}]
    """


@pytest.mark.parametrize(
    ("measure", "target", "value", "progress"),
    [
        ("peg", "4", "4.1", "not-yet"),
        ("peg", "4", "4", "reached"),
        ("peg", "4", "3.9", "reached"),
        ("pseq", "40", "39", "not-yet"),
        ("pseq", "40", "40", "reached"),
        ("pseq", "40", "41", "reached"),
    ],
)
def test_goal_is_reached_at_its_target(measure: str, target: str, value: str, progress: str) -> None:
    """Of the PEG less is better, of the PSEQ more. At the target counts."""
    assert goal_of(GOAL.format(measure=measure, target=target, value=value, by="2026-12")).progress == progress


@pytest.mark.parametrize(
    ("by", "progress"),
    [("2026-03-01", "past-date"), ("2026-03-02", "not-yet"), ("2026-03", "not-yet"), ("2026-02", "past-date")],
)
def test_day_aimed_at_passes(by: str, progress: str) -> None:
    """On the day itself there is still time, and in the month aimed at until its end."""
    assert goal_of(GOAL.format(measure="peg", target="4", value="6", by=by)).progress == progress


def test_latest_score_counts_and_not_the_best() -> None:
    """He was there in January and is not now."""
    chart = """
    goals: [{id: G-1, measure: peg, target: 4}]
    scores:
      - {instrument: peg, value: 3, date: 2026-01-20}
      - {instrument: peg, value: 6, date: 2026-02-20}
    """
    assert goal_of(chart).progress == "not-yet"


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        ("{instrument: odi, value: 10, date: 2026-02-20}", "no score of the measure is recorded"),
        ("{instrument: peg, value: 3}", "the day of a score is not recorded"),
        ("{instrument: peg, date: 2026-02-20}", "the latest score has no value"),
        ("{instrument: peg, answers: [3, ~, 3], date: 2026-02-20}", "the latest score has no value"),
    ],
)
def test_what_cannot_be_told_is_said_with_its_reason(score: str, reason: str) -> None:
    """A score that is missing, without a day or without a value says neither reached nor not reached."""
    found = goal_of(f"goals: [{{id: G-1, measure: peg, target: 4}}]\nscores: [{score}]")
    assert (found.progress, found.reason) == ("cannot-tell", reason)


def test_goal_without_a_measure_is_shown_in_words() -> None:
    """A goal need not be a number. It is shown as the patient said it."""
    found = goal_of("goals: [{id: G-1, text: Go back to the choir}]")
    assert (found.progress, found.goal.text) == ("in-words", "Go back to the choir")
