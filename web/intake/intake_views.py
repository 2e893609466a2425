"""The intake of a patient: what is still to ask, page by page, each saved on its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from clinic.clock import now
from intake import body
from intake.answering import Problem, Refused, save
from intake.models import Unsure
from intake.questions import group_of, steps, subjects
from intake.reviewed import LISTS, may_answer
from levamen.derive.body_map import marked
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.flags import packaged_flags
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.pathway.intake import IntakeSheet
from levamen.pathway.intake import intake as intake_of
from levamen.record.facts import Score
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL, Role
from records.actions import Stale
from records.facts import reading_of
from records.models import Entry, Patient
from records.words import TITLES, entry_words, title


@opens_patient(to=CARE, verb="intake.looked")
def intake(request: StaffRequest, patient: Patient) -> HttpResponse:
    """What is still to ask, what was tried, and when lists were last gone through."""
    at = now()
    record = reading_of(patient).record
    sheet = intake_of(record, at)
    pages = steps(sheet)
    seen = marked(record, at)
    ids = [area.id for area in seen.areas]
    red = next((row for row in sheet.answers if row.field.id == "red-flags"), None)
    shown = {
        "patient": patient, "tab": "intake", "steps": pages, "tried": tried_rows(sheet),
        "answered": sum(page.answered for page in pages), "of": sum(page.of for page in pages),
        "stale": sum(page.stale for page in pages),
        "first": next((page for page in pages if page.answered < page.of), None),
        "red_flags": red is not None and red.sentence is not None, "reviewed": reviewed_rows(record),
        "screening": [(capital(row.says), row.step) for row in sheet.screening], "picture": body.still(ids),
        "areas": body.in_words(ids), "goals": sheet.goals, "may_answer": may_answer(request.user),
        "may_review": Role(request.user.role) in CLINICAL, "measures": measures(record),
    }  # fmt: skip
    return render(request, "intake/intake.html", shown)


@opens_patient(to=CARE, verb="intake.looked")
def intake_group(request: StaffRequest, patient: Patient, group: str) -> HttpResponseBase:
    """One page of the form. What stands is shown and not asked again."""
    sheet = intake_of(reading_of(patient).record, now())
    found = group_of(sheet, group)
    if found is None:
        raise Http404("The intake form has no such page.")
    entries = list(Entry.objects.filter(patient=patient, struck=False))
    unsure = Unsure.objects.filter(patient=patient).select_related("by")
    asked = subjects(sheet, group, unsure, {row.key: row.section for row in entries})
    problems: tuple[Problem, ...] = ()
    stale: Entry | None = None
    if request.method == "POST":
        if not may_answer(request.user):
            raise PermissionDenied("The intake is asked by physicians, nurses and coordinators.")
        questions = [question for subject in asked for question in subject.open]
        try:
            count = save(request.user, patient, questions, request.POST)
        except Refused as refused:
            problems = refused.problems
        except Stale as changed:
            stale = changed.entry
        else:
            messages.success(
                request, f"Saved: {count} answer{'' if count == 1 else 's'}." if count else "Nothing was answered yet."
            )
            after = _next(sheet, group) if "next" in request.POST else None
            if after is None:
                return redirect("intake", patient=patient.handle)
            return redirect("intake_group", patient=patient.handle, group=after)
    pages = steps(sheet)
    place = next((number for number, page in enumerate(pages, start=1) if page.id == group), 0)
    held = [row for row in entries if row.section in ("pain", "care", "goals", "person", "medications")]
    shown = {
        "patient": patient, "tab": "intake", "group": found, "subjects": asked, "problems": problems, "stale": stale,
        "stale_words": entry_words(stale) if stale else "", "place": place, "of": len(pages), "seen": held,
        "said": _typed(request), "rows": body.rows() if group == "where" else (),
        "may_answer": may_answer(request.user),
        "picture": body.picture(request.POST.getlist(_areas(asked))) if group == "where" else "",
        "medicines": medicines(entries) if group == "medicines" else None, "lists": _lists(group),
        "may_write": Role(request.user.role) in CLINICAL,
        "signs": [(capital(flag.title), flag.asks) for flag in packaged_flags() if flag.asked_by == "red-flags"],
    }  # fmt: skip
    status = 409 if stale is not None else 400 if problems else 200
    return render(request, "intake/group.html", shown, status=status)


def _typed(request: StaffRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST} if request.method == "POST" else {}


def _areas(asked: Any) -> str:
    return next((one.name for subject in asked for one in subject.open if one.asked == "areas"), "")


def _next(sheet: IntakeSheet, group: str) -> str | None:
    ids = [page.id for page in steps(sheet)]
    place = ids.index(group) + 1 if group in ids else len(ids)
    return ids[place] if place < len(ids) else None


def _lists(group: str) -> tuple[tuple[str, str], ...]:
    wanted = {"medicines": ("medications",), "safety": ("allergies", "devices")}.get(group, ())
    return tuple((id, TITLES[id]) for id in wanted)


def medicines(entries: list[Entry]) -> list[tuple[Entry, str]]:
    """The medicines that are taken, or may be."""
    rows = [row for row in entries if row.section == "medications" and not row.fields.get("end")]
    return [(row, entry_words(row)) for row in rows]


def tried_rows(sheet: IntakeSheet) -> list[dict[str, str]]:
    """What was tried, with dates and what came of it; what is not recorded is said to be."""
    found = []
    for row in sheet.tried.rows:
        name = title(row.therapy) if row.therapy else row.written or "Not named"
        place = " ".join(part for part in (title(row.region) if row.region else "", row.side or "") if part)
        until = "going on" if row.going_on else f"to {dates_in_words(str(row.end))}" if row.end else ""
        when = " ".join(
            part for part in (dates_in_words(str(row.start)) if row.start else "no date recorded", until) if part
        )
        result = row.response or row.helped
        if row.best is not None:
            result = f"{row.best} % relief at best"
        amount = ", ".join(part for part in (row.dose, f"{row.sessions} visits" if row.sessions else "") if part)
        found.append(
            {
                "what": f"{name}{f', {place.lower()}' if place else ''}",
                "when": when,
                "amount": amount,
                "result": capital(result.replace("-", " ")) if result else "",
            }
        )
    return found


def measures(record: Any) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Measures that were given, with their latest day; and those that were not, to choose from."""
    given: dict[str, Any] = {}
    for fact in record.facts:
        if isinstance(fact, Score) and fact.date is not None and fact.instrument in instrument_ids():
            last = given.get(fact.instrument)
            given[fact.instrument] = fact.date if last is None or fact.date.first > last.first else last
    rows = [(id, capital(instrument(id).title)) for id in instrument_ids()]
    days = {id: dates_in_words(str(day).partition("T")[0]) for id, day in given.items()}
    return (
        [(id, title, days[id]) for id, title in rows if id in days],
        [(id, title) for id, title in rows if id not in days],
    )


def reviewed_rows(record: Any) -> list[tuple[str, str, str]]:
    """Each list with the day on which it was last gone through, and by whom."""
    found = []
    for section in LISTS:
        rows = [row for row in record.completeness if row.kind == section and row.reviewed is not None]
        last = max(rows, key=lambda row: row.reviewed.first, default=None)
        said = f"{dates_in_words(str(last.reviewed).partition('T')[0])}" if last else ""
        found.append((section, TITLES[section], f"{said}, {last.author}" if last and last.author else said))
    return found
