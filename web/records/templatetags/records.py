"""What patient pages are built from."""

from __future__ import annotations

from django import template
from django.urls import NoReverseMatch, reverse

from records import banner
from records.entry_form import Shown
from records.models import Patient

register = template.Library()

TABS = (
    ("overview", "Overview"),
    ("options", "Options"),
    ("plans", "Plan and holds"),
    ("day", "Day and record"),
    ("follow_up", "Follow-up"),
    ("authorizations", "Authorization"),
    ("patient_devices", "Devices"),
    ("patient_team", "Team and tasks"),
    ("intake", "Intake"),
    ("record", "Record"),
    ("looked", "Who looked"),
)
"""The tabs of a patient in their order: the route's name (`who_looked` for the last) and its words."""


@register.filter
def tabs(patient: Patient) -> list[tuple[str, str, str]]:
    """The tabs that exist: name, words, address."""
    found = []
    for name, words in TABS:
        try:
            url = reverse("who_looked" if name == "looked" else name, kwargs={"patient": patient.handle})
        except NoReverseMatch:
            continue
        found.append((name, words, url))
    return found


@register.filter
def places(shown: Shown) -> list[tuple[str, str]]:
    """The inputs of a field that takes several: name and value of each."""
    return list(zip(shown.names, shown.values, strict=False))


@register.simple_tag
def patient_strip(patient: Patient) -> banner.Strip:
    """What everybody who treats this patient must know, and what nobody asked."""
    return banner.strip(patient)
