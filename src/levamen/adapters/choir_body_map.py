"""Numbers of the CHOIR body map as areas of ours: `103,104,207`, `f03,f04,b07`, or the columns of a REDCap export.

Six numbers mean another segment on a female figure. Where nobody says which figure was marked, or a REDCap form may
number it either way, these six are refused and the others are kept: the wrong reading is another part of the body.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from levamen.adapters.balance import Balance, Issue
from levamen.adapters.chart_reading import short
from levamen.knowledge.body_map import body_map
from levamen.knowledge.body_map.choir import FIGURES, Choir, FigureDrawn, choir
from levamen.text.tree import UnusableInput, decode

Numbering = Literal["by-figure", "one"]
NUMBERINGS: tuple[Numbering, ...] = ("by-figure", "one")
"""`by-figure`: the female figure has numbers of its own. `one`: both have those of the male one (renumbered data)."""
LARGEST = 10_000

_NUMBER = re.compile(r"[12]\d\d|[fb]\d\d", re.ASCII)
_COLUMN = re.compile(r"(?:.*___)?([fb]\d\d)", re.ASCII)


class ChoirReading(Struct, frozen=True, kw_only=True):
    """The areas of ours that were marked, and what became of every number or column."""

    areas: frozenset[str]
    balance: Balance


def figure_of(sex: str | None) -> FigureDrawn | None:
    """The figure that a person of a sex is given; None where the record cannot tell."""
    return next((figure for figure in FIGURES if figure == sex), None)


def read_choir(text: str, figure: FigureDrawn | None, numbering: Numbering | None = None) -> ChoirReading:
    """The areas of a list of numbers, separated by commas or spaces. Raises UnusableInput where there is no number."""
    if len(text) > LARGEST:
        raise UnusableInput(f"the list of CHOIR numbers has {len(text):,} characters; a map has at most 74 numbers")
    items = [item for item in re.split(r"[,;\s]+", text.strip()) if item]
    if not items:
        raise UnusableInput("the list of CHOIR numbers is empty; whether nothing hurt or nobody asked, it does not say")
    reader = _Reader(figure, numbering)
    for item in items:
        reader.read(item, item.lower())
    return reader.done()


def read_redcap(
    columns: Mapping[str, str], figure: FigureDrawn | None, numbering: Numbering | None = None
) -> ChoirReading:
    """The areas of one row of a REDCap export: columns `f01` or `painmap___f01` with 1 (marked) or 0.

    Raises UnusableInput where no column is one of the body map.
    """
    reader = _Reader(figure, numbering)
    ours = 0
    for name, value in columns.items():
        found = _COLUMN.fullmatch(name)
        if found is None:
            reader.ignore(name, "is no column of the body map")
            continue
        ours += 1
        if reader.number(found[1]) is None:
            reader.unknown(name)
            continue
        match value.strip():
            case "1":
                reader.read(name, found[1])
            case "0":
                reader.accepted += 1
            case "":
                reader.ignore(name, "has no answer")
            case other:
                reader.refuse(name, f"holds {short(other)}; 1 (marked) or 0 is wanted")
    if not ours:
        raise UnusableInput("no column of the CHOIR body map is there; they are named f01 to f36 and b01 to b38")
    return reader.done()


def read_redcap_file(
    data: bytes, origin: str, figure: FigureDrawn | None, numbering: Numbering | None = None
) -> ChoirReading:
    """The areas of an export in CSV with one row, that of one person. Raises UnusableInput."""
    try:
        rows = list(csv.reader(decode(data, origin).splitlines()))
    except csv.Error as error:
        raise UnusableInput(f"{origin} is no CSV: {error}; save the export again") from None
    if len(rows) != 2 or len(rows[0]) != len(rows[1]) or len(set(rows[0])) != len(rows[0]):
        raise UnusableInput(
            f"{origin} is no export of one person; a line of column names and one line of values is read"
        )
    return read_redcap(dict(zip(*rows, strict=True)), figure, numbering)


class _Reader:
    """The numbers read so far."""

    def __init__(self, figure: FigureDrawn | None, numbering: Numbering | None) -> None:
        self.figure, self.numbering = figure, numbering
        self.table: Choir = choir()
        self.areas: set[str] = set()
        self.accepted = 0
        self.issues: list[Issue] = []

    def read(self, written: str, code: str) -> None:
        """One number that was marked."""
        if code in self.table.misprints:
            code, says = self.table.misprints[code]
            self.issues.append(Issue(fate="warning", where=written, what=f"read as {code}: {says}"))
        number = self.number(code)
        if number is None:
            self.unknown(written)
            return
        if number in self.table.female and (doubt := self._doubt(code, number)):
            self.refuse(written, doubt)
            return
        if number in self.table.female and self._by_figure:
            self.issues.append(Issue(fate="warning", where=written, what=self._as_female(number)))
            number = self.table.female[number]
        area = self.table.segments[number].area
        if area in self.areas:
            self.ignore(written, f"stands twice ({self._named(number)})")
            return
        self.areas.add(area)
        self.accepted += 1

    def number(self, code: str) -> str | None:
        """The number of a segment, as written; None where there is no such segment."""
        number = code.replace("f", "1").replace("b", "2") if _NUMBER.fullmatch(code) else code
        return number if number in self.table.segments else None

    def unknown(self, written: str) -> None:
        known = "101 to 136 and 201 to 238, in REDCap f01 to f36 and b01 to b38"
        self.refuse(short(written).strip("'"), f"is no segment of the CHOIR body map; they are {known}")

    @property
    def _by_figure(self) -> bool:
        return self.figure == "female" and self.numbering != "one"

    def _doubt(self, code: str, number: str) -> str | None:
        """Why one of the six numbers cannot be read, if it cannot."""
        if self.numbering == "one" or self.figure == "male":
            return None
        own, same = self._named(self.table.female[number]), self._named(number)
        if self.figure is None:
            return f"means {own} on a female figure and {same} on a male one; say which figure was marked"
        if code[0] in "fb" and self.numbering is None:
            return (
                f"means {own} or {same}, by the version of the REDCap form ({self.table.renumbered});"
                " say the numbering: by-figure or one"
            )
        return None

    def _as_female(self, number: str) -> str:
        other = self.table.female[number]
        return f"read as {self._named(other)}, the number of the female figure as of August 2021"

    def _named(self, number: str) -> str:
        label = body_map().areas[self.table.segments[number].area].label
        return label[:1].lower() + label[1:]

    def ignore(self, where: str, what: str) -> None:
        self.issues.append(Issue(fate="ignored", where=where, what=what))

    def refuse(self, where: str, what: str) -> None:
        self.issues.append(Issue(fate="rejected", where=where, what=what))

    def done(self) -> ChoirReading:
        fates = [issue.fate for issue in self.issues]
        ignored, rejected = fates.count("ignored"), fates.count("rejected")
        balance = Balance(
            items=self.accepted + ignored + rejected,
            accepted=self.accepted,
            ignored=ignored,
            rejected=rejected,
            issues=tuple(self.issues),
        )
        return ChoirReading(areas=frozenset(self.areas), balance=balance)
