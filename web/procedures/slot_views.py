"""Finding a slot, booking it, moving it: with the one stop that booking has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec import Struct

from administration.models import clinic
from clinic.clock import now, today
from levamen.emit.plan.view import plan_view
from levamen.emit.plan.words import reason_lines
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import target_words
from levamen.record.facts import Request
from people.access import StaffRequest, opens_patient
from people.models import Privilege, Staff
from people.roles import CARE
from procedures import actions, plan_actions, slots, typed
from procedures.models import Booking
from procedures.plans import Planned, Refused, granters, lacking, operators, requests_of, standing
from records.models import Patient

_MINUTES = 30
_GRAVE, _REFUSED = ("Contraindicated", "Stop, change the plan"), "Refused"
"""How the plan's words begin where something is contraindicated."""
_KEPT = ("seen", "operator", "minutes", "pick", "day", "at", "room", "why")


class Wanted(Struct, kw_only=True):
    """What the form asks for."""

    start: datetime
    room: str
    operator: Staff
    minutes: int


@opens_patient(to=CARE, verb="slot.form")
def slot(request: StaffRequest, patient: Patient, key: str) -> HttpResponseBase:
    """The free slots of a request; booking one, or moving there."""
    record, _ = requests_of(patient)
    one = next((row for row in record.requests if row.id == key), None)
    if one is None:
        raise Http404("The record asks for no such procedure.")
    rows = Booking.objects.filter(patient=patient, request_key=key).select_related("operator").order_by("pk")
    booking = standing(rows)
    if request.method != "POST":
        return _form(request, patient, one, booking)
    if "back" in request.POST:
        plan_actions.changed_course(request.user, patient, key)
        return redirect("plan", patient=patient.handle, key=key)
    seen = request.POST.get("seen", "")
    if seen != (str(booking.pk) if booking is not None else ""):
        stands = f"It now has {actions.slot_words(booking, patient.zone)}." if booking is not None else "It has none."
        messages.error(request, f"The slot was changed already, by somebody else or by sending twice. {stands}")
        return redirect("plan", patient=patient.handle, key=key)
    if booking is not None and booking.status != Booking.Status.BOOKED:
        messages.error(request, "The procedure has begun. Its slot cannot be moved any more.")
        return redirect("plan", patient=patient.handle, key=key)
    wanted, errors = _read(request)
    if wanted is None:
        return _form(request, patient, one, booking, errors)
    against = typed.line(request.POST.get("against"), 600)
    if "against" in request.POST and len(against) < 10:
        return _ask_again(request, patient, key, wanted, booking, "Say in a few words why (10 letters at least).")
    try:
        plan_actions.book_slot(
            request.user, patient, key, wanted.start, wanted.room, wanted.operator, wanted.minutes,
            moved=booking, why=typed.line(request.POST.get("why"), 400), against=against,
        )  # fmt: skip
    except plan_actions.Interrupted as stop:
        return _stop(request, patient, stop.made)
    except (actions.Taken, actions.Gone, Refused) as refused:
        return _form(request, patient, one, booking, [("pick", str(refused))])
    messages.success(
        request, "Moved. The plan below is worked out again." if booking is not None else "Booked. The plan is below."
    )
    return redirect("plan", patient=patient.handle, key=key)


def _ask_again(
    request: HttpRequest, patient: Patient, key: str, wanted: Wanted, booking: Booking | None, error: str
) -> HttpResponseBase:
    """The stop once more, because the reason said too little."""
    assert isinstance(request.user, Staff)  # noqa: S101 - the route opens to staff alone
    try:
        plan_actions.book_slot(
            request.user, patient, key, wanted.start, wanted.room, wanted.operator, wanted.minutes, moved=booking
        )
    except plan_actions.Interrupted as stop:
        return _stop(request, patient, stop.made, error)
    except (actions.Taken, actions.Gone, Refused) as refused:
        messages.error(request, str(refused))
    return redirect("plan", patient=patient.handle, key=key)


def _stop(request: HttpRequest, patient: Patient, made: Planned, error: str = "") -> HttpResponse:
    """The page on which somebody goes on with a reason, or does not."""
    assert made.plan is not None  # noqa: S101 - a stop comes from a plan
    assert isinstance(request.user, Staff)  # noqa: S101 - the route opens to staff alone
    plan_actions.interrupt(request.user, patient, made)
    view = plan_view(made.plan, packaged().sources, made.balance)
    grave = {row.guard.title for row in made.plan.guards if row.fires and row.verdict == "contraindicated"}
    lines = [
        line for section in view.sections if section.key in ("flags", "guards", "findings", "drugs")
        for line in section.lines if line.term in grave or line.text.startswith(_GRAVE) or line.term == _REFUSED
    ]  # fmt: skip
    kept = [(name, request.POST[name]) for name in _KEPT if request.POST.get(name)]
    shown = {
        "patient": patient, "tab": "plans", "lines": lines, "headline": view.headline, "kept": kept, "error": error,
        "reasons": reason_lines(made.plan),
        "said": request.POST.get("against", ""),
    }  # fmt: skip
    return render(request, "procedures/stop.html", shown, status=409)


def _read(request: HttpRequest) -> tuple[Wanted | None, list[tuple[str, str]]]:
    """The slot that a form asks for, or what is wrong with it: the field and the sentence."""
    errors: list[tuple[str, str]] = []
    zone = clinic().zone
    operator = next((one for one in operators() if one.username == request.POST.get("operator")), None)
    if operator is None:
        errors.append(("who", "Choose an operator from the list."))
    minutes = _number(request.POST.get("minutes"))
    if minutes is None:
        errors.append(("length", "Give the length in whole minutes, from 5 to 480."))
    pick, room = request.POST.get("pick", ""), request.POST.get("room", "")
    day, at = request.POST.get("day", ""), request.POST.get("at", "")
    said, field = (f"{day}T{at}", "day") if day or at else (pick.partition(" ")[0], "pick")
    if not (day or at):
        room = pick.partition(" ")[2]
    if not said:
        errors.append(("pick", "Choose a free slot, or type another time."))
    start = None
    if said:
        try:
            start = datetime.fromisoformat(said).replace(tzinfo=zone)
        except ValueError:
            errors.append((field, "Give the day as year-month-day and the time as hours:minutes, both."))
        if start is not None and not typed.in_use(start.date()):
            errors.append((field, "This day is not in the years of this clinic."))
        if room not in slots.rooms():
            errors.append(("room", "Choose a room from the list."))
    if errors or operator is None or minutes is None or start is None:
        return None, errors
    return Wanted(start=start, room=room, operator=operator, minutes=minutes), []


def _number(said: str | None) -> int | None:
    found = int(said) if said and said.isascii() and said.isdigit() and len(said) < 4 else 0
    return found if 5 <= found <= 480 else None


def _form(
    request: HttpRequest, patient: Patient, one: Request, booking: Booking | None,
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    held = operators()
    people = list(held)
    sent = request.POST if request.method == "POST" else request.GET
    wanted = sent.get("operator") or sent.get("who") or (booking.operator.username if booking else one.operator)
    minutes = _number(sent.get("minutes") or sent.get("length")) or (booking.minutes if booking else _length(one))
    zone = clinic().zone
    usual = booking.start.astimezone(zone).date() if booking is not None else today(zone)
    first = max(typed.day(sent.get("from"), usual), today(zone))
    lacks = {person.pk: _lacks(held[person], one, first) for person in people}
    operator = next((person for person in people if person.username == wanted), None) or next(
        (person for person in people if not lacks[person.pk]), people[0] if people else None
    )
    names = slots.rooms()
    days = list(slots.working_days(first))
    refused = lacking(operator, one, days) if operator is not None else {}
    offers = (
        slots.offers(first, operator, minutes, zone, now(), names, moved=booking, but=refused)
        if operator is not None else []
    )  # fmt: skip
    said: dict[str, Any] = {name: sent.get(name, "") for name in ("day", "at", "room", "why")}
    shown = {
        "patient": patient, "tab": "plans", "key": one.id, "title": capital(target_words(one)), "booking": booking,
        "operators": [(person, lacks[person.pk]) for person in people], "operator": operator, "minutes": minutes,
        "first": first, "offers": offers, "rooms": names, "errors": errors, "said": said,
        "refused": _spans(days, refused),
        "picked": sent.get("pick", ""), "typed": bool(said["day"]), "granters": granters() if not people else "",
    }  # fmt: skip
    return render(request, "procedures/slot.html", shown, status=409 if errors else 200)


def _lacks(rows: Sequence[Privilege], one: Request, day: date) -> str:
    """What somebody's privileges lack for a request on a day, in a few words beside the name; empty where nothing."""
    rows = [row for row in rows if row.therapy == one.therapy and (not one.region or row.region in ("", one.region))]
    if not rows:
        return "no privilege for this"
    if any(row.granted <= day <= row.expires for row in rows):
        return ""
    begins = [row.granted for row in rows if row.granted > day]
    ended = max(row.expires for row in rows)
    return dates_in_words(f"privilege begins {min(begins)}" if begins else f"privilege ended {ended}")


def _spans(days: Iterable[date], refused: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """The stretches of days on which the operator is refused: first day, last day, why."""
    runs = [(says, list(held)) for says, held in groupby(days, key=lambda day: refused.get(day, ""))]
    return [(held[0], held[-1], says) for says, held in runs if says]


def _length(one: Request) -> int:
    if one.start is None or one.end is None or one.start.at is None or one.end.at is None:
        return _MINUTES
    return max(5, int((one.end.at - one.start.at) / timedelta(minutes=1)))
