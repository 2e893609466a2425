"""What follows: for each procedure whether it helped, what is due, and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from msgspec import Struct

from clinic.clock import now
from follow_up import actions, dues, words
from follow_up.dues import Row, wanted_measures
from follow_up.models import Call, Due
from follow_up.reading import Case, case_of
from follow_up.scripts import local
from levamen.derive.periods import moment_of
from levamen.derive.scores import shown as score_shown
from levamen.emit.response_words import first_due
from levamen.knowledge.registry import packaged
from levamen.pathway.goals import GoalView, goals
from levamen.pathway.response import NotJudged, ProcedureResponse, response
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL, Role
from records.facts import reading_of
from records.models import Patient

GOAL_WORDS = {
    "reached": ("met", "Reached"), "not-yet": ("not_yet", "Not yet"),
    "past-date": ("not_met", "Day passed, not reached"),
    "cannot-tell": ("unknown", "Cannot tell"), "in-words": ("unknown", "Ask the patient"),
}  # fmt: skip


class Waiting(Struct, frozen=True, kw_only=True):
    """Something due as the tab shows it. `overdue`: its best time has passed; `missed`: its window too."""

    row: Row
    due: datetime
    overdue: bool
    missed: bool
    pk: int | None


class Card(Struct, frozen=True, kw_only=True):
    """One procedure on the tab."""

    one: ProcedureResponse
    title: str
    day: datetime | str
    says: str
    next_steps: tuple[str, ...]
    rules: tuple[words.Line, ...]
    calls: tuple[Call, ...]
    block: bool


@opens_patient(to=CARE, verb="follow-up.looked")
def follow_up(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The tab: what is due first, then each procedure, the latest first, then the goals."""
    record = reading_of(patient).record
    as_of = local(patient, now())
    found = response(record, packaged(), as_of)
    held = {(row.procedure_key, row.kind, row.what): row for row in Due.objects.filter(patient=patient)}
    calls = list(Call.objects.filter(patient=patient).select_related("who"))
    rows = [_waiting(row, held.get((row.key, row.kind, row.what))) for row in dues.rows(patient, record, found, calls)]
    waiting = sorted(
        (row for row in rows if row is not None and row.row.opens <= as_of), key=lambda row: (row.missed, row.due)
    )
    later = min(
        (row for row in rows if row is not None and row.row.opens > as_of), key=lambda row: row.due, default=None
    )
    cards = [_card(one, [call for call in calls if call.procedure_key == one.procedure.id]) for one in found.procedures]
    views = goals(record, moment_of(record, as_of, as_of.date()))
    return render(
        request,
        "follow_up/follow_up.html",
        {
            "patient": patient, "tab": "follow_up", "waiting": waiting, "later": later, "cards": list(reversed(cards)),
            "goals": [_goal(view) for view in views], "may_write": Role(request.user.role) in CLINICAL,
            "overdue": sum(row.overdue for row in waiting),
        },
    )  # fmt: skip


def _waiting(row: Row, held: Due | None) -> Waiting | None:
    if row.done or (held is not None and held.settled_by_id is not None):
        return None
    due = held.due if held is not None and held.outcome == dues.AGREED else row.due
    missed = row.closes is not None and row.closes <= now()
    return Waiting(row=row, due=due, overdue=due < now(), missed=missed, pk=held.pk if held is not None else None)


def _card(one: ProcedureResponse, calls: list[Call]) -> Card:
    start = one.procedure.start
    return Card(
        one=one, title=words.title(one), day="" if start is None else start.at or str(start),
        says=words.first_sentence(one), next_steps=tuple(map(words.plain, one.next_steps)),
        rules=tuple(words.rules(one)), calls=tuple(calls), block=one.block is not None,
    )  # fmt: skip


def _goal(view: GoalView) -> dict[str, Any]:
    chip, word = GOAL_WORDS[view.progress]
    goal = view.goal
    return {
        "key": goal.id, "text": goal.text or "Goal without words", "chip": chip, "word": word,
        "measure": codes.label("instruments", goal.measure) if goal.measure in codes.ids("instruments") else "",
        "target": "" if goal.target is None else str(goal.target), "by": str(goal.by) if goal.by else "",
        "value": score_shown(view.value) if view.value is not None else "", "reason": words.plain(view.reason or ""),
        "date": str(view.date) if view.date else "",
    }  # fmt: skip


def judged(case: Case) -> ProcedureResponse:
    """The response of one procedure. Raises Http404 where none is to be expected of it."""
    try:
        return response(case.record, packaged(), case.as_of, only=case.key).procedures[0]
    except NotJudged as error:
        raise Http404("Of this procedure no relief is judged.") from error


@opens_patient(to=CARE, verb="response.looked")
def response_of(request: StaffRequest, patient: Patient, key: str) -> HttpResponse:
    """One procedure: did it help, under whose rule, for how long, against what was expected, and what comes next."""
    case = case_of(patient, key)
    one = judged(case)
    wanted = {result.visit.visit.id: wanted_measures(case.record, one, result) for result in one.visits}
    duties = [
        (
            words.plain(duty.what),
            duty.who,
            duty.due.isoformat() if duty.due else "",
            words.plain(duty.why),
            words.origins(duty.cites),
        )
        for duty in first_due(one.obligations)
    ]
    return render(
        request,
        "follow_up/response.html",
        {
            "patient": patient, "tab": "follow_up", "case": case, "one": one, "says": words.first_sentence(one),
            "rules": words.rules(one), "levels": [words.line(row) for row in one.levels],
            "held": words.held_lines(one), "expected": words.expected_lines(one), "harms": words.harm_lines(one),
            "visits": words.visit_lines(one, wanted), "duties": duties,
            "next_steps": [words.plain(step) for step in one.next_steps],
            "notes": [words.plain(note) for note in one.notes],
            "rehabilitation": words.line(one.rehabilitation.answer) if one.rehabilitation else None,
            "device": words.line(one.device.answer) if one.device else None,
            "checks": [words.plain(row.says) for row in one.device.check] if one.device else [],
            "low": words.number_words(one.low_baseline), "may_write": Role(request.user.role) in CLINICAL,
        },
    )  # fmt: skip


@opens_patient(to=CARE, verb="due.settled")
def settle_due(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """Closes something due by hand, with what came of it."""
    if request.method == "POST":
        text = request.POST.get("due", "")
        number = int(text) if text.isdecimal() and len(text) < 12 else 0
        found = get_object_or_404(Due, patient=patient, pk=number)
        outcome = " ".join(request.POST.get("outcome", "").split())
        if len(outcome) < 3:
            messages.error(request, "Say in a few words what came of it.")
        else:
            actions.settle(request.user, found, outcome)
            messages.success(request, "Closed, with your name and the reason.")
    return redirect("follow_up", patient=patient.handle)
