"""Dates and times as a patient reads them: weekday, day, month, twelve-hour clock, part of the day. No locale."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from levamen.emit.language.pack import Language


def moment_words(at: datetime, zone: ZoneInfo, words: Language, *, year: bool = False) -> str:
    """`Saturday 21 March, 8:00 in the morning`, in the zone; an hour that the clock shows twice says which."""
    local = at.astimezone(zone)
    part = [name for hour, name in words.parts if hour <= local.hour][-1]
    clock = f"{(local.hour + 11) % 12 + 1}:{local.minute:02d}"
    day = {"weekday": words.weekdays[local.weekday()], "day": str(local.day), "month": words.months[local.month - 1]}
    if year:
        said = words.say("moment_with_year", **day, year=str(local.year), clock=clock, part=part)
    else:
        said = words.say("moment", **day, clock=clock, part=part)
    if shown_twice(at, zone):
        return words.say("hour_second" if local.fold else "hour_first", moment=said)
    return said


def date_words(day: date, words: Language) -> str:
    """`9 March 2026`."""
    return words.say("date", day=str(day.day), month=words.months[day.month - 1], year=str(day.year))


def shown_twice(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone show the local time of this moment twice (the night they go back)."""
    local = at.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
