"""Where a task is done: the page on which its answer is written down, so that nobody closes it with words alone."""

from __future__ import annotations

import re

from msgspec import Struct

from procedures.models import Booking
from team.models import Task
from worklists.lists import link

_ABOUT = re.compile(r"(?P<what>booking|decision|referral|authorization(?: for)?|procedures|request) (?P<which>\S+)")


class Place(Struct, frozen=True):
    """A page, and what is done there. `instead`: what is lost where the task is only closed."""

    url: str
    words: str
    instead: str = ""


def place_of(task: Task) -> Place | None:
    """The page on which a task is done; None where it is done elsewhere than in the clinic's pages."""
    handle = task.patient.handle
    found = _ABOUT.match(task.about)
    what, which = (found["what"], found["which"]) if found is not None else ("", "")
    kind = Task.Kind
    match what:
        case "booking":
            booking = Booking.objects.filter(pk=int(which), patient=task.patient).first() if which.isdecimal() else None
            if booking is None:
                return None
            if task.kind == kind.PRESCRIBER:
                return _place(
                    "plan", "Write the answer down in the plan", "Closed with words alone, the plan still waits for "
                    "the answer, and the patient is told nothing.", patient=handle, key=booking.request_key,
                )  # fmt: skip
            return _place("plan", "Open the plan", patient=handle, key=booking.request_key)
        case "decision":
            return _place("decision", "Read it and sign", patient=handle, decision=which)
        case "referral" if task.kind == kind.REFERRAL:
            return _place("team_referral", "Open the referral", patient=handle, referral=which)
        case "authorization" | "authorization for":
            return _place("authorization", "Open the authorization", patient=handle, request_key=which)
        case "procedures":
            return _place("response", "Open the follow-up", patient=handle, key=which)
        case "request":
            return _place("plan", "Open the plan", patient=handle, key=which)
    return None


def _place(route: str, words: str, instead: str = "", **parts: str | int) -> Place | None:
    url = link(route, **parts)
    return Place(url, words, instead) if url else None
