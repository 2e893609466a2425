"""What was tried: one row a course, its window, and that nothing unsaid becomes "not tried"."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.latest import latest, surely_before
from levamen.derive.periods import moment_of
from levamen.derive.tried import Tried, TriedTable, tried, tried_within
from levamen.record.facts import Score
from levamen.record.timeline import Duration, Interval, When, month_of, year_of

SIX_MONTHS = Duration(Decimal(6), "months")
ON = date(2026, 3, 20)
"""Six months back is 20 September 2025."""


def table(text: str, as_of: date | datetime = ON) -> TriedTable:
    reading = read_chart(f"chart: 1\nid: x\nas_of: 2026-03-20\n{text}", "x")
    assert not reading.balance.rejected, reading.balance.issues
    return tried(reading.record, moment_of(reading.record, as_of, ON))


def state(text: str, therapy: str) -> str:
    return tried_within(table(text), frozenset({therapy}), SIX_MONTHS).state


def row(text: str) -> Tried:
    (only,) = table(text).rows
    return only


def test_a_course_of_care_is_told_as_recorded() -> None:
    found = row(
        "care: [{id: C-1, therapy: massage, region: lumbar, start: 2025, end: 2025-11, sessions: 6,"
        " response: inadequate, helped: sometimes, stopped_because: cost, author: Nurse}]"
    )
    assert (found.id, found.kind, found.label, found.region) == ("C-1", "care", "Massage", "lumbar")
    assert (found.start, found.end, found.sessions) == (year_of(2025), month_of(2025, 11), 6)
    assert (found.response, found.helped, found.stopped_because, found.author) == (
        "inadequate", "sometimes", "cost", "Nurse",
    )  # fmt: skip
    assert (found.going_on, found.closed) == (False, None)


def test_a_medicine_for_pain_has_its_dose_and_another_medicine_no_row() -> None:
    found = row(
        "medications: [{id: M-1, drug: gabapentin, dose: 300 mg, every: 8 h, start: 2026-01-05, response: adequate},"
        " {id: M-2, drug: metformin, dose: 500 mg, every: 12 h}]"
    )
    assert (found.kind, found.therapy, found.dose, found.response) == (
        "medicine",
        "gabapentin",
        "300 mg, every 8 h",
        "adequate",
    )
    assert "gabapentinoid" in found.classes
    assert found.going_on is True


def test_a_medicine_that_nobody_could_name_keeps_its_words() -> None:
    found = row("medications: [{id: M-1, written: the small white pill}]")
    assert (found.therapy, found.label, found.kind) == (None, "the small white pill", "medicine")


def test_one_row_for_each_course_of_the_same_therapy_in_the_order_of_their_days() -> None:
    rows = table(
        "care: [{id: C-2, therapy: massage, start: 2025-06}, {id: C-3, therapy: massage},"
        " {id: C-1, therapy: massage, start: 2024}]"
    ).rows
    assert [found.id for found in rows] == ["C-1", "C-2", "C-3"]


def test_a_procedure_has_its_best_and_last_relief_and_how_long_it_lasted() -> None:
    found = row(
        "procedures: [{id: P-1, therapy: joint-injection, joint: knee, side: left, date: 2025-10-01,"
        " status: done, relief: [{scale: nrs, before: 8, after: 2, at: 2025-10-15},"
        " {scale: nrs, before: 8, after: 6, at: 2026-01-07}],"
        " relief_ended: 2026-01-10}]"
    )
    assert (found.best, found.last) == (Interval.exactly(75), Interval.exactly(25))
    assert found.last_measured == When.on(date(2026, 1, 7))
    assert str(found.lasted) == "101 days"
    assert (found.certain, found.aborted) == (True, False)


def test_relief_that_was_recorded_later_is_not_seen_earlier() -> None:
    text = (
        "procedures: [{id: P-1, therapy: joint-injection, joint: knee, side: left, date: 2025-10-01, status: done,"
        " relief: [{percent: 50, at: 2025-10-15}, {percent: 90, at: 2026-02-01}], relief_ended: 2026-02-20}]"
    )
    then = table(text, date(2025, 12, 1)).rows[0]
    assert (then.best, then.relief_ended, then.lasted) == (Interval.exactly(50), None, None)
    assert table(text).rows[0].best == Interval(Fraction(90), Fraction(90))


@pytest.mark.parametrize("status", ["planned", "cancelled", "entered-in-error"])
def test_what_was_not_done_is_no_row(status: str) -> None:
    assert not table(
        f"procedures: [{{therapy: joint-injection, joint: knee, date: 2025-10-01, status: {status}}}]"
    ).rows


def test_what_was_broken_off_is_a_row_that_may_not_have_been_given() -> None:
    text = "procedures: [{therapy: joint-injection, joint: knee, date: 2025-10-01, status: aborted}]"
    assert (row(text).certain, row(text).aborted) == (False, True)
    assert state(text, "joint-injection") == "perhaps"


def test_a_course_that_begins_later_is_a_plan() -> None:
    text = "care: [{therapy: massage, start: 2026-03-21, recorded: 2026-03-01}]"
    assert not table(text).rows
    assert table("care: [{therapy: massage, start: 2026-03-20}]").rows


# ---- the window of six months, which begins on 20 September 2025


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ("start: 2025-01-01, end: 2025-09-19", "unknown"),
        ("start: 2025-01-01, end: 2025-09-20", "tried"),
        ("start: 2025-01-01, end: 2025-09-21", "tried"),
        ("start: 2025-01-01, end: 2025-09", "perhaps"),
        ("start: 2025-01-01, end: 2025-08", "unknown"),
        ("start: 2025-01-01, end: 2025", "perhaps"),
        ("start: 2025-10", "tried"),
        ("start: 2025-10, stopped_because: cost", "tried"),
        ("start: 2025, stopped_because: cost", "perhaps"),
        ("response: none", "tried"),
        ("stopped_because: cost", "perhaps"),
    ],
)
def test_whether_a_course_reaches_into_the_window(course: str, expected: str) -> None:
    assert state(f"care: [{{therapy: massage, {course}}}]", "massage") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-09-19", "unknown"), ("2025-09-20", "tried"), ("2025-09", "perhaps"), ("2025-10", "tried")],
)
def test_whether_a_procedure_lies_in_the_window(day: str, expected: str) -> None:
    text = f"procedures: [{{therapy: joint-injection, joint: knee, date: {day}, status: done}}]"
    assert state(text, "joint-injection") == expected


def test_a_procedure_without_a_day_may_lie_in_it() -> None:
    assert state("procedures: [{therapy: joint-injection, joint: knee, status: done}]", "joint-injection") == "perhaps"


def test_the_window_of_a_leap_day_and_of_a_long_month() -> None:
    record = read_chart(
        "chart: 1\nas_of: 2028-08-31\ncare: [{therapy: massage, start: 2028-01-01, end: 2028-02-28}]", "x"
    ).record
    found = tried_within(
        tried(record, moment_of(record, date(2028, 8, 31), date(2028, 8, 31))), frozenset({"massage"}), SIX_MONTHS
    )
    assert found.since == date(2028, 2, 29)
    assert found.state == "unknown"


def test_a_drug_answers_for_its_class() -> None:
    assert state("medications: [{drug: ibuprofen, start: 2026-01-01}]", "nsaid") == "tried"
    assert state("care: [{therapy: nsaid, start: 2026-01-01}]", "nsaid") == "tried"
    assert state("medications: [{drug: ibuprofen, start: 2026-01-01}]", "opioid") == "unknown"


# ---- never "not tried" unless the record is declared to hold everything

WHOLE = "completeness: [{kind: care, from: 2025-09-20, to: 2026-03-20}]"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("", "unknown"),
        ("completeness: [{kind: care, from: 2025-09-20, to: 2026-03-20}]", "not-tried"),
        ("completeness: [{kind: care, from: 2025-09-21, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, from: 2025-09-20, to: 2026-03-19}]", "unknown"),
        ("completeness: [{kind: care, from: 2025-09, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, from: 2025-08, to: 2026-03-20}]", "not-tried"),
        ("completeness: [{kind: care, therapy: massage, from: 2025-01-01, to: 2026-03-20}]", "not-tried"),
        ("completeness: [{kind: care, therapy: acupuncture, from: 2025-01-01, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, region: lumbar, from: 2025-01-01, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, scope: source, from: 2025-01-01, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, reviewed: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: procedures, from: 2025-01-01, to: 2026-03-20}]", "unknown"),
        ("completeness: [{kind: care, from: 2025-01-01, to: 2026-03-20, recorded: 2026-03-21}]", "unknown"),
    ],
)
def test_only_a_declaration_that_covers_the_window_says_not_tried(declared: str, expected: str) -> None:
    assert state(declared, "massage") == expected


def test_a_medicine_is_not_tried_only_where_the_medicines_and_the_care_are_both_declared() -> None:
    care, medicines = (f"{{kind: {kind}, from: 2025-01-01, to: 2026-03-20}}" for kind in ("care", "medications"))
    assert state(f"completeness: [{care}]", "opioid") == "unknown"
    assert state(f"completeness: [{medicines}]", "opioid") == "unknown"
    both = f"completeness: [{care}, {medicines}]"
    assert state(both, "opioid") == "not-tried"
    assert state(f"{both}\nmedications: [{{written: a patch}}]", "opioid") == "unknown"


def test_of_several_therapies_each_must_be_declared() -> None:
    found = table("completeness: [{kind: care, therapy: massage, from: 2025-01-01, to: 2026-03-20}]")
    assert tried_within(found, frozenset({"massage", "acupuncture"}), SIX_MONTHS).state == "unknown"


def test_a_row_says_since_when_the_record_has_all_of_its_kind() -> None:
    text = "care: [{therapy: massage, start: 2026-01-01}]\n"
    assert row(text + WHOLE).closed == date(2025, 9, 20)
    assert row(text + "completeness: [{kind: care, from: 2025-09, to: 2026-03-20}]").closed == date(2025, 9, 30)
    assert row(text + "completeness: [{kind: procedures, from: 2025-09-20, to: 2026-03-20}]").closed is None


# ---- the latest of several


def score(id: str, day: When | None) -> Score:
    return Score(id=id, date=day)


def test_the_latest_is_what_does_not_surely_lie_before_another() -> None:
    first, month, last = (
        score("a", When.on(date(2026, 1, 5))),
        score("b", month_of(2026, 1)),
        score("c", When.on(date(2026, 2, 1))),
    )
    undated = score("d", None)
    assert latest([first, last]) == (last,)
    assert latest([first, month]) == (first, month)
    assert latest([first, month, last]) == (last,)
    assert latest([last, undated]) == (last, undated)
    assert latest([]) == ()


def test_instants_of_one_day_are_ordered_by_the_clock() -> None:
    def at(hour: int) -> When:
        moment = datetime.fromisoformat(f"2026-03-02T{hour:02}:00:00+00:00")
        return When(moment.date(), moment.date(), moment)

    assert surely_before(at(8), at(9))
    assert not surely_before(at(9), at(8))
    assert not surely_before(at(8), When.on(date(2026, 3, 2)))
    assert not surely_before(None, at(8))
