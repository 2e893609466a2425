"""The night check of the clinic: each booking of a day examined by the library, one transaction each.

It can be stopped at any point: what was examined is kept, and the next run goes on with the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from msgspec import json

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from levamen.adapters.balance import Reading
from levamen.emit.night_view import Examined, PatientView, patient_view
from levamen.emit.plan.words import DECISION_WORDS
from levamen.emit.words import verdict_word
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.answers import Question
from levamen.pathway.assess import assess
from levamen.pathway.night_check import PatientNight, night
from levamen.pathway.periprocedural.plan import plan
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput
from people.models import Staff
from people.roles import Role
from procedures.models import Booking
from records.facts import reading_of
from team.actions import give
from team.models import Task
from worklists.models import NightRow, NightRun

_STANDING = ("booked", "started", "done")


def bookings_of(day: date) -> list[Booking]:
    """The bookings of a day of the clinic in their order, without those that were moved or cancelled."""
    zone = clinic().zone
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    rows = Booking.objects.filter(start__gte=start, start__lt=end, status__in=_STANDING)
    return list(rows.select_related("patient", "operator").order_by("start", "room", "pk"))


def check(day: date) -> NightRun:
    """Examines every booking of a day that has no row yet, and closes the run. Once closed it is not run again."""
    run, _ = NightRun.objects.get_or_create(day=day, defaults={"started": now()})
    if run.finished is None:
        for _ in examine_rest(run):
            pass
    return run


def examine_rest(run: NightRun) -> Iterator[NightRow]:
    """The rows that are still missing, one after the other; each is on the disk when it comes."""
    knowledge = packaged()
    done = set(run.rows.values_list("booking_id", flat=True))
    for booking in bookings_of(run.day):
        if booking.pk not in done:
            yield examine(run, booking, knowledge)
    NightRun.objects.filter(pk=run.pk).update(finished=now(), knowledge=knowledge.hash)
    run.refresh_from_db()


@transaction.atomic
def examine(run: NightRun, booking: Booking, knowledge: Knowledge, staff: Staff | None = None) -> NightRow:
    """One booking examined, or skipped with the reason; its findings become tasks of named people."""
    patient = booking.patient
    patient.refresh_from_db(fields=["head"])
    row = {"head": patient.head, "at": now(), "skipped": "", "view": "", "standing": "", "safety": "", "payer": ""}
    try:
        found, question, view = _found(booking, knowledge)
    except UnusableInput as error:
        row["skipped"] = str(error)[:400]
    else:
        payer = next((answer for answer in question.policies if answer.governing), None)
        row |= {
            "standing": found.standing,
            "safety": found.safety,
            "payer": payer.verdict if payer else "",
            "payer_says": f"{verdict_word(payer)}: {payer.title}"[:120] if payer else "",
            "hold": DECISION_WORDS[found.decision][:120],
            "view": json.encode(view).decode(),
        }
        _tasks(booking, view)
    made, _ = NightRow.objects.update_or_create(run=run, booking=booking, defaults=row)
    append(staff, verb="night.examined", patient=patient, about=f"booking {booking.pk}")
    return made


def _found(booking: Booking, knowledge: Knowledge) -> tuple[PatientNight, Question, PatientView]:
    as_of = now().astimezone(clinic().zone)
    reading = reading_of(booking.patient)
    request = next((one for one in reading.record.requests if one.id == booking.request_key), None)
    if request is None:
        raise UnusableInput("what is to be done is not in the record any more; book it again or cancel it")
    made = plan(reading.record, request, knowledge, as_of, profiles=(clinic().hold_profile,))
    questions = assess(reading.record, knowledge, as_of, requests=(request,)).questions
    if not questions:
        raise UnusableInput("the record says that the patient has died; cancel the booking")
    found = night(made, questions[0], as_of, owner=None, reviewed=_reviewed(reading.record, as_of.date()))
    return found, questions[0], _words(found, booking, reading, knowledge)


def _words(found: PatientNight, booking: Booking, reading: Reading, knowledge: Knowledge) -> PatientView:
    examined = Examined(night=found, place=booking.room, chart="record", balance=reading.balance)
    return patient_view(f"booking-{booking.pk}", examined, knowledge.sources)


def _reviewed(record: Record, today: date) -> date | None:
    days = [
        row.reviewed.last
        for row in record.completeness
        if row.reviewed is not None and row.reviewed.last <= today and row.speaks_of("medications", None, None)
    ]
    return max(days, default=None)


def _tasks(booking: Booking, view: PatientView) -> None:
    """Every stop, and the three findings that matter, to somebody by name: nothing waits for a pop-up."""
    nurse = booking.patient.team.filter(staff__role=Role.NURSE).select_related("staff").first()
    owner = nurse.staff if nurse else booking.operator
    due = booking.start - timedelta(hours=12)
    for card in (*view.stops, *view.cards):
        key = hashlib.sha256(card.what.encode()).hexdigest()[:12]
        give(
            None, booking.patient, Task.Kind.FINDING, card.what, why=card.more, about=f"booking {booking.pk}",
            origin=f"night booking {booking.pk} {key}", owner=owner, due=max(due, now()),
        )  # fmt: skip
