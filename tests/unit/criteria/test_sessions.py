"""How many sessions some facts are: days, declared sessions, and days that are not known exactly."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.criteria.measure import _sessions
from levamen.criteria.select import Member
from levamen.record.facts import Procedure
from levamen.record.timeline import When, month_of

TWELFTH, NINTH, JANUARY = When.on(date(2026, 1, 12)), When.on(date(2026, 2, 9)), month_of(2026, 1)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ([], (0, 0)),
        ([(TWELFTH, None)], (1, 1)),
        ([(TWELFTH, None), (TWELFTH, None)], (1, 1)),
        ([(TWELFTH, None), (NINTH, None)], (2, 2)),
        ([(TWELFTH, None), (JANUARY, None)], (1, 2)),
        ([(NINTH, None), (JANUARY, None)], (2, 2)),
        ([(JANUARY, None), (JANUARY, None)], (1, 2)),
        ([(JANUARY, "S-1"), (JANUARY, "S-1")], (1, 1)),
        ([(JANUARY, "S-1"), (JANUARY, "S-2")], (1, 2)),
        ([(TWELFTH, "S-1"), (JANUARY, "S-1")], (1, 1)),
        ([(TWELFTH, "S-1"), (JANUARY, "S-2")], (1, 2)),
        ([(TWELFTH, None), (JANUARY, "S-1")], (1, 2)),
        ([(None, None)], (1, 1)),
        ([(None, None), (None, None)], (1, 2)),
        ([(TWELFTH, None), (None, None)], (1, 2)),
        ([(None, "S-1"), (TWELFTH, "S-1")], (1, 1)),
    ],
)
def test_sessions(done: list[tuple[When | None, str | None]], expected: tuple[int, int]) -> None:
    rows = [
        Member(Procedure(id=f"P-{n}", start=start, session=session), certain=True)
        for n, (start, session) in enumerate(done)
    ]
    assert _sessions(tuple(rows)) == expected
    assert _sessions(tuple(reversed(rows))) == expected
