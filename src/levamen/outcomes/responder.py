"""Who responded: criteria, each yes, no or unknown, and the suggested composite of them. Unknown is not no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.derive.mme import Ordered
from levamen.derive.periods import Moment, closed, done, number
from levamen.derive.views import seen
from levamen.knowledge.response_tables import Composite, Level, ResponseTables
from levamen.outcomes.answer import Answer, Word, any_of, at_least, hull, reaches
from levamen.outcomes.function_change import InstrumentChange, changes
from levamen.outcomes.measured import Measured, higher_is_better, scores_of, value_of
from levamen.outcomes.opioid_change import OpioidChange, opioid_change
from levamen.outcomes.place import kind_of, purpose_of
from levamen.outcomes.relief_time import End
from levamen.outcomes.visits import DueVisit, pain_at
from levamen.record import codes
from levamen.record.facts import Event, Goal, Procedure, Record, Score
from levamen.record.timeline import Interval, known_by

_NOT_MEASURED = "not measured in the window"
_TREATS = frozenset(
    {"injection", "block", "ablation", "stimulation", "drug-delivery", "augmentation", "disc", "surgery"}
)
_NO_HARM = frozenset(
    {"surgery", "repeat-procedure", "rescue-procedure", "return-to-work", "death", "lost-to-follow-up"}
)
"""Kinds of event that say what came after, and are no harm of the procedure by themselves."""


class VisitResult(Struct, frozen=True, kw_only=True):
    """What one visit says. `levels`: whether relief reached each level. `criteria`: those of the composite.

    `composite`: the suggested composite with pain at each level that it names, by the level's id.
    """

    visit: DueVisit
    pain: Interval | None
    levels: tuple[Answer, ...]
    function: tuple[InstrumentChange, ...]
    opioid: OpioidChange | None
    criteria: tuple[Answer, ...]
    composite: tuple[Answer, ...]


class Course(Struct, frozen=True, kw_only=True):
    """What every visit of one procedure looks at, read once."""

    record: Record
    procedure: Procedure
    moment: Moment
    tables: ResponseTables
    rows: tuple[Measured, ...]
    watch: tuple[End, ...]
    orders: Ordered


def visit_result(course: Course, visit: DueVisit) -> VisitResult:
    """Everything of one visit."""
    pain, read = pain_at(visit, course.rows)
    levels = tuple(_level(pain, read, level) for level in course.tables.levels)
    function = changes(course.record, course.procedure, visit, course.moment)
    opioid = _opioid(course, visit)
    composite = course.tables.composite
    criteria = (
        _function(function, composite),
        _impression(course, visit),
        _opioid_answer(opioid, composite),
        _work_or_goal(course, visit),
        harmless(course, visit.last),
        _alone(course, visit.last),
    )
    return VisitResult(
        visit=visit,
        pain=pain,
        levels=levels,
        function=function,
        opioid=opioid,
        criteria=criteria,
        composite=tuple(together(level, criteria, composite) for level in levels if level.id in composite.levels),
    )


def _level(pain: Interval | None, read: tuple[str, ...], level: Level) -> Answer:
    word = reaches(pain, level.limit)
    return Answer(id=level.says.id, word=word, reason=_why(pain), value=pain, read=read, cites=level.says.cites)


def _why(pain: Interval | None) -> str:
    if pain is None:
        return _NOT_MEASURED
    return "" if pain.exact else "measurements of the window differ, or one is a range or has no value"


def together(pain: Answer, criteria: Sequence[Answer], composite: Composite) -> Answer:
    """The suggested composite with one level of pain: enough of its parts, and nothing that speaks against it."""
    *parts, harmless_, alone = criteria
    gains = (pain, *parts)
    sure = sum(answer.word == "yes" for answer in gains)
    perhaps = sure + sum(answer.word == "unknown" for answer in gains)
    against = {harmless_.word, alone.word}
    word: Word = "unknown"
    if perhaps < composite.needs or "no" in against:
        word = "no"
    elif sure >= composite.needs and against == {"yes"}:
        word = "yes"
    told = f"{sure} surely, {perhaps} at most; {composite.needs} asked"
    return Answer(id=f"composite-with-{pain.id}", word=word, reason=told, cites=composite.says.cites)


def _function(found: Sequence[InstrumentChange], composite: Composite) -> Answer:
    told = {row.instrument: row for row in found if row.instrument in composite.function and row.points is not None}
    words = [at_least(row.points, composite.function[name]) for name, row in told.items()]
    names = ", ".join(codes.label("instruments", name) for name in told)
    return Answer(
        id="function",
        word=any_of(words),
        reason=f"by {names}" if told else "none of its instruments was measured before and at the visit",
        read=tuple(dict.fromkeys(id for row in told.values() for id in row.read)),
        cites=composite.says.cites,
    )


def _impression(course: Course, visit: DueVisit) -> Answer:
    rows = _in_window(course, visit, "pgic")
    value = hull(found for row in rows if (found := value_of(row)) is not None)
    return Answer(
        id="global-impression",
        word=at_least(value, course.tables.composite.pgic, "<="),
        reason="" if value is not None else _NOT_MEASURED,
        value=value,
        read=tuple(row.id for row in rows),
        cites=course.tables.composite.says.cites,
    )


def _in_window(course: Course, visit: DueVisit, instrument: str) -> list[Score]:
    return [
        row
        for row in scores_of(course.record, course.procedure, course.moment)
        if row.instrument == instrument and row.date is not None and visit.holds(row.date)
    ]


def _opioid(course: Course, visit: DueVisit) -> OpioidChange | None:
    """The change at the visit; None before its window opens, and where the watch ended before."""
    start = course.procedure.start
    if start is None or visit.state in ("not due", "ended"):
        return None
    on = min(visit.due, course.moment.as_of)
    percent = course.tables.composite.opioid_percent
    return opioid_change(course.record, course.orders, start.first, on, course.moment, percent)


def _opioid_answer(found: OpioidChange | None, composite: Composite) -> Answer:
    if found is None:
        return Answer(id="opioid-dose", word="unknown", reason=_NOT_MEASURED, cites=composite.says.cites)
    told = f"{number(found.less)} % less" if found.less is not None else found.reason
    return Answer(id="opioid-dose", word=found.halved, reason=told, cites=composite.says.cites)


def _work_or_goal(course: Course, visit: DueVisit) -> Answer:
    """Back at work by the end of the window, or a goal with a measured target reached in it."""
    facts = [fact for fact in course.record.facts if seen(fact, course.moment.known)]
    start = course.procedure.start
    back = [
        fact.id
        for fact in facts
        if isinstance(fact, Event) and fact.kind == "return-to-work" and fact.procedure in (None, course.procedure.id)
        if fact.date is not None
        and start is not None
        and start.last <= fact.date.first
        and fact.date.last <= visit.last
    ]
    goals = [(fact, _goal(course, visit, fact)) for fact in facts if isinstance(fact, Goal)]
    word = any_of(["yes"] if back else [found for _, found in goals] or ["unknown"])
    if not back and word == "no":
        word = "unknown"  # whether the patient is back at work was not asked
    reached = [goal.id for goal, found in goals if found == "yes"]
    return Answer(
        id="work-or-goal",
        word=word,
        reason="" if word == "yes" else "no return to work is recorded, and no goal is measured as met",
        read=(*back, *reached),
        cites=course.tables.composite.says.cites,
    )


def _goal(course: Course, visit: DueVisit, goal: Goal) -> Word:
    if goal.measure is None or not isinstance(goal.target, Decimal):
        return "unknown"
    value = hull(found for row in _in_window(course, visit, goal.measure) if (found := value_of(row)) is not None)
    return at_least(value, goal.target, ">=" if higher_is_better(goal.measure) else "<=")


def harms(course: Course) -> tuple[Event, ...]:
    """The events recorded of the procedure, in the order of their days."""
    found = [
        fact
        for fact in course.record.facts
        if isinstance(fact, Event)
        and fact.procedure == course.procedure.id
        and fact.kind not in _NO_HARM
        and seen(fact, course.moment.known)
    ]
    return tuple(sorted(found, key=lambda fact: (fact.date.first if fact.date is not None else date.max, fact.id)))


def harms_closed(course: Course, until: date) -> bool:
    """Whether the record is declared to hold every event from the procedure to a day: none recorded is then none."""
    return events_closed(course.record, course.procedure, course.moment, until)


def events_closed(record: Record, procedure: Procedure, moment: Moment, until: date) -> bool:
    """The same of a record as known at a moment."""
    start = procedure.start
    return start is not None and any(
        entry.speaks_of("events", None, None)
        and entry.start is not None
        and entry.start.last <= start.first
        and entry.end is not None
        and entry.end.first >= until
        for entry in record.completeness
        if entry.recorded is None or known_by(entry.recorded, moment.known)
    )


def harmless(course: Course, until: date) -> Answer:
    """Whether no serious adverse event happened by a day. None recorded is not none, unless the record is complete."""
    until = min(until, course.moment.as_of)
    serious = course.tables.composite.serious
    found = [fact for fact in harms(course) if fact.date is None or fact.date.first <= until]
    grave = [fact for fact in found if fact.severity in serious and fact.date is not None and fact.date.last <= until]
    open_ = [fact for fact in found if fact.severity is None or (fact.severity in serious and fact not in grave)]
    if grave:
        told = ", ".join(codes.title(fact.kind or "") for fact in grave)
        return _answer("no-serious-event", "no", told, course, tuple(fact.id for fact in grave))
    if course.procedure.complications or open_:
        told = "how severe an event was is not recorded"
        return _answer("no-serious-event", "unknown", told, course, tuple(fact.id for fact in open_))
    if harms_closed(course, until):
        return _answer("no-serious-event", "yes", "asked, and none", course)
    return _answer("no-serious-event", "unknown", "none recorded; that all were asked for is not declared", course)


def _alone(course: Course, until: date) -> Answer:
    """Whether no repeat or rescue procedure, and no surgery, came by a day."""
    until = min(until, course.moment.as_of)
    surely = [end for end in course.watch if end.kind != "death" and end.sure and end.day.last <= until]
    perhaps = [end for end in course.watch if end.kind != "death" and not end.sure and end.day.first <= until]
    others = tuple(_others(course, until))
    if surely:
        told = ", ".join(f"{end.kind.replace('-', ' ')} {end.day}" for end in surely)
        return _answer("no-repeat-or-rescue", "no", told, course, _ids(surely))
    if perhaps or others:
        told = "whether another procedure was a rescue is not recorded"
        return _answer("no-repeat-or-rescue", "unknown", told, course, (*_ids(perhaps), *others))
    start = course.procedure.start
    if start is not None and closed(course.record, start.first, course.moment):
        return _answer("no-repeat-or-rescue", "yes", "none", course)
    return _answer("no-repeat-or-rescue", "unknown", "the procedures are not declared to be all", course)


def _others(course: Course, until: date) -> Iterable[str]:
    """Other treatments near the place after the procedure: any may have been a rescue."""
    start = course.procedure.start
    known = {end.id for end in course.watch}
    for row in done(course.record, course.moment):
        other = row.procedure
        if other.id == course.procedure.id or other.id in known or start is None or other.start is None:
            continue
        treats = kind_of(other) in _TREATS and purpose_of(other) != "diagnostic"
        if not treats or not start.last < other.start.first <= until:
            continue
        if None in (other.region, course.procedure.region) or course.procedure.region == other.region:
            yield other.id


def _ids(found: Sequence[End]) -> tuple[str, ...]:
    return tuple(end.id for end in found if end.id is not None)


def _answer(id: str, word: Word, reason: str, course: Course, read: tuple[str, ...] = ()) -> Answer:
    return Answer(id=id, word=word, reason=reason, read=read, cites=course.tables.composite.says.cites)


def low_baseline(course: Course) -> Fraction | None:
    """The pain before, where it lies below the floor under which a percentage is unsafe."""
    floor = course.tables.floor
    values = [row.before.low for row in course.rows if row.before is not None and row.scale in floor.instruments]
    least = min(values, default=None)
    return least if least is not None and least < Fraction(floor.amount) else None
