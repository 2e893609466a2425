"""How long relief held"""

from __future__ import annotations

import pytest
from specimen import at_least, blocks, criterion, held, latest, limit, outcome, policy, value, verdict

from levamen.criteria.nodes import Compare, Held
from levamen.criteria.truth import Status

ABLATION = """
    as_of: %s
    procedures:
      - id: A-1
        therapy: medial-branch-radiofrequency-ablation
        date: 2025-06-16
        relief: [%s]
    """
AT_FOUR_MONTHS = "{percent: %s, at: 2025-10-16}"


@pytest.mark.parametrize(
    ("percent", "asked", "criterion_is", "policy_says"),
    [
        (60, "2025-11-16", "not_met", "not_yet"),
        (60, "2025-12-15", "not_met", "not_yet"),
        (60, "2025-12-16", "unknown", "unknown"),
        (60, "2026-01-16", "unknown", "unknown"),
        (30, "2025-11-16", "not_met", "not_met"),
        (30, "2026-01-16", "not_met", "not_met"),
    ],
)
def test_the_example_of_the_design(percent: int, asked: str, criterion_is: Status, policy_says: str) -> None:
    """Relief of 60 per cent at month 4, asked at month 5, has lasted 4 to 5 months: a six-month test is *not yet*.
    Asked at month 7 it is 4 to 7: *unknown* until somebody records the score. 30 per cent at month 4 is *not met*.
    """
    chart = ABLATION % (asked, AT_FOUR_MONTHS % percent)
    assert value(held(50, 6), chart) == criterion_is
    assert verdict(policy(criterion("repeat", held(50, 6), remedy="none")), chart) == policy_says


def test_holding_at_the_last_score() -> None:
    """Holding at the last score, the duration runs from the day of that score to the service date."""
    chart = ABLATION % ("2026-01-16", AT_FOUR_MONTHS % 60)
    assert outcome(held(50, 6), chart).children[0].found == "122 to 214 days"
    assert value(held(50, 4), chart) == "met"


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (4, "met"),
        (5, "unknown"),
        (6, "unknown"),
        (7, "not_met"),
    ],
)
def test_lost_between_two_scores(months: int, expected: Status) -> None:
    """Held on 16 October and lost on 16 January, it lasted at least four months and less than seven."""
    chart = ABLATION % ("2026-03-02", AT_FOUR_MONTHS % 60 + ", {percent: 20, at: 2026-01-16}")
    assert value(held(50, months), chart) == expected


def test_lost_on_the_very_day() -> None:
    """A loss found on the day on which six months are over is a loss before they were over."""
    chart = ABLATION % ("2026-03-02", "{percent: 60, at: 2025-12-15}, {percent: 20, at: 2025-12-16}")
    assert value(held(50, 6), chart) == "not_met"


def test_regained_relief_does_not_count() -> None:
    """Relief that was lost and came back was held until it was lost."""
    chart = ABLATION % ("2026-03-02", "{percent: 20, at: 2025-07-16}, {percent: 80, at: 2026-02-16}")
    assert value(held(50, 6), chart) == "not_met"


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2025-12-15", "not_met"),
        ("2025-12-16", "met"),
        ("2026-01-16", "met"),
        ("2025-12", "unknown"),
    ],
)
def test_a_stated_end(ended: str, expected: Status) -> None:
    """A stated end of relief is that day: the duration is then exact."""
    chart = ABLATION % ("2026-03-02", AT_FOUR_MONTHS % 60) + f"    relief_ended: {ended}\n"
    assert value(held(50, 6), chart) == expected


def test_never_reached() -> None:
    """A level that the first score does not reach was never held."""
    chart = ABLATION % ("2026-03-02", "{percent: 45, at: 2025-07-16}")
    assert value(held(50, 1), chart) == "not_met"


def test_no_score_at_all() -> None:
    """Without any score, relief may have lasted from nothing to the whole time since."""
    chart = ABLATION % ("2025-11-16", "")
    assert value(held(50, 3), chart) == "unknown"
    assert value(held(50, 6), chart) == "not_met"


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("'50-60 %'", "met"),
        ("'45-60 %'", "unknown"),
        ("'30-45 %'", "not_met"),
    ],
)
def test_a_range_at_the_level(percent: str, expected: Status) -> None:
    """A range that reaches over the level neither holds nor loses it."""
    chart = ABLATION % ("2026-03-02", f"{{percent: {percent}, at: 2025-12-16}}")
    assert value(held(50, 6), chart) == expected


def test_a_later_score_settles_an_undecided_one_only_downwards() -> None:
    """After an undecided score a good one does not prove that the level was held between; a bad one ends it."""
    good = ABLATION % ("2026-03-02", "{percent: 45-60 %, at: 2025-08-16}, {percent: 70, at: 2026-01-16}")
    bad = ABLATION % ("2026-03-02", "{percent: 45-60 %, at: 2025-08-16}, {percent: 20, at: 2025-09-16}")
    assert value(held(50, 6), good) == "unknown"
    assert value(held(50, 6), bad) == "not_met"


def test_worse_than_before() -> None:
    """Pain that is worse than before is a gain below zero: nothing was held."""
    chart = ABLATION % ("2026-03-02", "{scale: nrs, before: 6, after: 8, at: 2025-07-16}")
    assert value(held(50, 1), chart) == "not_met"


def test_a_partial_day_of_the_procedure() -> None:
    """A procedure "in June" began on any day of June: six months to 16 December are undecided."""
    chart = ABLATION.replace("2025-06-16", "2025-06") % ("2026-03-02", "{percent: 60, at: 2025-12-16}")
    assert value(held(50, 5), chart) == "met"
    assert value(held(50, 6), chart.replace("percent: 60, at: 2025-12-16", "percent: 60, at: 2025-12-31")) == "met"
    ended = chart + "    relief_ended: 2025-12-16\n"
    assert value(held(50, 6), ended) == "unknown"


@pytest.mark.parametrize(
    ("instrument", "before", "after", "expected"),
    [
        ("odi", 60, 30, "met"),
        ("odi", 60, 31, "not_met"),
        ("odi", 30, 60, "not_met"),
        ("pseq", 20, 30, "met"),
        ("pseq", 20, 29, "not_met"),
    ],
)
def test_function_held(instrument: str, before: int, after: int, expected: Status) -> None:
    """Function is measured alike; whether more is better is known for each instrument."""
    chart = f"""
        procedures:
          - id: A-1
            therapy: medial-branch-radiofrequency-ablation
            date: 2025-06-16
            function: [{{instrument: {instrument}, before: {before}, after: {after}, at: 2025-12-16}}]
        """
    says = latest(blocks(), Compare(Held("function", limit(">=", 50)), at_least(6, "months")))
    assert value(says, chart) == expected
