"""What is missing is counted both ways"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from own_results import said, treated, whole

from levamen.emit.results_words import of_100
from levamen.outcomes.cohort_rows import TreatmentRow


def rates(rows: Iterable[TreatmentRow]) -> list[str]:
    """Of answers, if all without one had failed, and if all of them had responded."""
    first = whole(rows).first
    return [of_100(share) for share in (first.of_answers, first.if_failed, first.at_best) if share is not None]


def test_with_an_answer_and_if_all_others_had_failed() -> None:
    """Of 142 treatments 112 have an answer and 55 half the pain or less: 49 of 100 answers, and 39 of 100 if everybody
    who is missing had failed. Both stand in the sentence, counts first, with Wilson's limits.
    """
    rows = [*treated(55, "yes"), *treated(57, "no"), *treated(30)]
    assert said(rows) == (
        "55 of 112 with an answer had at least 50 % less pain at 6 months (49 of 100, 40 to 58); "
        "if all without one had failed 55 of 142 (39 of 100, 31 to 47)."
    )
    assert rates(rows) == ["49 of 100, 40 to 58", "39 of 100, 31 to 47", "60 of 100, 52 to 68"]


def test_a_repeat_before_the_visit_is_neither_answer_nor_missing() -> None:
    """Where a repeat, surgery or death came first, the visit is counted apart; it is no success in either way."""
    rows = [*treated(20, "yes"), *treated(10, "no"), *treated(5, ended=["6-months"])]
    first = whole(rows).first
    assert (first.due, first.answered, first.missing, first.ended) == (35, 30, 0, 5)
    assert [rate.partition(",")[0] for rate in rates(rows)] == ["67 of 100", "57 of 100", "71 of 100"]


def test_an_answer_on_both_sides_of_the_level_is_missing() -> None:
    """A range, or two scores that differ, across the level: neither yes nor no."""
    assert whole(treated(12, "yes"), treated(3, "unknown")).first.missing == 3


def test_a_window_that_is_open_is_not_due() -> None:
    """Of treatments whose window is still open nothing is missing yet, and an early answer does not count before the
    others can: they can still be asked.
    """
    late = date(2025, 10, 1)
    first = whole(treated(20, "yes"), treated(7, day=late), treated(3, "yes", day=late)).first
    assert (first.due, first.yes, first.missing, first.pending) == (20, 20, 0, 7)


@pytest.mark.parametrize(
    ("answered", "missing", "known"),
    [(60, 40, True), (59, 41, False), (61, 39, True), (12, 8, True), (12, 9, False)],
)
def test_too_little_follow_up(answered: int, missing: int, known: bool) -> None:
    """With fewer than 60 of 100 answers the sentence is: we do not know yet. Exactly 60 are enough."""
    told = said(treated(answered, "yes"), treated(missing))
    assert told.startswith("We do not know yet") is not known


def test_the_sentence_then_says_what_is_missing() -> None:
    """It names the counts, and no rate."""
    assert said(treated(20, "yes"), treated(80)) == (
        "We do not know yet: at 6 months 20 of 100 that were due have an answer, and at least 60 of 100 are needed."
    )


def test_nothing_due() -> None:
    """A treatment of last week has no result."""
    assert said(treated(30, day=date(2026, 3, 9))) == "Nothing is due yet at 6 months: of 30 no window has closed."
