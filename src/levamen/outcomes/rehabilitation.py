"""Whether rehabilitation began while the relief of an injection held: an injection alone is half of the treatment."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from levamen.derive.periods import Moment
from levamen.derive.views import seen
from levamen.knowledge.response_tables import ResponseTables
from levamen.outcomes.answer import Answer, Word
from levamen.outcomes.place import kind_of, purpose_of
from levamen.outcomes.relief_time import HeldRelief
from levamen.record import codes
from levamen.record.facts import Course, Procedure, Record
from levamen.record.timeline import known_by


class Rehabilitation(Struct, frozen=True, kw_only=True):
    """The answer, and whether there is still time to begin inside the relief. `by`: the end that is expected of it."""

    answer: Answer
    still: bool
    by: date | None = None


def rehabilitation(
    record: Record,
    procedure: Procedure,
    relief: HeldRelief | None,
    expected_end: date | None,
    moment: Moment,
    tables: ResponseTables,
) -> Rehabilitation | None:
    """Of a therapeutic injection or block; None for anything else, and where its day is not recorded.

    `expected_end`: the end of the shortest relief that a source expects. After it relief is taken as still there only
    where a later score says so; without one, only where some score says that there was any.
    """
    if kind_of(procedure) not in ("injection", "block") or purpose_of(procedure) == "diagnostic":
        return None
    start = procedure.start
    if start is None or relief is None:
        return None
    ahead = expected_end is not None and moment.as_of <= expected_end
    seen_held = relief.held_until > (start.last if expected_end is None else expected_end)
    still = relief.state != "lost" and relief.end is None and (ahead or seen_held)
    latest = relief.lost_to if relief.lost_to is not None else moment.as_of
    sure_until = relief.lost_from if relief.lost_from is not None else relief.held_until
    words: dict[str, Word] = {}
    for fact in record.facts:
        if not isinstance(fact, Course) or fact.therapy not in tables.rehabilitation or not seen(fact, moment.known):
            continue
        words[fact.id] = _inside(fact, start.first, start.last, sure_until, latest)
    yes = tuple(id for id, word in words.items() if word == "yes")
    perhaps = tuple(id for id, word in words.items() if word == "unknown")
    cites = tables.rehabilitation_says.cites
    if yes:
        answer = Answer(id="rehabilitation", word="yes", reason=_named(record, yes), read=yes, cites=cites)
    elif perhaps:
        why = f"whether it began while relief held is not known: {_named(record, perhaps)}"
        answer = Answer(id="rehabilitation", word="unknown", reason=why, read=perhaps, cites=cites)
    elif _closed(record, start.first, min(latest, moment.as_of), moment):
        answer = Answer(id="rehabilitation", word="no", reason="none began while relief held", cites=cites)
    else:
        answer = Answer(
            id="rehabilitation", word="unknown", reason="none recorded; the care is not declared to be all", cites=cites
        )
    return Rehabilitation(answer=answer, still=still, by=expected_end if ahead else None)


def _inside(course: Course, first: date, last: date, sure: date, latest: date) -> Word:
    """Whether a course began, or was going on, between the procedure and the end of relief."""
    start, end = course.start, course.end
    if end is not None and end.last < first:
        return "no"
    if start is None:
        return "unknown"
    if start.first > latest:
        return "no"
    if start.last < first:  # begun before: it counts while it goes on
        return "yes" if end is not None and end.first > last else "unknown"
    return "yes" if start.first >= last and start.last <= sure else "unknown"


def _named(record: Record, ids: tuple[str, ...]) -> str:
    found = [fact for fact in record.facts if isinstance(fact, Course) and fact.id in ids]
    return ", ".join(f"{codes.title(fact.therapy or '')} from {fact.start}" for fact in found)


def _closed(record: Record, first: date, until: date, moment: Moment) -> bool:
    return any(
        entry.speaks_of("care", None, None)
        and entry.start is not None
        and entry.start.last <= first
        and entry.end is not None
        and entry.end.first >= until
        for entry in record.completeness
        if entry.recorded is None or known_by(entry.recorded, moment.known)
    )
