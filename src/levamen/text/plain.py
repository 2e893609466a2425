"""Plain data as a tree, without writing and reading text: what JSON or a database field holds becomes nodes."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from levamen.text.tree import MAX_DEPTH, Fields, Items, Node, Scalar, UnusableInput, refuse_control_characters


def node_of(value: Any, origin: str, depth: int = 1) -> Node:
    """The tree of text, numbers, true and false, None, lists and mappings.

    Raises UnusableInput for nesting that is too deep, for control characters, and for what JSON does not have.
    """
    match value:
        case str():
            refuse_control_characters(value, origin, None)
            return Scalar("text", value)
        case bool():
            return Scalar("boolean", "true" if value else "false")
        case int() | Decimal() | float():
            if isinstance(value, float | Decimal) and not math.isfinite(value):
                raise UnusableInput(f"{origin}: {value} is no number; leave the value out where it is not known")
            return Scalar("number", repr(value) if isinstance(value, float) else str(value))
        case None:
            return Scalar("null", "")
    if depth > MAX_DEPTH:
        raise UnusableInput(f"{origin}: the nesting is deeper than {MAX_DEPTH} levels; a chart is flatter")
    if isinstance(value, list | tuple):
        return Items(tuple(node_of(item, origin, depth + 1) for item in value))
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise UnusableInput(f"{origin}: the key {key!r} is no text; keys of a mapping are words")
            refuse_control_characters(key, origin, None)
        nodes = {key: node_of(item, origin, depth + 1) for key, item in value.items()}
        return Fields(nodes, dict.fromkeys(value))
    raise UnusableInput(f"{origin}: a {type(value).__name__} has no place in a chart; write text, a number or a list")
