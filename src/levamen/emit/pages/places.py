"""Where something stands, in one line: source, place in it, and its mark where weaker than primary."""

from __future__ import annotations

from collections.abc import Iterable

from levamen.criteria.nodes import Cite
from levamen.emit.view import Sources, place, places
from levamen.knowledge.therapies.rows import NO_SOURCE


def places_words(cites: Iterable[Cite], sources: Sources) -> str:
    """`NICE: NG59, 1.3 (read in a secondary source); …`"""
    found = places(tuple(cites), sources)
    return "; ".join(f"{row.title}, {row.locator}{f' ({row.mark})' if row.mark else ''}" for row in found)


def place_words(cite: Cite, sources: Sources) -> str:
    """The same of one citation."""
    row = place(cite, sources)
    return f"{row.title}, {row.locator}{f' ({row.mark})' if row.mark else ''}"


def cited_words(cites: Iterable[Cite], sources: Sources) -> str:
    """`places_words`, or, where nobody found a source, that it awaits confirmation."""
    found = tuple(cites)
    if all(cite.source == NO_SOURCE for cite in found):
        return "No source found: it awaits confirmation by a clinician and may only warn."
    return places_words(found, sources)
