"""What was tried"""

from __future__ import annotations

import pytest
from intake_sheet import sheet_of, tried_of


def test_row_tells_when_how_much_with_what_result_and_why_it_ended() -> None:
    """One row for each course. A month stays a month."""
    chart = """
    care:
      - {id: C-1, therapy: physical-therapy, start: 2025-10, end: 2025-12-12, sessions: 10, response: inadequate,
         helped: sometimes, stopped_because: access}
    """
    (row,) = sheet_of(chart).tried.rows
    assert (row.label, str(row.start), str(row.end), row.sessions) == ("Physical therapy", "2025-10", "2025-12-12", 10)
    assert (row.response, row.helped, row.stopped_because) == ("inadequate", "sometimes", "access")


def test_procedure_tells_its_best_and_its_last_relief() -> None:
    """Of an injection the relief is told as known: the best, the last measured, and how long it lasted."""
    chart = """
    procedures:
      - id: P-1
        therapy: joint-injection
        joint: knee
        side: left
        status: done
        date: 2025-11-03
        relief: [{scale: nrs, before: 8, after: 2, at: 2025-11-17}, {scale: nrs, before: 8, after: 6, at: 2026-01-12}]
        relief_ended: 2026-01-20
    """
    (row,) = sheet_of(chart).tried.rows
    assert (str(row.best), str(row.last), str(row.lasted)) == ("75", "25", "78 days")


def test_broken_off_procedure_may_not_have_been_given() -> None:
    """It stands in the table, and it is not counted as tried."""
    chart = "procedures: [{id: P-1, therapy: joint-injection, joint: knee, status: aborted, date: 2026-01-05}]"
    (row,) = sheet_of(chart).tried.rows
    assert (row.aborted, row.certain) == (True, False)
    assert tried_of("joint-injection", chart) == "perhaps"


def test_what_the_record_does_not_name_is_not_known_to_be_untried() -> None:
    """No massage on record: unknown. That somebody went through the present list does not change it."""
    assert tried_of("massage") == "unknown"
    assert tried_of("massage", "completeness: [{kind: care, reviewed: 2026-03-02}]") == "unknown"


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("2025-09-02", "2026-03-02", "not-tried"),
        ("2025-09-03", "2026-03-02", "unknown"),
        ("2025-09-02", "2026-03-01", "unknown"),
    ],
)
def test_only_a_record_declared_complete_says_not_tried(start: str, end: str, state: str) -> None:
    """The form asks for the past 6 months: on 2 March, since 2 September. The declaration must cover every day of
    them."""
    assert tried_of("massage", f"completeness: [{{kind: care, from: {start}, to: {end}}}]") == state


@pytest.mark.parametrize(
    ("course", "state"),
    [
        ("start: 2025-01, end: 2025-09-01", "unknown"),
        ("start: 2025-01, end: 2025-09-02", "tried"),
        ("start: 2025-01, end: 2025-09", "perhaps"),
        ("start: 2025-01", "tried"),
        ("start: 2025-01, stopped_because: cost", "perhaps"),
    ],
)
def test_course_counts_if_it_reaches_into_the_six_months(course: str, state: str) -> None:
    """No end means that it was still going on. One that was stopped on a day nobody recorded may or may not reach."""
    assert tried_of("massage", f"care: [{{therapy: massage, {course}}}]") == state


def test_medicine_nobody_can_name_may_be_any() -> None:
    """Care and medicines are declared complete, and one medicine is only "a white pill": no drug class is untried."""
    chart = """
    completeness:
      - {kind: care, from: 2025-01-01, to: 2026-03-02}
      - {kind: medications, from: 2025-01-01, to: 2026-03-02}
    """
    assert tried_of("opioid", chart) == "not-tried"
    assert tried_of("opioid", chart + "medications: [{written: a white pill}]\n") == "unknown"
