"""One click each: a list of the record was gone through today; a question was asked today, with its answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from administration.models import clinic
from clinic.clock import today
from intake import actions
from levamen.adapters.chart_entries import read_entry
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.models import Staff
from people.roles import CARE, CLINICAL, Role
from records.actions import add
from records.models import Entry, Patient
from records.words import TITLES

LISTS = ("medications", "allergies", "problems", "devices")
"""The lists that one goes through with the patient."""
HISTORIES = ("care", "procedures")
"""Histories that are complete from a day on."""
ANSWERS = ("yes", "no", "not-applicable", "unknown")
_WORDS = {"yes": "yes", "no": "no", "not-applicable": "does not apply", "unknown": "not sure"}


def may_answer(staff: Staff) -> bool:
    """Whether a role writes down what was asked: those who examine, and coordinators on the telephone."""
    return Role(staff.role) in CLINICAL or staff.role == Role.COORDINATOR


@opens_patient(to=CARE, verb="entry.form")
def answer_question(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """A question of the record, asked just now. The same answer twice on one day is one."""
    if request.method != "POST":
        return redirect("record", patient=patient.handle)
    question, answer = request.POST.get("question", ""), request.POST.get("answer", "")
    if question not in codes.ids("questions") or answer not in ANSWERS:
        return _refused("Choose one of the answers: yes, no, does not apply or not sure.")
    label = codes.label("questions", question)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        if not _said_today(patient, question, answer):
            actions.ask(request.user, patient, question, answer)
    messages.success(request, f"Written down: {label}, asked today: {_WORDS[answer]}.")
    return back(request, patient)


@opens_patient(to=CARE, verb="entry.form")
def reviewed_today(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """A list that was gone through with the patient today: what is not on it is not there."""
    if request.method != "POST":
        return redirect("record", patient=patient.handle)
    section = request.POST.get("section", "")
    if section not in LISTS:
        return _refused("Choose the list that was gone through.")
    if Role(request.user.role) not in CLINICAL:
        raise PermissionDenied("Lists are gone through by physicians and nurses.")
    day = today(clinic().zone).isoformat()
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        if not _reviewed_on(patient, section, day):
            add(request.user, patient, "completeness", {"kind": section, "reviewed": day})
    messages.success(request, f"{TITLES[section]}: gone through today.")
    return back(request, patient)


@opens_patient(to=CLINICAL, verb="entry.form")
def complete_since(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """Everything of a kind since a day is in this record: what is not there was not done."""
    if request.method != "POST":
        return redirect("intake", patient=patient.handle)
    body = {"kind": request.POST.get("section", ""), "from": request.POST.get("from", "").strip()}
    if body["kind"] not in HISTORIES or not body["from"]:
        messages.error(request, "Say from which day on everything is here: for example 2025-01-01.")
        return back(request, patient)
    reading = read_entry("completeness", body, patient.zone)
    if reading.problems:
        messages.error(request, f"Not written: {reading.problems[0].says}.")
    else:
        add(request.user, patient, "completeness", reading.body)
        messages.success(request, f"{TITLES[body['kind']]}: everything since then is here.")
    return back(request, patient)


def _said_today(patient: Patient, question: str, answer: str) -> bool:
    rows = Entry.objects.filter(patient=patient, section="completeness", concept=question, struck=False).order_by("-pk")
    day = today(clinic().zone).isoformat()
    last = next(iter(rows), None)
    return last is not None and last.fields.get("answer") == answer and str(last.fields.get("asked"))[:10] == day


def _reviewed_on(patient: Patient, section: str, day: str) -> bool:
    rows = Entry.objects.filter(patient=patient, section="completeness", concept=section, struck=False)
    return any(str(row.fields.get("reviewed"))[:10] == day for row in rows)


def back(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """To the page from which it was sent, if that is one of ours."""
    wanted = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) and wanted.startswith("/"):
        return redirect(wanted)
    return redirect("record", patient=patient.handle)


def _refused(says: str) -> HttpResponse:
    return HttpResponse(says, status=400, content_type="text/plain; charset=utf-8")
