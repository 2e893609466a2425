"""The published JSON Schema of the chart file, generated from the table that reads it.

`python -m levamen.adapters.chart_schema` writes schemas/chart-1.schema.json. The schema says the shape; what
depends on several fields (a level outside its region, an end before its start) only the reader can tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from levamen.adapters.chart_expect import expectation_schema
from levamen.adapters.chart_fields import COMPLETENESS, PAYER, PERSON, REQUEST, SECTIONS
from levamen.adapters.chart_kinds import Kind, Many, Moment, Nullable, OneOf, Schema, Table, Text, Word, Words
from levamen.record.codes import ids

SCHEMA_FILE = Path("schemas/chart-1.schema.json")


def chart_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `chart: 1`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Levamen chart, version 1",
        "description": "A patient record a person can type. Every section is optional; unknown keys are errors.",
        "type": "object",
        "additionalProperties": False,
        "required": ["chart"],
        "properties": _properties(),
        "$defs": {
            "moment": Moment().definition(),
            **{table.name: table.definition() for table in _tables_used()},
            "expectation": expectation_schema(),
            **{f"word-{section}": {"enum": list(ids(section))} for section in _vocabulary_used()},
        },
    }


def _properties() -> Schema:
    return {
        "chart": {"const": 1},
        "id": _or_null(Text().schema()),
        "recorded": _or_null(Moment().schema()),
        "zone": {"type": ["string", "null"], "description": "IANA name, such as America/Los_Angeles"},
        "as_of": _or_null(Moment().schema()),
        "person": _or_null(PERSON.schema()),
        "payer": _one_or_list(PAYER.schema()),
        "completeness": _list(COMPLETENESS.schema()),
        **{name: _list(table.schema()) for name, table in SECTIONS.items()},
        "request": _one_or_list(REQUEST.schema()),
        "expect": _list({"$ref": "#/$defs/expectation"}),
    }


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(entry: Schema) -> Schema:
    return _or_null({"type": "array", "items": entry})


def _one_or_list(entry: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": entry}, entry, {"type": "null"}]}


def _kinds() -> Iterator[Kind]:
    """Every kind that some field of a chart uses, each time it is used."""
    pending: list[Kind] = [*SECTIONS.values(), REQUEST, COMPLETENESS, PERSON, PAYER]
    while pending:
        kind = pending.pop(0)
        yield kind
        match kind:
            case Words():
                pending.append(kind.word)
            case Many() | Nullable():
                pending.append(kind.kind)
            case OneOf():
                pending += kind.kinds
            case Table():
                pending += [field.kind for field in kind.fields]


def _tables_used() -> list[Table]:
    return list({kind.name: kind for kind in _kinds() if isinstance(kind, Table)}.values())


def _vocabulary_used() -> list[str]:
    return sorted({section for kind in _kinds() if isinstance(kind, Word) for section in kind.sections})


def text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(chart_schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    SCHEMA_FILE.parent.mkdir(exist_ok=True)
    SCHEMA_FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
