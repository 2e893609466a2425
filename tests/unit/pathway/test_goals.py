"""How far a goal is: at, short of and beyond its target and its day, in both directions, with everything missing."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.periods import moment_of
from levamen.pathway.goals import GoalView, goals

ON = date(2026, 6, 15)


def view(goal: str, scores: str = "", on: date = ON) -> GoalView:
    reading = read_chart(f"chart: 1\nid: x\nas_of: 2026-06-15\ngoals: [{{id: G-1, {goal}}}]\nscores: [{scores}]", "x")
    assert not reading.balance.rejected, reading.balance.issues
    (found,) = goals(reading.record, moment_of(reading.record, on, on))
    return found


def progress(goal: str, scores: str = "", on: date = ON) -> str:
    return view(goal, scores, on).progress


def peg(value: object, day: str = "2026-06-01") -> str:
    return f"{{instrument: peg, value: {value}, date: {day}}}"


@pytest.mark.parametrize(("value", "expected"), [(3.9, "reached"), (4, "reached"), (4.1, "not-yet")])
def test_lower_is_better(value: float, expected: str) -> None:
    assert progress("measure: peg, target: 4", peg(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [(39, "not-yet"), (40, "reached"), (41, "reached")])
def test_higher_is_better(value: int, expected: str) -> None:
    assert progress("measure: pseq, target: 40", f"{{instrument: pseq, value: {value}, date: 2026-06-01}}") == expected


def test_a_score_from_its_answers_counts_unrounded() -> None:
    third = "{instrument: peg, answers: [4, 4, 5], date: 2026-06-01}"  # 13/3
    assert progress("measure: peg, target: 4.3", third) == "not-yet"
    assert progress("measure: peg, target: 4.34", third) == "reached"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("2026-06-14", "past-date"),
        ("2026-06-15", "not-yet"),
        ("2026-06-16", "not-yet"),
        ("2026-05", "past-date"),
        ("2026-06", "not-yet"),
        ("2025", "past-date"),
        ("2026", "not-yet"),
    ],
)
def test_the_day_aimed_at(by: str, expected: str) -> None:
    assert progress(f"measure: peg, target: 4, by: {by}", peg(7)) == expected
    assert progress(f"measure: peg, target: 4, by: {by}", peg(3)) == "reached"


def test_a_score_from_before_the_day_is_called_so() -> None:
    assert (
        view("measure: peg, target: 4, by: 2026-06-10", peg(7)).reason
        == "the latest score is from before that day; measure again"
    )
    assert view("measure: peg, target: 4, by: 2026-06-10", peg(7, "2026-06-12")).reason is None
    assert view("measure: peg, target: 4, by: 2026-05", peg(4)).reason == "measured after that day"


def test_the_latest_score_counts_and_not_the_best() -> None:
    found = view("measure: peg, target: 4", f"{peg(2, '2026-05-01')}, {peg(6, '2026-06-01')}")
    assert (found.progress, found.value, found.ids) == ("not-yet", 6, ("scores-2",))
    assert progress("measure: peg, target: 4", f"{peg(6, '2026-06-01')}, {peg(2, '2026-05-01')}") == "not-yet"


def test_a_later_score_is_not_seen_earlier() -> None:
    both = f"{peg(6, '2026-05-01')}, {peg(2, '2026-06-01')}"
    assert progress("measure: peg, target: 4", both, date(2026, 5, 31)) == "not-yet"
    assert progress("measure: peg, target: 4", both, date(2026, 6, 1)) == "reached"


@pytest.mark.parametrize(
    ("goal", "scores", "reason"),
    [
        ("measure: peg, target: 4", "", "no score of the measure is recorded"),
        ("measure: peg, target: 4", "{instrument: peg, value: 3}", "the day of a score is not recorded"),
        (
            "measure: peg, target: 4",
            f"{peg(3, '2026-05-01')}, {{instrument: peg, date: 2026-06-01}}",
            "the latest score has no value",
        ),
        (
            "measure: peg, target: 4",
            "{instrument: peg, answers: [3, ~, 3], date: 2026-06-01}",
            "the latest score has no value",
        ),
        (
            "measure: peg, target: 4",
            f"{peg(3, '2026-06')}, {peg(6, '2026-06-01')}",
            "several scores may be the latest, and they disagree",
        ),
        ("measure: peg, target: 4", f"{peg(3)}, {peg(6)}", "several scores may be the latest, and they disagree"),
        ("measure: peg", peg(3), "no target is set"),
        ("measure: peg, target: a bit better", peg(3), "the target is no number"),
        ("measure: peg, target: 40", peg(3), "the target lies outside the range of the measure, 0 to 10"),
        ("measure: steps a day, target: 5000", "", "steps a day is no measure whose scores can be read"),
        (
            "measure: dn4, target: 3",
            "{instrument: dn4, value: 2, date: 2026-06-01}",
            "the measure is a screen, of which neither end is better",
        ),
    ],
)
def test_what_cannot_be_told_has_its_reason(goal: str, scores: str, reason: str) -> None:
    found = view(goal, scores)
    assert (found.progress, found.reason, found.value) == ("cannot-tell", reason, None)


def test_scores_that_agree_on_the_target_need_no_order() -> None:
    found = view("measure: peg, target: 4", f"{peg(3, '2026-06')}, {peg(2, '2026-06-01')}")
    assert (found.progress, found.value, found.ids) == ("reached", None, ("scores-1", "scores-2"))


def test_scores_of_two_pains_must_agree() -> None:
    def of(pain: str, value: int) -> str:
        return f"{{instrument: nrs-worst, pain: {pain}, value: {value}, date: 2026-06-0{value}}}"

    assert progress("measure: nrs-worst, target: 4", f"{of('A', 3)}, {of('B', 6)}") == "cannot-tell"
    assert progress("measure: nrs-worst, target: 4", f"{of('A', 3)}, {of('B', 4)}") == "reached"


def test_a_goal_without_a_measure_is_shown_in_words() -> None:
    found = view("text: Walk the dog, by: 2025")
    assert (found.progress, found.reason) == ("in-words", "no measure is named")


def test_a_goal_that_was_set_later_is_not_seen() -> None:
    record = read_chart("chart: 1\nas_of: 2026-06-15\ngoals: [{text: Walk, recorded: 2026-06-16}]", "x").record
    assert goals(record, moment_of(record, ON, ON)) == ()
    assert len(goals(record, moment_of(record, date(2026, 6, 16), ON))) == 1
