"""Findings as last looked for: a later result of the same test replaces an earlier one, doubt is kept."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.derive.views import current_findings
from levamen.record.facts import Finding
from levamen.record.timeline import When, month_of

JANUARY, TWELFTH, NINTH = month_of(2026, 1), When.on(date(2026, 1, 12)), When.on(date(2026, 2, 9))


def finding(id: str, day: When | None, **fields: object) -> Finding:
    return Finding(id=id, concept="facet-loading", date=day, present=True, **fields)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({}, {}, {"F-2": True}),
        ({"method": "exam"}, {"method": "exam"}, {"F-2": True}),
        ({"method": "exam"}, {"method": "mri"}, {"F-1": True, "F-2": True}),
        ({"side": "left"}, {"side": "right"}, {"F-1": True, "F-2": True}),
        ({"side": "left"}, {}, {"F-1": False, "F-2": True}),
        ({}, {"method": "exam"}, {"F-1": False, "F-2": True}),
    ],
)
def test_the_later_of_the_same_test_counts(
    earlier: dict[str, str], later: dict[str, str], expected: dict[str, bool]
) -> None:
    rows = [finding("F-1", TWELFTH, **earlier), finding("F-2", NINTH, **later)]
    assert {seen.fact.id: seen.certain for seen in current_findings(rows)} == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TWELFTH, TWELFTH, {"F-1": True, "F-2": True}),
        (JANUARY, NINTH, {"F-2": True}),
        (JANUARY, TWELFTH, {"F-1": False, "F-2": False}),
        (None, NINTH, {"F-1": False, "F-2": False}),
    ],
)
def test_days_that_are_not_known(one: When | None, other: When | None, expected: dict[str, bool]) -> None:
    rows = [finding("F-1", one), finding("F-2", other)]
    assert {seen.fact.id: seen.certain for seen in current_findings(rows)} == expected
