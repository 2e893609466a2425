"""A fact of the chart as evidence: what it is, what it says, its day, who wrote it where, and the words to quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import (
    Course,
    Document,
    Evaluation,
    Fact,
    Finding,
    Lab,
    Medication,
    Pain,
    Problem,
    Procedure,
    Record,
    Relief,
    Score,
    Target,
    called,
)
from levamen.record.timeline import When, plain

_LEVELS = ("joints", "interspaces", "vertebrae", "roots", "foramina", "nerves", "muscles")


class Evidence(Struct, frozen=True, kw_only=True):
    """One fact read. `value` is what it says in words; absent fields were not recorded. `note` is the chart's own text.

    `fact` is its id in the chart; of a declaration of completeness it is the kind that was declared.
    """

    fact: str
    section: str
    name: str
    value: str
    day: When | None = None
    recorded: When | None = None
    author: str | None = None
    source: str | None = None
    note: str | None = None


def evidence_of(record: Record, ids: Iterable[str]) -> tuple[Evidence, ...]:
    """The facts of these ids in the order given; a part of the same plan that was asked for counts as a fact too."""
    held: dict[str, Fact] = {fact.id: fact for fact in (*record.requests, *record.facts)}
    return tuple(evidence(held[id]) for id in dict.fromkeys(ids) if id in held)


def evidence(fact: Fact) -> Evidence:
    """One fact."""
    author = fact.author or (codes.label("roles", fact.by) if isinstance(fact, Evaluation) and fact.by else None)
    return Evidence(
        fact=fact.id,
        section=fact.section,
        name=called(fact),
        value="; ".join(part for part in _says(fact) if part),
        day=fact.day,
        recorded=fact.recorded,
        author=author,
        source=fact.source,
        note=fact.note or (fact.text if isinstance(fact, Document) else None),
    )


def declaration(entry: Completeness) -> Evidence:
    """A statement that the record is complete, or of what was asked: what an absence rests on."""
    day = entry.asked or entry.reviewed or entry.end
    if entry.asked is not None:
        value = f"asked; the answer was {entry.answer or 'not recorded'}"
    elif entry.reviewed is not None:
        value = "the list was gone through and is complete"
    else:
        value = f"the record holds all of them from {entry.start} to {entry.end}"
    narrowed = [codes.title(word) for word in (entry.therapy, entry.region) if word is not None]
    return Evidence(
        fact=entry.kind,
        section="completeness",
        name=" ".join([codes.title(entry.kind), *(f"({word})" for word in narrowed)]),
        value=value,
        day=day,
        recorded=entry.recorded,
        author=entry.author,
        source=entry.source,
        note=entry.note,
    )


def _says(fact: Fact) -> Iterator[str]:
    """What a fact says beyond its name and day."""
    match fact:
        case Pain():
            for word in (fact.side, fact.pattern, fact.mechanism, fact.course):
                yield codes.title(word) if word else ""
            yield f"since {moment(fact.since)}" if fact.since is not None else ""
        case Problem():
            yield f"ICD-10-CM {fact.icd10}" if fact.icd10 else ""
            yield from _place(fact)
            yield from (word for word in (fact.status, fact.verification) if word)
        case Finding():
            yield codes.title(fact.method) if fact.method else ""
            yield from _place(fact)
            yield {True: "present", False: "absent"}.get(fact.present, "") if fact.present is not None else ""
            yield _amount(fact.value, fact.unit)
        case Course():
            yield _span(fact.start, fact.end)
            yield f"{fact.sessions} sessions" if fact.sessions is not None else ""
            yield from _came_of_it(fact)
        case Medication():
            yield " ".join(part for part in (fact.dose, f"every {fact.every}" if fact.every else None) if part)
            yield _span(fact.start, fact.end)
            yield from _came_of_it(fact)
        case Score():
            answered = sum(answer is not None for answer in fact.answers)
            yield f"{fact.value:f}" if fact.value is not None else f"{answered} of {len(fact.answers)} items answered"
        case Lab():
            yield _amount(fact.value, fact.unit)
        case Procedure():
            yield from _procedure(fact)
        case Evaluation():
            yield fact.conclusion or ""
            yield f"on {fact.about_criterion.replace('-', ' ')}" if fact.about_criterion else ""
        case Document(status=str(said)):
            yield codes.label("document_statuses", said)
        case _:
            for name in ("kind", "model", "reaction", "severity", "text"):
                word = getattr(fact, name, None)
                yield codes.title(word) if isinstance(word, str) and not isinstance(fact, Document) else ""


def _procedure(fact: Procedure) -> Iterator[str]:
    yield from _place(fact)
    yield fact.purpose or ""
    yield from (codes.title(word) for word in (fact.technique, fact.approach, fact.lead) if word)
    yield f"guided by {codes.title(fact.guidance)}" if fact.guidance else ""
    yield from (" ".join(filter(None, (codes.title(a.drug), a.concentration, a.volume, a.dose))) for a in fact.agents)
    yield from (_relief(row) for row in fact.relief)
    for change in fact.function:
        if change.before is not None and change.after is not None and change.instrument:
            yield f"{codes.title(change.instrument)} {change.before:f} before, {change.after:f} after{_at(change.at)}"
    yield f"relief ended {moment(fact.relief_ended)}" if fact.relief_ended is not None else ""
    yield f"complications: {', '.join(fact.complications)}" if fact.complications else ""


def _relief(row: Relief) -> str:
    if row.before is not None and row.after is not None:
        scale = codes.title(row.scale) if row.scale else "score"
        return f"{scale} {row.before:f} before, {row.after:f} after{_at(row.at)}"
    if row.percent is not None:
        top = row.percent.high
        high = f" to {plain(top)}" if top is not None and top != row.percent.low else ""
        return f"relief {plain(row.percent.low)}{high} per cent{_at(row.at)}"
    return ""


def _at(when: When | None) -> str:
    return f" ({moment(when)})" if when is not None else ""


def moment(when: When) -> str:
    """A day as ISO, with the clock on the wall where the record has one; a partial date as it was written."""
    return f"{when.first.isoformat()} {when.at:%H:%M}" if when.at is not None else str(when)


def _place(fact: Target) -> Iterator[str]:
    yield codes.title(fact.side) if fact.side else ""
    levels = [level for name in _LEVELS for level in sorted(getattr(fact, name))]
    yield ", ".join(codes.title(level) for level in levels)
    if not levels:
        yield from (codes.title(word) for word in (fact.joint, fact.site, fact.region) if word)


def _came_of_it(fact: Any) -> Iterator[str]:
    yield f"response: {codes.title(fact.response)}" if fact.response else "response not recorded"
    yield f"stopped: {codes.title(fact.stopped_because)}" if fact.stopped_because else ""


def _span(start: When | None, end: When | None) -> str:
    if start is None and end is None:
        return ""
    return f"{moment(start) if start else 'start not recorded'} to {moment(end) if end else 'now'}"


def _amount(value: Any, unit: str | None) -> str:
    return f"{value} {unit or ''}".strip() if value is not None else ""
