"""The page on opioid tables says what the tables say, and its examples are what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from levamen.derive.mme import mme
from levamen.derive.periods import moment_of, shown
from levamen.knowledge.opioids import TABLES, Factor, packaged_opioids
from levamen.record.codes import classes_of
from levamen.record.facts import Medication, Record

PAGE = (Path(__file__).parents[2] / "docs" / "opioid-tables.md").read_text(encoding="utf-8")
ON = date(2026, 3, 2)


def rows(heading: str) -> Iterator[list[str]]:
    part = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def cell(row: Factor | None) -> str:
    if row is None:
        return "not in the sheet"
    if row.flat is not None:
        return f"{row.flat:f}"
    return "; ".join(
        f"{band.low}-{band.high}: {band.factor}" if band.high else f"{band.low}+: {band.factor}" for band in row.bands
    )


def test_the_factors_of_the_page_are_those_of_the_tables() -> None:
    tables = [packaged_opioids().tables[id].factors for id in TABLES]
    expected = {
        "fentanyl patch" if drug == "fentanyl" else drug: [cell(table.get(drug)) for table in tables]
        for drug in tables[0]
    }
    assert {drug: cells for drug, *cells in rows("The factors")} == expected


@pytest.mark.parametrize(("order", "new", "old"), list(rows("Examples")))
def test_the_examples_are_what_comes_out(order: str, new: str, old: str) -> None:
    drug, amount, unit, *route, _, number, hours = order.split()
    given = route[0] if route else ("transdermal" if unit == "mcg/h" else "oral")
    one = Medication(
        id="M", drug=drug, classes=classes_of(drug), dose=f"{amount} {unit}", every=f"{number} {hours}", route=given
    )
    for id, expected in zip(TABLES, (new, old), strict=True):
        record = Record(id="synthetic", facts=(one,))
        found = mme(record, moment_of(record, ON, ON), packaged_opioids().tables[id], packaged_opioids())
        flagged = ", flagged" if found.lines[0].flags else ""
        assert (shown(found.value) if found.value is not None else "not counted") + flagged == expected


def test_the_stray_factor_is_a_change_of_units_done_backwards() -> None:
    """2.4 per mcg/h is 2.4 x 1000 / 24 per mg a day; the other way round it is 2.4 x 24 / 1000."""
    patch = packaged_opioids().tables["cdc-2022"].factors["fentanyl"].flat
    assert patch is not None
    assert patch * 1000 / 24 == 100
    assert patch * 24 / 1000 == Decimal("0.0576")
    every = [row for id in TABLES for row in packaged_opioids().tables[id].factors.values()]
    assert all(band.factor != Decimal("0.0576") for row in every for band in row.bands)
    assert all(row.route == "transdermal" for row in every if row.drug == "fentanyl")


def test_hydromorphone_is_a_quarter_higher() -> None:
    old, new = (packaged_opioids().tables[id].factors["hydromorphone"].flat for id in ("cdc-2016", "cdc-2022"))
    assert old is not None
    assert new == old * Decimal("1.25")


def test_the_page_says_what_it_is_not_for() -> None:
    assert "not for\nconverting between opioids" in PAGE
    assert all(source in PAGE for source in ("S91", "S92", "S93", "S95", "S96"))
