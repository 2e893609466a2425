"""What a procedure did: gains in per cent, exactly, in the order in which they were measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
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
    """A procedure with its gains as seen at one moment. `best_*` is the best of all samples, `last_*` the latest."""

    relief_samples: tuple[Sample, ...] = ()
    function_samples: tuple[Sample, ...] = ()
    best_relief: Interval | None = None
    last_relief: Interval | None = None
    best_function: Interval | None = None
    last_function: Interval | None = None
    function_recorded: bool = False


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
    relief = tuple(row.sample for row in relief_rows(procedure, as_of, on))
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
        relief_samples=relief,
        function_samples=function,
        best_relief=_best(relief),
        last_relief=_last(relief),
        best_function=_best(function),
        last_function=_last(function),
        function_recorded=bool(function),
    )


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
