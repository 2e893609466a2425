"""The preparation call, a day or so before: what is asked, and recording what was said. Not asked stays not asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect

from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from procedures import plan_actions
from procedures.models import Booking
from procedures.plans import standing
from procedures.typed import line
from records.models import Patient

_YES_NO = (("yes", "Yes"), ("no", "No"), ("not asked", "Not asked"))
PREPARATION = (
    ("driver", "Somebody takes them home?", _YES_NO),
    ("new_medicines", "A new medicine since the plan?", _YES_NO),
    ("infection", "Fever, infection or antibiotics?", _YES_NO),
    ("last_dose", "Last dose as planned?", (*_YES_NO[:2], ("nothing held", "Nothing is held"), _YES_NO[2])),
)


@opens_patient(to=CLINICAL, verb="plan.looked")
def prepare(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Records the call. What was not asked is not written down as an answer."""
    booking = standing(Booking.objects.filter(patient=patient, request_key=key).select_related("operator"))
    if request.method == "POST" and booking is not None and request.POST.get("booking") == str(booking.pk):
        said = {
            name: request.POST[name]
            for name, _, choices in PREPARATION
            if request.POST.get(name) in {value for value, _ in choices} - {"not asked"}
        }
        note = line(request.POST.get("note"), 300)
        if note:
            said["note"] = note
        if said:
            plan_actions.prepare(request.user, booking, said)
            messages.success(request, "The call is recorded.")
        else:
            messages.error(request, "Nothing was asked, so no call was recorded.")
    elif request.method == "POST":
        messages.error(request, "The slot was changed in between. Nothing was recorded.")
    return redirect("plan", patient=patient.handle, key=key)
