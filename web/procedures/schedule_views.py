"""The schedule: a day or a week by room, with what is free."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from administration.models import clinic
from audit.chain import append
from clinic.clock import today
from people.access import StaffRequest, opens
from people.roles import CARE, LEADS
from procedures import slots, typed
from procedures.models import Room


@opens(to=CARE, verb="schedule")
def schedule(request: StaffRequest) -> HttpResponse:
    """What is done where and by whom on a day or in a week."""
    zone = clinic().zone
    day = typed.day(request.GET.get("day"), today(zone))
    week = request.GET.get("view") == "week"
    first = day - timedelta(days=day.weekday()) if week else day
    days = [first + timedelta(days=index) for index in range(5 if week else 1)]
    booked = slots.standing(days[0], days[-1], zone)
    names = slots.rooms()
    shown = [(one, slots.columns(one, booked, names, zone)) for one in days]
    step = timedelta(days=7 if week else 1)
    return render(
        request,
        "procedures/schedule.html",
        {
            "here": "schedule", "days": shown, "week": week, "day": day, "first": first, "total": len(booked),
            "before": _working(day - step, -1), "after": _working(day + step, 1), "today": today(zone),
            "may_manage": request.user.role in LEADS,
        },
    )  # fmt: skip


@opens(to=LEADS, verb="rooms")
def rooms(request: StaffRequest) -> HttpResponseBase:
    """The rooms: which there are, opening one, closing one."""
    said = typed.line(request.POST.get("name"), 60)
    error = ""
    if request.method == "POST":
        error = _change(request, said)
        if not error:
            return redirect("rooms")
    shown = {"rooms": Room.objects.all(), "error": error, "said": said, "here": "schedule"}
    return render(request, "procedures/rooms.html", shown, status=400 if error else 200)


def _change(request: StaffRequest, name: str) -> str:
    if not 0 < len(name) <= 40:
        return "Give the room a name of at most 40 letters."
    with transaction.atomic():
        room, made = Room.objects.get_or_create(name=name)
        closing = request.POST.get("do") == "close"
        if not made and room.closed == closing:
            return f"{name} is {'closed' if closing else 'open'} already."
        room.closed = closing
        room.save()
        append(request.user, verb="room.closed" if closing else "room.opened", about=name)
    messages.success(request, f"{name} is {'closed' if closing else 'open'}.")
    return ""


def _working(day: date, step: int) -> date:
    """The same day, or the next working day in that direction."""
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day
