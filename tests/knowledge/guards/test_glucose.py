"""Glucose of the day before a steroid, HbA1c and fasting glucose before an implant (dossier 3d)."""

from __future__ import annotations

import pytest
from guard_chart import DAY, days_before, guard, medication, problem, reading, seen, status

STEROID = "therapy: epidural-steroid-injection, agents: [{drug: dexamethasone}]"
DIABETES = problem("diabetes")
IMPLANT = "therapy: spinal-cord-stimulation-implant"


def glucose(value: str, unit: str = "mg/dL", at: object = DAY) -> str:
    return DIABETES + "labs:\n" + reading("glucose", value, at=str(at), unit=unit)


@pytest.mark.parametrize(
    ("value", "unit", "defer", "warn"),
    [
        ("200", "mg/dL", "not_met", "not_met"),
        ("201", "mg/dL", "not_met", "met"),
        ("250", "mg/dL", "not_met", "met"),
        ("251", "mg/dL", "met", "met"),
        ("13.8", "mmol/L", "not_met", "met"),
        ("13.9", "mmol/L", "met", "met"),
        ("11.1", "mmol/L", "not_met", "not_met"),
        ("11.2", "mmol/L", "not_met", "met"),
        ('">300"', "mg/dL", "met", "met"),
        ('"<150"', "mg/dL", "not_met", "not_met"),
        ('">220"', "mg/dL", "unknown", "met"),
    ],
)
def test_glucose_of_the_day(value: str, unit: str, defer: str, warn: str) -> None:
    """250 mg/dL is 13.88 mmol/L, 200 mg/dL is 11.10 mmol/L (factor 0.05551)."""
    chart = seen(glucose(value, unit), request=STEROID)
    assert status("glucose-defer", chart) == defer
    assert status("glucose-warn", chart) == warn


def test_glucose_of_another_day_says_nothing() -> None:
    assert status("glucose-defer", seen(glucose("300", at=days_before(1)), request=STEROID)) == "unknown"
    assert status("glucose-defer", seen(DIABETES, request=STEROID)) == "unknown"
    complete = seen(DIABETES, request=STEROID, reviewed=("problems", "medications", "labs"))
    assert status("glucose-defer", complete) == "unknown"
    assert guard("glucose-defer").due == guard("glucose-warn").due == "day"


def test_the_later_reading_of_the_day_counts() -> None:
    early = reading("glucose", "280", at="2026-03-16T08:00", unit="mg/dL", id="L-1")
    late = reading("glucose", "190", at="2026-03-16T10:00", unit="mg/dL", id="L-2")
    for lines in (early + late, late + early):
        assert status("glucose-defer", seen(DIABETES + "labs:\n" + lines, request=STEROID)) == "not_met"


def test_asked_only_of_steroid_and_diabetes() -> None:
    assert status("glucose-defer", seen(request=STEROID)) == "not asked"
    assert status("glucose-defer", seen(medication("metformin"), request=STEROID)) == "unknown"
    assert status("glucose-defer", seen(request=STEROID, reviewed=())) == "unknown"
    assert status("glucose-defer", seen(request=STEROID, reviewed=(), answers={"diabetes": "no"})) == "not asked"
    assert status("glucose-defer", seen(request=STEROID, answers={"diabetes": "yes"})) == "unknown"
    local = "therapy: medial-branch-block, agents: [{drug: lidocaine}]"
    assert status("glucose-defer", seen(DIABETES, request=local)) == "not asked"
    assert status("glucose-defer", seen(DIABETES, request="therapy: epidural-steroid-injection")) == "unknown"


def test_what_was_measured_counts_without_a_diagnosis() -> None:
    """3d: the limit is of the glucose before a steroid; nobody need have written down diabetes."""
    high = "labs:\n" + reading("glucose", "300", unit="mg/dL")
    assert status("glucose-defer", seen(high, request=STEROID)) == "met"
    assert status("glucose-defer", seen(high, request=STEROID, answers={"diabetes": "no"})) == "met"
    old = "labs:\n" + reading("glucose", "300", at=days_before(1), unit="mg/dL")
    assert status("glucose-defer", seen(old, request=STEROID)) == "not asked"
    both = reading("hba1c", "9", unit="%", id="L-1") + reading("glucose-fasting", "201", unit="mg/dL", id="L-2")
    assert status("glucose-implant", seen("labs:\n" + both, request=IMPLANT)) == "met"
    assert status("glucose-implant", seen(request=IMPLANT)) == "not asked"


def test_the_rise_is_told() -> None:
    assert status("glucose-rise", seen(DIABETES, request=STEROID)) == "met"
    assert status("glucose-rise", seen(request=STEROID)) == "not_met"
    assert guard("glucose-rise").effect == "caution"


@pytest.mark.parametrize(
    ("hba1c", "fasting", "expected"),
    [
        ("8.1", "201", "met"),
        ("8.0", "201", "not_met"),
        ("8.1", "200", "not_met"),
        ("8.1", None, "unknown"),
        (None, "201", "unknown"),
        ("7.0", None, "not_met"),
    ],
)
def test_before_an_implant(hba1c: str | None, fasting: str | None, expected: str) -> None:
    lines = reading("hba1c", hba1c, unit="%", id="L-1") if hba1c else ""
    lines += reading("glucose-fasting", fasting, unit="mg/dL", id="L-2") if fasting else ""
    chart = seen(DIABETES + ("labs:\n" + lines if lines else ""), request=IMPLANT)
    assert status("glucose-implant", chart) == expected


def test_hba1c_in_the_other_unit() -> None:
    """64 mmol/mol is 8.006 %, 63 mmol/mol is 7.91 %: 0.0915 x 64 + 2.15 = 8.006."""
    fasting = reading("glucose-fasting", "201", unit="mg/dL", id="L-2")
    for value, expected in (("64", "met"), ("63", "not_met")):
        chart = DIABETES + "labs:\n" + reading("hba1c", value, unit="mmol/mol") + fasting
        assert status("glucose-implant", seen(chart, request=IMPLANT)) == expected
