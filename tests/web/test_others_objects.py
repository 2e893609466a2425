"""A thing of one patient is not reached under another's address: each number opens under one patient at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from routes import Route, routes

from people.roles import Role

pytestmark = pytest.mark.django_db
NUMBERED = [route for route in routes() if route.access and route.access.patient and "<int:" in route.pattern]
CHARTS = ("facet-one-block", "pump-morphine-alarm", "implant-lead-moved")
MOST = 12
"""The numbers that are tried: what three patients of the tests have is among them."""


def test_there_are_such_routes() -> None:
    assert len(NUMBERED) >= 5


@pytest.fixture
def three(patient: Callable[..., Any], staff: Callable[..., Any]) -> list[Any]:
    """Three patients of one team, each with a booking, a task and a decision's draft of their own."""
    from clinic.clock import now
    from procedures.models import Booking
    from team.actions import give

    made = [patient(chart, family=f"Family{number}") for number, chart in enumerate(CHARTS)]
    for held in made:
        give(staff("nurse"), held, "other", "Something of this patient")
        request = held.entries.filter(section="request").first()
        if request is not None:
            Booking.objects.create(
                patient=held, request_key=request.key, start=now(), room="Room 1", operator=staff("physician"),
                booked_at=now(), title="Something of this patient",
            )  # fmt: skip
    return made


@pytest.mark.parametrize("route", NUMBERED, ids=lambda route: route.name)
def test_a_number_opens_under_one_patient_at_most(
    route: Route, signed_in: Callable[..., Client], three: list[Any]
) -> None:
    assert route.access is not None
    roles = [role.value for role in Role if role in route.access.roles]
    client = signed_in("physician" if "physician" in roles else roles[0])
    client.raise_request_exception = False
    for number in range(1, MOST + 1):
        under = []
        for held in three:
            answer = client.get(route.address(held.handle).replace("999999", str(number)))
            assert answer.status_code < 500, (route.name, number)
            if answer.status_code == 200:
                under.append(held.family)
        assert len(under) <= 1, (route.name, number, under)
