"""Dates that may be partial, durations in clinical units, and calendar arithmetic.

Nothing here asks what day it is: every date comes from the record or from the caller.
Months and years are calendar months and years, clamped to the end of a shorter month
(31 August plus six months is 28 or 29 February; the anniversary of 29 February is 28 February).
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

DurationUnit = Literal["hours", "days", "weeks", "months", "years"]
DURATION_UNITS: tuple[DurationUnit, ...] = ("hours", "days", "weeks", "months", "years")


class When(Struct, frozen=True):
    """A point in time as a record states it: an instant, a day, a month or a year.

    `first` and `last` are the earliest and latest local calendar day it can be; `at` is the
    instant where one was given.
    """

    first: date
    last: date
    at: datetime | None = None

    @classmethod
    def on(cls, day: date) -> When:
        return cls(day, day)

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        if self.at is not None:
            return self.at.isoformat()
        if self.exact:
            return self.first.isoformat()
        if self == month_of(self.first.year, self.first.month):
            return self.first.strftime("%Y-%m")
        if self == year_of(self.first.year):
            return self.first.strftime("%Y")
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


def known_by(when: When, as_of: date | datetime) -> bool:
    """Whether a moment is not after `as_of`. A date stands for its whole day; instants are compared as instants."""
    if isinstance(as_of, datetime):
        return when.at <= as_of if when.at is not None else when.first <= as_of.date()
    return when.first <= as_of


class Duration(Struct, frozen=True):
    """A length of time in the unit its source uses; months are never turned into days."""

    amount: Decimal
    unit: DurationUnit

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"


def month_of(year: int, month: int) -> When:
    """The whole month, as a partial date."""
    return When(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def year_of(year: int) -> When:
    """The whole year, as a partial date."""
    return When(date(year, 1, 1), date(year, 12, 31))


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of that month if it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def after(day: date, duration: Duration) -> date:
    """The day on which `duration` has passed since `day`. Hours round up to whole days."""
    amount = duration.amount
    match duration.unit:
        case "years":
            return add_months(day, int(amount * 12))
        case "months":
            return add_months(day, int(amount))
        case "weeks":
            return day + timedelta(days=int(amount * 7))
        case "days":
            return day + timedelta(days=int(amount))
        case "hours":
            return day + timedelta(days=-(-int(amount) // 24))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Local midnight that begins `day`, in UTC: two instants of one zone would be subtracted by the wall clock."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


class Lapse(Struct, frozen=True):
    """Time from one moment to another, each known to lie between two bounds.

    Days are inclusive bounds of the local calendar day. `start_at` and `end_at` are bounds as
    instants, present where an hour-based limit can be tested. `end_last` absent means the end is open.
    """

    start_first: date
    start_last: date
    end_first: date
    end_last: date | None
    start_at: tuple[datetime, datetime] | None = None
    end_at: tuple[datetime, datetime] | None = None

    def against(self, limit: Duration) -> tuple[int, int]:
        """Signs of (shortest - limit, longest - limit): -1 shorter, 0 equal, 1 longer."""
        if limit.unit == "hours" and self.start_at is not None and self.end_at is not None:
            span = Fraction(limit.amount) * 3600
            shortest = Fraction((self.end_at[0] - self.start_at[1]) // timedelta(seconds=1))
            longest = Fraction((self.end_at[1] - self.start_at[0]) // timedelta(seconds=1))
            return sign(shortest - span), sign(longest - span)
        shortest_end = after(self.start_last, limit)
        longest_end = after(self.start_first, limit)
        low = sign_of_days(self.end_first, shortest_end)
        high = 1 if self.end_last is None else sign_of_days(self.end_last, longest_end)
        return low, max(low, high)

    def __str__(self) -> str:
        low = (self.end_first - self.start_last).days
        if self.end_last is None:
            return f"{max(low, 0)} days or more"
        high = (self.end_last - self.start_first).days
        return f"{high} days" if low == high else f"{max(low, 0)} to {high} days"


def sign(number: Fraction) -> int:
    """-1, 0 or 1."""
    return (number > 0) - (number < 0)


def sign_of_days(day: date, other: date) -> int:
    """-1 if `day` is before `other`, 0 if equal, 1 if after."""
    return (day > other) - (day < other)


class Interval(Struct, frozen=True):
    """A number known to lie in [low, high]; `high` absent means no upper bound."""

    low: Fraction
    high: Fraction | None

    @classmethod
    def exactly(cls, number: int | Decimal | Fraction) -> Interval:
        value = Fraction(number)
        return cls(value, value)

    def against(self, limit: Decimal) -> tuple[int, int]:
        """Signs of (low - limit, high - limit)."""
        bound = Fraction(limit)
        return sign(self.low - bound), 1 if self.high is None else sign(self.high - bound)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        if self.high is None:
            return f"{plain(self.low)} or more"
        return plain(self.low) if self.exact else f"{plain(self.low)} to {plain(self.high)}"


def plain(number: Fraction) -> str:
    """A fraction as a person writes it: whole, or to one decimal for display (never for comparing)."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.1f}"


class Sample(Struct, frozen=True):
    """A gain measured after a procedure, in per cent of the value before it: positive is better."""

    when: When
    gain: Interval
