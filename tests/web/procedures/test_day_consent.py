"""The consent names what was signed for; where the plan says something else, nothing starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from day_for_tests import REQUEST, agree_all, ask_all, book_today, ready, say, today, url
from django.test import Client

from procedures import day_actions
from procedures.consents import bodies_differ, consent_of
from procedures.models import ProcedureRecord
from records import actions
from records.facts import reading_of
from records.models import Entry
from worklists.day import day_of

pytestmark = pytest.mark.django_db
PLACE = {"therapy": "medial-branch-block", "region": "lumbar", "side": "left", "joints": ["L4-5", "L5-S1"]}
OTHERS = [
    {"side": "right"},
    {"side": "both"},
    {"joints": ["L4-5"]},
    {"joints": ["L3-4", "L4-5"]},
    {"joints": ["L3-4", "L4-5", "L5-S1"]},
    {"therapy": "facet-joint-injection"},
]


def signed(patient: Any, staff: Any, date: str = "2026-03-06", **place: Any) -> Entry:
    body = {"kind": "consent", "date": date, "request": "RD", **place}
    return actions.add(staff("nurse"), patient, "documents", body)


@pytest.mark.parametrize("other", OTHERS)
def test_a_consent_for_another_side_level_or_therapy_stops(
    other: dict[str, Any], patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    ready(signed_in, booking)
    assert today(booking).blocks() == []
    signed(booking.patient, staff, **PLACE | other)
    sheet = today(booking)
    assert sheet.blocks()[0].startswith("The consent was signed for ")
    assert "Stop and settle before the needle." in sheet.blocks()[0]
    assert not sheet.second_for("nothing")
    nurse = signed_in("nurse")
    page = nurse.get(url(booking)).content.decode()
    assert "Stop. The consent is for something else" in page
    made, blocks = day_actions.start(staff("physician"), booking)
    assert made is None
    assert blocks[0] == sheet.consent
    assert not ProcedureRecord.objects.exists()


def test_nobody_agrees_to_a_consent_that_is_for_something_else(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    signed(booking.patient, staff, **PLACE | {"side": "right"})
    nurse = signed_in("nurse")
    ask_all(nurse, booking)
    answer = say(nurse, booking, "awake", "consent", "agree")
    assert answer.status_code == 400
    assert b"signed for L4-5 and L5-S1, right; the plan says L4-5 and L5-S1, left" in answer.content
    check = next(row for row in today(booking).of("awake") if row.id == "consent")
    assert check.state == "open"
    assert say(nurse, booking, "awake", "consent", "differs").status_code == 302


def test_a_new_consent_for_what_is_planned_lets_go_on(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    signed(booking.patient, staff, **PLACE | {"side": "right"})
    signed(booking.patient, staff, date="2026-03-09", **PLACE)
    sheet = today(booking)
    assert sheet.consent == ""
    words = "".join(piece.text for row in sheet.checks if row.id == "consent" for piece in row.filled)
    assert "Consent signed Mon 09 Mar 2026 for Medial branch block, L4-5 and L5-S1, left" in words
    ready(signed_in, booking)
    made, blocks = day_actions.start(staff("physician"), booking)
    assert made is not None
    assert blocks == []


def test_the_latest_consent_counts_whatever_the_order_of_the_entries(
    patient: Callable[..., Any], staff: Callable[..., Any]
) -> None:
    booking = book_today(patient, staff)
    late = signed(booking.patient, staff, date="2026-03-09", **PLACE | {"side": "right"})
    signed(booking.patient, staff, date="2026-03-01", **PLACE)
    sheet = today(booking)
    held = consent_of(reading_of(booking.patient).record, sheet.request)
    assert held is not None
    assert held.id == late.key
    assert "right" in sheet.consent


def test_a_consent_that_names_no_place_is_read_on_paper(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    """What is not said is neither the same nor another: two people read the paper and say so."""
    booking = book_today(patient, staff)
    signed(booking.patient, staff)
    sheet = today(booking)
    assert sheet.consent == ""
    words = "".join(piece.text for row in sheet.checks if row.id == "consent" for piece in row.filled)
    assert "side and level are not written here: read them on the paper" in words


def test_a_plan_that_changed_after_everybody_agreed_stops(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    signed(booking.patient, staff, **PLACE)
    ready(signed_in, booking)
    assert today(booking).blocks() == []
    entry = Entry.objects.get(patient=booking.patient, section="request", key="RD")
    body = entry.fields | {"side": "both"}
    actions.change(staff("physician"), booking.patient, "request", "RD", body, seen=entry.version, reason="both hurt")
    assert today(booking).blocks()[0] == (
        "The consent was signed for L4-5 and L5-S1, left; the plan says L4-5 and L5-S1, both sides. "
        "Stop and settle before the needle."
    )


def test_today_does_not_call_such_a_consent_signed(
    patient: Callable[..., Any], staff: Callable[..., Any], monday: Any
) -> None:
    booking = book_today(patient, staff)
    signed(booking.patient, staff, **PLACE | {"side": "right"})
    row = next(row for row in day_of(monday.date(), staff("nurse")).rows if row.booking.pk == booking.pk)
    assert (row.stands["consent"].state, row.stands["consent"].says) == ("missing", "Signed for something else")


@pytest.mark.parametrize(
    ("consent", "differ"),
    [
        ({}, False),
        ({"side": "left"}, False),
        ({"side": "right"}, True),
        ({"joints": ["L5-S1", "L4-L5"]}, False),
        ({"joints": ["L4-5"]}, True),
        ({"nerves": ["genicular-nerves"]}, True),
        (PLACE, False),
    ],
)
def test_entries_are_compared_in_what_the_consent_names(consent: dict[str, Any], differ: bool) -> None:
    assert bodies_differ(consent, REQUEST) is differ


def test_the_whole_list_agreed_does_not_open_a_start(
    patient: Callable[..., Any], staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booking = book_today(patient, staff)
    signed(booking.patient, staff, **PLACE | {"joints": ["L4-5"]})
    nurse = signed_in("nurse")
    ask_all(nurse, booking)
    agree_all(nurse, booking, "pause")
    answer = signed_in("physician").post(url(booking, "/start"))
    assert answer.status_code != 302 or not ProcedureRecord.objects.exists()
    assert not ProcedureRecord.objects.exists()
