"""People and patients for the tests of the clinic. Nothing here is a real person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from clinic import clock

NOW = datetime(2026, 3, 9, 12, 10, tzinfo=UTC)
"""Monday 9 March 2026, 08:10 where the clinic is."""
CHARTS = Path(__file__).parents[2] / "examples" / "charts"


@pytest.fixture(autouse=True)
def monday() -> Iterator[datetime]:
    """The clinic's clock stands at one moment; `clock.standing_at` moves it within a test."""
    with clock.standing_at(NOW):
        yield NOW


@pytest.fixture
def clinic(db: None):
    """A clinic in Ohio."""
    from administration.models import Clinic

    return Clinic.objects.create(pk=1, name="Test clinic", zone_name="America/New_York", state="OH", synthetic=True)


@pytest.fixture
def staff(clinic) -> Callable[..., object]:
    """Makes somebody of a role; the same name is the same person."""
    from people.models import Staff

    def make(role: str = "physician", username: str = "") -> Staff:
        name = username or f"a-{role}"
        found = Staff.objects.filter(username=name).first()
        return found or Staff.objects.create_user(name, password="correct horse battery", role=role, name=name.title())

    return make


@pytest.fixture
def signed_in(staff) -> Callable[..., Client]:
    """A browser in which somebody of a role has signed in."""

    def sign_in(role: str = "physician", username: str = "") -> Client:
        client = Client()
        client.force_login(staff(role, username), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def patient(staff):
    """A patient from an example chart, of the team of the physician, the nurse and the coordinator."""
    from records import actions, files

    def make(chart: str = "facet-one-block", family: str = "Walter", given: str = "Henry", team: bool = True):
        members = [staff(role) for role in ("physician", "nurse", "coordinator")] if team else []
        identity = actions.Identity(family=family, given=given, mrn=f"MRN {family} {given}")
        made = actions.add_patient(members[0] if members else None, identity, synthetic=True, team=members)
        path = CHARTS / f"{chart}.yaml"
        files.bring(members[0] if members else None, made, path.read_bytes(), path.name)
        made.refresh_from_db()
        return made

    return make
