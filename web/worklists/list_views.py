"""A worklist as a page, one task of it, and the review of an opened record."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from audit.chain import append_all
from clinic.clock import now
from people.access import StaffRequest, opens, opens_patient
from people.models import Staff
from people.roles import CARE, Role
from records.models import BrokenGlass, Patient
from team.models import Task
from worklists import actions
from worklists.doing import place_of
from worklists.lists import counts, lists_for, opened

_ROWS = 50
_ALL = 500
"""How many rows stand on one page, and how many where it is to be printed whole."""


class Outcome(forms.Form):
    """What came of it."""

    outcome = forms.CharField(
        label="What came of it?", min_length=3, max_length=400,
        help_text="What was said or done, in a few words: asked Dr Romero, holds from Saturday.",
    )  # fmt: skip


class Review(forms.Form):
    """What the clinic lead says to an opened record."""

    outcome = forms.CharField(
        label="What came of it?", min_length=3, max_length=400,
        help_text="In a few words: was covering, in order; or what follows from it.",
    )  # fmt: skip


class HandOver(forms.Form):
    """Who sees to it from now on."""

    owner = forms.ModelChoiceField(label="Hand over to", queryset=Staff.objects.none(), empty_label="Choose somebody")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, task: Task) -> None:
        super().__init__(data, initial={"seen": str(task.owner_id or "")}, prefix="to")
        owners = Staff.objects.filter(is_active=True, role__in=CARE)
        self.fields["owner"].queryset = owners.exclude(pk=task.owner_id or 0)  # type: ignore[attr-defined] # a choice field


@opens(to=CARE, verb="list")
def worklist_first(request: StaffRequest, name: str) -> HttpResponseBase:
    """The way from Today to the first of one's own rows; to the list where there is none any more."""
    held = lists_for(request.user).get(name)
    if held is None:
        raise Http404("No such worklist opens to you.")
    row = held.mine(request.user, now()).first()
    return redirect(held.line(row).url if row is not None else reverse("worklist", kwargs={"name": name}))


@opens(to=CARE, verb="list")
def worklist(request: StaffRequest, name: str) -> HttpResponse:
    """One list: one's own rows, and in words how many others there are; or all of them."""
    held = lists_for(request.user).get(name)
    if held is None:
        raise Http404("No such worklist opens to you.")
    count = counts(request.user, now(), {name: held})[0]
    everybody = request.GET.get("whose") == "all" or held.review
    rows = held.rows(now()) if everybody else held.mine(request.user, now())
    paginator = Paginator(rows, _ALL if request.GET.get("rows") == "all" else _ROWS)
    paginator.count = count.all if everybody else count.mine
    page = paginator.get_page(request.GET.get("page"))
    lines = [held.line(row) for row in page]
    open_to = {line.patient.pk for line in lines} if held.review else opened(
        request.user, [line.patient.pk for line in lines]
    )  # fmt: skip
    with transaction.atomic(savepoint=False):
        read = [(line.patient, held.title) for line in lines if line.patient.pk in open_to]
        append_all(request.user, dict.fromkeys(read), verb="list.looked")
    shown = [(line, line.patient.pk in open_to) for line in lines]
    return render(
        request,
        "worklists/list.html",
        {
            "here": "today", "list": held, "name": name, "count": count, "everybody": everybody, "page": page,
            "lines": shown, "now": now(), "whole": paginator.per_page == _ALL,
        },
    )  # fmt: skip


@opens(to=CARE, verb="lists")
def worklists(request: StaffRequest) -> HttpResponse:
    """Every list that opens to this role, with how many rows it has."""
    found = counts(request.user, now(), lists_for(request.user))
    return render(request, "worklists/lists.html", {"here": "today", "counts": found})


@opens_patient(to=CARE, verb="finding.looked")
def see_task(request: StaffRequest, patient: Patient, task: int) -> HttpResponseBase:
    """One thing to do: what, why, by when, with whom; it is handed over or closed here."""
    found = get_object_or_404(Task.objects.select_related("owner", "made_by", "done_by"), pk=task, patient=patient)
    handing = request.method == "POST" and "hand" in request.POST
    closing = request.method == "POST" and not handing
    hand = HandOver(request.POST if handing else None, found)
    outcome = Outcome(request.POST if closing else None)
    try:
        if handing and hand.is_valid():
            owner = hand.cleaned_data["owner"]
            actions.hand_over(request.user, found, owner, hand.cleaned_data["seen"])
            messages.success(request, f"It is with {owner} now.")
            return redirect("see_task", patient=patient.handle, task=found.pk)
        if closing and outcome.is_valid():
            actions.close(request.user, found, outcome.cleaned_data["outcome"])
            messages.success(request, "Closed, with what came of it.")
            return redirect("today")
    except actions.Meanwhile as meanwhile:
        messages.warning(request, str(meanwhile))
        return redirect("see_task", patient=patient.handle, task=found.pk)
    shown = {
        "patient": patient, "tab": "patient_team", "task": found, "hand": hand, "outcome": outcome,
        "place": place_of(found) if found.done_at is None else None,
    }  # fmt: skip
    return render(request, "worklists/task.html", shown, status=400 if handing or closing else 200)


@opens(to=frozenset({Role.LEAD}), verb="review")
def review_glass(request: StaffRequest, number: int) -> HttpResponseBase:
    """Why a record was opened from outside its care team, and what the clinic lead says to it."""
    row = get_object_or_404(BrokenGlass.objects.select_related("patient", "staff", "reviewed_by"), pk=number)
    form = Review(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_glass(request.user, row, form.cleaned_data["outcome"])
        except actions.Meanwhile as meanwhile:
            messages.warning(request, str(meanwhile))
        else:
            messages.success(request, "Reviewed.")
        return redirect("worklist", name="broken-glass")
    status = 400 if request.method == "POST" else 200
    return render(request, "worklists/glass.html", {"here": "today", "row": row, "form": form}, status=status)
