"""A list of procedures: CSV or JSON of chart and request, perhaps with who looks after it. No row is ever lost.

CSV has the header `chart,request` or `chart,request,owner` (commas, semicolons or tabs). JSON is a list of objects
with these keys, or `{"list": [...], "as_of": ...}`. Charts stand relative to the folder of the list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from levamen.text.strict_json import read_json
from levamen.text.tree import MAX_BYTES, Fields, Items, Node, Scalar, UnusableInput, decode, refuse_control_characters

COLUMNS = ("chart", "request", "owner")
_NEEDED = frozenset({"chart", "request"})
_DELIMITERS = (",", ";", "\t")
_EXAMPLE = "write the columns chart,request,owner (owner may be left out)"


class Entry(Struct, frozen=True, kw_only=True):
    """One procedure to look at. `place` is where it stands: `line 4` of a CSV file, `entry 3` of a JSON list."""

    place: str
    chart: str
    path: Path
    request: str
    owner: str | None = None


class Skipped(Struct, frozen=True, kw_only=True):
    """One row that could not be used, and why, in one sentence. What is not known of it is empty."""

    place: str
    why: str
    chart: str = ""
    request: str = ""


class ProcedureList(Struct, frozen=True, kw_only=True):
    """The rows in their order. Each row of the list is an entry or is skipped."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
    as_of: str | None = None


class _BadRow(ValueError):
    """A row that cannot be used; the rest of the list can."""


def read_list(data: bytes, origin: str, folder: Path) -> ProcedureList:
    """The list. Raises UnusableInput, in one sentence, where nothing of it can be read."""
    if len(data) > MAX_BYTES:
        raise UnusableInput(f"{origin} is larger than 2 MB; give the list of one day")
    text = decode(data, origin)
    as_of = None
    if text.lstrip()[:1] in ("{", "["):
        rows, as_of = _json(text, origin)
    else:
        rows = _csv(text, origin)
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    seen: dict[tuple[Path, str], str] = {}
    for place, found in rows:
        cells = found if isinstance(found, dict) else {}
        try:
            if isinstance(found, str):
                raise _BadRow(found)
            entry = _entry(place, cells, folder)
            first = seen.setdefault((entry.path.resolve(), entry.request), place)
            if first != place:
                raise _BadRow(f"{entry.chart}, {entry.request} stands already in {first} and is examined once")
        except _BadRow as error:
            named = {key: cells.get(key, "") for key in sorted(_NEEDED)}
            skipped.append(Skipped(place=place, why=f"{origin}, {place}: {error}", **named))
        else:
            entries.append(entry)
    if not entries and not skipped:
        raise UnusableInput(f"{origin} names no procedure; {_EXAMPLE}, and one row for each procedure")
    return ProcedureList(entries=tuple(entries), skipped=tuple(skipped), as_of=as_of)


def _entry(place: str, cells: dict[str, str], folder: Path) -> Entry:
    for key in COLUMNS:
        try:
            refuse_control_characters(cells.get(key, ""), key, None)
        except UnusableInput as error:
            raise _BadRow(str(error)) from None
        if "\n" in cells.get(key, "") or "\r" in cells.get(key, ""):
            raise _BadRow(f"the {key} goes over a line end; close the quotation mark that was left open")
    chart, request = cells.get("chart", "").strip(), cells.get("request", "").strip()
    if not chart:
        raise _BadRow("no chart; write the name of the chart's file")
    if not request:
        raise _BadRow(f"no request for {chart}; write the id of one of its requests")
    path = folder / chart
    try:
        there = path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        raise _BadRow(f"the chart {chart} is not there; paths are relative to the folder of the list")
    return Entry(place=place, chart=chart, path=path, request=request, owner=cells.get("owner", "").strip() or None)


_Rows = Iterator[tuple[str, "dict[str, str] | str"]]
"""Where a row stands, and its cells, or why it has none."""


def _csv(text: str, origin: str) -> _Rows:
    """The rows of a CSV text. The header is read at once: without it nothing can be."""
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise UnusableInput(f"{origin} is empty; {_EXAMPLE}, and one row for each procedure")
    head = next(index for index, line in enumerate(lines) if line.strip())
    delimiter = max(_DELIMITERS, key=lines[head].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(row for row in reader if any(cell.strip() for cell in row))
    except (csv.Error, StopIteration):
        raise UnusableInput(f"{origin}, line {head + 1}: the header cannot be read; {_EXAMPLE}") from None
    columns = [cell.strip().casefold() for cell in header]
    unknown = [name for name in columns if name not in COLUMNS]
    if not set(columns) >= _NEEDED or unknown or len(set(columns)) != len(columns):
        shown = delimiter.join(header)[:80]
        raise UnusableInput(f"{origin}, line {head + 1}: the header is '{_plain(shown)}'; {_EXAMPLE}")
    return _csv_rows(reader, columns)


class _Counting(Protocol):
    """A csv reader: it counts the lines that it has read."""

    line_num: int

    def __next__(self) -> list[str]: ...


def _csv_rows(reader: _Counting, columns: list[str]) -> _Rows:
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            last = reader.line_num
            lines = f"line {first}" if last <= first else f"lines {first} to {last}"
            yield lines, "a quotation mark is out of place or never closed, so nothing of it could be read; mend it"
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            yield f"line {first}", f"{len(row)} cells for {len(columns)} columns; put a cell with commas in quotes"
        else:
            yield f"line {first}", dict(zip(columns, row, strict=False))


def _json(text: str, origin: str) -> tuple[_Rows, str | None]:
    """The rows of a JSON text, and the moment that the list itself states."""
    top = read_json(text if text.lstrip().startswith("{") else f'{{"list":{text}}}', origin)
    for key in top.entries:
        if key not in ("list", "as_of"):
            raise UnusableInput(f"{origin}: '{_plain(key)}' is not known here; known: list, as_of")
    held = top.entries.get("list")
    if not isinstance(held, Items):
        raise UnusableInput(f"{origin} holds no `list`; write one object with chart and request for each procedure")
    stated = top.entries.get("as_of")
    if stated is not None and not (isinstance(stated, Scalar) and stated.kind == "text"):
        raise UnusableInput(f"{origin}: as_of is one text, such as 2026-03-23T20:00")
    rows = ((f"entry {index}", _cells(item)) for index, item in enumerate(held.items, start=1))
    return rows, stated.text if isinstance(stated, Scalar) else None


def _cells(item: Node) -> dict[str, str] | str:
    if not isinstance(item, Fields):
        return "not an object; write chart and request"
    found: dict[str, str] = {}
    for key, value in item.entries.items():
        if key not in COLUMNS:
            return f"'{_plain(key)}' is not known here; known: {', '.join(COLUMNS)}"
        if isinstance(value, Scalar) and value.kind == "null" and key == "owner":
            continue
        if not isinstance(value, Scalar) or value.kind not in ("text", "number"):
            return f"the {key} is one text"
        found[key] = value.text
    return found


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
