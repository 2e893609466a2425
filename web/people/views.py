"""Opening a record from outside its care team."""

from __future__ import annotations

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from people.access import StaffRequest, may_open, opens_patient
from people.roles import CARE
from records import actions
from records.models import Patient


class Reason(forms.Form):
    """Why a record is opened from outside its team."""

    reason = forms.CharField(
        label="Why do you open this record?", min_length=10, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="At least a few words: what is needed for whom, today.",
    )  # fmt: skip


@opens_patient(to=CARE, verb="closed.looked", beyond_team=True)
def break_glass(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    """Asks for the reason, then opens the record. The page shows nothing of the patient."""
    if may_open(request.user, patient):
        return redirect("record", patient=patient.handle)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.break_glass(request.user, patient, form.cleaned_data["reason"])
        return redirect("record", patient=patient.handle)
    return render(request, "people/break_glass.html", {"form": form})
