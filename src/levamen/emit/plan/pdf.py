"""The clinic's page, the letter and the patient's sheet as PDF: one page each, tagged, the same bytes each time.

Typesetting is Typst's (docs/adr/0008). Its templates are files of this package; whatever a plan or chart says reaches
them as JSON strings, which are never read as markup.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from levamen.adapters.balance import Balance
from levamen.criteria.nodes import MARKS
from levamen.emit.plan.letter import Letter
from levamen.emit.plan.sheet import Sheet
from levamen.emit.plan.strip import strip
from levamen.emit.plan.view import plan_view
from levamen.emit.view import Sources
from levamen.emit.words import MARK_WORDS, printable
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan
from levamen.text.tree import UnusableInput

_WEAKEST_FIRST = tuple(MARK_WORDS[mark] for mark in reversed(MARKS) if mark in MARK_WORDS)

_NOT_IN_BRIEF = frozenset({"unknown", "day", "advice"})
"""Sections whose sources the clinic's page leaves out where it would not fit otherwise; clinic.typ does the same."""


def clinic_pdf(plan: Plan, sources: Sources | None = None, *, balance: Balance | None = None) -> bytes:
    """The plan on one page, for the clinic. `sources`: absent, the packaged ones. `balance`: of its record."""
    view = plan_view(plan, packaged().sources if sources is None else sources, balance)
    drawn = strip(plan)
    data = msgspec.to_builtins(view) | {"safety": plan.safety}
    data["sections"] = [section for section in data["sections"] if section["key"] != "others"]  # a table, here
    numbers: dict[str, int] = {}
    told = {
        key: [section for section in data["sections"] if (section["key"] in _NOT_IN_BRIEF) == key] for key in (0, 1)
    }
    _number([*(line for section in told[0] for line in section["lines"]), *data["others"]], numbers)
    data["brief_sources"] = len(numbers)
    _number([line for section in told[1] for line in section["lines"]], numbers)
    data["sources"] = [f"[{number}] {place}" for place, number in numbers.items()]
    if drawn is not None:
        data["strip"] = msgspec.to_builtins(drawn)
    return _set("clinic", data, plan)


def _number(rows: list[dict[str, Any]], numbers: dict[str, int]) -> None:
    """Gives each row the numbers of its places instead of the places, with the weakest mark among them in words."""
    for row in rows:
        places = row.pop("places")
        told = ", ".join(str(numbers.setdefault(place, len(numbers) + 1)) for place in places)
        weak = [mark for mark in _WEAKEST_FIRST if any(place.endswith(mark) for place in places)]
        row["cited"] = f"[{told}{'; ' + weak[0] if weak else ''}]" if places else ""


def letter_pdf(letters: tuple[Letter, ...], plan: Plan) -> bytes:
    """The letters, a page each."""
    title = letters[0].title if len(letters) == 1 else "Letters to the prescribers"
    return _set("letter", {"title": title, "letters": msgspec.to_builtins(letters)}, plan)


def sheet_pdf(made: Sheet, plan: Plan) -> bytes:
    """The patient's page."""
    return _set("sheet", msgspec.to_builtins(made), plan)


def _set(template: str, data: dict[str, Any], plan: Plan) -> bytes:
    """A template of this folder filled and set."""
    return typeset(f"plan/{template}", data, plan.as_of)


def typeset(template: str, data: dict[str, Any], day: date) -> bytes:
    """A template of `emit` (its path without ending) filled and set. `day` is the date of the document.

    Raises UnusableInput where `typst` is not installed.
    """
    try:
        import typst
    except ImportError:
        raise UnusableInput("a PDF needs the package typst: install levamen with its extra, levamen[pdf]") from None
    folder = Path(str(resources.files("levamen.emit")))
    told = _clean(data) | {"date": [day.year, day.month, day.day]}
    settings: dict[str, Any] = {
        "root": str(folder),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": msgspec.json.encode(told).decode()},
        "timestamp": int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    }
    try:
        return bytes(typst.compile(str(folder / f"{template}.typ"), pdf_standards="ua-1", **settings))
    except typst.TypstError:
        # PDF/UA refuses a character that no font of the package can draw: such a page is tagged, but not PDF/UA.
        return bytes(typst.compile(str(folder / f"{template}.typ"), **settings))


def _clean(value: Any) -> Any:
    """The data without characters that break a line or turn the direction of writing."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
