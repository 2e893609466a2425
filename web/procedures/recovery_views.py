"""Recovery and going home."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from audit.chain import append
from clinic.clock import now
from people.access import StaffRequest, opens_patient
from people.models import Staff
from people.roles import CLINICAL, PHYSICIANS, Role
from procedures import day_actions
from procedures.day_views import booking_of, moment_of, sent_of
from procedures.models import Booking, Discharge, ProcedureRecord
from procedures.record_views import record_of
from procedures.recovery_sheet import EXAMINED, Recovery, recovery_of
from records.models import Patient
from team import actions as tasks
from team.models import Task


@opens_patient(to=CLINICAL, verb="recovery.looked")
def recovery(request: StaffRequest, patient: Patient, booking: int) -> HttpResponse:
    """May this person go home?"""
    return _page(request, booking_of(patient, booking))


def _page(
    request: StaffRequest, booking: Booking, problem: str = "", at: str = "", status: int = 200, typed: str = ""
) -> HttpResponse:
    record = record_of(booking)
    found = recovery_of(booking, record)
    home = Discharge.objects.filter(booking=booking).select_related("by").first()
    calls = Task.objects.filter(patient=booking.patient, kind=Task.Kind.CALL, about=f"procedures {record.key}")
    shown: dict[str, Any] = {
        "patient": booking.patient, "tab": "day", "booking": booking, "record": record, "found": found, "home": home,
        "problem": problem, "at": at, "typed": typed, "sending": get_random_string(24), "server_now": now().isoformat(),
        "calls": list(calls.select_related("owner").order_by("due")) if record.key else [],
        "physician": Role(request.user.role) in PHYSICIANS,
    }  # fmt: skip
    return render(request, "procedures/recovery.html", shown, status=status)


@opens_patient(to=CLINICAL, verb="recovery.looked")
@require_POST
def answer(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """Records one item with the time."""
    found = booking_of(patient, booking)
    record = record_of(found)
    said, kept = request.POST, request.headers.get("X-Kept") == "yes"
    item, given, typed = said.get("item", ""), said.get("answer", ""), said.get("said", "").strip()[:400]
    problem = _problem(recovery_of(found, record), item, given, typed)
    if not problem:
        day_actions.answer(
            request.user, found, "recovery", item, given, said=typed, sent=sent_of(request),
            said_at=moment_of(said.get("said_at", "")), zone=said.get("zone", ""),
        )  # fmt: skip
        if given == "no" and item in EXAMINED:
            _deficit(request.user, found, typed)
    if kept:
        return JsonResponse({"problem": problem}, status=400 if problem else 200)
    if problem:
        return _page(request, found, problem, item, 400, typed)
    return redirect("recovery", patient=patient.handle, booking=found.pk)


def _problem(found: Recovery, item: str, given: str, typed: str) -> str:
    need = next((row for row in found.needs if row.id == item), None)
    if need is None:
        return "This item is not on this list. Load the page again."
    if given not in ("yes", "no"):
        return "Say whether it holds or not."
    if item in EXAMINED and not typed and (given == "no" or found.baseline is None):
        return _EXAMINE if given == "yes" else "Write what was found."
    if item == "observation-over" and given == "yes" and found.until is not None and not found.over:
        return "The observation is not over yet. Somebody who goes home before goes with a reason."
    return ""


_EXAMINE = "Examine now, and write what was found: there is nothing from before to compare with."


def _deficit(staff: Staff, booking: Booking, typed: str) -> None:
    """A new deficit goes to the operator at once, by name."""
    with transaction.atomic():
        tasks.give(
            staff, booking.patient, Task.Kind.FLAG, "Strength or feeling is not as before: see the person now",
            why=typed, about=f"booking {booking.pk}", origin=f"recovery {booking.pk} deficit", owner=booking.operator,
            due=now(),
        )  # fmt: skip


@opens_patient(to=CLINICAL, verb="recovery.looked")
@require_POST
def discharge(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """Lets somebody go home: everything holds, or each thing that does not has its reason."""
    found = booking_of(patient, booking)
    sent = request.POST
    reasons = {
        name.removeprefix("reason."): sent.get(name, "").strip()[:300] for name in sent if name.startswith("reason.")
    }
    problem, at = let_go(request.user, found, record_of(found), reasons)
    if problem:
        return _page(request, found, problem, at, 400)
    messages.success(request, "Recorded: went home.")
    return redirect("recovery", patient=patient.handle, booking=found.pk)


@transaction.atomic
def let_go(staff: Staff, booking: Booking, record: ProcedureRecord, reasons: dict[str, str]) -> tuple[str, str]:
    """Records that somebody went home; twice is once. Else the sentence that says why not, and the item it is at."""
    Booking.objects.select_for_update().get(pk=booking.pk)
    if Discharge.objects.filter(booking=booking).exists():
        return "", ""
    found = recovery_of(booking, record)
    if found.plan is None:
        return f"Not checked: what must hold could not be worked out. {found.refusal}", ""
    if found.unexamined:
        row = found.unexamined[0]
        return f"Not without an examination now: {row.text}", row.id
    for row in found.unmet:
        if len(reasons.get(row.id, "")) < 3:
            return f"Say why the person goes home all the same: {row.text}", row.id
        if row.never and Role(staff.role) not in PHYSICIANS:
            return f"A physician decides this: {row.text}", row.id
    unmet = [{"item": row.id, "text": row.text, "reason": reasons[row.id]} for row in found.unmet]
    Discharge.objects.create(booking=booking, at=now(), by=staff, unmet=unmet)
    append(staff, verb="recovery.discharged", patient=booking.patient, about=f"booking {booking.pk}",
           unmet=[row["item"] for row in unmet])  # fmt: skip
    return "", ""
