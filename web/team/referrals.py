"""Referrals: sent, booked, answered or withdrawn; what came back goes into the chart in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from administration.models import clinic
from audit.chain import append
from clinic.clock import now, today
from levamen.emit.words import capital
from levamen.record import codes
from people.models import Staff
from people.roles import Role
from records import actions as records
from records.models import Entry, Patient
from team.actions import close, give
from team.models import Referral, Task

COURSES = (
    "physical-therapy", "occupational-therapy", "cognitive-behavioral-therapy", "chiropractic", "acupuncture",
    "massage", "multidisciplinary-rehabilitation",
)  # fmt: skip
"""What is referred for as a course of care; each is a therapy of the vocabulary."""
EVALUATIONS = ("psychological", "multidisciplinary", "surgical", "medical-clearance")
"""What is referred for as one evaluation."""


class Stale(Exception):
    """Somebody else changed the referral in between; nothing was written."""


def kinds() -> list[tuple[str, str]]:
    """What can be referred for: the word that is kept, and its title."""
    courses = [(word, capital(codes.label("therapies", word))) for word in COURSES]
    return courses + [(f"{word}-evaluation", _evaluation(word)) for word in EVALUATIONS]


def title(kind: str) -> str:
    """What a kind is called."""
    return dict(kinds()).get(kind, kind)


def _evaluation(word: str) -> str:
    return capital(codes.label("evaluations", word))


def evaluation_of(kind: str) -> str | None:
    """The word of the evaluation that a kind asks for; None for a course."""
    word = kind.removesuffix("-evaluation")
    return word if kind.endswith("-evaluation") and word in EVALUATIONS else None


@transaction.atomic
def send(staff: Staff, patient: Patient, kind: str, to: str, question: str, due: date, region: str = "") -> Referral:
    """A new referral; the one that is open already, if the same was sent to the same."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    same = Referral.objects.filter(patient=patient, kind=kind, to=to, question=question, status__in=Referral.OPEN)
    held = same.first()
    if held is not None:
        return held
    made = Referral.objects.create(
        patient=patient, kind=kind, to=to, question=question, due=due, region=region, sent_at=now(), sent_by=staff
    )
    append(staff, verb="referral.sent", patient=patient, about=f"referral {made.pk}", kind=kind)
    return made


@transaction.atomic
def book(staff: Staff, referral: Referral, seen: int, first_visit: date) -> None:
    """The first visit is booked. Raises Stale."""
    held = _held(referral, seen)
    held.first_visit, held.status = first_visit, Referral.Status.BOOKED
    _save(staff, held, "referral.booked")


@transaction.atomic
def course(
    staff: Staff, referral: Referral, seen: int, body: Mapping[str, Any], answer: str, *, next_by: date | None
) -> None:
    """What is known of the course, as an entry of `care`; a second answer is a new version of the same entry.

    `next_by`: the day by which the next answer is expected; None where the course is over. Raises Stale.
    """
    held = _held(referral, seen)
    held.due = next_by or held.due
    _write(staff, held, "care", body)
    _answered(staff, held, answer, over=next_by is None)


@transaction.atomic
def evaluation(staff: Staff, referral: Referral, seen: int, body: Mapping[str, Any], answer: str) -> None:
    """What the evaluation concluded, as an entry of `evaluations`. Raises Stale."""
    held = _held(referral, seen)
    _write(staff, held, "evaluations", body)
    _answered(staff, held, answer, over=True)


@transaction.atomic
def withdraw(staff: Staff, referral: Referral, seen: int, reason: str) -> None:
    """Not wanted any more, or declined by the patient, with the reason. Raises Stale."""
    held = _held(referral, seen)
    held.status, held.answer, held.answered_at, held.answered_by = Referral.Status.WITHDRAWN, reason, now(), staff
    _save(staff, held, "referral.withdrawn")
    _close_tasks(staff, held, "The referral was withdrawn")


def _held(referral: Referral, seen: int) -> Referral:
    held = Referral.objects.select_for_update().select_related("patient").get(pk=referral.pk)
    if held.version != seen or held.status not in Referral.OPEN:
        raise Stale
    return held


def _write(staff: Staff, held: Referral, section: str, body: Mapping[str, Any]) -> None:
    entry = Entry.objects.filter(patient=held.patient, section=section, key=held.entry, struck=False).first()
    if held.entry and entry is not None:
        kept = {**entry.fields, **body}
        records.change(staff, held.patient, section, entry.key, kept, seen=entry.version, reason="answer to a referral")
    else:
        held.entry = records.add(staff, held.patient, section, body, reason="answer to a referral").key


def _answered(staff: Staff, held: Referral, answer: str, *, over: bool) -> None:
    held.answer, held.answered_at, held.answered_by = answer, now(), staff
    held.status = Referral.Status.ANSWERED if over else Referral.Status.RUNNING
    _save(staff, held, "referral.answered")
    _close_tasks(staff, held, "The answer came")


def _save(staff: Staff, held: Referral, verb: str) -> None:
    held.version += 1
    held.save()
    append(staff, verb=verb, patient=held.patient, about=f"referral {held.pk}")


def _close_tasks(staff: Staff, held: Referral, outcome: str) -> None:
    for task in Task.objects.filter(patient=held.patient, about=f"referral {held.pk}", done_at=None):
        close(staff, task, outcome)


def overdue() -> QuerySet[Referral]:
    """Those whose answer was expected before today."""
    return Referral.objects.filter(status__in=Referral.OPEN, due__lt=today(clinic().zone))


def remind() -> int:
    """The worker's job: an answer that is overdue goes to the coordinator of the team, once for each day promised."""
    made = 0
    for row in overdue().select_related("patient", "sent_by"):
        before = Task.objects.filter(origin=_origin(row)).exists()
        if before:
            continue
        member = row.patient.team.filter(staff__role=Role.COORDINATOR).select_related("staff").order_by("pk").first()
        give(
            None, row.patient, Task.Kind.REFERRAL, f"Ask {row.to} for the answer: {title(row.kind)}",
            why=f"Expected by {row.due:%Y-%m-%d}. Asked: {row.question}", about=f"referral {row.pk}",
            origin=_origin(row), owner=member.staff if member else row.sent_by, role=Role.COORDINATOR,
            due=max(now(), datetime.combine(today(clinic().zone), time(17), clinic().zone)),
        )  # fmt: skip
        made += 1
    return made


def _origin(row: Referral) -> str:
    return f"referral {row.pk} due {row.due:%Y-%m-%d}"
