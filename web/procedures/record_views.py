"""The record of a procedure: what was done, exactly; signed once, added to after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from clinic.clock import now
from devices.once import says_so
from levamen.derive.periods import shown
from levamen.pathway.ledger import planned
from levamen.record.facts import Record, Request
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL, PHYSICIANS, Role
from procedures import record_form
from procedures.agents import drug_words, worked_out
from procedures.day_sheet import request_in
from procedures.day_views import booking_of, started_record
from procedures.models import Booking, ProcedureRecord
from procedures.plans import requests_of
from procedures.record_actions import NotSigned, SideDiffers, SomebodyElse, add_to, save, sign, written_before
from procedures.sides import SIDE_WORDS, target_pieces, therapy_words
from records.models import Patient

_LEDGER = {"met": "within the most allowed", "exceeded": "more than the most allowed"}


def record_of(booking: Booking) -> ProcedureRecord:
    """The record of a booking as it was when the booking was looked up. Raises Http404 before the start."""
    found = started_record(booking)
    if found is None:
        raise Http404("There is a record once the procedure has started.")
    return found


@opens_patient(to=CLINICAL, verb="record.draft")
def procedure_record(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """The draft, filled from plan and time-out; or what was signed."""
    found = booking_of(patient, booking)
    record = record_of(found)
    if record.signed_at is not None:
        return _signed(request, found, record)
    held, asked = _asked(found)
    if request.method != "POST":
        draft = record.draft or record_form.first_draft(asked, record.started_at)
        return _page(request, found, record, held, asked, draft)
    draft, problems = record_form.read(request.POST, asked)
    if problems:
        return _page(request, found, record, held, asked, draft, problems, 400)
    seen = int(said) if (said := request.POST.get("seen", "")).isdigit() and len(said) < 9 else -1
    try:
        if "save" in request.POST:
            save(request.user, record, draft, seen)
            messages.success(request, "Saved as a draft. It is not signed.")
            return redirect("procedure_record", patient=patient.handle, booking=found.pk)
        there = written_before(found, asked, record.started_at)
        sign(request.user, record, draft, seen, settled=request.POST.get("settled", ""))
    except NotSigned as refused:
        return _page(request, found, record, held, asked, draft, [(refused.field, refused.says)], 400)
    except UnusableInput as refused_:
        return _page(request, found, record, held, asked, draft, [("levels", f"{refused_}.")], 400)
    except SomebodyElse:
        theirs = record_of(booking_of(patient, booking))
        return _page(request, found, theirs, held, asked, draft, [("", _BETWEEN)], 409)
    except SideDiffers as differs:
        return _page(request, found, record, held, asked, draft, status=409, stop=differs)
    messages.success(request, "Signed. It is in the record, and both calls are given out.")
    if there is not None:
        says = format_html(
            "It was in the record already, and was completed there, not written twice: {}.", says_so(there)
        )
        messages.info(request, says)
    return redirect("procedure_record", patient=patient.handle, booking=found.pk)


_BETWEEN = (
    "Somebody else saved this record in between. What you typed is still here: compare it with theirs in another tab, "
    "then save again."
)


def _asked(booking: Booking) -> tuple[Record, Request]:
    record, _ = requests_of(booking.patient)
    found = request_in(record, booking)
    if found is None:
        raise Http404("What was booked is not in the record any more.")
    return record, found


def _page(
    request: StaffRequest, booking: Booking, record: ProcedureRecord, held: Record, asked: Request,
    draft: dict[str, Any], problems: Sequence[tuple[str, str]] = (), status: int = 200, stop: SideDiffers | None = None,
) -> HttpResponse:  # fmt: skip
    draft = dict(draft)
    draft.setdefault("end", now().astimezone(ZoneInfo(booking.patient.zone)).strftime("%H:%M"))
    try:
        done = record_form.done_target(asked, draft)
    except UnusableInput:
        done = asked
    staff = request.user
    there = written_before(booking, asked, record.started_at)
    return render(
        request,
        "procedures/record.html",
        {
            "patient": booking.patient, "tab": "day", "booking": booking, "record": record, "draft": draft,
            "problems": problems, "stop": stop, "therapy": therapy_words(asked), "target": target_pieces(done),
            "choices": record_form.choices(asked, draft), "picture": record_form.drawn(asked, draft),
            "sides": SIDE_WORDS.items(), "needles": record_form.needles(asked, draft),
            "agents": record_form.agent_rows(asked, draft), "drugs": record_form.drug_choices(asked),
            "guidance": record_form.words_of("guidance"), "contrast": record_form.words_of("contrast"),
            "sedation": record_form.words_of("sedation"), "numbers": _numbers(draft),
            "immediate": _immediate(draft), "none_asked": record_form.NONE_ASKED in draft.get("events", ()),
            "there": says_so(there) if there is not None else "",
            "differs": record_form.differences(asked, done), "ledger": ledger_lines(held, done),
            "may_sign": staff.pk == booking.operator_id or Role(staff.role) in PHYSICIANS,
        },
        status=status,
    )  # fmt: skip


def _numbers(draft: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(name, words, draft.get(name, "")) for name, words in record_form.NUMBERS.items()]


def _immediate(draft: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    words = dict(record_form.words_of("events"))
    return [(word, words[word], word in draft.get("events", ())) for word in record_form.IMMEDIATE]


def ledger_lines(record: Record, done: Request) -> list[str]:
    """What this record adds to the ledger: local anesthetic of the session, steroid of twelve months with it."""
    moment = now().astimezone(ZoneInfo(record.zone or "UTC"))
    found = planned(record, moment, done, moment.date())
    lines = [f"{drug_words(row.drug)} {worked_out(row) or 'milligrams not known'}" for row in done.agents]
    if any("local-anesthetic" in row.classes for row in done.agents):
        lines.append(f"Local anesthetic: {_LEDGER.get(found.session.status, 'the most allowed is not known')}")
    if any("corticosteroid" in row.classes for row in done.agents):
        lines += [
            f"Steroid in {row.equivalents.period} with it: {shown(row.equivalents.value)} mg MPE"
            for row in found.totals[:1]
        ]
    return lines or ["No drug is recorded"]


def _signed(request: StaffRequest, booking: Booking, record: ProcedureRecord) -> HttpResponse:
    shown_ = {"patient": booking.patient, "tab": "day", "booking": booking, "record": record,
              "addenda": list(record.addenda.select_related("by"))}  # fmt: skip
    return render(request, "procedures/signed.html", shown_)


@opens_patient(to=CARE, verb="record.draft")
def record_note(request: StaffRequest, patient: Patient, booking: int) -> HttpResponse:
    """The note as plain text."""
    record = record_of(booking_of(patient, booking))
    if record.signed_at is None:
        raise Http404("There is a note once the record is signed.")
    rows = record.addenda.select_related("by")
    added = "".join(f"\nAddendum {_local(row.at, patient)}, {row.by}: {row.words}" for row in rows)
    text = f"{record.note}Signed: {record.signed_by}, {_local(record.signed_at, patient)}{added}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _local(moment: datetime, patient: Patient) -> str:
    return f"{moment.astimezone(ZoneInfo(patient.zone)):%Y-%m-%d %H:%M}"


@opens_patient(to=CLINICAL, verb="record.draft")
@require_POST
def addendum(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """Adds to a signed record; what was signed stays as it was."""
    found = booking_of(patient, booking)
    record = record_of(found)
    try:
        add_to(request.user, record, request.POST.get("words", "")[:1000], request.POST.get("reason", "")[:400])
    except NotSigned as refused:
        messages.error(request, refused.says)
    else:
        messages.success(request, "Added. What was signed before stays as it was.")
    return redirect("procedure_record", patient=patient.handle, booking=found.pk)
