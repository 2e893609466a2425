"""The diary of a block: the curve, each authority's category side by side, and answers typed for phone or paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe

from follow_up import diary as diaries
from follow_up import words
from follow_up.reading import Case, case_of
from follow_up.scripts import scale_of
from follow_up.views import judged
from levamen.derive.periods import number, shown
from levamen.emit.pictures.curve import diary_svg, diary_table
from levamen.emit.words import capital
from levamen.outcomes.diagnostic_block import BlockResult
from levamen.record import codes
from people.access import StaffRequest, opens_patient
from people.roles import CARE, CLINICAL, Role
from records.models import Patient

_FREE = 3
"""Empty lines for times that the schedule does not have."""


@opens_patient(to=CARE, verb="diary.looked")
def diary(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """Was the block positive, and under whose rule?"""
    case = case_of(patient, key)
    scale = scale_of(case.record, case.procedure)
    if request.method != "POST":
        return _page(request, case, {})
    if Role(request.user.role) not in CLINICAL:
        return _page(request, case, {"way": "Physicians and nurses write into the diary."})
    sent = diaries.read(case, scale, request.POST)
    if sent.problems:
        return _page(request, case, sent.problems)
    made = diaries.write(request.user, case, sent.rows)
    messages.success(request, f"Saved: {made} answers." if made else "All of it was written down already.")
    return redirect("block_diary", patient=patient.handle, key=key)


def _page(request: StaffRequest, case: Case, problems: dict[str, str]) -> HttpResponse:
    one = judged(case)
    if one.block is None:
        raise Http404("No diary is kept for this procedure.")
    found = diaries.hours(case)
    start = diaries.start_of(case)
    drawn = diaries.picture(case, one, found)
    scale = scale_of(case.record, case.procedure)
    early = diaries.asked_too_little(case, found)
    count = diaries.answers_after(found, start)
    rules, levels = words.rules(one), [words.line(row) for row in one.levels]
    shown_: dict[str, Any] = {
        "patient": case.patient, "tab": "follow_up", "case": case, "hours": found, "count": count, "early": early,
        "closes": diaries.closes(case), "says": words.first_sentence(one), "rules": rules,
        "levels": levels, "at_levels": _at_levels(one.block),
        "area": number(one.block.area) if one.block.area is not None else "",
        "findings": [(capital(row.reason), row.says, words.origins(row.cites)) for row in one.block.findings],
        "svg": _svg(drawn) if drawn is not None else "", "table": diary_table(drawn) if drawn is not None else None,
        "lines": _lines(request, case, found), "problems": problems, "scale": scale, "ways": diaries.WAYS,
        "scale_title": codes.title(scale.id), "before": request.POST.get("before", ""),
        "way": request.POST.get("way", ""),
        "may_write": Role(request.user.role) in CLINICAL,
        "conflicts": [words.plain(str(one)) for one in diaries.conflicts(case)],
        "next_steps": [words.plain(step) for step in one.next_steps],
    }  # fmt: skip
    return render(request, "follow_up/diary.html", shown_, status=400 if problems else 200)


def _svg(drawn: Any) -> SafeString:
    return mark_safe(diary_svg(drawn))  # noqa: S308 - drawn by the library, which escapes every text of it


def _at_levels(block: BlockResult) -> list[tuple[str, str, str]]:
    return [
        (
            f"{at.level.amount} % or more",
            f"{shown(at.hours)} h" if at.hours is not None else "Hours not known",
            capital(f"{at.concordance.fits}: {at.concordance.reason}"),
        )
        for at in block.levels
    ]


def _lines(request: StaffRequest, case: Case, found: list[diaries.Hour]) -> list[dict[str, str]]:
    """What can be typed: the times that are still without an answer, then free ones."""
    open_ = [
        hour.at.astimezone(case.as_of.tzinfo).strftime("%Y-%m-%dT%H:%M")
        for hour in found
        if not hour.value and not hour.future
    ]
    times = [*open_, *([""] * _FREE)][:12]
    rows = []
    for number_, at in enumerate(times):
        held = request.POST.get(f"at.{number_}", at)
        rows.append(
            {"number": str(number_), "at": held, "pain": request.POST.get(f"pain.{number_}", ""),
             "moved": request.POST.get(f"moved.{number_}", "")}
        )  # fmt: skip
    return rows
