"""Limits: at, just below, just above"""

from __future__ import annotations

import pytest
from specimen import at_least, blocks, latest, limit, value

from levamen.criteria.nodes import Compare, Elapsed, Facts, Field, Limit, Number, Operator, Truth
from levamen.criteria.truth import Status
from levamen.record.timeline import DurationUnit

BLOCK = "procedures: [{id: P-1, therapy: medial-branch-block, date: %s}]"


def since(*limits: Limit) -> Truth:
    return latest(blocks(), Compare(Elapsed(Field("it", "start")), limits))


@pytest.mark.parametrize(
    ("amount", "unit", "done", "expected"),
    [
        (3, "months", "2025-12-01", "met"),
        (3, "months", "2025-12-02", "met"),
        (3, "months", "2025-12-03", "not_met"),
        (2, "weeks", "2026-02-15", "met"),
        (2, "weeks", "2026-02-16", "met"),
        (2, "weeks", "2026-02-17", "not_met"),
        (28, "days", "2026-02-01", "met"),
        (28, "days", "2026-02-02", "met"),
        (28, "days", "2026-02-03", "not_met"),
        (2, "years", "2024-03-01", "met"),
        (2, "years", "2024-03-02", "met"),
        (2, "years", "2024-03-03", "not_met"),
    ],
)
def test_lengths_of_time(amount: int, unit: DurationUnit, done: str, expected: Status) -> None:
    """ "At least" a length of time, on 2 March 2026: just above, at, just below. The day itself is enough."""
    assert value(since(*at_least(amount, unit)), BLOCK % done) == expected


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (">=", "not_met", "met", "met"),
        (">", "not_met", "not_met", "met"),
        ("<=", "met", "met", "not_met"),
        ("<", "met", "not_met", "not_met"),
        ("==", "not_met", "met", "not_met"),
    ],
)
def test_operators(operator: Operator, below: Status, at: Status, above: Status) -> None:
    """The five comparisons, of a length of time (two weeks) and of a number (50 per cent)."""
    two_weeks = since(limit(operator, 2, "weeks"))
    half = latest(blocks(), Compare(Number(Field("it", "best_relief")), (limit(operator, 50),)))
    relief = BLOCK.replace("%s", "2026-02-12, relief: [{percent: %s}]")
    days = ("2026-02-17", "2026-02-16", "2026-02-15")
    for expected, done, percent in zip((below, at, above), days, ("49.9", "50", "50.1"), strict=True):
        assert value(two_weeks, BLOCK % done) == expected
        assert value(half, relief % percent) == expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("3", "not_met"),
        ("3.9", "not_met"),
        ("4", "met"),
        ("4.1", "met"),
    ],
)
def test_points(score: str, expected: Status) -> None:
    """At least four points on a scale."""
    says = latest(Facts("scores", "score"), Compare(Number(Field("it", "value")), at_least(4)))
    assert value(says, f"scores: [{{id: S-1, instrument: nrs, value: {score}, date: 2026-03-02}}]") == expected


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        ("[L4-5]", "met"),
        ("[L3-4, L4-5]", "met"),
        ("[L2-3, L3-4, L4-5]", "not_met"),
    ],
)
def test_number_of_words(joints: str, expected: Status) -> None:
    """A field that holds several words is counted: at most two joints."""
    says = Compare(Number(Field("subject", "joints")), (limit("<=", 2),))
    chart = f"request: [{{id: R-1, therapy: medial-branch-block, region: lumbar, joints: {joints}}}]"
    assert value(says, chart) == expected


def test_no_joints_named_is_not_none() -> None:
    """A request that names no joints has not asked for none of them: how many is unknown."""
    says = Compare(Number(Field("subject", "joints")), (limit("<=", 2),))
    assert value(says, "request: [{id: R-1, therapy: medial-branch-block, region: lumbar}]") == "unknown"
