"""FHIR dates to `When` and back. Local days are those written in the text; nothing is converted to another zone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from levamen.adapters.fhir_types import Period, Quantity, Range
from levamen.record.timeline import When, add_months, month_of, year_of

_TEXT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
FIRST_YEAR, LAST_YEAR = 1850, 2199  # as in a chart; 9999-12-31 and 0001-01-01 are stand-ins, not dates


class BadDateError(ValueError):
    """A text that is no date of FHIR, or a date that does not exist."""


def when(text: str | None) -> When | None:
    """A FHIR date, dateTime or instant; absent stays absent. Raises BadDateError.

    A time without an offset is no instant: its day is kept and the time is not. Seconds may be left out and 60
    (a leap second) is read as 59, because both occur in real exports.
    """
    if text is None:
        return None
    found = _TEXT.fullmatch(text)
    if found is None:
        raise BadDateError(f"'{text}' is not a date")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError
        if month is None:
            return year_of(int(year))
        if day is None:
            return month_of(int(year), int(month))
        local = date(int(year), int(month), int(day))
        if hour is None:
            return When(local, local)
        micros = int((fraction or "0")[:6].ljust(6, "0"))
        at = datetime(
            local.year, local.month, local.day, int(hour), int(minute), min(int(second or 0), 59), micros, _zone(offset)
        )
    except (ValueError, OverflowError):
        raise BadDateError(f"'{text}' is not a date") from None
    if int(second or 0) > 60:
        raise BadDateError(f"'{text}' is not a date")
    return When(local, local, at) if offset else When(local, local)


def _zone(offset: str | None) -> timezone:
    if offset is None or offset in ("Z", "+00:00", "-00:00"):
        return timezone.utc  # noqa: UP017 - one object for all, and the same type as other offsets
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(span if offset[0] == "+" else -span)


def choice(
    text: str | None, age: Quantity | None, period: Period | None, ages: Range | None, birth: When | None
) -> When | None:
    """One date of a choice of dateTime, Age, Period and Range of ages. Ages need a birth date; else absent.

    A Period says within what time something happened: the result may be any day of it. A Period without an end
    gives its start, which is all that it states.
    """
    if text is not None:
        return when(text)
    if period is not None:
        start, end = when(period.start), when(period.end)
        if start is not None and end is not None and start.first <= end.last:
            return When(start.first, end.last, start.at if start == end else None)
        return start
    if birth is not None and age is not None:
        return _at_age(birth, age, age)
    if birth is not None and ages is not None and ages.low is not None and ages.high is not None:
        return _at_age(birth, ages.low, ages.high)
    return None


def _at_age(birth: When, low: Quantity, high: Quantity) -> When | None:
    months = {"a": 12, "mo": 1}
    if low.value is None or high.value is None or low.code not in months or high.code not in months:
        return None
    if low.comparator or high.comparator or not 0 <= low.value <= high.value <= 150 * (12 // months[high.code]):
        return None
    first = add_months(birth.first, int(low.value * months[low.code]))
    last = add_months(birth.last, int(high.value * months[high.code]) + months[high.code]) - timedelta(days=1)
    return When(first, max(first, last))


def text_of(moment: When | None) -> str | None:
    """The FHIR dateTime for a moment, if FHIR has one: an instant with offset, a day, a month or a year."""
    if moment is None:
        return None
    written = str(moment)
    if moment.at is not None and moment.at.tzinfo is not None:
        written = moment.at.isoformat()
    try:
        return written if when(written) == moment else None
    except BadDateError:
        return None
