"""How function changed: each instrument by itself, against every change that a source calls important; no blend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from levamen.derive.periods import Moment
from levamen.derive.views import seen
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import Change
from levamen.outcomes.answer import Word, hull
from levamen.outcomes.measured import (
    PAIN_SCALES,
    baseline,
    higher_is_better,
    scores_of,
    surely_before,
    value_of,
)
from levamen.outcomes.visits import DueVisit
from levamen.record import codes
from levamen.record.facts import FunctionChange, Procedure, Record, Score
from levamen.record.timeline import Interval, When, known_by

_NO_FUNCTION = PAIN_SCALES | {"percent-relief", "pgic", "mme", "goal-attainment", "sure"}


class ChangeAnswer(Struct, frozen=True, kw_only=True):
    """One published important change, and whether it was reached. A span of published values: its two ends differ."""

    change: Change
    word: Word


class InstrumentChange(Struct, frozen=True, kw_only=True):
    """The change of one instrument: `points` better (positive) or worse. `reason` says why there is none."""

    instrument: str
    before: Interval | None = None
    after: Interval | None = None
    points: Interval | None = None
    percent: Interval | None = None
    answers: tuple[ChangeAnswer, ...] = ()
    reason: str = ""
    read: tuple[str, ...] = ()


class _Pair(Struct, frozen=True, kw_only=True):
    before: Interval
    after: Interval
    read: tuple[str, ...]


def changes(record: Record, procedure: Procedure, visit: DueVisit, moment: Moment) -> tuple[InstrumentChange, ...]:
    """Every instrument that was asked before the procedure or at the visit, by id."""
    if procedure.start is None:
        return ()
    scores = [row for row in scores_of(record, procedure, moment) if row.instrument not in _NO_FUNCTION]
    names = {row.instrument for row in scores if row.instrument is not None}
    own = [row for row in procedure.function if row.instrument is not None and _known(row, moment)]
    names |= {row.instrument for row in own if row.instrument is not None}
    found = []
    for name in sorted(names):
        of_name = [row for row in scores if row.instrument == name]
        pairs = [*_from_scores(of_name, procedure.start, visit), *_from_rows(own, name, procedure, visit)]
        versions = "two editions of the form are not compared" if _editions(of_name, visit) else ""
        found.append(_change(name, pairs, versions or _lacking(of_name, procedure.start, visit)))
    return tuple(found)


def _known(row: FunctionChange, moment: Moment) -> bool:
    told = row.recorded or row.at
    return told is None or (known_by(told, moment.known) and told.first <= moment.on)


def _editions(rows: Sequence[Score], visit: DueVisit) -> bool:
    return len({row.version for row in rows}) > 1 and any(
        row.date is not None and visit.may_hold(row.date) for row in rows
    )


def _lacking(rows: Sequence[Score], start: When, visit: DueVisit) -> str:
    base = baseline(rows, start)
    at_visit = any(row.date is not None and visit.holds(row.date) and value_of(row) is not None for row in rows)
    if base is None:
        return "no value before the procedure" if at_visit else "no value before the procedure or at the visit"
    return "" if at_visit else "no value at the visit"


def _from_scores(rows: Sequence[Score], start: When, visit: DueVisit) -> Iterable[_Pair]:
    base = baseline(rows, start)
    if base is None:
        return
    for row in rows:
        value = value_of(row)
        if row.date is None or value is None or row.version != base.version or not surely_before(start, row.date):
            continue
        if visit.holds(row.date):
            yield _Pair(before=base.value, after=value, read=(*base.read, row.id))


def _from_rows(rows: Iterable[FunctionChange], name: str, procedure: Procedure, visit: DueVisit) -> Iterable[_Pair]:
    for row in rows:
        if row.instrument != name or row.at is None or not visit.holds(row.at):
            continue
        if row.before is not None and row.after is not None:
            yield _Pair(before=Interval.exactly(row.before), after=Interval.exactly(row.after), read=(procedure.id,))


def _change(name: str, pairs: Sequence[_Pair], reason: str) -> InstrumentChange:
    if not pairs or reason.startswith("two editions"):
        return InstrumentChange(instrument=name, reason=reason or "no value at the visit")
    up = higher_is_better(name)
    before, after = hull(pair.before for pair in pairs), hull(pair.after for pair in pairs)
    points = hull(_points(pair, up) for pair in pairs)
    percent = hull(found for pair in pairs if (found := _percent(pair, up)) is not None)
    changes = instrument(name).changes if name in instrument_ids() else ()
    return InstrumentChange(
        instrument=name,
        before=before,
        after=after,
        points=points,
        percent=percent,
        answers=tuple(ChangeAnswer(change=row, word=_reached(row, points, percent)) for row in changes),
        reason="" if changes else f"no source found for an important change of {codes.label('instruments', name)}",
        read=tuple(dict.fromkeys(id for pair in pairs for id in pair.read)),
    )


def _points(pair: _Pair, up: bool) -> Interval:
    one, other = (pair.after, pair.before) if up else (pair.before, pair.after)
    assert one.high is not None and other.high is not None  # noqa: S101, PT018 - scores are bounded
    return Interval(one.low - other.high, one.high - other.low)


def _percent(pair: _Pair, up: bool) -> Interval | None:
    if pair.before.low <= 0 or pair.before.high is None:
        return None
    points = _points(pair, up)
    if pair.before.exact:
        base = Fraction(pair.before.low)
        return Interval(points.low / base * 100, points.high / base * 100 if points.high is not None else None)
    ends = [
        (other - one if up else one - other) / one * 100
        for one in (pair.before.low, pair.before.high)
        for other in (pair.after.low, pair.after.high or pair.after.low)
    ]
    return Interval(min(ends), max(ends))


def _reached(row: Change, points: Interval | None, percent: Interval | None) -> Word:
    value = points if row.unit == "points" else percent
    if value is None or value.high is None:
        return "unknown"
    if value.low >= Fraction(row.most):
        return "yes"
    return "no" if value.high < Fraction(row.least) else "unknown"


def seen_instruments(record: Record, procedure: Procedure, moment: Moment) -> tuple[str, ...]:
    """The instruments of function that were asked before the procedure, by id: those to ask again."""
    start = procedure.start
    names = {
        row.instrument
        for row in scores_of(record, procedure, moment)
        if start is not None and row.instrument not in _NO_FUNCTION and row.date is not None
        if row.date.first <= start.last and seen(row, moment.known)
    }
    names |= {row.instrument for row in procedure.function}
    return tuple(sorted(name for name in names if name is not None))
