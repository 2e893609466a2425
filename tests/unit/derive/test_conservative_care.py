"""Conservative care: courses of therapy, and medicines that are given for pain."""

from __future__ import annotations

from datetime import date

from levamen.derive.conservative_care import courses
from levamen.record.facts import Course, Fact, Medication, Score
from levamen.record.timeline import When


def kinds(*facts: Fact) -> list[tuple[str, str]]:
    return [(course.id, course.kind) for course in courses(facts)]


def test_therapy_and_medicine() -> None:
    exercise = Course(id="C-1", therapy="exercise")
    naproxen = Medication(id="M-1", drug="naproxen", classes=frozenset({"nsaid"}))
    assert kinds(exercise, naproxen) == [("C-1", "care"), ("M-1", "medicine")]


def test_a_medicine_for_something_else_is_no_care() -> None:
    """A blood thinner is no trial of pain medicine; gabapentin for epilepsy neither."""
    apixaban = Medication(id="M-1", drug="apixaban", classes=frozenset({"anticoagulant"}))
    assert kinds(apixaban) == []


def test_a_class_written_as_care_is_a_medicine() -> None:
    course = courses((Course(id="C-1", therapy="nsaid"),))[0]
    assert (course.kind, course.classes) == ("medicine", frozenset({"nsaid"}))


def test_other_facts_and_empty_ones_are_no_courses() -> None:
    assert kinds(Score(id="S-1"), Course(id="C-1"), Medication(id="M-1", classes=frozenset({"nsaid"}))) == []


def test_dates_and_response_are_kept() -> None:
    start = When.on(date(2025, 8, 4))
    course = courses((Course(id="C-1", therapy="exercise", start=start, response="inadequate", sessions=8),))[0]
    assert (course.day, course.response, course.sessions) == (start, "inadequate", 8)
