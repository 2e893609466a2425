"""A task says where it is done, and a finding names its sources by their titles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from day_for_tests import book_today
from django.test import Client

from levamen.knowledge.registry import packaged
from records.words import body_words
from team.actions import give
from team.models import Task
from worklists.doing import place_of

pytestmark = pytest.mark.django_db


def test_a_prescribers_answer_is_written_down_in_the_plan_and_not_in_words_alone(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    task = give(
        staff("nurse"), booking.patient, Task.Kind.PRESCRIBER, "Ask Dr Romero about apixaban",
        about=f"booking {booking.pk}", owner=staff("nurse"),
    )  # fmt: skip
    page = signed_in("nurse").get(f"/patient/{booking.patient.handle}/task/{task.pk}").content.decode()
    assert "Write the answer down in the plan" in page
    assert "the plan still waits for the answer" in page
    place = place_of(task)
    assert place is not None
    answer = signed_in("nurse").get(place.url)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("about", "ends"),
    [
        ("authorization for RD", "/authorizations/RD"),
        ("authorization RD", "/authorizations/RD"),
        ("request RD", "/plans/RD"),
        ("procedures P-1", "/follow-up/P-1"),
        ("decision 7", "/decisions/7"),
        ("booking 999999", None),
        ("booking of somebody", None),
        ("results", None),
        ("", None),
    ],
)
def test_what_a_task_is_about_leads_to_its_page(
    about: str, ends: str | None, patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    task = give(staff("nurse"), patient(), Task.Kind.OTHER, "Something", about=about, owner=staff("nurse"))
    place = place_of(task)
    assert (place.url.endswith(ends) if place and ends else place) == (True if ends else None)


def test_a_patient_that_is_found_opens_with_where_they_stand(
    patient: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    held = patient()
    assert f'href="/patient/{held.handle}"' in signed_in("nurse").get("/patients").content.decode()


def test_a_finding_names_its_sources_by_title(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff, contrast=None)
    nurse = signed_in("nurse")
    nurse.post("/night-check/run")
    page = nurse.get("/night-check/today").content.decode()
    assert "Who says so" in page, booking
    bare = [id for id in packaged().sources if f">{id}, " in page or f"; {id}, " in page]
    assert not bare


@pytest.mark.parametrize(
    ("section", "body", "words"),
    [
        ("documents", {"kind": "consent", "therapy": "medial-branch-block", "side": "left", "joints": ["L4-5"],
                       "date": "2026-03-06"}, "Consent: medial branch block, L4-5 left, 6 Mar 2026"),
        ("documents", {"kind": "consent", "date": "2026-03-06"}, "Consent, 6 Mar 2026"),
        ("request", {"therapy": "medial-branch-block", "start": "2026-03-10T08:20:00", "end": "2026-03-10T08:40:00"},
         "Medial branch block, 10 Mar 2026"),
        ("care", {"therapy": "physical-therapy", "start": "2025-08-11", "end": "2025-10-24"},
         "Physical therapy, 11 Aug 2025 to 24 Oct 2025"),
    ],
)  # fmt: skip
def test_an_entry_in_words(section: str, body: dict[str, Any], words: str) -> None:
    assert body_words(section, body) == words
