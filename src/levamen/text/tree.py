"""What a chart text says before a schema reads it: scalars as written, lists and mappings, each with its line."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias

from msgspec import Struct

MAX_BYTES = 2_000_000
MAX_DEPTH = 20


class UnusableInput(ValueError):
    """The whole input cannot be used. The message is one sentence: what, where, and what would be right."""


ScalarKind = Literal["text", "number", "boolean", "null"]


class Scalar(Struct, frozen=True, gc=False):
    """One value as written. `line` counts from 1 and is absent where the input is JSON."""

    kind: ScalarKind
    text: str
    line: int | None = None


class Items(Struct, frozen=True, gc=False):
    """A list."""

    items: tuple[Node, ...]
    line: int | None = None


class Fields(Struct, frozen=True, gc=False):
    """A mapping, in its order. `lines` holds the line of each key."""

    entries: dict[str, Node]
    lines: dict[str, int | None]
    line: int | None = None


Node: TypeAlias = Scalar | Items | Fields


def at_line(origin: str, line: int | None) -> str:
    """Where a message points: the file, and the line where one is known."""
    return origin if line is None else f"{origin}, line {line}"


def decode(data: str | bytes, origin: str) -> str:
    """The text of an input, after the limits that need no parsing. Raises UnusableInput."""
    if len(data) > MAX_BYTES:
        raise UnusableInput(f"{origin} is larger than 2 MB ({len(data):,} bytes); a chart of one patient is smaller")
    if isinstance(data, str):
        text = data
        surrogate = re.search("[\ud800-\udfff]", text)
        if surrogate:
            raise UnusableInput(f"{origin} is not valid text (lone surrogate); save it as UTF-8")
        if len(text.encode("utf-8")) > MAX_BYTES:
            raise UnusableInput(f"{origin} is larger than 2 MB; a chart of one patient is smaller")
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnusableInput(f"{origin} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnusableInput(f"{at_line(origin, line)}: a NUL character is not allowed in a text file; remove it")
    return text


def plain_data(node: Node) -> Any:
    """A node as dict, list, str, Decimal, bool or None: numbers as written, everything undated and unresolved."""
    match node:
        case Fields():
            return {key: plain_data(value) for key, value in node.entries.items()}
        case Items():
            return [plain_data(item) for item in node.items]
        case Scalar(kind="number"):
            try:
                return Decimal(node.text)
            except InvalidOperation:
                return node.text
        case Scalar(kind="boolean"):
            return node.text.lower() == "true"
        case Scalar(kind="null"):
            return None
    return node.text


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def has_control_characters(text: str) -> bool:
    """Whether a text holds what could steer a terminal or cannot be written again."""
    return _CONTROL.search(text) is not None


def refuse_control_characters(text: str, origin: str, line: int | None) -> None:
    """Text that could steer a terminal or cannot be written again is refused. Raises UnusableInput."""
    found = _CONTROL.search(text)
    if found:
        raise UnusableInput(
            f"{at_line(origin, line)}: the control character U+{ord(found[0]):04X} is not allowed; remove it"
        )
