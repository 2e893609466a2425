"""What happened to a patient on the way: procedures, devices put in and taken out, events, numbered for a picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.derive.periods import Moment, done
from levamen.derive.relief import treatment
from levamen.pathway.headline import target_words
from levamen.pathway.trend_relief import percent
from levamen.pathway.trend_series import dated_first
from levamen.record import codes
from levamen.record.facts import Device, Event, Fact, Procedure, Record
from levamen.record.timeline import When, known_by

MarkKind = Literal["procedure", "device", "event"]


class TrendMark(Struct, frozen=True, kw_only=True):
    """A procedure, a device put in or taken out, or an event. `number` is how the picture calls it.

    Not `certain`: aborted, or perhaps only planned. `shown`: its day lies in the time of the picture, at least in part.
    """

    number: int
    kind: MarkKind
    fact: str
    title: str
    when: When | None
    detail: str = ""
    certain: bool = True
    shown: bool = True


def marks_of(record: Record, facts: Iterable[Fact], moment: Moment) -> tuple[TrendMark, ...]:
    """Procedures done, devices put in and taken out, and events, numbered by their days; those without a day last."""
    found = [
        TrendMark(
            number=0,
            kind="procedure",
            fact=row.id,
            title=target_words(row.procedure) or "a procedure that is not named",
            when=row.procedure.start,
            detail=_procedure_detail(row.procedure, moment),
            certain=row.certain,
        )
        for row in done(record, moment)
    ]
    for fact in facts:
        if isinstance(fact, Device):
            title = codes.label("devices", fact.kind) if fact.kind is not None else "device"
            found.append(_mark("device", fact, f"{title} put in", fact.implanted))
            if fact.removed is not None and known_by(fact.removed, moment.known):
                found.append(_mark("device", fact, f"{title} taken out", fact.removed))
        if isinstance(fact, Event):
            title = codes.label("events", fact.kind) if fact.kind is not None else "event"
            found.append(_mark("event", fact, title, fact.date, fact.severity or ""))
    found.sort(key=lambda row: (*dated_first(row.when), row.kind != "procedure", row.fact, row.title))
    return tuple(replace(row, number=place) for place, row in enumerate(found, start=1))


def _mark(kind: MarkKind, fact: Fact, title: str, when: When | None, detail: str = "") -> TrendMark:
    return TrendMark(number=0, kind=kind, fact=fact.id, title=title, when=when, detail=detail)


def _procedure_detail(procedure: Procedure, moment: Moment) -> str:
    """The relief that was measured after it, in words, and whether it was broken off."""
    parts = ["aborted"] if procedure.status == "aborted" else []
    seen_now = treatment(procedure, moment.known)
    best, last = seen_now.best_relief, seen_now.last_relief
    if best is not None:
        parts.append(f"best relief {percent(best)}")
        if last is not None and last != best:
            parts.append(f"last {percent(last)}")
    return ", ".join(parts)
