"""What is done on the lists: a booking examined again, a task handed over or closed, an opened record reviewed."""

from __future__ import annotations

from django.db import transaction

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from levamen.knowledge.registry import packaged
from people.models import Staff
from procedures.models import Booking
from records.actions import join_team
from records.models import BrokenGlass
from team import actions as team
from team.models import Task
from worklists.models import NightRow, NightRun
from worklists.night import begun, examine


class Meanwhile(Exception):
    """Somebody else was quicker; nothing was changed. The words say what stands now."""


def examine_again(staff: Staff, booking: Booking) -> NightRow:
    """One booking examined now, whatever the night check found. Raises Meanwhile for one whose time has come."""
    if begun(booking):
        raise Meanwhile(
            "Its time has come: the checklist of the day asks now, and what was found before stays as it was."
        )
    day = booking.start.astimezone(clinic().zone).date()
    run, _ = NightRun.objects.get_or_create(day=day, defaults={"started": now()})
    return examine(run, booking, packaged(), staff)


@transaction.atomic
def hand_over(staff: Staff, task: Task, owner: Staff, seen: str) -> None:
    """Gives a task to somebody, who joins the care team. `seen` is whom it was with; raises Meanwhile."""
    held = Task.objects.select_for_update().get(pk=task.pk)
    if held.done_at is not None:
        raise Meanwhile("It was closed in between; nothing was changed.")
    if held.owner_id == owner.pk:
        return
    if str(held.owner_id or "") != seen:
        raise Meanwhile(f"In between it went to {held.owner}; nothing was changed.")
    team.hand_over(staff, held, owner)
    join_team(staff, held.patient, owner)


@transaction.atomic
def close(staff: Staff, task: Task, outcome: str) -> None:
    """Closes a task with what came of it. Raises Meanwhile if somebody else closed it with other words."""
    held = Task.objects.select_for_update().get(pk=task.pk)
    if held.done_at is not None and (held.done_by_id, held.outcome) != (staff.pk, outcome[:400]):
        raise Meanwhile(f"It was closed in between: {held.outcome}")
    team.close(staff, held, outcome)


@transaction.atomic
def review_glass(staff: Staff, row: BrokenGlass, outcome: str) -> None:
    """Notes what the clinic lead says to an opened record. Nobody reviews their own; raises Meanwhile."""
    held = BrokenGlass.objects.select_for_update().get(pk=row.pk)
    if held.staff_id == staff.pk:
        raise Meanwhile("Nobody reviews that they opened a record themselves; another clinic lead does.")
    if held.reviewed_at is not None:
        if (held.reviewed_by_id, held.outcome) != (staff.pk, outcome[:400]):
            raise Meanwhile(f"It was reviewed in between: {held.outcome}")
        return
    BrokenGlass.objects.filter(pk=held.pk).update(reviewed_by=staff, reviewed_at=now(), outcome=outcome[:400])
    append(staff, verb="glass.reviewed", patient=held.patient, outcome=outcome[:400])
