"""The page of coverage: which policy speaks of which therapy, which fields are sourced, how well things are known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from levamen.criteria.nodes import MARKS
from levamen.emit.pages.blocks import EMPTY, Block, Cell, Link, item, part, table, text, title
from levamen.emit.pages.comparison import spoken
from levamen.emit.words import MARK_WORDS, capital
from levamen.knowledge.inventory import Row
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.therapies.rows import FIELDS, Therapy
from levamen.record import codes

SPEAKS = "speaks"
_NOT_OURS = ("hold-profile",)


def coverage_page(knowledge: Knowledge, described: Mapping[str, Therapy], rows: Iterable[Row]) -> Iterator[Block]:
    """Therapy by policy, fields by therapy, marks by room."""
    yield title("What is covered, and how well it is known")
    policies = sorted(knowledge.policies.values(), key=lambda policy: policy.title)
    speaking = {id: {policy.id for policy, _ in spoken(policies, id)} for id in codes.ids("therapies")}
    therapies = [id for id in codes.ids("therapies") if id in described or speaking[id]]
    yield part("Descriptions: fields with a source, and fields for which none was found")
    yield _fields(therapies, described)
    yield part("Therapies and the policies that speak of them")
    yield text(f"{EMPTY} is silence: an encoded policy has no rule on that therapy. Silence is not opposition.")
    yield _matrix(therapies, policies, speaking)
    yield part("Policies named in the vocabulary without a rule here")
    yield text("No text of them was found that states a rule, or they stand in a table of their own (holds, labels).")
    for id in codes.ids("policies"):
        row = codes.entry("policies", id)
        if id not in knowledge.policies and row.get("kind") not in _NOT_OURS:
            yield item(str(row.get("title", id)))
    yield part("How well it is known")
    yield marks_block(rows)


def _fields(therapies: Sequence[str], described: Mapping[str, Therapy]) -> Block:
    def row(id: str) -> tuple[Cell, ...]:
        name = therapy_link(id)
        found = described.get(id)
        if found is None:
            return name, "not described", "", ""
        missing = ", ".join(field.replace("_", " ") for field in found.none_found)
        marks = "/".join(str(found.marks[mark]) for mark in MARKS)
        return name, f"{len(found.sourced)} of {len(FIELDS)}", missing or "none", marks

    total = sum(len(found.sourced) for found in described.values())
    of = len(FIELDS) * len(described)
    return table(
        f"{len(described)} therapies described; {total} of {of} fields sourced, {of - total} without a source",
        ("Therapy", "Fields sourced", "No source found", f"Rows: {'/'.join(MARKS)}"),
        (row(id) for id in therapies),
    )


def _matrix(therapies: Sequence[str], policies: Sequence[Policy], speaking: Mapping[str, set[str]]) -> Block:
    header: list[Cell] = ["Therapy", *(Link(policy.id, f"policies/{policy.id}") for policy in policies)]
    cells: list[list[Cell]] = [
        [therapy_link(id), *(SPEAKS if policy.id in speaking[id] else EMPTY for policy in policies)] for id in therapies
    ]
    count = sum(len(speaking[id]) for id in therapies)
    return table(f"{len(therapies)} therapies, {len(policies)} policies, {count} pairs encoded", header, cells)


def marks_block(rows: Iterable[Row]) -> Block:
    """The share of each mark, by room."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.room][row.mark] += 1
    shown = [mark for mark in MARKS if any(count[mark] for count in counts.values())]
    return table(
        "Cited rows by mark",
        ("Room", *(capital(MARK_WORDS.get(mark, "read in the issuer's own text")) for mark in shown), "All"),
        (
            (
                capital(room.replace("_", " ")),
                *(f"{count[mark]} ({round(100 * count[mark] / count.total())} %)" for mark in shown),
                str(count.total()),
            )
            for room, count in sorted(counts.items())
        ),
    )


def therapy_link(id: str) -> Link:
    return Link(codes.label("therapies", id), f"therapies/{id}")
