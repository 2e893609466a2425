"""The overview and the options board of a patient, and the one-click answers that settle what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from administration.models import clinic
from audit.models import Event
from clinic.clock import now, today
from levamen.adapters.chart_entries import read_entry
from levamen.emit.words import capital
from levamen.pathway.headline import short, target_words
from levamen.record import codes
from levamen.record.facts import Request
from options.asking import ANSWERS, REVIEWS, to_ask
from options.assessed import Assessed, aimed, all_at, assessed, knowledge
from options.board import Decided, board, row_of
from options.models import Decision, Interruption
from options.option import therapy_title
from options.overview import figures, flags, next_step, not_looked_for, other_notes, pictures
from options.readable import readable
from people.access import StaffRequest, opens, opens_patient
from people.roles import CARE, LEADS
from records import actions
from records.facts import keys_of
from records.models import Entry, Patient
from records.views import may_write
from ui.templatetags.ui import day

_ASKED_FIRST = 4


@opens_patient(to=CARE, verb="overview.looked")
@readable
def overview(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Where does this person stand, and what is the next right step?"""
    found = assessed(patient)
    decisions = list(Decision.objects.filter(patient=patient).standing().select_related("by"))
    groups = board(found, clinic().guidelines, decided(decisions))
    rows = [row for group in groups for row in group.rows]
    dated = [row for row in rows if row.earliest is not None and row.earliest > found.assessment.as_of]
    months = 36 if request.GET.get("months") == "36" else 12
    drawn = pictures(patient, found, months, min(dated, key=lambda row: row.earliest or date.max, default=None))
    asks = to_ask(found.questions, found.raised, keys_of(patient))
    fired = flags(found.assessment.flags)
    balance = found.reading.balance
    booked = min(
        (row for row in rows if row.start is not None and row.start >= found.assessment.as_of),
        key=lambda row: row.start or date.max,
        default=None,
    )
    shown = {
        "patient": patient, "tab": "overview",
        "next": next_step(groups, found.assessment.as_of, fired), "groups": groups,
        "pictures": drawn, "asks": asks[:_ASKED_FIRST], "more_asks": asks[_ASKED_FIRST:], "months": months,
        "flags": fired, "unlooked": not_looked_for(found.assessment.flags),
        "figures": figures(found.reading.record, found.at, drawn.rows), "notes": other_notes(found),
        "booked": booked, "decision": next(iter(decisions), None),
        "unread": balance.ignored + balance.rejected,
        "items": balance.items, "issues": balance.issues, "may_answer": may_write(request.user, "completeness"),
        "leading": _leading(), "total": len(rows),
    }  # fmt: skip
    return render(request, "options/overview.html", shown)


@opens_patient(to=CARE, verb="options.looked")
@readable
def options(request: StaffRequest, patient: Patient) -> HttpResponse:
    """What could be done, and what do the governing policies say?"""
    past, wrong = replayed(request)
    found = assessed(patient, past)
    taken = () if past is not None else Decision.objects.filter(patient=patient).standing()
    groups = board(found, clinic().guidelines, decided(taken))
    asks = to_ask(found.questions, found.raised, keys_of(patient))
    model = found.question(request.GET.get("all", "")[:40]) if past is None else None
    more = all_at(patient, model.request) if model is not None else ()
    shown = {
        "model": capital(target_words(model.request)) if model is not None else "",
        "model_id": model.id if model is not None else "",
        "more": sorted((row_of(row, clinic().guidelines) for row in more), key=lambda row: row.title),
        "patient": patient, "tab": "options", "groups": groups, "past": past, "wrong": wrong, "leading": _leading(),
        "payers": payers(found), "total": sum(len(group.rows) for group in groups), "asks": asks,
        "asked": len({row.policy for question in found.questions for row in question.policies}),
        "notes": other_notes(found), "flags": flags(found.assessment.flags),
        "may_add": may_write(request.user, "request") and past is None,
        "may_answer": may_write(request.user, "completeness") and past is None,
        "therapies": sorted(((id, therapy_title(id)) for id in codes.ids("therapies")), key=lambda row: row[1]),
        "targets": [(row.id, row.title) for group in groups for row in group.rows],
        "known": (found.assessment.knowledge, found.assessment.knowledge_date),
    }  # fmt: skip
    return render(request, "options/options.html", shown, status=400 if wrong else 200)


def decided(decisions: Iterable[Decision]) -> dict[str, Decided]:
    """What was decided last on each request, in words."""
    return {
        row.request_key: Decided(
            says=f"{row.words}, {day(row.at)}" + (f": waits for the {row.waits_for}" if row.waits_for else ""),
            declined=row.word == Decision.Word.DECLINE,
            number=row.pk,
        )
        for row in decisions
    }


def replayed(request: StaffRequest) -> tuple[date | None, str]:
    """The past day that was asked for, and what is wrong with what was asked."""
    said = request.GET.get("as_of", "").strip()[:20]
    if not said:
        return None, ""
    try:
        asked = date.fromisoformat(said)
    except ValueError:
        return None, "That is no day. Write it like 2026-02-24."
    if asked >= today(clinic().zone):
        return None, "That day is not over yet. Without a day you see what is known now."
    if asked < date(1990, 1, 1):
        return None, "That day is before any record here. Write a later one."
    return asked, ""


def payers(found: Assessed) -> tuple[str, ...]:
    """The names of the payer policies that govern here."""
    names = {short(row.title) for question in found.questions for row in question.policies if row.governing}
    return tuple(sorted(names))


def _leading() -> tuple[str, ...]:
    held = knowledge().policies
    return tuple(short(held[id].title) for id in clinic().guidelines if id in held)


@opens_patient(to=CARE, verb="options.looked")
@require_POST
@readable
def answer(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """A missing fact answered with one click: a question yes, no or not sure; a list gone through."""
    if not may_write(request.user, "completeness"):
        raise PermissionDenied("Answers are written down by those who work with patients.")
    asked, said = request.POST.get("ask", ""), request.POST.get("answer", "")
    back = redirect("options" if request.POST.get("from") == "options" else "overview", patient=patient.handle)
    if asked in REVIEWS and said == "reviewed":
        body: dict[str, object] = {"kind": asked, "reviewed": today(clinic().zone).isoformat()}
        words = f"{REVIEWS[asked]}: gone through today."
    elif asked in codes.ids("questions") and said in ANSWERS:
        body = {"kind": asked, "asked": now().astimezone(clinic().zone).isoformat(), "answer": said}
        words = f"{capital(codes.label('questions', asked))}: {'not sure' if said == 'unknown' else said}."
    else:
        messages.error(request, "This answer was not understood, and nothing was written. Choose it again.")
        return back
    sent = Entry.objects.filter(
        patient=patient, section="completeness", concept=asked, author=request.user, struck=False,
        at__gte=now() - timedelta(minutes=1),
    )  # fmt: skip
    if any(entry.fields.get("answer", "reviewed") == said for entry in sent):
        messages.info(request, f"{words} It was already written down.")
        return back
    actions.add(request.user, patient, "completeness", body)
    messages.success(request, f"{words} Saved.")
    return back


@opens_patient(to=CARE, verb="options.looked")
@require_POST
@readable
def consider(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """Another therapy taken into what is considered, at the target of one that is considered already."""
    if not may_write(request.user, "request"):
        raise PermissionDenied("What is considered is written down by those who work with patients.")
    therapy, target = request.POST.get("therapy", ""), request.POST.get("target", "")
    if therapy not in codes.ids("therapies"):
        messages.error(request, "Choose a therapy from the list.")
        return redirect("options", patient=patient.handle)
    question = assessed(patient).question(target) if target else None
    body: dict[str, object] = {"therapy": therapy}
    if question is not None:
        body |= target_fields(question.request, therapy)
    if read_entry("request", body, patient.zone).problems:
        messages.info(request, "Say first where it is aimed.")
        return redirect(f"{reverse('add_entry', args=[patient.handle, 'request'])}?therapy={therapy}")
    same = Entry.objects.filter(patient=patient, section="request", struck=False, therapy=therapy)
    if any({k: v for k, v in entry.fields.items() if k in body} == body for entry in same):
        messages.info(request, "It is considered already.")
        return redirect("options", patient=patient.handle)
    made = actions.add(request.user, patient, "request", body)
    messages.success(request, f"{therapy_title(therapy)} is considered now.")
    if question is None:
        return redirect("edit_entry", patient=patient.handle, section="request", key=made.key)
    return redirect("option", patient=patient.handle, question=made.key)


def target_fields(asked: Request, therapy: str) -> dict[str, object]:
    """Where a request is aimed, as the chart file writes it, as far as another therapy can be aimed there."""
    found = {
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in aimed(asked, therapy).items()
    }
    return {name: value for name, value in found.items() if value and name != "therapy"}


@opens(to=LEADS, verb="interruptions")
def interruptions(request: StaffRequest) -> HttpResponse:
    """Does a stop change what people do? Of the last month, each rule: fired, changed course, overridden."""
    until = now()
    rows = Interruption.objects.review(until - timedelta(days=30), until + timedelta(seconds=1))
    views = Event.objects.filter(at__gte=until - timedelta(days=30), verb__in=LOOKS).count()
    fired = sum(row["fired"] for row in rows)
    shown = {"here": "settings", "rows": rows, "views": views, "fired": fired, "most": STOPS_OF_100,
             "over": fired * 100 > STOPS_OF_100 * views, "since": until - timedelta(days=30)}  # fmt: skip
    return render(request, "options/interruptions.html", shown)


STOPS_OF_100 = 5
"""How many modal stops of 100 looks at a patient are too many: ours, no source."""
LOOKS = ("overview.looked", "options.looked", "option.looked", "record.looked")
"""What counts as looking at a patient."""
