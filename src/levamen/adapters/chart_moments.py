"""Dates and times as a chart writes them: a year, a month, a day, a time with or without its offset, or some day
between two (`2025-03-02 to 2025-06-30`)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from levamen.adapters.chart_reading import bad, short
from levamen.record.timeline import When, month_of, year_of

FIRST_YEAR, LAST_YEAR = 1850, 2199
_ONE = r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?"
PATTERN = rf"^({_ONE}|\d{{4}}-\d{{2}}-\d{{2}} to \d{{4}}-\d{{2}}-\d{{2}})$"

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})", re.ASCII)
_FORMS = "write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM"


def read_moment(text: str, zone: ZoneInfo | None) -> When:
    """A date or time as written; a time without offset is local in `zone`. Raises BadValueError."""
    if day := _DAY.fullmatch(text):
        return _partial(text, *day.groups())
    if instant := _INSTANT.fullmatch(text):
        return _instant(text, instant, zone)
    if span := _SPAN.fullmatch(text):
        first, last = (_partial(day, *day.split("-")).first for day in span.groups())
        if last < first:
            raise bad(f"'{text}' runs backwards; write the earlier day first")
        return When(first, last)
    raise bad(f"{short(text)} is no date or time; {_FORMS}")


def _partial(text: str, year: str, month: str | None, day: str | None) -> When:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise bad(f"'{text}' is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if month is None:
        return year_of(int(year))
    if not 1 <= int(month) <= 12:
        raise bad(f"'{text}' has no month {month}; months are 01 to 12")
    if day is None:
        return month_of(int(year), int(month))
    last = month_of(int(year), int(month)).last.day
    if not 1 <= int(day) <= last:
        raise bad(f"'{text}' is no day of the calendar; {year}-{month} has {last} days")
    return When.on(date(int(year), int(month), int(day)))


def _instant(text: str, found: re.Match[str], zone: ZoneInfo | None) -> When:
    day_text, hour, minute, second, fraction, offset = found.groups()
    day = _partial(day_text, *day_text.split("-")).first
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise bad(f"'{text}' is no time of day; hours are 00 to 23, minutes and seconds 00 to 59")
    naive = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - zone next
    naive = naive.replace(microsecond=int((fraction or "0").ljust(6, "0")))
    if offset is None:
        at = _local(naive, text, zone)
    else:
        at = naive.replace(tzinfo=_offset(offset, text)).astimezone(zone or UTC)
    # A fixed offset is kept, not the zone: Python subtracts two times of one zone by the wall clock,
    # which is wrong by an hour across a change of clocks.
    at = at.replace(tzinfo=timezone(at.utcoffset() or timedelta(0)), fold=0)
    return When(at.date(), at.date(), at)


def _offset(offset: str, text: str) -> tzinfo:
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise bad(f"'{text}' has no real offset; offsets lie between -14:00 and +14:00")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if offset[0] == "-" else span)


def _local(naive: datetime, text: str, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        raise bad(f"'{text}' is a time without offset, and a time needs `zone`; give the chart a zone or write {text}Z")
    readings = [naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    back = [reading.astimezone(UTC).astimezone(zone) for reading in readings]
    if readings[0].utcoffset() == readings[1].utcoffset():
        return readings[0]
    choices = " or ".join(reading.isoformat(timespec="minutes") for reading in back)
    happens = "occurs twice" if back[0].replace(tzinfo=None) == naive else "does not exist"
    raise bad(f"'{text}' {happens} in {zone.key} because the clocks change; write {choices}")
