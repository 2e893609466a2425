"""The diary of a block."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from follow_up.reading import case_of
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.models import Patient


@opens_patient(to=CLINICAL, verb="diary.looked")
def diary(request: StaffRequest, patient: Patient, key: str) -> HttpResponse:
    """The diary."""
    return render(request, "follow_up/diary.html", {"patient": patient, "case": case_of(patient, key)})
