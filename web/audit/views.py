"""Who saw and changed what, as sentences; the same as a table file; and whether the chain holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from administration.models import clinic
from audit.chain import append, moment, verify
from audit.models import Event
from audit.sentences import sentence
from people.access import StaffRequest, opens, opens_patient
from people.models import Staff
from people.roles import CARE, WATCHERS
from records.models import Patient

_ROWS = 50
_MOST = 100_000
"""At most so many events in one file; a longer span is asked for in parts."""
_SOUGHT = ("patient", "who", "from", "to", "about")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@opens(to=WATCHERS, verb="audit.read")
def events(request: StaffRequest) -> HttpResponseBase:
    """The last events first. What is looked for is sent as a form, so that no name stands in an address."""
    said = {
        name: " ".join(request.POST.get(name, "").split())[:80] for name in ("patient", "who", "from", "to", "about")
    }
    rows, problem = _sought(said)
    if request.method == "POST" and request.POST.get("do") == "export" and not problem:
        return _file(request.user, rows)
    checked = verify() if request.POST.get("do") == "verify" else None
    more = {"here": "audit", "said": said, "problem": problem, "checked": checked, "sought": any(said.values())}
    return _listed(request, rows, "audit/events.html", more)


def _sought(said: dict[str, str]) -> tuple[QuerySet[Event], str]:
    """The events asked for, and what is wrong with the question."""
    rows = Event.objects.all()
    zone = clinic().zone
    for name, first in (("from", True), ("to", False)):
        if not said[name]:
            continue
        try:
            day = date.fromisoformat(said[name])
        except ValueError:
            return rows, f"{said[name]} is no day; write it as 2026-03-09."
        if not 1900 < day.year < 2200:
            return rows, f"{said[name]} is no day of this clinic."
        start = datetime.combine(day if first else day + timedelta(days=1), time(), zone)
        rows = rows.filter(at__gte=start) if first else rows.filter(at__lt=start)
    for word in said["patient"].casefold().split():
        rows = rows.filter(patient__searched__contains=word)
    if said["who"]:
        rows = rows.filter(who__in=Staff.objects.filter(name__icontains=said["who"]))
    if said["about"]:
        rows = rows.filter(about__icontains=said["about"])
    return rows, ""


@opens_patient(to=CARE | WATCHERS, verb="audit.looked", beyond_team=True)
def who_looked(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Who looked at one patient's record, and changed it."""
    rows = Event.objects.filter(patient=patient)
    return _listed(request, rows, "audit/who_looked.html", {"patient": patient, "tab": "looked"})


def _listed(request: StaffRequest, rows: QuerySet[Event], template: str, more: dict[str, Any]) -> HttpResponse:
    ordered = rows.select_related("who", "patient").order_by("-number")
    page = Paginator(ordered, _ROWS).get_page(request.POST.get("page") or request.GET.get("page"))
    said = [(event, sentence(event)) for event in page]
    return render(request, template, {"rows": said, "page": page, **more})


def _file(staff: Staff, rows: QuerySet[Event]) -> StreamingHttpResponse:
    """The events as a table file, oldest first; writing it is an event itself."""
    with transaction.atomic():
        append(staff, verb="audit.exported")
    ordered = rows.select_related("who", "patient").order_by("number")[:_MOST]
    answer = StreamingHttpResponse(_lines(ordered), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: QuerySet[Event]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield str(writer.writerow(("number", "at", "what", "role", "patient", "detail", "previous", "hash")))
    for event in rows.iterator(chunk_size=2000):
        mrn = event.patient.mrn if event.patient else ""
        cells = (
            event.number, moment(event.at), sentence(event), event.role, mrn, event.detail, event.previous, event.hash,
        )  # fmt: skip
        yield str(writer.writerow([harmless(cell) for cell in cells]))


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
