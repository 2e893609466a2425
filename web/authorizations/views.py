"""Authorization of what is considered for a patient: is it needed, the packet, the log, what was sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from administration.models import clinic
from authorizations import actions, packets, page
from authorizations.actions import NEXT, Stale
from authorizations.forms import FORMS, StepForm, form_of
from authorizations.models import Authorization, SentFile, Status, Step
from authorizations.packets import Made
from clinic.clock import now, today
from levamen.adapters.balance import Reading
from levamen.emit.packet.appeal import Denial, letter
from levamen.emit.words import capital
from levamen.pathway.headline import target_words
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens_patient
from people.models import Staff
from people.roles import CARE
from procedures.models import Booking
from records.banner import current
from records.models import Entry, Patient
from team.models import Task

_STALE = "Somebody wrote a step in between. Nothing of yours was saved; look again, then write yours if it still holds."


@opens_patient(to=CARE, verb="authorization.opened")
def authorizations(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The request about which somebody must do something, with all others beside it."""
    return _page(request, patient, None)


@opens_patient(to=CARE, verb="authorization.opened")
def authorization(request: StaffRequest, patient: Patient, request_key: str) -> HttpResponse:
    """One request: is authorization needed, its packet, its steps."""
    return _page(request, patient, request_key)


@opens_patient(to=CARE, verb="authorization.opened")
def authorization_step(request: StaffRequest, patient: Patient, request_key: str) -> HttpResponseBase:
    """Writes one step; a form that is not right comes back with what is wrong at its fields."""
    if request.method != "POST":
        return redirect("authorization", patient=patient.handle, request_key=request_key)
    word = request.POST.get("status", "")
    if word not in FORMS:
        messages.error(request, "This step is not known. Nothing was written.")
        return redirect("authorization", patient=patient.handle, request_key=request_key)
    form = form_of(Status(word), 0, [], request.POST)
    if not form.is_valid():
        return _page(request, patient, request_key, form)
    try:
        actions.step(request.user, patient, request_key, form.said())
    except (Stale, ValueError) as problem:
        stale = isinstance(problem, Stale)
        messages.error(request, _STALE if stale else "This cannot follow what was last done. Nothing was written.")
    except Entry.DoesNotExist:
        raise Http404("Nothing of that name is considered for this patient.") from None
    except UnusableInput as problem:
        messages.error(request, f"{problem}. Nothing was written.")
    else:
        messages.success(request, f"Written down: {Status(word).label.lower()}.")
    return redirect("authorization", patient=patient.handle, request_key=request_key)


@opens_patient(to=CARE, verb="authorization.opened")
def authorization_ask(request: StaffRequest, patient: Patient, request_key: str) -> HttpResponseBase:
    """One thing to find out or to obtain becomes a task of whoever asks for it."""
    if request.method != "POST":
        return redirect("authorization", patient=patient.handle, request_key=request_key)
    reading, found, booking = _held(patient, request_key)
    made = _made(patient, reading, request_key, found, booking)
    what, who = request.POST.get("what", ""), ""
    if what == "payer":
        what, who = page.payer_question(made.packet), "the payer"
    else:
        row = next((row for row in made.packet.asks if page.task_words(row) == what), None)
        if row is None:
            messages.error(request, "This is not asked any more: the record has changed since. Nothing was written.")
            return redirect("authorization", patient=patient.handle, request_key=request_key)
        who = row.who
    actions.ask(request.user, patient, request_key, what, who)
    messages.success(request, "It is a task of yours now, due tomorrow.")
    return redirect("authorization", patient=patient.handle, request_key=request_key)


@opens_patient(to=CARE, verb="authorization.downloaded")
def packet_file(request: StaffRequest, patient: Patient, request_key: str, form: str) -> HttpResponse:
    """The packet as it stands now, in one form: a draft."""
    if form not in packets.FORMS:
        raise Http404("A packet has no such form.")
    reading, found, booking = _held(patient, request_key)
    made = _made(patient, reading, request_key, found, booking)
    return _file(form, packets.rendered(made, form), f"draft-{patient.pk}-{request_key}")


@opens_patient(to=CARE, verb="authorization.downloaded")
def sent_file(request: StaffRequest, patient: Patient, sent: int, form: str) -> HttpResponse:
    """What was sent, byte for byte."""
    held = get_object_or_404(
        SentFile.objects.select_related("sent"), sent_id=sent, form=form, sent__authorization__patient=patient
    )
    return _file(form, bytes(held.content), f"sent-{patient.pk}-{held.sent_id}")


@opens_patient(to=CARE, verb="authorization.downloaded")
def appeal_letter(request: StaffRequest, patient: Patient, request_key: str) -> HttpResponse:
    """The draft of an appeal, from the same criteria as the packet."""
    reading, found, booking = _held(patient, request_key)
    denied = Step.objects.filter(authorization=found, status=Status.DENIED).last() if found is not None else None
    if denied is None:
        raise Http404("No denial is written down.")
    made = _made(patient, reading, request_key, found, booking)
    denial = Denial(on=denied.on, number=denied.number, reason=denied.reason, clause=denied.clause)
    text = letter(made.view, denial, today(clinic().zone))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="appeal-{patient.pk}-{request_key}.txt"'
    return response


def _file(form: str, content: bytes, name: str) -> HttpResponse:
    shape = packets.FORMS[form]
    response = HttpResponse(content, content_type=shape.media)
    response["Content-Disposition"] = f'attachment; filename="{name}-{shape.name}"'
    return response


def _held(patient: Patient, key: str) -> tuple[Reading, Authorization | None, Booking | None]:
    found = Authorization.objects.filter(patient=patient, request_key=key).first()
    return current(patient), found, _booking(patient, key)


def _booking(patient: Patient, key: str) -> Booking | None:
    rows = Booking.objects.filter(patient=patient, request_key=key, status__in=("booked", "started"))
    return rows.select_related("operator").order_by("start").first()


def _made(patient: Patient, reading: Reading, key: str, found: Authorization | None, booking: Booking | None) -> Made:
    asked = packets.request_of(reading, key)
    if asked is None:
        raise Http404("Nothing of that name is considered for this patient.")
    operator: Staff | None = booking.operator if booking is not None else None
    try:
        return packets.made(patient, reading, asked, found.numbers if found is not None else (), operator)
    except UnusableInput as problem:
        raise Http404(f"{problem}.") from None


def _page(request: StaffRequest, patient: Patient, key: str | None, wrong: StepForm | None = None) -> HttpResponse:
    reading = current(patient)
    rows = Step.objects.filter(authorization__patient=patient).select_related("authorization", "by", "sent")
    steps = list(rows.order_by("authorization", "place"))
    held = {row.authorization.request_key: row.authorization for row in steps}
    asked = [(row.id, held.get(row.id)) for row in reading.record.requests]
    shown: dict[str, Any] = {"patient": patient, "tab": "authorizations", "here": "patients"}
    key = key or page.first_open(asked)
    if not key:
        return render(request, "authorizations/none.html", shown)
    found, booking = held.get(key), _booking(patient, key)
    try:
        made = _made(patient, reading, key, found, booking)
    except Http404 as problem:
        return render(request, "authorizations/none.html", shown | {"problem": str(problem)}, status=404)
    given = list(Task.objects.filter(patient=patient, about=f"authorization {key}").values_list("what", flat=True))
    log = [(step, page.step_words(step)) for step in steps if step.authorization.request_key == key]
    seen = found.steps_count if found is not None else 0
    status = Status(found.status) if found is not None else None
    forms = [
        wrong if wrong is not None and wrong.status_word == one else form_of(one, seen, found.numbers if found else [])
        for one in NEXT[status or ""]
    ]
    packet = made.packet
    shown |= {
        "key": key, "found": found, "booking": booking, "made": made, "view": made.view, "packet": packet,
        "title": capital(target_words(packet.request)),
        "answer": page.answer(found, made, booking), "warning": page.warning(found, booking),
        "parts": [(part, page.criteria(part.lines)) for part in made.view.parts], "counts": page.counts(made.view),
        "asked_for": page.asked_for(packet), "payer_question": page.payer_question(packet),
        "asks": page.to_ask(patient, packet, given), "payer_given": page.payer_question(packet) in given,
        "log": list(reversed(log)), "sent": list(dict.fromkeys(step.sent for step, _ in reversed(log) if step.sent)),
        "forms": forms, "wrong": wrong, "packet_forms": packets.FORMS.items(), "at": now(),
        "denied": any(step.status == Status.DENIED for step, _ in log),
        "others": [
            (row.id, capital(target_words(row)), held.get(row.id)) for row in reading.record.requests if row.id != key
        ],
        "unread": len(reading.balance.issues) if reading.balance.rejected else 0,
    }  # fmt: skip
    return render(request, "authorizations/authorization.html", shown, status=400 if wrong is not None else 200)
