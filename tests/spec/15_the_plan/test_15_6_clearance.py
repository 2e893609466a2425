"""Creatinine clearance"""

from __future__ import annotations

from fractions import Fraction

import pytest
from appointment import LOW, clock, drug_of, plan_of, together

DABIGATRAN = """
    person: {{birth_date: {born}, sex: {sex}, weight_kg: {weight}}}
    labs: [{{id: L-1, test: {test}, value: {value}, unit: {unit}, at: {at}}}]
    medications:
      - id: M-1
        drug: dabigatran-etexilate
        dose: 150 mg
        times: ["07:30", "19:30"]
        indication: atrial-fibrillation
    """
CREATININE = "    labs: [{id: L-1, test: creatinine, value: 1.6, unit: mg/dL, at: 2026-03-27}]\n"
MAN = {
    "born": "1966-04-15",
    "sex": "male",
    "weight": "72",
    "test": "creatinine",
    "value": "1.6",
    "unit": "mg/dL",
    "at": "2026-03-27",
}


def chart(**changed: str) -> str:
    """A man of 60 with 72 kg and a creatinine of 1.6 mg/dL, five days old, unless changed."""
    return DABIGATRAN.format(**{**MAN, **changed})


@pytest.mark.parametrize(
    ("weight", "clearance", "hold", "stop_at", "stop_latest"),
    [
        ("72", "50", "4 days", "2026-04-11 09:30", None),
        ("71.424", "49.6", "5 to 6 days", "2026-04-09 09:30", "2026-04-10 09:30"),
        ("71.999", "71.999 x 50 / 72", "5 to 6 days", "2026-04-09 09:30", "2026-04-10 09:30"),
        ("43.2", "30", "5 to 6 days", "2026-04-09 09:30", "2026-04-10 09:30"),
        ("43.1", "43.1 x 50 / 72", None, None, None),
    ],
)
def test_brackets_are_half_open_and_unrounded(
    weight: str, clearance: str, hold: str | None, stop_at: str | None, stop_latest: str | None
) -> None:
    """(140 - age) x weight / (72 x creatinine), by Cockcroft and Gault. This man of 60 with 72 kg and 1.6 mg/dL has 80
    x 72 / 115.2 = 50.0, and dabigatran is held 4 days; with 71.424 kg it is 49.6, and it is held 5 to 6. 30.0 is still
    in that bracket; below it no time rule exists (ADR 0007, 11)."""
    found = plan_of(chart(weight=weight))
    assert found.clearance is not None
    assert found.clearance.least == found.clearance.most == Fraction(weight) * 50 / 72
    (dabigatran,) = found.active.drugs
    assert dabigatran.hold == hold
    assert (clock(dabigatran.stop_at), clock(dabigatran.stop_latest)) == (stop_at, stop_latest)


def test_below_30_a_level_decides() -> None:
    """At 29.9 mL/min dabigatran has no time rule: a level or a thrombin time decides, or the procedure waits (ADR
    0007, 11, 12)."""
    found = drug_of(chart(weight="43.1"))
    assert (found.decision, found.stop_at) == ("lab_required_no_datetime", None)
    assert [lab.tests for lab in found.labs] == [("dabigatran-level", "thrombin-time")]


@pytest.mark.parametrize(
    ("born", "age", "stop_at"), [("1966-04-15", 60, "2026-04-11 09:30"), ("1966-04-16", 59, "2026-04-11 09:30")]
)
def test_age_is_of_the_day_of_the_appointment(born: str, age: int, stop_at: str) -> None:
    """Age is in completed years on the day of the appointment: who turns 60 that day is 60 (ADR 0007, 11)."""
    found = plan_of(chart(born=born))
    assert found.clearance is not None
    assert found.clearance.least == Fraction(140 - age) * 72 / (72 * Fraction("1.6"))
    assert clock(found.active.drugs[0].stop_at) == stop_at


def test_a_woman_has_85_per_cent() -> None:
    """A woman with the same figures has 50 x 0.85 = 42.5 (ADR 0007, 11)."""
    found = plan_of(chart(sex="female"))
    assert found.clearance is not None
    assert found.clearance.least == Fraction("42.5")
    assert found.active.drugs[0].hold == "5 to 6 days"


@pytest.mark.parametrize(
    ("weight", "decision", "hold"),
    [("72", "lab_required_no_datetime", None), ("60", "hold_with_plan", "5 to 6 days")],
)
def test_unknown_sex_is_both(weight: str, decision: str, hold: str | None) -> None:
    """Where the sex is not known both results count. With 72 kg they are 50.0 and 42.5, two brackets: no datetime.
    With 60 kg they are 41.7 and 35.4, one bracket, and the plan stands (ADR 0007, 11)."""
    for sex in ("unknown", "other"):
        found = drug_of(chart(weight=weight, sex=sex))
        assert (found.decision, found.hold) == (decision, hold)


@pytest.mark.parametrize(
    ("value", "at", "decision"),
    [
        ("1.6", "2026-03-02", "hold_with_plan"),
        ("1.6", "2026-03-01", "lab_required_no_datetime"),
        ("1.7", "2026-03-25", "hold_with_plan"),
        ("1.7", "2026-03-24", "lab_required_no_datetime"),
    ],
)
def test_creatinine_grows_stale(value: str, at: str, decision: str) -> None:
    """On 1 April a creatinine of 2 March is 30 days old and counts; one of 1 March is 31 and does not. Where clearance
    is below 50 (47.06 at 1.7 mg/dL) it may be 7 days old, not 8 (ADR 0007, 11)."""
    found = drug_of(chart(value=value, at=at))
    assert found.decision == decision
    assert (found.stop_at is None) is (decision == "lab_required_no_datetime")


def test_stale_creatinine_is_asked_for() -> None:
    """Nothing is printed on a stale creatinine; a new one is asked for (ADR 0007, 11)."""
    found = drug_of(chart(at="2026-03-01"))
    assert [lab.tests for lab in found.labs] == [("creatinine",)]
    assert [(missing.what, missing.reason) for missing in found.missing] == [
        ("a creatinine not older than 30 days", "stale")
    ]


@pytest.mark.parametrize(
    ("old", "missing"),
    [
        (", weight_kg: 72", "weight"),
        ("birth_date: 1966-04-15, ", "birth date"),
        (CREATININE, "creatinine"),
    ],
)
def test_each_part_that_is_missing(old: str, missing: str) -> None:
    """Without a weight, a birth date or a creatinine there is no clearance and no datetime (ADR 0007, 11)."""
    assert old in chart()
    found = drug_of(chart().replace(old, ""))
    assert (found.decision, found.stop_at) == ("lab_required_no_datetime", None)
    assert missing in {one.what for one in found.missing}


def test_weight_on_record_stands_in() -> None:
    """A weight among the results will do where the person has none: the latest counts (ADR 0007, 11)."""
    weighed = (
        chart(value="1.6")
        .replace(", weight_kg: 72", "")
        .replace(
            "labs: [",
            "labs: [{id: L-2, test: weight, value: 60, unit: kg, at: 2026-03-28}, "
            "{id: L-3, test: weight, value: 90, unit: kg, at: 2025-03-28}, ",
        )
    )
    found = plan_of(weighed)
    assert found.clearance is not None
    assert found.clearance.least == Fraction(60) * 50 / 72


def test_egfr_is_refused() -> None:
    """An eGFR is another quantity, per 1.73 square metres of body. It is never used in the place of a clearance,
    however fresh (ADR 0007, 11)."""
    found = drug_of(chart(test="egfr", value="58", unit="'mL/min/{1.73_m2}'"))
    assert (found.decision, found.stop_at) == ("lab_required_no_datetime", None)


@pytest.mark.parametrize(("value", "hold"), [("50", "4 days"), ("49.9", "5 to 6 days")])
def test_measured_clearance_is_used_as_it_is(value: str, hold: str) -> None:
    """A measured clearance needs no formula (ADR 0007, 11)."""
    assert drug_of(chart(test="creatinine-clearance", value=value, unit="mL/min")).hold == hold


def test_dialysis_is_below_15() -> None:
    """On dialysis the kidneys do not clear, whatever the creatinine says (ADR 0007, 11)."""
    problem = """
        problems: [{id: PR-1, concept: dialysis, since: 2024-01-01}]
        """
    found = drug_of(together(problem, chart(value="0.9")))
    assert (found.decision, found.stop_at) == ("lab_required_no_datetime", None)
    assert [lab.tests for lab in found.labs] == [("dabigatran-level", "thrombin-time")]


def test_needed_only_where_a_hold_depends_on_it() -> None:
    """Clopidogrel is held without a creatinine, and dabigatran before class low is a shared decision without one (ADR
    0007, 11)."""
    clopidogrel = """
        medications: [{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}]
        """
    assert drug_of(clopidogrel).decision == "hold_with_plan"
    assert drug_of(chart().replace(CREATININE, ""), LOW).decision == "shared_decision_required"
