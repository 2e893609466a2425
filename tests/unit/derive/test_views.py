"""Views: what a question may look at, with doubt kept."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.views import situation
from levamen.record.facts import Course, Pain, Record, Request
from levamen.record.timeline import When, month_of

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("since", "end", "expected"),
    [
        (When.on(date(2025, 7, 1)), When.on(date(2024, 7, 1)), [True]),
        (When.on(date(2025, 7, 1)), When.on(date(2024, 6, 30)), []),
        (When.on(date(2025, 7, 1)), None, [True]),
        (When.on(date(2025, 7, 1)), month_of(2024, 6), []),
        (When.on(date(2025, 6, 15)), month_of(2024, 6), [False]),
        (month_of(2025, 7), When.on(date(2024, 7, 10)), [False]),
        (month_of(2025, 7), When.on(date(2024, 7, 31)), [True]),
        (None, When.on(date(2025, 3, 2)), [True]),
        (None, When.on(date(2025, 3, 1)), [False]),
        (None, When.on(date(2019, 3, 1)), [False]),
    ],
)
def test_care_of_an_earlier_pain(since: When | None, end: When | None, expected: list[bool]) -> None:
    """Care that ended more than a year before this pain is left out; where a day is not known it is doubtful."""
    facts = (
        Pain(id="PN-1", region="lumbar", since=since),
        Course(id="C-1", therapy="exercise", start=When.on(date(2019, 1, 7)), end=end),
    )
    request = Request(id="R-1", therapy="medial-branch-block", region="lumbar")
    found = situation(Record(id="r", facts=facts, requests=(request,)), request, TODAY, TODAY)
    assert [seen.certain for seen in found.views["conservative-care"]] == expected


@pytest.mark.parametrize(
    ("first", "second", "present"),
    [
        ("2026-01-10", "2026-02-10", [False]),
        ("2026-02-10", "2026-01-10", [True]),
        ("2026-02-10", "2026-02-10", [True, False]),
    ],
)
def test_a_later_examination_replaces_an_earlier_one(first: str, second: str, present: list[bool]) -> None:
    """A test positive in January and negative in February is negative; of one day, both stand."""
    chart = (
        "chart: 1\nid: x\nrecorded: 2026-03-01\nas_of: 2026-03-01\nperson: {birth_date: 1970-01-01}\nfindings:\n"
        f"  - {{id: F-1, concept: faber, method: exam, date: {first}, region: sacral, side: left, present: true}}\n"
        f"  - {{id: F-2, concept: faber, method: exam, date: {second}, region: sacral, side: left, present: false}}\n"
        "request:\n  - {id: R-1, therapy: sacroiliac-joint-injection, purpose: diagnostic, side: left}\n"
    )
    record = read_chart(chart, "chart").record
    found = situation(record, record.requests[0], date(2026, 3, 1), date(2026, 3, 1)).views["findings"]
    assert [row.fact.present for row in found] == present
