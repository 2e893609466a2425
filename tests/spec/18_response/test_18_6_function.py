"""Function, each instrument by itself"""

from __future__ import annotations

import pytest
from aftermath import ablation, after, visit, word

from levamen.outcomes.function_change import InstrumentChange


def change(scores: str) -> InstrumentChange:
    """The only instrument of a snippet, at three months."""
    return visit(after(ablation("", more=f"scores:\n{scores}")), "3-months").function[0]


def score(id: str, value: object, date: str, instrument: str = "odi", more: str = "") -> str:
    return f"  - {{id: {id}, instrument: {instrument}, value: {value}, date: {date}{more}}}\n"


@pytest.mark.parametrize(
    ("later", "points", "percent"),
    [
        (40, "yes", "no"),
        (41, "no", "no"),
        (35, "yes", "yes"),
        (36, "yes", "no"),
    ],
)
def test_several_important_changes_are_shown(later: int, points: str, percent: str) -> None:
    """Of the Oswestry index both 10 points and 30 per cent are called important; both are shown, neither is chosen.
    From 50: 40 is 10 points, 41 is not; 35 is exactly 30 per cent, 36 is not.
    """
    found = change(score("S-1", 50, "2025-02-03") + score("S-2", later, "2025-05-12"))
    assert [answer.word for answer in found.answers] == [points, percent]
    assert all(answer.change.cites for answer in found.answers)


def test_higher_is_better() -> None:
    """A physical function score that rises is better; from 30 to 35 is 5 points."""
    name = "promis-physical-function-4a"
    found = change(score("S-1", 30, "2025-02-03", name) + score("S-2", 35, "2025-05-12", name))
    assert str(found.points) == "5"


def test_the_composites_own_change() -> None:
    """The suggested composite names 10 points of the Oswestry index, 5 of Roland-Morris, 5 of PROMIS function."""
    for later, expected in ((19, "yes"), (20, "no")):
        more = "scores:\n" + score("S-1", 24, "2025-02-03", "rmdq") + score("S-2", later, "2025-05-12", "rmdq")
        found = visit(after(ablation("", more=more)), "3-months")
        assert word(found.criteria, "function") == expected


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (score("S-1", 50, "2025-02-03"), "no value at the visit"),
        (score("S-2", 40, "2025-05-12"), "no value before the procedure"),
        (score("S-1", 50, "2025-02-03") + score("S-2", 40, "2025-06-30"), "no value at the visit"),
        (
            score("S-1", 50, "2025-02-03", more=", version: 2.0")
            + score("S-2", 40, "2025-05-12", more=", version: 2.1a"),
            "two editions of the form are not compared",
        ),
    ],
)
def test_what_is_missing(scores: str, reason: str) -> None:
    """Without a value before, or in the window, or of the same edition of the form, there is no change, and why is
    said.
    """
    found = change(scores)
    assert (found.points, found.reason) == (None, reason)


def test_a_score_of_the_day_of_the_procedure() -> None:
    """A score of the day itself, without a time, is read as before it."""
    found = change(score("S-1", 50, "2025-02-10") + score("S-2", 40, "2025-05-12"))
    assert str(found.points) == "10"


def test_a_baseline_of_nothing_has_no_percentage() -> None:
    """Of 0 before no share can be gained: points are told, per cent is not."""
    found = change(score("S-1", 0, "2025-02-03") + score("S-2", 0, "2025-05-12"))
    assert (str(found.points), found.percent) == ("0", None)
    assert [answer.word for answer in found.answers] == ["no", "unknown"]
