"""Booking, moving and cancelling a slot; the plan that follows it; the prescriber's answer; the patient's sheet."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from audit.chain import verify
from audit.models import Event
from clinic import clock
from options.models import Interruption
from people.models import Privilege
from procedures import actions, plan_actions
from procedures.models import Booking, PlanStep, Room
from procedures.plans import Refused, volume
from records import actions as record_actions
from records import files
from records.facts import reading_of
from records.models import Entry
from team.models import Task

NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 3, 24, 10, tzinfo=NEW_YORK)
CHART = """
chart: 1
id: daniel-71
recorded: 2026-03-09T08:00
zone: America/New_York
person: {birth_date: 1955-01-30, sex: male, weight_kg: 80}
completeness:
  - {kind: problems, reviewed: 2026-03-09}
  - {kind: medications, reviewed: 2026-03-09}
  - {kind: allergies, reviewed: 2026-03-09}
  - {kind: devices, reviewed: 2026-03-09}
  - {kind: findings, reviewed: 2026-03-09}
  - {kind: procedures, from: 2015-01-01}
problems:
  - {id: PR-3, concept: atrial-fibrillation, since: 2021-02-01, status: active, verification: confirmed,
     attributes: {cha2ds2_vasc: 4, rheumatic_valve: "no"}}
medications:
  - {id: M-1, drug: apixaban, dose: 5 mg, every: 12 h, times: ["08:00", "20:00"], start: 2021-02-10,
     indication: atrial-fibrillation, prescriber: 'Dr A. Romero, cardiology'}
labs:
  - {id: L-1, test: creatinine, value: 1.1, unit: mg/dL, at: 2026-03-05}
request:
  - {id: R-1, therapy: epidural-steroid-injection, approach: interlaminar, region: lumbar, side: midline,
     interspaces: [L5-S1], guidance: fluoroscopy, contrast: iodinated, sedation: none,
     agents: [{drug: dexamethasone, dose: 10 mg}]}
"""
"""An epidural between the arches, class intermediate of ASRA 2018: apixaban is held 3 days, and 24 hours afterwards."""


@pytest.fixture
def operator(staff: Callable[..., Any]) -> Any:
    """A physician who may do epidurals to the end of November."""
    made = staff("physician")
    Privilege.objects.create(
        staff=made, therapy="epidural-steroid-injection", granted=date(2025, 1, 1), expires=date(2026, 11, 30),
        source="Board of 1 January 2025",
    )  # fmt: skip
    for name in ("Room 1", "Room 2"):
        Room.objects.create(name=name)
    return made


@pytest.fixture
def daniel(staff: Callable[..., Any], operator: Any) -> Any:
    """Daniel, 71, on apixaban for atrial fibrillation. Synthetic."""
    team = [operator, staff("nurse"), staff("coordinator")]
    made = record_actions.add_patient(
        team[1], record_actions.Identity(family="Weaver", given="Daniel", mrn="004 120 7713"), synthetic=True, team=team
    )
    files.bring(team[1], made, CHART.encode(), "daniel.yaml")
    made.refresh_from_db()
    return made


def booked(patient: Any, by: Any, operator: Any, at: datetime = AT, room: str = "Room 1", **more: Any) -> Booking:
    return plan_actions.book_slot(by, patient, "R-1", at, room, operator, 30, **more)[0]


def slot_form(**more: Any) -> dict[str, Any]:
    return {"seen": "", "operator": "a-physician", "minutes": 30, "pick": "2026-03-24T10:00 Room 1"} | more


def answer_form(patient: Any, page: Client, **more: Any) -> dict[str, Any]:
    context = page.get(f"/patient/{patient.handle}/plans/R-1").context
    return {
        "drug": "apixaban", "answer": "hold", "who": "Dr A. Romero, cardiology", "on": "2026-03-09",
        "booking": context["booking"].pk, "fingerprint": context["plan"].fingerprint,
    } | more  # fmt: skip


def test_a_slot_is_booked_with_its_plan_and_tasks(daniel: Any, signed_in: Callable[..., Client]) -> None:
    page = signed_in("nurse")
    answer = page.post(f"/patient/{daniel.handle}/plans/R-1/slot", slot_form(), follow=True)
    text = answer.content.decode()
    # 72 hours before Tue 24 Mar 10:00 is Sat 21 Mar 10:00; the dose before that is 08:00. 24 hours after 10:30: 20:00.
    assert "Sat 21 Mar 2026, 08:00" in text
    assert "Sat 21 Mar 2026, 10:00" in text
    assert "Wed 25 Mar 2026, 20:00" in text
    assert "108 h from last to first dose" in text
    assert "Answer awaited" in text
    ask = Task.objects.get(kind=Task.Kind.PRESCRIBER)
    assert ask.owner.username == "a-nurse"
    assert ask.due == datetime(2026, 3, 21, 8, tzinfo=NEW_YORK)
    issued = PlanStep.objects.get(kind="issued")
    assert issued.number == 1
    assert json.loads(issued.content)["format"] == "levamen.plan/1"
    assert Entry.objects.get(section="documents").fields["start"].startswith("2026-03-24T10:00")
    assert verify().holds


def test_sending_the_booking_twice_books_once(daniel: Any, signed_in: Callable[..., Client]) -> None:
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/slot"
    page.post(where, slot_form())
    again = page.post(where, slot_form(), follow=True)
    assert "The slot was changed already" in again.content.decode()
    assert Booking.objects.count() == 1


def test_a_room_is_taken_once(daniel: Any, staff: Callable[..., Any], operator: Any) -> None:
    nurse, other = staff("nurse"), staff("physician", "another")
    booked(daniel, nurse, operator)
    elsewhere = record_actions.add_patient(
        nurse, record_actions.Identity(family="Ito", given="Ken", mrn="004 120 7714"), team=[nurse]
    )
    files.bring(nurse, elsewhere, CHART.encode(), "ken.yaml")
    elsewhere.refresh_from_db()
    for minutes, taken in ((0, True), (29, True), (-29, True), (30, False), (-30, False)):
        at = AT + timedelta(minutes=minutes)
        if taken:
            with pytest.raises(actions.Taken, match="Room 1 is taken: Tue 24 Mar 2026, 10:00 to 10:30"):
                actions.book(nurse, elsewhere, "R-1", at, "Room 1", other, 30)
        else:
            made = actions.book(nurse, elsewhere, "R-1", at, "Room 1", other, 30)
            actions.cancel(nurse, made, "a trial")
    with pytest.raises(actions.Taken, match="A-Physician is in Room 1 then"):
        actions.book(nurse, elsewhere, "R-1", AT, "Room 2", operator, 30)


def test_a_missing_privilege_blocks_the_booking_and_names_who_may_grant(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    lead = staff("clinic-lead")
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/slot"
    expiring = Privilege.objects.get(staff=operator)
    for expires, status in ((date(2026, 3, 23), 409), (date(2026, 3, 24), 302)):
        expiring.expires = expires
        expiring.save()
        answer = page.post(where, slot_form())
        assert answer.status_code == status
        if status == 409:
            text = answer.content.decode()
            assert "expired on 23 Mar 2026" in text
            assert f"{lead.name} may grant it." in text
            assert not Booking.objects.exists()


def test_no_slot_is_offered_that_booking_would_refuse_for_want_of_a_privilege(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    """In force to the end of the day on which it ends; the list says from when on nothing is offered, and why."""
    lead = staff("clinic-lead")
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/slot"
    held = Privilege.objects.get(staff=operator)

    def looked(granted: date, expires: date) -> tuple[str, set[date]]:
        held.granted, held.expires = granted, expires
        held.save()
        answer = page.get(where, {"from": "2026-03-16"})
        return answer.content.decode(), {day for day, _ in answer.context["offers"]}

    _, offered = looked(date(2025, 1, 1), date(2026, 3, 27))
    assert min(offered) == date(2026, 3, 16)
    assert max(offered) == date(2026, 3, 27)
    text, offered = looked(date(2025, 1, 1), date(2026, 3, 17))
    assert offered == {date(2026, 3, 16), date(2026, 3, 17)}
    assert "Not offered from Wed 18 Mar 2026 to Fri 27 Mar 2026." in text
    assert f"expired on 17 Mar 2026. {lead.name} may grant it." in text
    assert "(privilege ended" not in text
    text, offered = looked(date(2025, 1, 1), date(2026, 3, 3))
    assert offered == set()
    assert "(privilege ended 3 Mar 2026)" in text
    assert "expired on 3 Mar 2026" in text
    assert "Nothing is free" not in text
    text, offered = looked(date(2026, 3, 27), date(2026, 12, 31))
    assert offered == {date(2026, 3, 27)}
    assert "(privilege begins 27 Mar 2026)" in text
    Privilege.objects.create(
        staff=staff("nurse"), therapy="epidural-steroid-injection", granted=date(2025, 1, 1), expires=date(2027, 1, 1),
        source="Board of 1 January 2025",
    )  # fmt: skip
    assert page.get(where, {"from": "2026-03-16"}).context["operator"] == staff("nurse"), "who may do it comes first"


@pytest.mark.parametrize("count", [1, 6])
def test_the_plans_of_a_patient_ask_the_database_as_often_for_six_slots_as_for_one(
    count: int, daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    held = Privilege.objects.get(staff=operator)
    held.minimum_per_year = 2
    held.save()
    two = [operator, staff("physician", "another")]
    for number in range(1, count + 1):
        if number > 1:
            body = {"therapy": "epidural-steroid-injection", "region": "lumbar", "approach": "interlaminar"}
            record_actions.add(operator, daniel, "request", body)
        daniel.refresh_from_db()
        start = AT + timedelta(days=number)
        actions.book(staff("nurse"), daniel, f"R-{number}", start, "Room 1", two[number % 2], 30)
    page = signed_in("nurse")
    page.get("/alive")
    with django_assert_max_num_queries(12):
        answer = page.get(f"/patient/{daniel.handle}/plans")
    rows = answer.context["rows"]
    assert [booking.operator.username for _, _, booking, _, _ in rows] == [
        two[n % 2].username for n in range(1, count + 1)
    ]
    for _, _, booking, made, _ in rows:
        reasons = {finding.reason for finding in made.plan.findings}
        assert ("volume-unknown" if booking.operator == operator else "operator-unknown") in reasons


def test_the_number_done_is_known_only_where_the_bookings_go_back_a_year(daniel: Any, operator: Any) -> None:
    held = Privilege.objects.get(staff=operator)
    held.minimum_per_year = 2
    held.save()

    def done(at: datetime) -> None:
        Booking.objects.create(
            patient=daniel, request_key="R-0", start=at, room="Room 1", operator=operator, status=Booking.Status.DONE,
            booked_at=at, therapy="epidural-steroid-injection",
        )  # fmt: skip

    done(datetime(2025, 9, 1, 10, tzinfo=UTC))
    assert volume(operator, "epidural-steroid-injection", date(2026, 3, 24)) is None
    done(datetime(2025, 10, 1, 10, tzinfo=UTC))
    assert volume(operator, "epidural-steroid-injection", date(2026, 3, 24)) == 2
    Booking.objects.filter(start__year=2025, start__month=10).delete()
    done(datetime(2025, 3, 23, 10, tzinfo=UTC))
    assert volume(operator, "epidural-steroid-injection", date(2026, 3, 24)) == 1


def test_a_time_that_is_over_is_refused(daniel: Any, staff: Callable[..., Any], operator: Any) -> None:
    with pytest.raises(Refused, match="This time is over"):
        booked(daniel, staff("nurse"), operator, at=datetime(2026, 3, 9, 8, 10, tzinfo=NEW_YORK))
    assert not Booking.objects.exists()


def test_the_answer_goes_into_the_chart_for_this_appointment(daniel: Any, operator: Any, staff: Callable[..., Any],
    signed_in: Callable[..., Client]) -> None:  # fmt: skip
    booked(daniel, staff("nurse"), operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/answer"
    said = answer_form(daniel, page)
    text = page.post(where, said, follow=True).content.decode()
    assert "Agreed on Mon 09 Mar 2026" in text
    entry = Entry.objects.filter(section="documents").order_by("-pk")[0]
    assert entry.fields | {"recorded": "", "author": ""} == {
        "kind": "prescriber-agreement", "date": "2026-03-09", "drug": "apixaban", "agrees": "hold", "request": "R-1",
        "start": AT.isoformat(), "recorded": "", "author": "",
    }  # fmt: skip
    assert entry.fields["author"] == "Dr A. Romero, cardiology"
    assert Task.objects.get(kind=Task.Kind.PRESCRIBER).outcome.startswith("settled")
    page.post(where, said)
    assert PlanStep.objects.filter(kind="answered").count() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"answer": ""}, "Say what the prescriber answered."),
        ({"answer": "maybe"}, "maybe is not one of the available choices"),
        ({"who": ""}, "Name who answered."),
        ({"on": "9.3.26"}, "Give the day as year-month-day"),
        ({"on": "2026-03-10"}, "This day has not come yet."),
        ({"on": "0001-01-01"}, "Give the day of the answer."),
    ],
)
def test_an_answer_that_says_too_little_is_refused_at_the_field(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client], change: Any, says: str
) -> None:
    booked(daniel, staff("nurse"), operator)
    page = signed_in("nurse")
    answer = page.post(f"/patient/{daniel.handle}/plans/R-1/answer", answer_form(daniel, page, **change))
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not PlanStep.objects.filter(kind="answered").exists()


def test_an_answer_to_a_plan_that_was_changed_meanwhile_is_not_recorded(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    page = signed_in("nurse")
    said = answer_form(daniel, page)
    booked(daniel, staff("coordinator"), operator, at=AT + timedelta(days=7), moved=first)
    answer = page.post(f"/patient/{daniel.handle}/plans/R-1/answer", said, follow=True)
    assert "The plan changed while you wrote" in answer.content.decode()
    assert not PlanStep.objects.filter(kind="answered").exists()


def test_moving_supersedes_and_the_earlier_answer_counts_no_more(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    plan_actions.answer(nurse, first, "apixaban", "hold", "Dr A. Romero, cardiology", date(2026, 3, 9))
    second = booked(daniel, nurse, operator, at=AT + timedelta(days=7), moved=first, why="The patient is away")
    first.refresh_from_db()
    assert first.status == Booking.Status.MOVED
    assert second.supersedes == first
    assert set(Task.objects.filter(about=f"booking {first.pk}").values_list("done_at", flat=True)) != {None}
    assert not Task.objects.filter(about=f"booking {first.pk}", done_at=None).exists()
    assert Task.objects.filter(outcome="superseded: the slot was moved").exists()
    text = signed_in("nurse").get(f"/patient/{daniel.handle}/plans/R-1").content.decode()
    assert "What changed from plan 1 to plan 2" in text
    assert "Appointment: was Tue 24 Mar 2026, 10:00, is now Tue 31 Mar 2026, 10:00." in text
    assert "Apixaban, last dose: was Sat 21 Mar 2026, 08:00, is now Sat 28 Mar 2026, 08:00." in text
    assert "does not count for this one" in text
    assert "Answer awaited" in text
    assert Task.objects.filter(about=f"booking {second.pk}", kind=Task.Kind.PRESCRIBER, done_at=None).count() == 1


def test_a_drug_that_was_stopped_for_the_earlier_slot_is_somebodys_call_today(
    daniel: Any, operator: Any, staff: Callable[..., Any]
) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    for moment, calls in (
        (datetime(2026, 3, 21, 7, 59, tzinfo=NEW_YORK), 0), (datetime(2026, 3, 21, 8, 0, tzinfo=NEW_YORK), 1),
    ):  # fmt: skip
        with clock.standing_at(moment):
            first = booked(daniel, nurse, operator, at=AT + timedelta(days=7 if not calls else 14), moved=first)
        if not calls:
            assert not Task.objects.filter(what__contains="was to be stopped").exists()
            with clock.standing_at(moment):
                first = booked(daniel, nurse, operator, moved=first)
    task = Task.objects.get(what__contains="was to be stopped")
    assert "apixaban was to be stopped from Sat 21 Mar 2026, 08:00" in task.what
    assert task.owner == nurse


def test_two_who_move_at_once_the_second_is_told(daniel: Any, operator: Any, staff: Callable[..., Any]) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    booked(daniel, nurse, operator, at=AT + timedelta(days=1), moved=first)
    with pytest.raises(actions.Gone, match="it is moved"):
        booked(daniel, nurse, operator, at=AT + timedelta(days=2), moved=first)
    with pytest.raises(actions.Gone, match="it is moved"):
        actions.cancel(nurse, first, "not needed")


def test_the_sheet_is_locked_until_the_answer_and_numbered(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/sheet"
    assert "The sheet is locked until the prescriber agrees" in page.get(where).content.decode()
    locked = page.get(f"{where}.pdf")
    assert locked.status_code == 409
    assert "locked until the answer of Dr A. Romero, cardiology is recorded" in locked.content.decode()
    plan_actions.answer(nurse, first, "apixaban", "hold", "Dr A. Romero, cardiology", date(2026, 3, 9))
    shown = page.get(where)
    assert "Sheet 1 for this visit" in shown.content.decode()
    assert page.get(f"{where}.pdf").content.startswith(b"%PDF")
    given = {"language": "en", "fingerprint": shown.context["plan"].fingerprint}
    page.post(where, given)
    page.post(where, given)
    assert PlanStep.objects.filter(kind="sheet").count() == 1
    second = booked(daniel, nurse, operator, at=AT + timedelta(days=7), moved=first)
    recall = Task.objects.get(about=f"booking {second.pk}", what="Call back patient sheet 1 and give sheet 2")
    plan_actions.answer(nurse, second, "apixaban", "hold", "Dr A. Romero, cardiology", date(2026, 3, 9))
    page.post(where, given | {"fingerprint": page.get(where).context["plan"].fingerprint})
    recall.refresh_from_db()
    assert recall.outcome == "sheet 2 given"
    assert "does not count any more" in page.get(where).content.decode()


def test_letter_and_calendar(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    booked(daniel, staff("nurse"), operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1"
    letter = page.get(f"{where}/letter")
    text = letter.content.decode()
    assert "WEAVER, Daniel, born Sun 30 Jan 1955, MRN 004 120 7713" in text
    assert "do you agree to hold it and to restart it as proposed?" in text
    assert page.get(f"{where}/letter.pdf").content.startswith(b"%PDF")
    for _ in range(2):
        page.post(f"{where}/letter", {"fingerprint": letter.context["plan"].fingerprint})
    asked = PlanStep.objects.get(kind="asked")
    assert (asked.who, asked.due) == ("Dr A. Romero, cardiology", datetime(2026, 3, 21, 8, tzinfo=NEW_YORK))
    dates = page.get(f"{where}/plan.ics")
    assert dates["Content-Type"].startswith("text/calendar")
    assert b"Last dose of apixaban" in dates.content
    assert b"WEAVER" not in dates.content
    assert page.get(f"{where}/plan.pdf").content.startswith(b"%PDF")


def test_cancelling_frees_the_slot_and_closes_what_was_to_be_done(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    page, where = signed_in("coordinator"), f"/patient/{daniel.handle}/plans/R-1/cancel"
    assert page.post(where, {"reason": "", "booking": first.pk}).status_code == 400
    page.post(where, {"reason": "The patient fell ill", "booking": first.pk})
    first.refresh_from_db()
    assert (first.status, first.reason) == ("cancelled", "The patient fell ill")
    assert not Task.objects.filter(done_at=None).exists()
    request = Entry.objects.get(section="request", key="R-1").fields
    assert not {"start", "end"} & set(request)
    assert booked(daniel, staff("nurse"), operator).status == "booked"


def test_contraindicated_asks_once_for_a_reason(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    # A particulate steroid into a cervical foramen: refused by every society of Rathmell 2015.
    entry = Entry.objects.get(section="request", key="R-1")
    cervical = {
        **{name: value for name, value in entry.fields.items() if name not in ("interspaces", "agents")},
        "approach": "transforaminal", "region": "cervical", "side": "left", "foramina": ["C5-6"],
        "agents": [{"drug": "triamcinolone", "dose": "40 mg"}],
    }  # fmt: skip
    record_actions.change(staff("nurse"), daniel, "request", "R-1", cervical, seen=entry.version)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/slot"
    stopped = page.post(where, slot_form())
    assert stopped.status_code == 409
    assert "This is contraindicated. Book it all the same?" in stopped.content.decode()
    assert not Booking.objects.exists()
    page.post(where, {"back": "yes"})
    assert Interruption.objects.get().outcome == "acted"
    short = page.post(where, slot_form(against="why not"))
    assert "Say in a few words why" in short.content.decode()
    assert not Booking.objects.exists()
    page.post(where, slot_form(against="The operator changes the steroid on the day"))
    made = Booking.objects.get()
    assert Event.objects.filter(verb="booking.against-stop").count() == 1
    stop = Interruption.objects.get()
    assert (stop.outcome, stop.why) == ("overridden", "The operator changes the steroid on the day")
    assert stop.rule == "At booking: Particulate steroid through a cervical foramen"
    moved = page.post(where, slot_form(seen=made.pk, pick="2026-03-25T10:00 Room 1"))
    assert moved.status_code == 302, "the same stop on the same record is not asked about twice"


def test_the_plan_says_when_it_cannot_be_made(
    daniel: Any, signed_in: Callable[..., Client], staff: Callable[..., Any]
) -> None:
    person = Entry.objects.get(section="person")
    record_actions.change(
        staff("nurse"), daniel, "person", "person", {"birth_date": "2010-01-30", "sex": "male"}, seen=person.version
    )
    page = signed_in("nurse")
    text = page.get(f"/patient/{daniel.handle}/plans").content.decode()
    assert "Not checked" in text
    assert "under 18" in text
    answer = page.post(f"/patient/{daniel.handle}/plans/R-1/slot", slot_form())
    assert "under 18" in answer.content.decode()
    assert not Booking.objects.exists()


def test_what_the_record_says_meanwhile_asks_for_a_new_plan(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    drug = Entry.objects.get(section="medications")
    record_actions.change(nurse, daniel, "medications", "M-1", drug.fields | {"end": "2026-03-08"}, seen=drug.version)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1"
    text = page.get(where).content.decode()
    assert "The record changed since plan 1 was issued" in text
    assert "Apixaban: no longer in the plan." in text
    page.post(f"{where}/issue")
    assert PlanStep.objects.filter(kind="issued").count() == 2
    assert not Task.objects.filter(about=f"booking {first.pk}", kind=Task.Kind.PRESCRIBER, done_at=None).exists()
    page.post(f"{where}/issue")
    assert PlanStep.objects.filter(kind="issued").count() == 2


def test_the_schedule_shows_the_day_and_what_is_free(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    booked(daniel, staff("nurse"), operator)
    page = signed_in("nurse")
    page.get("/schedule")
    with django_assert_max_num_queries(12):
        text = page.get("/schedule?day=2026-03-24").content.decode()
    assert "WEAVER, Daniel" in text
    assert "Free until 10:00" in text
    assert "Free until 17:00" in text
    week = page.get("/schedule?day=2026-03-26&view=week").content.decode()
    assert "Tue 24 Mar 2026" in week
    assert "WEAVER, Daniel" in week
    for odd in ("nonsense", "9999-12-31", "0001-01-01", "%1b", "2026-02-30"):
        assert page.get(f"/schedule?day={odd}").status_code == 200
        assert page.get(f"/patient/{daniel.handle}/plans/R-1/slot?from={odd}&who={odd}&length={odd}").status_code == 200
    assert "Nothing is booked yet" in page.get("/schedule?day=2026-04-01").content.decode()


def test_the_plan_page_asks_the_database_little(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    booked(daniel, staff("nurse"), operator)
    page = signed_in("nurse")
    page.get(f"/patient/{daniel.handle}/plans/R-1")
    with CaptureQueriesContext(connection) as asked:
        page.get(f"/patient/{daniel.handle}/plans/R-1")
    said = [row["sql"] for row in asked.captured_queries]
    reads = [one for one in said if "SAVEPOINT" not in one and "audit_" not in one]
    assert len(reads) <= 12, "\n".join(row[:120] for row in reads)


def test_rooms_are_opened_and_closed_by_leads(signed_in: Callable[..., Client], clinic: Any) -> None:
    page = signed_in("clinic-lead")
    page.post("/schedule/rooms", {"name": "Room 9", "do": "open"})
    assert Room.objects.get().closed is False
    again = page.post("/schedule/rooms", {"name": "Room 9", "do": "open"})
    assert "open already" in again.content.decode()
    page.post("/schedule/rooms", {"name": "Room 9", "do": "close"})
    assert Room.objects.get().closed is True
    assert page.post("/schedule/rooms", {"name": " "}).status_code == 400
    assert signed_in("nurse").get("/schedule/rooms").status_code == 403


def test_the_preparation_call_keeps_not_asked_apart_from_no(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1/preparation"
    page.post(where, {"booking": first.pk, "driver": "not asked", "infection": "not asked"})
    assert not PlanStep.objects.filter(kind="call").exists()
    page.post(where, {"booking": first.pk, "driver": "no", "infection": "not asked", "new_medicines": "<b>"})
    assert PlanStep.objects.get(kind="call").said == {"driver": "no"}


def test_what_was_heard_at_the_call_becomes_somebodys_task(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    said = {"booking": first.pk, "driver": "yes", "infection": "yes", "new_medicines": "no", "last_dose": "no"}
    signed_in("nurse").post(f"/patient/{daniel.handle}/plans/R-1/preparation", said)
    found = Task.objects.filter(kind=Task.Kind.FINDING).order_by("pk")
    assert [task.what.partition(",")[0] for task in found] == ["Ask about fever", "Ask when the last dose was taken"]
    assert {(task.owner.username, task.due) for task in found} == {("a-nurse", AT)}


def test_where_the_plan_proposes_no_times_a_yes_names_them(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    # A block of the medial branches is class low of ASRA 2018: whether apixaban is held is decided together.
    entry = Entry.objects.get(section="request", key="R-1")
    Privilege.objects.create(
        staff=operator, therapy="medial-branch-block", granted=date(2025, 1, 1), expires=date(2026, 11, 30), source="B"
    )
    block = {"therapy": "medial-branch-block", "purpose": "diagnostic", "region": "lumbar", "side": "left",
             "joints": ["L4-5"], "guidance": "fluoroscopy", "sedation": "none"}  # fmt: skip
    record_actions.change(staff("nurse"), daniel, "request", "R-1", block, seen=entry.version)
    booked(daniel, staff("nurse"), operator)
    ask = Task.objects.get(kind=Task.Kind.PRESCRIBER)
    assert ask.due == AT - timedelta(hours=24), "the plan names no time, so the day before"
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1"
    text = page.get(where).content.decode()
    assert "May be held, at the times they name" in text
    assert "stop and restart as proposed" not in text
    refused = page.post(f"{where}/answer", answer_form(daniel, page))
    assert "write down the last dose and the restart that they named" in refused.content.decode()
    page.post(f"{where}/answer", answer_form(daniel, page, answer="continue"))
    assert "Must not be stopped, said on Mon 09 Mar 2026" in page.get(where).content.decode()


def test_a_question_that_the_record_answers_meanwhile_is_settled(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    nurse = staff("nurse")
    reviewed = next(row for row in Entry.objects.filter(section="completeness") if row.fields["kind"] == "allergies")
    record_actions.strike(nurse, daniel, "completeness", reviewed.key, seen=reviewed.version, reason="not done")
    first = booked(daniel, nurse, operator)
    asked = Task.objects.filter(about=f"booking {first.pk}", kind=Task.Kind.ASK, done_at=None)
    before = set(asked.values_list("origin", flat=True))
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1"
    assert "Bring up to date" not in page.get(where).content.decode()
    record_actions.add(nurse, daniel, "completeness", {"kind": "allergies", "reviewed": "2026-03-09"})
    assert "Bring up to date" in page.get(where).content.decode()
    page.post(f"{where}/issue")
    settled = before - set(asked.values_list("origin", flat=True))
    assert len(settled) == 1, "five things about allergies, one act"
    assert Task.objects.get(origin=settled.pop()).outcome.startswith("settled")
    assert "Bring up to date" not in page.get(where).content.decode()


def test_no_answer_by_its_due_time_releases_the_slot(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans/R-1"
    plan_actions.ask(staff("nurse"), first, page.get(where).context["plan"], "apixaban", "Dr A. Romero, cardiology")
    for moment, told in ((datetime(2026, 3, 21, 7, 59, tzinfo=NEW_YORK), False),
                         (datetime(2026, 3, 21, 8, 0, tzinfo=NEW_YORK), True)):  # fmt: skip
        with clock.standing_at(moment):
            text = page.get(where).content.decode()
        assert ("No answer came by Sat 21 Mar 2026, 08:00." in text) == told


def test_from_an_option_to_its_slot_or_its_plan(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plan-it/R-1"
    assert page.get(where)["Location"].endswith("/plans/R-1/slot")
    booked(daniel, staff("nurse"), operator)
    assert page.get(where)["Location"].endswith("/plans/R-1")


def test_what_the_checklist_of_the_day_asks_is_nobodys_task_before(
    daniel: Any, operator: Any, staff: Callable[..., Any]
) -> None:
    # Planned on the day itself, blood pressure and fever are not known yet; they are asked at check-in.
    booked(daniel, staff("nurse"), operator, at=datetime(2026, 3, 9, 15, tzinfo=NEW_YORK))
    assert not Task.objects.filter(what__icontains="blood pressure").exists()
    assert not Task.objects.filter(what__icontains="fever").exists()


def test_once_its_time_has_come_the_plan_is_shown_as_it_stood(
    daniel: Any, operator: Any, staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    first = booked(daniel, staff("nurse"), operator)
    page, where = signed_in("nurse"), f"/patient/{daniel.handle}/plans"
    for minutes, begun in ((-1, False), (0, True), (20, True)):
        with clock.standing_at(AT + timedelta(minutes=minutes)):
            text = page.get(f"{where}/R-1").content.decode()
            assert ("The time of this slot has come" in text) == begun
            assert "Not checked" not in text
    Booking.objects.filter(pk=first.pk).update(status=Booking.Status.DONE)
    with clock.standing_at(AT + timedelta(days=1)):
        text = page.get(where).content.decode()
    assert "The time of this appointment is over" in text
    assert "--as-of" not in text


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "2026-03-24T10:00",
        "9999-12-31T23:50 Room 1",
        "2026-13-40T10:00 Room 1",
        "x" * 5000,
        "2026-03-24T10:00 Room 7",
    ],
)
def test_a_slot_that_is_none_is_refused_in_words(
    daniel: Any, operator: Any, signed_in: Callable[..., Client], bad: str
) -> None:
    answer = signed_in("nurse").post(f"/patient/{daniel.handle}/plans/R-1/slot", slot_form(pick=bad))
    assert answer.status_code == 409
    assert "Not booked" in answer.content.decode()
    assert not Booking.objects.exists()


def test_what_was_recorded_reads_as_the_library_reads_it(daniel: Any, operator: Any, staff: Callable[..., Any]) -> None:
    nurse = staff("nurse")
    first = booked(daniel, nurse, operator)
    plan_actions.answer(nurse, first, "apixaban", "continue", "Dr A. Romero, cardiology", date(2026, 3, 9))
    reading = reading_of(daniel)
    assert reading.balance.rejected == 0
    held = [fact for fact in reading.record.facts if getattr(fact, "kind", None) == "prescriber-agreement"]
    assert [(fact.agrees, fact.start.at) for fact in held] == [("continue", AT)]
