"""Reviewed, asked and answered"""

from __future__ import annotations

import pytest
from specimen import limit, reason, value

from levamen.criteria.nodes import Answered, Exists, Facts
from levamen.criteria.truth import Reason, Status

PROBLEM_NOW = Exists(Facts("problems", "problem", closed_by="present", max_age=limit("<=", 6, "months")))
PROBLEM_NOW_NO_AGE = Exists(Facts("problems", "problem", closed_by="present"))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{kind: problems, reviewed: 2026-03-02}", "not_met"),
        ("{kind: problems, reviewed: 2025-09-02}", "not_met"),
        ("{kind: problems, reviewed: 2025-09-01}", "unknown"),
        ("{kind: problems, from: 2020-01-01}", "not_met"),
        ("{kind: problems, reviewed: 2026-03-02, scope: source}", "unknown"),
        ("{kind: findings, reviewed: 2026-03-02}", "unknown"),
    ],
)
def test_reviewed_closes_the_present(entry: str, expected: Status) -> None:
    """ "Reviewed on a day" closes questions about the present state until that day plus the value's `max_age`."""
    assert value(PROBLEM_NOW, f"completeness: [{entry}]") == expected


def test_without_max_age_never_stale() -> None:
    """Where the source gives no age, a review never grows stale."""
    assert value(PROBLEM_NOW_NO_AGE, "completeness: [{kind: problems, reviewed: 2019-03-02}]") == "not_met"


def test_review_after_as_of() -> None:
    """A review that had not happened by `as_of` closes nothing."""
    assert value(PROBLEM_NOW, "completeness: [{kind: problems, reviewed: 2026-03-02}]", as_of="2026-03-01") == "unknown"


NO_INFECTION = Answered("infection", "no", max_age=limit("<=", 7, "days"))


@pytest.mark.parametrize(
    ("asked", "answer", "expected", "why"),
    [
        ("2026-03-02", "no", "met", None),
        ("2026-03-02", "yes", "not_met", None),
        ("2026-03-02", "not-applicable", "met", None),
        ("2026-02-23", "no", "met", None),
        ("2026-02-22", "no", "unknown", "stale"),
        ("2026-02-22", "yes", "unknown", "stale"),
    ],
)
def test_an_answer_is_a_fact(asked: str, answer: str, expected: Status, why: Reason | None) -> None:
    """An answer is a fact until it is older than `max_age`; `not-applicable` counts as no."""
    chart = f"completeness: [{{kind: infection, asked: {asked}, answer: '{answer}'}}]"
    assert value(NO_INFECTION, chart) == expected
    assert reason(NO_INFECTION, chart) == why


def test_never_asked() -> None:
    """A question that nobody asked is unknown, whatever else was."""
    assert reason(NO_INFECTION) == "not_recorded"
    assert reason(NO_INFECTION, "completeness: [{kind: fever, asked: 2026-03-02, answer: 'no'}]") == "not_recorded"


def test_latest_answer_counts() -> None:
    """The latest answer counts; two answers of one day that differ are in conflict."""
    chart = """
        completeness:
          - {kind: infection, asked: 2026-02-27, answer: "yes"}
          - {kind: infection, asked: %s, answer: "no"}
        """
    assert value(NO_INFECTION, chart % "2026-03-02") == "met"
    assert value(NO_INFECTION, chart % "2026-02-25") == "not_met"
    assert reason(NO_INFECTION, chart % "2026-02-27") == "conflicting"


def test_answer_without_max_age_never_stale() -> None:
    """Where the source gives no age, an answer never grows stale."""
    assert (
        value(Answered("infection", "no"), "completeness: [{kind: infection, asked: 2019-03-02, answer: 'no'}]")
        == "met"
    )


def test_what_is_on_record_is_not_overruled() -> None:
    """Where a rule only keeps a recorded statement from being overruled, nothing on record needs no review."""
    on_record = Exists(Facts("problems", "statement on record", closed_by="recorded"))
    assert value(on_record, "") == "not_met"
    assert value(on_record, "problems: [{id: PR-1, concept: fibromyalgia, status: active}]") == "met"
