"""The number of a plan: one that differs from the plan last issued gets the next number and supersedes it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Document
from levamen.record.timeline import When


def numbered(found: Plan, documents: Iterable[Document]) -> Plan:
    """The plan with its number; `periprocedural-plan` documents say which were issued (docs/adr/0007, 22)."""
    issued = [
        document
        for document in documents
        if document.kind == "periprocedural-plan" and document.request in (None, found.request.id)
    ]
    if not issued:
        return found
    last = max(issued, key=lambda document: (document.number or 0, document.id))
    number = last.number or len(issued)
    if _same(found, last):
        return replace(found, number=number)
    return replace(found, number=number + 1, supersedes=number, changes=tuple(_changes(found, last)))


def appointment_words(when: When | None) -> str:
    """A day and, where it is known, the local time."""
    if when is None:
        return "not set"
    return f"{when.first.isoformat()}, {when.at:%H:%M}" if when.at is not None else str(when)


def _same(found: Plan, last: Document) -> bool:
    """By the fingerprint where one was kept, else by the appointment."""
    if last.fingerprint is not None:
        return last.fingerprint == found.fingerprint
    return last.start is not None and last.start == found.request.start


def _changes(found: Plan, last: Document) -> Iterable[str]:
    if last.start is not None and last.start != found.request.start:
        yield f"the appointment was {appointment_words(last.start)} and is now {appointment_words(found.request.start)}"
    else:
        yield "what is held, or when, is no longer what the last plan said"
