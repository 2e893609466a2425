"""The diary of a block: how many hours relief stayed at a level, as a span, and where the diary says nothing.

Between two rows at a level it is read as held, as everywhere (duration of relief); between a row at it and one below,
it was lost at some moment nobody wrote down. Hours are counted between instants: a change of the clock adds none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Limit
from levamen.outcomes.answer import Word, hull, reaches
from levamen.outcomes.measured import Measured
from levamen.record.timeline import Interval, When, start_of_day

_HOUR = Fraction(3600)


class Point(Struct, frozen=True, kw_only=True):
    """What one instant of the diary says: the gain, or the span of several written for it."""

    at: datetime
    gain: Interval
    blank: bool


class Gap(Struct, frozen=True, kw_only=True):
    """A time without a row, in hours after the block (or after the first row, where its time is not recorded)."""

    first: Fraction
    last: Fraction


def points(rows: Sequence[Measured]) -> tuple[Point, ...]:
    """The rows that state an instant, one point an instant, in order. Rows of a day alone cannot be placed."""
    by_time: dict[datetime, list[Measured]] = {}
    for row in rows:
        if row.sample.when.at is not None:
            by_time.setdefault(row.sample.when.at.astimezone(UTC), []).append(row)
    found = []
    for at, same in sorted(by_time.items()):
        gain = hull(row.sample.gain for row in same)
        assert gain is not None  # noqa: S101 - each instant has a row
        found.append(Point(at=at, gain=gain, blank=all(row.blank for row in same)))
    return tuple(found)


def bounds(when: When, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The earliest and the latest instant that a moment can be, in UTC."""
    if when.at is not None:
        return when.at.astimezone(UTC), when.at.astimezone(UTC)
    return start_of_day(when.first, zone), start_of_day(when.last + timedelta(days=1), zone)


def hours_between(one: datetime, other: datetime) -> Fraction:
    """Elapsed hours between two instants in UTC."""
    return Fraction((other - one) // timedelta(microseconds=1), 1_000_000) / _HOUR


def hours_at(
    diary: Sequence[Point], level: Limit, start: When | None, ended: When | None, zone: ZoneInfo
) -> Interval | None:
    """Hours at or above a level; open above where it was never seen to end. None without a single placed row."""
    if not diary or all(point.blank for point in diary):
        return None
    words = [reaches(point.gain, level) for point in diary]
    low = high = Fraction(0)
    if start is not None and words[0] != "no":
        high += max(hours_between(bounds(start, zone)[0], diary[0].at), Fraction(0))
    for index in range(len(diary) - 1):
        length = hours_between(diary[index].at, diary[index + 1].at)
        pair = {words[index], words[index + 1]}
        if pair == {"yes"}:
            low += length
        if pair != {"no"}:
            high += length
    if words[-1] == "no":
        return Interval(low, high)
    if ended is None:
        return Interval(low, None)
    first, last = (max(hours_between(diary[-1].at, end), Fraction(0)) for end in bounds(ended, zone))
    return Interval(low + (first if words[-1] == "yes" else 0), high + last)


def area(diary: Sequence[Point]) -> Fraction | None:
    """Per cent times hours under the rows, by trapezoids: a description. None unless every row is exact."""
    if len(diary) < 2 or any(point.blank or not point.gain.exact for point in diary):
        return None
    return sum(
        ((one.gain.low + other.gain.low) / 2 * hours_between(one.at, other.at) for one, other in pairwise(diary)),
        Fraction(0),
    )


def gaps(diary: Sequence[Point], start: When | None, every: Decimal, until: Decimal) -> tuple[Gap, ...]:
    """The times longer than `every` hours without a row, within `until` hours of the block."""
    if not diary:
        return ()
    zero = start.at.astimezone(UTC) if start is not None and start.at is not None else diary[0].at
    written = [Fraction(0), *(hours_between(zero, point.at) for point in diary if point.at >= zero), Fraction(until)]
    times = sorted({time for time in written if time <= Fraction(until)})
    return tuple(Gap(first=one, last=other) for one, other in pairwise(times) if other - one > Fraction(every))


def reached(diary: Sequence[Point], level: Limit, after: datetime | None, until: datetime | None) -> Word | None:
    """Whether a row in a span of time reaches a level; None where the span holds no row with a value."""
    inside = [
        reaches(point.gain, level)
        for point in diary
        if not point.blank and (after is None or point.at > after) and (until is None or point.at <= until)
    ]
    if not inside:
        return None
    return "yes" if "yes" in inside else "unknown" if "unknown" in inside else "no"
