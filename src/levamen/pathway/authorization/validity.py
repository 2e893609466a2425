"""How long evidence holds: what runs out by the service date, and the last service date that time alone allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.dates import candidates
from levamen.criteria.nodes import Answered, Facts, Limit, walk
from levamen.criteria.reference import evaluate_criterion
from levamen.criteria.situation import Situation
from levamen.pathway.answers import CriterionAnswer
from levamen.record.facts import called
from levamen.record.timeline import after

_DAY = timedelta(days=1)


class Expiry(Struct, frozen=True, kw_only=True):
    """Evidence that is good now and not on the service date any more. `last` is the last day on which it is."""

    what: str
    last: date
    fact: str | None = None


def holds_until(answer: CriterionAnswer, situation: Situation) -> date | None:
    """The last service date at which a criterion stays as it should be if only time passes; None: no such end."""
    for day in candidates(answer.criterion.says, situation):
        if not _good(answer, situation, day):
            return day - _DAY
    return None


def expiries(answer: CriterionAnswer, situation: Situation) -> tuple[Expiry, ...]:
    """What the criterion rests on today and no longer on the service date, by its own limits of age and windows."""
    found = list(dict.fromkeys(_aged(answer, situation)))
    if not found and (last := _lapsed(answer, situation)) is not None:
        found.append(Expiry(what=answer.id.replace("-", " "), last=last))
    return tuple(found)


def _good(answer: CriterionAnswer, situation: Situation, on: date) -> bool:
    status = evaluate_criterion(answer.criterion, replace(situation, on=on)).status
    return status == ("not_met" if answer.part == "exclusion" else "met")


def _lapsed(answer: CriterionAnswer, situation: Situation) -> date | None:
    """The last day on which a criterion that fails on the service date, and is good today, still is."""
    if answer.reason == "contractor" or situation.on <= situation.as_of:
        return None
    now = replace(situation, on=situation.as_of)
    if _good(answer, situation, situation.on) or not _good(answer, now, now.on):
        return None
    return holds_until(answer, now)


def _aged(answer: CriterionAnswer, situation: Situation) -> Iterator[Expiry]:
    """Facts and answers that are fresh today and older than their `max_age` on the service date."""
    read = set(answer.outcome.all_read())
    for part in walk(answer.criterion.says):
        if isinstance(part, Facts) and part.max_age is not None:
            for row in situation.views.get(part.kind, ()):
                if row.fact.id in read and row.fact.day is not None:
                    yield from _until(called(row.fact), row.fact.day.first, part.max_age, situation, row.fact.id)
            for entry in situation.completeness:
                if entry.kind == situation.closing.get(part.kind, part.kind) and entry.reviewed is not None:
                    yield from _until(f"review of {entry.kind}", entry.reviewed.first, part.max_age, situation)
        if isinstance(part, Answered) and part.max_age is not None:
            for entry in situation.completeness:
                if entry.kind == part.question and entry.asked is not None:
                    yield from _until(f"answer on {entry.kind}", entry.asked.first, part.max_age, situation)


def _until(what: str, day: date, max_age: Limit, situation: Situation, fact: str | None = None) -> Iterator[Expiry]:
    last = after(day, max_age.length)
    if situation.as_of <= last < situation.on:
        yield Expiry(what=what, last=last, fact=fact)
