"""A call after a procedure: warning signs first, nothing lost, nothing done twice, not asked is never no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from follow_up.dues import renew
from follow_up.models import Attempt, Call, Due
from people.models import Staff
from records import actions
from records.facts import reading_of
from records.models import Entry
from team.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(patient: Callable[..., Any]) -> Any:
    """Somebody with one block on record."""
    return patient()


@pytest.fixture
def address(held: Any) -> str:
    return f"/patient/{held.handle}/follow-up/P-1/call/day-1"


@pytest.fixture
def nurse(signed_in: Callable[..., Client]) -> Client:
    return signed_in("nurse")


def every(word: str, client: Client, address: str) -> dict[str, str]:
    """An answer to every question of the page, with the same word for each warning sign."""
    found = {}
    for line in client.get(address).context["lines"]:
        kind = line.asked.kind
        found[f"q.{line.asked.id}"] = {"flag": word, "events": "no", "scale": "3", "next": "yes"}.get(kind, word)
    return found


def test_a_look_begins_nothing(nurse: Client, address: str, held: Any) -> None:
    page = nurse.get(address)
    assert page.status_code == 200
    assert page.context["lines"][0].asked.kind == "flag"
    assert not Call.objects.exists()
    kinds = [line.asked.kind for line in page.context["lines"]]
    assert kinds == sorted(kinds, key=lambda kind: kind != "flag")


def test_a_call_without_a_sign_writes_what_was_learnt(nurse: Client, address: str, held: Any) -> None:
    response = nurse.post(address, every("no", nurse, address) | {"action": "finish"})
    assert response.status_code == 302
    call = Call.objects.get()
    assert call.status == Call.Status.DONE
    relief = Entry.objects.get(patient=held, section="procedures", key="P-1").fields["relief"]
    assert (str(relief[-1]["scale"]), int(relief[-1]["before"]), int(relief[-1]["after"])) == ("nrs", 8, 3)
    closed = [
        row.fields
        for row in Entry.objects.filter(patient=held, section="completeness")
        if row.fields["kind"] == "events"
    ]
    assert [(row["from"], row["to"]) for row in closed] == [("2026-02-12", "2026-03-09")]
    assert not reading_of(held).balance.rejected
    nurse.post(address, every("no", nurse, address) | {"action": "finish"})
    assert len(Entry.objects.get(patient=held, section="procedures", key="P-1").fields["relief"]) == 2


def test_not_asked_closes_nothing(nurse: Client, address: str, held: Any) -> None:
    nurse.post(address, every("not-asked", nurse, address) | {"action": "finish"})
    assert Call.objects.get().status == Call.Status.DONE
    kinds = [row.fields["kind"] for row in Entry.objects.filter(patient=held, section="completeness")]
    assert "events" not in kinds
    assert not Entry.objects.filter(patient=held, section="events").exists()


def test_a_call_does_not_end_with_an_open_question(nurse: Client, address: str) -> None:
    said = every("no", nurse, address)
    said.pop("q.infection")
    page = nurse.post(address, said | {"action": "finish"})
    assert page.status_code == 400
    assert b"Say yes, no or not asked." in page.content
    call = Call.objects.get()
    assert call.finished is None
    assert call.answers.filter(question="hematoma").get().word == "no"
    assert not call.answers.filter(question="infection").exists()


def test_a_warning_sign_is_raised_at_once_and_closes_the_rest(nurse: Client, address: str, held: Any) -> None:
    answer = nurse.post(address, {"action": "keep", "q.hematoma": "yes"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    task = Task.objects.get(kind=Task.Kind.FLAG)
    assert task.owner is not None
    assert task.owner.role == "physician"
    assert task.due == clock.now()
    event = Entry.objects.get(patient=held, section="events").fields
    assert (event["procedure"], event["ascertainment"], event["asked"]) == ("P-1", "asked", "2026-03-09")
    page = nurse.get(address)
    assert b"Warning sign: call 911" in page.content
    assert b"emergency MRI" in page.content
    assert b'name="q.infection"' not in page.content
    nurse.post(address, {"action": "keep", "q.hematoma": "yes", "q.infection": "no"})
    assert Task.objects.filter(kind=Task.Kind.FLAG).count() == 1
    assert not Call.objects.get().answers.filter(question="infection").exists()
    refused = nurse.post(address, {"action": "raised", "told": ""})
    assert refused.status_code == 400
    assert nurse.post(address, {"action": "raised", "told": "Called 911 with her; Dr told at 08:12"}).status_code == 302
    assert Call.objects.get().finished is not None
    assert Task.objects.get(kind=Task.Kind.FLAG).done_at is None


def test_a_slip_is_taken_back_with_its_reason(nurse: Client, address: str, held: Any) -> None:
    nurse.post(address, {"action": "keep", "q.infection": "yes"})
    nurse.post(address, {"action": "take-back", "reason": "pressed the wrong key"})
    call = Call.objects.get()
    assert (call.status, call.raised) == (Call.Status.OPEN, "")
    assert Task.objects.get(kind=Task.Kind.FLAG).outcome == "Noted by mistake: pressed the wrong key"
    assert Entry.objects.get(patient=held, section="events").struck
    nurse.post(address, {"action": "keep", "q.infection": "yes"})
    assert Task.objects.filter(kind=Task.Kind.FLAG, done_at=None).count() == 1


def test_a_call_goes_on_where_it_stopped(nurse: Client, address: str) -> None:
    nurse.post(address, {"action": "keep", "q.hematoma": "no"})
    nurse.post(address, {"action": "attempt", "outcome": "dropped"})
    chosen = {line.asked.id: line.word for line in nurse.get(address).context["lines"]}
    assert chosen["hematoma"] == "no"
    assert chosen["infection"] == ""


@pytest.mark.parametrize("outcome", [Attempt.Outcome.NO_ANSWER, Attempt.Outcome.SOMEBODY_ELSE])
def test_after_three_tries_a_physician_decides_the_next_route(nurse: Client, address: str, outcome: str) -> None:
    for number in range(3):
        assert Task.objects.filter(kind=Task.Kind.CALL).count() == 0, number
        nurse.post(address, {"action": "attempt", "outcome": outcome, "whom": "her husband", "said": "she sleeps"})
    task = Task.objects.get(kind=Task.Kind.CALL)
    assert task.owner is not None
    assert task.owner.role == "physician"
    assert Call.objects.get().finished is None
    nurse.post(address, {"action": "attempt", "outcome": outcome})
    assert Task.objects.filter(kind=Task.Kind.CALL).count() == 1


def test_two_on_one_call_do_not_overwrite_each_other(
    signed_in: Callable[..., Client], nurse: Client, address: str
) -> None:
    nurse.post(address, {"action": "keep", "q.hematoma": "no"})
    doctor = signed_in("physician")
    page = doctor.post(address, {"action": "keep", "q.hematoma": "yes"}, follow=True)
    assert b"is on this call" in page.content
    assert Call.objects.get().answers.get().word == "no"
    doctor.post(address, {"action": "take-over"})
    doctor.post(address, {"action": "keep", "q.infection": "no"})
    assert {row.question for row in Call.objects.get().answers.all()} == {"hematoma", "infection"}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"q.relief": "11"}, b"Write a number from 0 to 10"),
        ({"q.relief": "NaN"}, b"Write a number from 0 to 10"),
        ({"q.other-events": "yes"}, b"Choose what it was"),
        ({"q.other-events": "yes", "event.kind": "other"}, b"Write in a few words"),
        ({"q.next-contact": "no", "next_at": "2026-03-01T10:00"}, b"after now, within 60 days"),
        ({"q.hematoma": "maybe"}, b"Say yes, no or not asked."),
    ],
)
def test_what_is_wrong_is_said_at_its_question(nurse: Client, address: str, sent: dict[str, str], told: bytes) -> None:
    page = nurse.post(address, every("no", nurse, address) | sent | {"action": "finish"})
    assert page.status_code == 400
    assert told in page.content
    assert Call.objects.get().finished is None


def test_an_event_that_was_asked_for_is_told_as_such(nurse: Client, address: str, held: Any) -> None:
    sent = {
        "q.other-events": "yes",
        "event.kind": "pain-flare",
        "event.severity": "mild",
        "n.other-events": "two bad days",
    }
    nurse.post(address, every("no", nurse, address) | sent | {"action": "finish"})
    event = Entry.objects.get(patient=held, section="events").fields
    assert (event["kind"], event["severity"], event["ascertainment"]) == ("pain-flare", "mild", "asked")


def test_the_next_call_is_moved_to_the_hour_agreed(nurse: Client, address: str, held: Any) -> None:
    entry = Entry.objects.get(patient=held, section="procedures", key="P-1")
    actions.change(
        Staff.objects.get(username="a-nurse"), held, "procedures", "P-1",
        {"therapy": "medial-branch-block", "date": "2026-03-08", "region": "lumbar", "side": "right",
         "joints": ["L3-4", "L4-5"], "purpose": "diagnostic", "operator": "a-physician"},
        seen=entry.version,
    )  # fmt: skip
    renew(held)
    week = Due.objects.get(kind=Due.Kind.CALL, what="week-1")
    assert week.due.date() - timedelta(days=7) == clock.now().date() - timedelta(days=1)
    nurse.post(
        address,
        every("no", nurse, address) | {"q.next-contact": "no", "next_at": "2026-03-16T10:30", "action": "finish"},
    )
    week.refresh_from_db()
    assert week.due.isoformat() == "2026-03-16T14:30:00+00:00"
    renew(held)
    week.refresh_from_db()
    assert week.due.isoformat() == "2026-03-16T14:30:00+00:00"
    assert Due.objects.get(kind=Due.Kind.CALL, what="day-1").done is not None


def test_the_page_asks_the_database_little(
    nurse: Client, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    nurse.post(address, {"action": "keep", "q.hematoma": "no"})
    nurse.get(address)  # the message of the post is shown once
    with django_assert_max_num_queries(24) as asked:
        nurse.get(address)
    reads = [row for row in asked.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(reads) <= 12, "\n".join(row["sql"][:60] for row in reads)


def test_coordinators_do_not_make_the_call(signed_in: Callable[..., Client], address: str) -> None:
    assert signed_in("coordinator").get(address).status_code == 403


@pytest.mark.parametrize(
    ("spoken", "told"),
    [("es", "Translation not reviewed by a clinician"), ("vi", "an interpreter is needed"), ("", "Language not known")],
)
def test_the_language_of_the_patient_is_said(nurse: Client, address: str, held: Any, spoken: str, told: str) -> None:
    person = Entry.objects.get(patient=held, section="person")
    body = dict(person.fields) | ({"language": spoken} if spoken else {})
    actions.change(Staff.objects.get(username="a-nurse"), held, "person", "person", body, seen=person.version)
    page = nurse.get(address).content.decode()
    assert told in page
    assert ('lang="es"' in page) == (spoken == "es")


@pytest.fixture
def thinned(held: Any, staff: Callable[..., Any]) -> str:
    """The same with a blood thinner on the list: the call asks for its restart."""
    body = {"drug": "apixaban", "dose": "5 mg", "every": "12 h", "start": "2025-01-01"}
    return str(actions.add(staff("nurse"), held, "medications", body).key)


@pytest.mark.usefixtures("thinned")
def test_a_medicine_that_was_never_stopped_is_no_missed_restart(nurse: Client, address: str, held: Any) -> None:
    said = every("no", nurse, address)
    assert "q.restart" in said
    nurse.post(address, said | {"q.restart": "not-stopped", "action": "finish"})
    assert not Task.objects.filter(kind=Task.Kind.FINDING).exists()
    assert Call.objects.get().finished is not None


@pytest.mark.usefixtures("thinned")
def test_a_medicine_that_was_not_started_again_is_a_physicians_task(nurse: Client, address: str) -> None:
    nurse.post(address, every("no", nurse, address) | {"q.restart": "no", "action": "finish"})
    task = Task.objects.get(kind=Task.Kind.FINDING)
    assert task.owner is not None
    assert task.owner.role == "physician"


def test_not_stopped_answers_no_other_question(nurse: Client, address: str) -> None:
    page = nurse.post(address, every("no", nurse, address) | {"q.hematoma": "not-stopped", "action": "finish"})
    assert page.status_code == 400
    assert not Call.objects.get().answers.filter(question="hematoma").exists()


def test_the_first_dose_after_the_procedure_is_kept_with_its_hour(
    nurse: Client, address: str, held: Any, thinned: str
) -> None:
    said = every("no", nurse, address) | {"q.restart": "yes", "action": "finish"}
    wrong = nurse.post(address, said | {f"restart.{thinned}": "2026-03-10T08:00"})
    assert b"it lies before now" in wrong.content
    nurse.post(address, said | {f"restart.{thinned}": "2026-03-08T20:00"})
    fields = Entry.objects.get(patient=held, section="medications", key=thinned).fields
    assert fields["last_dose"] == "2026-03-08T20:00:00-04:00"
    assert not reading_of(held).balance.rejected
