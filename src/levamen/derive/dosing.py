"""When a medicine is taken: its clock times and interval as written, projected to instants in the patient's zone.

Clock times stay clock times across a change of the clocks; a time that does not exist that night is read an hour later,
one that occurs twice as the first. An interval that is not whole days is elapsed time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.record.facts import Medication
from levamen.record.timeline import When, start_of_day

_WORDS = {
    "daily": 24, "once daily": 24, "once a day": 24, "od": 24, "qd": 24, "every day": 24, "day": 24, "nightly": 24,
    "twice daily": 12, "twice a day": 12, "bid": 12, "bd": 12, "tid": 8, "three times a day": 8, "three times daily": 8,
    "qid": 6, "four times a day": 6, "weekly": 168, "once a week": 168, "week": 168, "every other day": 48,
    "alternate days": 48, "q24h": 24, "q12h": 12, "q8h": 8, "q6h": 6, "at night": 24, "at bedtime": 24,
}  # fmt: skip
_NUMBERED = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)\s*(h|hr|hrs|hour|hours|d|day|days|w|week|weeks)", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 168}
_DAY = timedelta(days=1)


class Schedule(Struct, frozen=True, kw_only=True):
    """The doses of one medicine. `times` are local clock times; with none, `anchor` and `interval` give the doses.

    `interval` is in hours. Not `known`: no dose can be named (as needed, or neither times nor an anchor).
    """

    zone: ZoneInfo
    times: tuple[tuple[int, int], ...] = ()
    interval: Decimal | None = None
    anchor: datetime | None = None
    known: bool = False

    def last_at_or_before(self, moment: datetime) -> datetime | None:
        """The last scheduled dose at or before an instant."""
        return self._near(moment, forward=False)

    def first_at_or_after(self, moment: datetime) -> datetime | None:
        """The next scheduled dose at or after an instant."""
        return self._near(moment, forward=True)

    def _near(self, moment: datetime, *, forward: bool) -> datetime | None:
        if not self.known:
            return None
        every = 1 if self.times and (self.interval is None or self.interval <= 24) else self._days()
        if every is None:
            return self._elapsed(moment, forward=forward)
        return self._by_clock(moment, every, forward=forward)

    def _days(self) -> int | None:
        """The interval in whole days, where it is whole days."""
        if self.interval is None or self.interval % 24:
            return None
        return int(self.interval / 24)

    def _by_clock(self, moment: datetime, every: int, *, forward: bool) -> datetime | None:
        """Doses at clock times on every so-manieth local day, counted from the anchor where the days are not all."""
        local = self.anchor.astimezone(self.zone) if self.anchor is not None else None
        times = self.times or ((local.hour, local.minute),) if local is not None else self.times
        if every > 1 and local is None:
            return None
        day = moment.astimezone(self.zone).date()
        step = _DAY if forward else -_DAY
        for _ in range(every + 2):
            if every == 1 or (local is not None and (day - local.date()).days % every == 0):
                doses = sorted(_instant(day, hour, minute, self.zone) for hour, minute in times)
                found = [dose for dose in doses if (dose >= moment if forward else dose <= moment)]
                if found:
                    return found[0] if forward else found[-1]
            day += step
        return None

    def _elapsed(self, moment: datetime, *, forward: bool) -> datetime | None:
        if self.anchor is None or self.interval is None:
            return None
        step = timedelta(seconds=int(self.interval * 3600))
        count, left = divmod(moment - self.anchor, step)
        return self.anchor + step * (count + (1 if forward and left else 0))


def schedule(medication: Medication, zone: ZoneInfo) -> Schedule:
    """The schedule of a medicine as far as its record gives one. An as-needed medicine has none."""
    if medication.as_needed:
        return Schedule(zone=zone)
    interval = interval_hours(medication.every)
    times = tuple(sorted((int(clock[:2]), int(clock[3:5])) for clock in medication.times))
    anchor = medication.last_dose.at if medication.last_dose is not None else None
    anchor = anchor.astimezone(UTC) if anchor is not None else None
    if medication.last_dose is not None and anchor is None and medication.last_dose.exact and times:
        day = medication.last_dose.first
        anchor = _instant(day, *times[-1], zone)
    known = bool(times) and (interval is None or interval <= 24 or anchor is not None)
    return Schedule(
        zone=zone,
        times=times,
        interval=interval,
        anchor=anchor,
        known=known or (anchor is not None and interval is not None),
    )


def interval_hours(every: str | None) -> Decimal | None:
    """The interval written in `every` in hours; None where it is not said, is 0, a range or not understood."""
    if every is None:
        return None
    text = " ".join(every.lower().split())
    if text in _WORDS:
        return Decimal(_WORDS[text])
    found = _NUMBERED.fullmatch(text)
    return (Decimal(found[1]) * _HOURS[found[2][0].lower()] or None) if found is not None else None


def times_a_day(medication: Medication) -> Decimal | None:
    """How many doses a day, by the clock times and by the interval; the most where the two differ.

    Clock times of a medicine that is not taken every day are those of a day on which it is.
    """
    interval = interval_hours(medication.every)
    clock = Decimal(len(medication.times)) if medication.times else None
    if interval is None:
        return clock
    if interval > 24:
        return (clock or 1) * 24 / interval
    return max(clock or Decimal(0), 24 / interval)


def last_moment(when: When, zone: ZoneInfo) -> datetime:
    """The latest instant a stated moment can be: itself, else the end of its last local day. In UTC."""
    if when.at is not None:
        return when.at.astimezone(UTC)
    return start_of_day(when.last + _DAY, zone)


def first_moment(when: When, zone: ZoneInfo) -> datetime:
    """The earliest instant a stated moment can be. In UTC."""
    return when.at.astimezone(UTC) if when.at is not None else start_of_day(when.first, zone)


def _instant(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
