"""What an opioid order says: on which days it is in force, how much one dose is, and how many doses a day it allows."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache

from levamen.derive.dosing import interval_hours
from levamen.derive.periods import Moment
from levamen.record.facts import Medication, Record
from levamen.record.timeline import Interval, known_by

_KEPT = 4096
_DOSE = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s*(?:-|–|to)\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?)?\s*"
    r"(mg|g|mcg|ug|µg|μg)(?:\s*/\s*(h|hr|hour))?",
    re.IGNORECASE,
)
_MILLIGRAMS = {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)}
_RANGE = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*(\S+)", re.IGNORECASE)


def in_force(order: Medication, on: date) -> bool | None:
    """Whether an order is in force on a day: True surely, False perhaps, None not.

    On the day on which it ends it may be; so may one that begins or ended on a day that is not known exactly.
    """
    if (order.end is not None and order.end.last < on) or (order.start is not None and order.start.first > on):
        return None
    begun = order.start is None or order.start.last <= on
    goes_on = order.stopped_because is None if order.end is None else order.end.first > on
    return begun and goes_on


@lru_cache(maxsize=_KEPT)
def amount_of(text: str | None) -> tuple[Interval | None, bool]:
    """One dose in milligrams, from the lowest to the highest written, and whether it is per hour. 0 is no dose."""
    found = _DOSE.fullmatch((text or "").strip())
    if found is None:
        return None, False
    unit = re.sub("µg|μg|mcg", "ug", found[5].lower())
    first = Fraction(found[1].replace(",", "") + (found[2] or ""))
    second = Fraction(found[3].replace(",", "") + (found[4] or "")) if found[3] is not None else first
    low, high = sorted((first * _MILLIGRAMS[unit], second * _MILLIGRAMS[unit]))
    return (Interval(low, high) if low > 0 else None), found[6] is not None


def doses_a_day(order: Medication) -> Interval | None:
    """Doses a day, from the fewest to the most; None where not said or not understood."""
    return _often(order.every, len(order.times))


@lru_cache(maxsize=_KEPT)
def _often(every: str | None, times: int) -> Interval | None:
    found = _RANGE.fullmatch(" ".join((every or "").split()))
    if found is not None:
        hours = [interval_hours(f"{number} {found[3]}") for number in (found[1], found[2])]
        known = [Fraction(24) / Fraction(hour) for hour in hours if hour is not None]
        return Interval(min(known), max(known)) if len(known) == len(hours) else None
    clock = Fraction(times)
    if every is None:
        return Interval(clock, clock) if clock else None
    interval = interval_hours(every)
    if interval is None:
        return None
    often = Fraction(24) / Fraction(interval)
    # Clock times of a medicine that is not taken every day are those of a day on which it is.
    return Interval.exactly(max(clock, Fraction(1)) * often if interval > 24 else max(clock, often))


def reviewed(record: Record, kind: str, moment: Moment) -> bool:
    """Whether a section of the record is declared to hold everything on the day of what is known."""
    return any(
        entry.speaks_of(kind, None, None) and entry.closes_present(moment.as_of, None)
        for entry in record.completeness
        if entry.recorded is None or known_by(entry.recorded, moment.known)
    )
