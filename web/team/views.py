"""My tasks, and a patient's team: who does what by when, what was asked of others, what came back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from administration.models import clinic
from clinic.clock import now, today
from people.access import StaffRequest, opens, opens_patient
from people.models import Staff
from people.roles import CARE, Role
from records import actions as records
from records.models import Entry, Patient
from records.views import open_patients
from records.words import entry_words
from team import actions, forms, referrals
from team.models import Referral, Task

_ROWS = 40
_ASSIGNS = frozenset({Role.COORDINATOR, Role.LEAD})


@opens(to=CARE, verb="tasks.listed")
def tasks(request: StaffRequest) -> HttpResponse:
    """What is mine to do, and what waits for somebody of my role; the most pressing first."""
    opens_to = Exists(open_patients(request.user).filter(pk=OuterRef("patient")))
    waiting = Q(opens_to, owner=None, role=request.user.role)
    rows = Task.objects.filter(Q(owner=request.user) | waiting, done_at=None).select_related("patient")
    page = Paginator(rows.order_by("due", "pk"), _ROWS).get_page(request.GET.get("page"))
    late = rows.filter(due__lt=now()).count()
    return render(request, "team/tasks.html", {"here": "tasks", "page": page, "late": late, "moment": now()})


@opens_patient(to=CARE, verb="team.looked")
def patient_team(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Who does what for this patient, by when?"""
    newest = Task.objects.filter(patient=patient).order_by(F("done_at").desc(nulls_first=True), "due", "pk")
    rows = list(newest.select_related("owner", "done_by")[:200])
    asked = list(Referral.objects.filter(patient=patient).select_related("sent_by"))
    care = Entry.objects.filter(patient=patient, section__in=("care", "evaluations"), struck=False)
    held = [(row, entry_words(row)) for row in care.order_by("-day", "-pk")]
    members = list(patient.team.all())
    day = today(clinic().zone)
    return render(
        request,
        "team/patient.html",
        {
            "patient": patient, "tab": "patient_team", "moment": now(),
            "open": [row for row in rows if row.done_at is None],
            "done": [row for row in rows if row.done_at is not None][:20],
            "late": sum(row.done_at is None and row.due is not None and row.due < now() for row in rows),
            "referrals": [(row, referrals.title(row.kind), _is_late(row, day)) for row in asked],
            "care": held, "members": members, "assigns": request.user.role in _ASSIGNS,
        },
    )  # fmt: skip


def _is_late(row: Referral, day: Any) -> bool:
    return row.status in Referral.OPEN and row.due < day


@opens_patient(to=CARE, verb="team.form")
def give_task(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """A new task for somebody of the team. The same task that is open already is not given twice."""
    form = forms.Giving(patient, clinic().zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        same = Task.objects.filter(patient=patient, what=said["what"], owner=said["owner"], done_at=None, due=form.by())
        if not same.exists():
            actions.give(request.user, patient, said["kind"], said["what"], owner=said["owner"], due=form.by())
        messages.success(request, f"{said['owner']} has it on the list.")
        return redirect("patient_team", patient=patient.handle)
    return _form(request, patient, form, "What is to be done, by whom?", "Give the task")


@opens_patient(to=CARE, verb="team.form")
def task(request: StaffRequest, patient: Patient, task: int) -> HttpResponseBase:
    """One task: closed with what came of it, taken, or handed over."""
    found = get_object_or_404(Task.objects.select_related("owner", "patient"), patient=patient, pk=task)
    act = request.POST.get("act", "")
    closing = forms.Closing(request.POST if act == "close" else None)
    handing = forms.HandingOver(patient, request.POST if act == "hand-over" else None)
    if request.method == "POST":
        if found.done_at is not None:
            messages.error(request, f"This task was closed before: {found.outcome}.")
            return redirect("patient_team", patient=patient.handle)
        if act == "close" and found.kind == Task.Kind.SIGN:
            messages.error(request, "It closes when it is signed.")
            return redirect("task", patient=patient.handle, task=found.pk)
        if act == "take":
            actions.hand_over(request.user, found, request.user)
            messages.success(request, "The task is yours.")
            return redirect("task", patient=patient.handle, task=found.pk)
        if closing.is_bound and closing.is_valid():
            actions.close(request.user, found, closing.cleaned_data["outcome"])
            messages.success(request, "Closed.")
            if request.POST.get("back") == "tasks":
                return redirect("tasks")
            return redirect("patient_team", patient=patient.handle)
        if handing.is_bound and handing.is_valid():
            actions.hand_over(request.user, found, handing.cleaned_data["owner"])
            messages.success(request, f"Handed over to {handing.cleaned_data['owner']}.")
            return redirect("patient_team", patient=patient.handle)
    shown = {
        "patient": patient, "tab": "patient_team", "task": found, "closing": closing, "handing": handing,
        "back": "tasks" if request.GET.get("from") == "tasks" else "", "place": _place(found),
    }  # fmt: skip
    return render(request, "team/task.html", shown, status=400 if closing.errors or handing.errors else 200)


_PLACES = {"decision": "decision", "booking": "checklist", "procedures": "response"}


def _place(task: Task) -> str:
    """Where what a task is about is done: the decision to sign, the booking, the procedure that was followed up."""
    what, _, key = task.about.partition(" ")
    try:
        return reverse(_PLACES[what], args=[task.patient.handle, key]) if what in _PLACES and key else ""
    except NoReverseMatch:
        return ""


@opens_patient(to=CARE, verb="team.form")
def join(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """Puts somebody into the care team."""
    _must_assign(request.user)
    form = forms.Joining(patient, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        records.join_team(request.user, patient, form.cleaned_data["member"])
        messages.success(request, f"{form.cleaned_data['member']} is in the care team.")
        return redirect("patient_team", patient=patient.handle)
    return _form(request, patient, form, "Who joins the care team?", "Put into the team")


@opens_patient(to=CARE, verb="team.form")
def leave(request: StaffRequest, patient: Patient, username: str) -> HttpResponseBase:
    """Takes somebody out of the care team; what they still have to do is handed over first."""
    member = get_object_or_404(Staff, username=username, patients__patient=patient)
    if member != request.user:
        _must_assign(request.user)
    held = Task.objects.filter(patient=patient, owner=member, done_at=None).count()
    if request.method == "POST":
        if held:
            messages.error(request, f"{member} has {held} open tasks here: hand them over first.")
            return redirect("patient_team", patient=patient.handle)
        records.leave_team(request.user, patient, member)
        if member == request.user:
            messages.success(request, "You are not in this care team any more.")
            return redirect("tasks")
        messages.success(request, f"{member} is not in the care team any more.")
        return redirect("patient_team", patient=patient.handle)
    shown = {"patient": patient, "tab": "patient_team", "member": member, "held": held}
    return render(request, "team/leave.html", shown)


def _must_assign(staff: Staff) -> None:
    if staff.role not in _ASSIGNS:
        raise PermissionDenied("Coordinators and the clinic lead put people into a care team.")


@opens_patient(to=CARE, verb="team.form")
def refer(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """A referral: to whom, what is asked, by when."""
    form = forms.Referring(clinic().zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = referrals.send(
            request.user, patient, said["kind"], said["to"], said["question"], said["due"], said["region"]
        )
        messages.success(request, "Referral recorded. If no answer comes by then, a coordinator is asked to call.")
        return redirect("team_referral", patient=patient.handle, referral=made.pk)
    return _form(request, patient, form, "Who is asked for what, by when?", "Record the referral")


@opens_patient(to=CARE, verb="team.form")
def referral(request: StaffRequest, patient: Patient, referral: int) -> HttpResponseBase:
    """One referral: booked, answered or withdrawn."""
    found = get_object_or_404(Referral.objects.select_related("patient", "sent_by"), patient=patient, pk=referral)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    answer = forms.answering(found)(found, _entry(found), request.POST if act == "answer" else None)
    booking = forms.Booking(request.POST if act == "book" else None)
    withdrawing = forms.Withdrawing(request.POST if act == "withdraw" else None)
    if act:
        seen = request.POST.get("seen", "")
        number = int(seen) if seen.isdigit() and len(seen) < 9 else -1
        try:
            done = _act(request, found, act, number, answer, booking, withdrawing)
        except (referrals.Stale, records.Stale):
            messages.error(request, "Somebody changed this referral in between; nothing was saved. Look at it again.")
            done = True
        if done:
            return redirect("team_referral", patient=patient.handle, referral=found.pk)
    shown = {
        "patient": patient, "tab": "patient_team", "referral": found, "title": referrals.title(found.kind),
        "answer": answer, "booking": booking, "withdrawing": withdrawing, "open": found.status in Referral.OPEN,
        "late": _is_late(found, today(clinic().zone)), "evaluation": referrals.evaluation_of(found.kind),
    }  # fmt: skip
    wrong = any(form.errors for form in (answer, booking, withdrawing))
    return render(request, "team/referral.html", shown, status=400 if wrong else 200)


def _entry(found: Referral) -> dict[str, Any]:
    """What of the answer is in the chart already; the first visit where that is all that is known."""
    section = "evaluations" if referrals.evaluation_of(found.kind) else "care"
    entry = Entry.objects.filter(patient=found.patient, section=section, key=found.entry, struck=False).first()
    if found.entry and entry is not None:
        return entry.fields
    return {"start": found.first_visit.isoformat()} if found.first_visit else {}


def _act(
    request: StaffRequest, found: Referral, act: str, seen: int, answer: forms.Answering, booking: forms.Booking,
    withdrawing: forms.Withdrawing,
) -> bool:  # fmt: skip
    """Does what was asked; False where the form has to be mended first."""
    if act == "answer" and answer.is_valid():
        body = answer.body()
        if answer.errors:
            return False
        told = answer.cleaned_data["answer"]
        if isinstance(answer, forms.Course):
            referrals.course(request.user, found, seen, body, told, next_by=answer.next_by)
        else:
            referrals.evaluation(request.user, found, seen, body, told)
        messages.success(request, "The answer is in the record.")
        return True
    if act == "book" and booking.is_valid():
        referrals.book(request.user, found, seen, booking.cleaned_data["first_visit"])
        messages.success(request, "The first visit is booked.")
        return True
    if act == "withdraw" and withdrawing.is_valid():
        referrals.withdraw(request.user, found, seen, withdrawing.cleaned_data["reason"])
        messages.success(request, "Withdrawn.")
        return True
    return False


def _form(request: StaffRequest, patient: Patient, form: Any, asks: str, act: str) -> HttpResponse:
    shown = {"patient": patient, "tab": "patient_team", "form": form, "asks": asks, "act": act}
    return render(request, "team/form.html", shown, status=400 if form.errors else 200)
