"""The clinic's own results: do our procedures work, for whom, for how long?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from administration.models import clinic
from clinic.clock import today
from levamen.emit.results_words import half_words, harm_words, headline, month_words, procedure_words
from people.access import StaffRequest, opens
from people.models import Staff
from people.roles import PHYSICIANS, WATCHERS, Role
from results import asked, page, working
from results.actions import call_these
from results.asked import PERIODS

READERS = PHYSICIANS | WATCHERS
"""Physicians see their own, the clinic lead all and each, administrator and auditor all together."""


@opens(to=READERS, verb="results")
def results(request: StaffRequest) -> HttpResponse:
    """One procedure with its answer first, or which procedures there are."""
    day = today(clinic().zone)
    wanted = asked.read(request.user, request.GET)
    rows = asked.procedures(wanted)
    done = [
        (f"{row['therapy']}.{row['region']}", procedure_words((row["therapy"], row["region"] or None)), row["times"],
         row["told"])
        for row in rows
    ]  # fmt: skip
    known = {id: words for id, words, _, _ in done}
    shown: dict[str, Any] = {
        "here": "results", "asked": wanted, "done": done, "periods": PERIODS.items(), "progress": working.progress(day),
        "operators": _operators(request.user), "mine": request.user.role == Role.PHYSICIAN,
        "may_work": request.user.role == Role.LEAD,
    }  # fmt: skip
    if wanted.procedure not in known:
        return render(request, "results/overview.html", shown)
    found = asked.answer(wanted, day)
    shown["title"] = known[wanted.procedure]
    if found is None:
        return render(request, "results/none.html", shown)
    tables, group = working.tables(), found.whole
    waiting = asked.to_call(wanted, day).count()
    picture = page.relief_picture(group)
    letters = page.letters_of(found.operators) if found.operators is not None else {}
    compared = page.funnel_picture(found.operators, tables, letters) if found.operators is not None else None
    names = dict(Staff.objects.filter(username__in=[key for key in letters if key]).values_list("username", "name"))
    shown |= {
        "found": found, "group": group, "headline": headline(group, tables),
        "cards": page.cards(group, tables, waiting), "lines": page.lines(group, tables),
        "relief": _drawn(picture), "half": half_words(group.relief),
        "months": [month_words(row) for row in group.relief.months], "at_first": group.relief,
        "harms": harm_words(group.complications), "groups": page.groups(found, tables),
        "funnel": _drawn(compared), "letters": [(letter, names.get(key or "", key)) for key, letter in letters.items()],
        "statements": page.statements(tables), "waiting": waiting, "about": asked.standing_as_of(wanted, day),
        "least": tables.least,
    }  # fmt: skip
    return render(request, "results/procedure.html", shown)


@opens(to=READERS, verb="results")
def results_file(request: StaffRequest) -> HttpResponseBase:
    """The table of one procedure for a spreadsheet."""
    day = today(clinic().zone)
    wanted = asked.read(request.user, request.GET)
    found = asked.answer(wanted, day) if wanted.procedure else None
    if found is None:
        messages.error(request, "There is nothing to download for what was asked.")
        return redirect("results")
    about = asked.standing_as_of(wanted, day)
    text = page.csv_text(
        found, working.tables(),
        [
            ("Procedure", procedure_words((wanted.therapy, wanted.region or None))), ("Period", PERIODS[wanted.period]),
            ("Of", "one operator" if wanted.operator else "the whole clinic"),
            ("Counted as of", about["as_of"].isoformat()), ("Done", str(about["done"])),
            ("Note", f"No rate is told of fewer than {working.tables().least}. There is no comparison group."),
        ],
    )  # fmt: skip
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="results.csv"'
    return response


@opens(to=PHYSICIANS, verb="results")
def results_call(request: StaffRequest) -> HttpResponseBase:
    """Makes a task for each treatment whose answer can be had now; those that have one get no second."""
    if request.method == "POST":
        wanted = asked.read(request.user, request.POST)
        made = call_these(request.user, wanted) if wanted.procedure else 0
        messages.success(request, f"{made} new {'call is' if made == 1 else 'calls are'} on the list of measures due.")
    return _back(request, request.POST)


@opens(to={Role.LEAD}, verb="results")
def results_work(request: StaffRequest) -> HttpResponseBase:
    """One round of the worker, now."""
    if request.method == "POST":
        messages.success(request, f"{working.work()} pieces worked out.")
    return _back(request, request.POST)


def _back(request: StaffRequest, said: Any) -> HttpResponseBase:
    """To the page that was left, with what it asked."""
    wanted = asked.read(request.user, said)
    response = redirect("results")
    known = {f"{row['therapy']}.{row['region']}" for row in asked.procedures(wanted)}
    if wanted.procedure in known:
        response["Location"] += f"?procedure={wanted.procedure}&period={wanted.period}"
    return response


def _operators(staff: Staff) -> list[tuple[str, str]]:
    if staff.role != Role.LEAD:
        return []
    return list(Staff.objects.filter(role__in=("physician", "nurse")).values_list("username", "name"))


def _drawn(found: page.Picture | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"svg": mark_safe(found.svg), "table": found.table}  # noqa: S308 - drawn by the library, which escapes text
