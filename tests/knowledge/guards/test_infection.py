"""Infection, fever and antibiotics (dossier 4c)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from guard_chart import DAY, clear_from, days_before, fires, guard, medication, outcome, problem, reading, seen, status

from levamen.criteria.nodes import Window, walk
from levamen.record.timeline import Duration

TRIAL = "therapy: spinal-cord-stimulation-trial"
TOMORROW = date(2026, 3, 17)


def finding(concept: str, at: date, present: str = "true") -> str:
    return f"findings:\n  - {{id: F-1, concept: {concept}, date: {at}, present: {present}}}\n"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("37.9", "Cel", False), ("38.0", "Cel", True), ("38.1", "Cel", True), ("100.3", "[degF]", False),
     ("100.4", "[degF]", True)],
)  # fmt: skip
def test_fever_begins_at_38(value: str, unit: str, expected: bool) -> None:
    assert fires("fever-recent", seen("labs:\n" + reading("temperature", value, unit=unit))) is expected


@pytest.mark.parametrize(("days", "expected"), [(0, True), (1, True), (2, True), (3, False)])
def test_no_fever_for_48_hours(days: int, expected: bool) -> None:
    """Of a fever of which only the day is known the second day after still counts."""
    chart = seen(finding("fever", days_before(days)))
    assert fires("fever-recent", chart) is expected
    if expected:
        assert clear_from("fever-recent", chart) == date(2026, 3, 19 - days)


def test_a_later_finding_without_fever_does_not_shorten_the_wait() -> None:
    body = finding("fever", days_before(2)) + f"  - {{id: F-2, concept: fever, date: {DAY}, present: false}}\n"
    assert fires("fever-recent", seen(body))


def test_a_fever_long_before_the_appointment_does_not_defer_it() -> None:
    assert not fires("fever-recent", seen(finding("fever", days_before(14)), as_of=days_before(14)))


@pytest.mark.parametrize(
    ("end", "expected", "again"),
    [
        (date(2026, 3, 15), "met", date(2026, 3, 18)),
        (date(2026, 3, 14), "met", TOMORROW),
        (date(2026, 3, 13), "not_met", None),
        (date(2026, 3, 20), "met", date(2026, 3, 23)),
        (date(2026, 2, 28), "not_met", None),
    ],
)
def test_a_course_of_antibiotics_and_48_hours(end: date, expected: str, again: date | None) -> None:
    chart = seen(medication("other-antibiotic", start="2026-02-20", end=str(end)))
    assert status("antibiotics", chart) == expected
    if again is not None:
        assert clear_from("antibiotics", chart) == again


def test_fever_two_days_ago_and_antibiotics_until_yesterday() -> None:
    chart = seen(
        medication("other-antibiotic", start="2026-03-09", end="2026-03-15") + finding("fever", days_before(2))
    )
    assert fires("antibiotics", chart)
    assert fires("fever-recent", chart)
    assert clear_from("antibiotics", chart) == date(2026, 3, 18)
    assert clear_from("fever-recent", chart) == TOMORROW
    assert guard("antibiotics").until == "the course is complete, the patient without fever for 48 hours, and well"


def test_antibiotics_without_an_end_are_still_taken() -> None:
    assert status("antibiotics", seen(medication("cefazolin", start="2026-03-10"))) == "met"
    assert status("antibiotics", seen(medication("naproxen", start="2026-03-10"))) == "not_met"
    assert status("antibiotics", seen(medication("caffeine", start="2026-03-10"))) == "not_met"
    assert status("antibiotics", seen(medication("cefazolin", stopped_because="completed"))) == "unknown"


@pytest.mark.parametrize(("end", "expected"), [("2026-03-09", "met"), ("2026-03-08", "not_met")])
def test_seven_days_before_an_implant(end: str, expected: str) -> None:
    body = medication("other-antibiotic", start="2026-03-01", end=end)
    assert status("antibiotics-implant", seen(body, request=TRIAL)) == expected
    assert status("antibiotics-implant", seen(body)) == "not asked"


@pytest.mark.parametrize("concept", ["local-infection"])
def test_an_infection_at_the_needle_path(concept: str) -> None:
    assert fires("infection-local", seen(problem(concept)))
    assert not fires("infection-local", seen(problem(concept, status="resolved")))
    assert fires("infection-local", seen(finding("needle-path-skin-lesion", DAY)))
    assert not fires("infection-local", seen(finding("needle-path-skin-lesion", DAY, "false")))
    assert guard("infection-local").effect == "contraindicated"


@pytest.mark.parametrize(("region", "expected"), [("lumbar", "met"), ("thoracic", "not_met"), (None, "unknown")])
def test_shingles_at_the_needle_path(region: str | None, expected: str) -> None:
    zoster = problem("acute-herpes-zoster", **({"region": region} if region else {}))
    chart = seen(zoster, request="therapy: epidural-steroid-injection, region: lumbar")
    assert status("infection-local", chart) == expected


@pytest.mark.parametrize("concept", ["systemic-infection", "spinal-infection"])
def test_a_systemic_infection(concept: str) -> None:
    assert fires("infection-systemic", seen(problem(concept)))


@pytest.mark.parametrize("concept", ["urinary-tract-infection", "dental-infection"])
def test_an_infection_elsewhere_that_is_not_over(concept: str) -> None:
    """4c: an untreated infection defers what is elective, not an implant alone."""
    assert fires("infection-untreated", seen(problem(concept)))
    assert not fires("infection-untreated", seen(problem(concept, status="resolved")))
    assert not fires("infection-untreated", seen(problem("upper-respiratory-infection")))
    assert status("infection-untreated", seen(problem(concept), request=TRIAL)) == "not asked"
    assert guard("infection-untreated").effect == "defer"


def test_the_mupirocin_of_a_carrier_is_no_treated_infection() -> None:
    """4c, implant.decolonise: what the plan itself asks for before an implant does not defer the implant."""
    carrier = problem("mrsa-carriage") + medication("mupirocin", start="2026-03-11", end="2026-03-15")
    assert status("antibiotics", seen(carrier, request=TRIAL)) == "not_met"
    assert status("antibiotics-implant", seen(carrier, request=TRIAL)) == "not_met"
    assert status("carriage-implant", seen(carrier, request=TRIAL)) == "met"


def test_nothing_on_record_is_no_question_of_the_plan() -> None:
    for id in ("infection-local", "infection-systemic", "fever-recent", "antibiotics", "cold", "influenza-or-covid"):
        assert status(id, seen(reviewed=())) == "not_met"
        assert guard(id).due == "plan"


@pytest.mark.parametrize("concept", ["influenza", "covid-19"])
@pytest.mark.parametrize(("days", "expected"), [(9, True), (10, False), (11, False)])
def test_ten_days_from_the_onset(concept: str, days: int, expected: bool) -> None:
    chart = seen(problem(concept, since=str(days_before(days)), status="resolved"))
    assert fires("influenza-or-covid", chart) is expected


def test_a_cold_is_a_caution() -> None:
    assert fires("cold", seen(problem("upper-respiratory-infection")))
    assert guard("cold").effect == "caution"
    assert {cite.mark for cite in guard("cold").cites} == {"unverified"}
    assert "the operator decides" in guard("infection-asked").do


@pytest.mark.parametrize("concept", ["urinary-tract-infection", "dental-infection", "local-infection"])
def test_an_infection_elsewhere_before_an_implant(concept: str) -> None:
    assert fires("infection-elsewhere-implant", seen(problem(concept), request=TRIAL))
    assert status("infection-elsewhere-implant", seen(problem(concept))) == "not asked"


def test_carriage_before_an_implant() -> None:
    assert fires("carriage-implant", seen(problem("mrsa-carriage"), request=TRIAL))
    assert status("carriage-implant", seen(problem("mrsa-carriage"))) == "not asked"


@pytest.mark.parametrize("question", ["infection", "fever", "antibiotics"])
def test_questions_of_the_day(question: str) -> None:
    id = f"{question}-asked"
    assert guard(id).due == "day"
    assert status(id, seen(answers={question: "yes"})) == "met"
    assert status(id, seen(answers={question: "no"})) == "not_met"
    assert status(id, seen(answers={question: "not-applicable"})) == "not_met"
    assert status(id, seen(answers={question: "unknown"})) == "unknown"
    missing = outcome(id, seen()).all_missing()
    assert [(row.kind, row.what, row.reason) for row in missing] == [("question", question, "not_recorded")]


def test_an_answer_of_yesterday_is_stale_on_the_day() -> None:
    found = outcome("infection-asked", seen(answers={"infection": "no"}, asked=days_before(1)))
    assert found.status == "unknown"
    assert [row.reason for row in found.all_missing()] == ["stale"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [("2026-03-13", "not_met"), ("2026-03-09", "not_met"), ("2026-03-08", "met"), ("2026-03-14", "met")],
)
def test_a_yes_that_a_finished_course_of_the_last_week_explains(end: str, expected: str) -> None:
    body = medication("other-antibiotic", start="2026-03-01", end=end)
    assert status("antibiotics-asked", seen(body, answers={"antibiotics": "yes"})) == expected


def test_the_wait_is_48_hours() -> None:
    """Hours round up to days where only days are known; the length itself is that of the dossier."""
    lengths = {
        part.length.length
        for part in walk(guard("fever-recent").hazard.says)
        if isinstance(part, Window) and part.length
    }
    assert lengths == {Duration(Decimal(48), "hours")}
