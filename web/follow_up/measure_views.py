"""The page of a visit's measures."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from follow_up import measures
from follow_up.reading import case_of
from follow_up.scripts import scale_of
from levamen.knowledge.response_tables import packaged_response
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL
from records.models import Patient

QUESTIONS = (
    ("trouble", "Did anything trouble you since the procedure?"),
    ("medicines", "Is the list of medicines as it stands now?"),
    ("work", "Are you back at work since the procedure?"),
)


@opens_patient(to=CLINICAL, verb="measures.looked")
def measure(request: StaffRequest, patient: Patient, key: str, visit: str) -> HttpResponseBase:
    """What is measured at a visit, scored as it is entered. What is blank was not asked."""
    found = next((row for row in packaged_response().visits if row.id == visit), None)
    if found is None:
        raise Http404("There is no such visit.")
    case = case_of(patient, key)
    entered = measures.read(case, request.POST)
    forms = measures.forms(case, request.POST, entered)
    if request.method == "POST" and request.POST.get("action") == "score":
        return render(request, "follow_up/scored.html", {"forms": forms})
    if request.method == "POST" and not entered.problems:
        made = measures.save(request.user, case, entered)
        if made:
            messages.success(request, "Saved. What it says of the procedure stands below.")
            if entered.asked.get("trouble") == "yes":
                return redirect("complication", patient=patient.handle, key=key)
            return redirect("response", patient=patient.handle, key=key)
        messages.warning(request, "Nothing new was entered, and nothing was saved.")
    return _page(request, patient, found.says.says, key, forms, entered)


def _page(
    request: StaffRequest, patient: Patient, visit: str, key: str, forms: list[measures.Form], entered: measures.Entered
) -> HttpResponse:
    case = case_of(patient, key)
    scale = scale_of(case.record, case.procedure)
    shown = {
        "patient": patient, "tab": "follow_up", "case": case, "visit": visit, "forms": forms, "scale": scale,
        "scale_title": codes.title(scale.id),
        "points": [str(value) for value in range(scale.most + 1)] if scale.most <= 10 else [],
        "pain": request.POST.get("pain", ""), "day": request.POST.get("day", case.as_of.date().isoformat()),
        "today": case.as_of.date().isoformat(), "problems": entered.problems if request.method == "POST" else {},
        "questions": [(name, ask, entered.asked.get(name, "")) for name, ask in QUESTIONS],
    }  # fmt: skip
    return render(request, "follow_up/measures.html", shown, status=400 if shown["problems"] else 200)
