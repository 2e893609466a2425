"""The lists whose rows exist without any other part of the clinic: tasks by their kind, and broken glass to review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from administration.models import clinic
from people.roles import Role
from records.models import BrokenGlass
from team.models import Task
from worklists.lists import Line, List, link
from worklists.night import bounds

_AHEAD = timedelta(days=14)


def _open(*kinds: str, ahead: timedelta | None = None) -> Callable[[datetime], QuerySet[Task]]:
    def rows(now: datetime) -> QuerySet[Task]:
        found = Task.objects.filter(done_at=None, kind__in=kinds).select_related("patient", "owner")
        if ahead is not None:
            end = bounds(now.astimezone(clinic().zone).date() + ahead)[1]
            found = found.filter(Q(due=None) | Q(due__lt=end))
        return found.order_by(F("due").asc(nulls_last=True), "pk")

    return rows


def task_line(task: Task) -> Line:
    """A task as a row."""
    return Line(
        patient=task.patient, what=task.what, why=task.why, due=task.due, owner=str(task.owner or ""), number=task.pk,
        url=link("see_task", patient=task.patient.handle, task=task.pk),
    )  # fmt: skip


def tasks(
    title: str, says: str, empty: str, *kinds: str, ahead: timedelta | None = None, beside_today: bool = True
) -> List:
    """A list of the open tasks of some kinds. `ahead`: only those due until the end of the day that far from today."""
    return List(
        title=title, says=says, empty=empty, rows=_open(*kinds, ahead=ahead), line=task_line, owner="owner",
        role="role", beside_today=beside_today,
    )  # fmt: skip


def _unreviewed(now: datetime) -> QuerySet[BrokenGlass]:
    return BrokenGlass.objects.filter(reviewed_at=None).select_related("patient", "staff").order_by("at", "pk")


def _glass_line(row: BrokenGlass) -> Line:
    return Line(
        patient=row.patient, what=f"{row.staff} opened the record from outside its care team", why=row.reason,
        since=row.at, owner=str(row.staff), number=row.pk, url=link("review_glass", number=row.pk),
    )  # fmt: skip


K = Task.Kind
LISTS = {
    "findings": tasks(
        "Findings and warning signs",
        "What the night check found and what somebody reported, until somebody saw to it.",
        "No finding waits.",
        K.FINDING, K.FLAG,
    ),
    "calls": tasks(
        "Other calls due", "Somebody is to be called about something else.", "No other call waits.",
        K.CALL, ahead=timedelta(),
    ),
    "prescribers": tasks(
        "Prescriber answers awaited", "Nobody is told to stop a medicine before the answer.",
        "No prescriber’s answer is awaited.", K.PRESCRIBER,
    ),
    "refills": tasks(
        "Refills, next 14 days", "Book by the earliest of alarm, drug age and battery.",
        "No refill is due within 14 days.", K.REFILL, ahead=_AHEAD,
    ),
    "authorizations": tasks(
        "Authorizations incomplete", "Something that the payer asks is missing.", "No authorization is incomplete.",
        K.AUTHORIZATION,
    ),
    "outcomes": tasks(
        "Measures asked for", "Somebody is to fill in a measure.", "No measure was asked for.",
        K.MEASURE, ahead=_AHEAD,
    ),
    "unsigned": tasks(
        "Unsigned", "Decisions that wait for a signature.", "Nothing waits for a signature.", K.SIGN
    ),
    "asks": tasks("To ask the patient", "Facts that nobody asked yet.", "Nothing is to be asked.", K.ASK),
    "tasks": tasks(
        "Other tasks", "Referrals and everything else that was given to somebody.", "Nothing else waits.",
        K.REFERRAL, K.OTHER,
    ),
    "broken-glass": List(
        title="Broken glass to review",
        says="Records that were opened from outside their care team. Each waits for the clinic lead.",
        empty="No opened record waits for review.",
        rows=_unreviewed,
        line=_glass_line,
        roles=frozenset({Role.LEAD}),
        owner="staff",
        review=True,
    ),
}  # fmt: skip
"""By id, which stands in the address."""
