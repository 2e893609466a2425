"""The plans of a patient, and the plan of one request: can this slot stand, and what must each person do by when?"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from clinic.clock import now, today
from levamen.emit.pictures import hold
from levamen.emit.plan.view import PlanView, plan_view
from levamen.emit.plan.words import procedure_words
from levamen.emit.words import capital
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import target_words
from levamen.record.facts import Medication
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL
from procedures import actions, plan_actions, plan_page, typed
from procedures.models import Booking, PlanStep
from procedures.plans import Planned, as_it_stood, plan_of, plans_of, requests_of, standing
from procedures.preparation import PREPARATION
from records.models import Patient
from team.models import Task


@opens_patient(to=CARE, verb="plans.looked")
def plans(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Every request of the record, with its slot, its safety and what it waits for."""
    record, balance = requests_of(patient)
    held = _bookings(patient)
    own = {one.id: [booking for booking in held if booking.request_key == one.id] for one in record.requests}
    booked = [(one, standing(own[one.id])) for one in record.requests]
    rows = [
        (one, own[one.id][-1] if own[one.id] else None, booking, made,
         procedure_words(made.plan) if made.plan is not None else capital(target_words(one)))
        for (one, booking), made in zip(booked, plans_of(record, balance, booked), strict=True)
    ]  # fmt: skip
    return render(request, "procedures/plans.html", {"patient": patient, "tab": "plans", "rows": rows})


@opens_patient(to=CARE, verb="plan.looked")
def plan(request: StaffRequest, patient: Patient, key: str) -> HttpResponse:
    """The plan of one request."""
    return _page(request, patient, key)


@opens_patient(to=CARE, verb="plan.looked")
def plan_request(request: StaffRequest, patient: Patient, request_key: str) -> HttpResponseBase:
    """The way from an option to its plan: to the plan where it has a slot, else to finding one."""
    booking = standing(_bookings(patient, request_key=request_key))
    return redirect("plan" if booking is not None else "slot", patient=patient.handle, key=request_key)


def _page(
    request: StaffRequest, patient: Patient, key: str, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    made, bookings = found(patient, key)
    booking = standing(bookings)
    steps = steps_of(patient, key)
    rows = plan_page.agreements(made, steps, booking)
    tasks = _tasks(patient, booking)
    heading, changed, unissued = plan_page.changed(made, steps, booking)
    ready = plan_page.readiness(made, steps, booking, made.granters or "the clinic lead")
    shown: dict[str, Any] = {
        "patient": patient, "tab": "plans", "key": key, "made": made, "plan": made.plan, "booking": booking,
        "bookings": bookings, "steps": steps, "agreements": rows, "heading": heading, "changed": changed,
        "unissued": unissued, "ready": ready, "ready_count": sum(row.state in ("ready", "done") for row in ready),
        "answers": plan_actions.ANSWERS, "form": form, "may_record": request.user.role in CLINICAL,
        "sheets": [step for step in steps if step.kind == PlanStep.Kind.SHEET],
        "tasks": tasks, "begun": booking is not None and booking.start <= now(), "preparation": PREPARATION,
        "behind": made.plan is not None and booking is not None and plan_actions.behind(made.plan, booking, tasks),
    }  # fmt: skip
    if made.plan is not None:
        view = plan_view(made.plan, packaged().sources, made.balance)
        listed = [row for row in made.record.facts if isinstance(row, Medication)]
        picture = mark_safe(hold.svg(made.plan, listed) or "")  # noqa: S308 - our own drawing, which escapes its words
        shown |= {
            "view": view, "sections": {section.key: section for section in view.sections},
            "title": procedure_words(made.plan), "strip": picture,
            "strip_table": hold.table(made.plan, listed), "what_if": list(plan_page.what_if(made.plan, rows)),
            "others": _others(view),
        }  # fmt: skip
    return render(request, "procedures/plan.html", shown, status=status)


_MARKS = ("awaiting confirmation", "read in a secondary source")
"""How well a place is known, the weakest first; a place without one was read in the source itself."""


def _others(view: PlanView) -> list[tuple[Any, str]]:
    """Each profile's row, with how well its weakest place is known."""
    rows = []
    for row in view.others:
        rows.append((row, next((mark for mark in _MARKS if any(place.endswith(mark) for place in row.places)), "")))
    return rows


def _tasks(patient: Patient, booking: Booking | None) -> list[Task]:
    if booking is None:
        return []
    return list(Task.objects.filter(patient=patient, about=f"booking {booking.pk}").select_related("owner"))


def _bookings(patient: Patient, **wanted: str) -> list[Booking]:
    rows = Booking.objects.filter(patient=patient, **wanted).select_related("operator").order_by("pk")
    return list(rows)


def steps_of(patient: Patient, key: str) -> list[PlanStep]:
    """What happened to the plan of a request, the first first."""
    rows = PlanStep.objects.filter(patient=patient, request_key=key).select_related("by").defer("content")
    return list(rows)


def found(patient: Patient, key: str) -> tuple[Planned, list[Booking]]:
    """The plan of a request and every booking it had. Raises Http404 where the record requests no such thing."""
    record, balance = requests_of(patient)
    one = next((row for row in record.requests if row.id == key), None)
    if one is None:
        raise Http404("The record asks for no such procedure.")
    bookings = _bookings(patient, request_key=key)
    booking = standing(bookings)
    operator = booking.operator if booking is not None else None
    return plan_of(record, balance, one, operator, as_it_stood(booking)), bookings


class AnswerForm(forms.Form):
    """What the prescriber said."""

    drug = forms.CharField(max_length=80)
    answer = forms.ChoiceField(
        choices=list(plan_actions.ANSWERS.items()), error_messages={"required": "Say what the prescriber answered."}
    )
    who = forms.CharField(label="Who answered", max_length=120, error_messages={"required": "Name who answered."})
    on = forms.DateField(
        label="On which day", error_messages={"invalid": "Give the day as year-month-day, such as 2026-03-09."}
    )
    words = forms.CharField(label="In their words", max_length=600, required=False)
    booking = forms.IntegerField()
    fingerprint = forms.CharField(max_length=32)


@opens_patient(to=CLINICAL, verb="plan.looked")
def answer(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Records the prescriber's answer about one drug, for the plan that was on the page."""
    if request.method != "POST":
        return redirect("plan", patient=patient.handle, key=key)
    form = AnswerForm(request.POST)
    made, bookings = found(patient, key)
    booking = standing(bookings)
    if made.plan is None or booking is None:
        messages.error(request, "There is no slot to answer for any more. Nothing was recorded.")
        return redirect("plan", patient=patient.handle, key=key)
    if not form.is_valid():
        return _page(request, patient, key, form, 400)
    said = form.cleaned_data
    if said["drug"] not in {drug.drug for drug in made.plan.active.drugs}:
        messages.error(request, "The plan does not speak of this drug any more. Nothing was recorded.")
        return redirect("plan", patient=patient.handle, key=key)
    if said["booking"] != booking.pk or said["fingerprint"] != made.plan.fingerprint:
        messages.error(
            request, "The plan changed while you wrote, so the answer may be to another plan. Nothing was recorded: "
            "look at the times below and record it again if it still holds.",
        )  # fmt: skip
        return redirect("plan", patient=patient.handle, key=key)
    held = next(drug for drug in made.plan.active.drugs if drug.drug == said["drug"])
    if said["answer"] == "hold" and held.stop_at is None and not said["words"]:
        form.add_error("words", "The plan proposes no times: write down the last dose and the restart that they named.")
        return _page(request, patient, key, form, 400)
    if not typed.in_use(said["on"]):
        form.add_error("on", "Give the day of the answer.")
        return _page(request, patient, key, form, 400)
    if _later(said["on"], patient):
        form.add_error("on", "This day has not come yet. Give the day of the answer.")
        return _page(request, patient, key, form, 400)
    step, new = plan_actions.answer(
        request.user, booking, said["drug"], said["answer"], said["who"], said["on"], said["words"]
    )
    words = plan_actions.ANSWERS[step.answer]
    messages.success(request, f"Recorded: {step.who}: {words}." if new else "This answer is on record already.")
    return redirect("plan", patient=patient.handle, key=key)


def _later(day: date, patient: Patient) -> bool:
    return day > today(ZoneInfo(patient.zone))


@opens_patient(to=CARE, verb="plan.looked")
def issue(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Issues the plan as it stands now, and brings its tasks up to date."""
    if request.method == "POST":
        booking = standing(_bookings(patient, request_key=key))
        if booking is None:
            messages.error(request, "There is no slot, so there is no plan to issue.")
        else:
            plan_actions.refresh(request.user, booking)
            messages.success(request, "The plan is issued and its tasks are up to date.")
    return redirect("plan", patient=patient.handle, key=key)


class CancelForm(forms.Form):
    """Why a slot is let go."""

    reason = forms.CharField(label="Why is it cancelled?", min_length=3, max_length=400)
    booking = forms.IntegerField(widget=forms.HiddenInput)


@opens_patient(to=CARE, verb="slot.form")
def cancel(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Lets a slot go, with the reason."""
    bookings = _bookings(patient, request_key=key)
    booking = standing(bookings)
    if booking is None:
        messages.error(request, "There is no slot to cancel any more.")
        return redirect("plan", patient=patient.handle, key=key)
    form = CancelForm(request.POST or None, initial={"booking": booking.pk})
    if request.method == "POST" and form.is_valid():
        chosen = next((row for row in bookings if row.pk == form.cleaned_data["booking"]), booking)
        try:
            plan_actions.cancel(request.user, chosen, form.cleaned_data["reason"])
        except actions.Gone as gone:
            messages.error(request, str(gone))
        else:
            messages.success(request, "Cancelled. The slot is free, and what was still to be done for it is closed.")
        return redirect("plan", patient=patient.handle, key=key)
    shown = {"patient": patient, "tab": "plans", "key": key, "booking": booking, "form": form}
    return render(request, "procedures/cancel.html", shown, status=400 if form.errors else 200)
