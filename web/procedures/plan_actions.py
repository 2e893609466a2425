"""What is done with a plan: issuing it, its tasks, the prescriber's answer, the patient's sheet.."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from levamen.emit.plan.json import encode
from levamen.emit.words import capital, dates_in_words
from levamen.pathway.periprocedural.answers import Plan
from levamen.pathway.periprocedural.answers import Task as Asked
from levamen.pathway.privileges import Finding
from people.models import Staff
from people.roles import Role
from procedures import actions
from procedures.changes import stopped_already, without_words
from procedures.models import Booking, PlanStep
from procedures.plans import Planned, Refused, granters, may_operate, planned, requests_of, told
from records.actions import add
from records.models import Patient
from team import actions as tasks
from team.models import Task

STEP = PlanStep.Kind
ANSWERS = {
    "hold": "Agrees: stop and restart as proposed",
    "continue": "Must not be stopped: keep taking it",
    "other": "Wants other times, or to talk",
    "no-answer": "Not reached, or will answer later",
}
"""What a prescriber can say. The first two are the chart's words of an agreement."""
_KINDS = {
    "agree": Task.Kind.PRESCRIBER, "ask": Task.Kind.ASK, "tell": Task.Kind.OTHER, "lab": Task.Kind.OTHER,
    "book": Task.Kind.OTHER,
}  # fmt: skip
"""Tasks of a plan that somebody of the clinic does beforehand; doses are the patient's, calls come with the day."""
_AGAIN = frozenset({"agree", "ask", "lab", "book"})
"""What the record would know if it had been done: closed without that, it is asked again."""
_ROLES = {
    "nurse": Role.NURSE, "prescriber": Role.NURSE, "coordinator": Role.COORDINATOR, "pain-physician": Role.PHYSICIAN,
}  # fmt: skip


class Interrupted(Exception):
    """A booking that the library calls contraindicated, and nobody has given a reason for: what it says."""

    def __init__(self, made: Planned) -> None:
        super().__init__("contraindicated")
        self.made = made


@transaction.atomic
def book_slot(
    staff: Staff, patient: Patient, key: str, start: datetime, room: str, operator: Staff, minutes: int, *,
    moved: Booking | None = None, why: str = "", against: str = "",
) -> tuple[Booking, Planned]:  # fmt: skip
    """Books or moves, issues the plan for that slot, and gives out its tasks.

    Nothing is booked where it raises: Refused (the past, no privilege, no plan possible), Taken, Gone, or Interrupted
    where the plan is contraindicated and `against` gives no reason.
    """
    if start <= now():
        raise Refused("This time is over. Choose a later one.")
    record, _ = requests_of(patient)
    request = next((row for row in record.requests if row.id == key), None)
    if request is None:
        raise Refused("The record asks for no such procedure any more.")
    lacking = may_operate(operator, request, start.astimezone(ZoneInfo(patient.zone)).date())
    if lacking:
        raise Refused(_lacking(lacking))
    if moved is not None:
        booking = actions.move(staff, moved, start, room, operator, minutes, reason=why)
        close_tasks(staff, moved, "superseded: the slot was moved")
    else:
        booking = actions.book(staff, patient, key, start, room, operator, minutes, reason=why)
    made = planned(patient, key, operator)
    if made is None or made.plan is None:
        raise Refused(made.refusal if made is not None else "The record asks for no such procedure any more.")
    if made.plan.safety == "contraindicated":
        _interrupt(staff, booking, made, against)
    issue(staff, booking, made)
    return booking, made


def _lacking(found: tuple[Finding, ...]) -> str:
    says = " ".join(dates_in_words(finding.says) for finding in found)
    return f"{says} {granters()} may grant it."


def _interrupt(staff: Staff, booking: Booking, made: Planned, against: str) -> None:
    """The one modal stop of booking: contraindicated. The same stop on the same record is not asked about twice."""
    earlier = PlanStep.objects.filter(
        patient=booking.patient, request_key=booking.request_key, kind=STEP.OVERRIDE, told=_stop(made)
    ).first()
    if earlier is None and not against:
        raise Interrupted(made)
    if earlier is None:
        _step(staff, booking, STEP.OVERRIDE, words=against, told=_stop(made))
        append(
            staff, verb="booking.against-stop", patient=booking.patient, about=f"booking {booking.pk}", reason=against
        )


def _stop(made: Planned) -> str:
    return " | ".join(made.plan.reasons)[:4000] if made.plan is not None else ""


@transaction.atomic
def issue(staff: Staff | None, booking: Booking, made: Planned) -> PlanStep | None:
    """Gives the plan its number, unless it is the one last issued; then its tasks. The chart learns of it too, so that
    the next plan knows which it supersedes. A sheet that the patient holds of an older plan is to be recalled."""
    plan = made.plan
    if plan is None:
        return None
    issued = list(
        PlanStep.objects.filter(patient=booking.patient, request_key=booking.request_key, kind=STEP.ISSUED).defer(
            "content"
        )
    )
    if issued and issued[-1].fingerprint == plan.fingerprint and issued[-1].booking_id == booking.pk:
        give_tasks(staff, booking, plan)
        return None
    body = {
        "kind": "periprocedural-plan", "number": plan.number, "date": _today(booking.patient).isoformat(),
        "request": booking.request_key, "fingerprint": plan.fingerprint,
        **({"start": str(plan.request.start)} if plan.request.start is not None else {}),
    }  # fmt: skip
    entry = add(staff, booking.patient, "documents", body)
    step = _step(
        staff, booking, STEP.ISSUED, number=plan.number, fingerprint=plan.fingerprint, document=entry.key,
        told=_json(told(made, booking)), content=encode(plan, made.balance).decode(),
    )  # fmt: skip
    append(staff, verb="plan.issued", patient=booking.patient, about=f"plan {plan.number} of booking {booking.pk}")
    give_tasks(staff, booking, plan)
    _recall(staff, booking, plan)
    if issued:
        _without(staff, booking, issued[-1].said, told(made, booking))
    return step


def _without(staff: Staff | None, booking: Booking, before: dict[str, Any], after: dict[str, Any]) -> None:
    """A drug that was stopped for an appointment that is not any more: today somebody settles what the patient takes.
    What that is no rule says here: it is asked of the prescriber."""
    for drug, stop in stopped_already(before, after, now()):
        tasks.give(
            staff, booking.patient, Task.Kind.CALL,
            without_words(drug, stop),
            why="They may be without it now. Ask the prescriber what is taken until then, and tell them.",
            about=f"booking {booking.pk}", origin=f"booking {booking.pk} without {drug} since {stop}",
            owner=_owner(booking, Role.NURSE), role=Role.NURSE, due=now() + timedelta(hours=4),
        )  # fmt: skip


def _recall(staff: Staff | None, booking: Booking, plan: Plan) -> None:
    held = PlanStep.objects.filter(
        patient=booking.patient, request_key=booking.request_key, kind=STEP.SHEET, number__lt=plan.number
    ).last()
    if held is not None:
        tasks.give(
            staff, booking.patient, Task.Kind.CALL,
            f"Call back patient sheet {held.number} and give sheet {plan.number}",
            why="The plan that the patient holds on paper does not count any more.", about=f"booking {booking.pk}",
            origin=f"booking {booking.pk} recall {held.number} by {plan.number}",
            owner=_owner(booking, Role.NURSE), role=Role.NURSE, due=now() + timedelta(hours=24),
        )  # fmt: skip


def give_tasks(staff: Staff | None, booking: Booking, plan: Plan) -> None:
    """The plan's tasks as tasks of people, each once; those that the plan no longer asks for are closed."""
    about = f"booking {booking.pk}"
    wanted = {task.id: task for task in plan.tasks if task.kind in _KINDS and task.who != "patient"}
    held: dict[str, list[Task]] = {}
    for row in Task.objects.filter(patient=booking.patient, origin__startswith=f"{about} plan "):
        held.setdefault((row.origin or "").split(" ")[3], []).append(row)
    for id, rows in held.items():
        for row in rows:
            if id not in wanted and row.done_at is None:
                tasks.close(staff, row, "settled: the plan no longer asks for it")
    for id, task in wanted.items():
        rows = held.get(id, [])
        if any(row.done_at is None for row in rows) or (rows and task.kind not in _AGAIN):
            continue
        role = _ROLES.get(task.who, Role.NURSE)
        tasks.give(
            staff, booking.patient, _KINDS[task.kind], capital(dates_in_words(task.what)), why=dates_in_words(task.why),
            about=about, origin=f"{about} plan {id} {len(rows) + 1}", role=role,
            owner=booking.operator if role == Role.PHYSICIAN else _owner(booking, role), due=_due(task, booking),
        )  # fmt: skip


def _due(task: Asked, booking: Booking) -> datetime:
    return min(task.at or booking.start, booking.start)


def _owner(booking: Booking, role: str) -> Staff | None:
    """Who of the care team works in this role; nobody owns it where there is nobody."""
    member = booking.patient.team.filter(staff__role=role, staff__is_active=True).select_related("staff").first()
    return member.staff if member is not None else None


@transaction.atomic
def close_tasks(staff: Staff, booking: Booking, outcome: str) -> None:
    """Closes what is still open of a booking's plan."""
    for task in Task.objects.filter(patient=booking.patient, about=f"booking {booking.pk}", done_at=None):
        tasks.close(staff, task, outcome)


@transaction.atomic
def cancel(staff: Staff, booking: Booking, reason: str) -> None:
    """Lets the slot go; its tasks are closed, and a sheet in the patient's hands is to be called back."""
    actions.cancel(staff, booking, reason)
    close_tasks(staff, booking, f"cancelled: {reason}")
    issued = PlanStep.objects.filter(booking=booking, kind=STEP.ISSUED).defer("content").last()
    if issued is not None:
        _without(staff, booking, issued.said, {})
    held = PlanStep.objects.filter(
        patient=booking.patient, request_key=booking.request_key, kind=STEP.SHEET, booking=booking
    ).last()
    if held is not None:
        tasks.give(
            staff, booking.patient, Task.Kind.CALL,
            f"Tell the patient that the appointment is cancelled; sheet {held.number} does not count any more",
            why=reason, about=f"booking {booking.pk}", origin=f"booking {booking.pk} cancelled",
            owner=_owner(booking, Role.NURSE), role=Role.NURSE, due=now() + timedelta(hours=24),
        )  # fmt: skip


@transaction.atomic
def ask(staff: Staff, booking: Booking, plan: Plan, drug: str, who: str) -> PlanStep:
    """Notes that the prescriber was asked, by when an answer is needed, and whose task it is to get it."""
    task = next((row for row in plan.tasks if row.kind == "agree" and row.drug == drug), None)
    due = _due(task, booking) if task is not None else booking.start
    step = _step(
        staff, booking, STEP.ASKED, number=plan.number, fingerprint=plan.fingerprint, drug=drug, who=who,
        on=_today(booking.patient), due=due,
    )  # fmt: skip
    append(staff, verb="prescriber.asked", patient=booking.patient, about=f"booking {booking.pk}", plan=plan.number)
    give_tasks(staff, booking, plan)
    return step


@transaction.atomic
def answer(
    staff: Staff, booking: Booking, drug: str, said: str, who: str, on: date, words: str = ""
) -> tuple[PlanStep, bool]:  # fmt: skip
    """The prescriber's answer about a drug for this appointment; whether it is a new one.

    Yes and no go into the chart as an agreement for exactly this start, so that it does not count for another. The same
    answer twice is once.
    """
    same = PlanStep.objects.select_for_update().filter(booking=booking, kind=STEP.ANSWERED, drug=drug).last()
    if same is not None and (same.answer, same.who, same.on) == (said, who, on):
        return same, False
    document = ""
    if said in ("hold", "continue"):
        body = {
            "kind": "prescriber-agreement", "date": on.isoformat(), "drug": drug, "agrees": said,
            "request": booking.request_key, "start": _local(booking).isoformat(),
            **({"text": words} if words else {}), **({"author": who} if who else {}),
        }  # fmt: skip
        document = add(staff, booking.patient, "documents", body, reason="prescriber's answer").key
    step = _step(staff, booking, STEP.ANSWERED, drug=drug, who=who, answer=said, on=on, words=words, document=document)
    append(staff, verb="prescriber.answered", patient=booking.patient, about=f"booking {booking.pk}", answer=said)
    if said == "other":
        tasks.give(
            staff, booking.patient, Task.Kind.PRESCRIBER, f"Call {who or 'the prescriber'} about {drug}",
            why=words or ANSWERS["other"], about=f"booking {booking.pk}", owner=booking.operator, role=Role.PHYSICIAN,
            origin=f"booking {booking.pk} talk {drug} {step.pk}", due=booking.start,
        )  # fmt: skip
    refresh(staff, booking)
    return step, True


@transaction.atomic
def refresh(staff: Staff | None, booking: Booking) -> Planned | None:
    """Works the plan out again from the record as it stands, and issues it if it is another."""
    made = planned(booking.patient, booking.request_key, booking.operator)
    if made is not None:
        issue(staff, booking, made)
    return made


@transaction.atomic
def note(
    staff: Staff, patient: Patient, key: str, booking: Booking | None, kind: str, *, drug: str, who: str, answer: str,
    on: date, document: str = "",
) -> PlanStep:  # fmt: skip
    """A step that changes nothing of the chart: what stands there already, or an answer that did not come."""
    step = PlanStep.objects.create(
        patient=patient, request_key=key, booking=booking, kind=kind, at=now(), by=staff, drug=drug, who=who,
        answer=answer, on=on, document=document,
    )  # fmt: skip
    append(staff, verb="prescriber.answered", patient=patient, about=f"request {key}", answer=answer)
    return step


@transaction.atomic
def give_sheet(staff: Staff, booking: Booking, plan: Plan, language: str) -> PlanStep:
    """Notes that the patient was given the sheet of this plan; the same sheet twice is once."""
    held = PlanStep.objects.filter(
        booking=booking, kind=STEP.SHEET, fingerprint=plan.fingerprint, language=language
    ).first()
    if held is not None:
        return held
    step = _step(staff, booking, STEP.SHEET, number=plan.number, fingerprint=plan.fingerprint, language=language)
    append(staff, verb="sheet.given", patient=booking.patient, about=f"sheet {plan.number} of booking {booking.pk}")
    recalls = Task.objects.filter(
        patient=booking.patient, about=f"booking {booking.pk}", origin__contains=" recall ", done_at=None
    )
    for task in recalls:
        tasks.close(staff, task, f"sheet {plan.number} given")
    return step


@transaction.atomic
def prepare(staff: Staff, booking: Booking, said: dict[str, str]) -> PlanStep:
    """What the patient said at the preparation call. `said` by the words of `PREPARATION`."""
    step = _step(staff, booking, STEP.CALL, told=_json(said))
    append(staff, verb="preparation.called", patient=booking.patient, about=f"booking {booking.pk}")
    return step


def _step(
    staff: Staff | None, booking: Booking, kind: str, *, number: int | None = None, fingerprint: str = "",
    drug: str = "", who: str = "", answer: str = "", on: date | None = None, due: datetime | None = None,
    document: str = "", language: str = "", words: str = "", told: str = "", content: str = "",
) -> PlanStep:  # fmt: skip
    return PlanStep.objects.create(
        patient=booking.patient, request_key=booking.request_key, booking=booking, kind=kind, at=now(), by=staff,
        number=number, fingerprint=fingerprint, drug=drug, who=who[:120], answer=answer, on=on, due=due,
        document=document, language=language, words=words[:600], told=told, content=content,
    )  # fmt: skip


def _json(said: object) -> str:
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _today(patient: Patient) -> date:
    return now().astimezone(ZoneInfo(patient.zone)).date()


def _local(booking: Booking) -> datetime:
    return booking.start.astimezone(ZoneInfo(booking.patient.zone))
