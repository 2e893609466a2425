"""Adoption: a named clinician signs a row that awaits confirmation, for one clinic, with a date and a reason.

The adoptions of a clinic stand in `adoptions.yaml` of its own folder. They are applied where a file is read: the row's
mark becomes `adopted`, and its locator says who signed it. A row that says something else than what was signed stays
as it is, and `lapsed` names it. Only what is unverified can be adopted: everything else is known better already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from levamen.knowledge.edition import Adoption, Edition
from levamen.knowledge.model import KnowledgeError
from levamen.text.tree import Fields, Items, Node, Scalar

FILE = "adoptions.yaml"
UNVERIFIED, ADOPTED = "unverified", "adopted"
_SILENT = {"values", "rows"}
_UNSIGNED = {"mark", "checked", "recheck_by"}


def row_id(file: str, at: Sequence[str]) -> str:
    """The id of a row: its file under `knowledge` without `.yaml`, then its keys: `policies/cons_l20/block-relief`."""
    parts = [part for part in (*file.removesuffix(".yaml").split("/"), *at) if part not in _SILENT]
    return "/".join(part for index, part in enumerate(parts) if index == 0 or part != parts[index - 1])


def fingerprint(row: Fields) -> str:
    """Twelve hex digits of what a row says: everything but its mark and the day of its check."""
    return hashlib.sha256(_canonical(row, top=True).encode()).hexdigest()[:12]


def _canonical(node: Node, *, top: bool = False) -> str:
    if isinstance(node, Scalar):
        return f"{node.kind}:{len(node.text)}:{node.text}"
    if isinstance(node, Items):
        return "[" + ",".join(_canonical(item) for item in node.items) + "]"
    kept = sorted((key, child) for key, child in node.entries.items() if not (top and key in _UNSIGNED))
    return "{" + ",".join(f"{key}={_canonical(child)}" for key, child in kept) + "}"


def cited_rows(top: Fields, file: str) -> Iterator[tuple[str, tuple[str, ...], Fields, tuple[Fields, ...]]]:
    """Every row of a file that has a source and a mark: its id, its keys, itself, and what it stands in."""
    yield from _cited(top, file, (), ())


def _cited(
    node: Node, file: str, at: tuple[str, ...], around: tuple[Fields, ...]
) -> Iterator[tuple[str, tuple[str, ...], Fields, tuple[Fields, ...]]]:
    if isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _cited(item, file, (*at, str(index + 1)), around)
    elif isinstance(node, Fields):
        if isinstance(node.entries.get("source"), Scalar) and isinstance(node.entries.get("mark"), Scalar):
            yield row_id(file, at), at, node, around
        for key, child in node.entries.items():
            yield from _cited(child, file, (*at, key), (node, *around))


def mark_of(row: Fields) -> str:
    mark = row.entries.get("mark")
    return mark.text if isinstance(mark, Scalar) else ""


def applied(top: Fields, file: str, edition: Edition) -> Fields:
    """A file as a clinic reads it: the adopted rows wear their mark and name who signed them."""
    prefix = file.removesuffix(".yaml").removesuffix("/values")
    if not any(value.startswith(prefix) for value in edition.adopted):
        return top
    found = _apply(top, file, (), edition.adopted)
    assert isinstance(found, Fields)  # noqa: S101 - a mapping stays one
    return found


def _apply(node: Node, file: str, at: tuple[str, ...], adopted: Mapping[str, Adoption]) -> Node:
    if isinstance(node, Items):
        items = (_apply(item, file, (*at, str(index + 1)), adopted) for index, item in enumerate(node.items))
        return replace(node, items=tuple(items))
    if not isinstance(node, Fields):
        return node
    entries = {key: _apply(child, file, (*at, key), adopted) for key, child in node.entries.items()}
    signed = adopted.get(row_id(file, at))
    if signed is not None and mark_of(node) == UNVERIFIED and fingerprint(node) == signed.fingerprint:
        mark, locator = node.entries["mark"], node.entries.get("locator")
        told = f"adopted by {signed.by} on {signed.on.isoformat()}: {signed.reason}"
        before = locator.text if isinstance(locator, Scalar) else ""
        entries["mark"] = Scalar("text", ADOPTED, getattr(mark, "line", None))
        entries["locator"] = Scalar("text", f"{before}; {told}" if before else told, getattr(mark, "line", None))
    return replace(node, entries=entries)


def adoptions_in(files: Mapping[str, Fields]) -> tuple[Adoption, ...]:
    """The adoptions of some files (name -> mapping), by row id. Raises KnowledgeError naming what to mend."""
    found: dict[str, Adoption] = {}
    for file, top in files.items():
        for adoption in _adoptions(top, file):
            if adoption.value in found:
                raise KnowledgeError(f"{file}: {adoption.value} is adopted twice; keep one entry")
            found[adoption.value] = adoption
    return tuple(found[value] for value in sorted(found))


_KEYS = ("value", "fingerprint", "says", "by", "reason", "on", "until")


def _adoptions(top: Fields, file: str) -> Iterator[Adoption]:
    rows = top.entries.get("adoptions")
    strange = [key for key in top.entries if key != "adoptions"]
    if strange or not isinstance(rows, Items):
        what = f"'{strange[0]}' is not known here" if strange else "no list of adoptions"
        raise KnowledgeError(f"{file}: {what}; the file holds one key, `adoptions`, with a list")
    for row in rows.items:
        where = f"{file}, line {getattr(row, 'line', None)}"
        if not isinstance(row, Fields):
            raise KnowledgeError(f"{where}: an adoption is a mapping with {', '.join(_KEYS)}")
        texts = {key: node.text.strip() for key, node in row.entries.items() if isinstance(node, Scalar)}
        for key in row.entries:
            if key not in _KEYS:
                raise KnowledgeError(f"{where}: '{key}' is not known here; known: {', '.join(_KEYS)}")
        for key in ("value", "fingerprint", "by", "reason", "on"):
            if not texts.get(key):
                raise KnowledgeError(f"{where}: no {key}; an adoption is signed, dated and gives its reason")
        until = texts.get("until")
        yield Adoption(
            value=texts["value"],
            fingerprint=texts["fingerprint"],
            says=texts.get("says", ""),
            by=texts["by"],
            reason=texts["reason"],
            on=_day(texts["on"], where),
            until=_day(until, where) if until else None,
        )


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise KnowledgeError(f"{where}: '{text}' is no date; write YYYY-MM-DD") from None
