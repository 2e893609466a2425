"""What every page knows: the clinic, its moment, and where one can go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from administration.models import clinic
from clinic.clock import now
from people.models import Staff
from people.roles import CARE, LEADS, PHYSICIANS, WATCHERS

_PLACES = (
    ("today", "Today", CARE),
    ("tasks", "Tasks", CARE),
    ("patients", "Patients", CARE),
    ("referrals", "Referrals", CARE),
    ("schedule", "Schedule", CARE),
    ("devices", "Devices", CARE),
    ("results", "Results", PHYSICIANS | WATCHERS),
    ("audit", "Audit", WATCHERS),
    ("settings", "Settings", LEADS | CARE | WATCHERS),
)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The clinic, its clock and the places that open to this role."""
    held = clinic()
    found: dict[str, Any] = {"clinic": held, "clinic_now": now().astimezone(held.zone), "sample": settings.SAMPLE}
    user = getattr(request, "user", None)
    if isinstance(user, Staff):
        found["places"] = places(user.role)
    return found


def places(role: str) -> list[tuple[str, str, str]]:
    """The places that open to a role: name, title, address; in the order of the day."""
    return [(name, title, url) for name, title, roles in _PLACES if role in roles and (url := _url(name)) is not None]


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
