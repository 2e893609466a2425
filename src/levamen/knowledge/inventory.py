"""Every cited row of every packaged table, found by walking the files: where it is, what it says, on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import MARKS, Mark
from levamen.knowledge.loader import read_top
from levamen.text.tree import Fields, Items, Node, Scalar

_SAYS = ("says", "outcome", "label", "title", "decision", "action", "symptoms", "ask", "notice")
_AMOUNT = ("operator", "amount", "words", "low", "high", "percent", "count", "change", "unit")
_CITE = {"source", "locator", "mark", "also", "checked", "interpretation"}
_MARKS: dict[str, Mark] = {mark: mark for mark in MARKS}


class Row(Struct, frozen=True, kw_only=True):
    """One cited place in a file. `file` is its path under `knowledge`, `at` the keys that lead to it."""

    file: str
    at: str
    line: int | None
    says: str
    source: str
    locator: str
    mark: Mark

    @property
    def room(self) -> str:
        """The first folder of its file: policies, guards, therapies, drugs …"""
        return self.file.partition("/")[0]


@cache
def packaged_rows() -> tuple[Row, ...]:
    """Every cited row this version ships, by file and line; the list of sources and the examples are left out."""
    root = Path(str(resources.files("levamen.knowledge")))
    found: list[Row] = []
    for path in sorted(root.rglob("*.yaml")):
        if path.parent.name == "sources" or path.name == "examples.yaml":
            continue
        found += rows_of(path, path.relative_to(root).as_posix())
    return tuple(found)


def rows_of(path: Path, file: str) -> Iterator[Row]:
    """The cited rows of one knowledge file. Raises KnowledgeError where it cannot be read."""
    yield from _walk(read_top(path).fields, file, (), ())


def _walk(node: Node, file: str, at: tuple[str, ...], around: tuple[Fields, ...]) -> Iterator[Row]:
    if isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _walk(item, file, (*at, str(index + 1)), around)
        return
    if not isinstance(node, Fields):
        return
    entries = node.entries
    source, mark = entries.get("source"), entries.get("mark")
    if isinstance(source, Scalar) and isinstance(mark, Scalar) and mark.text in _MARKS:
        locator = entries.get("locator")
        yield Row(
            file=file,
            at="/".join(at),
            line=node.line,
            says=_words(node, around),
            source=source.text,
            locator=locator.text if isinstance(locator, Scalar) else "",
            mark=_MARKS[mark.text],
        )
    for key, child in entries.items():
        yield from _walk(child, file, (*at, key), (node, *around))


def _words(node: Fields, around: tuple[Fields, ...]) -> str:
    """What a row says: its own sentence or amount, else that of the row it stands in."""
    for fields in (node, *around[:2]):
        for key in _SAYS:
            found = fields.entries.get(key)
            if isinstance(found, Scalar):
                return found.text
        amounts = [f"{_flat(fields.entries[key])}" for key in _AMOUNT if key in fields.entries]
        if amounts:
            return " ".join(amounts)
    told = (f"{key} {_flat(child)}" for key, child in node.entries.items() if key not in _CITE)
    return "; ".join(told)


def _flat(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return ", ".join(_flat(item) for item in node.items)
    return ", ".join(f"{key} {_flat(child)}" for key, child in node.entries.items())
