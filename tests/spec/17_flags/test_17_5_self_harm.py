"""Flags: thoughts of self-harm are a task of the same day"""

from __future__ import annotations

from datetime import date

import pytest
from flagged import finding, flag_of, flagged_record, review_of, status_of

from levamen.derive.views import situation
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.flag_stops import flag_duties


def form(item: str, *, id: str = "S-1", on: str = "2026-04-01") -> str:
    return f"  - {{id: {id}, instrument: phq-9, answers: [0, 0, 0, 0, 0, 0, 0, 0, {item}], date: {on}}}\n"


@pytest.mark.parametrize(
    ("item", "status"), [("0", "no"), ("1", "fires"), ("2", "fires"), ("3", "fires"), ("~", "not_asked")]
)
def test_item_nine_above_nought(item: str, status: str) -> None:
    """Item 9 of 1 or more fires, 0 is a no, and an item that was not answered is not asked (dossier 9.11)."""
    assert status_of("self-harm", "scores:\n" + form(item)) == status


def test_total_alone_says_nothing_of_item_nine() -> None:
    """A total without its answers does not tell."""
    assert status_of("self-harm", "scores: [{id: S-1, instrument: phq-9, value: 27, date: 2026-04-01}]") == "not_asked"


def test_latest_answered_item_counts() -> None:
    """A later 0 ends an earlier 1; a later form without the answer does not."""
    before = form("1", on="2026-03-01")
    assert status_of("self-harm", "scores:\n" + before + form("0", id="S-2")) == "no"
    assert status_of("self-harm", "scores:\n" + before + form("~", id="S-2")) == "fires"
    assert status_of("self-harm", "scores:\n" + form("0", on="2026-03-01") + form("2", id="S-2")) == "fires"


@pytest.mark.parametrize(
    "chart",
    [
        "findings:\n" + finding("self-harm-thoughts"),
        "problems: [{id: PR-1, concept: suicidality, status: active, verification: confirmed}]",
        'completeness: [{kind: self-harm, asked: 2026-04-01, answer: "yes"}]',
    ],
)
def test_finding_problem_or_answer(chart: str) -> None:
    """A finding, a problem, or a yes to the question fires as well, whatever item 9 says."""
    assert status_of("self-harm", chart) == "fires"
    assert status_of("self-harm", chart + "\nscores:\n" + form("0")) == "fires"


def test_duty_of_the_same_day_in_the_zone_of_the_chart() -> None:
    """It is owed by somebody to the end of that day where the patient lives: 23:30 in Rome is still that day."""
    chart = "scores: [{id: S-1, instrument: phq-9, answers: [0,0,0,0,0,0,0,0,1], date: 2026-04-01T23:30}]"
    (duty,) = flag_duties(review_of(chart, as_of="2026-04-02T00:30"))
    assert (duty.id, duty.who, duty.due) == ("self-harm", "pain-physician", date(2026, 4, 1))
    (question,) = assess(flagged_record(chart, as_of="2026-04-02"), packaged(), date(2026, 4, 2)).questions
    assert "self-harm" in {row.id for row in question.obligations}


@pytest.mark.parametrize(
    ("day", "about", "closed"),
    [
        ("2026-04-01", "{flag: self-harm}", True),
        ("2026-03-31", "{flag: self-harm}", False),
        ("2026-04-01", "{policy: mcr-scs}", False),
    ],
)
def test_follow_up_closes_the_task_and_not_the_flag(day: str, about: str, closed: bool) -> None:
    """A later evaluation about it ends the task; the flag stops until it is cleared with a reason."""
    chart = "scores:\n" + form("1")
    chart += (
        f"evaluations: [{{id: E-1, kind: psychological, date: {day}, by: clinical-psychologist, about: {about}}}]\n"
    )
    found = flag_of("self-harm", chart)
    assert (found.followed_up == "E-1") is closed
    assert (flag_duties(review_of(chart)) == ()) is closed
    assert found.blocks(date(2026, 4, 10))


def test_follow_up_is_no_evaluation_before_a_therapy() -> None:
    """What was said of a warning sign is no psychological evaluation before an implant."""
    said = "kind: psychological, date: 2026-04-01, conclusion: suitable"
    record = flagged_record(f"evaluations: [{{id: E-1, {said}, about: {{flag: self-harm}}}}]")
    seen = situation(record, record.requests[0], date(2026, 4, 1), date(2026, 4, 1))
    assert seen.views["evaluations"] == ()
