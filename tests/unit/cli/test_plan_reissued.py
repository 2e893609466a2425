"""The line that a plan prints for the record: kept there, the next plan knows what it replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.cli import main

CHART = """\
chart: 1
id: synthetic-baker
recorded: 2026-03-02
as_of: 2026-03-02
zone: America/New_York
person: {birth_date: 1960-01-20, sex: male, weight_kg: 84}
medications:
  - {id: M-1, drug: enoxaparin, dose: 40 mg, times: ["20:00"], start: 2026-02-10}
request:
  - {id: R-1, therapy: epidural-steroid-injection, region: lumbar, start: START, end: END}
"""
FIRST = ("2026-03-17T09:30", "2026-03-17T10:00")
MOVED = ("2026-03-24T15:00", "2026-03-24T15:30")


def planned(capsys: pytest.CaptureFixture[str], folder: Path, times: tuple[str, str], documents: str = "") -> str:
    chart = folder / "chart.yaml"
    chart.write_text(CHART.replace("START", times[0]).replace("END", times[1]) + documents, encoding="utf-8")
    assert main(["plan", str(chart)]) == 0
    return " ".join(capsys.readouterr().out.split())


def printed_line(shown: str) -> str:
    """The entry as printed, with the day on which it was given out."""
    start = shown.index("{kind: periprocedural-plan")
    return shown[start : shown.index("}", start)] + ", date: 2026-03-02}"


def test_the_printed_line_makes_the_moved_appointment_a_second_plan(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first = planned(capsys, tmp_path, FIRST)
    assert "synthetic-baker: Plan 1 " in first
    kept = f"documents:\n  - {printed_line(first).replace('{', '{id: D-1, ', 1)}\n"
    again = planned(capsys, tmp_path, FIRST, kept)
    assert "synthetic-baker: Plan 1 " in again
    moved = planned(capsys, tmp_path, MOVED, kept)
    assert "Plan 2, replaces plan 1" in moved
    assert "Recall patient sheet 1 and give sheet 2." in moved
    assert "number: 2, start: '2026-03-24T15:00:00-04:00'" in moved


def test_without_a_time_there_is_nothing_to_keep(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = CHART.replace(", start: START, end: END", "")
    (tmp_path / "chart.yaml").write_text(chart, encoding="utf-8")
    assert main(["plan", str(tmp_path / "chart.yaml")]) == 0
    assert "Once it is given out" not in capsys.readouterr().out
