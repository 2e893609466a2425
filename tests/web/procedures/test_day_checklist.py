"""The day's checklist: what is asked and filled in, who agrees with whom, and what keeps the needle out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from day_for_tests import MORNING, agree_all, ask_all, book_today, ready, say, today, url

from clinic import clock
from procedures import day_actions
from procedures.models import Booking, DayAnswer, ProcedureRecord
from records import actions
from records.models import Entry


def test_every_item_is_filled_from_the_plan_and_nothing_starts_agreed(booked: Booking) -> None:
    sheet = today(booked)
    assert sheet.plan is not None, sheet.refusal
    assert {check.state for check in sheet.checks} == {"open"}
    side = next(check for check in sheet.checks if check.id == "procedure-side-level")
    assert "".join(piece.text for piece in side.filled) == "Medial branch block. L4-5 and L5-S1, left"
    assert [piece.text for piece in side.filled if piece.side] == ["left"]
    drugs = next(check for check in sheet.checks if check.id == "local-anesthetic")
    assert "Bupivacaine 0.5 % × 1.5 mL = 7.5 mg" in "".join(piece.text for piece in drugs.filled)
    assert {ask.id for ask in sheet.asks if ask.open} >= {"infection", "fever", "antibiotics", "blood-pressure-today"}
    consent = next(check for check in sheet.checks if check.id == "consent")
    assert consent.filled[0].text == "No consent for this request is on file"


def test_the_page_asks_and_is_quick(signed_in: Any, booked: Booking, django_assert_max_num_queries: Any) -> None:
    nurse = signed_in("nurse")
    nurse.get(url(booked))
    with django_assert_max_num_queries(20):
        page = nurse.get(url(booked, "?stage=pause"))
    text = page.content.decode()
    assert "Read this aloud" in text
    assert '<strong class="both">left</strong>' in text
    assert ">Start<" not in text


def test_an_answer_of_today_is_read_by_the_rules(signed_in: Any, booked: Booking) -> None:
    nurse = signed_in("nurse")
    ask_all(nurse, booked)
    sheet = today(booked)
    assert sheet.safety in ("clear", "caution"), sheet.reasons
    assert Entry.objects.filter(patient=booked.patient, section="labs", concept="blood-pressure-systolic").count() == 1
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        say(nurse, booked, "ask", "fever", "yes")
        after = today(booked)
    assert after.safety == "defer"
    assert any("ever" in reason for reason in after.reasons)


def test_unknown_on_the_day_stops(signed_in: Any, booked: Booking) -> None:
    ready(signed_in, booked)
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        say(signed_in("nurse"), booked, "ask", "infection", "unknown")
        sheet = today(booked)
        assert sheet.stopped
        refused = signed_in("physician").post(url(booked, "/start"))
    assert refused.status_code == 409
    assert "Safety says stop" in refused.content.decode()
    assert not ProcedureRecord.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stops"), [("179/109", False), ("180/90", True), ("150/110", True), ("89/60", True), ("90/60", False)]
)
def test_blood_pressure_at_the_limits_of_the_source(signed_in: Any, booked: Booking, typed: str, stops: bool) -> None:
    nurse = signed_in("nurse")
    ask_all(nurse, booked)
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        say(nurse, booked, "ask", "blood-pressure-today", "value", typed)
        sheet = today(booked)
    assert (sheet.safety == "defer") is stops, sheet.reasons


@pytest.mark.parametrize("typed", ["", "high", "134", "134-78"])
def test_a_value_that_cannot_be_read_is_refused_in_a_sentence(signed_in: Any, booked: Booking, typed: str) -> None:
    page = say(signed_in("nurse"), booked, "ask", "blood-pressure-today", "value", typed)
    assert page.status_code == 400
    assert "write both numbers" in page.content.decode()
    assert not DayAnswer.objects.exists()


def test_start_needs_everything_and_two_people(signed_in: Any, booked: Booking) -> None:
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    assert nurse.post(url(booked, "/start")).status_code == 409
    ask_all(nurse, booked)
    agree_all(nurse, booked, "awake")
    agree_all(nurse, booked, "pause")
    assert "second person" in nurse.post(url(booked, "/start")).content.decode()
    own = nurse.post(url(booked, "/second"))
    assert own.status_code == 400
    assert "somebody else" in own.content.decode()
    assert doctor.post(url(booked, "/second")).status_code == 302
    assert nurse.post(url(booked, "/start")).status_code == 302
    assert nurse.post(url(booked, "/start")).status_code == 302  # twice is once
    assert ProcedureRecord.objects.count() == 1
    booked.refresh_from_db()
    assert booked.status == Booking.Status.STARTED


def test_the_second_person_signs_on_the_same_tablet(signed_in: Any, staff: Any, booked: Booking) -> None:
    nurse = signed_in("nurse")
    ask_all(nurse, booked)
    agree_all(nurse, booked, "awake")
    agree_all(nurse, booked, "pause")
    wrong = nurse.post(url(booked, "/second"), {"username": "a-physician", "password": "not it"})
    assert wrong.status_code == 400
    assert "do not fit" in wrong.content.decode()
    self_ = nurse.post(url(booked, "/second"), {"username": "a-nurse", "password": "correct horse battery"})
    assert self_.status_code == 400
    staff("auditor")
    other = nurse.post(url(booked, "/second"), {"username": "a-auditor", "password": "correct horse battery"})
    assert other.status_code == 400
    assert "physician or a nurse" in other.content.decode()
    assert (
        nurse.post(url(booked, "/second"), {"username": "a-physician", "password": "correct horse battery"}).status_code
        == 302
    )
    sheet = today(booked)
    assert sheet.second_for("pause")
    assert nurse.get(url(booked)).wsgi_request.user.username == "a-nurse"


def test_a_change_after_the_second_signature_asks_for_it_again(signed_in: Any, booked: Booking) -> None:
    ready(signed_in, booked)
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    say(nurse, booked, "pause", "position", "differs")
    say(doctor, booked, "pause", "position", "agree", "turned, now face down")
    sheet = today(booked)
    assert not sheet.second_for("pause")


def test_a_difference_stops_until_the_one_who_decides_says_how(signed_in: Any, booked: Booking) -> None:
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    say(nurse, booked, "awake", "procedure-side-level", "differs")
    page = nurse.get(url(booked, "?stage=awake")).content.decode()
    assert "Stop." in page
    assert "decides" in page
    assert say(nurse, booked, "awake", "procedure-side-level", "agree", "fine").status_code == 400
    assert say(doctor, booked, "awake", "procedure-side-level", "agree").status_code == 400
    # An agreement that a device kept from before the difference does not settle it when it arrives late.
    day_actions.answer(booked.operator, booked, "awake", "procedure-side-level", "agree", sent="late")
    sheet = today(booked)
    assert [check.id for check in sheet.differing] == ["procedure-side-level"]
    assert say(doctor, booked, "awake", "procedure-side-level", "agree", "asked again: left").status_code == 302
    settled = today(booked)
    assert not settled.differing


def test_an_answer_sent_twice_is_one_and_keeps_both_times(signed_in: Any, booked: Booking) -> None:
    nurse = signed_in("nurse")
    said_at = (clock.now() - timedelta(minutes=4)).isoformat()
    for _ in range(2):
        nurse.post(
            url(booked, "/answer"),
            headers={"x-kept": "yes"},
            data={
                "stage": "ask",
                "item": "fever",
                "answer": "no",
                "sent": "one",
                "said_at": said_at,
                "zone": "America/New_York",
            },
        )
    row = DayAnswer.objects.get()
    assert row.at - row.said_at == timedelta(minutes=4)
    assert row.zone == "America/New_York"
    asked = Entry.objects.get(patient=booked.patient, section="completeness", concept="fever")
    assert asked.fields["asked"].startswith("2026-03-09T08:06")


def test_an_override_is_a_physicians_with_a_reason_for_these_reasons_alone(signed_in: Any, booked: Booking) -> None:
    ready(signed_in, booked)
    nurse, doctor = signed_in("nurse"), signed_in("physician")
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        say(nurse, booked, "ask", "blood-pressure-today", "value", "182/90")
        assert nurse.post(url(booked, "/override"), {"reason": "measured while in pain"}).status_code == 400
        assert doctor.post(url(booked, "/override"), {"reason": "ok"}).status_code == 400
        assert doctor.post(url(booked, "/override"), {"reason": "measured while in severe pain"}).status_code == 302
        sheet = today(booked)
        assert not sheet.stopped
        assert doctor.post(url(booked, "/second")).status_code == 302
        alone = today(booked)
        assert not alone.second_for("pause"), "nobody beside the physician holds the override"
        assert nurse.post(url(booked, "/second")).status_code == 302
        both = today(booked)
        assert both.second_for("pause")
        assert not both.blocks()
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        say(nurse, booked, "ask", "fever", "yes")
        again = today(booked)
        assert again.stopped, "a new reason is decided anew"


def test_an_hour_that_has_passed_is_still_today_and_another_day_is_not(signed_in: Any, booked: Booking) -> None:
    with clock.standing_at(MORNING + timedelta(minutes=50)):
        sheet = today(booked)
        assert sheet.plan is not None
        assert say(signed_in("nurse"), booked, "ask", "fever", "no").status_code == 302
    with clock.standing_at(MORNING - timedelta(days=1)):
        assert say(signed_in("nurse"), booked, "ask", "fever", "no").status_code == 400


def test_without_a_plan_nothing_is_half_filled(signed_in: Any, booked: Booking) -> None:
    person = Entry.objects.get(patient=booked.patient, section="person")
    actions.change(
        booked.operator,
        booked.patient,
        "person",
        "person",
        dict(person.fields) | {"birth_date": "2012-01-01"},
        seen=person.version,
    )
    sheet = today(booked)
    assert sheet.plan is None
    assert sheet.safety == "unknown"
    assert not any(check.filled for check in sheet.checks)
    assert "Not checked" in signed_in("nurse").get(url(booked)).content.decode()


def test_the_slots_of_a_patient(signed_in: Any, booked: Booking) -> None:
    text = signed_in("coordinator").get(f"/patient/{booked.patient.handle}/day").content.decode()
    assert "Today" in text
    assert "Checklist" in text


def test_food_and_drink_are_compared_by_whoever_asks_and_safety_reads_it(
    signed_in: Any, patient: Any, staff: Any
) -> None:
    """Before sedation: not asked stops, too soon defers, long enough ago does not stop; the times are kept too."""
    booked = book_today(patient, staff, sedation="minimal")
    nurse = signed_in("nurse")
    assert any("asting" in reason for reason in today(booked).reasons)
    refused = say(nurse, booked, "ask", "fasting", "yes")
    assert "Write when the person last ate" in refused.content.decode()
    say(nurse, booked, "ask", "fasting", "no", "toast at 7:30")
    ask_all(nurse, booked)
    after = today(booked)
    assert after.safety == "defer", after.reasons
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        say(nurse, booked, "ask", "fasting", "yes", "soup at 20:00 yesterday, water at 6:00")
        assert not any("asting" in reason for reason in today(booked).reasons)
    entry = Entry.objects.get(patient=booked.patient, section="completeness", concept="fasting", struck=False)
    assert entry.fields["note"] == "soup at 20:00 yesterday, water at 6:00"
