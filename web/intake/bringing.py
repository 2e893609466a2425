"""A file for a record that is here already: looked at first, whose it is made sure of, then kept or left."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from intake import actions
from intake.balance import BalanceView, balance_view
from intake.forms import FileForm
from intake.identities import unfiled
from intake.models import Upload
from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.emit.words import capital
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.models import Patient


@opens_patient(to=CLINICAL, verb="entry.form")
def bring_file(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """What becomes of each item of a file before it is kept. One that speaks of somebody else needs a word more."""
    form, held, status = FileForm(), None, 200
    if request.method == "POST" and "upload" in request.POST:
        held = Upload.objects.filter(handle=request.POST["upload"], by=request.user).first()
        if held is None:
            messages.error(request, "This file was kept already, or was left: nothing was written twice.")
            return redirect("record", patient=patient.handle)
        if "leave" in request.POST:
            actions.leave(request.user, held)
            messages.success(request, "The file was left. Nothing of it was kept.")
            return redirect("record", patient=patient.handle)
        if not differs(patient, _read(held)) or request.POST.get("sure"):
            balance = actions.keep(request.user, patient, held)
            messages.success(request, f"Kept: {balance.accepted} of {balance.items} items.")
            return redirect("record", patient=patient.handle)
        status = 409
    elif request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        status = 400
        if form.is_valid():
            data = form.cleaned_data["file"].read()
            try:
                read_any(data, "the file")
            except UnusableInput as error:
                form.add_error("file", f"{capital(str(error)).rstrip('.')}. Nothing was kept.")
            else:
                held, status = actions.stage(request.user, data), 200
    seen: tuple[BalanceView | None, list[str]] = (None, [])
    if held is not None:
        reading = _read(held)
        seen = balance_view(reading.balance), differs(patient, reading)
    shown = {
        "patient": patient, "tab": "record", "form": form, "held": held, "balance": seen[0], "differs": seen[1],
        "unsure": status == 409,
    }  # fmt: skip
    return render(request, "intake/bring.html", shown, status=status)


def _read(held: Upload) -> Reading:
    return read_any(bytes(held.data), "the file")


def differs(patient: Patient, reading: Reading) -> list[str]:
    """In what a file speaks of somebody else than this patient; nothing where it does not say."""
    said = unfiled(reading.identity, reading.record)
    here = {
        "family": ("family name", patient.family), "given": ("given names", patient.given),
        "mrn": ("record number", patient.mrn), "birth_date": ("birth date", patient.birth_date),
        "sex": ("sex", patient.sex),
    }  # fmt: skip
    return [
        f"{words}: {said[name]} in the file, {known} here"
        for name, (words, known) in here.items()
        if said.get(name) and known and _plain(said[name]) != _plain(known)
    ]


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
