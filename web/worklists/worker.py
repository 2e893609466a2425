"""The worklists' own job: the night check of today and of the day that is prepared for."""

from __future__ import annotations

from clinic.clock import now
from worklists import work
from worklists.models import NightRun
from worklists.night import days_to_check, examine_due

NAME = "night check"


def night_check() -> int:
    """Examines the bookings that are due; stops between two when the worker ends or another one has taken over."""
    made = 0
    for day in days_to_check():
        run, _ = NightRun.objects.get_or_create(day=day, defaults={"started": now()})
        for _ in examine_due(run):
            made += 1
            if work.ending.is_set() or not work.lease(NAME):
                return made
    return made


JOBS = {NAME: night_check}
