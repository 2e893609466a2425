"""Tasks, referrals and the care team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def queries(ask: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()  # the strip of the banner is worked out once for each state of the record
    with CaptureQueriesContext(connection) as found:
        assert ask().status_code == 200
    return sum("SAVEPOINT" not in row["sql"] for row in found.captured_queries)


def page(held: Any, what: str = "") -> str:
    return f"/patient/{held.handle}/team{what}"


@pytest.fixture
def given(patient: Any, staff: Any) -> Any:
    """A patient with a task of the nurse that is due today at 17."""
    from clinic.clock import now
    from team.actions import give

    held = patient()
    return held, give(staff("physician"), held, "other", "Ask for the films", owner=staff("nurse"), due=now())


def test_a_task_is_on_its_owners_list_until_it_is_closed_with_what_came_of_it(given: Any, signed_in: Any) -> None:
    held, task = given
    client = signed_in("nurse")
    assert "Ask for the films" in client.get("/tasks").content.decode()
    assert "Ask for the films" not in signed_in("physician").get("/tasks").content.decode()
    address = page(held, f"/task/{task.pk}")
    assert client.post(address, {"act": "close", "outcome": ""}).status_code == 400
    assert (
        client.post(address, {"act": "close", "outcome": "They come by post", "back": "tasks"})["Location"] == "/tasks"
    )
    assert "Ask for the films" not in client.get("/tasks").content.decode()
    again = client.post(address, {"act": "close", "outcome": "Something else"}, follow=True).content.decode()
    assert "closed before: They come by post" in again
    task.refresh_from_db()
    assert task.outcome == "They come by post"


def test_a_task_is_handed_over_within_the_care_team_alone(given: Any, signed_in: Any, staff: Any) -> None:
    held, task = given
    outside = staff("nurse", "somebody-else")
    client, address = signed_in("nurse"), page(held, f"/task/{task.pk}")
    assert client.post(address, {"act": "hand-over", "owner": outside.pk}).status_code == 400
    assert client.post(address, {"act": "hand-over", "owner": staff("coordinator").pk}).status_code == 302
    task.refresh_from_db()
    assert task.owner == staff("coordinator")


def test_what_waits_for_a_role_is_on_the_list_of_those_to_whom_the_patient_opens(
    patient: Any, signed_in: Any, staff: Any
) -> None:
    from team.actions import give

    give(None, patient(), "flag", "Fever after a block", role="nurse")
    assert "Nobody has taken it" in signed_in("nurse").get("/tasks").content.decode()
    assert "Fever after" not in signed_in("nurse", "other-team").get("/tasks").content.decode()
    assert "Fever after" not in signed_in("coordinator").get("/tasks").content.decode()


def test_a_task_of_another_patient_does_not_open_here(given: Any, signed_in: Any, patient: Any) -> None:
    _, task = given
    other = patient(family="Other")
    assert signed_in("nurse").get(page(other, f"/task/{task.pk}")).status_code == 404


def test_a_task_sent_twice_is_given_once(patient: Any, signed_in: Any, staff: Any) -> None:
    from team.models import Task

    held, client = patient(), signed_in("nurse")
    for _ in range(2):
        client.post(
            page(held, "/task"),
            {"what": "Call the pharmacy", "kind": "call", "owner": staff("nurse").pk, "due": "2026-03-10"},
        )
    assert Task.objects.filter(patient=held).count() == 1


REFERRAL = {
    "kind": "physical-therapy", "to": "Riverside Physical Therapy", "question": "Six weeks of graded exercise",
    "region": "lumbar", "due": "2026-03-30",
}  # fmt: skip


def refer(client: Any, held: Any, **said: str) -> Any:
    from team.models import Referral

    done = client.post(page(held, "/referral"), REFERRAL | said)
    assert done.status_code == 302, done.content.decode()
    return Referral.objects.get(patient=held)


def test_a_course_that_goes_on_is_asked_for_again_and_its_result_is_in_the_record(patient: Any, signed_in: Any) -> None:
    """One entry of `care`, in two versions: eight visits and going on, then twelve visits with the result."""
    from records.facts import reading_of
    from records.models import Entry

    held, client = patient("facet-one-block"), signed_in("nurse")
    before = set(Entry.objects.filter(patient=held, section="care").values_list("key", flat=True))
    made = refer(client, held)
    address = page(held, f"/referral/{made.pk}")
    client.post(address, {"act": "book", "seen": 1, "first_visit": "2026-03-12"})
    made.refresh_from_db()
    assert (made.status, made.version) == ("booked", 2)
    assert 'value="2026-03-12"' in client.get(address).content.decode()
    part = {"act": "answer", "seen": 2, "start": "2026-02-02", "sessions": "8", "answer": "Walks further"}
    assert client.post(address, part).status_code == 400
    assert client.post(address, part | {"next": "2026-04-20"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.due.isoformat()) == ("running", "2026-04-20")
    whole = part | {"seen": 3, "sessions": "12", "end": "2026-03-06", "response": "inadequate"}
    assert client.post(address, whole | {"stopped_because": "completed"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "answered"
    (key,) = set(Entry.objects.filter(patient=held, section="care").values_list("key", flat=True)) - before
    assert Entry.objects.get(patient=held, section="care", key=key).version == 2
    fact = next(row for row in reading_of(held).record.facts if row.id == key)
    assert (fact.therapy, fact.sessions, fact.response) == ("physical-therapy", 12, "inadequate")


def test_an_evaluation_comes_back_into_the_evaluations(patient: Any, signed_in: Any) -> None:
    from records.models import Entry

    held, client = patient(), signed_in("coordinator")
    made = refer(client, held, kind="psychological-evaluation", to="Dr Ada Lind", question="Before a trial")
    address = page(held, f"/referral/{made.pk}")
    said = {"act": "answer", "seen": 1, "date": "2026-03-05", "by": "clinical-psychologist", "conclusion": "suitable"}
    assert client.post(address, said | {"conclusion": ""}).status_code == 400
    assert client.post(address, said | {"date": "some day"}).status_code == 400
    assert client.post(address, said).status_code == 302
    made.refresh_from_db()
    body = Entry.objects.get(patient=held, section="evaluations", key=made.entry).fields
    assert (body["kind"], body["conclusion"], body["by"]) == ("psychological", "suitable", "clinical-psychologist")


def test_two_who_answer_at_once_do_not_overwrite_one_another(patient: Any, signed_in: Any) -> None:
    from records.models import Entry

    held, client = patient(), signed_in("nurse")
    made = refer(client, held, kind="psychological-evaluation", question="Before a trial")
    address = page(held, f"/referral/{made.pk}")
    said = {"act": "answer", "seen": 1, "date": "2026-03-05", "by": "clinical-psychologist", "conclusion": "suitable"}
    client.post(address, said)
    told = client.post(address, said | {"conclusion": "unsuitable"}, follow=True).content.decode()
    assert "Somebody changed this referral in between" in told
    bodies = [row.fields for row in Entry.objects.filter(patient=held, section="evaluations")]
    assert "unsuitable" not in [body.get("conclusion") for body in bodies]


def test_an_answer_that_is_overdue_becomes_one_task_and_the_answer_closes_it(
    patient: Any, signed_in: Any, staff: Any
) -> None:
    """Expected by 30 March: not overdue on that day, overdue on the next."""
    from clinic import clock
    from team.models import Task
    from team.referrals import remind

    held, client = patient(), signed_in("nurse")
    made = refer(client, held, kind="psychological-evaluation", question="Before a trial")
    with clock.standing_at(clock.now() + timedelta(days=21)):
        assert remind() == 0
    with clock.standing_at(clock.now() + timedelta(days=22)):
        assert remind() == 1
        assert remind() == 0
        task = Task.objects.get(patient=held)
        assert task.owner == staff("coordinator")
        assert "Answer overdue" in client.get(page(held)).content.decode()
        said = {"act": "answer", "seen": made.version, "date": "2026-03-05", "by": "clinical-psychologist"}
        client.post(page(held, f"/referral/{made.pk}"), said | {"conclusion": "suitable"})
    task.refresh_from_db()
    assert task.outcome == "The answer came"


def test_a_referral_sent_twice_is_one(patient: Any, signed_in: Any) -> None:
    held, client = patient(), signed_in("nurse")
    refer(client, held)
    refer(client, held)


def test_coordinators_put_into_the_team_and_tasks_are_handed_over_before_somebody_leaves(
    given: Any, signed_in: Any, staff: Any
) -> None:
    held, task = given
    new = staff("nurse", "new-nurse")
    assert signed_in("nurse").post(page(held, "/member"), {"member": new.pk}).status_code == 403
    client = signed_in("coordinator")
    assert client.post(page(held, "/member"), {"member": new.pk}).status_code == 302
    assert held.team.filter(staff=new).exists()
    told = client.post(page(held, "/member/a-nurse/leave"), follow=True).content.decode()
    assert "hand them over first" in told
    client.post(page(held, f"/task/{task.pk}"), {"act": "hand-over", "owner": new.pk})
    client.post(page(held, "/member/a-nurse/leave"))
    assert not held.team.filter(staff=staff("nurse")).exists()


def test_the_pages_take_at_most_twelve_queries(given: Any, signed_in: Any) -> None:
    held, _ = given
    client = signed_in("nurse")
    refer(client, held)
    assert queries(lambda: client.get(page(held))) <= 12
    assert queries(lambda: client.get("/tasks")) <= 12


def test_an_empty_page_says_that_nothing_recorded_is_not_nothing(patient: Any, signed_in: Any) -> None:
    said = signed_in("nurse").get(page(patient())).content.decode()
    assert "Nobody was asked" in said
    assert "No task is open" in said


def test_a_signature_is_given_and_its_task_is_not_put_away(patient: Any, signed_in: Any, staff: Any) -> None:
    """The task leads to what is signed; closing it without signing would leave an unsigned decision on no list."""
    from team.actions import give

    held = patient()
    task = give(staff("nurse"), held, "sign", "Second signature", role="physician", about="decision 7")
    client, address = signed_in("physician"), page(held, f"/task/{task.pk}")
    shown = client.get(address).content.decode()
    assert f'href="/patient/{held.handle}/decisions/7"' in shown
    assert "Close the task" not in shown
    answer = client.post(address, {"act": "close", "outcome": "Put away"}, follow=True).content.decode()
    assert "It closes when it is signed" in answer
    task.refresh_from_db()
    assert task.done_at is None


@pytest.mark.parametrize("about", ["", "decision", "decision seven", "elsewhere 7", "booking 7/../../8"])
def test_a_task_about_nothing_that_opens_has_no_link(patient: Any, signed_in: Any, staff: Any, about: str) -> None:
    from team.actions import give

    held = patient()
    task = give(staff("nurse"), held, "other", "Ask again", owner=staff("nurse"), about=about)
    shown = signed_in("nurse").get(page(held, f"/task/{task.pk}"))
    assert shown.status_code == 200
    assert "Open what it is about" not in shown.content.decode()
