"""What else is written down for the service day, or before it: done, or asked for by the same plan."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.derive.views import situation
from levamen.record.facts import Procedure, Record, Request
from levamen.record.timeline import When, month_of

DAY = date(2026, 3, 10)
ASKED = Request(id="R-1", therapy="trigger-point-injection", plan="A", start=When.on(DAY))


def session(*requests: Request, done: tuple[Procedure, ...] = (), asked: Request = ASKED) -> list[tuple[str, bool]]:
    record = Record(id="r", facts=done, requests=(asked, *requests))
    return [(row.fact.id, row.certain) for row in situation(record, asked, DAY, DAY).views["session"]]


def block(id: str, plan: str | None, start: When | None) -> Request:
    return Request(id=id, therapy="medial-branch-block", plan=plan, start=start)


@pytest.mark.parametrize(
    ("plan", "start", "found"),
    [
        ("A", When.on(DAY), [("R-2", True)]),
        ("A", When.on(date(2026, 3, 9)), []),
        ("A", When.on(date(2026, 3, 11)), []),
        ("A", month_of(2026, 3), [("R-2", False)]),
        ("A", month_of(2026, 4), []),
        ("A", None, [("R-2", False)]),
        ("B", When.on(DAY), []),
        (None, When.on(DAY), []),
    ],
)
def test_what_the_plan_asks_for_on_the_day(plan: str | None, start: When | None, found: list[tuple[str, bool]]) -> None:
    assert session(block("R-2", plan, start)) == found


def test_two_requests_without_a_plan_are_no_session() -> None:
    alone = Request(id="R-1", therapy="trigger-point-injection", start=When.on(DAY))
    assert session(block("R-2", None, When.on(DAY)), asked=alone) == []


@pytest.mark.parametrize(
    ("status", "start", "found"),
    [
        ("done", When.on(DAY), [("P-1", True)]),
        ("done", When.on(date(2026, 3, 9)), []),
        ("done", month_of(2026, 3), [("P-1", False)]),
        ("aborted", When.on(DAY), [("P-1", False)]),
        ("planned", When.on(DAY), []),
        ("cancelled", When.on(DAY), []),
    ],
)
def test_what_was_done_on_the_day(status: str, start: When, found: list[tuple[str, bool]]) -> None:
    done = Procedure(id="P-1", therapy="medial-branch-block", status=status, start=start)
    assert session(done=(done,)) == found


@pytest.mark.parametrize(
    ("plan", "start", "found"),
    [
        ("A", When.on(date(2026, 3, 9)), [("R-2", True)]),
        ("A", When.on(DAY), []),
        ("A", When.on(date(2026, 3, 11)), []),
        ("A", month_of(2026, 2), [("R-2", True)]),
        ("A", month_of(2026, 3), [("R-2", False)]),
        ("A", month_of(2026, 4), []),
        ("A", None, [("R-2", False)]),
        ("B", None, []),
        (None, None, []),
    ],
)
def test_what_the_plan_asks_for_before_the_day(
    plan: str | None, start: When | None, found: list[tuple[str, bool]]
) -> None:
    """A part of the plan without a day may come before it: a yearly allowance may then be used up."""
    record = Record(id="r", requests=(ASKED, block("R-2", plan, start)))
    assert [(row.fact.id, row.certain) for row in situation(record, ASKED, DAY, DAY).views["procedures"]] == found


def test_request_without_a_day_is_judged_by_itself() -> None:
    """Where nobody has set a day yet, the parts of the plan are not held to come before one another."""
    asked = Request(id="R-1", therapy="trigger-point-injection", plan="A")
    record = Record(id="r", requests=(asked, block("R-2", "A", None)))
    assert situation(record, asked, DAY, DAY).views["procedures"] == ()
