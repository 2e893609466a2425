"""How the clinic works, what waits for a second person, and what it would change for our patients."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator

from administration import actions, effects, knowledge
from administration.forms import Governing, Reason, Word
from administration.lacking import lacking
from administration.models import AdoptedValue, Proposal, clinic
from levamen.emit.view import source_title
from levamen.emit.words import capital
from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.inventory import Row, packaged_rows
from levamen.knowledge.registry import packaged
from levamen.record import codes
from people.access import StaffRequest, opens
from people.roles import CARE, LEADS, WATCHERS

_ROWS = 40


@opens(to=CARE | WATCHERS, verb="settings.looked")
def overview(request: StaffRequest) -> HttpResponseBase:
    """What is in force, who signed it, and what waits."""
    held = clinic()
    known = packaged().policies
    payers = {
        capital(codes.label("payer_kinds", kind)): [known[id].title for id in ids if id in known]
        for kind, ids in held.payers.items()
    }
    leads = request.user.role in LEADS
    shown = {
        "here": "settings", "held": held, "lacking": lacking() if leads else (), "not_answering": _not_answering(),
        "payers": payers, "leads": leads,
        "guidelines": [known[id].title for id in held.guidelines if id in known],
        "profile": packaged_profiles()[held.hold_profile].title, "knowledge": packaged(),
        "taken": knowledge.in_force(), "installed": knowledge.installed(),
        "adopted": AdoptedValue.objects.filter(until=None), "ended": AdoptedValue.objects.exclude(until=None),
        "waiting": Proposal.objects.filter(decision=Proposal.Decision.WAITING).select_related("by"),
        "decided": Proposal.objects.exclude(decision=Proposal.Decision.WAITING).select_related("by", "decided_by")[:20],
        "unverified": sum(row.mark == "unverified" for row in packaged_rows()),
    }  # fmt: skip
    return render(request, "administration/overview.html", shown)


def _not_answering() -> str:
    try:
        knowledge.edition_of_the_clinic()
    except knowledge.NotAnswering as why:
        return str(why)
    return ""


@opens(to=LEADS, verb="settings.form")
def governing(request: StaffRequest) -> HttpResponseBase:
    """Proposes who leads here."""
    held = clinic()
    first: dict[str, Any] = {name: getattr(held, name) for name in actions.GOVERNED if name != "payers"}
    first |= {f"payer-{kind}": ids for kind, ids in held.payers.items()}
    form = Governing(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        made = actions.propose(
            request.user, Proposal.Kind.GOVERNING, "Who governs here", form.body(), form.cleaned_data["reason"]
        )
        return redirect("proposal", number=made.pk)
    shown = {"form": form, "here": "settings"}
    return render(request, "administration/governing.html", shown, status=400 if form.errors else 200)


@opens(to=LEADS, verb="values.listed")
def values(request: StaffRequest) -> HttpResponseBase:
    """The values that await confirmation, to adopt one."""
    sought = " ".join(request.GET.get("q", "").split()).casefold()[:80]
    rows = [row for row in packaged_rows() if row.mark == "unverified"]
    for word in sought.split():
        rows = [row for row in rows if word in f"{row.id} {_where(row)} {row.says}".casefold()]
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    sources = packaged().sources
    told = [(row, source_title(row.source, sources), _where(row)) for row in page]
    shown = {"page": page, "rows": told, "sought": sought, "here": "settings"}
    return render(request, "administration/values.html", shown)


@opens(to=LEADS, verb="settings.form")
def adopt(request: StaffRequest) -> HttpResponseBase:
    """Proposes to adopt one value, or to end an adoption (`end`)."""
    asked = request.POST.get("value") or request.GET.get("value", "")
    ends = (request.POST.get("end") or request.GET.get("end", "")) == "yes"
    row = _row(asked)
    if row is None:
        messages.error(request, "There is no such value that awaits confirmation; choose one from the list.")
        return redirect("values")
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = Proposal.Kind.ENDING if ends else Proposal.Kind.ADOPTION
        body = {"value": row.id, "fingerprint": row.fingerprint, "says": row.says[:400]}
        title = f"{'End the adoption of' if ends else 'Adopt'}: {Truncator(row.says).chars(160)} ({_where(row)})"
        made = actions.propose(request.user, kind, title, body, form.cleaned_data["reason"])
        return redirect("proposal", number=made.pk)
    shown = {
        "form": form, "row": row, "source": source_title(row.source, packaged().sources), "ends": ends,
        "where": _where(row), "here": "settings",
    }  # fmt: skip
    return render(request, "administration/adopt.html", shown, status=400 if form.errors else 200)


def _where(row: Row) -> str:
    """Where a value stands, in words: `Checklists, questions, driver, number 2`; a policy by its title."""
    room, *rest = row.id.split("/")
    policy = packaged().policies.get(rest[0].replace("_", "-")) if room == "policies" and rest else None
    parts = dict.fromkeys(part.replace("_", " ").replace("-", " ") for part in (rest[1:] if policy else rest))
    told = [f"number {part}" if part.isdigit() else part for part in parts]
    return ", ".join([policy.title if policy else room.capitalize(), *told])


def _row(id: str) -> Row | None:
    held = set(AdoptedValue.objects.filter(until=None).values_list("value", flat=True))
    return next((row for row in packaged_rows() if row.id == id and (row.mark == "unverified" or id in held)), None)


@opens(to=LEADS, verb="settings.form")
def knowledge_version(request: StaffRequest) -> HttpResponseBase:
    """Proposes to take the version of the knowledge that came with the program."""
    taken = knowledge.in_force()
    if taken is not None and taken.hash == knowledge.installed():
        messages.info(request, "The installed version is the one in force.")
        return redirect("settings")
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.propose(
            request.user, Proposal.Kind.KNOWLEDGE, f"Take the knowledge {knowledge.installed()}",
            {"hash": knowledge.installed()}, form.cleaned_data["reason"],
        )  # fmt: skip
        return redirect("proposal", number=made.pk)
    waiting = Proposal.objects.filter(kind=Proposal.Kind.KNOWLEDGE, decision=Proposal.Decision.WAITING).first()
    shown = {
        "form": form, "installed": knowledge.installed(), "taken": taken, "waiting": waiting, "here": "settings",
    }  # fmt: skip
    return render(request, "administration/knowledge.html", shown, status=400 if form.errors else 200)


@opens(to=LEADS, verb="proposal.looked")
def proposal(request: StaffRequest, number: int) -> HttpResponseBase:
    """One proposal: what it changes for our patients, and the second person's word."""
    held = get_object_or_404(Proposal.objects.select_related("by", "decided_by"), pk=min(number, 10**9))
    form = Word(request.POST or None)
    if request.method == "POST":
        match request.POST.get("do"):
            case "work-out" if held.effect is None:
                effects.work_out(held)
            case "sign" | "refuse" if form.is_valid():
                try:
                    actions.decide(request.user, held, request.POST["do"] == "sign", form.cleaned_data["words"])
                except actions.NotYet as why:
                    messages.error(request, str(why))
            case _:
                raise PermissionDenied("This proposal is decided, or nothing was asked.")
        return redirect("proposal", number=held.pk)
    shown = {"held": held, "form": form, "mine": held.by_id == request.user.pk, "here": "settings"}
    return render(request, "administration/proposal.html", shown)
