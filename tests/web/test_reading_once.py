"""A look reads the record once; an act, and the next look, read what was written since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from records import actions
from records.facts import looking_at, reading_of
from records.models import Patient
from records.views import open_patients

pytestmark = pytest.mark.django_db
FEVER = {"kind": "fever", "asked": "2026-03-09", "answer": "yes"}


def fevers(patient: Patient) -> int:
    return sum(row.kind == "fever" for row in reading_of(patient).record.completeness)


def test_an_act_reads_what_it_has_just_written(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    held = patient()
    before = fevers(held)
    actions.add(staff("nurse"), held, "completeness", FEVER)
    assert fevers(held) == before + 1


def test_the_next_look_reads_what_was_written_since(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    held = patient()
    with looking_at(held):
        before = fevers(held)
    actions.add(staff("nurse"), held, "completeness", FEVER)
    later = Patient.objects.get(pk=held.pk)
    with looking_at(later):
        assert fevers(later) == before + 1


def test_a_look_at_one_patient_is_not_a_look_at_another(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    held, other = patient(), patient(family="Other")
    with looking_at(held):
        before = fevers(other)
        actions.add(staff("nurse"), other, "completeness", FEVER)
        assert fevers(other) == before + 1


def test_a_page_after_a_write_shows_it(patient: Callable[..., Any], signed_in: Callable[..., Client]) -> None:
    held, nurse = patient(), signed_in("nurse")
    address = f"/patient/{held.handle}"
    assert nurse.get(address).status_code == 200
    allergy = {"substance": "latex", "reaction": "hives"}
    actions.add(None, held, "allergies", allergy)
    assert "hives" in nurse.get(address).content.decode()


def test_ones_own_patients_and_those_of_nobody(patient: Callable[..., Any], staff: Callable[..., Any]) -> None:
    mine, nobodys = patient(), patient(family="Nobody", team=False)
    patient(family="Others")
    stranger = staff("nurse", "new-nurse")
    assert list(open_patients(stranger)) == []
    actions.join_team(staff("nurse"), mine, stranger)
    assert list(open_patients(stranger)) == [mine]
    assert set(open_patients(staff("coordinator", "new-one"))) == {nobodys}


def test_a_search_finds_ones_own_and_marks_others_as_closed(
    patient: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    patient(family="Harrow")
    patient(family="Harrowgate", team=False)
    patient(family="Walter")
    page = signed_in("nurse").post("/patients", {"find": "harrow"})
    assert [row.family for row in page.context["page"]] == ["Harrow"]
    assert [row.family for row in page.context["others"]] == ["Harrowgate"]
