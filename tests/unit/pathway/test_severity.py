"""Severity as three codes and the impact score: each band at its edges, each rating missing, and where screens lead."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.periods import moment_of
from levamen.pathway.screening import Screening, screening
from levamen.pathway.severity import Impact, Severity, impact, severity
from levamen.record.facts import Record

ON = date(2026, 3, 20)


def record(*scores: str) -> Record:
    reading = read_chart(f"chart: 1\nas_of: 2026-03-20\nscores: [{', '.join(scores)}]", "x")
    assert not reading.balance.rejected, reading.balance.issues
    return reading.record


def rated(answers: str, day: str = "2026-03-01", more: str = "") -> str:
    return f"{{instrument: icd-11-severity, answers: {answers}, date: {day}{more}}}"


def severe(*scores: str) -> tuple[Severity, ...]:
    found = record(*scores)
    return severity(found, moment_of(found, ON, ON))


def codes_of(*scores: str) -> list[int | None]:
    (found,) = severe(*scores)
    return [rating.code for rating in found.ratings]


@pytest.mark.parametrize(
    ("answer", "code", "label"),
    [
        ("0", 0, "absent"),
        ("1", 1, "mild"),
        ("3", 1, "mild"),
        ("4", 2, "moderate"),
        ("6", 2, "moderate"),
        ("7", 3, "severe"),
        ("10", 3, "severe"),
        ("0.9", 0, "absent"),
        ("3.5", 1, "mild"),
        ("3.99", 1, "mild"),
        ("6.5", 2, "moderate"),
        ("6.99", 2, "moderate"),
        ("7.0", 3, "severe"),
        ("9.5", 3, "severe"),
    ],
)
def test_every_band_at_its_edges_and_between_whole_numbers(answer: str, code: int, label: str) -> None:
    """0 absent, 1-3 mild, 4-6 moderate, 7-10 severe; low <= rating < next low."""
    (found,) = severe(rated(f"[{answer}, {answer}, {answer}]"))
    assert [(rating.code, rating.label) for rating in found.ratings] == [(code, label)] * 3


def test_three_codes_and_no_grade() -> None:
    (found,) = severe(rated("[7, 5, 2]", more=", pain: PN-1"))
    assert [rating.name for rating in found.ratings] == ["intensity", "distress", "interference"]
    assert [rating.code for rating in found.ratings] == [3, 2, 1]
    assert found.pain == "PN-1"
    assert [cite.source for cite in found.cites] == ["S02"]


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_a_rating_that_is_missing_stays_missing(gap: int) -> None:
    answers = ["5", "5", "5"]
    answers[gap] = "~"
    (found,) = severe(
        rated(f"[{', '.join(answers)}]"),
        rated("[9, 9, 9]", "2026-02-01"),
        "{instrument: nrs-average, value: 8, date: 2026-03-01}",
    )
    assert [rating.code for rating in found.ratings] == [None if index == gap else 2 for index in range(3)]
    assert found.ratings[gap].reason == "not rated"


def test_the_pain_score_is_none_of_the_three() -> None:
    assert severe("{instrument: nrs-average, value: 8, date: 2026-03-01}") == ()


def test_one_grade_is_not_three_ratings() -> None:
    (found,) = severe("{instrument: icd-11-severity, value: 2, date: 2026-03-01}")
    assert {rating.reason for rating in found.ratings} == {"one grade is recorded, not three ratings"}


def test_two_forms_that_may_be_the_latest_agree_or_are_unknown() -> None:
    assert codes_of(rated("[7, 5, 2]"), rated("[7, 6, 2]")) == [3, None, 1]
    assert codes_of(rated("[7, 5, 2]", "2026-03"), rated("[1, 1, 1]", "2026-03-19")) == [None, None, None]
    assert codes_of(rated("[7, 5, 2]", "2026-02"), rated("[1, 1, 1]", "2026-03-19")) == [1, 1, 1]


def test_what_is_rated_later_is_not_seen() -> None:
    assert severe(rated("[7, 5, 2]", "2026-03-21")) == ()


def test_a_form_that_cannot_be_read_says_why() -> None:
    (found,) = severe(rated("[7, 5]"))
    assert {rating.code for rating in found.ratings} == {None}
    assert "3 items" in str(found.ratings[0].reason)


# ---- the NIH impact score


def impact_of(answers: str, more: str = "") -> Impact:
    found = record(f"{{instrument: nih-impact-stratification, answers: {answers}, date: 2026-03-01{more}}}")
    (one,) = impact(found, moment_of(found, ON, ON))
    return one


@pytest.mark.parametrize(
    ("answers", "score", "band"),
    [
        ("[0, 1, 1, 1, 1, 5, 5, 5, 5]", 8, "mild"),
        ("[3, 4, 4, 3, 3, 4, 3, 4, 3]", 27, "mild"),  # 3 + 14 + (2 + 3 + 2 + 3)
        ("[4, 4, 4, 3, 3, 4, 3, 4, 3]", 28, "moderate"),
        ("[10, 4, 4, 3, 3, 4, 3, 4, 3]", 34, "moderate"),
        ("[10, 4, 4, 4, 3, 4, 3, 4, 3]", 35, "severe"),
        ("[10, 5, 5, 5, 5, 1, 1, 1, 1]", 50, "severe"),
    ],
)
def test_the_impact_score_and_its_bands_which_await_confirmation(answers: str, score: int, band: str) -> None:
    found = impact_of(answers)
    assert (found.value, found.low, found.high) == (score, 8, 50)
    (only,) = found.bands
    assert (only.label, only.cites[0].mark) == (band, "unverified")


def test_an_item_that_is_missing_leaves_no_score() -> None:
    found = impact_of("[3, 4, 4, 3, ~, 4, 3, 4, 3]")
    assert (found.value, found.bands, found.missing) == (None, (), ("q5",))
    assert found.reason is not None
    assert "q5" in found.reason


def test_a_total_that_the_answers_contradict_is_no_score() -> None:
    found = impact_of("[0, 1, 1, 1, 1, 5, 5, 5, 5]", ", value: 30")
    assert found.value is None
    assert "states 30" in str(found.reason)


def test_two_scores_of_one_day_that_differ_are_no_score() -> None:
    rows = [f"{{instrument: nih-impact-stratification, value: {value}, date: 2026-03-01}}" for value in (20, 30)]
    found = record(*rows)
    (one,) = impact(found, moment_of(found, ON, ON))
    assert (one.value, one.reason) == (None, "several ratings may be the latest, and they differ")


# ---- where a screen leads


def screens(*scores: str) -> dict[str, Screening]:
    found = record(*scores)
    return {row.screen.instrument: row for row in screening(found, moment_of(found, ON, ON))}


def screen(instrument: str, value: object, day: str = "2026-03-01") -> str:
    return f"{{instrument: {instrument}, value: {value}, date: {day}}}"


@pytest.mark.parametrize(
    ("value", "step", "also"), [(1, "below", False), (2, "below", True), (3, "full-form", True), (6, "full-form", True)]
)
def test_phq_2_at_its_cut_of_3_with_the_cut_of_2_beside(value: int, step: str, also: bool) -> None:
    found = screens(screen("phq-2", value))["phq-2"]
    assert (found.step, found.also is not None, found.mark) == (step, also, "primary")
    assert {cite.source for cite in found.cites} == {"S30d"}


@pytest.mark.parametrize(
    ("value", "step"), [(0, "undecided"), (2, "undecided"), (3, "consider-full-form"), (6, "consider-full-form")]
)
def test_gad_2_may_warn_and_never_says_that_nothing_is_there(value: int, step: str) -> None:
    found = screens(screen("gad-2", value))["gad-2"]
    assert (found.step, found.mark) == (step, "unverified")
    assert "awaits confirmation" in found.says


@pytest.mark.parametrize("name", ["phq-2", "gad-2"])
@pytest.mark.parametrize("given", [(), ("~",), ("3", "~")])
def test_a_screen_that_is_not_complete_is_asked(name: str, given: tuple[str, ...]) -> None:
    scores = (
        [f"{{instrument: {name}, answers: [{', '.join(given * (2 // len(given)))}], date: 2026-03-01}}"]
        if given
        else []
    )
    assert screens(*scores)[name].step == "ask"


def test_the_full_form_after_the_screen_is_the_answer() -> None:
    assert screens(screen("phq-2", 4), screen("phq-9", 9, "2026-03-01"))["phq-2"].step == "done"
    assert screens(screen("phq-2", 4), screen("phq-9", 9, "2026-03-02"))["phq-2"].step == "done"
    assert screens(screen("phq-2", 4), screen("phq-9", 9, "2026-02-28"))["phq-2"].step == "full-form"
    assert screens(screen("phq-9", 9))["phq-2"].says == "PHQ-9 was given: 9"


def test_a_full_form_without_a_score_is_no_answer() -> None:
    begun = "{instrument: phq-9, answers: [1, 1, ~, ~, ~, ~, ~, ~, ~], date: 2026-03-02}"
    assert screens(screen("phq-2", 4), begun)["phq-2"].step == "full-form"
    assert "was begun and has no score" in screens(begun)["phq-2"].says


def test_two_screens_of_one_day_that_differ_are_asked_again() -> None:
    assert screens(screen("phq-2", 1), screen("phq-2", 5))["phq-2"].step == "undecided"
    assert screens(screen("phq-2", 3), screen("phq-2", 5))["phq-2"].step == "full-form"
    assert screens(screen("phq-2", 5, "2026-02-01"), screen("phq-2", 1))["phq-2"].step == "below"
