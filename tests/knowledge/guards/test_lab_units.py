"""Laboratory results in the unit of the vocabulary: exact factors, ranges for results that say less or more."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from levamen.derive.labs import in_unit, in_vocabulary_unit
from levamen.record import codes
from levamen.record.facts import Lab
from levamen.record.timeline import Interval


def lab(test: str, value: str, unit: str | None) -> Lab:
    return Lab(id="L-1", test=test, value=value if value[0] in "<>≤≥p" else Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("test", "value", "unit", "wanted", "expected"),
    [
        ("creatinine", "88.4", "umol/L", "mg/dL", Fraction(1)),
        ("creatinine", "1.1", "mg/dL", "mg/dL", Fraction("1.1")),
        ("bilirubin", "17.1", "umol/L", "mg/dL", Fraction(1)),
        ("morning-cortisol", "275.9", "nmol/L", "ug/dL", Fraction(10)),
        ("glucose", "5.551", "mmol/L", "mg/dL", Fraction(100)),
        ("glucose-fasting", "11.102", "mmol/L", "mg/dL", Fraction(200)),
        ("hba1c", "48", "mmol/mol", "%", Fraction("6.542")),
        ("hba1c", "0", "mmol/mol", "%", Fraction("2.15")),
        ("hemoglobin", "135", "g/L", "g/dL", Fraction("13.5")),
        ("albumin", "40", "g/L", "g/dL", Fraction(4)),
        ("fibrinogen", "3", "g/L", "mg/dL", Fraction(300)),
        ("platelets", "150", "10*3/uL", "10*9/L", Fraction(150)),
        ("white-cell-count", "7", "10*3/uL", "10*9/L", Fraction(7)),
        ("temperature", "100.4", "[degF]", "Cel", Fraction(38)),
        ("temperature", "32", "[degF]", "Cel", Fraction(0)),
        ("weight", "100", "[lb_av]", "kg", Fraction("45.359237")),
        ("height", "10", "[in_i]", "cm", Fraction("25.4")),
        ("inr", "2.5", None, "1", Fraction("2.5")),
    ],
)
def test_exact(test: str, value: str, unit: str | None, wanted: str, expected: Fraction) -> None:
    assert in_unit(lab(test, value, unit), wanted) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<1.2", Interval(Fraction(0), Fraction("1.2"))),
        ("< 1.2", Interval(Fraction(0), Fraction("1.2"))),
        ("<=1.2", Interval(Fraction(0), Fraction("1.2"))),
        ("≤1.2", Interval(Fraction(0), Fraction("1.2"))),
        (">1.2", Interval(Fraction("1.2"), None)),
        ("≥1.2", Interval(Fraction("1.2"), None)),
    ],
)
def test_less_or_more_than_a_number_is_a_range(value: str, expected: Interval) -> None:
    assert in_unit(lab("creatinine", value, "mg/dL"), "mg/dL") == expected


def test_a_range_is_converted_like_a_number() -> None:
    assert in_unit(lab("creatinine", "<88.4", "umol/L"), "mg/dL") == Interval(Fraction(0), Fraction(1))
    assert in_unit(lab("creatinine", ">88.4", "umol/L"), "mg/dL") == Interval(Fraction(1), None)


def test_a_unit_that_no_factor_leads_from_says_nothing() -> None:
    assert in_unit(lab("creatinine", "1.1", "g/L"), "mg/dL") is None
    assert in_unit(lab("creatinine", "1.1", None), "mg/dL") is None
    assert in_unit(lab("creatinine", "1.1", "mg/dL"), "umol/L") is None
    assert in_unit(Lab(id="L-1", test="creatinine", unit="mg/dL"), "mg/dL") is None
    assert in_unit(Lab(id="L-1", value=Decimal(1), unit="mg/dL"), "mg/dL") is None


def test_every_unit_that_the_vocabulary_accepts_has_a_factor() -> None:
    for test in codes.ids("labs"):
        row = codes.entry("labs", test)
        for unit in row.get("also", ()):
            assert in_unit(lab(test, "1", unit), row["unit"]) is not None, (test, unit)


def test_in_the_unit_of_the_vocabulary() -> None:
    assert in_vocabulary_unit(lab("creatinine", "88.4", "umol/L")) == Lab(
        id="L-1",
        test="creatinine",
        value=Interval.exactly(1),
        unit="mg/dL",
    )
    words = lab("hcg", "positive", None)
    assert in_vocabulary_unit(words) == words
    assert in_vocabulary_unit(lab("creatinine", "1.1", "g/L")).value is None
