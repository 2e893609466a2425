"""The worklists' own job: tomorrow's night check, once there are two o'clock of the night or none has been run."""

from __future__ import annotations

from datetime import timedelta

from administration.models import clinic
from clinic.clock import today
from worklists.models import NightRun
from worklists.night import check


def night_check() -> int:
    """Examines the bookings of today and tomorrow that no run has examined."""
    first = today(clinic().zone)
    made = 0
    for day in (first, first + timedelta(days=1)):
        if not NightRun.objects.filter(day=day, finished__isnull=False).exists():
            made += check(day).rows.count()
    return made


JOBS = {"night check": night_check}
