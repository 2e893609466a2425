"""A medicine that is not taken any more: one click, from today on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from administration.models import clinic
from clinic.clock import today
from intake.reviewed import back
from levamen.adapters.chart_entries import read_entry
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.actions import Stale, change
from records.models import Entry, Patient
from records.words import entry_words


@opens_patient(to=CLINICAL, verb="entry.form")
def stopped(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Ends a medicine today. Its earlier versions are kept; one that has ended stays as it is."""
    held = get_object_or_404(Entry, patient=patient, section="medications", key=key, struck=False)
    if request.method != "POST":
        return redirect("entry", patient=patient.handle, section="medications", key=key)
    seen = request.POST.get("seen", "")
    said = {**held.fields, "end": today(clinic().zone).isoformat()}
    reading = read_entry("medications", said, patient.zone, key=key)
    if held.fields.get("end"):
        messages.success(request, f"{entry_words(held)}: it had ended already.")
    elif reading.problems:
        messages.error(request, f"Not ended: {reading.problems[0].says}. Change the entry instead.")
    else:
        try:
            change(
                request.user, patient, "medications", key, reading.body, reason="Not taken any more",
                seen=int(seen) if seen.isdigit() and len(seen) < 9 else -1,
            )  # fmt: skip
        except Stale:
            messages.error(request, "Somebody changed this medicine in between. Look at it again.")
        else:
            messages.success(request, f"{entry_words(held)}: ended today. The earlier version is kept.")
    return back(request, patient)
