"""What every table of drugs has in common: statements, citations and numbers, read with refusals to act on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.edition import root
from levamen.knowledge.loader import Reader, read_cite, read_top
from levamen.knowledge.model import Source

_W = TypeVar("_W", bound=str)

CITE = {"source", "locator", "mark", "also", "says", "who"}
"""The keys of every entry that says something."""


class Statement(Struct, frozen=True, kw_only=True):
    """A sentence of a source that is shown and decides nothing."""

    id: str
    topic: str
    says: str
    cites: tuple[Cite, ...]


def folder() -> Path:
    """Where the packaged tables are."""
    return root() / "drugs"


def read_table(path: Path, known: set[str]) -> tuple[Reader, date]:
    """The mapping of a table, and the day on which it was last compared with its sources. Raises KnowledgeError."""
    top = read_top(path)
    top.only(known | {"checked", "recheck_by"})
    checked, recheck = top.exact_day("checked"), top.exact_day("recheck_by")
    if checked is None or recheck is None or recheck <= checked:
        raise top.fail("no checked, or no recheck_by after it; write both days")
    return top, checked


def read_statements(top: Reader, sources: Mapping[str, Source]) -> tuple[Statement, ...]:
    """The sentences of a table that are shown and decide nothing."""
    found = []
    for id, row in top.named("statements"):
        row.only({"topic"} | CITE)
        topic = row.need("topic", "say what it is about")
        found.append(Statement(id=id, topic=topic, says=says_of(row), cites=read_cites(row, sources)))
    return tuple(found)


def part(row: Reader, key: str) -> Reader:
    """A mapping inside an entry that must be there."""
    found = row.child(key)
    if found is None:
        raise row.fail(f"no {key}; write it")
    return found


def positive(row: Reader, key: str) -> Decimal:
    """A number above 0 that must be there."""
    amount = row.number(key)
    if amount is None or amount <= 0:
        raise row.fail(f"no {key} above 0; write the number the source gives", key if amount is not None else None)
    return amount


def one_of(row: Reader, key: str, known: tuple[_W, ...]) -> _W:
    """One of some words."""
    word = row.need(key, f"one of {', '.join(known)}")
    for one in known:
        if word == one:
            return one
    raise row.fail(f"'{word}' is no {key}; one of {', '.join(known)}", key)


def says_of(row: Reader) -> str:
    """What an entry says, in words."""
    return row.need("says", "say it in words")


def read_cites(row: Reader, sources: Mapping[str, Source]) -> tuple[Cite, ...]:
    """Every source of an entry; the first is the one the value was taken from."""
    return (read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also")))
