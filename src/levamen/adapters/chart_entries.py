"""A chart kept entry by entry: each entry of a section is a JSON body of its own, with a key.

A body holds what was said and nothing else: a field that is blank is absent, never null and never "no". The key of
an entry is its id in the chart, so a body has none. `chart_sections.sections` says what a body can hold, `read_entry`
checks one, as a form gives it, and `facts_from_entries` reads all of them as one record. `entries` and `chart_tree` are
inverses, and the same body gives the same bytes (`encode_body`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from levamen.adapters.balance import Reading
from levamen.adapters.chart import HEAD, read_fields
from levamen.adapters.chart_cleaning import Body
from levamen.adapters.chart_entry import EntryReading, Problem, read_entry
from levamen.adapters.chart_reading import nearest_word
from levamen.adapters.chart_sections import TABLES, has_id
from levamen.record.timeline import When
from levamen.text.plain import node_of
from levamen.text.tree import Fields, UnusableInput

__all__ = [
    "Body",
    "BodyDecoder",
    "BodyEncoder",
    "Entry",
    "EntryReading",
    "Problem",
    "chart_tree",
    "decode_body",
    "encode_body",
    "entries",
    "facts_from_entries",
    "read_entry",
]


class Entry(Struct, frozen=True):
    """One entry of a chart. Of the section `chart`, the head (id, recorded, zone, as_of), and of `person` there is one
    each. `key` is the id of a fact or request; payers and statements of completeness are numbered."""

    section: str
    key: str
    body: Body


def entries(chart: Mapping[str, Any]) -> list[Entry]:
    """The entries of a chart as plain data (`chart_write.record_tree`), in the order of the chart."""
    found = [Entry("chart", "chart", {name: chart[name] for name in HEAD if name in chart})]
    if "person" in chart:
        found.append(Entry("person", "person", dict(chart["person"])))
    for section, table in TABLES.items():
        if section == "person":
            continue
        for number, entry in enumerate(chart.get(section, ())):
            key = str(entry["id"]) if has_id(table) and "id" in entry else f"{section}-{number + 1}"
            found.append(Entry(section, key, {name: value for name, value in entry.items() if name != "id"}))
    return found


def chart_tree(entries: Iterable[Entry]) -> dict[str, Any]:
    """The chart of some entries, as plain data. Within a section the order of the entries is kept.

    Raises UnusableInput for a section that no chart has, and for a second head or person.
    """
    heads: list[Body] = []
    lists: dict[str, list[Body]] = {section: [] for section in TABLES}
    for entry in entries:
        if entry.section == "chart":
            heads.append(entry.body)
        elif entry.section in lists:
            keyed = {"id": entry.key} if has_id(TABLES[entry.section]) else {}
            lists[entry.section].append(keyed | entry.body)
        else:
            raise UnusableInput(f"the entry {entry.key} is of no section of a chart; {_sections_like(entry.section)}")
    people = lists.pop("person")
    for named, found in (("head of the chart", heads), ("person", people)):
        if len(found) > 1:
            raise UnusableInput(f"the entries state the {named} {len(found)} times; keep one")
    chart = {"chart": 1} | (heads[0] if heads else {}) | ({"person": people[0]} if people else {})
    return chart | {section: listed for section, listed in lists.items() if listed}


def facts_from_entries(
    entries: Iterable[Entry], as_of: date | datetime | None = None, *, policies: Collection[str] = ()
) -> Reading:
    """The record of some entries and the balance of its reading, by the rules of the chart file.

    `as_of` becomes the record's own; it extends no statement of completeness. Raises UnusableInput where the chart
    of these entries could not be used either, and ValueError for a time without a zone.
    """
    fields = node_of(chart_tree(entries), "the entries")
    if not isinstance(fields, Fields):
        raise UnusableInput("the entries are no chart")
    reading = read_fields(fields, "the entries", policies=policies)
    if as_of is None:
        return reading
    return replace(reading, record=replace(reading.record, as_of=_when(as_of, reading.record.zone)))


def _when(as_of: date | datetime, zone: str | None) -> When:
    if not isinstance(as_of, datetime):
        return When.on(as_of)
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of} has no zone; give it one")
    local = as_of.astimezone(ZoneInfo(zone)) if zone else as_of
    return When(local.date(), local.date(), as_of)


def _sections_like(section: str) -> str:
    return nearest_word(section, ("chart", *TABLES))


# ---- as text


_ENCODER = msgspec.json.Encoder(decimal_format="number", order="sorted")


def encode_body(body: Body) -> str:
    """A body as JSON text; the same body gives the same text, and numbers stay as they were written."""
    return _ENCODER.encode(body).decode()


def decode_body(text: str) -> Body:
    """The body that a JSON text states, with its numbers as written."""
    return BodyDecoder().decode(text)  # type: ignore[no-any-return] # JSON text is any value


class BodyEncoder(json.JSONEncoder):
    """Writes bodies where a JSON field of a database takes an encoder class."""

    def encode(self, o: Any) -> str:
        return _ENCODER.encode(o).decode()


class BodyDecoder(json.JSONDecoder):
    """Reads bodies where a JSON field of a database takes a decoder class: numbers with a point stay as written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})
