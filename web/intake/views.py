"""Referrals: the list that waits, a new one (typed or from a file), triage, and the letter back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from administration.models import clinic
from clinic.clock import now
from intake import actions
from intake.balance import balance_view, view_of
from intake.forms import DecisionForm, FileForm, ReferralForm, WhoForm
from intake.identities import unfiled
from intake.letters import bundle, letter_text
from intake.look import Look, look, looks
from intake.models import Referral, Upload
from intake.reviewed import may_answer
from intake.signs import signs_of
from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.emit.words import capital
from levamen.record.facts import Document
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, may_open, opens, opens_patient
from people.models import Staff
from people.roles import CARE, PHYSICIANS, Role
from records.actions import Identity
from records.facts import reading_of
from records.models import Patient
from records.views import open_patients

_ROWS = 25


@opens(to=CARE, verb="patients.listed")
def referrals(request: StaffRequest) -> HttpResponse:
    """Which referrals wait for a decision, those that cannot wait first; and the latest that were decided."""
    mine = open_patients(request.user)
    waiting = list(
        Referral.objects.filter(decision="", patient__in=mine).select_related("patient", "triager").order_by("received")
    )
    found = looks(row.patient for row in waiting)
    rows = sorted(((row, found[row.patient_id]) for row in waiting), key=lambda pair: (pair[1].rank, pair[0].received))
    decided = (
        Referral.objects.filter(patient__in=mine).exclude(decision="").select_related("patient", "decided_by")
    ).order_by("-decided_at")[:_ROWS]
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    shown = {
        "page": page, "decided": decided, "here": "referrals",
        "at_once": sum(seen.at_once for _, seen in rows), "firing": sum(bool(seen.firing) for _, seen in rows),
    }  # fmt: skip
    return render(request, "intake/referrals.html", shown)


@opens(to=CARE, verb="referral.form")
def new_referral(request: StaffRequest) -> HttpResponseBase:
    """A referral that is typed, or the file it comes with."""
    if request.method != "POST":
        return _new(request, WhoForm(), ReferralForm())
    who, asked = WhoForm(request.POST), ReferralForm(request.POST)
    if not (who.is_valid() & asked.is_valid()):
        return _new(request, who, asked, status=400)
    return _write(request, who, asked, None, None)


@opens(to=CARE, verb="referral.form")
def referral_file(request: StaffRequest) -> HttpResponseBase:
    """A file to look at. If it cannot be used, one sentence says why and nothing is kept."""
    if request.method != "POST":
        return redirect("new_referral")
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            read_any(data, "the file")
        except UnusableInput as error:
            form.add_error("file", f"{capital(str(error)).rstrip('.')}. Nothing was kept.")
        else:
            return redirect("referral_from_file", upload=actions.stage(request.user, data).handle)
    return _new(request, WhoForm(), ReferralForm(), file=form, status=400)


@opens(to=CARE, verb="referral.form")
def referral_from_file(request: StaffRequest, upload: str) -> HttpResponseBase:
    """What becomes of every item of the file, who the patient is, and what is asked: nothing is kept before that."""
    held = Upload.objects.filter(handle=upload, by=request.user).first()
    if held is None:
        raise Http404("This file was kept already, or was left.")
    if request.method == "POST" and "leave" in request.POST:
        actions.leave(request.user, held)
        messages.success(request, "The file was left. Nothing of it was kept.")
        return redirect("new_referral")
    reading = read_any(bytes(held.data), "the file")
    said = unfiled(reading.identity, reading.record)
    if request.method != "POST":
        return _from_file(request, held, reading, WhoForm(initial=said, filed=True), ReferralForm(filed=True))
    who, asked = WhoForm(request.POST, filed=True), ReferralForm(request.POST, filed=True)
    if not (who.is_valid() & asked.is_valid()):
        return _from_file(request, held, reading, who, asked, status=400)
    return _write(request, who, asked, held, reading)


def _write(
    request: StaffRequest, who: WhoForm, asked: ReferralForm, held: Upload | None, reading: Reading | None
) -> HttpResponseBase:
    said, wanted = who.cleaned_data, asked.cleaned_data
    alike = alike_to(said)
    chosen = request.POST.get("same", "")
    same = next((one for one in alike if one.handle == chosen), None)
    problem = ""
    if alike and same is None and (chosen != "another" or any(one.mrn == said["mrn"] for one in alike)):
        taken = any(one.mrn == said["mrn"] for one in alike)
        problem = (
            "This record number is taken. Say that it is the same person, or correct the number."
            if taken
            else "Somebody here is called this and was born on this day. Say whether it is the same person."
        )
    elif same is not None and not may_open(request.user, same):
        problem = "This record is of another care team. Open it with a reason first, then write the referral down."
    if problem:
        more: dict[str, Any] = {"alike": alike, "problem": problem, "chosen": chosen}
        if held is not None and reading is not None:
            return _from_file(request, held, reading, who, asked, status=409, **more)
        return _new(request, who, asked, status=409, **more)
    extra = unfiled(reading.identity, reading.record) if reading is not None else {}
    identity = Identity(
        **{name: said[name] for name in ("family", "given", "mrn", "phone", "language")},
        **{name: extra.get(name, "") for name in ("email", "address", "contact", "mrn_system")},
    )
    try:
        made = actions.refer(
            request.user, same, identity, sender=wanted["sender"], reason=wanted["reason"],
            urgency=wanted["urgency"], triager=wanted["triager"], red_flags=wanted["red_flags"], upload=held,
            person={name: said[name] for name in ("birth_date", "sex", "language")},
            payer={"kind": said.get("payer_kind", ""), "plan": said.get("payer_plan", "")},
            letter={"text": wanted.get("text", "")} | ({"date": wanted["dated"]} if wanted.get("dated") else {}),
        )  # fmt: skip
    except Upload.DoesNotExist:
        messages.error(request, "This file was kept already: nothing was written twice.")
        return redirect("referrals")
    messages.success(request, f"Written down. {made.triager} decides on it.")
    return redirect("referral", patient=made.patient.handle, number=made.pk)


def alike_to(said: dict[str, Any]) -> list[Patient]:
    """Who of the clinic may be the same person: the same record number, or the same name and birth date."""
    squeezed = said["mrn"].replace(" ", "").casefold()
    by_number = [
        one for one in Patient.objects.filter(searched__endswith=squeezed)[:20]
        if one.mrn.replace(" ", "").casefold() == squeezed
    ]  # fmt: skip
    by_name = Patient.objects.filter(
        family__iexact=said["family"], given__iexact=said["given"], birth_date=said["birth_date"]
    )[:20]
    return list({one.pk: one for one in (*by_number, *by_name)}.values())


def _new(
    request: StaffRequest, who: WhoForm, asked: ReferralForm, *, file: FileForm | None = None, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    shown = {"who": who, "asked": asked, "file": file or FileForm(), "here": "referrals", **more}
    return render(request, "intake/new.html", shown, status=status)


def _from_file(
    request: StaffRequest, held: Upload, reading: Reading, who: WhoForm, asked: ReferralForm, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    if "alike" not in more and not who.is_bound:
        said = {name: who.initial.get(name, "") for name in ("family", "given", "mrn", "birth_date")}
        more["alike"] = alike_to(said) if said["family"] or said["mrn"] else []
    shown = {
        "who": who, "asked": asked, "held": held, "balance": balance_view(reading.balance), "here": "referrals", **more
    }  # fmt: skip
    return render(request, "intake/from_file.html", shown, status=status)


@opens_patient(to=CARE, verb="referral.looked")
def referral(request: StaffRequest, patient: Patient, number: int) -> HttpResponseBase:
    """One referral: warning signs, what the letter lacks, and the decision with its letter back."""
    held = get_object_or_404(
        Referral.objects.select_related("triager", "made_by", "decided_by"), patient=patient, pk=number
    )
    may_decide = held.waits and Role(request.user.role) in PHYSICIANS
    form = DecisionForm(request.POST or None, patient=patient) if may_decide or request.method == "POST" else None
    record = reading_of(patient).record
    seen = look(record, now())
    status = 200
    if request.method == "POST" and form is not None:
        if Role(request.user.role) not in PHYSICIANS:
            raise PermissionDenied("A physician or the clinic lead decides on a referral.")
        if form.is_valid():
            return _decided(request, held, form, seen)
        status = 400
    zone = clinic().zone
    shown = {
        "patient": patient, "tab": "", "here": "referrals", "referral": held, "look": seen, "form": form,
        "signs": signs_of((*seen.firing, *seen.doubtful), zone), "noted": signs_of(seen.noted, zone),
        "unasked": signs_of(seen.unasked, zone), "may_ask": may_answer(request.user),
        "balance": None if held.items is None else view_of(
            held.items, held.accepted or 0, held.ignored or 0, held.rejected or 0, [tuple(row) for row in held.issues]
        ),
        "may_decide": may_decide,
        "letters": [
            fact.text for fact in record.facts if isinstance(fact, Document) and fact.kind == "referral-letter"
        ],
    }  # fmt: skip
    return render(request, "intake/referral.html", shown, status=status)


def _decided(request: StaffRequest, held: Referral, form: DecisionForm, seen: Look) -> HttpResponseBase:
    said = form.cleaned_data
    asks = {f"{row.field.id} {row.about or ''}".strip(): row for group in seen.lacking for row in group.open}
    lacks = [
        f"{asks[id].field.ask}{f' ({asks[id].about_title})' if asks[id].about_title else ''}?"
        for id in request.POST.getlist("lacks")
        if id in asks
    ]
    team: list[Staff] = [] if said["decision"] == Referral.Decision.RETURN else form.team
    try:
        actions.decide(
            request.user, held, said["decision"], note=said["note"], questions=[*lacks, *said["asked"]], team=team,
            next_step=said["next_step"], next_by=said["next_by"],
        )  # fmt: skip
    except actions.Decided as quicker:
        messages.error(request, f"{quicker.referral.decided_by} decided on it in between. Yours was not written.")
        return redirect("referral", patient=held.patient.handle, number=held.pk)
    messages.success(request, "Decided. The letter back is ready.")
    return redirect("referral_letter", patient=held.patient.handle, number=held.pk)


@opens_patient(to=CARE, verb="letter.looked")
def referral_letter(request: StaffRequest, patient: Patient, number: int) -> HttpResponse:
    """The letter back as it was made when the decision was made: to print, or as plain text to send."""
    held = get_object_or_404(Referral, patient=patient, pk=number)
    if held.letter is None:
        raise Http404("Nobody has decided on this referral yet: there is no letter.")
    if "text" in request.GET:
        response = HttpResponse(letter_text(held), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="letter-{held.pk}.txt"'
        return response
    shown = {"patient": patient, "tab": "", "here": "referrals", "referral": held, "letter": held.letter}
    return render(request, "intake/letter.html", shown)


@opens_patient(to=CARE, verb="record.exported")
def record_fhir(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The record with name and address as a FHIR bundle, which reads as the same record."""
    response = HttpResponse(bundle(patient), content_type="application/fhir+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-{patient.pk}.json"'
    return response
