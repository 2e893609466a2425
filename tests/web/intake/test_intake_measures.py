"""Measures are scored as they are entered; what is missing is said; item 9 is somebody's task today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from levamen.knowledge.instruments import instrument, instrument_ids

pytestmark = pytest.mark.django_db


def items(answers: Mapping[int, int]) -> dict[str, str]:
    return {f"i.q{number}": str(value) for number, value in answers.items()}


@pytest.mark.parametrize("id", sorted(instrument_ids()))
def test_every_measure_has_its_form(id: str, signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held = patient()
    response = signed_in("nurse").get(f"/patient/{held.handle}/measure/{id}")
    page = response.content.decode()
    assert response.status_code == 200
    of = instrument(id)
    for item in of.items:
        assert f'name="i.{item.name}"' in page
        assert item.text is None or item.text.split(",")[0] in page.replace("&#x27;", "'")
    if of.licence.ship in ("score", "total"):
        assert all(item.text is None for item in of.items), "no words that the licence keeps"
        assert "The words of the items are not shown" in page


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "No score yet."),
        (dict.fromkeys(range(1, 10), 1), "Score 9."),
        # Two missing of nine: the answered seven times 9/7; three missing: no score (S29).
        (dict.fromkeys(range(1, 8), 1), "Score 9; with every item answered it lies between 7 and 13."),
        (dict.fromkeys(range(1, 7), 1), "No score:"),
        (dict.fromkeys(range(1, 10), 3), "Score 27."),
    ],
)
def test_the_score_so_far_comes_with_each_answer(
    answers: dict[int, int], says: str, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    response = signed_in("nurse").post(
        f"/patient/{held.handle}/measure/phq-9", items(answers), headers={"HX-Request": "true"}
    )
    part = response.content.decode()
    assert "<html" not in part
    assert says in part
    assert not held.entries.filter(section="scores", therapy="phq-9").exists()


@pytest.mark.parametrize(("ninth", "tasks"), [(0, 0), (1, 1)])
def test_item_nine_is_somebodys_task_today(
    ninth: int, tasks: int, signed_in: Callable[..., Client], staff: Callable[..., Any], patient: Callable[..., Any]
) -> None:
    from team.models import Task

    held, client = patient(), signed_in("nurse")
    said = items({**dict.fromkeys(range(1, 9), 0), 9: ninth}) | {"save": "yes"}
    for _ in range(2):
        assert client.post(f"/patient/{held.handle}/measure/phq-9", said).status_code == 302
    made = held.entries.get(section="scores", therapy="phq-9")
    assert made.fields["answers"] == [0] * 8 + [ninth]
    found = list(Task.objects.filter(patient=held, about=made.key))
    assert len(found) == tasks
    for task in found:
        assert task.owner == staff("physician")
        assert task.due.date().isoformat() == "2026-03-09"


def test_a_form_with_gaps_keeps_the_gaps(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held = patient()
    said = items({1: 2, 3: 1}) | {"save": "yes"}
    assert signed_in("nurse").post(f"/patient/{held.handle}/measure/phq-9", said).status_code == 302
    made = held.entries.filter(section="scores", therapy="phq-9").latest("pk")
    assert made.fields["answers"] == [2, None, 1, None, None, None, None, None, None]


@pytest.mark.parametrize(("value", "status"), [("3", 302), ("4", 400), ("-1", 400), ("x", 400), ("NaN", 400)])
def test_an_answer_that_the_form_does_not_have_is_refused(
    value: str, status: int, signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    held = patient()
    said = items(dict.fromkeys(range(1, 9), 0)) | {"i.q9": value, "save": "yes"}
    assert signed_in("nurse").post(f"/patient/{held.handle}/measure/phq-9", said).status_code == status


def test_it_says_which_policies_read_a_measure(signed_in: Callable[..., Client], patient: Callable[..., Any]) -> None:
    held, client = patient(), signed_in("nurse")
    page = client.get(f"/patient/{held.handle}/measure/odi").content.decode()
    assert "US Medicare local coverage: facet joint interventions" in page
    assert "No policy here reads it" in client.get(f"/patient/{held.handle}/measure/isi").content.decode()
