"""Dose bands of anticoagulants, at, below and above each limit (safety dossier 7.4)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.derive.dose_band import Body, dose_band, dose_of
from levamen.knowledge.dose_bands import packaged_dose_bands
from levamen.record.facts import Medication

CLOCK = ("06:00", "14:00", "22:00", "23:00")
CASES: list[tuple[str, str, int | str, str]] = [
    ("enoxaparin", "39 mg", 1, "low"),
    ("enoxaparin", "40 mg", 1, "low"),
    ("enoxaparin", "40.1 mg", 1, "high"),
    ("enoxaparin", "41 mg", 1, "high"),
    ("enoxaparin", "40 mg", 2, "high"),
    ("enoxaparin", "30 mg", 2, "low"),
    ("enoxaparin", "31 mg", 2, "high"),
    ("enoxaparin", "30 mg", 3, "high"),
    ("enoxaparin", "20 mg", 3, "low"),
    ("enoxaparin", "20.5 mg", 3, "high"),
    ("enoxaparin", "20 mg", 2, "low"),
    ("enoxaparin", "80 mg", 2, "high"),
    ("dalteparin", "4999 IU", 1, "low"),
    ("dalteparin", "5,000 IU", 1, "low"),
    ("dalteparin", "5001 IU", 1, "high"),
    ("dalteparin", "2500 IU", 2, "low"),
    ("dalteparin", "2501 IU", 2, "high"),
    ("fondaparinux", "2.4 mg", 1, "low"),
    ("fondaparinux", "2.5 mg", 1, "low"),
    ("fondaparinux", "2.6 mg", 1, "high"),
    ("fondaparinux", "1.25 mg", 2, "low"),
    ("fondaparinux", "1.26 mg", 2, "high"),
    ("fondaparinux", "5 mg", 1, "high"),
    ("rivaroxaban", "9 mg", 1, "low"),
    ("rivaroxaban", "10 mg", 1, "low"),
    ("rivaroxaban", "10.5 mg", 1, "high"),
    ("rivaroxaban", "2.5 mg", 2, "low"),
    ("rivaroxaban", "5 mg", 2, "low"),
    ("rivaroxaban", "5.1 mg", 2, "high"),
    ("rivaroxaban", "15 mg", 1, "high"),
    ("rivaroxaban", "20 mg", 1, "high"),
    ("apixaban", "2.5 mg", 2, "low"),
    ("apixaban", "2500 mcg", 2, "low"),
    ("apixaban", "2.6 mg", 1, "high"),
    ("apixaban", "2.5 mg", 3, "high"),
    ("apixaban", "5 mg", 1, "high"),
    ("apixaban", "5 mg", 2, "high"),
    ("dabigatran-etexilate", "220 mg", 1, "low"),
    ("dabigatran-etexilate", "221 mg", 1, "high"),
    ("dabigatran-etexilate", "75 mg", 2, "high"),
    ("dabigatran-etexilate", "110 mg", 2, "high"),
    ("dabigatran-etexilate", "150 mg", 2, "high"),
    ("heparin", "5000 IU", 2, "low"),
    ("heparin", "5000 units", 3, "low"),
    ("heparin", "5000 IU", 4, "medium"),
    ("heparin", "5001 IU", 2, "medium"),
    ("heparin", "7500 IU", 2, "medium"),
    ("heparin", "10000 IU", 2, "medium"),
    ("heparin", "10001 IU", 1, "high"),
    ("heparin", "10001 IU", 2, "high"),
    ("heparin", "6667 IU", 3, "high"),
    ("heparin", "6666 IU", 3, "medium"),
    # one dose and a day's doses are two limits: a larger dose on every second day, a smaller one more often
    ("enoxaparin", "41 mg", "48 h", "high"),
    ("enoxaparin", "40 mg", "23.5 h", "high"),
    ("enoxaparin", "31 mg", "13 h", "high"),
    ("enoxaparin", "30 mg", "11.9 h", "high"),
    ("dalteparin", "5001 IU", "48 h", "high"),
    ("dalteparin", "2500.5 IU", 2, "high"),
    ("fondaparinux", "2.6 mg", "48 h", "high"),
    ("rivaroxaban", "11 mg", "48 h", "high"),
    ("apixaban", "2.5 mg", "10 h", "high"),
    ("dabigatran-etexilate", "221 mg", "48 h", "high"),
    ("heparin", "3750.2 IU", 4, "medium"),
]
"""Drug, one dose, doses a day or the interval, band."""

GROWN = Body(age=60, weight_kg=Decimal(80), creatinine_mg_dl=Fraction(1))
BODIES = [
    (80, "60", "1.0", {"high"}),
    (79, "60", "1.0", {"low"}),
    (80, "60.1", "1.0", {"low"}),
    (80, "80", "1.5", {"high"}),
    (80, "80", "1.49", {"low"}),
    (79, "60", "1.5", {"high"}),
    (79, "61", "1.5", {"low"}),
    (81, "59", "1.6", {"high"}),
    (79, "61", "1.4", {"low"}),
    (None, "60", "1.0", {"low", "high"}),
    (None, "61", "1.0", {"low"}),
    (80, None, "1.0", {"low", "high"}),
    (80, "61", None, {"low", "high"}),
    (80, "60", None, {"high"}),
    (None, None, None, {"low", "high"}),
]
"""Age, weight and creatinine under apixaban 2.5 mg twice a day: 2 of 80 years, 60 kg, 1.5 mg/dL make it a high dose."""


def taken(drug: str, dose: str | None, times: int | str | None) -> Medication:
    if isinstance(times, str):
        return Medication(id="M-1", drug=drug, dose=dose, every=times)
    return Medication(id="M-1", drug=drug, dose=dose, times=CLOCK[:times] if times else ())


def body(age: int | None, weight: str | None, creatinine: str | None) -> Body:
    return Body(
        age=age,
        weight_kg=Decimal(weight) if weight is not None else None,
        creatinine_mg_dl=Fraction(creatinine) if creatinine is not None else None,
    )


@pytest.mark.parametrize(("drug", "dose", "times", "band"), CASES)
def test_band(drug: str, dose: str, times: int | str, band: str) -> None:
    got = dose_band(taken(drug, dose, times), packaged_dose_bands(), GROWN)
    assert got.bands == {band}
    assert got.missing == ()
    assert got.cites


@pytest.mark.parametrize(("age", "weight", "creatinine", "bands"), BODIES)
def test_low_dose_in_a_body_that_keeps_more(
    age: int | None, weight: str | None, creatinine: str | None, bands: set[str]
) -> None:
    got = dose_band(taken("apixaban", "2.5 mg", 2), packaged_dose_bands(), body(age, weight, creatinine))
    assert got.bands == bands
    assert bool(got.missing) is (len(bands) > 1)


def test_what_would_settle_it_is_named() -> None:
    got = dose_band(taken("apixaban", "2.5 mg", 2), packaged_dose_bands(), body(80, None, None))
    assert {missing.what for missing in got.missing} == {"weight", "creatinine"}


def test_the_body_matters_to_apixaban_alone() -> None:
    frail = body(90, "45", "2.0")
    assert dose_band(taken("rivaroxaban", "10 mg", 1), packaged_dose_bands(), frail).bands == {"low"}


@pytest.mark.parametrize(
    ("dose", "times", "what"),
    [
        (None, 2, "dose of"),
        ("1 mg/kg", 2, "dose of"),
        ("one tablet", 2, "dose of"),
        ("4000 IU", 2, "dose of"),
        ("40 mg", None, "doses a day of"),
    ],
)
def test_dose_not_known_is_every_band(dose: str | None, times: int | None, what: str) -> None:
    got = dose_band(taken("enoxaparin", dose, times), packaged_dose_bands(), GROWN)
    assert got.bands == {"low", "medium", "high"}
    (missing,) = got.missing
    assert missing.what.startswith(what)
    assert missing.fact == "M-1"


def test_drug_without_bands_counts_as_high_and_nothing_is_asked() -> None:
    got = dose_band(taken("clopidogrel", None, None), packaged_dose_bands(), GROWN)
    assert got.bands == {"high"}
    assert got.missing == ()


@pytest.mark.parametrize(
    ("dose", "unit", "amount"),
    [
        ("2.5 mg", "mg", Fraction(5, 2)),
        ("1 g", "mg", Fraction(1000)),
        ("2500 mcg", "mg", Fraction(5, 2)),
        ("2500 µg", "mg", Fraction(5, 2)),
        ("2500 μg", "mg", Fraction(5, 2)),
        ("5,000 IU", "IU", Fraction(5000)),
        ("5000 U", "IU", Fraction(5000)),
        ("5000 IU", "mg", None),
        ("40 mg", "IU", None),
        ("40", "mg", None),
        ("40 to 60 mg", "mg", None),
    ],
)
def test_written_doses(dose: str, unit: str, amount: Fraction | None) -> None:
    assert dose_of(Medication(id="M-1", drug="enoxaparin", dose=dose), unit) == amount


ORDER = ("low", "medium", "high")


@given(
    st.sampled_from(["enoxaparin", "rivaroxaban", "fondaparinux", "dalteparin", "heparin"]),
    st.integers(1, 20000),
    st.integers(1, 4),
)
def test_more_is_never_a_lower_band(drug: str, amount: int, times: int) -> None:
    unit = "IU" if drug in ("heparin", "dalteparin") else "mg"
    bands = packaged_dose_bands()
    one = dose_band(taken(drug, f"{amount} {unit}", times), bands, GROWN).bands
    more = dose_band(taken(drug, f"{amount + 1} {unit}", times), bands, GROWN).bands
    assert min(map(ORDER.index, more)) >= min(map(ORDER.index, one))
    assert len(one) in (1, 3)  # one band, or so little that the unit is in doubt: every band


def test_less_than_a_tenth_of_the_lowest_band_is_not_believed() -> None:
    bands = packaged_dose_bands()
    assert dose_band(taken("apixaban", "0.249 mg", 2), bands, GROWN).bands == set(ORDER)
    assert dose_band(taken("apixaban", "0.25 mg", 2), bands, GROWN).bands == {"low"}
