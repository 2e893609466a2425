"""Blood pressure of the day (dossier 4d)."""

from __future__ import annotations

import pytest
from guard_chart import DAY, days_before, guard, reading, seen, status


def pressure(systolic: str | None, diastolic: str | None, at: object = DAY) -> str:
    lines = reading("blood-pressure-systolic", systolic, at=str(at), id="L-1") if systolic else ""
    lines += reading("blood-pressure-diastolic", diastolic, at=str(at), id="L-2") if diastolic else ""
    return "labs:\n" + lines if lines else ""


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        ("179", "109", "not_met"),
        ("180", "109", "met"),
        ("179", "110", "met"),
        ("181", None, "met"),
        (None, "111", "met"),
        ("179", None, "unknown"),
        (None, "109", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_too_high(systolic: str | None, diastolic: str | None, expected: str) -> None:
    assert status("blood-pressure-high", seen(pressure(systolic, diastolic))) == expected


@pytest.mark.parametrize(
    ("systolic", "expected"), [("89", "met"), ("90", "not_met"), ("91", "not_met"), (None, "unknown")]
)
def test_too_low(systolic: str | None, expected: str) -> None:
    assert status("blood-pressure-low", seen(pressure(systolic, "60"))) == expected


def test_a_pressure_of_another_day_says_nothing() -> None:
    assert status("blood-pressure-high", seen(pressure("190", "120", days_before(1)))) == "unknown"
    assert status("blood-pressure-high", seen(pressure("120", "70", days_before(1)))) == "unknown"
    ahead = seen(pressure("190", "120", days_before(14)), as_of=days_before(14))
    assert status("blood-pressure-high", ahead) == "unknown"
    assert guard("blood-pressure-high").due == guard("blood-pressure-low").due == "day"
