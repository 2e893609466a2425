"""What the sample clinic's staff booked, asked the prescribers, and heard at the preparation call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from administration.models import clinic
from people.models import Staff
from procedures import actions, plan_actions
from procedures.models import Booking, PlanStep
from procedures.plans import planned, standing
from records.models import Entry, Patient

_ANSWERS = {"stop-and-restart": "hold", "keep": "continue", "no-answer": "no-answer"}
_NOT_SAID = frozenset({"action", "at", "by", "request", "stage"})


def book(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A slot for a request, and its plan as it stands on the sample's morning: the files tell the record of then."""
    booking = actions.book(
        staff, patient, said["request"], said["start"], said["room"], people[said["operator"]], int(said["minutes"])
    )
    made = planned(patient, said["request"], booking.operator, as_of=_morning())
    if made is not None:
        plan_actions.issue(staff, booking, made)


def prescriber(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A prescriber's answer. One that the chart of the file has already is not written into it again."""
    answer, on = _ANSWERS[said["answer"]], date.fromisoformat(str(said["on"]))
    booking = standing(Booking.objects.filter(patient=patient, request_key=said["request"]))
    held = Entry.objects.filter(patient=patient, section="documents", struck=False)
    about = {"kind": "prescriber-agreement", "drug": said["drug"]}
    known = next((row for row in held if about.items() <= row.fields.items()), None)
    if booking is not None and known is None and answer != "no-answer":
        plan_actions.answer(staff, booking, said["drug"], answer, said["who"], on)
        return
    plan_actions.note(
        staff, patient, said["request"], booking, PlanStep.Kind.ANSWERED, drug=said["drug"], who=said["who"],
        answer=answer, on=on, document=known.key if known is not None else "",
    )  # fmt: skip


def preparation_call(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """What the patient said at the call before the day."""
    booking = standing(Booking.objects.filter(patient=patient, request_key=said["request"]))
    if booking is not None:
        plan_actions.prepare(
            staff, booking, {name: str(value) for name, value in said.items() if name not in _NOT_SAID}
        )


CHECKS: dict[str, Callable[[Staff, Patient, Mapping[str, Any], Mapping[str, Staff]], None]] = {
    "preparation-call": preparation_call
}
"""Checks by their stage; the stages of the day itself belong to the day."""


def check(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A check before or on the day."""
    if said["stage"] in CHECKS:
        CHECKS[said["stage"]](staff, patient, said, people)


def _morning() -> datetime:
    from sample.loader import AS_OF

    return datetime.fromisoformat(AS_OF).replace(tzinfo=clinic().zone)


ACTIONS = {"book": book, "prescriber": prescriber, "check": check}
