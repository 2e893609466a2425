"""Reads the instruments (one YAML file each). Values without a source, holes and wording without leave are refused."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.instruments.reading import (
    Sources,
    read_bands,
    read_changes,
    read_child,
    read_items,
    read_licence,
    read_loinc,
    read_missing,
    read_recall,
    read_scoring,
    read_subscale,
)
from levamen.knowledge.instruments.rows import KINDS, Instrument
from levamen.knowledge.loader import Reader, known_word, read_checked, read_top
from levamen.knowledge.registry import packaged
from levamen.record import codes

_TOP = {
    "instrument", "version", "checked", "recheck_by", "recall", "items", "each", "ordered", "scoring", "missing",
    "subscales", "bands", "changes", "licence", "loinc", "notes",
}  # fmt: skip
LEFT_OUT: Mapping[str, str] = {
    "promis-29": "its seven domains are scored apart: promis-physical-function-4a and so on, and promis-pain-intensity",
    "comm-9": "it is scored by a regression whose coefficients were not found; enter the total of comm",
    "dast-10": "its code is known, its scoring was not found",
}
"""Instruments that a reader may look for, and why they are not scored."""


def load_instrument(path: Path, sources: Sources) -> Instrument:
    """The instrument of one file. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only(_TOP)
    id = top.need("instrument", "name the instrument's id")
    known_word(top, "instruments", id, "instrument")
    if path.stem != id.replace("-", "_"):
        raise top.fail(f"this file is named {path.stem}; name it {id.replace('-', '_')}", "instrument")
    checked, _ = read_checked(top)
    entry = codes.entry("instruments", id)
    low, high = (Decimal(str(end)) for end in entry["range"])
    licence = read_licence(read_child(top, "licence", "say what may ship, of whom, and where that stands"), sources)
    items, items_cites = read_items(top, sources, licence)
    subscales = {name: read_subscale(row, sources, items) for name, row in top.named("subscales")}
    scoring = read_scoring(read_child(top, "scoring", f"give its kind: {', '.join(KINDS)}"), sources, items)
    recall, recall_cites = read_recall(top, sources)
    found = Instrument(
        id=id,
        title=str(entry["label"]),
        version=top.need("version", "name this version of the table, such as 2026-11"),
        low=low,
        high=high,
        direction=str(entry["direction"]),
        recall=recall,
        recall_cites=recall_cites,
        items=items,
        items_cites=items_cites,
        ordered=top.text("ordered") != "false",
        scoring=scoring,
        missing=read_missing(
            read_child(top, "missing", "say what becomes of a form with gaps"), sources, items, scoring
        ),
        subscales=subscales,
        bands=read_bands(top, sources, subscales, low, high),
        changes=read_changes(top, sources),
        licence=licence,
        loinc=read_loinc(top, sources),
        notes=top.words("notes"),
        checked=checked,
    )
    _check_range(top, found)
    return found


@per_edition
def instrument(id: str) -> Instrument:
    """A packaged instrument; only its own file is read. Raises KeyError where this version cannot score it."""
    if id not in instrument_ids():
        raise KeyError(id)
    return load_instrument(_folder() / f"{id.replace('-', '_')}.yaml", packaged().sources)


@per_edition
def instrument_ids() -> tuple[str, ...]:
    """The ids of the instruments that this version can score, sorted."""
    return tuple(sorted(path.stem.replace("_", "-") for path in _folder().glob("*.yaml")))


def _folder() -> Path:
    return root() / "instruments"


def _check_range(top: Reader, found: Instrument) -> None:
    """Refuses a scoring whose range is not that of the vocabulary."""
    kind, items = found.scoring.kind, found.items
    if kind in ("profile", "total"):
        return
    sexes = ("female", "male") if found.by_sex else (None,)
    lows = [sum((item.extremes(sex)[0] for item in items), Decimal(0)) for sex in sexes]
    highs = [sum((item.extremes(sex)[1] for item in items), Decimal(0)) for sex in sexes]
    low, high = min(lows) * found.scoring.factor, max(highs) * found.scoring.factor
    if kind == "mean":
        low, high = low / len(items), high / len(items)
    elif kind == "percent":
        low, high = Decimal(0) if low == 0 else low, Decimal(100)
    elif kind == "table":
        values = list(found.scoring.table.values())
        low, high = min(values), max(values)
    exact = kind != "table"  # two copies of a table may print different ends, and the vocabulary has one of them
    if low < found.low or high > found.high or (exact and (low, high) != (found.low, found.high)):
        raise top.fail(
            f"its items give {low} to {high}, the vocabulary says {found.low} to {found.high}; correct one", "scoring"
        )
