"""The day of a procedure: the checklist in three stages, the second person, the start."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from clinic.clock import now
from people.access import StaffRequest, opens_patient
from people.models import Staff
from people.roles import CARE, CLINICAL, PHYSICIANS, Role
from procedures import day_actions
from procedures.day_sheet import ANSWER_WORDS, Sheet, may_settle, sheet_of
from procedures.models import Booking, ProcedureRecord
from procedures.sides import aloud, picture, picture_words
from records.models import Patient

TABS = (("ask", "Ask today"), ("awake", "Awake check"), ("pause", "Pause: everybody stops"), ("sign-out", "Sign out"))
DECIDES = {"operator": "the operator", "nurse": "the nurse"}
_STANDING = (Booking.Status.BOOKED, Booking.Status.STARTED, Booking.Status.DONE)


def booking_of(patient: Patient, booking: int) -> Booking:
    """The booking of a patient, with what every page of the day needs."""
    rows = Booking.objects.select_related("operator", "record__saved_by", "record__signed_by", "record__started_by")
    found = get_object_or_404(rows, pk=booking, patient=patient)
    found.patient = patient
    return found


@opens_patient(to=CARE, verb="day.looked")
def day(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The slots of a patient, today's first, each with its checklist, record and recovery."""
    held = Booking.objects.filter(patient=patient, status__in=_STANDING)
    rows = list(held.select_related("operator", "patient", "record"))
    today = now()
    rows.sort(key=lambda row: (not day_actions.is_today(row), row.start < today, abs(row.start - today)))
    shown = [(row, day_actions.is_today(row), getattr(row, "record", None)) for row in rows]
    return render(request, "procedures/day.html", {"patient": patient, "tab": "day", "rows": shown})


@opens_patient(to=CLINICAL, verb="day.looked")
def checklist(request: StaffRequest, patient: Patient, booking: int) -> HttpResponse:
    """Are we all about to do the same thing to the right person?"""
    found = booking_of(patient, booking)
    return _checklist(request, found, str(request.GET.get("stage", "")))


def _checklist(
    request: StaffRequest, booking: Booking, stage: str, problem: str = "", at: str = "", status: int = 200,
    typed: str = "",
) -> HttpResponse:  # fmt: skip
    sheet = sheet_of(booking)
    shown: dict[str, Any] = {"patient": booking.patient, "tab": "day", "booking": booking, "sheet": sheet,
                             "problem": problem, "at": at, "typed": typed, "record": started_record(booking),
                             "today": day_actions.is_today(booking)}  # fmt: skip
    if sheet is not None:
        shown |= _shown(request.user, booking, sheet, stage)
    return render(request, "procedures/checklist.html", shown, status=status)


def _shown(staff: Staff, booking: Booking, sheet: Sheet, stage: str) -> dict[str, Any]:
    started = started_record(booking) is not None
    current = stage if stage in dict(TABS) else _first_open(sheet, started)
    tabs = []
    for id, words in TABS:
        if id == "ask":
            total, left = len(sheet.asks), sum(row.open for row in sheet.asks)
        else:
            total, left = len(sheet.of(id)), len(sheet.open_in(id))
        tabs.append({"id": id, "words": words, "done": total - left, "left": left, "total": total, "whole": not left})
    return {
        "stage": current, "tabs": tabs, "sending": get_random_string(24), "started": started,
        "checks": [(check, may_settle(staff, check, booking), DECIDES.get(check.decides, check.decides))
                   for check in sheet.of(current)],
        "asks": sheet.asks if current == "ask" else (), "blocks": sheet.blocks() if not started else [],
        "next_open": next((check for check in sheet.of(current) if check.state != "agree"), None),
        "aloud": aloud(sheet.request, f"{booking.patient.given} {booking.patient.family}"),
        "picture": picture(sheet.request), "picture_words": picture_words(sheet.request),
        "second": sheet.second_for("pause"), "signed": [row for row in sheet.seconds if row.stage == "pause"],
        "may_sign_here": sheet.may_sign(staff, "pause"), "physician": Role(staff.role) in PHYSICIANS,
        "next_stage": _next_stage(tabs, current), "server_now": now().isoformat(), "answer_words": ANSWER_WORDS,
        "pause_whole": not sheet.open_in("pause"),
        "still_open": [row for row in tabs if not row["whole"] and row["id"] not in ("sign-out", current)],
    }  # fmt: skip


def _first_open(sheet: Sheet, started: bool) -> str:
    if started:
        return "sign-out"
    if any(row.open for row in sheet.asks):
        return "ask"
    return "awake" if sheet.open_in("awake") else "pause"


def _next_stage(tabs: list[dict[str, Any]], current: str) -> dict[str, Any] | None:
    names = [row["id"] for row in tabs]
    place = names.index(current) + 1
    return tabs[place] if place < len(tabs) and names[place] != "sign-out" else None


def started_record(booking: Booking) -> ProcedureRecord | None:
    """The record of a booking as it was when the booking was looked up; there is one from the start on."""
    return getattr(booking, "record", None)


@opens_patient(to=CLINICAL, verb="day.looked")
@require_POST
def answer(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """Takes one answer: from the page, or from a device that kept it while there was no connection."""
    found = booking_of(patient, booking)
    said, kept = request.POST, request.headers.get("X-Kept") == "yes"
    stage, item, given = said.get("stage", ""), said.get("item", ""), said.get("answer", "")
    typed = said.get("said", "").strip()[:400]
    sheet = sheet_of(found)
    problem = _problem(sheet, stage, item, given, typed, request.user, found)
    if not problem:
        try:
            day_actions.answer(
                request.user, found, stage, item, given, said=typed, sent=sent_of(request),
                said_at=moment_of(said.get("said_at", "")), zone=said.get("zone", ""),
            )  # fmt: skip
        except day_actions.Unclear as unclear:
            problem = str(unclear)
    if kept:
        return JsonResponse({"problem": problem}, status=400 if problem else 200)
    if problem:
        return _checklist(request, found, stage, problem, item, 400, typed)
    back = reverse("checklist", kwargs={"patient": patient.handle, "booking": found.pk})
    return redirect(f"{back}?stage={stage}#item-{item.replace(' ', '-')}")


def _problem(sheet: Sheet | None, stage: str, item: str, given: str, typed: str, staff: Staff, booking: Booking) -> str:
    if sheet is None:
        return "What was booked is not in the record any more: book it again."
    if not day_actions.is_today(booking):
        return "This slot is of another day: the answers of the day are given on the day."
    if stage == "ask":
        ask = next((row for row in sheet.asks if row.id == item), None)
        if ask is None:
            return "This question is not asked here. Load the page again."
        return "" if given in dict(ask.options) else "Choose one of the answers."
    check = next((row for row in sheet.checks if row.id == item and row.stage == stage), None)
    if check is None:
        return "This item is not on this list. Load the page again."
    if given not in ("agree", "differs"):
        return "Say agree or differs."
    if check.consent and given == "agree" and sheet.consent:
        return f"{sheet.consent} Sign the consent again, or mend the plan."
    if check.state == "differs" and given == "agree":
        if not may_settle(staff, check, booking):
            return f"This item differs. {DECIDES.get(check.decides, check.decides).capitalize()} decides it."
        if not typed:
            return "Say how the difference was settled."
    return ""


def sent_of(request: StaffRequest) -> str:
    """The device's id of an answer; a form without one is a sending of its own."""
    return (request.POST.get("sent") or get_random_string(24))[:64]


def moment_of(text: str) -> datetime | None:
    """An instant as a device sent it; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@opens_patient(to=CLINICAL, verb="day.looked")
@require_POST
def second(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """The second person: the one who is signed in here, or another with user name and password on this device."""
    found = booking_of(patient, booking)
    name = request.POST.get("username", "").strip()
    person: Staff | None = request.user
    if name:
        who = authenticate(request, username=name, password=request.POST.get("password", ""))
        person = who if isinstance(who, Staff) and who.is_active else None
    if person is None:
        return _checklist(request, found, "pause", "Not signed: this user name and password do not fit.", "second", 400)
    if Role(person.role) not in CLINICAL:
        return _checklist(request, found, "pause", "Not signed: a physician or a nurse signs beside.", "second", 400)
    try:
        day_actions.sign_beside(person, found, "pause", own_device=not name)
    except day_actions.Unclear as unclear:
        return _checklist(request, found, "pause", str(unclear), "second", 400)
    back = reverse("checklist", kwargs={"patient": patient.handle, "booking": found.pk})
    return redirect(f"{back}?stage=pause#start")


@opens_patient(to=CLINICAL, verb="day.looked")
@require_POST
def override(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """A physician goes on although safety says stop, with the reason."""
    found = booking_of(patient, booking)
    try:
        day_actions.override(
            request.user,
            found,
            request.POST.get("reason", ""),
            (request.POST.get("sent") or get_random_string(24))[:64],
        )
    except day_actions.Unclear as unclear:
        return _checklist(request, found, "pause", str(unclear), "override", 400)
    back = reverse("checklist", kwargs={"patient": patient.handle, "booking": found.pk})
    return redirect(f"{back}?stage=pause")


@opens_patient(to=CLINICAL, verb="day.looked")
@require_POST
def start(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """Starts the procedure: only when everything agrees, two people hold it, and safety does not say stop."""
    found = booking_of(patient, booking)
    record, blocks = day_actions.start(request.user, found)
    if record is None:
        return _checklist(request, found, "pause", f"Not started. {' '.join(blocks)}", "start", 409)
    messages.success(request, "Started.")
    back = reverse("checklist", kwargs={"patient": patient.handle, "booking": found.pk})
    return redirect(f"{back}?stage=sign-out")
