"""The record page: every entry in words, each with its form, its versions, and a way to strike it through."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from levamen.adapters.chart_entries import EntryReading, decode_body
from people.access import StaffRequest, opens, opens_patient
from people.models import Staff
from people.roles import CARE, CLINICAL, Role
from records import actions, entry_form, files, shown
from records.models import CareTeam, Entry, Patient
from records.words import SECTIONS, TITLES, body_words, entry_words
from ui.typed import number

_ROWS = 40
COORDINATED = frozenset({"documents", "payer", "completeness", "request"})
"""Sections that a coordinator writes too; the others are written by those who examine and treat."""


def may_write(staff: Staff, section: str) -> bool:
    """Whether a role writes entries of a section."""
    return Role(staff.role) in CLINICAL or (staff.role == Role.COORDINATOR and section in COORDINATED)


def open_patients(staff: Staff) -> QuerySet[Patient]:
    """The patients whose records open to somebody without breaking the glass."""
    return Patient.objects.filter(_opens_to(staff))


def _opens_to(staff: Staff) -> Q:
    mine = Q(pk__in=CareTeam.objects.filter(staff=staff).values("patient"))
    if staff.role in (Role.COORDINATOR, Role.LEAD):
        mine |= Q(~Exists(CareTeam.objects.filter(patient=OuterRef("pk"))))
    return mine


@opens(to=CARE, verb="patients.listed")
def patients(request: StaffRequest) -> HttpResponse:
    """Find a patient. What was looked for is sent as a form, so that no name stands in an address.

    One's own patients by name; others are found too, by name and number alone, and are marked as closed.
    """
    sought = " ".join(request.POST.get("find", "").split()).casefold()[:80]
    found = Patient.objects.order_by("family", "given", "pk")
    for word in sought.split():
        found = found.filter(searched__contains=word)
    own = found.filter(_opens_to(request.user))
    others = list(found.exclude(_opens_to(request.user))[:_ROWS]) if sought else []
    # What is found mostly fits on one page, and is then not asked for a second time to be counted.
    first = list(own[: _ROWS + 1]) if sought else []
    page = Paginator(first if sought and len(first) <= _ROWS else own, _ROWS).get_page(request.GET.get("page"))
    shown = {"page": page, "others": others, "sought": sought, "here": "patients"}
    return render(request, "records/patients.html", shown)


@opens_patient(to=CARE, verb="record.looked")
def record(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Every section of the record; struck entries stay in sight."""
    rows = Entry.objects.filter(patient=patient).select_related("author").order_by("section", "-day", "-pk")
    held = {section: list(found) for section, found in groupby(rows, key=lambda row: row.section)}
    sections = [
        (id, title, [(row, entry_words(row)) for row in held.get(id, [])], may_write(request.user, id))
        for id, _, title in SECTIONS
    ]
    single = [(TITLES[id], held[id][0]) for id in ("identity", "person") if held.get(id)]
    return render(
        request, "records/record.html", {"patient": patient, "tab": "record", "sections": sections, "single": single}
    )


@opens_patient(to=CARE, verb="entry.looked")
def entry(request: StaffRequest, patient: Patient, section: str, key: str) -> HttpResponse:
    """One entry with all its versions: who wrote what, when and why."""
    found = get_object_or_404(Entry.objects.select_related("author"), patient=patient, section=section, key=key)
    versions = [
        (version, body_words(section, decode_body(version.body)))
        for version in found.versions.select_related("author").order_by("-number")
    ]
    said = shown.said(section, found.fields)
    return render(
        request,
        "records/entry.html",
        {
            "patient": patient, "tab": "record", "entry": found, "words": entry_words(found), "said": said,
            "versions": versions, "title": TITLES.get(section, section), "may_write": may_write(request.user, section),
        },
    )  # fmt: skip


@opens_patient(to=CARE, verb="entry.form")
def add_entry(request: StaffRequest, patient: Patient, section: str) -> HttpResponseBase:
    """The form of a new entry."""
    _refuse_unknown(request.user, section)
    if request.method != "POST" or "choose" in request.POST:
        asked = _chosen(request, section)
        first = entry_form.CHOSEN_FIRST.get(section)
        if first is not None and first not in asked:
            return _choose(request, patient, section, first)
        return _form(request, patient, section, "", asked, 0)
    reading = entry_form.read(patient, section, "", request.POST)
    if reading.problems:
        return _form(request, patient, section, "", reading.body, 0, reading)
    made = actions.add(request.user, patient, section, reading.body)
    messages.success(request, f"Saved: {entry_words(made)}.")
    return redirect("record", patient=patient.handle)


@opens_patient(to=CARE, verb="entry.form")
def edit_entry(request: StaffRequest, patient: Patient, section: str, key: str) -> HttpResponseBase:
    """The form of an entry that stands. If somebody else changed it in between, both are shown and nothing is lost."""
    _refuse_unknown(request.user, section)
    found = get_object_or_404(Entry, patient=patient, section=section, key=key)
    if request.method != "POST":
        return _form(request, patient, section, key, found.fields, found.version)
    seen = number(request.POST.get("seen"))
    reading = entry_form.read(patient, section, key, request.POST)
    if reading.problems:
        return _form(request, patient, section, key, reading.body, seen, reading)
    reason = request.POST.get("reason", "")[:400]
    try:
        actions.change(request.user, patient, section, key, reading.body, seen=seen, reason=reason)
    except actions.Stale as stale:
        return _form(request, patient, section, key, reading.body, stale.entry.version, theirs=stale.entry)
    messages.success(request, "Saved as a new version; the earlier one is kept.")
    return redirect("entry", patient=patient.handle, section=section, key=key)


class Striking(forms.Form):
    """Why an entry is struck through."""

    reason = forms.CharField(label="Why is it wrong?", min_length=3, max_length=400)
    seen = forms.IntegerField(widget=forms.HiddenInput)


@opens_patient(to=CLINICAL, verb="entry.form")
def strike_entry(request: StaffRequest, patient: Patient, section: str, key: str) -> HttpResponseBase:
    """Strikes an entry through, with the reason. It stays in sight and counts for nothing."""
    found = get_object_or_404(Entry, patient=patient, section=section, key=key)
    form = Striking(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.strike(request.user, patient, section, key, seen=said["seen"], reason=said["reason"])
        except actions.Stale:
            messages.error(request, "Somebody changed it in between. Look at it again before you strike it through.")
        else:
            messages.success(request, "Struck through. It stays in sight and counts for nothing.")
        return redirect("entry", patient=patient.handle, section=section, key=key)
    shown = {"patient": patient, "tab": "record", "entry": found, "words": entry_words(found), "form": form}
    return render(request, "records/strike.html", shown)


@opens_patient(to=CARE, verb="record.exported")
def chart_file(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The record as a chart file, to keep or hand on. Name and address are not in it."""
    response = HttpResponse(files.chart_text(patient), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chart-{patient.pk}.yaml"'
    return response


def _chosen(request: StaffRequest, section: str) -> dict[str, Any]:
    """What an entry is to be about, where that was said before: in the address of a link, or by choosing."""
    names = ("therapy", "concept", "instrument", "kind")
    asked = {name: request.GET[name] for name in names if name in request.GET}
    first = entry_form.CHOSEN_FIRST.get(section)
    if first is not None and request.POST.get("choose"):
        word = entry_form.word_of(section, first, request.POST["choose"])
        asked |= {first: word} if word else {}
    return asked


def _choose(request: StaffRequest, patient: Patient, section: str, first: str) -> HttpResponse:
    """What the entry is about, before what belongs to it is asked."""
    context = {
        "patient": patient, "tab": "record", "section": section, "title": TITLES[section], "typed":
        request.POST.get("choose", ""), "field": entry_form.section_form(section).field(first),
        "problem": "This is no word that is known here. Choose one of the list." if request.method == "POST" else "",
    }  # fmt: skip
    return render(request, "records/choose.html", context, status=400 if request.method == "POST" else 200)


def _refuse_unknown(staff: Staff, section: str) -> None:
    if section not in TITLES or section == "identity":
        raise Http404("A record has no such section.")
    if not may_write(staff, section):
        raise PermissionDenied(f"{TITLES[section]}: this section is written by physicians and nurses.")


def _form(
    request: StaffRequest, patient: Patient, section: str, key: str, body: dict[str, Any], seen: int,
    reading: EntryReading | None = None, theirs: Entry | None = None,
) -> HttpResponse:  # fmt: skip
    form = entry_form.form_of(patient, section, body, reading)
    status = 409 if theirs is not None else 400 if reading is not None and reading.problems else 200
    return render(
        request,
        "records/form.html",
        {
            "patient": patient, "tab": "record", "form": form, "key": key, "seen": seen, "title": TITLES[section],
            "theirs": theirs, "theirs_words": entry_words(theirs) if theirs else "", "section": section,
        },
        status=status,
    )  # fmt: skip
