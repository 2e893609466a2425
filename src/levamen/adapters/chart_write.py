"""A record written as a chart file, one entry to a line, by the same table that reads charts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import NODEFAULT, Struct, structs

from levamen.adapters.chart_fields import COMPLETENESS, PAYER, PERSON, REQUEST, SECTIONS
from levamen.adapters.chart_kinds import Kind, Many, Moment, Nullable, OneOf, Table, Words
from levamen.record.facts import Evaluation, Record
from levamen.record.timeline import Interval, When
from levamen.text.strict_yaml import kind_of_plain

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.%/+-]*(?: [A-Za-z0-9_.%/+-]+)*")
_DAY = r"\d{4}(-\d\d(-\d\d(T[0-9:.+-]+Z?)?)?)?"
_DATED = re.compile(rf"{_DAY}|\d{{4}}-\d\d-\d\d to \d{{4}}-\d\d-\d\d", re.ASCII)
# Text to us, but a boolean to readers of YAML 1.1.
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_LINE_BREAKS = {"\x85": "\\x85", "\u2028": "\\u2028", "\u2029": "\\u2029", "\ufeff": "\\ufeff"}

ENTRY_TABLES: dict[str, Table] = {"payer": PAYER, "completeness": COMPLETENESS, **SECTIONS, "request": REQUEST}
"""The sections of a chart that are lists of entries, in the order of a written chart."""


def write_chart(record: Record) -> str:
    """The text of a chart whose reading gives `record` again. Expectations are no part of a record."""
    return chart_text(record_tree(record))


def record_tree(record: Record) -> dict[str, Any]:
    """What the chart of a record says, as plain data: text, int, Decimal, bool, None, list and dict.

    Raises ValueError for a span of time that charts have no form for.
    """
    tree: dict[str, Any] = {"chart": 1, "id": record.id}
    for name in ("recorded", "as_of"):
        moment = getattr(record, name)
        if moment is not None:
            tree[name] = moment_text(moment)
    if record.zone is not None:
        tree["zone"] = record.zone
    tree["person"] = _entry(record.person, PERSON)
    lists: dict[str, Iterable[Any]] = {
        "payer": record.payers,
        "completeness": record.completeness,
        **{name: [fact for fact in record.facts if fact.section == name] for name in SECTIONS},
        "request": record.requests,
    }
    for name, table in ENTRY_TABLES.items():
        tree[name] = [_entry(entry, table) for entry in lists[name]]
    return {name: value for name, value in tree.items() if value not in ({}, [])}


def _entry(value: Any, table: Table) -> dict[str, Any]:
    """What a fact, or a mapping, states."""
    stated = dict(value) if isinstance(value, Mapping) else _stated(value)
    if isinstance(value, Evaluation):
        about = {"policy": value.about_policy, "criterion": value.about_criterion, "flag": value.about_flag}
        stated["about"] = {name: said for name, said in about.items() if said is not None} or None
    # `date` is written as `start`; aliases have no attribute of their own.
    found = ((field, stated.get(field.target)) for field in table.fields)
    return {field.name: _plain(value, field.kind) for field, value in found if value is not None}


def _stated(struct: Any) -> dict[str, Any]:
    """The fields of a fact that differ from what they are where nothing was said."""
    found: dict[str, Any] = {}
    for field in structs.fields(struct):
        unsaid = field.default if field.default_factory is NODEFAULT else field.default_factory()
        value = getattr(struct, field.name)
        if value != unsaid:
            found[field.name] = value
    return found


def _plain(value: Any, kind: Kind) -> Any:
    match value:
        case When():
            return moment_text(value)
        case Interval():
            low, high = _decimal(value.low), _decimal(value.high if value.high is not None else value.low)
            return low if low == high else [low, high]
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(item, _item(kind)) for item in value]
        case Struct() | Mapping() if isinstance(kind, Table):
            return _entry(value, kind)
        case Mapping():
            return dict(value)
    return value


def _item(kind: Kind) -> Kind:
    """The kind of the items of a list."""
    return kind.kind if isinstance(kind, Many | Nullable) else kind.word if isinstance(kind, Words) else kind


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def chart_text(tree: Mapping[str, Any]) -> str:
    """A chart as plain data, written as YAML: one entry to a line, fields in the order of their table."""
    lines = [f"{name}: {_text(tree[name], _HEAD[name])}" for name in _HEAD if name in tree]
    for name, table in ENTRY_TABLES.items():
        if name in tree:
            lines.append(f"{name}:")
            lines += [f"  - {_text(entry, table)}" for entry in tree[name]]
    return "\n".join(lines) + "\n"


def _text(value: Any, kind: Kind | None) -> str:
    match value:
        case Mapping() if isinstance(kind, Table):
            known = [(field.name, field.kind) for field in kind.fields if field.name in value]
            return "{" + ", ".join(f"{name}: {_text(value[name], kind)}" for name, kind in known) + "}"
        case Mapping():
            return "{" + ", ".join(f"{_quoted(name)}: {_quoted(word)}" for name, word in value.items()) + "}"
        case list():
            return f"[{', '.join(_text(item, _item(kind) if kind else None) for item in value)}]"
        case bool():
            return "true" if value else "false"
        case None:
            return "~"
        case str():
            return value if _is_moment(kind) and _DATED.fullmatch(value) else _quoted(value)
    return str(value)


def _is_moment(kind: Kind | None) -> bool:
    return isinstance(kind, Moment) or (isinstance(kind, OneOf) and any(_is_moment(one) for one in kind.kinds))


_HEAD: dict[str, Kind | None] = {
    "chart": None,
    "id": None,
    "recorded": Moment(),
    "as_of": Moment(),
    "zone": None,
    "person": PERSON,
}


def moment_text(moment: When) -> str:
    """A date or time as charts write it. Raises ValueError for a span that charts have no form for."""
    text = str(moment)
    if not _DATED.fullmatch(text):
        raise ValueError(f"a chart has no way to write the date '{text}'")
    return text


def _quoted(text: str) -> str:
    """Text that reads back as itself: bare where it is plainly a word, else in double quotes."""
    if _PLAIN.fullmatch(text) and kind_of_plain(text) == "text" and text.lower() not in _OLD_BOOLEANS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    for mark, escape in _LINE_BREAKS.items():
        quoted = quoted.replace(mark, escape)
    return quoted
