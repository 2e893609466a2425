"""Authorizations as the record has them: for which request, and what the authority said last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from levamen.criteria.truth import Status
from levamen.record.facts import Document

AUTHORIZATION = "authorization"
ON_FILE = "on-file"
GRANTED = frozenset({ON_FILE, "approved"})
"""What a document says that stands for an authorization. One that says nothing more is on file."""


def of_request(documents: Iterable[Document], request: str) -> tuple[Document, ...]:
    """The documents that may be looked at for a request: an authorization that names another one is none for it.

    An authorization that says nothing more is given as on file.
    """
    found = []
    for document in documents:
        if document.kind != AUTHORIZATION:
            found.append(document)
        elif document.request in (None, request):
            found.append(replace(document, status=document.status or ON_FILE))
    return tuple(found)


def standing(documents: Iterable[Document], request: str) -> tuple[Status, tuple[Document, ...]]:
    """Whether a request is authorized by what the authority said last, and the documents that say so.

    Unknown where there is none, or where those that may be the last say different things.
    """
    rows = [row for row in of_request(documents, request) if row.kind == AUTHORIZATION]
    last = tuple(row for row in rows if not any(_surely_before(row, other) for other in rows))
    said: set[Status] = {"met" if row.status in GRANTED else "not_met" for row in last}
    return (said.pop() if len(said) == 1 else "unknown"), last


def _surely_before(one: Document, other: Document) -> bool:
    return one.date is not None and other.date is not None and one.date.last < other.date.first


def words(documents: Sequence[Document]) -> str:
    """`denied (D-1), on file (D-2)`."""
    return ", ".join(f"{(row.status or ON_FILE).replace('-', ' ')} ({row.id})" for row in documents)
