"""Making, handing over and closing tasks; each with its audit event in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from people.models import Staff
from records.models import Patient
from team.models import Task


@transaction.atomic
def give(
    staff: Staff | None, patient: Patient, kind: str, what: str, *, why: str = "", about: str = "",
    origin: str | None = None, owner: Staff | None = None, role: str = "", due: datetime | None = None,
) -> Task:  # fmt: skip
    """A new task; the one that already has this `origin`, if there is one."""
    if origin is not None:
        held = Task.objects.filter(origin=origin).first()
        if held is not None:
            return held
    task = Task.objects.create(
        patient=patient, kind=kind, what=what[:400], why=why[:600], about=about, origin=origin, owner=owner, role=role,
        due=due, made_at=now(), made_by=staff,
    )  # fmt: skip
    append(staff, verb="task.made", patient=patient, about=f"task {task.pk}")
    return task


@transaction.atomic
def hand_over(staff: Staff, task: Task, owner: Staff) -> None:
    """Gives a task to somebody else."""
    Task.objects.filter(pk=task.pk).update(owner=owner)
    append(staff, verb="task.handed-over", patient=task.patient, about=f"task {task.pk}", to=owner.username)


@transaction.atomic
def close(staff: Staff | None, task: Task, outcome: str) -> None:
    """Closes a task with what came of it; closing twice changes nothing."""
    closed = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=now(), done_by=staff, outcome=outcome[:400])
    if closed:
        append(staff, verb="task.done", patient=task.patient, about=f"task {task.pk}")
