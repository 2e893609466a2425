"""The page of everything that awaits confirmation, the riskiest first; and the page of every source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from levamen.emit.pages.blocks import Block, Cell, part, table, text, title
from levamen.emit.view import Sources, source_title
from levamen.knowledge.inventory import Row
from levamen.knowledge.therapies.rows import NO_SOURCE

RISKS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Holds, restarts and laboratory limits: a wrong one bleeds or clots", ("holds.yaml",)),
    ("Guards, drugs, doses and pumps: a wrong one harms on the day", ("guards/", "drugs/", "pumps/")),
    ("Red flags, checklists and calls: a wrong one is seen too late", ("flags/", "checklists/")),
    ("Criteria of policies: a wrong one refuses or delays", ("policies/",)),
    ("Duties, order of care and conditions", ("duties/", "order_of_care/", "conditions/", "often_said/")),
    ("Descriptions of therapies", ("therapies/",)),
    ("Instruments, intake and body map", ("instruments/", "intake/", "body_map/")),
)
"""Groups of files, the riskiest first; a file is of the first group that names it, and of the last if none does."""


_LONGEST = 240


def risk_of(row: Row) -> int:
    """The place of a row's group in `RISKS`."""
    for index, (_, names) in enumerate(RISKS):
        if any(name in row.file for name in names):
            return index
    return len(RISKS) - 1


def awaiting_page(rows: Iterable[Row], sources: Sources) -> Iterator[Block]:
    """What no source confirmed: each row with its place, ranked by what a mistake in it would do."""
    grouped: dict[int, list[Row]] = defaultdict(list)
    total = 0
    for row in rows:
        total += 1
        if row.mark == "unverified":
            grouped[risk_of(row)].append(row)
    count = sum(len(found) for found in grouped.values())
    yield title("What awaits confirmation")
    yield text(
        f"{count:,} of {total:,} cited rows were not confirmed by a source that somebody read. They may warn, defer or"
        " refuse; none of them permits anything. A named clinician can adopt one for a clinic, with a reason."
    )
    for index in sorted(grouped):
        yield part(RISKS[index][0])
        found = sorted(grouped[index], key=lambda row: (row.file, row.line or 0))
        yield table(
            f"{len(found)} rows", ("Where", "What it says", "Named source"), (_awaiting(row, sources) for row in found)
        )


def _awaiting(row: Row, sources: Sources) -> tuple[Cell, ...]:
    named = NO_SOURCE if row.source == NO_SOURCE else source_title(row.source, sources)
    named = "none found" if named == NO_SOURCE else named
    return row.id, shorten(row.says, _LONGEST, placeholder=" …"), f"{named}; {row.locator}" if row.locator else named


def sources_page(rows: Iterable[Row], sources: Sources) -> Iterator[Block]:
    """Every source: who issued it, when, where it was read, and how many rows rest on it."""
    used = Counter(row.source for row in rows)
    yield title("Sources")
    yield text("Every document that a value names. The address is where it was read.")
    named = sorted((id for id in sources if id != NO_SOURCE), key=lambda name: (-used[name], name))
    for heading, chosen in (
        ("Cited", [id for id in named if used[id]]),
        ("Listed and not cited", [id for id in named if not used[id]]),
    ):
        if chosen:
            yield part(heading)
            yield table(
                f"{len(chosen)} sources",
                ("Id", "Title", "Issuer", "Date", "Read at", "Rows"),
                (
                    (id, sources[id].title, sources[id].issuer, sources[id].year, sources[id].url, str(used[id]))
                    for id in chosen
                ),
            )
