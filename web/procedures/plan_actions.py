"""What is done with a plan: issuing it, its tasks, the prescriber's answer, the patient's sheet.."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
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
from options.models import Interruption
from people.models import Staff
from people.roles import Role
from procedures import actions
from procedures.changes import stopped_already, without_words
from procedures.models import Booking, PlanStep
from procedures.plans import Planned, Refused, lacking, planned, requests_of, told
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
NAMED_TIMES = "May be held, at the times they name"
"""The first, where the plan proposes no times."""
_KINDS = {
    "agree": Task.Kind.PRESCRIBER, "ask": Task.Kind.ASK, "tell": Task.Kind.OTHER, "lab": Task.Kind.OTHER,
    "book": Task.Kind.OTHER,
}  # fmt: skip
"""Tasks of a plan that somebody of the clinic does beforehand; doses are the patient's, calls come with the day."""
_BEFORE = timedelta(hours=24)
"""Ours: by then a thing is done for which the plan names no time."""
_HEARD = {
    ("driver", "no"): "Nobody takes the patient home: find an escort, or move the slot",
    ("new_medicines", "yes"): "Ask which medicine is new, write it into the record, and look at the plan again",
    (
        "infection",
        "yes",
    ): "Ask about fever, infection and antibiotics, write it into the record, and look at the plan again",
    ("last_dose", "no"): "Ask when the last dose was taken, write it into the record, and look at the plan again",
}
"""What follows from an answer at the preparation call: nothing that was heard stays with the one who heard it."""
_AGAIN = frozenset({"agree", "ask", "lab", "book"})
"""What the record would know if it had been done: closed without that, it is asked again."""
_ROLES = {
    "nurse": Role.NURSE, "prescriber": Role.NURSE, "coordinator": Role.COORDINATOR, "pain-physician": Role.PHYSICIAN,
}  # fmt: skip


_AT_BOOKING = "At booking: "


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
    for says in lacking(operator, request, [start.astimezone(ZoneInfo(patient.zone)).date()]).values():
        raise Refused(says)
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


def _interrupt(staff: Staff, booking: Booking, made: Planned, against: str) -> None:
    """The one modal stop of booking: contraindicated. The same stop on the same record is not asked about twice."""
    rule, facts = _stop(made)
    fired = {"rule": rule, "patient": booking.patient, "about": booking.request_key, "facts": facts}
    if Interruption.objects.filter(outcome=Interruption.Outcome.OVERRIDDEN, **fired).exists():
        return
    if not against:
        raise Interrupted(made)
    Interruption.objects.update_or_create(
        **fired, defaults={"outcome": Interruption.Outcome.OVERRIDDEN, "why": against[:600]},
        create_defaults={"at": now(), "who": staff, "outcome": Interruption.Outcome.OVERRIDDEN, "why": against[:600]},
    )  # fmt: skip
    _step(staff, booking, STEP.OVERRIDE, words=against)
    append(staff, verb="booking.against-stop", patient=booking.patient, about=f"booking {booking.pk}", reason=against)


@transaction.atomic
def interrupt(staff: Staff, patient: Patient, made: Planned) -> None:
    """Counts the stop; once for the same rule on the same facts."""
    rule, facts = _stop(made)
    _, new = Interruption.objects.get_or_create(
        rule=rule, patient=patient, about=made.request.id, facts=facts, defaults={"at": now(), "who": staff}
    )
    if new:
        append(staff, verb="interruption.fired", patient=patient, about=rule, request=made.request.id)


@transaction.atomic
def changed_course(staff: Staff, patient: Patient, key: str) -> None:
    """Somebody did not book when they were stopped."""
    Interruption.objects.filter(
        patient=patient, about=key, who=staff, outcome=Interruption.Outcome.OPEN, rule__startswith=_AT_BOOKING
    ).update(outcome=Interruption.Outcome.ACTED)


def _stop(made: Planned) -> tuple[str, str]:
    """The rule that stops, and a hash of all that it was found on."""
    plan = made.plan
    assert plan is not None  # noqa: S101 - a stop comes from a plan
    titles = [row.guard.title for row in plan.guards if row.fires and row.verdict == "contraindicated"]
    found = [*titles, *plan.reasons]
    return f"{_AT_BOOKING}{found[0]}"[:120], hashlib.sha256("|".join(found).encode()).hexdigest()


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
    rows = Task.objects.filter(patient=booking.patient, about=_about(booking))
    settled, wanted = _compared(plan, booking, rows)
    for row in settled:
        tasks.close(staff, row, "settled: the plan no longer asks for it")
    for task, times in wanted:
        role = _ROLES.get(task.who, Role.NURSE)
        tasks.give(
            staff, booking.patient, _KINDS[task.kind], capital(dates_in_words(task.what)), why=dates_in_words(task.why),
            about=_about(booking), origin=f"{_about(booking)} plan {task.id} {times + 1}", role=role,
            owner=booking.operator if role == Role.PHYSICIAN else _owner(booking, role), due=_due(task, booking),
        )  # fmt: skip


def behind(plan: Plan, booking: Booking, rows: Iterable[Task]) -> bool:
    """Whether the tasks that were given out are not those of the plan as it stands now."""
    return any(_compared(plan, booking, rows))


def _compared(plan: Plan, booking: Booking, rows: Iterable[Task]) -> tuple[list[Task], list[tuple[Asked, int]]]:
    """Open tasks that the plan asks for no more; and what it asks for that nobody has, with how often it was given."""
    wanted = {task.id: task for task in _wanted(plan)}
    held: dict[str, list[Task]] = {}
    for row in rows:
        words = (row.origin or "").split(" ")
        if words[:3] == [*_about(booking).split(" "), "plan"]:
            held.setdefault(words[3], []).append(row)
    settled = [row for id, found in held.items() if id not in wanted for row in found if row.done_at is None]
    missing = [
        (task, len(held.get(id, ())))
        for id, task in wanted.items()
        if not any(row.done_at is None for row in held.get(id, ())) and (task.kind in _AGAIN or id not in held)
    ]
    return settled, missing


def _wanted(plan: Plan) -> Iterator[Asked]:
    """What somebody of the clinic does beforehand. What is not known is one task for each part of the record: who goes
    through the allergies settles every question about them."""
    unknown: dict[str, list[str]] = {}
    guards = {row.guard.id: row for row in plan.guards}
    for task in plan.tasks:
        guard = guards.get(task.id)
        if task.kind == "ask" and guard is not None:
            if guard.due == "day":
                continue  # the checklist of the day asks it
            unknown.setdefault(guard.missing[0].kind if guard.missing else "record", []).append(guard.guard.title)
        elif task.kind in _KINDS and task.who != "patient":
            yield task
    for kind, titles in unknown.items():
        what = f"find out and write into the record ({kind}): {'; '.join(titles)}"
        yield Asked(id=f"find-out-{kind}", kind="ask", what=what, who="nurse", why="Not known yet, and unknown stops.")


def _about(booking: Booking) -> str:
    return f"booking {booking.pk}"


def _due(task: Asked, booking: Booking) -> datetime:
    """When the plan wants it; else the day before the appointment, so that somebody can still act on it."""
    return min(task.at or max(booking.start - _BEFORE, now()), booking.start)


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
    """Notes that the prescriber was asked, by when an answer is needed, and whose task it is to get it. Once a day for
    the same plan, however often it is sent."""
    today = _today(booking.patient)
    held = PlanStep.objects.filter(
        booking=booking, kind=STEP.ASKED, drug=drug, fingerprint=plan.fingerprint, on=today
    ).first()
    if held is not None:
        return held
    task = next((row for row in plan.tasks if row.kind == "agree" and row.drug == drug), None)
    due = _due(task, booking) if task is not None else booking.start - _BEFORE
    step = _step(
        staff, booking, STEP.ASKED, number=plan.number, fingerprint=plan.fingerprint, drug=drug, who=who,
        on=today, due=due,
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
    if said == "no-answer":
        _again(staff, booking, drug, who)
    return step, True


def _again(staff: Staff, booking: Booking, drug: str, who: str) -> None:
    """No answer yet: asking again is somebody's task, unless the plan's own task to ask is still open."""
    about = Task.objects.filter(patient=booking.patient, about=_about(booking), kind=Task.Kind.PRESCRIBER, done_at=None)
    if not about.exists():
        times = Task.objects.filter(origin__startswith=f"{_about(booking)} again {drug} ").count()
        tasks.give(
            staff, booking.patient, Task.Kind.PRESCRIBER, f"Ask {who or 'the prescriber'} again about {drug}",
            why=ANSWERS["no-answer"], about=_about(booking), owner=_owner(booking, Role.NURSE), role=Role.NURSE,
            origin=f"{_about(booking)} again {drug} {times + 1}", due=max(booking.start - _BEFORE, now()),
        )  # fmt: skip


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
    if booking is not None and answer == "no-answer":
        _again(staff, booking, drug, who)
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
    """What the patient said at the preparation call, by the words of `PREPARATION`; what it asks for is given out."""
    step = _step(staff, booking, STEP.CALL, told=_json(said))
    for (name, heard), what in _HEARD.items():
        if said.get(name) == heard:
            tasks.give(
                staff, booking.patient, Task.Kind.FINDING, what, why="Said at the preparation call.",
                about=f"booking {booking.pk}", origin=f"booking {booking.pk} call {step.pk} {name}",
                owner=_owner(booking, Role.NURSE), role=Role.NURSE, due=booking.start,
            )  # fmt: skip
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
