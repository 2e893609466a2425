"""Severity: three codes, never one grade"""

from __future__ import annotations

import pytest
from intake_sheet import sheet_of

RATED = """
    scores: [{{instrument: icd-11-severity, answers: [{intensity}, {distress}, {interference}], date: 2026-03-01}}]
    """


def test_three_ratings_give_three_codes() -> None:
    """How strong, how upsetting, how much in the way: each from 0 to 10, each with a code of its own. There is no sum
    and no mean of them."""
    (found,) = sheet_of(RATED.format(intensity=8, distress=5, interference=2)).severity
    assert [(rating.name, rating.code, rating.label) for rating in found.ratings] == [
        ("intensity", 3, "severe"),
        ("distress", 2, "moderate"),
        ("interference", 1, "mild"),
    ]


@pytest.mark.parametrize(
    ("rating", "label"),
    [
        ("0", "absent"),
        ("1", "mild"),
        ("3", "mild"),
        ("3.5", "mild"),
        ("4", "moderate"),
        ("6", "moderate"),
        ("6.9", "moderate"),
        ("7", "severe"),
        ("10", "severe"),
    ],
)
def test_bands_have_no_holes(rating: str, label: str) -> None:
    """0 is absent, 1 to 3 mild, 4 to 6 moderate, 7 to 10 severe. A rating between two whole numbers is in the band that
    it reaches: 6.9 is not yet 7."""
    (found,) = sheet_of(RATED.format(intensity=rating, distress=0, interference=0)).severity
    assert found.ratings[0].label == label


def test_missing_rating_stays_missing() -> None:
    """Distress was not rated. No other rating, no earlier form and no score of pain stands in for it."""
    chart = """
    scores:
      - {instrument: icd-11-severity, answers: [8, ~, 2], date: 2026-03-01}
      - {instrument: icd-11-severity, answers: [8, 8, 8], date: 2026-01-01}
      - {instrument: nrs-average, value: 8, date: 2026-03-01}
    """
    (found,) = sheet_of(chart).severity
    assert [rating.code for rating in found.ratings] == [3, None, 1]
    assert found.ratings[1].reason == "not rated"


def test_impact_score_needs_its_nine_items_and_its_bands_await_confirmation() -> None:
    """Intensity 8, interference 4, 4, 3, 4, and function 3, 2, 3, 2, which counts turned round (5 is best): 8 + 15 + 14
    = 37 on a scale of 8 to 50. The bands of the task force were not confirmed and are shown with that mark."""
    chart = """
    scores:
      - {instrument: nih-impact-stratification, answers: [8, 4, 4, 3, 4, 3, 2, 3, 2], date: 2026-03-01}
    """
    (found,) = sheet_of(chart).impact
    assert (found.value, found.bands[0].label, found.bands[0].cites[0].mark) == (37, "severe", "unverified")
    (gap,) = sheet_of(chart.replace("[8, 4", "[8, ~")).impact
    assert (gap.value, gap.bands, gap.missing) == (None, (), ("q2",))
