"""Values that each field of a chart can hold, found from the tables that read charts: no field is listed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from levamen.adapters.chart_areas import AreaId
from levamen.adapters.chart_checks import COMMON
from levamen.adapters.chart_cleaning import Body
from levamen.adapters.chart_entry import read_entry
from levamen.adapters.chart_kinds import (
    Field,
    Flag,
    Kind,
    Many,
    Moment,
    Nullable,
    Number,
    NumberOrText,
    OneOf,
    Pairs,
    Table,
    Text,
    Word,
    Words,
)
from levamen.adapters.chart_measures import Clock, Every, Measure, Percent
from levamen.adapters.chart_sections import TABLES
from levamen.knowledge.body_map import body_map
from levamen.record import codes

ZONE = "America/Los_Angeles"
MOMENTS = ["2025", "2025-03", "2025-03-02", "2025-03-02 to 2025-06-30", "2025-03-02T10:30", "2025-11-02T01:30-07:00"]
WORDS = ["as she said", "no: 5 %", "true", "two\nlines", 'a "quoted" \u2028 word', "2025", "Ärztin"]
# What stands beside a field so that an entry is one: tried in this order.
ANCHORS: dict[str, list[Body]] = {
    "problems": [{"concept": concept} for concept in codes.ids("conditions")],
    "findings": [{"concept": "facet-arthropathy"}, {"concept": codes.ids("findings")[0]}],
    "medications": [{"drug": "naproxen"}, {"written": "the blue pill"}],
    "labs": [{"test": test} for test in codes.ids("labs")],
    "scores": [{"instrument": "nrs"}, {"instrument": "bpi-severity"}],
    "procedures": [{"therapy": therapy} for therapy in codes.ids("therapies")],
    "request": [{"therapy": therapy} for therapy in codes.ids("therapies")],
    "care": [{"therapy": "physical-therapy"}],
    "allergies": [{"substance": "latex"}],
    "evaluations": [{"kind": codes.ids("evaluations")[0]}],
    "documents": [{"kind": codes.ids("documents")[0]}],
    "devices": [{"kind": "intrathecal-pump"}],
    "events": [{"kind": codes.ids("events")[0]}],
    "goals": [{"text": "to walk the dog"}, {"measure": "nrs"}],
    "intake": [{"date": "2026-02-01"}],
    "completeness": [
        {"kind": "procedures", "reviewed": "2026-02-20"},
        {"kind": "procedures", "from": "2023", "to": "2026-02-20"},
        {"kind": "infection", "asked": "2026-02-20", "answer": "no"},
    ],
}


def values(kind: Kind, name: str = "") -> list[Any]:
    """Some values of a kind, as a chart writes them."""
    match kind:
        case Table():
            return tables(kind)
        case Words():
            found = values(kind.word)
            return [[found[0]], found[1:3]]
        case Many():
            inner = values(kind.kind, name)
            return [[value] for value in inner] + [inner[:2], inner[:1] * 4]
        case Nullable():
            return [*values(kind.kind), None]
        case OneOf():
            return [value for one in kind.kinds for value in values(one)]
        case Pairs() if kind.names:
            return [dict.fromkeys(codes.ids(kind.names)[:2], codes.ids(kind.words)[0])]
        case Pairs():
            return [{name: word} for name, word in attributes()]
        case AreaId():
            return list(body_map().areas)[:3]
        case Word():
            return [id for section in kind.sections for id in codes.ids(section)]
        case Number():
            low = kind.low if kind.low is not None else Decimal(0)
            return [low + 5, low, low + 1] if kind.whole else [low + Decimal("4.50"), low, low + 1]
        case Moment():
            return MOMENTS
        case Flag():
            return [True, False]
        case Text() if kind.pattern:
            return [kind.example] if " " not in kind.example else kind.pattern.split("|")
        case Text() if name == "levels":
            return ["L4-5", "L4", "L5"]
        case Text():
            return WORDS
        case Measure():
            return [kind.example.partition(" or ")[0], "0.5 %", "1.5 mL"]
        case NumberOrText():
            return [Decimal("1.50"), "positive", "< 0.5"]
        case Percent():
            return [80, [70, 80], Decimal("-12.5")]
        case Every():
            return ["12 h", "daily"]
        case Clock():
            return ["08:00", "21:30"]
    raise TypeError(f"{name}: no values for a {type(kind).__name__}")


@cache
def attributes() -> tuple[tuple[str, str], ...]:
    found = {}
    for concept in codes.ids("conditions"):
        for name, words in codes.entry("conditions", concept).get("attributes", {}).items():
            listed = codes.ids(words) if isinstance(words, str) and words != "integer" else words
            found[name] = "2" if words == "integer" else str(listed[0])
    return tuple(found.items())


def tables(table: Table) -> list[Body]:
    """Nested records: each field alone, beside what is required, and all together."""
    needed = {field.name: values(field.kind, field.name)[0] for field in table.fields if field.name in table.required}
    alone: list[Body] = []
    for field in table.fields:
        found = values(field.kind, field.name)
        alone += [
            beside(field.name, table) | needed | {field.name: value} for value in found[: None if nested(field) else 2]
        ]
    first = {field.name: values(field.kind, field.name)[0] for field in table.fields if field.name not in COMMON}
    return [*alone, first]


def nested(field: Field) -> bool:
    return isinstance(field.kind, Table) or (isinstance(field.kind, Many) and isinstance(field.kind.kind, Table))


def beside(name: str, table: Table) -> Body:
    """What stands beside a field in a nested record that must say at least one of some."""
    if not table.any_of or name in table.any_of:
        return {}
    field = next(field for field in table.fields if field.name == table.any_of[-1])
    return {field.name: values(field.kind, field.name)[0]}


def paths(kind: Kind, before: str = "") -> Iterator[str]:
    """Every field of a table, those of nested records too: `relief.percent`."""
    inner = kind.kind if isinstance(kind, Many) else kind
    if isinstance(inner, Table):
        for field in inner.fields:
            yield before + field.name
            yield from paths(field.kind, f"{before}{field.name}.")


def bodies(section: str, path: str) -> Iterator[Body]:
    """Bodies that say something under a path and that the reader takes."""
    name, _, rest = path.partition(".")
    field = next(field for field in TABLES[section].fields if field.name == name)
    held = [value for value in values(field.kind, name) if not rest or _says(value, rest)]
    for value in held:
        for anchor in ANCHORS.get(section, [{}]):
            body = {**anchor, name: value}
            if not read_entry(section, body, ZONE).problems:
                yield body
                break


def _says(value: Any, rest: str) -> bool:
    name, _, more = rest.partition(".")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and name in item and (not more or _says(item[name], more)):
            return True
    return False


@st.composite
def any_body(draw: st.DrawFn, section: str) -> Body:
    """A body of any fields, repaired until the reader takes it."""
    table = TABLES[section]
    body: Body = dict(draw(st.sampled_from(ANCHORS.get(section, [{}]))))
    for field in draw(
        st.lists(st.sampled_from([f for f in table.fields if f.name != "id" and not f.alias]), max_size=8)
    ):
        if field.name not in body:
            body[field.name] = draw(st.sampled_from(values(field.kind, field.name)))
    anchor = set(table.required) | set(ANCHORS.get(section, [{}])[0])
    while problems := read_entry(section, body, ZONE).problems:
        named = {problem.field.partition(".")[0].partition("[")[0] for problem in problems}
        wrong = (named & set(body)) - anchor or set(body) - anchor or set(body)
        del body[sorted(wrong)[0]]
        if not body:
            return dict(ANCHORS[section][0])
    return body
