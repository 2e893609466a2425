"""From a number that is missing to a call."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from administration.models import clinic
from clinic.clock import today
from people.models import Staff
from people.roles import Role
from results.asked import Asked, to_call
from results.working import tables
from team.actions import give
from team.models import Task

MOST = 200
"""So many calls at once at most; the first to close first."""


@transaction.atomic
def call_these(staff: Staff, asked: Asked) -> int:
    """A task for each treatment whose answer can be had today, until its window closes; how many are new."""
    zone = clinic().zone
    before = Task.objects.filter(kind=Task.Kind.MEASURE).count()
    visit = tables().first_visit.replace("-", " ")
    for row in to_call(asked, today(zone)).select_related("patient")[:MOST]:
        closes = datetime.combine(row.call_to, time(17), zone) if row.call_to else None
        give(
            staff, row.patient, Task.Kind.MEASURE, f"Ask for pain and function at {visit}",
            why="Without this answer nobody knows whether the treatment helped.", about="results",
            origin=f"result {row.patient_id} {row.therapy} {row.day.isoformat()}", role=Role.NURSE, due=closes,
        )  # fmt: skip
    return Task.objects.filter(kind=Task.Kind.MEASURE).count() - before
