"""Every cited row of every packaged table, found by walking the files: where it is, what it says, on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import MARKS, Mark
from levamen.knowledge.adoption import cited_rows, fingerprint, mark_of
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import read_top
from levamen.text.tree import Fields, Items, Node, Scalar

_SAYS = ("says", "outcome", "label", "title", "decision", "action", "symptoms", "ask", "notice", "text")
_AMOUNT = ("operator", "amount", "words", "low", "high", "percent", "count", "change", "unit")
_CITE = {"source", "locator", "mark", "also", "or", "checked", "interpretation"}
_COMPARED = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
_MARKS: dict[str, Mark] = {mark: mark for mark in MARKS}


class Row(Struct, frozen=True, kw_only=True):
    """One cited place in a file. `file` is its path under `knowledge`, `at` the keys that lead to it."""

    id: str
    file: str
    at: str
    line: int | None
    says: str
    source: str
    locator: str
    mark: Mark
    fingerprint: str

    @property
    def room(self) -> str:
        """The first folder of its file: policies, guards, therapies, drugs …"""
        return self.file.partition("/")[0]


@per_edition
def packaged_rows() -> tuple[Row, ...]:
    """Every cited row this version ships, by file and line; the list of sources and the examples are left out."""
    folder = root()
    found: list[Row] = []
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent.name == "sources" or path.name == "examples.yaml":
            continue
        found += rows_of(path, path.relative_to(folder).as_posix())
    return tuple(found)


def rows_of(path: Path, file: str) -> Iterator[Row]:
    """The cited rows of one knowledge file. Raises KnowledgeError where it cannot be read."""
    for id, at, row, around in cited_rows(read_top(path).fields, file):
        source, locator = row.entries["source"], row.entries.get("locator")
        yield Row(
            id=id,
            file=file,
            at="/".join(at),
            line=row.line,
            says=_words(row, at, around),
            source=_flat(source),
            locator=_flat(locator) if locator is not None else "",
            mark=_MARKS[mark_of(row)],
            fingerprint=fingerprint(row),
        )


def _words(node: Fields, at: tuple[str, ...], around: tuple[Fields, ...]) -> str:
    """What a row says: its own sentence, or its name with its amount or fields; else that of the row it stands in."""
    name = next((key for key in reversed(at) if not key.isdigit() and key not in _CITE), "").replace("_", " ")
    for fields in (node, *around[:2]):
        for key in _SAYS:
            found = fields.entries.get(key)
            if isinstance(found, Scalar):
                return found.text
        told = [_flat(fields.entries[key]) for key in _AMOUNT if key in fields.entries]
        told = [_COMPARED.get(words, words) for words in told]
        told = told or [f"{key} {_flat(child)}" for key, child in fields.entries.items() if key not in _CITE]
        if told:
            return f"{name.replace('-', ' ')}: {' '.join(told) if len(told) < 3 else '; '.join(told)}"
    return name


def _flat(node: Node) -> str:
    """In words; a row inside is parted from the next one, and its own citations are rows of their own."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return (", " if all(isinstance(item, Scalar) for item in node.items) else "; ").join(map(_flat, node.items))
    told = ((key, _flat(child)) for key, child in node.entries.items() if key not in _CITE)
    return ", ".join(f"{key} {words}" for key, words in told if words)
