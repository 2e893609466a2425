"""Who may open what: every route × every role × one's own patient, another team's, one without a team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from routes import Route, routes

from people.middleware import ACCOUNT_ROUTES
from people.roles import CARE, Role

pytestmark = pytest.mark.django_db
ROUTES = routes()
OURS = [route for route in ROUTES if route.access is not None]
RULELESS = [route for route in ROUTES if route.access is None]
ROLES = [role.value for role in Role]


def by_name(route: Route) -> str:
    return route.name or route.pattern


@pytest.mark.parametrize("route", RULELESS, ids=by_name)
def test_a_route_without_a_rule_is_of_the_account_package_or_closed(
    route: Route, signed_in: Callable[..., Client]
) -> None:
    if route.name in ACCOUNT_ROUTES:
        return
    for role in ROLES:
        assert signed_in(role).get(route.address()).status_code == 403, (route, role)


@pytest.mark.parametrize("route", OURS, ids=by_name)
def test_nobody_who_has_not_signed_in_sees_anything(route: Route, patient: Callable[..., Any]) -> None:
    if not route.access.roles:
        return
    handle = patient().handle if route.access.patient else ""
    for method in ("get", "post"):
        response = getattr(Client(), method)(route.address(handle))
        if response.status_code == 405:
            continue  # the route knows no such method, for nobody
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("route", [route for route in OURS if not route.access.patient], ids=by_name)
def test_a_route_opens_to_its_roles_alone(route: Route, signed_in: Callable[..., Client]) -> None:
    access = route.access
    assert access is not None
    for role in ROLES:
        for method in ("get", "post"):
            status = getattr(signed_in(role), method)(route.address()).status_code
            if access.roles and role not in access.roles:
                assert status == 403, (role, method, status)
            else:
                assert status != 403 or method == "post", (role, method, status)
                assert status < 500, (role, method, status)


@pytest.mark.parametrize("route", [route for route in OURS if route.access.patient], ids=by_name)
def test_a_patients_route_opens_to_the_care_team_alone(
    route: Route, signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    access = route.access
    assert access is not None
    from records.models import CareTeam

    mine, others, nobodys = (
        patient(family="Whosehouse"),
        patient(family="Otherwood"),
        patient(family="Nobodyham", team=False),
    )
    for role in ROLES:
        if role in CARE:
            CareTeam.objects.get_or_create(patient=mine, staff=staff(role, f"b-{role}"), defaults={"since": mine.added})
        client = signed_in(role, f"b-{role}")
        for held, whose in ((mine, "own"), (others, "other"), (nobodys, "none")):
            for method in ("get", "post"):
                response = getattr(client, method)(route.address(held.handle))
                told = (role, whose, method, response.status_code, response.get("Location", ""))
                if response.status_code == 405:
                    assert held.family.encode() not in response.content, told
                    continue
                open_to = role in access.roles and (
                    access.glass
                    or (role in CARE and whose == "own")
                    or (whose == "none" and role in (Role.COORDINATOR, Role.LEAD))
                )
                if open_to:
                    assert response.status_code < 500, told
                    assert not response.get("Location", "").endswith("/closed"), told
                elif role in access.roles and role in CARE and method == "get":
                    assert response.status_code == 302, told
                    assert response["Location"].endswith("/closed"), told
                else:
                    assert response.status_code == 403, told
                    assert held.family.encode() not in response.content, told
