"""Every page that answers a GET asks the database at most twelve questions: the first after a write, and later ones.

Asked on the sample clinic, about real patients, bookings, decisions, devices …: each route of the router.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from addresses import Place, places, rarities, readers, some, unknown_parts
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from routes import Route, routes

from clinic import clock
from worklists.work import once

pytestmark = pytest.mark.django_db
MOST = 12
"""Questions to the database: the house's budget for a page."""
ADDRESSES = 5
"""Of each route so many addresses are asked, from first to last."""
ACTS = frozenset(
    {
        "answer_asked", "consider", "sign_decision", "day_answer", "day_second", "day_override", "day_start",
        "record_addendum", "recovery_answer", "discharge", "run_night_check", "examine_again", "settle_due",
        "authorization_step", "authorization_ask", "prescriber_answer", "issue_plan", "complete_since",
        "answer_question", "reviewed_today", "referral_file", "home", "plan_request", "propose_adoption", "prepare",
        "medicine_stopped", "break_glass", "results_call", "results_work", "propose_knowledge", "worklist_first",
    }
)  # fmt: skip
"""Routes that answer a GET by sending on or refusing: what they are for is sent by POST, or is a short cut."""
OURS = [route for route in routes() if route.access is not None and route.access.roles]


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: pytest.FixtureDef[None]) -> Iterator[list[int]]:
    """The sample clinic, with the worker's work done, for all tests of this file; gives its patients' numbers."""
    from records.models import Patient
    from sample.loader import load

    with django_db_blocker.unblock(), transaction.atomic():
        with clock.standing_at(datetime(2026, 3, 9, 12, 10, tzinfo=UTC)):
            load("correct horse battery", lambda words: None)
            once(lambda words: None)
            rarities()
        yield list(Patient.objects.order_by("pk").values_list("pk", flat=True))
        transaction.set_rollback(True)


def test_every_part_of_an_address_is_filled() -> None:
    for route in OURS:
        assert unknown_parts(route) == [], f"say in addresses.py what fills {route.pattern}"


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
def test_a_page_asks_at_most_twelve_questions(route: Route, sample: list[int]) -> None:
    from records.models import Patient

    shown = 0
    held = list(places(route, sample))
    for number, place in enumerate([*some(held, ADDRESSES), *held]):
        if number >= ADDRESSES and (shown or route.name in ACTS):
            break  # the others are asked only until one of them shows a page
        for member in readers(route, place):
            client = _client(member)
            # A write: what was worked out from the record before is out of date.
            Patient.objects.filter(pk=place.patient or 0).update(head=F("head") + 1)
            for page in ("the first page after a write", "a later page"):
                status, said = _questions(client, place)
                assert len(said) <= MOST, f"{place.url}, {page}: {len(said)} questions\n" + "\n".join(said)
            shown += status == 200
    assert shown or route.name in ACTS, f"no address of {route.name} showed a page"


def _client(member: Any) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/alive")  # the session is written at most once a minute
    return client


def _questions(client: Client, place: Place) -> tuple[int, list[str]]:
    """The status of a page and what it asked the database, without the frames of transactions."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(place.url)
    said = [row["sql"][:200] for row in asked.captured_queries]
    return answer.status_code, [one for one in said if not one.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
