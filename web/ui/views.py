"""The door, the sign of life, and the list of keys."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from people.access import StaffRequest, opens
from people.roles import CARE, EVERYONE, Role
from ui.context import places


@opens(to=EVERYONE, verb="home")
def home(request: StaffRequest) -> HttpResponseBase:
    """The first place that opens to this role; an administrator's work is how the clinic is set."""
    if request.user.role == Role.ADMINISTRATOR:
        return redirect("settings")
    return redirect(places(request.user.role)[0][2])


@opens(to=EVERYONE, verb="alive")
def alive(request: StaffRequest) -> HttpResponse:
    """Keeps a session: a page that shows nothing."""
    return HttpResponse("alive", content_type="text/plain")


@opens(to=EVERYONE, verb="keys")
def keys(request: StaffRequest) -> HttpResponse:
    """Which keys do what, and how to switch them off."""
    return render(request, "ui/keys.html", {"care": request.user.role in CARE})
