"""A record written as a chart file, one entry to a line, by the same table that reads charts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import NODEFAULT, structs

from levamen.adapters.chart_fields import COMPLETENESS, PAYER, PERSON, REQUEST, SECTIONS
from levamen.adapters.chart_kinds import Kind, Many, Moment, OneOf, Pairs, Table, Words
from levamen.adapters.chart_measures import Percent
from levamen.record.facts import Evaluation, Record
from levamen.record.timeline import Interval, When
from levamen.text.strict_yaml import kind_of_plain

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.%/+-]*(?: [A-Za-z0-9_.%/+-]+)*")
_DATED = re.compile(r"\d{4}(-\d\d(-\d\d(T[0-9:.+-]+Z?)?)?)?")
# Text to us, but a boolean to readers of YAML 1.1.
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_LINE_BREAKS = {"\x85": "\\x85", "\u2028": "\\u2028", "\u2029": "\\u2029", "\ufeff": "\\ufeff"}


def write_chart(record: Record) -> str:
    """The text of a chart whose reading gives `record` again. Expectations are no part of a record."""
    lines = ["chart: 1", f"id: {_quoted(record.id)}"]
    for name in ("recorded", "as_of"):
        moment = getattr(record, name)
        if moment is not None:
            lines.append(f"{name}: {moment_text(moment)}")
    if record.zone is not None:
        lines.append(f"zone: {_quoted(record.zone)}")
    person = _entry(record.person, PERSON)
    if person != "{}":
        lines.append(f"person: {person}")
    _add(lines, "payer", record.payers, PAYER)
    _add(lines, "completeness", record.completeness, COMPLETENESS)
    for name, table in SECTIONS.items():
        _add(lines, name, [fact for fact in record.facts if fact.section == name], table)
    _add(lines, "request", record.requests, REQUEST)
    return "\n".join(lines) + "\n"


def _add(lines: list[str], name: str, entries: Any, table: Table) -> None:
    if entries:
        lines.append(f"{name}:")
        lines += [f"  - {_entry(entry, table)}" for entry in entries]


def _entry(value: Any, table: Table) -> str:
    """A fact, or a mapping, as a flow mapping of what it states."""
    stated = dict(value) if isinstance(value, Mapping) else _stated(value)
    if isinstance(value, Evaluation):
        about = {"policy": value.about_policy, "criterion": value.about_criterion, "flag": value.about_flag}
        stated["about"] = {name: said for name, said in about.items() if said is not None} or None
    parts: list[str] = []
    for field in table.fields:
        # `date` is written as `start`; aliases have no attribute of their own.
        found = stated.get(field.target)
        if found is None:
            continue
        parts.append(f"{field.name}: {_value(found, field.kind)}")
    return "{" + ", ".join(parts) + "}"


def _stated(struct: Any) -> dict[str, Any]:
    """The fields of a fact that differ from what they are where nothing was said."""
    found: dict[str, Any] = {}
    for field in structs.fields(struct):
        unsaid = field.default if field.default_factory is NODEFAULT else field.default_factory()
        value = getattr(struct, field.name)
        if value != unsaid:
            found[field.name] = value
    return found


def _value(value: Any, kind: Kind) -> str:
    if isinstance(kind, OneOf):
        kind = next((one for one in kind.kinds if isinstance(value, When) == isinstance(one, Moment)), kind)
    if isinstance(kind, Table):
        return _entry(value, kind)
    if isinstance(kind, Words):
        return f"[{', '.join(_quoted(word) for word in sorted(value))}]"
    if isinstance(kind, Many):
        return f"[{', '.join(_value(item, kind.kind) for item in value)}]"
    if isinstance(kind, Pairs):
        return "{" + ", ".join(f"{_quoted(name)}: {_quoted(word)}" for name, word in value.items()) + "}"
    if isinstance(kind, Percent):
        return _percent(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, When):
        return moment_text(value)
    if isinstance(value, Decimal | int):
        return str(value)
    return _quoted(value)


def _percent(value: Interval) -> str:
    low, high = _decimal(value.low), _decimal(value.high if value.high is not None else value.low)
    return low if low == high else f"[{low}, {high}]"


def _decimal(number: Fraction) -> str:
    return str(Decimal(number.numerator) / Decimal(number.denominator))


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
