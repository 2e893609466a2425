"""Quantities: the interval each can be, under each reading of the facts it is taken from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any as Anything

from msgspec import Struct

from levamen.criteria.nodes import (
    Accumulated,
    Count,
    Elapsed,
    Field,
    Held,
    Limit,
    Number,
    Operator,
    Quantity,
    Streak,
)
from levamen.criteria.outcome import Missing
from levamen.criteria.select import Judge, Member, Selected, select
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Status
from levamen.record.facts import called
from levamen.record.timeline import Duration, Interval, Lapse, Sample, When, start_of_day


class Measure(Struct, frozen=True):
    """A quantity under one reading; without a `value` it is not known at all. `missing` is what would make it exact."""

    value: Interval | Lapse | None
    missing: tuple[Missing, ...] = ()
    read: tuple[str, ...] = ()


def test(value: Interval | Lapse, operator: Operator, amount: Decimal | Duration) -> Status:
    """An interval against an amount: met in all of it, not met in all of it, or undecided."""
    if isinstance(value, Lapse) != isinstance(amount, Duration):
        raise TypeError(f"{value} cannot be compared with {amount}")
    low, high = value.against(amount)  # type: ignore[arg-type]  # the kinds were just matched
    surely, surely_not = {
        ">=": (low >= 0, high < 0),
        ">": (low > 0, high <= 0),
        "<=": (high <= 0, low > 0),
        "<": (high < 0, low >= 0),
        "==": (low == high == 0, low > 0 or high < 0),
    }[operator]
    return "met" if surely else "not_met" if surely_not else "unknown"


def measure(quantity: Quantity, situation: Situation, it: Anything, judge: Judge) -> tuple[Measure, ...]:
    """The quantity under every reading."""
    match quantity:
        case Count(facts, per):
            return tuple(_count(reading, per) for reading in select(facts, situation, judge))
        case Streak(facts):
            return tuple(
                measured
                for reading in select(facts, situation, judge)
                for measured in _streak(reading, quantity, situation, judge)
            )
        case Accumulated(facts):
            return tuple(_accumulated(reading, situation) for reading in select(facts, situation, judge))
        case Elapsed(since, until):
            return (_elapsed(since, until, situation, it),)
        case Number(field):
            return (_number(field, situation, it),)
        case Held(series, level):
            return (_held(series, level, situation, it),)


def field_value(field: Field, situation: Situation, it: Anything) -> Anything:
    """What a field holds; None where nothing is said. An empty set says nothing."""
    holder = it if field.of == "it" else getattr(situation, field.of)
    for name in field.name.split("."):
        if holder is None:
            return None
        holder = holder.get(name) if isinstance(holder, dict) else getattr(holder, name)
    if field == _REQUESTED_DRUGS:
        return holder
    return None if holder in (frozenset(), (), "unknown") else holder


_REQUESTED_DRUGS = Field("subject", "drugs")
"""A request holds what is asked for: a drug that it does not name is not requested, and that is known."""


_CALLED = {
    "injected": "list of drugs injected",
    "scored_by": "CHA2DS2-VASc or CHADS2 score",
    "cha2ds2_vasc": "CHA2DS2-VASc score",
    "chads2": "CHADS2 score",
    "rheumatic_valve": "whether a rheumatic valve is the cause",
}
"""What is missing, where the name of the field says little."""


def field_missing(field: Field, situation: Situation, it: Anything) -> Missing:
    """The missing fact for a field that says nothing."""
    last = field.name.split(".")[-1]
    name = _CALLED.get(last, last.replace("_", " "))
    match field.of:
        case "it":
            return Missing(kind=type(it).section, what=f"{name} of {called(it)}", reason="value_missing", fact=it.id)
        case "subject":
            return Missing(
                kind="request",
                what=f"{name} of the request",
                reason="value_missing",
                fact=situation.subject.id,
            )
        case _:
            return Missing(kind=field.of, what=f"{name} of the {field.of}", reason="value_missing")


def facts_read(members: tuple[Member, ...]) -> tuple[str, ...]:
    return tuple(member.fact.id for member in members)


def _count(reading: Selected, per: str) -> Measure:
    if per == "fact":
        low, high = len(reading.sure), len(reading.members)
    else:
        low, high = _sessions(reading.sure)[0], _sessions(reading.members)[1]
    bound = None if reading.gap is not None else Fraction(high)
    return Measure(Interval(Fraction(low), bound), reading.open_questions(), facts_read(reading.members))


def _sessions(members: tuple[Member, ...]) -> tuple[int, int]:
    """Fewest and most different sessions: facts of one day are one, and so is what one declared session holds.

    A fact whose day is not known exactly may be of any session in its time, or one of its own.
    """
    exact = [member.fact for member in members if member.fact.day is not None and member.fact.day.exact]
    days = {fact.day.first for fact in exact}
    known = {getattr(fact, "session", None) for fact in exact} - {None}
    spans: list[When | None] = []
    for member in members:
        session, day = getattr(member.fact, "session", None), member.fact.day
        if (day is not None and day.exact) or (session is not None and session in known):
            continue
        if session is not None:
            known.add(session)
        spans.append(day)
    dated = [span for span in spans if span is not None]
    apart = sum(
        1
        for index, span in enumerate(dated)
        if not any(span.first <= day <= span.last for day in days)
        and not any(other.first <= span.last and span.first <= other.last for other in dated[:index])
    )
    low = len(days) + apart
    return (max(low, 1) if members else 0), len(days) + len(spans)


def _streak(reading: Selected, streak: Streak, situation: Situation, judge: Judge) -> tuple[Measure, ...]:
    """Counted back from the most recent; an undecided fact ends what is sure, not what is possible."""
    ordered = sorted(
        reading.members, key=lambda member: member.fact.day.last if member.fact.day else date.min, reverse=True
    )
    judged = [(member, judge(streak.that, situation, member.fact)) for member in ordered]
    found = []
    leniencies = (True, False) if any(outcome.status == "ambiguous" for _, outcome in judged) else (True,)
    for lenient in leniencies:
        low = high = 0
        sure = broken = False
        sure = True
        missing: dict[Missing, None] = {}
        for member, outcome in judged:
            status = outcome.status
            if status == "ambiguous":
                status = "met" if lenient else "not_met"
            if member.certain and status == "not_met":
                broken = True
                break
            if member.certain and status == "met":
                high += 1
                low += 1 if sure else 0
                continue
            if status == "not_met":  # perhaps one of them: if it is, the row ends here
                sure = False
                missing.update(dict.fromkeys(member.missing))
                continue
            sure = False
            high += 1
            missing.update(dict.fromkeys((*member.missing, *outcome.all_missing())))
        bound: Fraction | None = Fraction(high)
        if reading.gap is not None and not broken:
            bound = None
            missing[reading.gap] = None
        found.append(Measure(Interval(Fraction(low), bound), tuple(missing), facts_read(reading.members)))
    return tuple(found)


def _accumulated(reading: Selected, situation: Situation) -> Measure:
    sure = [_course(member.fact, situation) for member in reading.sure if member.fact.start is not None]
    every = [_course(member.fact, situation) for member in reading.members if member.fact.start is not None]
    anchor = min((course[0] for course in every), default=situation.on)
    low = _days_covered([(start_last, end_first) for _, start_last, end_first, _ in sure])
    missing = list(reading.open_questions())
    high: int | None = None
    undated = [member for member in reading.members if member.fact.start is None]
    for member in sorted(reading.members, key=lambda member: member.fact.id):
        lacking = "start" if member.fact.start is None else "end" if member.fact.end is None else None
        if lacking is not None:
            what = f"when the courses of {called(member.fact)} began and ended"
            missing.append(
                Missing(kind=type(member.fact).section, what=what, reason="value_missing", fact=member.fact.id)
            )
            break
    if reading.gap is None and not undated:
        high = _days_covered([(start_first, end_last) for start_first, _, _, end_last in every])
    end_last = None if high is None else anchor + timedelta(days=max(low, high))
    lapse = Lapse(anchor, anchor, anchor + timedelta(days=low), end_last)
    return Measure(lapse, tuple(dict.fromkeys(missing)), facts_read(reading.members))


def _course(course: Anything, situation: Situation) -> tuple[date, date, date, date]:
    """Bounds of start and end. A course without an end was going when recorded, and may go on to the service date.

    One that was stopped on a day nobody wrote down lasted from no time at all to then.
    """
    start: When = course.start
    if course.end is not None:
        return (
            start.first,
            start.last,
            max(course.end.first, start.first),
            min(course.end.last, max(situation.on, course.end.first)),
        )
    recorded = course.recorded.last if course.recorded is not None else situation.recorded
    going = max(start.last, min(recorded or start.last, situation.as_of))
    if getattr(course, "stopped_because", None) is not None:
        return start.first, start.last, start.last, max(going, situation.on)
    return start.first, start.last, going, max(going, situation.on)


def _days_covered(spans: list[tuple[date, date]]) -> int:
    total, reached = 0, date.min
    for start, end in sorted(spans):
        begin = max(start, reached)
        if end > begin:
            total += (end - begin).days
            reached = end
    return total


def _elapsed(since: Field, until: Field | None, situation: Situation, it: Anything) -> Measure:
    start = field_value(since, situation, it)
    if start is None:
        return Measure(None, (field_missing(since, situation, it),))
    end = When.on(situation.on) if until is None else field_value(until, situation, it)
    if end is None:
        assert until is not None  # noqa: S101 - the service date is always there
        return Measure(None, (field_missing(until, situation, it),))
    lapse = Lapse(start.first, start.last, end.first, end.last, _instants(start, situation), _instants(end, situation))
    missing = (
        ()
        if start.exact and end.exact
        else (field_missing(since if not start.exact else until or since, situation, it),)
    )
    read = (it.id,) if since.of == "it" else ()
    return Measure(lapse, missing, read)


def _instants(when: When, situation: Situation) -> tuple[datetime, datetime]:
    if when.at is not None:
        return when.at, when.at
    return start_of_day(when.first, situation.zone), start_of_day(when.last + timedelta(days=1), situation.zone)


def _number(field: Field, situation: Situation, it: Anything) -> Measure:
    value = field_value(field, situation, it)
    read = (it.id,) if field.of == "it" else ()
    if value is None or isinstance(value, str):
        return Measure(None, (field_missing(field, situation, it),), read)
    if isinstance(value, Interval):
        return Measure(value, () if value.exact else (_why_open(field, situation, it),), read)
    if isinstance(value, frozenset | tuple):
        return Measure(Interval.exactly(len(value)), (), read)
    return Measure(Interval.exactly(value), (), read)


def _why_open(field: Field, situation: Situation, it: Anything) -> Missing:
    """What would make a number exact: where answers contradict one another, which of them holds."""
    says = _contradiction(it, field.name) if field.of == "it" else None
    if says is None:
        return field_missing(field, situation, it)
    return Missing(kind=type(it).section, what=says, reason="conflicting", fact=it.id)


def _contradiction(it: Anything, name: str) -> str | None:
    return dict(getattr(it, "contradictions", ())).get(name)


def _held(series: str, level: Limit, situation: Situation, it: Anything) -> Measure:
    """Design 3.1, duration of relief: from the procedure to the loss, to the last score, or to the stated end."""
    samples: tuple[Sample, ...] = getattr(it, f"{series}_samples", ())
    start: When | None = it.start
    if start is None:
        return Measure(None, (field_missing(Field("it", "start"), situation, it),), (it.id,))
    holding, lost, undecided = start.first, None, False
    for sample in samples:
        status = test(sample.gain, level.operator, level.number)
        if status == "not_met":
            lost = sample.when.last - timedelta(days=1)
            break
        if status == "unknown":
            undecided = True
        elif not undecided:
            holding = max(holding, sample.when.first)
    latest = max(situation.on, holding) if lost is None else max(lost, holding)
    ended: When | None = it.relief_ended if series == "relief" else None
    if ended is not None:
        latest = max(min(latest, ended.last), start.first)
        if lost is None and samples and not undecided:
            holding = min(max(holding, ended.first), latest)
        holding = min(holding, latest)
    missing: tuple[Missing, ...] = ()
    if holding != latest:
        what = _SCORES[series]
        after_whom = f"{what} after {called(it)}" if samples == () else f"a later {what[2:]} after {called(it)}"
        missing = (Missing(kind="scores", what=after_whom, reason="value_missing", fact=it.id),)
        says = _contradiction(it, series) if undecided else None
        if says is not None:
            missing = (Missing(kind=type(it).section, what=says, reason="conflicting", fact=it.id), *missing)
    begun, hours = _instants(start, situation)[0], _hours_held(samples, level, start, ended, situation)
    spans = tuple(begun + timedelta(seconds=int(seconds)) for seconds in hours)
    lapse = Lapse(start.first, start.last, holding, latest, (begun, begun), (spans[0], spans[1]))
    return Measure(lapse, missing, (it.id,))


_SCORES = {
    "relief": "a pain score",
    "function": "a function score",
    "ashworth": "an Ashworth score",
    "spasms": "a spasm frequency score",
}
"""What is missing where nobody knows how long a gain lasted."""


def _hours_held(
    samples: tuple[Sample, ...], level: Limit, start: When, ended: When | None, situation: Situation
) -> tuple[float, float]:
    """Seconds that the gain surely lasted, and that it may have: the longest of the measurements in a row.

    A gain that is not measured may be there, and before and after the measurements that show it, it may have been there
    up to those that do not. Nothing measured: from nothing to the service date.
    """
    now = _instants(When.on(situation.on), situation)[1]
    rows = [(_instants(sample.when, situation), test(sample.gain, level.operator, level.number)) for sample in samples]
    if ended is not None:
        rows.append((_instants(ended, situation), "not_met"))
        rows.sort(key=lambda row: row[0][1])
    surely, maybe = 0.0, 0.0
    before = _instants(start, situation)[0]
    first = last = None
    possible = not rows
    for (low, high), status in rows:
        if status == "not_met":
            if possible:
                maybe = max(maybe, (high - before).total_seconds())
            before, first, last, possible = low, None, None, False
            continue
        possible = True
        if status == "met":
            first, last = first or high, low
            surely = max(surely, (last - first).total_seconds())
        else:
            first = last = None
    if possible:
        maybe = max(maybe, (now - before).total_seconds())
    return surely, maybe
