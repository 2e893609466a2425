"""What a procedure did: gains in per cent, exactly, in the order in which they were measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.record import codes
from levamen.record.facts import FunctionChange, Procedure, Relief
from levamen.record.timeline import Interval, Sample, When, known_by

NOT_MEASURED = Interval(Fraction(-100), Fraction(100))
"""The relief of an entry that has a moment and no value: any there can be. Dropped, it would hide a loss or a best."""

_FUNCTION_NOT_MEASURED = Interval(Fraction(-100), None)


class Treatment(Procedure, frozen=True, kw_only=True):
    """A procedure with its gains as seen at one moment. `best_*` is the best of all samples, `last_*` the latest.

    Samples of one stated moment are one, the span of them. `contradictions`: for a field or a series, the answers that
    differ for one hour and leave it open, in words.
    """

    relief_samples: tuple[Sample, ...] = ()
    function_samples: tuple[Sample, ...] = ()
    best_relief: Interval | None = None
    last_relief: Interval | None = None
    best_function: Interval | None = None
    last_function: Interval | None = None
    function_recorded: bool = False
    contradictions: tuple[tuple[str, str], ...] = ()


def known_technique(technique: str | None) -> str | None:
    """The technique, unless all that is recorded is "radiofrequency": that never means thermal."""
    return None if technique == "radiofrequency" else technique


def foramina_of(procedure: Procedure) -> frozenset[str]:
    """The foramina named; of a transforaminal injection given by interspaces, the foramina at those interspaces."""
    if procedure.foramina or procedure.approach != "transforaminal":
        return procedure.foramina
    return procedure.interspaces & frozenset(codes.ids("foramina"))


def gain(before: Decimal, after: Decimal, *, higher_is_better: bool = False) -> Interval | None:
    """(before - after) / before in per cent, exact; None where before is 0 (nothing can be gained of nothing)."""
    if before == 0:
        return None
    change = Fraction(after) - Fraction(before) if higher_is_better else Fraction(before) - Fraction(after)
    return Interval.exactly(change / Fraction(before) * 100)


def treatment(procedure: Procedure, as_of: date | datetime, on: date | None = None) -> Treatment:
    """The procedure with the gains known as of a moment (a date: the end of that day), measured by the day `on`."""
    start = procedure.start
    known_function = [entry for entry in procedure.function if _known(entry, as_of)]
    rows = relief_rows(procedure, as_of, on)
    relief = tuple(row.sample for row in rows)
    function = _samples(((entry.at or start, _function(entry)) for entry in known_function), as_of, on)
    fields = {name: getattr(procedure, name) for name in Procedure.__struct_fields__}
    fields["technique"] = known_technique(procedure.technique)
    fields["foramina"] = foramina_of(procedure)
    end = procedure.end
    fields["end"] = end if end is not None and known_by(end, as_of) else None
    ended = procedure.relief_ended
    fields["relief_ended"] = ended if ended is not None and _happened(ended, as_of, on) else None
    return Treatment(
        **fields,
        relief_samples=one_a_moment(relief),
        function_samples=function,
        best_relief=best_gain(relief),
        last_relief=last_gain(relief),
        best_function=_best(function),
        last_function=_last(function),
        function_recorded=bool(function),
        contradictions=tuple(_contradictions(rows)),
    )


def _contradictions(rows: Sequence[ReliefRow]) -> Iterable[tuple[str, str]]:
    """What each value hangs on: of the best, the contradictions that may hold it; of the last, that of its moment."""
    found = contradictions(rows)
    best = best_gain(tuple(row.sample for row in rows))
    for name, those in (
        ("relief", found),
        ("best_relief", [one for one in found if best is not None and one.may_exceed(best.low)]),
        ("last_relief", [one for one in found if one.when == rows[-1].sample.when]),
    ):
        if those:
            yield name, "; ".join(map(str, those))


class Contradiction(Struct, frozen=True):
    """Rows of one hour that tell different gains: facts of equal standing, none of which is preferred."""

    when: When
    rows: tuple[ReliefRow, ...]

    def may_exceed(self, gain: Fraction) -> bool:
        """Whether one of the answers lies above a gain."""
        return any(row.sample.gain.high is None or row.sample.gain.high > gain for row in self.rows)

    def __str__(self) -> str:
        """`which relief at 09:00 on 9 Mar 2026 holds: 8 before and 1 after (telephone) or 8 before and 6 after (…)`."""
        told = " or ".join(dict.fromkeys(_told(row) for row in self.rows))
        at = self.when.at
        assert at is not None  # noqa: S101 - only rows with an hour contradict one another
        return f"which relief at {at:%H:%M} on {at.day} {at:%b %Y} holds: {told}"


def _told(row: ReliefRow) -> str:
    entry = row.entry
    said = [f"{entry.before} before and {entry.after} after"] if None not in (entry.before, entry.after) else []
    if entry.percent is not None:
        low, high = entry.percent.low, entry.percent.high
        said.append(f"{_written(low)} %" if low == high or high is None else f"{_written(low)} to {_written(high)} %")
    value = ", ".join(said)
    by = ", ".join(part for part in (entry.source, entry.author) if part)
    return f"{value} ({by if by else 'who told it is not recorded'})"


def _written(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def contradictions(rows: Sequence[ReliefRow]) -> tuple[Contradiction, ...]:
    """The hours for which rows tell different gains, in the order of time. A day alone is no hour: it has many."""
    by_time: dict[datetime, list[ReliefRow]] = {}
    for row in rows:
        if row.sample.when.at is not None and not _blank(row.sample):
            by_time.setdefault(row.sample.when.at.astimezone(UTC), []).append(row)
    return tuple(
        Contradiction(same[0].sample.when, tuple(sorted(same, key=_by_value)))
        for _, same in sorted(by_time.items())
        if len({row.sample.gain for row in same}) > 1
    )


def _by_value(row: ReliefRow) -> tuple[Fraction, str, str]:
    return -row.sample.gain.low, row.entry.source or "", row.entry.author or ""


class ReliefRow(Struct, frozen=True):
    """A row of relief as written, with the gain it says and when."""

    entry: Relief
    sample: Sample


def relief_rows(procedure: Procedure, as_of: date | datetime, on: date | None = None) -> tuple[ReliefRow, ...]:
    """The rows of relief as known, by their moments; a row without a moment is of the day of the procedure."""
    found = []
    for entry in procedure.relief:
        when, value = entry.at or procedure.start, gain_of(entry)
        if _known(entry, as_of) and when is not None and value is not None and _happened(when, as_of, on):
            found.append(ReliefRow(entry, Sample(when, value)))
    return tuple(sorted(found, key=lambda row: _moment(row.sample)))


def gain_of(entry: Relief) -> Interval | None:
    """The relief of an entry in per cent; None where nothing is said of it.

    Of scores and a stated percentage that disagree, the hull: both are kept, and a test between them is open."""
    if entry.percent is None and (entry.before is None or entry.after is None):
        return NOT_MEASURED if entry.at is not None else None
    scored = gain(entry.before, entry.after) if entry.before is not None and entry.after is not None else None
    if scored is None or entry.percent is None:
        return scored or entry.percent
    high = max(scored.low, entry.percent.high if entry.percent.high is not None else scored.low)
    return Interval(min(scored.low, entry.percent.low), high)


def _function(entry: FunctionChange) -> Interval | None:
    if entry.before is None or entry.after is None or entry.instrument is None:
        return _FUNCTION_NOT_MEASURED if entry.at is not None else None
    direction = codes.entry("instruments", entry.instrument).get("direction")
    return gain(entry.before, entry.after, higher_is_better=direction == "higher-better")


def _samples(
    entries: Iterable[tuple[When | None, Interval | None]], as_of: date | datetime, on: date | None
) -> tuple[Sample, ...]:
    found = [
        Sample(when, value)
        for when, value in entries
        if when is not None and value is not None and _happened(when, as_of, on)
    ]
    return tuple(sorted(found, key=_moment))


def _happened(when: When, as_of: date | datetime, on: date | None) -> bool:
    return known_by(when, as_of) and (on is None or when.first <= on)


def _known(entry: Relief | FunctionChange, as_of: date | datetime) -> bool:
    return entry.recorded is None or known_by(entry.recorded, as_of)


def _moment(sample: Sample) -> tuple[date, float]:
    """The order of samples; one of a day without a time comes before those of that day with a time."""
    when: When = sample.when
    return when.last, when.at.timestamp() if when.at is not None else float("-inf")


def _blank(sample: Sample) -> bool:
    return sample.gain in (NOT_MEASURED, _FUNCTION_NOT_MEASURED)


def one_a_moment(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Samples of one stated moment as one, whose gain is the span of theirs: of what differs, none is preferred.

    A sample without a value contradicts nobody and stays by itself.
    """
    found: dict[tuple[object, bool], Sample] = {}
    for sample in samples:
        blank = _blank(sample)
        key = (_instant(sample), blank)
        held = found.get(key)
        found[key] = sample if held is None else Sample(held.when, _span(held.gain, sample.gain))
    return tuple(found.values())


def _instant(sample: Sample) -> object:
    when = sample.when
    return when.at.astimezone(UTC) if when.at is not None else (when.first, when.last)


def _span(one: Interval, other: Interval) -> Interval:
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return Interval(min(one.low, other.low), high)


def best_gain(samples: Sequence[Sample]) -> Interval | None:
    """The highest gain of relief, as a span where something leaves it open; None where none was measured.

    Answers that differ for one hour leave it open between them. Rows that give the day alone are of different hours.
    """
    timed = one_a_moment(sample for sample in samples if sample.when.at is not None)
    return _best((*timed, *(sample for sample in samples if sample.when.at is None)))


def last_gain(samples: Sequence[Sample]) -> Interval | None:
    """The latest gain; of several at one moment the span of them; None where the latest has no value."""
    if not samples:
        return None
    end = max(samples, key=_moment)
    same = one_a_moment(sample for sample in samples if _instant(sample) == _instant(end))
    return None if any(map(_blank, same)) else same[0].gain


def _last(samples: tuple[Sample, ...]) -> Interval | None:
    """The latest gain; None where none was measured, or the latest entry has no value."""
    return samples[-1].gain if samples and not _blank(samples[-1]) else None


def _best(samples: tuple[Sample, ...]) -> Interval | None:
    """The highest gain; where gains are ranges, the range the highest can lie in."""
    if all(_blank(sample) for sample in samples):
        return None
    low = max(sample.gain.low for sample in samples)
    highs = [sample.gain.high for sample in samples]
    return Interval(low, None if None in highs else max(high for high in highs if high is not None))
