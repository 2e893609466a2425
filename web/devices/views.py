"""The refill board, a patient's devices, and what is written down at a device."""

from __future__ import annotations

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from django import forms as fields
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from msgspec import Struct

from administration.models import clinic
from clinic.clock import now
from devices import actions, forms, outlook
from devices.models import Log
from levamen.derive.pump_checks import Residual
from levamen.derive.pump_readings import ml
from levamen.emit.pictures import gauge as pictures
from levamen.pathway.refill import PUMP, Refill, refills
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens, opens_patient
from people.roles import CARE, CLINICAL
from procedures.models import Booking
from records.actions import Stale
from records.facts import reading_of
from records.models import Entry, Patient
from records.views import open_patients
from ui.templatetags.ui import day


@opens(to=CARE, verb="devices.listed")
def devices(request: StaffRequest) -> HttpResponse:
    """Which device needs somebody, and when? One's own patients; of the others how many there are."""
    mine = open_patients(request.user)
    found = outlook.board(mine)
    others = outlook.with_devices(Patient.objects.exclude(pk__in=mine.values("pk"))).count()
    booked = {
        row.patient_id: row
        for row in Booking.objects.filter(
            therapy=actions.REFILL, status=Booking.Status.BOOKED, start__gte=now(), patient__in=mine.values("pk")
        ).order_by("-start")
    }
    pumps = [
        (patient, row, booking, _in_time(row, booking))
        for patient, row in found.rows
        if row.kind == "pump"
        for booking in (booked.get(patient.pk),)
    ]
    rest = [(patient, row) for patient, row in found.rows if row.kind != "pump"]
    ranks = Counter(row.rank for _, row, _, in_time in pumps if not in_time)
    return render(
        request,
        "devices/board.html",
        {
            "here": "devices", "pumps": pumps, "rest": rest, "found": found, "others": others,
            "overdue": ranks["overdue"], "to_book": ranks["now"], "unknown": ranks["unknown"],
            "trials": sum(row.kind == "trial" for _, row in rest),
            "attention": sum(row.rank in ("overdue", "now") and row.kind != "trial" for _, row in rest),
        },
    )  # fmt: skip


def _in_time(row: outlook.Row, booking: Booking | None) -> bool:
    """Whether the refill is booked before it is due; where the hour is not known, on a day before."""
    if booking is None or row.due is None or row.rank == "unknown" or row.battery_reached:
        return False
    at = booking.start.astimezone(clinic().zone)
    return (at.date(), f"{at:%H:%M}") <= (row.due, row.clock) if row.clock else at.date() < row.due


class Pump(Struct, kw_only=True):
    """One pump as the page shows it."""

    found: Refill
    picture: str
    table: Any
    act: str
    residual: str
    apart: bool
    log: list[Log]


@opens_patient(to=CARE, verb="devices.looked")
def patient_devices(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Is this device working, and when must we see the person?"""
    as_of = now().astimezone(clinic().zone)
    shown: dict[str, Any] = {"patient": patient, "tab": "patient_devices", "may_write": request.user.role in CLINICAL}
    try:
        record = reading_of(patient).record
    except UnusableInput as error:
        return render(request, "devices/patient.html", shown | {"failed": str(error)})
    log = list(Log.objects.filter(patient=patient).select_related("by"))
    shown["pumps"] = [
        _pump(found, number, as_of, [row for row in log if row.key == found.device.id])
        for number, found in enumerate(refills(record, as_of), start=1)
    ]
    return render(request, "devices/patient.html", shown)


def _pump(found: Refill, number: int, as_of: Any, log: list[Log]) -> Pump:
    drawn = pictures.gauge(found, as_of, clinic().zone)
    return Pump(
        found=found,
        picture=mark_safe(pictures.svg(drawn, name=f"gauge-{number}")),  # noqa: S308 - our own drawing, escaped there
        table=pictures.table(drawn),
        act=drawn.act,
        residual=_residual(found, log),
        apart=isinstance(found.residual, Residual) and found.residual.flagged,
        log=log,
    )


def _residual(found: Refill, log: list[Log]) -> str:
    """What was found since the fill; before anything was read since, what was found at the last refill."""
    last = next((row for row in log if row.kind == Log.Kind.REFILL), None)
    if isinstance(found.residual, str) and last is not None:
        return f"Nothing was read since the last fill. {day(last.at)}: {last.says}"
    return actions.residual_words(found.residual)


def _device(patient: Patient, key: str, *, pump: bool) -> Entry:
    rows = Entry.objects.filter(patient=patient, section="devices", struck=False)
    rows = rows.filter(concept=PUMP) if pump else rows.exclude(concept=PUMP)
    return get_object_or_404(rows, key=key)


@opens_patient(to=CLINICAL, verb="devices.form")
def interrogation(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """What does the pump say? The volume it shows is compared with what should be in it."""
    entry = _device(patient, key, pump=True)
    data = request.POST if request.method == "POST" else None
    form = forms.Interrogation(patient, key, entry.fields, data, seen=entry.version)
    told = ""
    if data is not None and form.is_valid():
        body = form.entry()
        if not form.errors:
            found = actions.compared(patient, key, body)
            if _unconfirmed(found, form):
                told = actions.residual_words(found)
            else:
                said = form.cleaned_data
                try:
                    actions.interrogate(
                        request.user, patient, key, body, said["seen"], said["read_at"], found, said["note"]
                    )
                except Stale:
                    return _stale(request, patient)
                messages.success(request, f"Recorded. {actions.residual_words(found)}.")
                return redirect("patient_devices", patient=patient.handle)
    return _form(request, patient, form, "What does the pump say?", told)


@opens_patient(to=CLINICAL, verb="devices.form")
def refill(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """What was drawn out, and what was put in? What was found is compared with what should have been left."""
    entry = _device(patient, key, pump=True)
    data = request.POST if request.method == "POST" else None
    form = forms.Refilling(patient, key, entry.fields, data, seen=entry.version)
    standing = actions.refill_of(patient, key) if data is None else None
    told = ""
    if data is not None and form.is_valid():
        body = form.entry()
        if not form.errors:
            found = actions.compared(patient, key, form.before())
            if _unconfirmed(found, form):
                told = actions.residual_words(found)
            else:
                said = form.cleaned_data
                try:
                    actions.refill(
                        request.user, patient, key, body, said["seen"], said["filled_at"],
                        ml(said["filled_ml"]), form.agents(), found, said["note"],
                    )  # fmt: skip
                except Stale:
                    return _stale(request, patient)
                messages.success(request, f"Refill recorded. {actions.residual_words(found)}.")
                return redirect("patient_devices", patient=patient.handle)
    expected = ""
    if standing is not None:
        rows = pictures.table(pictures.gauge(standing, now(), clinic().zone)).rows
        expected = next((row[1] for row in rows if row[0] == "Expected now"), "")
    return _form(request, patient, form, "What was drawn out, and what was put in?", told, expected)


def _unconfirmed(found: Residual | str, form: forms.PumpForm) -> bool:
    """Whether what was found does not fit and nobody said that it was measured again."""
    return isinstance(found, Residual) and found.flagged and not form.cleaned_data["confirmed"]


def _stale(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    messages.error(request, "Somebody changed this device in between; nothing was saved. Look at it again first.")
    return redirect("patient_devices", patient=patient.handle)


def _form(
    request: StaffRequest, patient: Patient, form: fields.Form, asks: str, told: str = "", expected: str = ""
) -> HttpResponse:  # fmt: skip
    if "confirmed" in form.fields and not told:
        form.fields["confirmed"].widget = fields.HiddenInput()
    status = 400 if form.errors else 200
    shown = {
        "patient": patient,
        "tab": "patient_devices",
        "form": form,
        "asks": asks,
        "told": told,
        "expected": expected,
    }
    return render(request, "devices/form.html", shown, status=status)


@opens_patient(to=CARE, verb="devices.form")
def alarm(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """An alarm was reported: it goes onto today's list of a nurse."""
    _device(patient, key, pump=True)
    form = forms.Alarm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        task = actions.alarm(request.user, patient, key, now(), form.cleaned_data["heard"])
        whom = task.owner or "a nurse"
        messages.success(request, f"Recorded. {whom} has it on the list for today.")
        return redirect("patient_devices", patient=patient.handle)
    return _form(request, patient, form, "Which alarm was reported?")


@opens_patient(to=CLINICAL, verb="devices.form")
def programming(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """What was found and changed at the stimulator?"""
    _device(patient, key, pump=False)
    zone = ZoneInfo(patient.zone)
    form = forms.Programming(zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        start = said["at"].isoformat(timespec="minutes")
        actions.program(request.user, patient, key, said["at"], said["says"], start)
        messages.success(request, "Recorded in the programming log.")
        return redirect("patient_devices", patient=patient.handle)
    return _form(request, patient, form, "What was found and changed at the stimulator?")
