"""JSON with the limits of strict_yaml: no duplicate keys, no NaN, a bounded depth, numbers as written."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from msgspec import Struct

from levamen.text.tree import MAX_DEPTH, Fields, Items, Node, Scalar, UnusableInput, at_line, refuse_control_characters


class _Number(Struct, frozen=True):
    text: str


class _RefusedError(ValueError):
    """What is wrong with a JSON text, found while it is read."""


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_json(text: str, origin: str) -> Fields:
    """The mapping that a JSON text states; no lines are known. Raises UnusableInput."""
    _refuse_depth(text, origin)
    try:
        loaded = json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_duplicates,
        )
    except json.JSONDecodeError as error:
        raise UnusableInput(f"{at_line(origin, error.lineno)}: not readable JSON ({error.msg})") from None
    except _RefusedError as error:
        raise UnusableInput(f"{origin}: {error}") from None
    node = _node(loaded, origin)
    if not isinstance(node, Fields):
        raise UnusableInput(f"{origin}: the file must be one JSON object")
    return node


def _refuse_depth(text: str, origin: str) -> None:
    """Before parsing, because the parser of the standard library recurses."""
    depth = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, token.start()) + 1
            raise UnusableInput(
                f"{at_line(origin, line)}: the nesting is deeper than {MAX_DEPTH} levels; a chart is flatter"
            )


def _refuse_constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no number; leave the value out where it is not known")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedError(f"the key `{key}` stands twice in one object; keep one")
        found[key] = value
    return found


def _node(value: Any, origin: str) -> Node:
    if isinstance(value, dict):
        for key in value:
            refuse_control_characters(key, origin, None)
        return Fields({key: _node(item, origin) for key, item in value.items()}, dict.fromkeys(value))
    if isinstance(value, list):
        return Items(tuple(_node(item, origin) for item in value))
    if isinstance(value, _Number):
        return Scalar("number", value.text)
    if isinstance(value, bool):
        return Scalar("boolean", "true" if value else "false")
    if value is None:
        return Scalar("null", "")
    refuse_control_characters(value, origin, None)
    return Scalar("text", value)
