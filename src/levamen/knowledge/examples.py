"""The examples beside a policy: charts made of a base and a change, and the check that every value has its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from levamen.knowledge.model import DURATION_KINDS, NUMBER_KINDS, KnowledgeError, Policy
from levamen.text.strict_yaml import read_yaml
from levamen.text.tree import UnusableInput, plain_data

POSITIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*DURATION_KINDS, *NUMBER_KINDS), ("at", "below", "above")),
    "set": ("in", "out"),
    "groups": ("in", "out"),
    "statement": ("yes", "no", "missing"),
    "citation": (),
}
"""The examples that a value of each kind must have."""


class Example(Struct, frozen=True, kw_only=True):
    """One case: a whole chart as JSON text, ready for the chart reader, and the values it covers."""

    name: str
    chart: bytes
    covers: tuple[str, ...]


def examples(policy: Policy) -> tuple[Example, ...]:
    """The examples of a policy's folder. Raises KnowledgeError naming file and case."""
    path = Path(policy.folder).parent / "examples.yaml"
    return read_examples(path, policy.id) if path.exists() else ()


def read_examples(path: Path, policy: str) -> tuple[Example, ...]:
    """The examples of one file; `policy` is the subject of expectations that name none. Raises KnowledgeError."""
    try:
        top = plain_data(read_yaml(path.read_text(encoding="utf-8"), str(path)))
    except UnusableInput as error:
        raise KnowledgeError(str(error)) from None
    return tuple(_examples(top, path, policy))


def coverage_faults(policy: Policy) -> tuple[str, ...]:
    """Values without the examples their kind needs, and examples that cover nothing known: one sentence each."""
    found = [
        f"{Path(policy.folder).parent}: '{id}' has no example {position}; add a case with `covers: [{id} {position}]`"
        for id, value in policy.values.items()
        for position in POSITIONS[value.kind]
        if not any(f"{id} {position}" in example.covers for example in _cached(policy))
    ]
    for example in _cached(policy):
        for text in example.covers:
            id, _, position = text.partition(" ")
            if id not in policy.values:
                found.append(f"{policy.id}, '{example.name}': it covers '{id}', which is not a value of the policy")
            elif position not in POSITIONS[policy.values[id].kind]:
                kinds = ", ".join(POSITIONS[policy.values[id].kind])
                found.append(f"{policy.id}, '{example.name}': '{text}' is no position of '{id}'; one of {kinds}")
    return tuple(found)


_CACHE: dict[tuple[str, str], tuple[Example, ...]] = {}


def _cached(policy: Policy) -> tuple[Example, ...]:
    key = (policy.folder, policy.values_hash)
    if key not in _CACHE:
        _CACHE[key] = examples(policy)
    return _CACHE[key]


def _examples(top: Mapping[str, Any], path: Path, policy: str) -> Iterator[Example]:
    bases: Mapping[str, Any] = top.get("bases") or {}
    names: set[str] = set()
    for case in top.get("cases") or ():
        name = str(case.get("name") or "")
        where = f"{path}, case '{name}'"
        unknown = set(case) - {"name", "base", "covers", "change", "expect", "note"}
        if not name or name in names:
            raise KnowledgeError(f"{path}: every case needs a name of its own; '{name}' is missing or stands twice")
        if unknown:
            raise KnowledgeError(
                f"{where}: '{sorted(unknown)[0]}' is not known; name, base, covers, change, expect, note"
            )
        names.add(name)
        base = case.get("base") or (next(iter(bases)) if len(bases) == 1 else None)
        if base is None or base not in bases:
            raise KnowledgeError(f"{where}: there is no base '{base}'; one of {', '.join(bases)}")
        if not case.get("expect"):
            raise KnowledgeError(f"{where}: it expects nothing; say what must come out and its source")
        chart = _merged(deepcopy(bases[base]), case.get("change") or {})
        chart["expect"] = [{"policy": policy, **entry} for entry in case["expect"]]
        yield Example(
            name=name,
            chart=msgspec.json.Encoder(decimal_format="number").encode(chart),
            covers=tuple(str(text) for text in case.get("covers") or ()),
        )


def _merged(value: Any, change: Any) -> Any:
    """Mappings are merged; a list of things with an id is changed by id; null removes; anything else replaces."""
    if isinstance(value, list) and isinstance(change, dict):
        rows = {row["id"]: row for row in value}
        for id, row in change.items():
            if row is None:
                rows.pop(id, None)
            else:
                rows[id] = _merged(rows.get(id, {"id": id}), row)
        return list(rows.values())
    if isinstance(value, dict) and isinstance(change, dict):
        for key, row in change.items():
            if row is None:
                value.pop(key, None)
            elif key in value:
                value[key] = _merged(value[key], row)
            elif isinstance(row, dict) and row and all(isinstance(item, dict) for item in row.values()):
                value[key] = [_merged({"id": id}, item) for id, item in row.items()]
            else:
                value[key] = row
        return value
    return change
