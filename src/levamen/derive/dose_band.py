"""The dose band of an anticoagulant: low, medium or high, or every band it can be where the dose is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.criteria.outcome import Missing
from levamen.derive.dosing import times_a_day
from levamen.knowledge.dose_bands import BANDS, BandRow, DoseBands, Reduced
from levamen.record.codes import title
from levamen.record.facts import Medication

# A point before exactly three digits may part thousands ("5.000 IU"), a comma before fewer may be a decimal ("2,5 mg").
_DOSE = re.compile(
    r"\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.(?!\d{3}(?!\d))\d+)?)\s*(mg|g|mcg|ug|µg|μg|IU|units?|U)\s*", re.IGNORECASE
)
_TOO_SMALL = 10
"""Ours, no source: a dose under a tenth of the lowest band (5 mcg for 5 mg) is not believed. It only asks."""
_MILLIGRAMS = {"mg": Fraction(1), "g": Fraction(1000), "mcg": Fraction(1, 1000), "ug": Fraction(1, 1000)}


class DoseBand(Struct, frozen=True, kw_only=True):
    """The bands a dose can be in. More than one: what is `missing` would settle it."""

    bands: frozenset[str]
    missing: tuple[Missing, ...] = ()
    cites: tuple[Cite, ...] = ()


class Body(Struct, frozen=True, kw_only=True):
    """What the redefinition of a low dose looks at; absent is unknown."""

    age: int | None = None
    weight_kg: Decimal | None = None
    creatinine_mg_dl: Fraction | None = None


def dose_band(medication: Medication, table: DoseBands, body: Body) -> DoseBand:
    """The band of a dose. A drug without bands, and a dose that fits no row, counts as high: the longer hold."""
    rows = table.rows.get(medication.drug or "", ())
    if not rows:
        return DoseBand(bands=frozenset({"high"}))
    amount, daily = _dose(medication, rows), times_a_day(medication)
    if amount is None or daily is None:
        name = title(medication.drug or "")
        what = f"doses a day of {name}" if amount is not None else _dose_wanted(medication, name, rows[0].unit)
        asked = Missing(kind="medications", what=what, reason="value_missing", fact=medication.id)
        return DoseBand(bands=frozenset(BANDS), missing=(asked,), cites=tuple(row.cite for row in rows))
    row = next((row for row in rows if _fits(row, amount, daily)), None)
    if row is None:
        return DoseBand(bands=frozenset({"high"}), cites=tuple(row.cite for row in rows))
    reduced = table.reduced.get(medication.drug or "") if row.unless_reduced else None
    return DoseBand(bands=frozenset({row.band}), cites=(row.cite,)) if reduced is None else _reduced(row, reduced, body)


def dose_in_doubt(medication: Medication, table: DoseBands) -> str | None:
    """What to ask of a dose that is written and is none of its drug, as a sentence; None where there is nothing to."""
    rows = table.rows.get(medication.drug or "", ())
    if not rows or medication.dose is None or _dose(medication, rows) is not None:
        return None
    return f"'{medication.dose}' is no dose of {title(medication.drug or '')} in {rows[0].unit}; ask which is meant"


def _dose(medication: Medication, rows: Sequence[BandRow]) -> Fraction | None:
    """One dose in the unit of the drug; None where it is in no such unit, or so small that a unit was mistaken."""
    amount = dose_of(medication, rows[0].unit)
    return None if amount is None or amount * _TOO_SMALL < min(row.at_most for row in rows) else amount


def _dose_wanted(medication: Medication, name: str, unit: str) -> str:
    return f"dose of {name} in {unit}" + (f" ('{medication.dose}' is written)" if medication.dose else "")


def dose_of(medication: Medication, unit: str) -> Fraction | None:
    """One dose in milligrams or international units; None where it is not written in such a unit, or is 0."""
    found = _DOSE.fullmatch(medication.dose or "")
    if found is None or not found[1].strip("0.,"):
        return None
    amount, written = Fraction(found[1].replace(",", "")), found[2].lower().replace("µ", "u").replace("μ", "u")
    if unit == "mg":
        return amount * _MILLIGRAMS[written] if written in _MILLIGRAMS else None
    return amount if written in ("iu", "unit", "units", "u") else None


def _fits(row: BandRow, amount: Fraction, daily: Decimal) -> bool:
    if row.times_a_day is not None and daily > row.times_a_day:
        return False
    return amount <= Fraction(row.at_most) and amount * Fraction(daily) <= Fraction(row.a_day_at_most)


def _reduced(row: BandRow, rule: Reduced, body: Body) -> DoseBand:
    """Low, unless enough of the conditions hold; what is not known may hold."""
    tests = (
        ("age", None if body.age is None else body.age >= rule.age_at_least),
        ("weight", None if body.weight_kg is None else body.weight_kg <= rule.weight_kg_at_most),
        (
            "creatinine",
            None
            if body.creatinine_mg_dl is None
            else body.creatinine_mg_dl >= Fraction(rule.creatinine_mg_dl_at_least),
        ),
    )
    cites = (row.cite, rule.cite)
    sure = sum(1 for _, held in tests if held)
    unknown = [name for name, held in tests if held is None]
    if sure >= rule.of:
        return DoseBand(bands=frozenset({"high"}), cites=cites)
    if sure + len(unknown) < rule.of:
        return DoseBand(bands=frozenset({row.band}), cites=cites)
    missing = tuple(Missing(kind="person", what=name, reason="not_recorded") for name in unknown)
    return DoseBand(bands=frozenset({row.band, "high"}), missing=missing, cites=cites)
