"""A complication after a procedure, with how it was found: asked for, told unasked, or read in a record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from clinic.clock import now
from follow_up.call_form import event_choices, severity_choices
from follow_up.dues import renew
from follow_up.learning import Happening, write_event
from follow_up.reading import Case, case_of
from levamen.emit.words import capital
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.models import Patient


class Complication(forms.Form):
    """What happened."""

    kind = forms.ChoiceField(label="What happened")
    found = forms.ChoiceField(label="How it was found", widget=forms.RadioSelect)
    severity = forms.ChoiceField(label="How bad", required=False)
    day = forms.DateField(
        label="Day it began", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day."},
    )  # fmt: skip
    note = forms.CharField(label="In a few words", required=False, max_length=600)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        choices: dict[str, list[tuple[str, str]]] = {
            "kind": [("", "Choose"), *event_choices()],
            "severity": [("", "Not said"), *severity_choices()],
            "found": [(id, capital(codes.label("ascertainments", id))) for id in codes.ids("ascertainments")],
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as it is declared above
            field.choices = rows

    def clean_day(self) -> date | None:
        found: date | None = self.cleaned_data["day"]
        start = self.case.procedure.start
        if found is not None and (found > self.case.as_of.date() or (start is not None and found < start.first)):
            raise forms.ValidationError("It lies between the procedure and today.")
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("kind") == "other" and not said.get("note"):
            self.add_error("note", "Write in a few words what it was.")
        return said


@opens_patient(to=CLINICAL, verb="complication.looked")
def complication(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Writes a complication into the record."""
    case = case_of(patient, key)
    form = Complication(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        happening = Happening(
            kind=said["kind"], severity=said["severity"], note=said["note"],
            date=said["day"].isoformat() if said["day"] else "",
        )  # fmt: skip
        with transaction.atomic():
            write_event(request.user, patient, key, happening, now(), asked=said["found"] == "asked", how=said["found"])
            renew(patient)
        messages.success(
            request, f"Saved: {codes.title(said['kind'])}, {codes.label('ascertainments', said['found'])}."
        )
        return redirect("follow_up", patient=patient.handle)
    shown = {"patient": patient, "tab": "follow_up", "case": case, "form": form}
    return render(request, "follow_up/complication.html", shown, status=400 if form.is_bound else 200)
