"""Flags: thoughts of self-harm are a task of the same day"""

from __future__ import annotations

from datetime import date

import pytest
from flagged import CLEAR_LISTS, finding, flag_of, flagged_record, review_of, status_of, stopped

from levamen.derive.views import situation
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.flag_stops import flag_duties


def form(item: str, *, id: str = "S-1", on: str = "2026-04-01") -> str:
    return f"  - {{id: {id}, instrument: phq-9, answers: [0, 0, 0, 0, 0, 0, 0, 0, {item}], date: {on}}}\n"


@pytest.mark.parametrize(
    ("item", "status"), [("0", "no"), ("1", "fires"), ("2", "fires"), ("3", "fires"), ("~", "unknown")]
)
def test_item_nine_above_nought(item: str, status: str) -> None:
    """Item 9 of 1 or more fires and 0 is a no (dossier 9.11). Left blank among answers it is unknown: who passes over
    the question has not said no to it.
    """
    assert status_of("self-harm", "scores:\n" + form(item)) == status


def test_blank_item_says_what_to_ask_and_stops() -> None:
    """The blank, the form and its day are named, and an elective procedure stops until somebody has asked."""
    chart = "scores:\n" + form("~")
    found = flag_of("self-harm", chart)
    assert found.doubts == ("item 9 (self-harm) of the PHQ-9 of 2026-04-01 (S-1) was left blank: ask it",)
    assert stopped(CLEAR_LISTS.replace("LIST", "") + chart).safety == "unknown"


EMPTY = {
    "neither total nor answers": "",
    "every answer left blank": ", answers: [~, ~, ~, ~, ~, ~, ~, ~, ~]",
    "an answer that the form does not have": ", answers: [0, 0, 0, 0, 0, 0, 0, 0, 7]",
    "too few answers": ", answers: [0, 0, 0]",
    "too many answers": ", answers: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
}


@pytest.mark.parametrize("content", EMPTY.values(), ids=EMPTY)
def test_form_without_content_stops(content: str) -> None:
    """A form on record was done. Where nothing of it is known, item 9 is not, and unknown stops as for one blank."""
    chart = f"scores: [{{id: S-1, instrument: phq-9, date: 2026-04-01{content}}}]\n"
    found = flag_of("self-harm", chart)
    assert found.status == "unknown"
    assert found.doubts == ("item 9 (self-harm) of the PHQ-9 of 2026-04-01 (S-1) was left blank: ask it",)
    assert stopped(CLEAR_LISTS.replace("LIST", "") + chart).safety == "unknown"
    assert (
        status_of("self-harm", f'{chart}completeness: [{{kind: self-harm, asked: 2026-04-01, answer: "no"}}]') == "no"
    )


def test_one_bad_answer_takes_no_other_away() -> None:
    """Beside an answer that the form does not have there is no total, and item 9 of 2 fires all the same."""
    chart = "scores: [{id: S-1, instrument: phq-9, date: 2026-04-01, answers: [9, 0, 0, 0, 0, 0, 0, 0, 2]}]\n"
    assert status_of("self-harm", chart) == "fires"


def test_without_a_form_nothing_is_open() -> None:
    """Where no PHQ-9 is on record, it was not asked: not asked is no stop of its own."""
    assert status_of("self-harm", "") == "not_asked"
    assert status_of("self-harm", "scores: [{id: S-1, instrument: phq-2, date: 2026-04-01}]") == "not_asked"


@pytest.mark.parametrize(("day", "status"), [("2026-03-19", "unknown"), ("2026-03-20", "no"), ("2026-04-01", "no")])
def test_blank_is_settled_by_asking(day: str, status: str) -> None:
    """Asked and denied on the day of the form or later, or answered on a later form, the blank is closed."""
    chart = "scores:\n" + form("~", on="2026-03-20")
    assert status_of("self-harm", f'{chart}completeness: [{{kind: self-harm, asked: {day}, answer: "no"}}]') == status
    if day != "2026-03-20":
        assert status_of("self-harm", chart + form("0", id="S-2", on=day)) == status


def total(value: str, *, id: str = "S-1", on: str = "2026-04-01", more: str = "") -> str:
    return f"  - {{id: {id}, instrument: phq-9, value: {value}, date: {on}{more}}}\n"


@pytest.mark.parametrize(("value", "status"), [("0", "no"), ("1", "unknown"), ("10", "unknown"), ("27", "unknown")])
def test_total_alone_leaves_item_nine_open(value: str, status: str) -> None:
    """A total above nought without its answers does not tell item 9, and unknown stops. Nought is nought throughout.

    Even 27 does not tell: with two items left out, seven answers of 3 are scaled up to it.
    """
    assert status_of("self-harm", "scores:\n" + total(value)) == status


def test_total_alone_says_what_to_ask_and_stops() -> None:
    """The item, the form and its day are named, and an elective procedure stops until somebody has asked."""
    chart = "scores:\n" + total("10")
    found = flag_of("self-harm", chart)
    assert found.doubts == (
        "item 9 (self-harm) of the PHQ-9 of 2026-04-01 (S-1) is not recorded, only the total: ask it",
    )
    plan = stopped(CLEAR_LISTS.replace("LIST", "") + chart)
    assert plan.safety == "unknown"
    (task,) = [task for task in plan.tasks if task.id == "flag-self-harm"]
    assert (task.kind, task.who) == ("ask", "pain-physician")
    assert task.what.startswith("find out: item 9 (self-harm) of the PHQ-9")


@pytest.mark.parametrize("instrument", ["phq-2", "gad-7"])
def test_form_without_item_nine_leaves_nothing_open(instrument: str) -> None:
    """The PHQ-2 does not ask about self-harm: its total leaves it not asked."""
    chart = f"scores: [{{id: S-1, instrument: {instrument}, value: 5, date: 2026-04-01}}]"
    assert status_of("self-harm", chart) == "not_asked"


@pytest.mark.parametrize(
    ("answers", "value", "status"),
    [
        ("[1, 1, 1, 1, 1, 1, 1, 1, ~]", "9", "unknown"),
        ("[1, 1, 1, 1, 1, 1, 1, 1, ~]", "8", "unknown"),
        ("[0, 0, 0, 0, 0, 0, 0, 0, ~]", "0", "unknown"),
        ("[1, 1, 1, 1, 1, 1, 1, 1, 0]", "8", "no"),
        ("[1, 1, 1, 1, 1, 1, 1, 1, 1]", "9", "fires"),
        ("[~, ~, ~, ~, ~, ~, ~, ~, ~]", "9", "unknown"),
        ("[~, ~, ~, ~, ~, ~, ~, ~, ~]", "0", "no"),
    ],
)
def test_total_beside_answers(answers: str, value: str, status: str) -> None:
    """A total tells nothing of a blank among answers, whether or not they make it up: the blank stays open."""
    assert status_of("self-harm", "scores:\n" + total(value, more=f", answers: {answers}")) == status


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-03-01", "unknown"), ("2026-03-19", "unknown"), ("2026-03-20", "no"), ("2026-04-01", "no")],
)
def test_no_on_the_day_of_the_form_or_later_settles_it(day: str, status: str) -> None:
    """Asked and denied on the day of the form or later, by the question as a finding, or answered on a later form."""
    chart = "scores:\n" + total("10", on="2026-03-20")
    assert status_of("self-harm", f'{chart}completeness: [{{kind: self-harm, asked: {day}, answer: "no"}}]') == status
    denied = "findings:\n" + finding("self-harm-thoughts", on=day, present="false")
    assert status_of("self-harm", chart + denied) == status
    if day != "2026-03-20":
        assert status_of("self-harm", chart + form("0", id="S-2", on=day)) == status


def test_no_settles_the_form_for_good() -> None:
    """How long ago it was asked and denied plays no part: the older form opens nothing anew."""
    chart = "scores:\n" + total("10", on="2025-03-01")
    assert status_of("self-harm", chart + 'completeness: [{kind: self-harm, asked: 2025-03-02, answer: "no"}]') == "no"


def test_total_without_a_day_stays_open() -> None:
    """Of a total without a day nobody knows whether the no came after it."""
    chart = (
        'scores: [{instrument: phq-9, value: 10}]\ncompleteness: [{kind: self-harm, asked: 2026-04-01, answer: "no"}]'
    )
    assert status_of("self-harm", chart) == "unknown"


def test_total_never_quiets_an_answer() -> None:
    """A later total above nought ends no earlier 1, and opens anew what an earlier 0 had settled."""
    later = total("10", id="S-2")
    assert status_of("self-harm", "scores:\n" + form("1", on="2026-03-01") + later) == "fires"
    assert status_of("self-harm", "scores:\n" + form("0", on="2026-03-01") + later) == "unknown"
    assert status_of("self-harm", "scores:\n" + total("10", id="S-2", on="2026-03-01") + form("1")) == "fires"


def test_latest_answered_item_counts() -> None:
    """A later 0 ends an earlier 1; a later form without the answer does not, and it opens anew what a 0 had settled."""
    assert status_of("self-harm", "scores:\n" + form("0", on="2026-03-01") + form("~", id="S-2")) == "unknown"
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
