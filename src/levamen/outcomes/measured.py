"""Gains after a procedure, wherever the record has them: its own rows of relief, and scores of its index pain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct

from levamen.derive.index_pain import candidates
from levamen.derive.periods import Moment
from levamen.derive.relief import best_gain, last_gain, relief_rows
from levamen.derive.scores import score as scored
from levamen.derive.views import seen
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.outcomes.answer import hull
from levamen.record import codes
from levamen.record.facts import Pain, Procedure, Record, Request, Score
from levamen.record.timeline import Interval, Sample, When
from levamen.text.tree import UnusableInput

PAIN_SCALES = frozenset({"nrs", "nrs-worst", "nrs-average", "nrs-least", "vas-mm", "verbal-rating"})


class Measured(Struct, frozen=True, kw_only=True):
    """A gain in per cent: `origin` is the id of the fact it stands in, `scale` its instrument where it has one.

    `blank`: there is a row, and no value in it: any gain there can be.
    """

    sample: Sample
    origin: str
    scale: str | None = None
    before: Interval | None = None
    after: Interval | None = None
    blank: bool = False


class Baseline(Struct, frozen=True, kw_only=True):
    """The value before a procedure. `same_day`: of its day and without a time, read as before it."""

    value: Interval
    when: When
    version: str | None
    read: tuple[str, ...]
    same_day: bool = False


def index_pains(record: Record, procedure: Procedure, moment: Moment) -> tuple[Pain, ...]:
    """The pains the procedure may have been for: one where the record decides."""
    pains = [fact for fact in record.facts if isinstance(fact, Pain) and seen(fact, moment.known)]
    asked = Request(
        id=procedure.id,
        therapy=procedure.therapy,
        pain=procedure.pain,
        region=procedure.region,
        side=procedure.side,
    )
    return candidates(pains, asked)


def scores_of(record: Record, procedure: Procedure, moment: Moment) -> tuple[Score, ...]:
    """The scores as known that surely concern the procedure's pain; of other instruments every score of the person."""
    pains = index_pains(record, procedure, moment)
    every = [fact for fact in record.facts if isinstance(fact, Pain) and seen(fact, moment.known)]
    index = pains[0].id if len(pains) == 1 else None
    found = []
    for fact in record.facts:
        if not isinstance(fact, Score) or fact.date is None or not seen(fact, moment.known):
            continue
        if fact.date.first > moment.on:
            continue
        if fact.pain is not None:
            keep = fact.pain == index
        elif fact.instrument in PAIN_SCALES:
            keep = len(every) <= 1
        else:
            keep = True
        if keep:
            found.append(fact)
    return tuple(sorted(found, key=lambda row: (_day(row).first, _day(row).last, row.id)))


def _day(row: Score) -> When:
    assert row.date is not None  # noqa: S101 - scores without a day were left out
    return row.date


def value_of(row: Score) -> Interval | None:
    """The value stated, else what the answers give; None where there is neither."""
    if row.value is not None:
        return Interval.exactly(row.value)
    if not row.answers or row.instrument not in instrument_ids():
        return None
    try:
        found = scored(instrument(row.instrument), row.answers).value
    except UnusableInput:
        return None
    return Interval.exactly(found) if found is not None else None


def surely_before(one: When, other: When) -> bool:
    """Whether a moment is before another whatever is not known of either."""
    if one.at is not None and other.at is not None:
        return one.at < other.at
    return one.last < other.first


def baseline(rows: Iterable[Score], start: When) -> Baseline | None:
    """The latest value of one instrument before the procedure; of several of one day, the span of them."""
    known = [(row, found) for row in rows if (found := value_of(row)) is not None]
    before = [(row, value) for row, value in known if surely_before(_day(row), start)]
    same = [(row, value) for row, value in known if _may_be_before(_day(row), start)]
    last = max((_day(row).last for row, _ in before), default=None)
    latest = [(row, value) for row, value in before if _day(row).last == last]
    chosen = [*latest, *same]
    value = hull(found for _, found in chosen)
    if value is None:
        return None
    versions = {row.version for row, _ in chosen}
    return Baseline(
        value=value,
        when=_day(chosen[-1][0]),
        version=versions.pop() if len(versions) == 1 else "several",
        read=tuple(row.id for row, _ in chosen),
        same_day=bool(same),
    )


def _may_be_before(one: When, start: When) -> bool:
    return not surely_before(one, start) and not surely_before(start, one) and one.last <= start.last


def improvement(before: Interval, after: Interval, *, higher_is_better: bool = False) -> Interval | None:
    """The gain in per cent of the value before, over every value that either can have; None where before may be 0."""
    ends = [
        _percent(Fraction(b), Fraction(a), higher_is_better)
        for b in (before.low, before.high)
        for a in (after.low, after.high)
        if b is not None and a is not None
    ]
    if any(end is None for end in ends) or before.low <= 0:
        return None
    known = [end for end in ends if end is not None]
    return Interval(min(known), max(known)) if known else None


def _percent(before: Fraction, after: Fraction, higher_is_better: bool) -> Fraction | None:
    if before == 0:
        return None
    return (after - before if higher_is_better else before - after) / before * 100


def higher_is_better(id: str | None) -> bool:
    """Which way an instrument points."""
    return bool(id) and codes.entry("instruments", str(id)).get("direction") == "higher-better"


def own_rows(procedure: Procedure, moment: Moment) -> tuple[Measured, ...]:
    """The rows of the procedure itself, in the order of time."""
    found = [
        Measured(
            sample=row.sample,
            origin=procedure.id,
            scale=row.entry.scale,
            before=Interval.exactly(row.entry.before) if row.entry.before is not None else None,
            after=Interval.exactly(row.entry.after) if row.entry.after is not None else None,
            blank=row.entry.percent is None and None in (row.entry.before, row.entry.after),
        )
        for row in relief_rows(procedure, moment.known, moment.on)
    ]
    return tuple(sorted(found, key=order))


def gains(record: Record, procedure: Procedure, moment: Moment) -> tuple[Measured, ...]:
    """Every gain in pain after a procedure as known, in the order of time."""
    found = list(own_rows(procedure, moment))
    if procedure.start is not None:
        found += _from_scores(scores_of(record, procedure, moment), procedure.start)
    return tuple(sorted(found, key=order))


def _from_scores(rows: Sequence[Score], start: When) -> Iterable[Measured]:
    for name in sorted(PAIN_SCALES):
        same = [row for row in rows if row.instrument == name]
        base = baseline(same, start)
        for row in same:
            value = value_of(row)
            if base is None or value is None or not surely_before(start, _day(row)) or row.version != base.version:
                continue
            percent = improvement(base.value, value)
            if percent is not None:
                yield Measured(
                    sample=Sample(_day(row), percent), origin=row.id, scale=name, before=base.value, after=value
                )


def order(row: Measured) -> tuple[date, float, Fraction, str]:
    """By time; a day without a time comes before the times of that day; then by value, so that order never matters."""
    when = row.sample.when
    at = when.at.timestamp() if isinstance(when.at, datetime) else float("-inf")
    return when.last, at, row.sample.gain.low, row.origin


def best(rows: Sequence[Measured]) -> Interval | None:
    """The highest gain, as a span where something leaves it open; None where none was measured."""
    return best_gain(tuple(row.sample for row in rows))


def last(rows: Sequence[Measured]) -> Interval | None:
    """The latest gain; of several at one moment the span of them; None where the latest has no value."""
    return last_gain(tuple(row.sample for row in rows))
