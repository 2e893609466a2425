"""Dose bands of anticoagulants: which dose a guideline means by low, medium or high (`drugs/dose_bands.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, read_checked, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged

BANDS = ("low", "medium", "high")
_ROW = {"band", "unit", "at_most", "a_day_at_most", "times_a_day", "unless", "source", "locator", "mark"}
_REDUCED = {"of", "age_at_least", "weight_kg_at_most", "creatinine_mg_dl_at_least", "source", "locator", "mark"}


class BandRow(Struct, frozen=True, kw_only=True):
    """A dose counts as `band` if one dose and a day's doses are at most so much, in `unit` (mg or IU)."""

    band: str
    unit: str
    at_most: Decimal
    a_day_at_most: Decimal
    times_a_day: Decimal | None
    unless_reduced: bool
    cite: Cite


class Reduced(Struct, frozen=True, kw_only=True):
    """A low dose counts as high where at least `of` of these hold."""

    of: int
    age_at_least: Decimal
    weight_kg_at_most: Decimal
    creatinine_mg_dl_at_least: Decimal
    cite: Cite


class DoseBands(Struct, frozen=True):
    """Rows by drug, and the rule that turns a low dose into a high one."""

    rows: Mapping[str, tuple[BandRow, ...]]
    reduced: Mapping[str, Reduced]


def load_dose_bands(path: Path, sources: Mapping[str, Source]) -> DoseBands:
    """The bands of a file. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "drugs", "reduced-for-exposure"})
    read_checked(top)
    drugs = top.child("drugs")
    if drugs is None:
        raise top.fail("no drugs; list the bands of each drug")
    rows: dict[str, tuple[BandRow, ...]] = {}
    for drug in drugs.fields.entries:
        known_word(drugs, "drugs", drug, drug)
        rows[drug] = tuple(_row(row, sources) for row in drugs.children(drug))
    reduced = {drug: _reduced(row, sources) for drug, row in top.named("reduced-for-exposure")}
    return DoseBands(rows, reduced)


@per_edition
def packaged_dose_bands() -> DoseBands:
    """The bands this version ships."""
    folder = root()
    return load_dose_bands(folder / "drugs" / "dose_bands.yaml", packaged().sources)


def _row(row: Reader, sources: Mapping[str, Source]) -> BandRow:
    row.only(_ROW)
    band = row.need("band", f"one of {', '.join(BANDS)}")
    if band not in BANDS:
        raise row.fail(f"'{band}' is no band; one of {', '.join(BANDS)}", "band")
    return BandRow(
        band=band,
        unit=row.need("unit", "mg or IU"),
        at_most=_number(row, "at_most"),
        a_day_at_most=_number(row, "a_day_at_most"),
        times_a_day=row.number("times_a_day"),
        unless_reduced=row.text("unless") is not None,
        cite=read_cite(row, sources),
    )


def _reduced(row: Reader, sources: Mapping[str, Source]) -> Reduced:
    row.only(_REDUCED)
    return Reduced(
        of=int(_number(row, "of")),
        age_at_least=_number(row, "age_at_least"),
        weight_kg_at_most=_number(row, "weight_kg_at_most"),
        creatinine_mg_dl_at_least=_number(row, "creatinine_mg_dl_at_least"),
        cite=read_cite(row, sources),
    )


def _number(row: Reader, key: str) -> Decimal:
    found = row.number(key)
    if found is None:
        raise row.fail(f"no {key}; write the number the source gives")
    return found
