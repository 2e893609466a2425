"""Visits and their windows"""

from __future__ import annotations

import pytest
from aftermath import ablation, after, rows, visit

from levamen.outcomes.answer import percent


@pytest.mark.parametrize(
    ("id", "due", "first", "last"),
    [
        ("2-weeks", "2025-02-24", "2025-02-21", "2025-02-27"),
        ("1-month", "2025-03-10", "2025-03-03", "2025-03-17"),
        ("3-months", "2025-05-10", "2025-04-26", "2025-05-24"),
        ("6-months", "2025-08-10", "2025-07-11", "2025-09-09"),
        ("12-months", "2026-02-10", "2025-12-27", "2026-03-27"),
    ],
)
def test_the_usual_visits(id: str, due: str, first: str, last: str) -> None:
    """After a procedure on 10 February 2025. The time points and windows are usual and have no source: they are shown
    with that mark, and decide which measurement belongs to which visit.
    """
    found = visit(after(ablation("")), id).visit
    assert (str(found.due), str(found.first), str(found.last)) == (due, first, last)
    assert {cite.mark for cite in found.visit.says.cites} == {"unverified"}


@pytest.mark.parametrize(
    ("day", "id", "due"),
    [
        ("2024-02-29", "12-months", "2025-02-28"),
        ("2024-01-31", "1-month", "2024-02-29"),
        ("2025-08-31", "6-months", "2026-02-28"),
    ],
)
def test_calendar_months(day: str, id: str, due: str) -> None:
    """Months are calendar months, and end with a shorter month; a leap day has its anniversary on 28 February."""
    assert str(visit(after(ablation("", day=day)), id).visit.due) == due


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2025-04-25", "not measured"),
        ("2025-04-26", "75 %"),
        ("2025-05-24", "75 %"),
        ("2025-05-25", "not measured"),
        ("2025-05", "not measured"),
    ],
)
def test_the_edges_of_a_window(at: str, shown: str) -> None:
    """The first and the last day of the window count. A score of a month without a day is of no visit."""
    assert percent(visit(after(ablation(rows((2, at)))), "3-months").pain) == shown


def test_two_scores_in_one_window() -> None:
    """Where two measurements of a window differ, the visit is the span of them: none is chosen."""
    found = visit(after(ablation(rows((2, "2025-05-01"), (6, "2025-05-20")))), "3-months")
    assert percent(found.pain) == "25 to 75 %"
    assert [answer.word for answer in found.levels] == ["unknown", "unknown", "no"]


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2025-12-26", "not due"),
        ("2025-12-27", "open"),
        ("2026-03-27", "open"),
        ("2026-03-28", "past"),
    ],
)
def test_open_from_the_first_day_to_the_last(as_of: str, state: str) -> None:
    """A visit is to come, open, or past, as of what is known."""
    assert visit(after(ablation("", as_of=as_of)), "12-months").visit.state == state


def test_what_is_due() -> None:
    """What is due at visits that are open or to come is an obligation, by the last day of the window. A visit that is
    past without a measurement is shown as not measured: neither success nor failure.
    """
    found = after(ablation("", as_of="2025-08-20"))
    assert [(duty.id, str(duty.due)) for duty in found.obligations] == [
        ("follow-up-6-months", "2025-09-09"),
        ("follow-up-12-months", "2026-03-27"),
    ]
    assert [answer.word for answer in visit(found, "3-months").levels] == ["unknown"] * 3


def test_no_visit_after_the_watch_has_ended() -> None:
    """After a repeat the visits of the first procedure are over."""
    more = (
        "  - {id: P-2, therapy: medial-branch-radiofrequency-ablation, date: 2025-06-16, region: lumbar, side: left, "
        "joints: [L4-5]}\n"
    )
    found = after(ablation("", more=more, as_of="2025-07-01"))
    assert visit(found, "6-months").visit.state == "ended"
    assert found.obligations == ()


def test_the_day_of_the_procedure_must_be_known() -> None:
    """Of a procedure whose day is not known no visit can be dated, and that is said."""
    found = after(ablation("", day="2025-02"))
    assert found.visits == ()
    assert found.notes == ("the day of the procedure is not recorded: no visit can be dated",)
