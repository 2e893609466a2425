"""What asking today would settle, and the answer with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.models import Event
from options.asking import to_ask
from options.assessed import assessed
from records import actions
from records.models import Entry

pytestmark = pytest.mark.django_db
Maker = Callable[..., Any]


def asks(someone: Any) -> dict[str, Any]:
    return {row.id: row for row in to_ask(assessed(someone).questions)}


def test_every_missing_fact_says_which_verdicts_wait(patient: Maker) -> None:
    found = asks(patient())
    assert found
    assert all(row.waits and row.count == len(row.waits) for row in found.values())
    counts = [row.count for row in to_ask(assessed(patient(family="Other")).questions)]
    assert counts == sorted(counts, reverse=True)


def test_a_list_gone_through_is_not_asked_again(patient: Maker, signed_in: Maker) -> None:
    someone = patient()
    reviews = [id for id, row in asks(someone).items() if row.way == "review"]
    assert reviews
    response = signed_in("nurse").post(f"/patient/{someone.handle}/answer", {"ask": reviews[0], "answer": "reviewed"})
    assert response.status_code == 302
    someone.refresh_from_db()
    assert reviews[0] not in asks(someone)
    entry = Entry.objects.filter(patient=someone, section="completeness", concept=reviews[0]).order_by("-pk")[0]
    assert entry.fields["reviewed"] == "2026-03-09"
    assert Event.objects.filter(patient=someone, verb="entry.added", about=f"completeness {entry.key}").exists()


@pytest.mark.parametrize("said", ["yes", "no", "unknown"])
def test_a_question_keeps_the_answer_that_was_given(patient: Maker, signed_in: Maker, said: str) -> None:
    """Not sure stays not sure: it never becomes no."""
    someone = patient()
    signed_in("nurse").post(f"/patient/{someone.handle}/answer", {"ask": "contrast-allergy", "answer": said})
    entry = Entry.objects.get(patient=someone, section="completeness", concept="contrast-allergy")
    assert entry.fields["answer"] == said


def test_sent_twice_is_written_once(patient: Maker, signed_in: Maker) -> None:
    someone, client = patient(), signed_in("nurse")
    for _ in range(2):
        client.post(f"/patient/{someone.handle}/answer", {"ask": "contrast-allergy", "answer": "no"})
    assert Entry.objects.filter(patient=someone, section="completeness", concept="contrast-allergy").count() == 1


@pytest.mark.parametrize(
    "said",
    [{}, {"ask": "contrast-allergy"}, {"ask": "contrast-allergy", "answer": "maybe"}, {"ask": "x", "answer": "no"}],
)
def test_what_is_no_answer_is_not_written(patient: Maker, signed_in: Maker, said: dict[str, str]) -> None:
    someone = patient()
    before = Entry.objects.filter(patient=someone).count()
    assert signed_in("nurse").post(f"/patient/{someone.handle}/answer", said).status_code == 302
    assert Entry.objects.filter(patient=someone).count() == before


def test_a_look_changes_nothing(patient: Maker, signed_in: Maker) -> None:
    assert signed_in("nurse").get(f"/patient/{patient().handle}/answer").status_code == 405


def test_a_therapy_is_considered_at_the_target_of_another(patient: Maker, signed_in: Maker) -> None:
    someone, client = patient(), signed_in("nurse")
    said = {"therapy": "medial-branch-radiofrequency-ablation", "target": "R-1"}
    before = Entry.objects.filter(patient=someone, section="request").count()
    for _ in range(2):
        client.post(f"/patient/{someone.handle}/options/consider", said | {"therapy": "acupuncture"})
    made = Entry.objects.filter(patient=someone, section="request", therapy="acupuncture")
    assert made.count() == 1
    assert Entry.objects.filter(patient=someone, section="request").count() == before + 1
    model = Entry.objects.get(patient=someone, section="request", key="R-1").fields
    assert made[0].fields["region"] == model["region"]
    assert "joints" not in made[0].fields, "acupuncture is not aimed at a joint"


def test_a_therapy_that_must_be_aimed_is_not_written_without_its_place(patient: Maker, signed_in: Maker) -> None:
    """An entry that the library cannot read is never stored: it would make the whole record unreadable."""
    someone, client = patient(), signed_in("nurse")
    for therapy in (
        "medial-branch-block",
        "spinal-cord-stimulation-trial",
        "genicular-radiofrequency-ablation",
        "exercise",
    ):
        client.post(f"/patient/{someone.handle}/options/consider", {"therapy": therapy, "target": "R-1"})
        client.post(f"/patient/{someone.handle}/options/consider", {"therapy": therapy, "target": ""})
    assert client.get(f"/patient/{someone.handle}/options").status_code == 200


def test_a_record_that_cannot_be_read_says_which_entry_and_clears_nothing(
    patient: Maker, staff: Maker, signed_in: Maker
) -> None:
    someone = patient()
    actions.add(staff("nurse"), someone, "request", {"therapy": "acupuncture", "joints": ["L4-5"]})
    for page in ("", "/options", "/options/R-1", "/options/R-1/decide", "/options/compare?one=R-1&other=R-2"):
        response = signed_in().get(f"/patient/{someone.handle}{page}")
        assert response.status_code == 409
        assert b"Nothing here is cleared" in response.content
        assert b"acupuncture" in response.content


def test_what_is_missing_of_an_entry_is_written_into_that_entry(patient: Maker, signed_in: Maker) -> None:
    """A second pain, or a second payer, would not complete the first: the link opens the entry that lacks it."""
    someone = patient()
    pain = Entry.objects.get(patient=someone, section="pain")
    said = {name: value for name, value in pain.fields.items() if name != "pattern"}
    actions.change(None, someone, "pain", pain.key, said, seen=pain.version)
    payer = Entry.objects.get(patient=someone, section="payer")
    actions.change(None, someone, "payer", payer.key, {"kind": "medicare"}, seen=payer.version)
    someone.refresh_from_db()
    page = signed_in("nurse").get(f"/patient/{someone.handle}").content.decode()
    assert f"/patient/{someone.handle}/record/pain/{pain.key}/edit" in page
    assert f"/patient/{someone.handle}/record/payer/{payer.key}/edit" in page
    assert f"/patient/{someone.handle}/record/pain/new" not in page
    assert f"/patient/{someone.handle}/record/payer/new" not in page
