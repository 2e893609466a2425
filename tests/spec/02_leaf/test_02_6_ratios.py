"""Ratios are exact"""

from __future__ import annotations

import pytest
from specimen import at_least, blocks, latest, value

from levamen.adapters.chart import read_chart
from levamen.criteria.nodes import Compare, Field, Number
from levamen.criteria.truth import Status


@pytest.mark.parametrize(
    ("scale", "before", "after", "level", "expected"),
    [
        ("nrs", "7.0", "1.4", 80, "met"),
        ("nrs", "7", "1.5", 80, "not_met"),
        ("vas-mm", "54", "11", 80, "not_met"),
        ("vas-mm", "55", "11", 80, "met"),
        ("nrs", "10", "2", 80, "met"),
        ("nrs", "9", "2", 80, "not_met"),
        ("nrs", "6", "3", 50, "met"),
        ("nrs", "0.3", "0.15", 50, "met"),
        ("nrs", "7", "3.51", 50, "not_met"),
        ("vas-mm", "49", "10", 80, "not_met"),
        ("vas-mm", "93", "19", 80, "not_met"),
    ],
)
def test_ratios_are_never_rounded(scale: str, before: str, after: str, level: int, expected: Status) -> None:
    """Relief is compared as a fraction: 7.0 to 1.4 is 80 per cent; 54 to 11 mm is 79.6 and not 80."""
    chart = f"""
        procedures:
          - id: P-1
            therapy: medial-branch-block
            date: 2026-02-12
            relief: [{{scale: {scale}, before: {before}, after: {after}, at: 2026-02-12}}]
        """
    assert value(latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(level))), chart) == expected


def test_no_ratio_of_nothing() -> None:
    """Of a pain of 0 before, no relief can be computed: it is missing."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-02-12, relief: [{scale: nrs, before: 0, after: 0}]}
        """
    assert value(latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(50))), chart) == "unknown"


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("80 %", "met"),
        ("70-80 %", "unknown"),
        ("80-90 %", "met"),
        ("60-79 %", "not_met"),
        ("79.6", "not_met"),
    ],
)
def test_a_typed_range(percent: str, expected: Status) -> None:
    """A typed range ("70-80 %") is an interval: at least 80 per cent is then undecided."""
    chart = f"""
        procedures:
          - {{id: P-1, therapy: medial-branch-block, date: 2026-02-12, relief: [{{percent: '{percent}'}}]}}
        """
    assert value(latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80))), chart) == expected


def test_a_typed_range_is_flagged() -> None:
    """A typed range is flagged when it is read."""
    chart = "chart: 1\nprocedures: [{id: P-1, therapy: medial-branch-block, relief: [{percent: 70-80 %}]}]"
    assert "range" in read_chart(chart, "specimen").balance.issues[0].what


def test_percentage_and_scores_that_disagree() -> None:
    """A stated percentage that disagrees with the scores beside it is not chosen between: a limit between them is
    open.
    """
    chart = """
        procedures:
          - id: P-1
            therapy: medial-branch-block
            date: 2026-02-12
            relief: [{scale: nrs, before: 8, after: 2, percent: 85}]
        """
    relief = Number(Field("it", "best_relief"))
    assert value(latest(blocks(), Compare(relief, at_least(80))), chart) == "unknown"
    assert value(latest(blocks(), Compare(relief, at_least(75))), chart) == "met"
    assert value(latest(blocks(), Compare(relief, at_least(90))), chart) == "not_met"
