"""What leaves the clinic on paper or as a file: the letter, the patient's sheet, the clinic's page, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec.structs import replace

from administration.models import clinic
from levamen.emit.language.pack import language
from levamen.emit.plan import letter, pdf, sheet
from levamen.emit.plan.calendar import calendar
from levamen.emit.plan.words import day_words
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Medication
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL
from procedures import plan_actions
from procedures.models import Booking, PlanStep
from procedures.plan_views import found, steps_of
from procedures.plans import Planned, standing
from records.models import Patient

LANGUAGES = {"en": "English", "es": "Spanish"}


def _slot(patient: Patient, key: str) -> tuple[Planned, Booking | None]:
    made, bookings = found(patient, key)
    return made, standing(bookings)


def _named(plan: Plan, patient: Patient) -> Plan:
    """The plan under the patient's name, for paper that goes to one person. Files that travel on carry none."""
    day = _born(patient)
    born = f", born {day_words(day)}" if day is not None else ""
    return replace(plan, patient=f"{patient}{born}, MRN {patient.mrn}")


def _sheet(plan: Plan, patient: Patient, words: str) -> sheet.Sheet:
    """The sheet with number and name, and the clinic's telephone where it has one."""
    named = replace(_named(plan, patient), patient=f"{patient.mrn}, {patient}")
    made = sheet.sheet(named, language(words))
    phone = clinic().phone
    return replace(made, phone=f"{made.phone.partition(':')[0]}: {phone}") if phone else made


def _born(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.birth_date)
    except ValueError:
        return None


@opens_patient(to=CARE, verb="prescriber-letter.looked")
def letters(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The letters to the prescribers; noting that one was sent."""
    made, booking = _slot(patient, key)
    if made.plan is None or booking is None:
        return _nothing(request, patient, key, made.refusal or "There is no slot, so there is no letter yet.")
    drugs = [row for row in made.plan.active.drugs if row.needs_agreement or row.notify_prescriber]
    if not drugs:
        return _nothing(request, patient, key, "The plan asks nothing of a prescriber, so there is no letter to write.")
    if request.method == "POST":
        if request.user.role not in CLINICAL or request.POST.get("fingerprint") != made.plan.fingerprint:
            messages.error(request, "The plan changed while you looked. Look at the letter again before it is sent.")
            return redirect("plan_letter", patient=patient.handle, key=key)
        for drug in made.awaited:
            plan_actions.ask(request.user, booking, made.plan, drug.drug, drug.prescriber or "")
        messages.success(request, "Noted as sent. The answer is on the list of who asked, with its due time.")
        return redirect("plan", patient=patient.handle, key=key)
    shown = letter.letters(_named(made.plan, patient), made.record)
    return render(
        request,
        "procedures/letter.html",
        {"patient": patient, "tab": "plans", "key": key, "letters": shown, "plan": made.plan, "open": made.awaited},
    )


@opens_patient(to=CARE, verb="prescriber-letter.taken")
def letter_pdf(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The letters as a PDF."""
    return _file(request, patient, key, "letter.pdf", lambda made, plan: pdf.letter_pdf(
        letter.letters(_named(plan, patient), made.record), plan))  # fmt: skip


@opens_patient(to=CARE, verb="sheet.looked")
def sheet_page(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The patient's sheet: locked until every prescriber who must agree did. Noting that it was given."""
    made, booking = _slot(patient, key)
    if made.plan is None or booking is None:
        return _nothing(request, patient, key, made.refusal or "There is no slot, so there is no sheet yet.")
    words = request.POST.get("language") or request.GET.get("language", "en")
    words = words if words in LANGUAGES else "en"
    if request.method == "POST":
        if made.awaited or request.POST.get("fingerprint") != made.plan.fingerprint:
            messages.error(request, "The plan changed, or waits for an answer. This sheet was not noted as given.")
        else:
            plan_actions.refresh(request.user, booking)
            step = plan_actions.give_sheet(request.user, booking, made.plan, words)
            messages.success(request, f"Sheet {step.number} is noted as given.")
        return redirect("plan_sheet", patient=patient.handle, key=key)
    steps = [step for step in steps_of(patient, key) if step.kind == PlanStep.Kind.SHEET]
    page = None if made.awaited else _sheet(made.plan, patient, words)
    return render(
        request,
        "procedures/sheet.html",
        {
            "patient": patient, "tab": "plans", "key": key, "plan": made.plan, "sheet": page, "awaited": made.awaited,
            "given": steps, "language": words, "languages": LANGUAGES, "booking": booking,
        },
    )  # fmt: skip


@opens_patient(to=CARE, verb="sheet.taken")
def sheet_pdf(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The sheet as a PDF; locked like the sheet."""
    words = request.GET.get("language", "en")
    words = words if words in LANGUAGES else "en"

    def make(made: Planned, plan: Plan) -> bytes:
        if made.awaited:
            who = ", ".join(drug.prescriber or "the prescriber" for drug in made.awaited)
            raise UnusableInput(f"The patient sheet is locked until the answer of {who} is recorded.")
        return pdf.sheet_pdf(_sheet(plan, patient, words), plan)

    return _file(request, patient, key, "sheet.pdf", make)


@opens_patient(to=CARE, verb="plan.taken")
def plan_pdf(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The plan on one page, for the clinic."""
    return _file(request, patient, key, "plan.pdf", lambda made, plan: pdf.clinic_pdf(
        _named(plan, patient), balance=made.balance))  # fmt: skip


@opens_patient(to=CARE, verb="calendar.taken")
def plan_calendar(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The dates of the plan as a calendar file, which names nobody."""
    return _file(request, patient, key, "plan.ics", lambda made, plan: calendar(
        plan, listed=made.record.of(Medication)))  # fmt: skip


def _file(
    request: StaffRequest, patient: Patient, key: str, name: str, make: Callable[[Planned, Plan], bytes]
) -> HttpResponseBase:
    made, booking = _slot(patient, key)
    if made.plan is None or booking is None:
        return _nothing(request, patient, key, made.refusal or "There is no slot, so there is no file yet.")
    try:
        data = make(made, made.plan)
    except UnusableInput as refused:
        return _nothing(request, patient, key, str(refused).partition(": ")[2] or str(refused))
    kind = "text/calendar; charset=utf-8" if name.endswith(".ics") else "application/pdf"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{made.plan.number}-{name}"'
    return response


def _nothing(request: StaffRequest, patient: Patient, key: str, says: str) -> HttpResponse:
    shown = {"patient": patient, "tab": "plans", "key": key, "says": f"{says[:1].upper()}{says[1:]}"}
    return render(request, "procedures/nothing.html", shown, status=409)
