"""Who saw and changed what, as sentences."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from audit.models import Event
from audit.sentences import sentence
from people.access import StaffRequest, opens, opens_patient
from people.roles import CARE, WATCHERS
from records.models import Patient

_ROWS = 50


@opens(to=WATCHERS, verb="audit.read")
def events(request: StaffRequest) -> HttpResponse:
    """The last events first."""
    return _listed(request, Event.objects.all(), "audit/events.html", {"here": "audit"})


@opens_patient(to=CARE | WATCHERS, verb="audit.looked", beyond_team=True)
def who_looked(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Who looked at one patient's record, and changed it."""
    return _listed(
        request, Event.objects.filter(patient=patient), "audit/who_looked.html", {"patient": patient, "tab": "looked"}
    )


def _listed(request: StaffRequest, rows: QuerySet[Event], template: str, more: dict[str, object]) -> HttpResponse:
    ordered = rows.select_related("who", "patient").order_by("-number")
    page = Paginator(ordered, _ROWS).get_page(request.GET.get("page"))
    said = [(event, sentence(event)) for event in page]
    return render(request, template, {"rows": said, "page": page, **more})
