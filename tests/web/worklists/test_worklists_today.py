"""Today: every stop is a card, nothing is hidden without saying so, and what is not checked says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from audit.chain import verify
from audit.models import Event
from clinic import clock
from people.models import Staff
from procedures.models import Booking
from records import actions as records
from records.models import Patient
from team.models import Task
from worklists.models import NightRow, NightRun
from worklists.night import check, next_bookings

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 12, 10, tzinfo=UTC)
TOMORROW = NOW.date() + timedelta(days=1)
FEVER = {"kind": "fever", "asked": "2026-03-09", "answer": "yes"}


@pytest.fixture
def booked(patient: Callable[..., Patient], staff: Callable[..., Staff]) -> Callable[..., Booking]:
    """A block of tomorrow for a patient with a record."""

    def book(
        family: str = "Walter", hour: int = 13, team: bool = True, day: int = 10, chart: str = "facet-one-block"
    ) -> Booking:
        held = patient(chart=chart, family=family, team=team)
        start = datetime(2026, 3, day, hour, tzinfo=UTC)
        key = held.entries.filter(section="request", day=None).order_by("key").values_list("key", flat=True).first()
        if key is None:
            entry = records.add(
                staff("coordinator"), held, "request",
                {"therapy": "medial-branch-block", "region": "lumbar", "joints": ["L4-5", "L5-S1"], "side": "right"},
            )  # fmt: skip
            key = entry.key
        return Booking.objects.create(
            patient=held, request_key=key, start=start, room="Room 1", operator=staff("physician"), booked_at=NOW,
            booked_by=staff("coordinator"), therapy="medial-branch-block",
            title="Medial branch block, L4-5 right, 10 Mar 2026 to 10 Mar 2026",
        )  # fmt: skip

    return book


def page(client: Client, address: str = "/today") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_night_check_the_page_says_that_nothing_was_checked(
    booked: Callable[..., Booking], signed_in: Callable[..., Client]
) -> None:
    booked()
    said = page(signed_in("nurse"))
    assert "The night check did not run. Nothing below has been checked." in said
    assert "Nothing was checked." in said
    assert said.count("Not checked</span>") == 3


def test_nothing_booked_says_what_would_stand_here(signed_in: Callable[..., Client]) -> None:
    said = page(signed_in("nurse"))
    assert "no procedures." in said
    assert "What is booked stands here the day before." in said


def test_every_stop_is_a_card_with_a_person_and_a_time(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    rows = [booked(family=f"Fever{number}", hour=13 + number) for number in range(5)]
    for row in rows:
        records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    said = page(signed_in("nurse"))
    assert "5 procedures. 5 must stop or wait." in said
    assert said.count("<article") == 5
    assert said.count("Hand over</a>") >= 5
    assert {str(task.owner) for task in Task.objects.all()} == {"A-Nurse"}
    assert all(task.due == datetime(2026, 3, 9, 16, 0, tzinfo=UTC) for task in Task.objects.all())


def test_a_stop_of_another_team_is_a_card_too_and_does_not_say_what_the_record_says(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    row = booked()
    records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    said = page(signed_in("nurse", "another-nurse"))
    assert "1 must stop or wait" in said
    assert "1 of other teams" in said
    assert "What was found opens to the care team. It is with A-Nurse." in said
    assert "ever in the last" not in said
    assert not Event.objects.filter(verb="night.looked").exists()


def test_what_was_read_of_whom_stands_in_the_audit(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    row = booked()
    records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    page(signed_in("nurse"))
    event = Event.objects.get(verb="night.looked")
    assert (event.patient_id, str(event.who)) == (row.patient_id, "A-Nurse")
    assert verify().holds


def test_a_record_that_changed_since_is_unknown_until_it_is_examined_again(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    row = booked()
    check(TOMORROW)
    before = NightRow.objects.get(booking=row)
    records.add(staff("nurse"), row.patient, "completeness", FEVER)
    client = signed_in("nurse")
    said = page(client)
    assert "The record changed since" in said
    assert "1 changed since" in said
    assert client.post(f"/patient/{row.patient.handle}/booking/{row.pk}/examine").status_code == 302
    after = NightRow.objects.get(booking=row)
    assert before.standing != "stopped"
    assert after.standing == "stopped"
    assert "The record changed since" not in page(client)
    assert Event.objects.filter(verb="night.examined", who__username="a-nurse").count() == 1


def test_what_cannot_be_examined_is_skipped_with_the_reason(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    row, other = booked(), booked(family="Other", hour=14)
    entry = row.patient.entries.get(section="request", key=row.request_key)
    records.strike(staff("nurse"), row.patient, "request", entry.key, seen=entry.version, reason="entered in error")
    check(TOMORROW)
    assert NightRow.objects.get(booking=other).skipped == ""
    said = page(signed_in("nurse"))
    assert "1 skipped" in said
    assert "what is to be done is not in the record any more; book it again or cancel it" in said
    assert "1 of 2 examined" in said


def test_a_fault_of_the_check_skips_one_and_examines_the_others(
    booked: Callable[..., Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = booked(), booked(family="Other", hour=14)
    from worklists import night

    whole = night._found

    def broken(booking: Booking, knowledge: Any) -> Any:
        if booking.pk == bad.pk:
            raise ZeroDivisionError("WALTER")
        return whole(booking, knowledge)

    monkeypatch.setattr(night, "_found", broken)
    check(TOMORROW)
    assert NightRow.objects.get(booking=bad).skipped.startswith("the check itself failed (ZeroDivisionError)")
    assert "WALTER" not in NightRow.objects.get(booking=bad).skipped
    assert NightRow.objects.get(booking=good).skipped == ""


def test_a_check_of_the_night_before_last_says_so(
    booked: Callable[..., Booking], signed_in: Callable[..., Client]
) -> None:
    booked()
    with clock.standing_at(NOW - timedelta(days=1)):
        check(TOMORROW)
    assert "The night check did not run last night. What stands below was found before." in page(signed_in("nurse"))


def test_rules_that_changed_make_what_was_found_old(
    booked: Callable[..., Booking], signed_in: Callable[..., Client]
) -> None:
    booked()
    check(TOMORROW)
    NightRun.objects.update(knowledge="of another edition")
    assert "The rules changed since" in page(signed_in("nurse"))
    check(TOMORROW)
    assert "The rules changed since" not in page(signed_in("nurse"))


def test_a_booking_made_after_the_check_says_that_it_was_not_checked(
    booked: Callable[..., Booking], signed_in: Callable[..., Client]
) -> None:
    booked()
    check(TOMORROW)
    booked(family="Late", hour=15)
    assert "1 of 2 came after the night check and have not been checked." in page(signed_in("nurse"))


def test_the_night_check_is_run_from_the_page(booked: Callable[..., Booking], signed_in: Callable[..., Client]) -> None:
    booked()
    client = signed_in("nurse")
    assert client.get("/night-check/run").status_code == 302
    assert not NightRow.objects.exists()
    client.post("/night-check/run")
    assert NightRow.objects.count() == 1
    assert "The night check was run." in page(client)


def test_one_that_has_begun_keeps_what_was_found(
    booked: Callable[..., Booking], signed_in: Callable[..., Client], staff: Callable[..., Staff]
) -> None:
    row = booked(day=9, hour=18)
    check(NOW.date())
    before = NightRow.objects.get()
    records.add(staff("nurse"), row.patient, "completeness", FEVER)
    with clock.standing_at(datetime(2026, 3, 9, 18, 0, tzinfo=UTC)):
        check(NOW.date())
        client = signed_in("nurse")
        said = client.post(f"/patient/{row.patient.handle}/booking/{row.pk}/examine", follow=True).content.decode()
        assert "Its time has come" in said
    assert NightRow.objects.get() == before
    assert NightRow.objects.get().at == before.at


def test_on_a_friday_monday_is_prepared(booked: Callable[..., Booking], signed_in: Callable[..., Client]) -> None:
    booked(day=16)
    with clock.standing_at(datetime(2026, 3, 13, 12, 10, tzinfo=UTC)):
        day, rows = next_bookings(date(2026, 3, 13))
        assert (day, len(rows)) == (date(2026, 3, 16), 1)
        assert "Next, Mon 16 Mar 2026: 1 procedure." in page(signed_in("nurse"))


def test_a_finding_that_is_gone_closes_its_task_and_one_that_comes_back_is_new(
    booked: Callable[..., Booking], staff: Callable[..., Staff]
) -> None:
    row = booked()
    entry = records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    (task,) = Task.objects.filter(what__icontains="fever", done_at=None)
    entry.refresh_from_db()
    records.change(staff("nurse"), row.patient, "completeness", entry.key, FEVER | {"answer": "no"}, seen=entry.version)
    check(TOMORROW)
    task.refresh_from_db()
    assert task.outcome == "The check does not find it any more"
    entry.refresh_from_db()
    records.change(staff("nurse"), row.patient, "completeness", entry.key, FEVER, seen=entry.version)
    check(TOMORROW)
    assert Task.objects.filter(what=task.what, done_at=None).exclude(pk=task.pk).count() == 1


def test_a_closed_task_stays_closed_when_the_check_comes_again(
    booked: Callable[..., Booking], staff: Callable[..., Staff], signed_in: Callable[..., Client]
) -> None:
    from team.actions import close

    row = booked()
    records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    count = Task.objects.count()
    for task in Task.objects.all():
        close(staff("nurse"), task, "Moved to Thursday")
    with clock.standing_at(NOW + timedelta(hours=2)):
        NightRow.objects.update(head=0)
        check(TOMORROW)
    assert Task.objects.count() == count
    assert "Moved to Thursday" in page(signed_in("nurse"))


def test_fourteen_procedures_cost_at_most_twelve_questions_to_the_database(
    booked: Callable[..., Booking], signed_in: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries, staff: Callable[..., Staff],
) -> None:  # fmt: skip
    for number in range(14):
        row = booked(family=f"Family{number}", hour=12 + number // 2)
        if number % 4 == 0:
            records.add(staff("nurse"), row.patient, "completeness", FEVER)
    check(TOMORROW)
    for role in ("nurse", "clinic-lead"):
        client = signed_in(role)
        client.get("/today")  # the session is written at most once a minute
        for address in ("/today", "/night-check/next", "/paper", "/worklists", "/worklists/findings"):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200


def test_the_paper_holds_both_days_and_the_telephone(
    booked: Callable[..., Booking], signed_in: Callable[..., Client]
) -> None:
    first, second = booked(family="Now", day=9, hour=18), booked(family="Then")
    Patient.objects.update(phone="555-0199")
    said = page(signed_in("nurse"), "/paper")
    assert "NOW, Henry" in said
    assert "THEN, Henry" in said
    assert said.count("555-0199") == 2
    assert set(Event.objects.filter(verb="paper.printed").values_list("patient_id", flat=True)) == {
        first.patient_id, second.patient_id,
    }  # fmt: skip
