"""The night check of the clinic: each booking of a day examined by the library, one transaction each.

It can be stopped at any point: what was examined is kept, and the next run goes on with the rest. A booking is due when
nothing was found of it yet, when its record has grown since, when the rules have changed, or when the set hour of the
night has passed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from msgspec import json
from msgspec.structs import replace

from administration.models import clinic
from audit.chain import append
from authorizations.covering import covers
from clinic.clock import now, today
from levamen.adapters.balance import Reading
from levamen.emit.night_view import RANK_WORDS, CardView, Examined, PatientView, patient_view
from levamen.emit.words import capital, verdict_word
from levamen.knowledge.registry import Knowledge, packaged
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.assess import assess
from levamen.pathway.night_check import PatientNight, night
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput
from people.models import Staff
from people.roles import Role
from procedures.models import Booking
from procedures.plans import plan_of
from records.facts import reading_of
from team.actions import close, give
from team.models import Task
from worklists.models import NightRow, NightRun

_STANDING = ("booked", "started", "done")
_AHEAD = timedelta(days=7)
_LOOK = 80
ROUTED = frozenset(RANK_WORDS[rank] for rank in ("thrombosis", "bleeding", "sheet", "unknown", "coverage"))
"""Findings that somebody sees to before the day; cautions, questions of the day and the plan's own steps wait."""
_WORST = ("not_covered", "not_met", "against", "unknown", "ambiguous", "not_yet", "informs", "silent", "met")
"""Which verdict a list shows where several policies govern: the one that leaves most to do."""


def bookings_of(day: date) -> list[Booking]:
    """The bookings of a day of the clinic in their order, without those that were moved or cancelled."""
    start, end = bounds(day)
    return list(between(start, end))


def next_bookings(after: date, of: QuerySet[Booking] | None = None) -> tuple[date, list[Booking]]:
    """The day that is prepared for and its bookings: the next one with a procedure within a week, so that a Friday
    prepares Monday; the day after, where there is none."""
    start = bounds(after)[1]
    ahead = list(between(start, start + _AHEAD, of)[:_LOOK])
    if not ahead:
        return after + timedelta(days=1), []
    zone = clinic().zone
    day = ahead[0].start.astimezone(zone).date()
    rows = [booking for booking in ahead if booking.start.astimezone(zone).date() == day]
    return day, rows if len(rows) < _LOOK else list(between(*bounds(day), of))


def between(start: datetime, end: datetime, of: QuerySet[Booking] | None = None) -> QuerySet[Booking]:
    """The bookings that stand between two moments, in the order of the day."""
    rows = (Booking.objects.all() if of is None else of).filter(start__gte=start, start__lt=end, status__in=_STANDING)
    return rows.select_related("patient", "operator").order_by("start", "room", "pk")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day where the clinic is, and that of the next."""
    zone = clinic().zone
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def last_hour() -> datetime:
    """The set hour of the night that passed last."""
    zone = clinic().zone
    local = now().astimezone(zone)
    hour = datetime.combine(local.date(), settings.NIGHT_CHECK, zone)
    return hour if hour <= local else datetime.combine(local.date() - timedelta(days=1), settings.NIGHT_CHECK, zone)


def check(day: date) -> NightRun:
    """Examines every booking of a day that is due, and closes the run."""
    run, _ = NightRun.objects.get_or_create(day=day, defaults={"started": now()})
    for _ in examine_due(run):
        pass
    run.refresh_from_db()
    return run


def due(run: NightRun, knowledge: Knowledge) -> list[Booking]:
    """The bookings of the day that are to be examined, or examined again. One that has begun is the checklist's."""
    held = {row.booking_id: row for row in run.rows.defer("view")}
    since = last_hour()
    anew = run.finished is not None and run.knowledge != knowledge.hash

    def is_due(booking: Booking) -> bool:
        row = held.get(booking.pk)
        return row is None or anew or row.head != booking.patient.head or row.at < since

    return [booking for booking in bookings_of(run.day) if not begun(booking) and is_due(booking)]


def begun(booking: Booking) -> bool:
    """Whether its time has come: what the night check found of it stays as it was found."""
    return booking.status != Booking.Status.BOOKED or booking.start <= now()


def examine_due(run: NightRun) -> Iterator[NightRow]:
    """What is due, one row after the other; each is on the disk when it comes."""
    knowledge = packaged()
    bookings = due(run, knowledge)
    if run.finished is not None and not bookings:
        return
    for booking in bookings:
        yield examine(run, booking, knowledge)
    NightRun.objects.filter(pk=run.pk).update(finished=now(), knowledge=knowledge.hash)


@transaction.atomic
def examine(run: NightRun, booking: Booking, knowledge: Knowledge, staff: Staff | None = None) -> NightRow:
    """One booking examined, or skipped with the reason; its findings become tasks of named people."""
    patient = booking.patient
    patient.refresh_from_db(fields=["head"])
    row = {
        "head": patient.head, "at": now(), "skipped": "", "view": "", "standing": "", "safety": "", "payer": "",
        "payer_says": "", "hold": "",
    }  # fmt: skip
    try:
        found, question, view = _found(booking, knowledge)
    except UnusableInput as error:
        row["skipped"] = str(error)[:400]
    except DatabaseError:
        raise
    except Exception as error:  # whatever it was: this one was not examined, and the others are
        row["skipped"] = f"the check itself failed ({type(error).__name__}); whoever keeps the clinic must be told"
    else:
        payer = _payer(question)
        row |= {
            "standing": found.standing,
            "safety": found.safety,
            "payer": payer.verdict if payer else "",
            "payer_says": f"{verdict_word(payer)}: {payer.title}"[:120] if payer else "",
            "hold": capital(view.decision.removeprefix("Plan: "))[:120],
            "view": json.encode(view).decode(),
        }
        _tasks(booking, view)
    made, _ = NightRow.objects.update_or_create(run=run, booking=booking, defaults=row)
    append(staff, verb="night.examined", patient=patient, about=f"booking {booking.pk}")
    return made


def _found(booking: Booking, knowledge: Knowledge) -> tuple[PatientNight, Question, PatientView]:
    as_of = now().astimezone(clinic().zone)
    if begun(booking):
        raise UnusableInput("its time has come; the checklist of the day asks now")
    reading = reading_of(booking.patient)
    request = next((one for one in reading.record.requests if one.id == booking.request_key), None)
    if request is None:
        raise UnusableInput("what is to be done is not in the record any more; book it again or cancel it")
    planned = plan_of(reading.record, reading.balance, request, booking.operator, as_of)
    made = planned.plan
    if made is None:
        raise UnusableInput(planned.refusal)
    questions = assess(reading.record, knowledge, as_of, requests=(request,)).questions
    if not questions:
        raise UnusableInput("the record says that the patient has died; cancel the booking")
    question = questions[0]
    if covers(booking, request):  # the payer's duty is done
        question = replace(question, obligations=tuple(duty for duty in question.obligations if duty.policy is None))
    found = night(made, question, as_of, owner=None, reviewed=_reviewed(reading.record, as_of.date()))
    return found, question, _words(found, booking, reading, knowledge)


def _words(found: PatientNight, booking: Booking, reading: Reading, knowledge: Knowledge) -> PatientView:
    examined = Examined(night=found, place=booking.room, chart="record", balance=reading.balance)
    return patient_view(f"booking-{booking.pk}", examined, knowledge.sources)


def _payer(question: Question) -> PolicyAnswer | None:
    governing = [answer for answer in question.policies if answer.governing]
    return min(governing, key=lambda answer: _WORST.index(answer.verdict), default=None)


def _reviewed(record: Record, today: date) -> date | None:
    days = [
        row.reviewed.last
        for row in record.completeness
        if row.reviewed is not None and row.reviewed.last <= today and row.speaks_of("medications", None, None)
    ]
    return max(days, default=None)


def routed(view: PatientView) -> Iterable[CardView]:
    """What of a patient is given to a person: every stop, and the findings that matter before the day."""
    return (*view.stops, *(card for card in (*view.cards, *view.rest) if card.label in ROUTED))


def origin(booking: Booking, card: CardView) -> str:
    """What makes the task of a finding one: worked out again, it is the same task."""
    return f"night booking {booking.pk} {hashlib.sha256(card.what.encode()).hexdigest()[:12]}"


def _tasks(booking: Booking, view: PatientView) -> None:
    """Every stop, and the findings that matter, to somebody by name: nothing waits for a pop-up.

    What the check does not find any more is closed with that outcome; should it come back, it is a new task.
    """
    nurse = booking.patient.team.filter(staff__role=Role.NURSE).select_related("staff").order_by("since", "pk").first()
    owner = nurse.staff if nurse else booking.operator
    zone = clinic().zone
    # On the day itself the checklist asks what is open; only a stop is still routed.
    on_the_day = booking.start.astimezone(zone).date() <= today(zone)
    for card in view.stops if on_the_day else routed(view):
        give(
            None, booking.patient, Task.Kind.FINDING, card.what, why=card.more, about=f"booking {booking.pk}",
            origin=origin(booking, card), owner=owner, due=_deadline(booking.start),
        )  # fmt: skip
    found = {origin(booking, card) for card in (*view.stops, *view.cards, *view.rest)}
    gone = Task.objects.filter(origin__startswith=f"night booking {booking.pk} ", done_at=None).exclude(
        origin__in=found
    )
    for task in gone:
        close(None, task, "The check does not find it any more")
        Task.objects.filter(pk=task.pk).update(origin=f"{task.origin} closed {task.pk}")


def _deadline(start: datetime) -> datetime:
    """By when somebody sees to it: noon of the day it was found, later four o'clock; never after the start."""
    local = now().astimezone(clinic().zone)
    for hour in (12, 16):
        end = local.replace(hour=hour, minute=0, second=0)
        if local <= end - timedelta(hours=1):
            return min(end, start)
    return min(local + timedelta(hours=1), start)


def days_to_check() -> tuple[date, date]:
    """Today, and the day that is prepared for."""
    first = today(clinic().zone)
    return first, next_bookings(first)[0]
