"""What changed between two knowledge folders, row by row: what is new, gone, says something else, is known better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.knowledge.edition import Edition, using
from levamen.knowledge.inventory import Row, rows_of
from levamen.knowledge.loader import read_top
from levamen.knowledge.model import KnowledgeError
from levamen.text.tree import Fields, Items, Node, Scalar

Kind = Literal["added", "removed", "changed", "marked", "sourced", "dates"]
_OPERATORS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}
_DATES = ("from", "until", "checked", "recheck_by")


class Change(Struct, frozen=True, kw_only=True):
    """One difference. `was` and `now` are in words; absent where the row is new or gone.

    changed: it says something else. marked: the same words, known better or worse. sourced: the same words and mark,
    another place. dates: the days of a whole file.
    """

    kind: Kind
    file: str
    id: str
    was: str | None = None
    now: str | None = None
    source: str | None = None
    locator: str | None = None


def knowledge_folder(path: Path) -> Path:
    """A folder that can be compared: it holds `policies` and `sources`. Raises KnowledgeError."""
    if not (path / "policies").is_dir() or not (path / "sources").is_dir():
        raise KnowledgeError(
            f"{path} is no knowledge folder: it needs `policies` and `sources`; give the folder `levamen/knowledge` of"
            " a version, or the word packaged"
        )
    return path


def differences(old: Path, new: Path) -> tuple[Change, ...]:
    """Every difference, by file and id. Raises KnowledgeError where a file cannot be read."""
    before, after = _contents(old), _contents(new)
    found: list[Change] = []
    for id in sorted(before.rows.keys() | after.rows.keys()):
        found += _row_changes(id, before.rows.get(id), after.rows.get(id))
    for file in sorted(before.dates.keys() | after.dates.keys()):
        was, now = before.dates.get(file), after.dates.get(file)
        if was is not None and now is not None and was != now:
            found.append(Change(kind="dates", file=file, id=file.removesuffix(".yaml"), was=was, now=now))
    return tuple(sorted(found, key=lambda change: (change.file, change.id, change.kind)))


class _Contents(Struct, frozen=True):
    rows: Mapping[str, tuple[Row, str]]
    dates: Mapping[str, str]


def _contents(folder: Path) -> _Contents:
    rows: dict[str, tuple[Row, str]] = {}
    dates: dict[str, str] = {}
    with using(Edition(folder)):
        for path in sorted(folder.rglob("*.yaml")):
            if path.parent.name == "sources" or path.name == "examples.yaml":
                continue
            file = path.relative_to(folder).as_posix()
            top = read_top(path).fields
            dates[file] = "; ".join(f"{key} {_flat(top.entries[key])}" for key in _DATES if key in top.entries)
            said = {row.id: _told(_at(top, row.at)) for row in rows_of(path, file)}
            rows |= {row.id: (row, said[row.id]) for row in rows_of(path, file)}
    return _Contents(rows, dates)


def _at(top: Node, at: str) -> Fields:
    node = top
    for key in at.split("/"):
        assert not isinstance(node, Scalar)  # noqa: S101 - the keys lead to a row
        node = node.items[int(key) - 1] if isinstance(node, Items) else node.entries[key]
    assert isinstance(node, Fields)  # noqa: S101 - as the keys do
    return node


def _told(row: Fields) -> str:
    """Everything a row says of itself, without where it stands and without the rows inside it."""
    operator, amount, kind = (row.entries.get(key) for key in ("operator", "amount", "kind"))
    if isinstance(operator, Scalar) and isinstance(amount, Scalar) and isinstance(kind, Scalar):
        return f"{_OPERATORS.get(operator.text, operator.text)} {amount.text} {kind.text}"
    kept = (
        f"{key} {_flat(child)}"
        for key, child in row.entries.items()
        if key not in ("source", "locator", "mark", "checked", "also", "or", "overlays", "versions")
    )
    return "; ".join(kept)


def _flat(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return ", ".join(_flat(item) for item in node.items)
    return ", ".join(f"{key} {_flat(child)}" for key, child in node.entries.items())


def _row_changes(id: str, was: tuple[Row, str] | None, now: tuple[Row, str] | None) -> Iterator[Change]:
    if was is None or now is None:
        there = now or was
        assert there is not None  # noqa: S101 - the id stands in one of the two
        row, said = there
        kind: Kind = "added" if was is None else "removed"
        told = said or row.says
        yield Change(
            kind=kind,
            file=row.file,
            id=id,
            was=told if was is not None else None,
            now=told if now is not None else None,
            source=row.source,
            locator=row.locator,
        )
        return
    (before, said_before), (after, said_after) = was, now
    place = {"source": after.source, "locator": after.locator}
    if said_before != said_after:
        yield Change(kind="changed", file=after.file, id=id, was=said_before, now=said_after, **place)
    if before.mark != after.mark:
        yield Change(kind="marked", file=after.file, id=id, was=before.mark, now=after.mark, **place)
    elif (before.source, before.locator) != (after.source, after.locator):
        told = f"{before.source}, {before.locator}"
        yield Change(kind="sourced", file=after.file, id=id, was=told, now=f"{after.source}, {after.locator}", **place)
