"""What did we decide together, and did the person understand? And a decision looked at again."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from administration.models import clinic
from levamen.emit.safety import safety_view
from levamen.emit.words import capital
from levamen.knowledge.therapies import packaged_therapies
from levamen.pathway.answers import Question
from levamen.pathway.headline import short, target_words
from options import actions
from options.assessed import Assessed, assessed, knowledge, knowledge_hash
from options.board import row_of
from options.forms import WORDS, Deciding
from options.models import Decision
from options.option import Described, answered, described, therapy_title
from options.readable import readable
from people.access import StaffRequest, opens_patient
from people.roles import CARE, PHYSICIANS, Role
from records.models import IDENTITY, Entry, Patient
from records.words import title

_ENGLISH = ("", "en", "english", "en-us")


@opens_patient(to=PHYSICIANS, verb="decision.form")
@readable
def decide(request: StaffRequest, patient: Patient, question: str) -> HttpResponseBase:
    """The talk written down. Nothing is ticked beforehand; to decline is as easy as to accept."""
    found = assessed(patient)
    asked = found.question(question)
    if asked is None or question in found.raised:
        raise Http404("This is not considered. Take it into what is considered first.")
    told = described(asked.request.therapy, knowledge().sources)
    basis = actions.basis_of(patient, asked, {})
    entries = list(Entry.objects.filter(Q(section=IDENTITY) | Q(section="request", key=question), patient=patient))
    form = _form(request, entries, found, asked, basis)

    def page(status: int = 200) -> HttpResponse:
        return _page(request, patient, asked, form, basis, told, entries, status)

    if request.method != "POST":
        return page()
    if "back" in request.POST:
        actions.changed_course(request.user, patient, question, request.POST.get("facts", "")[:64])
        return page()
    if not form.is_valid():
        return page(400)
    try:
        made = actions.decide(request.user, patient, question, _said(form, told), form.cleaned_data["seen"])
    except actions.Changed:
        messages.error(request, "The record changed while you talked. Look at what it says now; nothing was saved.")
        form = _form(request, entries, found, asked, basis, again=True)
        return page(409)
    except actions.Stopped as stop:
        if actions.interrupt(request.user, patient, question, stop.basis) is None:
            form.add_error(
                "word", "Safety stops it. To go ahead all the same choose “Go ahead against a stop” and say why."
            )
            return page(400)
        return _stop(request, patient, asked, form, stop.basis)
    messages.success(
        request,
        f"Decided: {made.words.lower()}." + ("" if not made.waits_for else f" It waits for the {made.waits_for}."),
    )
    return redirect("decision", patient=patient.handle, decision=made.pk)


def _form(
    request: StaffRequest, entries: list[Entry], found: Assessed, asked: Question, basis: actions.Basis,
    again: bool = False,
) -> Deciding:  # fmt: skip
    """The form with what was sent. `again`: what it rests on is now what is on the screen."""
    identity = next((row for row in entries if row.section == IDENTITY), None)
    language = (
        (identity.fields.get("language") if identity is not None else "") or found.reading.record.person.language or ""
    )
    speaks = "" if str(language).casefold() in _ENGLISH else title(str(language))
    authorities = [(row.policy, short(row.title)) for row in asked.policies if row.verdict != "silent"]
    initial = {"once": secrets.token_urlsafe(18), "seen": basis.hash}
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and again:
        sent["seen"] = basis.hash
    return Deciding(
        sent, initial=initial, choices=_choices(found, asked),
        authorities=authorities, stops=basis.stops, language=speaks,
    )  # fmt: skip


def _choices(found: Assessed, asked: Question) -> list[tuple[str, str]]:
    """This therapy, the others that are considered, those the catalogue names beside it, and doing none of them."""
    ids = [asked.request.therapy or "", *(row.request.therapy or "" for row in found.questions)]
    held = packaged_therapies().get(asked.request.therapy or "")
    for row in held.statements.get("alternatives", ()) if held is not None else ():
        ids += row.therapies
    return [(id, therapy_title(id)) for id in (*dict.fromkeys(id for id in ids if id), "none")]


def _said(form: Deciding, told: Described | None) -> actions.Said:
    said: dict[str, Any] = form.cleaned_data
    numbers = ""
    if said["shown"] and told is not None:
        rows = [*told.benefits[:4], *told.risks[:4]]
        numbers = f"Knowledge {knowledge_hash()}: " + "; ".join(f"{row.number} {row.says}" for row in rows)
    elif said["shown"]:
        numbers = f"Knowledge {knowledge_hash()}: no rate with a denominator in our sources"
    return actions.Said(
        word=said["word"], once=said["once"], options=tuple(said["options"]), values=said["values_said"], shown=numbers,
        present=said["present"], interpreter=said["interpreter"], teach_back=said["teach_back"] == "yes",
        reason=said["reason"], code=said["code"], followed=said["followed"], document=said["document"],
        signed=said["signed"],
    )  # fmt: skip


def _page(
    request: StaffRequest, patient: Patient, asked: Question, form: Deciding, basis: actions.Basis,
    told: Described | None, entries: list[Entry], status: int,
) -> HttpResponse:  # fmt: skip
    before = Decision.objects.filter(patient=patient, request_key=asked.id).standing().select_related("by").first()
    shown = {
        "patient": patient, "tab": "options", "question": asked, "form": form, "basis": basis, "words": WORDS,
        "row": row_of(asked, clinic().guidelines), "safety": safety_view(asked), "described": told,
        "target": capital(target_words(asked.request)), "answered": answered(asked, clinic().guidelines),
        "before": before, "drift": actions.drift(before, entries) if before is not None else "",
        "chosen": form["word"].value() or "",
        "disagree": basis.stops or bool(request.GET.get("disagree")) or form.is_bound,
        "second": clinic().second_signature,
    }  # fmt: skip
    return render(request, "options/decide.html", shown, status=status)


def _stop(
    request: StaffRequest, patient: Patient, asked: Question, form: Deciding, basis: actions.Basis
) -> HttpResponse:
    """The one stop that a page may put into somebody's way: it names its rule and can be answered with a reason."""
    told = [(name, value) for name, values in request.POST.lists() for value in values if name not in _ASKED_HERE]
    shown = {
        "patient": patient, "tab": "options", "question": asked, "basis": basis, "kept": told, "form": form,
        "target": capital(target_words(asked.request)), "safety": safety_view(asked),
        "second": clinic().second_signature,
    }  # fmt: skip
    return render(request, "options/stop.html", shown, status=409)


_ASKED_HERE = frozenset({"csrfmiddlewaretoken", "word", "reason", "code", "followed", "facts"})


@opens_patient(to=CARE, verb="decision.looked")
@readable
def decision(request: StaffRequest, patient: Patient, decision: int) -> HttpResponse:
    """One decision: what was said, what it rested on, and whether the same inputs still give the same verdict."""
    rows = Decision.objects.select_related("by", "second_by", "patient", "superseded_by")
    found = get_object_or_404(rows, patient=patient, pk=decision)
    later = getattr(found, "superseded_by", None)
    versions = actions.versions_of(found)
    held = knowledge().policies
    followed = (
        "My own judgement"
        if found.followed == "own"
        else short(held[found.followed].title)
        if found.followed in held
        else found.followed
    )
    physician = Role(request.user.role) in PHYSICIANS
    shown = {
        "patient": patient, "tab": "options", "decision": found, "later": later,
        "replay": actions.replay(found, versions),
        "drift": "" if later is not None else actions.drift(found, (row.entry for row in versions)),
        "followed": followed,
        "options": [therapy_title(id) for id in found.options],
        "may_sign": physician and later is None and found.signed_at is None and found.by_id == request.user.pk,
        "may_second": physician and later is None and found.second_needed and found.second_at is None
        and found.signed_at is not None and found.by_id != request.user.pk,
    }  # fmt: skip
    return render(request, "options/decision.html", shown)


@opens_patient(to=PHYSICIANS, verb="decision.looked")
@require_POST
def sign(request: StaffRequest, patient: Patient, decision: int) -> HttpResponseBase:
    """A signature: of who decided, or the second one."""
    found = get_object_or_404(Decision, patient=patient, pk=decision)
    try:
        if request.POST.get("which") == "second":
            actions.sign_second(request.user, found)
        else:
            actions.sign(request.user, found)
    except actions.NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Signed.")
    return redirect("decision", patient=patient.handle, decision=found.pk)
