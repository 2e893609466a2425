"""The page of a call: warning signs first, then whether it worked. It goes on where it stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Prefetch, Subquery
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec import Struct

from administration.models import clinic
from follow_up import actions, call_form
from follow_up.dues import SCRIPT_WORDS
from follow_up.models import Attempt, Call, Due, Said
from follow_up.reading import Case, case_of
from follow_up.scripts import Asked, Script, flag_of, questions, script_of, until_words
from levamen.knowledge.checklists import packaged_checklists
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.models import Patient


@opens_patient(to=CLINICAL, verb="call.looked")
def call(request: StaffRequest, patient: Patient, key: str, script: str) -> HttpResponseBase:
    """A call after a procedure. A look begins nothing; the first answer does."""
    if script not in SCRIPT_WORDS:
        raise Http404("There is no such call.")
    case = case_of(patient, key)
    held = _held(patient, key, script)
    if request.method == "POST":
        return _post(request, case, script, held)
    return _page(request, case, script, held)


def _held(patient: Patient, key: str, script: str) -> Call | None:
    planned = Due.objects.filter(patient=patient, procedure_key=key, kind=Due.Kind.CALL, what="week-1")
    rows = Call.objects.filter(patient=patient, procedure_key=key, script=script).select_related("who")
    rows = rows.annotate(planned=Subquery(planned.values("due")[:1]))
    attempts = Prefetch("attempts", Attempt.objects.select_related("by"))
    return rows.prefetch_related(Prefetch("answers", Said.objects.select_related("by")), attempts).first()


def _post(request: StaffRequest, case: Case, word: str, held: Call | None) -> HttpResponseBase:
    act, patient = request.POST.get("action", "keep"), case.patient
    if act == "take-over" and held is not None:
        actions.take_over(request.user, held)
        return _back(case, word)
    try:
        found = actions.take(request.user, patient, case.key, word)
    except actions.Busy as busy:
        if request.headers.get("HX-Request"):
            return _refresh()
        messages.error(request, f"Nothing was saved: {busy.call.who} is on this call. Take it over first.")
        return _back(case, word)
    match act:
        case "attempt":
            return _attempt(request, case, word, found)
        case "take-back":
            reason = " ".join(request.POST.get("reason", "").split())
            if len(reason) < 3:
                messages.error(request, "Say in a few words why it was noted by mistake.")
            else:
                actions.take_back(request.user, found, reason[:200])
            return _back(case, word)
        case "raised":
            told = " ".join(request.POST.get("told", "").split())
            if len(told) < 3:
                return _page(request, case, word, _held(patient, case.key, word), {"told": "Write what was done."})
            actions.finish_raised(request.user, found, told)
            messages.success(request, "The call is finished. The warning sign stays on the physician’s list.")
            return redirect("follow_up", patient=patient.handle)
    return _answers(request, case, word, found, whole=act == "finish")


def _attempt(request: StaffRequest, case: Case, word: str, found: Call) -> HttpResponseBase:
    outcome, patient = request.POST.get("outcome", ""), case.patient
    if outcome not in (Attempt.Outcome.NO_ANSWER, Attempt.Outcome.SOMEBODY_ELSE, Attempt.Outcome.DROPPED):
        messages.error(request, "Choose what came of it: no answer, somebody else answered, or the call broke off.")
        return _back(case, word)
    tries = max(row.attempts for row in packaged_checklists().calls.no_answer)
    said = {name: " ".join(request.POST.get(name, "").split()) for name in ("whom", "said")}
    task = actions.attempt(request.user, found, outcome, tries=tries, **said)
    if task is not None:
        messages.warning(
            request, f"{tries} tries without the patient: {task.owner or 'a physician'} decides the next route."
        )
    elif outcome == Attempt.Outcome.DROPPED:
        messages.success(request, "Kept. The call goes on at the question where it stopped.")
    else:
        messages.success(request, "The try is written down with day and hour.")
    return redirect("call", patient=patient.handle, key=case.key, script=word)


def _answers(request: StaffRequest, case: Case, word: str, found: Call, *, whole: bool) -> HttpResponseBase:
    zone = ZoneInfo(case.patient.zone)
    script = script_of(case.record, case.procedure, word)
    sent = call_form.read(script, request.POST, zone, whole=whole)
    task = actions.keep(request.user, found, sent.answers)
    if task is not None or found.status != Call.Status.OPEN:
        return _refresh() if request.headers.get("HX-Request") else _back(case, word)
    if not whole:
        if request.headers.get("HX-Request"):
            return render(request, "follow_up/kept.html", {"problems": sent.problems})
        messages.success(request, "Kept. The call goes on where it stopped.")
        return _back(case, word)
    if sent.problems:
        return _page(request, case, word, _held(case.patient, case.key, word), sent.problems)
    if actions.finish(request.user, found, script, case.record, case.procedure, sent.told):
        messages.success(request, f"The {SCRIPT_WORDS[word]} is finished. {_next(case, word)}")
    return redirect("follow_up", patient=case.patient.handle)


def _next(case: Case, word: str) -> str:
    later = Due.objects.filter(
        patient=case.patient, procedure_key=case.key, kind=Due.Kind.CALL, what="week-1", done=None
    ).first()  # fmt: skip
    if word == "week-1" or later is None:
        return "What comes next stands below."
    day = later.due.astimezone(ZoneInfo(case.patient.zone))
    return f"Next: the one-week call on {day:%a} {day.day:02} {day:%b %Y}."


def _page(
    request: StaffRequest, case: Case, word: str, held: Call | None, problems: dict[str, str] | None = None
) -> HttpResponse:
    script = script_of(case.record, case.procedure, word, held.answers.all() if held is not None else ())
    problems = problems or {}
    shown: dict[str, Any] = {
        "patient": case.patient, "tab": "follow_up", "case": case, "call": held, "script": script, "word": word,
        "title": SCRIPT_WORDS[word], "problems": problems, "posted": request.POST,
        "lines": [_line(one, request, problems, number) for number, one in enumerate(script.questions, start=1)],
        "drugs": [(id, name, request.POST.get(f"restart.{id}", "")) for id, name in script.drugs],
        "events": call_form.event_choices(), "severities": call_form.severity_choices(), "scale": _scale(script),
        "scale_title": codes.title(script.scale.id), "spoken": case.record.person.language,
        "mine": held is None or held.who_id == request.user.pk, "next_call": _planned(case, held),
        "missed": sum(row.outcome in actions.MISSED for row in held.attempts.all()) if held is not None else 0,
    }  # fmt: skip
    if held is not None and held.status == Call.Status.RAISED:
        flag = flag_of(questions(word)[held.raised])
        if flag is not None:
            shown |= {
                "flag": flag, "act": packaged_checklists().acts[flag.urgency], "task": actions.task_of(held),
                "until": until_words(flag), "asked": questions(word)[held.raised].ask,
                "number": clinic().emergency if flag.urgency == "emergency" else clinic().phone,
                "open_questions": [one.row.ask for one in script.questions if one.answer is None],
            }  # fmt: skip
    return render(request, "follow_up/call.html", shown, status=400 if problems else 200)


class Line(Struct, frozen=True, kw_only=True):
    """One question as it stands on the page: its number, what is chosen, what was typed, what is wrong."""

    asked: Asked
    number: int
    word: str
    note: str
    problem: str


def _line(one: Asked, request: StaffRequest, problems: dict[str, str], number: int) -> Line:
    held = one.answer
    kept = "" if held is None else held.value if held.word == "value" else held.word
    return Line(
        asked=one, number=number, word=request.POST.get(f"q.{one.id}", kept),
        note=request.POST.get(f"n.{one.id}", held.note if held is not None else ""), problem=problems.get(one.id, ""),
    )  # fmt: skip


def _planned(case: Case, held: Call | None) -> datetime | None:
    """When the one-week call is due."""
    if held is not None and hasattr(held, "planned"):
        found: datetime | None = held.planned
        return found
    rows = Due.objects.filter(patient=case.patient, procedure_key=case.key, kind=Due.Kind.CALL, what="week-1")
    return rows.values_list("due", flat=True).first()


def _scale(script: Script) -> list[str]:
    return [str(value) for value in range(script.scale.most + 1)] if script.scale.most <= 10 else []


def _back(case: Case, word: str) -> HttpResponseBase:
    return redirect("call", patient=case.patient.handle, key=case.key, script=word)


def _refresh() -> HttpResponse:
    """The page is to be read anew: a warning sign was raised, or somebody else is on the call."""
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response
