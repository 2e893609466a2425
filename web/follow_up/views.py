"""What follows: for each procedure whether it helped, what is due, and what comes next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from people.access import StaffRequest, opens_patient
from people.roles import CARE
from records.models import Patient


@opens_patient(to=CARE, verb="follow-up.looked")
def follow_up(request: StaffRequest, patient: Patient) -> HttpResponse:
    """The tab."""
    return render(request, "follow_up/follow_up.html", {"patient": patient, "tab": "follow_up"})
