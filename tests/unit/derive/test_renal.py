"""Creatinine clearance: exact, an interval where a fact is missing, and never an eGFR (safety dossier 7.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.derive.renal import Clearance, clearance, cockcroft_gault, completed_years
from levamen.knowledge.renal import packaged_renal_rules
from levamen.record.facts import Lab, Person, Problem
from levamen.record.timeline import When

ON = date(2026, 4, 15)
MAN = Person(birth_date=When.on(date(1966, 4, 15)), sex="male", weight_kg=Decimal(72))


def lab(
    value: str, unit: str | None = "mg/dL", *, test: str = "creatinine", at: date | When = ON, id: str = "L-1"
) -> Lab:
    number: Decimal | str = value if value[:1] in "<>" else Decimal(value)
    return Lab(id=id, test=test, value=number, unit=unit, at=at if isinstance(at, When) else When.on(at))


def found(person: Person = MAN, *labs: Lab, problems: tuple[Problem, ...] = ()) -> Clearance:
    rows = labs or (lab("1.6"),)
    return clearance(person, rows, rows, problems, ON)


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "female", "expected"),
    [
        (60, "72", "1.6", False, Fraction(50)),  # 80 x 72 / (72 x 1.6)
        (60, "71.424", "1.6", False, Fraction("49.6")),
        (60, "72", "1.6", True, Fraction("42.5")),  # 50 x 0.85
        (60, "43.2", "1.6", False, Fraction(30)),
        (40, "72", "1.0", False, Fraction(100)),
        (100, "72", "1.0", False, Fraction(40)),
        (85, "54", "0.6", True, Fraction(5500, 80) * Fraction(54, 72) * Fraction(85, 100) * Fraction(80, 60)),
    ],
)
def test_formula(age: int, weight: str, creatinine: str, female: bool, expected: Fraction) -> None:
    assert cockcroft_gault(age, Decimal(weight), Fraction(creatinine), female=female) == expected


@given(
    st.integers(18, 110),
    st.decimals(30, 250, places=3),
    st.fractions(Fraction(1, 10), Fraction(15), max_denominator=1000),
    st.booleans(),
)
def test_formula_against_another_writing(age: int, weight: Decimal, creatinine: Fraction, female: bool) -> None:
    """In hundredths: (14000 - 100 age) x weight x (85 or 100) / (720000 x creatinine)."""
    kilograms = Fraction(weight.as_integer_ratio()[0], weight.as_integer_ratio()[1])
    other = Fraction(14000 - 100 * age) * kilograms * (85 if female else 100) / (720000 * creatinine)
    assert cockcroft_gault(age, weight, creatinine, female=female) == other


@given(st.integers(18, 100), st.decimals(30, 200, places=1), st.decimals("0.3", 12, places=2))
def test_less_weight_more_years_or_more_creatinine_is_less(age: int, weight: Decimal, creatinine: Decimal) -> None:
    base = cockcroft_gault(age, weight, Fraction(creatinine), female=False)
    assert cockcroft_gault(age + 1, weight, Fraction(creatinine), female=False) < base
    assert cockcroft_gault(age, weight - 1, Fraction(creatinine), female=False) < base
    assert cockcroft_gault(age, weight, Fraction(creatinine) + Fraction(1, 100), female=False) < base
    assert cockcroft_gault(age, weight, Fraction(creatinine), female=True) * 100 == base * 85


@pytest.mark.parametrize(("weight", "creatinine"), [("0", "1"), ("-1", "1"), ("70", "0"), ("70", "-0.1")])
def test_nothing_at_or_below_zero(weight: str, creatinine: str) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        cockcroft_gault(60, Decimal(weight), Fraction(creatinine), female=False)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1966, 4, 15), date(2026, 4, 15), 60),
        (date(1966, 4, 16), date(2026, 4, 15), 59),
        (date(1966, 4, 14), date(2026, 4, 15), 60),
        (date(1964, 2, 29), date(2026, 2, 27), 61),
        (date(1964, 2, 29), date(2026, 2, 28), 62),
        (date(1964, 2, 29), date(2028, 2, 28), 63),
        (date(1964, 2, 29), date(2028, 2, 29), 64),
    ],
)
def test_completed_years(birth: date, on: date, years: int) -> None:
    assert completed_years(birth, on) == years


def test_clearance_of_a_record() -> None:
    got = found()
    assert (got.least, got.most) == (Fraction(50), Fraction(50))
    assert (got.day, got.read, got.missing, got.measured, got.dialysis) == (When.on(ON), ("L-1",), (), False, False)


def test_micromoles() -> None:
    """141.44 umol/L is 1.6 mg/dL: divided by 88.4."""
    assert found(MAN, lab("141.44", "umol/L")).least == 50


def test_result_without_a_unit_says_nothing() -> None:
    """Creatinine has two units, so a bare number is neither."""
    got = found(MAN, lab("1.6", None))
    assert got.least is None
    assert [missing.what for missing in got.missing] == ["creatinine"]


@pytest.mark.parametrize(
    ("value", "unit", "possible"),
    [
        ("0.099", "mg/dL", False),
        ("0.1", "mg/dL", True),
        ("0.101", "mg/dL", True),
        ("29.9", "mg/dL", True),
        ("30", "mg/dL", True),
        ("30.1", "mg/dL", False),
        ("110", "mg/dL", False),  # micromoles
        ("1.6", "umol/L", False),  # milligrams
        (">35", "mg/dL", False),
        (">25", "mg/dL", True),
    ],
)
def test_a_creatinine_in_the_wrong_unit_is_asked_again(value: str, unit: str, possible: bool) -> None:
    got = found(MAN, lab(value, unit))
    assert (got.most is not None) == possible
    asked = [missing.what for missing in got.missing]
    assert asked == ([] if possible else [f"a creatinine with its right unit ({value} {unit} is not possible)"])


def test_one_result_of_the_day_in_the_wrong_unit_leaves_none() -> None:
    got = found(MAN, lab("1.6"), lab("140", id="L-2"))
    assert got.least is None


@pytest.mark.parametrize(
    ("person", "labs", "what"),
    [
        (Person(sex="male", weight_kg=Decimal(72)), ("1.6",), "birth date"),
        (Person(birth_date=When.on(date(1966, 4, 15)), sex="male"), ("1.6",), "weight"),
        (MAN, (), "creatinine"),
    ],
)
def test_each_part_missing(person: Person, labs: tuple[str, ...], what: str) -> None:
    rows = tuple(lab(value) for value in labs)
    got = clearance(person, rows, rows, (), ON)
    assert (got.least, got.most) == (None, None)
    assert [missing.what for missing in got.missing] == [what]


@pytest.mark.parametrize("sex", ["unknown", "other", None])
def test_sex_not_known_is_both(sex: str | None) -> None:
    got = found(Person(birth_date=MAN.birth_date, sex=sex, weight_kg=MAN.weight_kg))
    assert (got.least, got.most) == (Fraction("42.5"), Fraction(50))
    assert [missing.what for missing in got.missing] == ["sex"]


def test_birth_year_is_an_interval_of_ages() -> None:
    """Born in 1966: 59 or 60 on 15 April 2026."""
    year = When(date(1966, 1, 1), date(1966, 12, 31))
    got = found(Person(birth_date=year, sex="male", weight_kg=Decimal(72)))
    assert (got.least, got.most) == (Fraction(50), Fraction(81 * 72) / (72 * Fraction("1.6")))


def test_latest_creatinine_counts_in_any_order() -> None:
    old, new = lab("3.2", at=date(2026, 3, 1), id="L-1"), lab("1.6", at=date(2026, 4, 1), id="L-2")
    assert found(MAN, old, new) == found(MAN, new, old)
    assert found(MAN, old, new).read == ("L-2",)


def test_two_results_of_one_day_are_a_range() -> None:
    got = found(MAN, lab("1.6", id="L-1"), lab("2.0", id="L-2"))
    assert (got.least, got.most) == (Fraction(40), Fraction(50))


def test_egfr_is_never_used() -> None:
    got = found(MAN, lab("58", "mL/min/{1.73_m2}", test="egfr"))
    assert got.least is None
    assert [missing.what for missing in got.missing] == ["creatinine"]


@pytest.mark.parametrize(
    ("measured_on", "expected"), [(date(2026, 4, 1), Fraction(45)), (date(2026, 3, 31), Fraction(50))]
)
def test_measured_clearance_unless_a_creatinine_is_younger(measured_on: date, expected: Fraction) -> None:
    measured = lab("45", "mL/min", test="creatinine-clearance", at=measured_on, id="L-2")
    got = found(MAN, lab("1.6", at=date(2026, 4, 1)), measured)
    assert (got.least, got.measured) == (expected, expected == 45)


def test_dialysis_whatever_the_sample_says() -> None:
    got = found(MAN, lab("0.9"), problems=(Problem(id="PR-1", concept="dialysis"),))
    assert (got.least, got.most, got.dialysis, got.read) == (Fraction(0), Fraction(0), True, ("PR-1",))


def test_weight_of_the_record_the_lighter_of_one_day() -> None:
    nobody = Person(birth_date=MAN.birth_date, sex="male")
    rows = (
        lab("1.6"),
        lab("60", "kg", test="weight", at=date(2026, 4, 1), id="L-2"),
        lab("54", "kg", test="weight", at=date(2026, 4, 1), id="L-3"),
        lab("90", "kg", test="weight", at=date(2026, 3, 1), id="L-4"),
    )
    assert clearance(nobody, rows, rows, (), ON).least == Fraction(54) * 50 / 72
    pounds = (lab("1.6"), lab("100", "[lb_av]", test="weight", id="L-2"))
    assert clearance(nobody, pounds, pounds, (), ON).least == Fraction("45.359237") * 50 / 72


def test_creatinine_below_a_limit_gives_none() -> None:
    """Less than 0.5 mg/dL may be next to nothing: no clearance follows, and the creatinine is asked."""
    got = found(MAN, lab("<0.5"))
    assert got.least is None
    assert [missing.what for missing in got.missing] == ["creatinine"]


def test_creatinine_above_a_limit_has_no_least_clearance() -> None:
    """More than 2.5 mg/dL is a clearance of 32 mL/min or any less: it is never read as 32."""
    got = found(MAN, lab(">2.5"))
    assert got.least in (None, Fraction(0))
    assert got.most in (None, Fraction(32))


BRACKETS = [
    ("140", 0),
    ("80", 0),
    ("79.99", 1),
    ("50.0", 1),
    ("49.6", 2),
    ("30", 2),
    ("29.99", 3),
    ("15", 3),
    ("14.99", 4),
    ("0", 4),
    ("80.5", 0),
    ("50.5", 1),
    ("30.5", 2),
    ("15.5", 3),
]
"""A clearance and how many cuts lie above it: 80 and more, [50, 80), [30, 50), [15, 30), below 15."""

AGES = [("140", 30), ("50.5", 30), ("50", 30), ("49.99", 7), ("49.5", 7), ("0", 7)]
"""A clearance and how many days old the creatinine behind it may be."""


@pytest.mark.parametrize(("value", "above"), BRACKETS)
def test_brackets_are_half_open(value: str, above: int) -> None:
    assert packaged_renal_rules().bracket(Fraction(value)) == above


@pytest.mark.parametrize(("value", "days"), AGES)
def test_age_of_the_sample(value: str, days: int) -> None:
    assert packaged_renal_rules().longest_age(Fraction(value)) == days


def test_ages_are_a_local_default_and_say_so() -> None:
    brackets, age, age_low = packaged_renal_rules().cites
    assert (brackets.source, brackets.mark) == ("PRADAXA-SMPC", "secondary")
    assert {age.mark, age_low.mark} == {"unverified"}
