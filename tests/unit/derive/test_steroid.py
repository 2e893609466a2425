"""Milligrams of what was injected, from what was written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from ledger_samples import agent

from levamen.derive.amounts import amount_in_milligrams, milligrams
from levamen.record.timeline import Interval


@pytest.mark.parametrize(
    ("drug", "fields", "expected"),
    [
        ("triamcinolone", {"dose": "40 mg"}, (40, 40)),
        ("triamcinolone", {"dose": "0.04 g"}, (40, 40)),
        ("triamcinolone", {"dose": "500 mcg"}, (Fraction(1, 2), Fraction(1, 2))),
        ("triamcinolone", {"dose": "500 µg"}, (Fraction(1, 2), Fraction(1, 2))),
        ("triamcinolone", {"dose": "40-80 mg"}, (40, 80)),
        ("triamcinolone", {"concentration": "40 mg/mL", "volume": "0.5 mL"}, (20, 20)),
        ("triamcinolone", {"concentration": "40 mg/mL", "volume": "1 cc"}, (40, 40)),
        ("triamcinolone", {"dose": "40 mg", "concentration": "40 mg/mL", "volume": "2 mL"}, (40, 80)),
        ("triamcinolone", {"concentration": "0.5 %", "volume": "1 mL"}, None),
        ("triamcinolone", {"volume": "1 mL"}, None),
        ("triamcinolone", {"dose": "1 vial"}, None),
        ("triamcinolone", {"dose": "1 mL"}, None),
        ("triamcinolone", {}, None),
        ("lidocaine", {"concentration": "1 %", "volume": "5 mL"}, (50, 50)),
        ("lidocaine", {"concentration": "10 mg/mL", "volume": "5 mL"}, (50, 50)),
        ("bupivacaine", {"concentration": "0.25 %", "volume": "7 mL"}, (Fraction(35, 2), Fraction(35, 2))),
        ("bupivacaine", {"concentration": "0.5 %"}, None),
    ],
)
def test_milligrams(drug: str, fields: dict[str, str], expected: tuple[int, int] | None) -> None:
    found = milligrams(agent(drug, **fields))
    assert found == (Interval(Fraction(expected[0]), Fraction(expected[1])) if expected is not None else None)


def test_an_amount_needs_its_unit() -> None:
    assert amount_in_milligrams("20 mg") == Interval.exactly(20)
    assert amount_in_milligrams("20") is None
    assert amount_in_milligrams(None) is None
