"""Steroid totals: every injection, drug by drug, and no silent zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from levamen.derive.relief import treatment
from levamen.derive.steroid import milligrams, totals
from levamen.record.codes import classes_of
from levamen.record.facts import Agent, Procedure
from levamen.record.timeline import Duration, When

YEAR = Duration(Decimal(12), "months")


def agent(drug: str, **fields: str) -> Agent:
    return Agent(drug=drug, classes=classes_of(drug), **fields)


def injection(id: str, day: date, *agents: Agent) -> Procedure:
    return Procedure(id=id, therapy="joint-injection", start=When.on(day), agents=agents)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"dose": "40 mg"}, Fraction(40)),
        ({"dose": "0.04 g"}, Fraction(40)),
        ({"dose": "500 mcg"}, Fraction(1, 2)),
        ({"concentration": "40 mg/mL", "volume": "0.5 mL"}, Fraction(20)),
        ({"concentration": "0.5 %", "volume": "1 mL"}, None),
        ({"volume": "1 mL"}, None),
        ({}, None),
    ],
)
def test_milligrams(fields: dict[str, str], expected: Fraction | None) -> None:
    assert milligrams(agent("triamcinolone", **fields)) == expected


def test_totals_by_drug_with_what_is_missing() -> None:
    done = [
        injection("P-1", date(2025, 6, 1), agent("triamcinolone", dose="40 mg"), agent("lidocaine", dose="20 mg")),
        injection("P-2", date(2025, 9, 1), agent("triamcinolone")),
        injection("P-3", date(2026, 1, 5), agent("dexamethasone", dose="10 mg")),
        injection("P-4", date(2025, 5, 31), agent("triamcinolone", dose="80 mg")),
    ]
    found = totals([treatment(one, date(2026, 6, 1)) for one in done], date(2026, 6, 1), YEAR)
    assert [(row.drug, row.milligrams, row.injections, row.without_dose) for row in found] == [
        ("dexamethasone", Fraction(10), ("P-3",), ()),
        ("triamcinolone", Fraction(40), ("P-1",), ("P-2",)),
    ]
