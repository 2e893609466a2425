"""The relief after procedures as a series: a point is one entry of a procedure, joined within that procedure alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from levamen.derive.periods import number
from levamen.derive.relief import NOT_MEASURED, gain_of
from levamen.pathway.trend_series import RELIEF, TrendPoint, TrendSeries, joined, ordered, outermost
from levamen.record.facts import Procedure, Relief
from levamen.record.timeline import Interval, known_by

_WHOLE = (Fraction(0), Fraction(100))


def relief_series(
    procedures: Iterable[Procedure], numbers: Mapping[str, int], known: date | datetime
) -> TrendSeries | None:
    """The relief after procedures, each joined within its own procedure alone; None where none was recorded."""
    points: list[TrendPoint] = []
    for procedure in procedures:
        entries = [
            entry
            for entry in procedure.relief
            if (entry.recorded is None or known_by(entry.recorded, known))
            and ((at := entry.at or procedure.start) is None or known_by(at, known))
        ]
        own = [
            _relief_point(procedure, entry, place, numbers[procedure.id])
            for place, entry in enumerate(entries, start=1)
        ]
        points += joined(ordered(own), ())
    if not points:
        return None
    ends = [end for row in points for end in (row.value, row.low, row.high) if end is not None]
    found = TrendSeries(
        instrument=RELIEF,
        kind="relief",
        title="Relief after procedures",
        direction="higher-better",
        points=ordered(points),
        low=min(*_WHOLE, *ends),
        high=max(*_WHOLE, *ends),
        unit="%",
    )
    return replace(found, latest=outermost(found.points, last=True))


def _relief_point(procedure: Procedure, entry: Relief, place: int, number_: int) -> TrendPoint:
    value = gain_of(entry)
    bare = TrendPoint(
        key=f"{procedure.id}/{place}",
        fact=procedure.id,
        when=entry.at or procedure.start,
        value=None,
        text="not measured",
        procedure=number_,
    )
    if value is None or value == NOT_MEASURED or value.high is None:
        zero = entry.before == Decimal(0)
        reason = "pain was 0 before it: no relief can be told in per cent" if zero else "no value is recorded"
        return replace(bare, reason=reason)
    if value.exact:
        return replace(bare, value=value.low, text=percent(value))
    return replace(bare, low=value.low, high=value.high, text=percent(value))


def percent(value: Interval) -> str:
    """`80 %`, `70 to 80 %`."""
    if value.high is None:
        return f"{number(value.low)} % or more"
    return f"{number(value.low)} %" if value.exact else f"{number(value.low)} to {number(value.high)} %"
