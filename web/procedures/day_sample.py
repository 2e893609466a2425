"""What the sample clinic's staff did on the day itself: the check at the door, the time-out, recovery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clinic import clock
from people.models import Staff
from procedures import day_actions
from procedures.models import Booking, DayAnswer
from records.models import Patient

_QUESTIONS = {"blood_pressure": "blood-pressure-today", "glucose": "glucose-today"}
_NOT_SAID = frozenset({"action", "at", "by", "request", "stage"})


def _booking(patient: Patient, said: Mapping[str, Any]) -> Booking:
    rows = Booking.objects.filter(patient=patient, request_key=said["request"])
    return rows.exclude(status__in=("moved", "cancelled")).latest("pk")


def check_in(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """What was asked at the door. The chart of the file tells it too: it is not written there twice."""
    booking = _booking(patient, said)
    for name, value in said.items():
        if name in _NOT_SAID:
            continue
        measured = name in _QUESTIONS
        DayAnswer.objects.get_or_create(
            booking=booking, sent=f"sample-{name}",
            defaults={"stage": "ask", "item": _QUESTIONS.get(name, name.replace("_", "-")), "by": staff,
                      "answer": "value" if measured else str(value), "said": str(value) if measured else "",
                      "at": clock.now()},
        )  # fmt: skip


def stage(name: str) -> Callable[[Staff, Patient, Mapping[str, Any], Mapping[str, Staff]], None]:
    """Items of a stage, each with its answer: `agree`, `differs`, or for recovery `yes`, `no`."""

    def done(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
        booking = _booking(patient, said)
        for item, value in said.items():
            if item not in _NOT_SAID:
                day_actions.answer(
                    staff, booking, name, item.replace("_", "-"), str(value), sent=f"sample-{name}-{item}"
                )

    return done


DAY_CHECKS = {"check-in": check_in, "time-out": stage("pause"), "recovery": stage("recovery")}
"""The checks of the day by their stage."""
