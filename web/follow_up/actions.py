"""Acts of a follow-up call; each with its audit event in the same transaction, and none of them twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from msgspec import Struct

from audit.chain import append
from clinic.clock import now
from follow_up import learning
from follow_up.dues import AGREED, SCRIPT_WORDS, renew
from follow_up.learning import Happening
from follow_up.models import Attempt, Call, Due, Said
from follow_up.scripts import Script, flag_of, local, questions
from levamen.knowledge.checklist_rows import RedFlag
from levamen.record.facts import Procedure, Record
from people.models import Staff
from people.roles import Role
from records.actions import strike
from records.models import Entry, Patient
from team.actions import close, give
from team.models import Task


class Busy(Exception):
    """Somebody else is on this call."""

    def __init__(self, call: Call) -> None:
        super().__init__(f"{call.who} is on this call since {call.started:%H:%M}")
        self.call = call


class Answered(Struct, frozen=True, kw_only=True):
    """What was said to one question."""

    word: str
    value: str = ""
    note: str = ""


class Told(Struct, frozen=True, kw_only=True):
    """What goes with the answers at the end: what happened, when which drug was started again, when to call next."""

    happening: Happening | None = None
    restarted: Mapping[str, datetime] = {}
    next_at: datetime | None = None


@transaction.atomic
def take(staff: Staff, patient: Patient, procedure_key: str, script: str) -> Call:
    """The call of this script, with somebody on it; begun where it was not. Raises Busy, KeyError."""
    questions(script)
    Patient.objects.select_for_update().get(pk=patient.pk)
    call, made = Call.objects.select_related("who").get_or_create(
        patient=patient, procedure_key=procedure_key, script=script, defaults={"who": staff, "started": now()}
    )
    if made:
        append(staff, verb="call.begun", patient=patient, about=_about(call))
    if call.who_id != staff.pk:
        raise Busy(call)
    return call


@transaction.atomic
def take_over(staff: Staff, call: Call) -> None:
    """Somebody else goes on with a call."""
    Call.objects.filter(pk=call.pk).update(who=staff)
    append(staff, verb="call.taken-over", patient=call.patient, about=_about(call))


@transaction.atomic
def keep(staff: Staff, call: Call, answers: Mapping[str, Answered]) -> Task | None:
    """Keeps what was answered so far. A yes to a warning sign raises it at once: a task of the same day, the rest
    closed. Gives the task then. A call that is finished or has raised a sign takes no answers."""
    call = Call.objects.select_for_update().select_related("patient").get(pk=call.pk)
    if call.status != Call.Status.OPEN:
        return None
    rows = questions(call.script)
    held = {row.question: row for row in call.answers.all()}
    written = []
    for id, answer in answers.items():
        if id not in rows or (id in held and _same(held[id], answer)):
            continue
        Said.objects.update_or_create(
            call=call,
            question=id,
            defaults={
                "word": answer.word,
                "value": answer.value[:40],
                "note": answer.note[:600],
                "at": now(),
                "by": staff,
            },
        )
        written.append(id)
    if written:
        append(staff, verb="call.kept", patient=call.patient, about=_about(call), questions=len(written))
    for id, answer in answers.items():
        flag = flag_of(rows[id]) if id in rows else None
        if flag is not None and answer.word == "yes":
            return _raise(staff, call, id, flag)
    return None


def _same(held: Said, answer: Answered) -> bool:
    return (held.word, held.value, held.note) == (answer.word, answer.value[:40], answer.note[:600])


def _raise(staff: Staff, call: Call, question: str, flag: RedFlag) -> Task:
    """The warning sign is a task of a named physician with a time, and stands in the chart as asked for."""
    patient, at = call.patient, now()
    Call.objects.filter(pk=call.pk).update(status=Call.Status.RAISED, raised=question)
    physician = patient.team.filter(staff__role=Role.PHYSICIAN).select_related("staff").first()
    task = give(
        staff,
        patient,
        Task.Kind.FLAG,
        f"Warning sign in the {SCRIPT_WORDS[call.script]}: {flag.symptoms}",
        why=flag.action,
        about=f"procedures {call.procedure_key}",
        origin=_origin(call),
        owner=physician.staff if physician else None,
        role=Role.PHYSICIAN,
        due=_by(patient, flag.urgency, at),
    )
    found = Happening(kind="other", note=f"Warning sign said in the {SCRIPT_WORDS[call.script]}: {flag.symptoms}")
    entry = learning.write_event(staff, patient, call.procedure_key, found, at, asked=True)
    Said.objects.filter(call=call, question=question).update(value=entry.key)
    append(staff, verb="call.raised", patient=patient, about=_about(call), question=question, urgency=flag.urgency)
    return task


def _origin(call: Call) -> str:
    """One task for each time that a sign is raised: after one was taken back, the next is a new one."""
    before = Task.objects.filter(origin__startswith=f"call {call.pk} sign ").count()
    return f"call {call.pk} sign {before + 1}"


def _by(patient: Patient, urgency: str, at: datetime) -> datetime:
    """By when somebody has acted: at once, by the end of the day, or within 24 hours."""
    if urgency == "emergency":
        return at
    if urgency == "same-day":
        here = local(patient, at)
        return datetime.combine(here.date(), time(23, 59), here.tzinfo)
    return at + timedelta(hours=24)


def task_of(call: Call) -> Task | None:
    """The task that the warning sign made."""
    return Task.objects.filter(origin__startswith=f"call {call.pk} sign ").select_related("owner").last()


@transaction.atomic
def take_back(staff: Staff, call: Call, reason: str) -> None:
    """The sign was noted by mistake: its task is closed with the reason, its entry struck through, the call goes on."""
    call = Call.objects.select_for_update().select_related("patient").get(pk=call.pk)
    if call.status != Call.Status.RAISED:
        return
    task = task_of(call)
    if task is not None:
        close(staff, task, f"Noted by mistake: {reason}")
    said = call.answers.filter(question=call.raised).first()
    if said is not None:
        entry = Entry.objects.filter(patient=call.patient, section="events", key=said.value, struck=False).first()
        if entry is not None:
            strike(staff, call.patient, "events", entry.key, seen=entry.version, reason=f"Noted by mistake: {reason}")
        said.delete()
    Call.objects.filter(pk=call.pk).update(status=Call.Status.OPEN, raised="")
    append(staff, verb="call.taken-back", patient=call.patient, about=_about(call), reason=reason)


@transaction.atomic
def attempt(staff: Staff, call: Call, outcome: str, *, tries: int, whom: str = "", said: str = "") -> Task | None:
    """The number was dialled. After so many tries without the patient the next route is somebody's task."""
    Attempt.objects.create(call=call, at=now(), by=staff, outcome=outcome, whom=whom[:120], said=said[:600])
    append(staff, verb="call.tried", patient=call.patient, about=_about(call), outcome=outcome)
    if outcome not in MISSED:
        return None
    count = missed(call)
    if count < tries:
        return None
    physician = call.patient.team.filter(staff__role=Role.PHYSICIAN).select_related("staff").first()
    return give(
        staff,
        call.patient,
        Task.Kind.CALL,
        f"Not reached in {count} tries ({SCRIPT_WORDS[call.script]}): decide the next route",
        why="Silence is never kept as an answer.",
        about=f"procedures {call.procedure_key}",
        origin=f"call {call.pk} not reached",
        owner=physician.staff if physician else None,
        role=Role.PHYSICIAN,
        due=now(),
    )


MISSED = (Attempt.Outcome.NO_ANSWER, Attempt.Outcome.SOMEBODY_ELSE)


def missed(call: Call) -> int:
    """How often the patient was not reached."""
    return call.attempts.filter(outcome__in=MISSED).count()


@transaction.atomic
def finish(staff: Staff, call: Call, script: Script, record: Record, procedure: Procedure, told: Told) -> bool:
    """Ends a call without a warning sign, and writes what was learnt into the chart. False where it had ended."""
    call = Call.objects.select_for_update().select_related("patient").get(pk=call.pk)
    if call.status != Call.Status.OPEN:
        return False
    patient, at = call.patient, now()
    answers = {row.question: row for row in call.answers.all()}
    if told.happening is not None:
        learning.write_event(staff, patient, call.procedure_key, told.happening, at, asked=True)
    relief = answers.get("relief")
    if relief is not None and relief.word == "value":
        learning.write_relief(staff, patient, record, procedure, script.scale, Decimal(relief.value), at)
    for drug, first in told.restarted.items():
        learning.write_restart(staff, patient, drug, first)
    if "restart" in answers and answers["restart"].word == "no":
        _not_restarted(staff, call)
    if learning.everything_asked([one.id for one in script.flags], answers):
        learning.close_events(staff, patient, procedure, call, at)
    _end(staff, call, at, told.next_at)
    if told.next_at is not None and call.script == "day-1":
        Due.objects.filter(
            patient=patient, procedure_key=call.procedure_key, kind=Due.Kind.CALL, what="week-1", done=None
        ).update(due=told.next_at, outcome=AGREED)
    renew(patient)
    return True


def _not_restarted(staff: Staff, call: Call) -> None:
    physician = call.patient.team.filter(staff__role=Role.PHYSICIAN).select_related("staff").first()
    give(
        staff,
        call.patient,
        Task.Kind.FINDING,
        "A held medicine was not started again",
        why=f"Said in the {SCRIPT_WORDS[call.script]}.",
        about=f"procedures {call.procedure_key}",
        origin=f"call {call.pk} restart",
        owner=physician.staff if physician else None,
        role=Role.PHYSICIAN,
        due=now(),
    )


@transaction.atomic
def finish_raised(staff: Staff, call: Call, told: str) -> bool:
    """Ends a call in which a warning sign was said, with what was done. The task stays with its physician."""
    call = Call.objects.select_for_update().select_related("patient").get(pk=call.pk)
    if call.status != Call.Status.RAISED or call.finished is not None:
        return False
    Call.objects.filter(pk=call.pk).update(told=told[:400])
    _end(staff, call, now(), None)
    renew(call.patient)
    return True


def _end(staff: Staff, call: Call, at: datetime, next_at: datetime | None) -> None:
    call.attempts.create(at=at, by=staff, outcome=Attempt.Outcome.REACHED)
    status = call.status if call.status == Call.Status.RAISED else Call.Status.DONE
    Call.objects.filter(pk=call.pk).update(status=status, finished=at, next_at=next_at)
    append(staff, verb="call.finished", patient=call.patient, about=_about(call))


@transaction.atomic
def settle(staff: Staff, due: Due, outcome: str) -> None:
    """Closes something due by hand, with what came of it; twice changes nothing."""
    changed = Due.objects.filter(pk=due.pk, done=None).update(done=now(), settled_by=staff, outcome=outcome[:400])
    if changed:
        append(staff, verb="due.settled", patient=due.patient, about=f"{due.kind} {due.what} of {due.procedure_key}")


def _about(call: Call) -> str:
    return f"{SCRIPT_WORDS[call.script]} after {call.procedure_key}"
