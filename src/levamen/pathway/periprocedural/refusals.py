"""What cannot be planned: an appointment that is over, a patient for whom nothing is written, dates nobody can have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from levamen.derive.dosing import first_moment, last_moment
from levamen.derive.renal import completed_years
from levamen.derive.views import local_day, zone_of
from levamen.pathway.periprocedural.selection import TRIALS_WITH_A_LEAD
from levamen.record.facts import Record, Request
from levamen.record.timeline import When

_ADULT = 18
"""The scope of Levamen: what is packaged speaks of adults."""
_LONGEST = timedelta(days=1)
"""Ours, no source: longer than any procedure after which nothing stays in. It only asks."""


def refused(record: Record, request: Request, as_of: date | datetime, *, done: bool) -> str | None:
    """Why the procedure cannot be planned as of a moment, in one sentence with its remedy; None where it can."""
    zone = zone_of(record)
    if not done and request.start is not None and _past(request.start, as_of, zone):
        return (
            f"the appointment of {request.id} ({request.start}) is before {as_of}; "
            "give the request a new `start`, or the plan an earlier --as-of"
        )
    on = request.start.first if request.start is not None else local_day(as_of, zone)
    born = record.person.birth_date
    if born is not None and born.first > on:
        return f"`birth_date` {born} is after the procedure ({on}); correct one of them"
    if born is not None and completed_years(born.first, on) < _ADULT:
        return (
            f"born {born}, the patient is under {_ADULT} on {on}; the packaged tables speak of adults only, "
            "so plan with a specialist, or correct `birth_date`"
        )
    stays_in = request.therapy in TRIALS_WITH_A_LEAD or "catheter" in (request.technique, request.approach)
    if not stays_in and _lasts_days(request, zone):
        return (
            f"the procedure of {request.id} starts {request.start} and ends {request.end}, more than a day later; "
            "correct `end`, from which every restart is counted"
        )
    return None


def _past(start: When, as_of: date | datetime, zone: ZoneInfo) -> bool:
    if isinstance(as_of, datetime) and start.at is not None:
        return start.at < as_of
    return start.last < local_day(as_of, zone)


def _lasts_days(request: Request, zone: ZoneInfo) -> bool:
    if request.start is None or request.end is None:
        return False
    return first_moment(request.end, zone) - last_moment(request.start, zone) > _LONGEST
