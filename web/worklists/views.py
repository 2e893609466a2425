"""Today, the night check of a day, and the paper for the day on which the system is down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from administration.lacking import lacking
from administration.models import clinic
from audit.chain import append_all
from clinic.clock import now, today
from people.access import StaffRequest, opens, opens_patient
from people.models import Staff
from people.roles import CARE, LEADS
from procedures.models import Booking
from records.models import CareTeam, Patient
from team.models import Task
from worklists import actions, work
from worklists.day import Day, both_days, day_of, next_day
from worklists.lists import Counted, counts, lists_for
from worklists.models import NightRun
from worklists.night import days_to_check, examine_due
from worklists.worker import NAME
from worklists.worklists import LISTS as OWN
from worklists.worklists import task_line

_PREVIEW = 2
_PREVIEWED = {
    Task.Kind.CALL: "calls", Task.Kind.PRESCRIBER: "prescribers", Task.Kind.REFILL: "refills",
    Task.Kind.AUTHORIZATION: "authorizations", Task.Kind.MEASURE: "outcomes", Task.Kind.SIGN: "unsigned",
}  # fmt: skip
"""The lists whose first rows stand beside tomorrow's table."""


@opens(to=CARE, verb="today")
def today_page(request: StaffRequest) -> HttpResponse:
    """Is tomorrow safe, and whom must I call? Every stop, three others, the table, and the worklists."""
    day = next_day(today(clinic().zone), request.user)
    held = lists_for(request.user)
    found = counts(request.user, now(), held)
    shown = [row for row in day.stopped if row.mine]
    told = {card.booking.pk for card in day.other_cards}
    _tell(request.user, [*shown, *(row for row in day.rows if row.mine and row.booking.pk in told)])
    return render(
        request,
        "worklists/today.html",
        {
            "here": "today", "day": day, "sides": _sides(request.user, found), "tomorrow": _tomorrow(day),
            "lacking": lacking() if request.user.role in LEADS else (),
        },
    )  # fmt: skip


def _sides(staff: Staff, found: list[Counted]) -> list[tuple[Counted, list[Task]]]:
    """The lists with their first rows; those on which something stands first, in their order."""
    first = _first(staff)
    rows = [(count, first.get(count.id, [])) for count in found if count.list.beside_today]
    return sorted(rows, key=lambda row: row[0].all == 0)


def _first(staff: Staff) -> dict[str, list[Task]]:
    """The first own rows of the lists that show some, in one question."""
    # Placed as bare numbers, so that only what is shown is read whole.
    placed = Task.objects.filter(_of_ones_own(staff), done_at=None, kind__in=_PREVIEWED).annotate(
        place=Window(RowNumber(), partition_by=F("kind"), order_by=[F("due").asc(nulls_last=True), F("pk")])
    )
    tasks = Task.objects.filter(pk__in=placed.filter(place__lte=_PREVIEW).values("pk")).select_related("patient")
    tasks = tasks.order_by("kind", F("due").asc(nulls_last=True), "pk")
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(_PREVIEWED[Task.Kind(task.kind)], []).append(task)
    return found


def _of_ones_own(staff: Staff) -> Exists:
    return Exists(CareTeam.objects.filter(staff=staff, patient=OuterRef("patient")))


def _tomorrow(day: Day) -> str:
    """`Tomorrow`, or the name of the day where the next procedures are later."""
    apart = (day.on - today(clinic().zone)).days
    return "Tomorrow" if apart == 1 else "Next"


def _tell(staff: Staff, rows: Iterable[Any]) -> None:
    """Whose findings were read, into the audit."""
    with transaction.atomic(savepoint=False):
        append_all(
            staff, [(row.booking.patient, f"booking {row.booking.pk}") for row in rows if row.examined],
            verb="night.looked",
        )  # fmt: skip


_DAYS = ("today", "next")


@opens(to=CARE, verb="night")
def night_check(request: StaffRequest, which: str) -> HttpResponse:
    """The whole of what was found for a day: every procedure with every finding, and what was skipped and why."""
    if which not in _DAYS:
        raise Http404("There is a list for today and one for the next day with procedures.")
    first = today(clinic().zone)
    day = day_of(first, request.user) if which == "today" else next_day(first, request.user)
    order = {"stopped": 0, "unknown": 1}
    rows = sorted(day.rows, key=lambda row: order.get(row.row.standing if row.row and row.examined else "unknown", 2))
    _tell(request.user, [row for row in rows if row.mine])
    return render(
        request,
        "worklists/night_check.html",
        {
            "here": "today",
            "day": day,
            "rows": rows,
            "which": which,
            "word": "Today" if which == "today" else _tomorrow(day),
        },
    )


@opens(to=CARE, verb="paper")
def paper(request: StaffRequest) -> HttpResponse:
    """Today and the next day on paper, for the day the system is down: who, when, what was found, whom to ring."""
    days = both_days(today(clinic().zone), request.user)
    pages = [("Today", days[0]), (_tomorrow(days[1]), days[1])]
    # One's own patients alone: what the record says is on the paper.
    kind = Task.Kind
    kinds = {"calls": (kind.CALL,), "prescribers": (kind.PRESCRIBER,), "findings": (kind.FINDING, kind.FLAG)}
    tasks = list(
        Task.objects.filter(_of_ones_own(request.user), done_at=None, kind__in=sum(kinds.values(), ()))
        .select_related("patient", "owner")
        .order_by(F("due").asc(nulls_last=True), "pk")[:_PAPER]
    )
    lines = [(OWN[name], [task_line(task) for task in tasks if task.kind in held]) for name, held in kinds.items()]
    with transaction.atomic(savepoint=False):
        told = [(row.booking.patient, f"booking {row.booking.pk}") for day in days for row in day.rows if row.mine]
        told += [(line.patient, one.title) for one, rows in lines for line in rows]
        append_all(request.user, dict.fromkeys(told), verb="paper.printed")
    return render(
        request, "worklists/paper.html", {"here": "today", "pages": pages, "lines": lines, "cut": len(tasks) == _PAPER}
    )


_PAPER = 300


@opens(to=CARE, verb="run")
def run_night_check(request: StaffRequest) -> HttpResponseBase:
    """The night check now, where the worker did not do it."""
    if request.method != "POST":
        return redirect("today")
    holder = f"page {work.ME}"
    if not work.lease(NAME, holder):
        messages.info(request, "The worker is at it; look again in a minute.")
        return redirect("today")
    try:
        for on in days_to_check():
            run, _ = NightRun.objects.get_or_create(day=on, defaults={"started": now()})
            for _ in examine_due(run):
                work.lease(NAME, holder)
    finally:
        work.release(NAME, holder)
    messages.success(request, "The night check was run.")
    return redirect("today")


@opens_patient(to=CARE, verb="night.looked")
def examine_again(request: StaffRequest, patient: Patient, booking: int) -> HttpResponseBase:
    """One booking examined now, because its record changed or because somebody wants to know."""
    found = get_object_or_404(Booking.objects.select_related("patient", "operator"), pk=booking, patient=patient)
    if request.method == "POST":
        try:
            row = actions.examine_again(request.user, found)
        except actions.Meanwhile as meanwhile:
            messages.warning(request, str(meanwhile))
        else:
            if row.skipped:
                messages.error(request, f"It could not be examined: {row.skipped}.")
            else:
                messages.success(request, "Examined again.")
    back = request.POST.get("back")
    return redirect("night_check", which=back) if back in _DAYS else redirect("today")
