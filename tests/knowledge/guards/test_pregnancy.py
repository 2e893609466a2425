"""Pregnancy (dossier 4b): asked from 12 to 55 of whoever is not known to be male, before X-rays and implants."""

from __future__ import annotations

from datetime import date

import pytest
from guard_chart import DAY, days_before, guard, problem, reading, seen, status

XRAY = "therapy: epidural-steroid-injection, guidance: fluoroscopy"
WOMAN = "birth_date: 1990-05-02, sex: female"


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2014-03-17", "not asked"),
        ("2014-03-16", "unknown"),
        ("1970-03-17", "unknown"),
        ("1970-03-16", "not asked"),
        ("1971-02-28", "unknown"),
    ],
)
def test_age_in_completed_years(birth: str, expected: str) -> None:
    assert status("pregnancy-asked", seen(request=XRAY, person=f"birth_date: {birth}, sex: female")) == expected


def test_born_on_a_leap_day() -> None:
    person = "birth_date: 2012-02-29, sex: female"
    assert status("pregnancy-asked", seen(request=XRAY, person=person, on=date(2024, 2, 28))) == "not asked"
    assert status("pregnancy-asked", seen(request=XRAY, person=person, on=date(2024, 2, 29))) == "unknown"


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (WOMAN, "unknown"),
        ("birth_date: 1990-05-02, sex: male", "not asked"),
        ("birth_date: 1990-05-02, sex: other", "unknown"),
        ("birth_date: 1990-05-02", "unknown"),
        ("sex: female", "unknown"),
        ("sex: male", "not asked"),
    ],
)
def test_sex(person: str, expected: str) -> None:
    assert status("pregnancy-asked", seen(request=XRAY, person=person)) == expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (XRAY, "unknown"),
        ("therapy: epidural-steroid-injection, guidance: ct", "unknown"),
        ("therapy: epidural-steroid-injection", "unknown"),
        ("therapy: epidural-steroid-injection, guidance: ultrasound", "not asked"),
        ("therapy: genicular-radiofrequency-ablation, guidance: ultrasound", "unknown"),
        ("therapy: peripheral-nerve-stimulation-implant, guidance: ultrasound", "unknown"),
    ],
)
def test_before_what_it_is_asked(request_: str, expected: str) -> None:
    assert status("pregnancy-asked", seen(request=request_, person=WOMAN)) == expected


@pytest.mark.parametrize(
    ("answer", "test", "expected"),
    [
        ("yes", None, "met"),
        ("no", None, "not_met"),
        ("yes", "negative", "not_met"),
        ("no", "positive", "met"),
        (None, "negative", "not_met"),
        (None, "positive", "met"),
        (None, None, "unknown"),
    ],
)
def test_answer_and_test_of_the_day(answer: str | None, test: str | None, expected: str) -> None:
    labs = "labs:\n" + reading("hcg", test) if test else ""
    chart = seen(labs, request=XRAY, person=WOMAN, answers={"pregnancy": answer} if answer else None)
    assert status("pregnancy-asked", chart) == expected


def test_a_test_of_yesterday_settles_nothing() -> None:
    chart = seen("labs:\n" + reading("hcg", "negative", at=days_before(1)), request=XRAY, person=WOMAN)
    assert status("pregnancy-asked", chart) == "unknown"
    assert days_before(1) < DAY


def test_on_record() -> None:
    assert status("pregnancy-imaging", seen(problem("pregnancy"), request=XRAY, person=WOMAN)) == "met"
    assert status("pregnancy-imaging", seen(request=XRAY, person=WOMAN, reviewed=())) == "not_met"
    assert status("pregnancy-imaging", seen(problem("pregnancy", status="resolved"), request=XRAY)) == "not_met"
    implant = "therapy: spinal-cord-stimulation-trial, guidance: ultrasound"
    assert status("pregnancy-implant", seen(problem("pregnancy"), request=implant)) == "met"
    assert status("pregnancy-imaging", seen(problem("pregnancy"), request=implant)) == "not asked"
    radiofrequency = "therapy: genicular-radiofrequency-ablation, technique: cooled"
    assert status("pregnancy-implant", seen(problem("pregnancy"), request=radiofrequency)) == "met"
    assert {guard(id).effect for id in ("pregnancy-imaging", "pregnancy-implant", "pregnancy-asked")} == {"defer"}
