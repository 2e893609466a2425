"""Diary, steps and funnel: what was answered or computed, at its place, and nothing between."""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from picture_checks import SVG, agree, clean, words_of

from levamen.emit.pictures.axes import apart
from levamen.emit.pictures.curve import (
    Answer,
    Diary,
    Step,
    StepCurve,
    Threshold,
    Window,
    diary_svg,
    diary_table,
    step_svg,
    step_table,
)
from levamen.emit.pictures.funnel import Funnel, Limit, Point, outside
from levamen.emit.pictures.funnel import svg as funnel_svg
from levamen.emit.pictures.funnel import table as funnel_table
from levamen.text.tree import UnusableInput

ZONE = ZoneInfo("America/New_York")
NEEDLE = datetime(2026, 3, 16, 9, 10, tzinfo=ZONE)


def diary(*rows: tuple[int, str | None]) -> Diary:
    return Diary(
        start=NEEDLE,
        zone=ZONE,
        before=Decimal(6),
        answers=tuple(
            Answer(at=NEEDLE + timedelta(minutes=minutes), value=Decimal(value) if value is not None else None)
            for minutes, value in rows
        ),
        thresholds=(Threshold(Decimal(50), "NICE"), Threshold(Decimal(80), "Medicare")),
        window=Window(Decimal(3), Decimal(8), "awaiting confirmation"),
    )


FULL = diary((-5, "6"), (15, "5"), (30, "3"), (60, None), (120, "1"), (180, "1.2"))


def lines(root: ElementTree.Element) -> list[str]:
    """The joins of the diary: open paths that are no frame of the window."""
    return [
        path.get("d", "")
        for path in root.iter(f"{SVG}path")
        if path.get("stroke-width") == "2.4" and path.get("fill") == "none"
    ]


@pytest.mark.parametrize(
    "found",
    [FULL, diary(), diary((60, None)), replace(FULL, before=None), replace(FULL, before=Decimal(0), window=None)],
    ids=["full", "empty", "missing", "no before", "zero before"],
)
def test_a_diary_and_its_table_agree(found: Diary) -> None:
    agree(clean(diary_svg(found), "diary"), diary_table(found))


def test_a_missing_time_breaks_the_line() -> None:
    """Six times asked, one without an answer: three joins, none across it."""
    root = clean(diary_svg(FULL), "diary")
    assert len(lines(root)) == 3
    gap = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "gap")
    missing = float(gap.get("x", "")) + 5
    for line in lines(root):
        xs = [float(x) for x in re.findall(r"([\d.]+) [\d.]+", line)]
        assert not min(xs) < missing < max(xs)


def test_answers_stand_at_their_value_and_time() -> None:
    root = clean(diary_svg(FULL), "diary")
    at = [
        (float(disc.get("cx", "")), float(disc.get("cy", "")))
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "answer" and (disc := group.find(f"{SVG}circle")) is not None
    ]
    assert len(at) == 5
    per_point = (at[0][1] - at[1][1]) / (6 - 5)
    assert (at[0][1] - at[3][1]) == pytest.approx(per_point * 5, abs=0.05)
    per_minute = (at[2][0] - at[1][0]) / 15
    assert at[4][0] - at[3][0] == pytest.approx(per_minute * 60, abs=0.1)


def test_thresholds_are_exact_and_named() -> None:
    """From 6: half is 3 or less, 80 per cent 1.2 or less. 1.2 is 80 per cent, 1.21 is not."""
    rows = diary_table(diary((60, "1.2"), (120, "1.21"))).rows
    assert rows[0][2] == "80 %"
    assert rows[1][2] == "79.83 %"
    assert ("Medicare", "1.2 or less", "at least 80 %") in rows
    assert ("NICE", "3 or less", "at least 50 %") in rows


def test_without_a_score_before_nothing_is_told_in_per_cent() -> None:
    for before in (None, Decimal(0)):
        rows = diary_table(replace(FULL, before=before)).rows
        assert {row[2] for row in rows[:6]} == {"—"}
        assert ("NICE", "not known: no score before", "at least 50 %") in rows


def test_an_answer_from_memory_is_marked() -> None:
    late = replace(FULL, answers=(replace(FULL.answers[1], late=True),))
    root = clean(diary_svg(late), "diary")
    assert "written later, from memory" in words_of(root)
    group = next(one for one in root.iter(f"{SVG}g") if one.get("class") == "answer")
    assert group.find(f"{SVG}circle").get("fill") == "none"


def test_two_answers_of_one_moment_both_stand() -> None:
    found = diary((30, "3"), (30, "5"), (60, "2"))
    root = clean(diary_svg(found), "diary")
    assert len([one for one in root.iter(f"{SVG}g") if one.get("class") == "answer"]) == 3
    assert diary_svg(found) == diary_svg(replace(found, answers=tuple(reversed(found.answers))))


STEPS = (
    Step(0, Fraction(1), Fraction(1), Fraction(1), 98),
    Step(90, Fraction(85, 100), Fraction(78, 100), Fraction(92, 100), 84),
    Step(180, Fraction(2, 3), Fraction(60, 100), Fraction(75, 100), 62),
    Step(284, Fraction(1, 2), Fraction(40, 100), Fraction(59, 100), 41),
)
CURVE = StepCurve(title="Of 98 with half relief at first", steps=STEPS, half=(284, 237, 347), notes=("Made up.",))


@pytest.mark.parametrize(
    "found",
    [
        CURVE,
        replace(CURVE, half=None),
        replace(CURVE, half=(284, 237, None)),
        replace(CURVE, steps=STEPS[:1]),
        replace(CURVE, steps=tuple(replace(step, low=None, high=None) for step in STEPS)),
    ],
    ids=["full", "not reached", "open interval", "one step", "no interval"],
)
def test_steps_and_their_table_agree(found: StepCurve) -> None:
    agree(clean(step_svg(found), "curve"), step_table(found))


def test_steps_are_stairs() -> None:
    """Every piece is level or upright: nothing falls between two steps."""
    root = clean(step_svg(CURVE), "curve")
    curve = next(one for one in root.iter(f"{SVG}path") if one.get("stroke-width") == "2.6")
    corners = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", curve.get("d", ""))]
    for (x, y), (u, v) in itertools.pairwise(corners):
        assert x == u or y == v
    assert len(corners) == 8


def test_the_order_of_steps_is_that_of_their_days() -> None:
    assert step_svg(CURVE) == step_svg(replace(CURVE, steps=tuple(reversed(STEPS))))
    with pytest.raises(ValueError, match="at least one step"):
        step_svg(replace(CURVE, steps=()))


def test_the_half_that_is_not_reached_says_so() -> None:
    assert "Fewer than half have lost it so far" in words_of(clean(step_svg(replace(CURVE, half=None)), "curve"))
    assert "Half have lost it by day 284, interval 237 to 347" in words_of(clean(step_svg(CURVE), "curve"))


LIMITS_95 = tuple(Limit(n, Fraction(30, 100), Fraction(70, 100)) for n in (12, 16, 30))
LIMITS_998 = tuple(Limit(n, Fraction(20, 100), Fraction(80, 100)) for n in (12, 16, 30))
FUNNEL = Funnel(
    title="Half relief at 6 months",
    counted="procedures with an answer",
    points=(
        Point(12, Fraction(30, 100), "A"),
        Point(16, Fraction(299, 1000), "B"),
        Point(30, Fraction(199, 1000), "C"),
        Point(30, Fraction(81, 100), "D"),
    ),
    centre=Fraction(49, 100),
    limits_95=LIMITS_95,
    limits_998=LIMITS_998,
    notes=("Groups under 10 answers are joined.",),
)


def test_a_funnel_and_its_table_agree() -> None:
    agree(clean(funnel_svg(FUNNEL), "funnel"), funnel_table(FUNNEL))


def test_on_a_limit_is_within_it() -> None:
    assert [outside(FUNNEL, point) for point in FUNNEL.points] == [
        "within", "outside 95 %", "outside 99.8 %", "outside 99.8 %",
    ]  # fmt: skip


def test_no_limit_is_worked_out_between_two() -> None:
    with pytest.raises(UnusableInput, match="no limit is given for 13"):
        funnel_svg(replace(FUNNEL, points=(Point(13, Fraction(1, 2), "A"),)))


def test_groups_stand_by_name_and_not_by_rank() -> None:
    rows = funnel_table(replace(FUNNEL, points=tuple(reversed(FUNNEL.points)))).rows
    assert [row[0] for row in rows] == ["A", "B", "C", "D", "All together"]
    assert funnel_svg(FUNNEL) == funnel_svg(replace(FUNNEL, points=tuple(reversed(FUNNEL.points))))


def test_places_have_three_shapes() -> None:
    root = clean(funnel_svg(FUNNEL), "funnel")
    shapes = [
        next((one.tag.removeprefix(SVG), one.get("fill") == "none") for one in group if one.tag != f"{SVG}title")
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "point"
    ]
    assert shapes == [("circle", False), ("circle", True), ("path", False), ("path", False)]


def test_one_point_alone() -> None:
    alone = replace(
        FUNNEL, points=FUNNEL.points[:1], limits_95=LIMITS_95[:1], limits_998=LIMITS_998[:1], notes=()
    )  # fmt: skip
    agree(clean(funnel_svg(alone), "funnel"), funnel_table(alone))


@given(st.lists(st.floats(50, 250), min_size=1, max_size=6))
def test_labels_keep_apart(levels: list[float]) -> None:
    found = sorted(apart(levels, 28, 40, 300))
    assert all(after - before >= 27.99 for before, after in itertools.pairwise(found))
    assert found[-1] <= 300
