"""YAML and JSON read strictly: by the core rules of YAML 1.2, with the line of every value, and nothing executed.

Only `true` and `false` are booleans, only `null`, `~` and nothing are null, and numbers stay as written; dates,
times, yes, no, on, off, octal, hexadecimal and `1_000` are text until a schema reads them. Quoted scalars are
always text. Anchors, aliases, tags, merge keys, duplicate keys and several documents are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from levamen.text.strict_json import read_json
from levamen.text.tree import (
    MAX_DEPTH,
    Fields,
    Items,
    Node,
    Scalar,
    ScalarKind,
    UnusableInput,
    at_line,
    decode,
    has_control_characters,
    refuse_control_characters,
)


def read_mapping(data: str | bytes, origin: str) -> Fields:
    """The mapping that a YAML or JSON text states; JSON if it begins with a brace.

    Raises UnusableInput, whose one sentence names the file, the line where known, and what would be right.
    """
    text = decode(data, origin)
    start = text.lstrip()[:64]
    if not start:
        raise UnusableInput(f"{origin} is empty; a chart starts with `chart: 1`")
    if _MARKUP.match(start):
        raise UnusableInput(f"{origin} is a web page or XML, not a chart; save the chart file itself")
    if start.startswith("{"):
        return read_json(text, origin)
    return read_yaml(text, origin)


def read_yaml(text: str, origin: str) -> Fields:
    """The mapping that a YAML text states. Raises UnusableInput."""
    try:
        node = _Builder(text, origin).document()
    except yaml.YAMLError as error:
        raise _unreadable(error, text, origin) from None
    if isinstance(node, Scalar) and node.kind == "null":
        raise UnusableInput(f"{origin} is empty; a chart starts with `chart: 1`")
    if not isinstance(node, Fields):
        found = "a list" if isinstance(node, Items) else "plain text"
        raise UnusableInput(f"{at_line(origin, node.line)}: the file is {found}; it must be a mapping of `key: value`")
    return node


_MARKUP = re.compile(r"<[!?A-Za-z]")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_BOOLEANS = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BEGINS_NUMBER = frozenset("+-.0123456789")


def kind_of_plain(text: str) -> ScalarKind:
    """What an unquoted scalar is by the core rules of YAML 1.2, without octal, hexadecimal, .inf and .nan."""
    if text in _BOOLEANS:
        return "boolean"
    if text in _NULLS:
        return "null"
    return "number" if text[0] in _BEGINS_NUMBER and NUMBER.fullmatch(text) else "text"


class _Builder:
    """Turns parser events into nodes and refuses what the chart format has no use for.

    Knowledge is a hundred thousand events: each is asked of the parser itself, and looked at as little as it may be.
    """

    def __init__(self, text: str, origin: str) -> None:
        self.parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.next: Callable[[], Any] = self.parser.get_event
        self.origin = origin
        # Where nothing is escaped, what a scalar holds stands in the text.
        self.harmless = "\\" not in text and not has_control_characters(text)

    def document(self) -> Node:
        try:
            return self._document()
        finally:
            self.parser.dispose()

    def _document(self) -> Node:
        self.next()
        start = self.next()
        if not isinstance(start, yaml.DocumentStartEvent):
            raise UnusableInput(f"{self.origin} is empty; a chart starts with `chart: 1`")
        if start.version not in (None, (1, 2)) or start.tags:
            self.refuse(start, "YAML directives are not used here; remove the lines that begin with %")
        node = self.node(self.next(), 1)
        self.next()
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(after, "a second document begins here; keep one document per file")
        return node

    def node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, f"the alias *{event.anchor} is not allowed; write the value out")
        if event.anchor:
            self.refuse(event, f"the anchor &{event.anchor} is not allowed; write the value out where it is needed")
        if event.tag:
            self.refuse(event, f"the tag {event.tag} is not allowed; remove it")
        if isinstance(event, yaml.ScalarEvent):
            text, line = event.value, line_of(event)
            if not self.harmless:
                refuse_control_characters(text, self.origin, line)
            return Scalar("text" if event.style else kind_of_plain(text), text, line)
        if depth > MAX_DEPTH:
            self.refuse(event, f"the nesting is deeper than {MAX_DEPTH} levels; a chart is flatter")
        return (self.items if isinstance(event, yaml.SequenceStartEvent) else self.fields)(event, depth)

    def items(self, start: yaml.Event, depth: int) -> Items:
        found: list[Node] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            found.append(self.node(event, depth + 1))
        return Items(tuple(found), line_of(start))

    def fields(self, start: yaml.Event, depth: int) -> Fields:
        entries: dict[str, Node] = {}
        lines: dict[str, int | None] = {}
        take, node = self.next, self.node
        while not isinstance(event := take(), yaml.MappingEndEvent):
            key = node(event, depth + 1)
            if not isinstance(key, Scalar):
                self.refuse(event, "a key must be one word, not a list or a mapping")
            text = key.text
            if text == "<<" and not getattr(event, "style", None):
                self.refuse(event, "the merge key << is not allowed; write the fields out")
            if text in entries:
                self.refuse(
                    event, f"the key `{text}` stands twice in one mapping (first in line {lines[text]}); keep one"
                )
            entries[text] = node(take(), depth + 1)
            lines[text] = key.line
        return Fields(entries, lines, line_of(start))

    def refuse(self, event: yaml.Event, says: str) -> NoReturn:
        raise UnusableInput(f"{at_line(self.origin, line_of(event))}: {says}")


def line_of(event: yaml.Event) -> int:
    """The line an event begins in, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1


def _unreadable(error: yaml.YAMLError, text: str, origin: str) -> UnusableInput:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return UnusableInput(
            f"{origin} is not readable YAML ({getattr(error, 'reason', None) or 'a character it does not allow'})"
        )
    line = int(mark.line) + 1
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or written[int(mark.column) :].startswith("\t"):
        return UnusableInput(f"{at_line(origin, line)}: a tab is used where YAML needs spaces; replace it by spaces")
    problem = getattr(error, "problem", None) or "cannot be read"
    return UnusableInput(
        f"{at_line(origin, line)}: not readable YAML ({problem}); check the indentation and the quotes"
    )
