"""What the sample clinic's staff heard in calls after procedures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit.chain import append
from clinic.clock import now
from follow_up import actions
from follow_up.dues import SCRIPT_WORDS
from follow_up.models import Attempt, Call
from follow_up.scripts import questions
from people.models import Staff
from records.models import Patient

_SCRIPTS = {"24h": "day-1", "1-week": "week-1"}


@transaction.atomic
def call(staff: Staff, patient: Patient, said: Mapping[str, Any], people: Mapping[str, Staff]) -> None:
    """A call that was made. What was learnt stands in the chart of the file already, and is not written twice."""
    held = actions.take(staff, patient, said["procedure"], _SCRIPTS[said["kind"]])
    if said["reached"] != "yes":
        actions.attempt(staff, held, Attempt.Outcome.NO_ANSWER, tries=3)
        return
    rows, told = questions(held.script), said.get("answers", {})
    answers = {}
    if told.get("warning_signs") == "no":
        answers = {id: actions.Answered(word="no") for id, row in rows.items() if row.flag is not None}
    if "pain" in told:
        answers["relief"] = actions.Answered(word="value", value=str(told["pain"]))
    follows = "next-contact" if "next-contact" in rows else "next-step"
    answers[follows] = actions.Answered(word="yes", note=str(said.get("next", "")))
    actions.keep(staff, held, answers)
    held.attempts.create(at=now(), by=staff, outcome=Attempt.Outcome.REACHED)
    Call.objects.filter(pk=held.pk).update(status=Call.Status.DONE, finished=now())
    append(
        staff, verb="call.finished", patient=patient, about=f"{SCRIPT_WORDS[held.script]} after {held.procedure_key}"
    )


ACTIONS = {"call": call}
