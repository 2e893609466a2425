"""The oracle against cases worked by hand from the dossier; the working stands beside each.

The appointment is Tuesday 16 June 2026, 10:00 to 10:45, unless the case says otherwise; known as of 28 May.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import oracle
import pytest
import tables as t
from grid import AF, CAD, END, START, chart, medication

ROME, ANGELES = "Europe/Rome", "America/Los_Angeles"
HIGH, MIDDLE, LOW = "scs_implant", "esi_caudal", "mbb_lumbar"
HOLD, NO_HOLD = "hold_with_plan", "proceed_no_hold"
ASK, DO_NOT, LAB, DEFER = (
    "shared_decision_required",
    "do_not_hold_without_prescriber",
    "lab_required_no_datetime",
    "defer",
)


def utc(text: str, zone: str = ROME) -> datetime:
    return oracle.instant(text, ZoneInfo(zone))


def drug(whole: oracle.Chart, profile: str = t.ASRA, id: str = "M-1") -> dict[str, Any]:
    answer: dict[str, Any] = oracle.answer(whole, profile)["drugs"][id]
    return answer


def check(got: dict[str, Any], decision: str, zone: str = ROME, **expected: str | None) -> None:
    assert got["decision"] == decision, got
    for key, value in expected.items():
        assert got.get(key) == (None if value is None else utc(value, zone)), key


# ------------------------------------------------------------------------------------------------ renal arithmetic


def test_clearance_is_compared_unrounded() -> None:
    # man of 60: (140-60) x w / (72 x c) = 80 w / 72 c. 72 kg, 1.6: 5760/115.2 = 50 exactly; 71.424 kg: 49.6
    fifty = oracle.cockcroft_gault(60, Fraction(72), Fraction(16, 10), female=False)
    less = oracle.cockcroft_gault(60, Fraction(71424, 1000), Fraction(16, 10), female=False)
    assert [fifty, less] == [Fraction(50), Fraction(496, 10)]
    assert (oracle.bracket_of_clearance(fifty), oracle.bracket_of_clearance(less)) == ("B", "C")


def test_a_woman_has_85_percent() -> None:
    # the same figures: 50 x 0.85 = 42.5
    assert oracle.cockcroft_gault(60, Fraction(72), Fraction(16, 10), female=True) == Fraction(425, 10)


@pytest.mark.parametrize(
    ("value", "letter"),
    [("80", "A"), ("79.9", "B"), ("50", "B"), ("49.99", "C"), ("30", "C"), ("29.9", "D"), ("15", "D"), ("14.9", "E")],
)
def test_brackets_are_half_open(value: str, letter: str) -> None:
    assert oracle.bracket_of_clearance(Fraction(value)) == letter


def test_age_is_in_completed_years_at_the_appointment() -> None:
    assert oracle.age_on(date(1966, 6, 16), date(2026, 6, 16)) == 60
    assert oracle.age_on(date(1966, 6, 17), date(2026, 6, 16)) == 59
    assert oracle.age_on(date(1964, 2, 29), date(2026, 2, 28)) == 61  # 62 only from 1 March


@pytest.mark.parametrize(("hours", "hold"), [(13, 72), (15, 84), (18, 96), (12, 60), (Fraction(121, 10), 72)])
def test_five_half_lives_round_up_to_twelve_hours(hours: int | Fraction, hold: int) -> None:
    # 65 -> 72; 75 -> 84; 90 -> 96; 60 is a multiple already; 60.5 -> 72
    assert t.five_half_lives(hours) == hold


def test_dabigatran_at_50_is_held_four_days() -> None:
    # derived default, CrCl >= 50: 96 h. 16 June 10:00 - 96 h = 12 June 10:00; restart 24 h after 10:45
    got = drug(chart(HIGH, [medication("dabigatran 150")], bracket="50.0"))
    check(got, HOLD, stop_at="2026-06-12T10:00", stop_latest=None, last_dose="2026-06-12T07:30")
    check(got, HOLD, restart_from="2026-06-17T10:45", first_dose="2026-06-17T19:30")


def test_dabigatran_at_49_6_is_held_six_days_five_at_least() -> None:
    # 30 <= CrCl < 50: 144 recommended, 120 earliest: 10 June 10:00 and 11 June 10:00
    got = drug(chart(HIGH, [medication("dabigatran 150")], bracket="49.6"))
    check(got, HOLD, stop_at="2026-06-10T10:00", stop_latest="2026-06-11T10:00", last_dose="2026-06-10T07:30")


@pytest.mark.parametrize("bracket", ["15-30", "15.0", "<15", "dialysis"])
def test_dabigatran_below_30_has_no_time_rule(bracket: str) -> None:
    got = drug(chart(MIDDLE, [medication("dabigatran 150")], bracket=bracket))
    check(got, LAB, stop_at=None, restart_from=None)
    assert got["labs"] == [t.one("dabigatran-level", "thrombin-time")]


def test_dabigatran_at_30_exactly_is_in_30_to_50() -> None:
    check(drug(chart(MIDDLE, [medication("dabigatran 150")], bracket="30.0")), HOLD, stop_at="2026-06-10T10:00")


@pytest.mark.parametrize("bracket", ["missing", "stale", "stale-7"])
def test_without_a_fresh_creatinine_no_datetime(bracket: str) -> None:
    # 30 days at as_of (31 is stale); 7 days where the clearance is below 50 (8 is stale)
    got = drug(chart(MIDDLE, [medication("apixaban 5")], bracket=bracket))
    check(got, LAB, stop_at=None)
    assert got["labs"] == [t.one("creatinine")]


def test_a_missing_creatinine_does_not_matter_where_nothing_is_held() -> None:
    check(drug(chart(LOW, [medication("apixaban 5")], bracket="missing")), ASK)
    check(drug(chart(HIGH, [medication("clopidogrel")], bracket="missing")), HOLD)


def test_sex_unknown_one_bracket_stands_and_two_do_not() -> None:
    # 64 as a man, 54.4 as a woman: both 50 to 80. 50.0 and 42.5: two brackets
    check(drug(chart(MIDDLE, [medication("dabigatran 150")], bracket="50-80", person={"sex": "unknown"})), HOLD)
    got = drug(chart(MIDDLE, [medication("dabigatran 150")], bracket="50.0", person={"sex": "other"}))
    check(got, LAB, stop_at=None)


def test_dialysis_is_the_lowest_bracket_and_escalates() -> None:
    # low + dialysis = intermediate: apixaban is held 3 d with a level, not shared
    whole = chart(LOW, [medication("apixaban 5")], bracket="dialysis")
    assert (oracle.answer(whole)["base"], oracle.answer(whole)["class"]) == ("low", "intermediate")
    got = drug(whole)
    check(got, HOLD, stop_at="2026-06-13T10:00")
    assert got["labs"] == [t.one("apixaban-level", "anti-xa")]


def test_a_measured_clearance_is_used_as_it_is() -> None:
    whole = chart(MIDDLE, [medication("dabigatran 150")], bracket="missing")
    whole["labs"] = [{"id": "L-2", "test": "creatinine-clearance", "value": 45, "unit": "mL/min", "at": "2026-05-25"}]
    check(drug(whole), HOLD, stop_at="2026-06-10T10:00")
    whole["labs"][0]["test"] = "egfr"
    check(drug(whole), LAB)


# --------------------------------------------------------------------------------------- each drug in each class


@pytest.mark.parametrize(
    ("form", "procedure", "decision", "hold", "least"),
    [
        # 2a, hours of hold (longest, shortest)
        ("aspirin primary", HIGH, HOLD, 144, None),  # 6 d
        ("aspirin primary", MIDDLE, ASK, None, None),
        ("aspirin primary", LOW, NO_HOLD, None, None),
        ("aspirin secondary", HIGH, ASK, None, None),
        ("aspirin secondary", MIDDLE, ASK, None, None),
        ("aspirin secondary", LOW, NO_HOLD, None, None),
        ("aspirin", HIGH, ASK, None, None),  # no indication: read as secondary (ADR 8)
        ("warfarin", HIGH, HOLD, 120, None),
        ("warfarin", "esi_interlaminar_cervical", HOLD, 120, None),  # 5 d AND INR normal
        ("warfarin", LOW, NO_HOLD, None, None),  # lumbar facet: none; shared assessment
        ("acenocoumarol", MIDDLE, HOLD, 72, None),
        ("acenocoumarol", LOW, NO_HOLD, None, None),
        ("phenprocoumon", HIGH, HOLD, 168, None),
        ("phenprocoumon", LOW, DO_NOT, None, None),  # the row names high and intermediate only
        ("heparin iv", HIGH, HOLD, 6, None),
        ("heparin iv", LOW, HOLD, 6, None),
        ("heparin sc", HIGH, HOLD, 24, None),
        ("heparin sc", MIDDLE, HOLD, 6, None),
        ("heparin sc", LOW, HOLD, 6, None),
        ("heparin", HIGH, HOLD, 24, None),  # route unknown: the longer of 6 and 24
        ("enoxaparin 40", HIGH, HOLD, 12, None),
        ("enoxaparin 40", LOW, HOLD, 12, None),
        ("enoxaparin", MIDDLE, HOLD, 24, None),  # band unknown: the longer of 12 and 24
        ("dalteparin 5000", LOW, HOLD, 24, None),
        ("fondaparinux 2.5", MIDDLE, HOLD, 96, None),
        ("fondaparinux 2.5", LOW, ASK, None, None),
        ("clopidogrel", HIGH, HOLD, 168, None),
        ("clopidogrel", MIDDLE, HOLD, 168, None),
        ("clopidogrel", LOW, NO_HOLD, None, None),
        ("prasugrel", HIGH, HOLD, 240, 168),  # 7 to 10 d
        ("ticagrelor", MIDDLE, HOLD, 120, None),
        ("cangrelor", HIGH, HOLD, 3, None),
        ("cangrelor", LOW, ASK, None, None),
        ("apixaban 5", HIGH, HOLD, 72, None),
        ("apixaban 5", MIDDLE, HOLD, 72, None),
        ("apixaban 5", LOW, ASK, None, None),
        ("apixaban 2.5", HIGH, HOLD, 72, None),  # no dose bands for apixaban in the pain table
        ("rivaroxaban 20", HIGH, HOLD, 72, None),
        ("rivaroxaban 20", MIDDLE, HOLD, 72, None),
        ("rivaroxaban 20", LOW, ASK, None, None),
        ("edoxaban", MIDDLE, HOLD, 72, None),
        ("dabigatran 150", LOW, ASK, None, None),
        ("abciximab", HIGH, HOLD, 120, 48),  # 2 to 5 d
        ("alteplase", LOW, HOLD, 48, None),
        ("cilostazol", HIGH, HOLD, 48, None),
        ("cilostazol", MIDDLE, NO_HOLD, None, None),
        ("dipyridamole", HIGH, HOLD, 48, None),
        ("ibuprofen", HIGH, HOLD, 24, None),
        ("naproxen", HIGH, HOLD, 96, None),
        ("naproxen", MIDDLE, NO_HOLD, None, None),
        ("nabumetone", HIGH, HOLD, 144, None),
        ("piroxicam", HIGH, HOLD, 240, None),
        ("ketoprofen", HIGH, ASK, None, None),  # 5 half-lives, no half-life printed (ADR 13)
        ("celecoxib", HIGH, NO_HOLD, None, None),
        ("sertraline", HIGH, ASK, None, None),  # not routine; if agreed, taper
        ("sertraline", MIDDLE, NO_HOLD, None, None),
        ("garlic", HIGH, HOLD, 168, None),
        ("ginkgo", HIGH, HOLD, 36, None),
        ("ginseng", HIGH, HOLD, 168, None),
        ("fish-oil", HIGH, NO_HOLD, None, None),  # sources conflict, default none + inform
        ("vitamin-e 800", HIGH, HOLD, 168, 144),  # above about 400 IU/d: 6 to 7 d
        ("ticlopidine", HIGH, DO_NOT, None, None),  # no row
        ("tinzaparin", HIGH, DO_NOT, None, None),  # no row in the pain table
        ("bivalirudin", HIGH, DO_NOT, None, None),
    ],
)
def test_the_pain_table(form: str, procedure: str, decision: str, hold: int | None, least: int | None) -> None:
    got = drug(chart(procedure, [medication(form)]))
    assert got["decision"] == decision
    start = utc(START)
    assert got.get("stop_at") == (start - oracle.hours(hold) if hold else None)
    assert got.get("stop_latest") == (start - oracle.hours(least) if least else None)


@pytest.mark.parametrize(
    ("form", "procedure", "late", "early"),
    [
        ("aspirin primary", HIGH, 24, None),
        ("naproxen", HIGH, 24, None),
        ("warfarin", MIDDLE, 6, None),
        ("acenocoumarol", MIDDLE, 24, None),
        ("heparin iv", HIGH, 2, None),
        ("heparin sc", LOW, 2, None),
        ("heparin sc", MIDDLE, 8, None),  # 2 or 8: default 8
        ("heparin sc", HIGH, 8, None),  # 6 or 8: default 8
        ("heparin", HIGH, 8, None),  # route unknown: the later of 2 and 8
        ("enoxaparin 40", LOW, 4, None),
        ("enoxaparin 40", HIGH, 24, 12),
        ("dalteparin 5000", MIDDLE, 24, 12),
        ("fondaparinux 2.5", HIGH, 24, None),
        ("clopidogrel", HIGH, 24, 12),  # 12 to 24: default 24
        ("ticagrelor", HIGH, 24, None),
        ("apixaban 5", HIGH, 24, None),
        ("abciximab", HIGH, 12, 8),
        ("alteplase", HIGH, None, None),  # never print a restart datetime
        ("phenprocoumon", HIGH, None, None),  # no row
        ("garlic", HIGH, None, None),  # no row
    ],
)
def test_restart_counts_from_the_end(form: str, procedure: str, late: int | None, early: int | None) -> None:
    got, end = drug(chart(procedure, [medication(form)])), utc(END)
    assert got.get("restart_from") == (end + oracle.hours(late) if late else None)
    assert got.get("restart_earliest") == (end + oracle.hours(early) if early else None)


def test_the_label_doubles_enoxaparin_below_30() -> None:
    # lmwh_high 48 (24 otherwise), lmwh_low 24 (12 otherwise): "ASRA pain table has no renal row -> take the longer"
    check(drug(chart(MIDDLE, [medication("enoxaparin")], bracket="15-30")), HOLD, stop_at="2026-06-14T10:00")
    check(drug(chart(MIDDLE, [medication("enoxaparin 40")], bracket="15-30")), HOLD, stop_at="2026-06-15T10:00")
    check(drug(chart(MIDDLE, [medication("enoxaparin 40")], bracket="30.0")), HOLD, stop_at="2026-06-15T22:00")


def test_warfarin_asks_for_an_inr() -> None:
    assert drug(chart(MIDDLE, [medication("warfarin")]))["labs"] == [t.one("inr")]
    assert drug(chart(LOW, [medication("warfarin")]))["labs"] == [t.one("inr")]


def test_a_procedure_without_a_row_has_no_class_and_no_datetime() -> None:
    whole = chart("lumbar_puncture", [medication("clopidogrel")])
    assert oracle.answer(whole)["class"] is None
    check(drug(whole), DO_NOT, stop_at=None)


# ---------------------------------------------------------------------------------------------------- other profiles


@pytest.mark.parametrize(
    ("profile", "form", "procedure", "bracket", "hold", "restart"),
    [
        (t.RA, "apixaban 5", MIDDLE, ">=80", 72, 24),
        (t.RA, "apixaban 2.5", MIDDLE, ">=80", 36, 6),
        (t.RA, "rivaroxaban 10", MIDDLE, ">=80", 24, 6),
        (t.RA, "rivaroxaban 10", MIDDLE, "15-30", 30, 6),
        (t.RA, "rivaroxaban 15", MIDDLE, "30-50", 72, 24),
        (t.RA, "dabigatran 150", MIDDLE, "50.0", 72, None),
        (t.RA, "dabigatran 150", MIDDLE, "49.6", 120, None),
        (t.RA, "dabigatran 220", MIDDLE, "30-50", 72, None),
        (t.RA, "heparin sc 12500", MIDDLE, ">=80", 24, 1),
        (t.RA, "heparin sc 7500", MIDDLE, ">=80", 12, 1),
        (t.RA, "fondaparinux 2.5", MIDDLE, "30-50", 58, None),
        (t.RA, "warfarin", MIDDLE, ">=80", 120, 0),
        (t.ESAIC, "apixaban 2.5", MIDDLE, ">=80", 36, 6),
        (t.ESAIC, "rivaroxaban 20", MIDDLE, ">=80", 72, 24),
        (t.ESAIC, "enoxaparin 40", MIDDLE, "15-30", 24, None),
        (t.ESAIC, "fluindione", MIDDLE, ">=80", 120, None),
        (t.ASIPP, "apixaban 5", HIGH, ">=80", 48, None),
        (t.ASIPP, "apixaban 5", MIDDLE, ">=80", 24, None),  # caudal is intermediate
        (t.ASIPP, "apixaban 5", "esi_interlaminar_cervical", ">=80", 48, None),  # high here, intermediate in ASRA
        (t.SIR, "heparin iv", MIDDLE, ">=80", 6, None),
        (t.SIR, "fondaparinux 2.5", MIDDLE, "50.0", 72, None),
        (t.SIR, "fondaparinux 2.5", MIDDLE, "49.6", 120, None),
    ],
)
def test_other_profiles(profile: str, form: str, procedure: str, bracket: str, hold: int, restart: int | None) -> None:
    got = drug(chart(procedure, [medication(form)], bracket=bracket), profile)
    assert got["decision"] == HOLD
    assert got["stop_at"] == utc(START) - oracle.hours(hold)
    assert got.get("restart_from") == (None if restart is None else utc(END) + oracle.hours(restart))


def test_apixaban_2_5_is_a_high_dose_under_two_of_three() -> None:
    # 60 kg or less and creatinine of 1.5 or more, at 60 years: 80 x 60 / (72 x 1.6) = 41.7
    whole = chart(MIDDLE, [medication("apixaban 2.5")], bracket="50.0", person={"weight_kg": 60})
    check(drug(whole, t.RA), HOLD, stop_at="2026-06-13T10:00")
    whole["person"]["weight_kg"] = 61
    check(drug(whole, t.RA), HOLD, stop_at="2026-06-14T22:00")


def test_sir_low_risk_withholds_nothing() -> None:
    for form in ("apixaban 5", "warfarin", "clopidogrel", "enoxaparin", "fondaparinux 2.5"):
        check(drug(chart(LOW, [medication(form)]), t.SIR), NO_HOLD)


def test_esaic_superficial_block_needs_no_interval() -> None:
    check(drug(chart("occipital_nerve_block", [medication("apixaban 5")]), t.ESAIC), NO_HOLD)


# ------------------------------------------------------------------------------------------------- escalation, pairs


@pytest.mark.parametrize("ailment", ["bleeding-disorder", "bleeding-history", "cirrhosis", "liver-failure"])
def test_bleeding_and_liver_escalate_one_step(ailment: str) -> None:
    for procedure, cls in ((LOW, "intermediate"), (MIDDLE, "high"), (HIGH, "high")):
        whole = chart(procedure, [medication("clopidogrel")], problems=[AF, CAD, {"concept": ailment}])
        assert oracle.answer(whole)["class"] == cls


def test_two_reasons_escalate_one_step_only() -> None:
    problems = [AF, CAD, {"concept": "cirrhosis"}, {"concept": "bleeding-disorder"}]
    assert oracle.answer(chart(LOW, [medication("clopidogrel")], problems=problems))["class"] == "intermediate"


def test_clearance_of_15_does_not_escalate_and_less_does() -> None:
    assert oracle.answer(chart(LOW, [medication("aspirin primary")], bracket="15.0"))["class"] == "low"
    assert oracle.answer(chart(LOW, [medication("aspirin primary")], bracket="<15"))["class"] == "intermediate"


def test_aspirin_with_an_ssri_escalates_and_an_nsaid_with_an_ssri_does_not() -> None:
    # two drugs that act on bleeding, of which one is an antithrombotic
    both = chart(LOW, [medication("aspirin secondary"), medication("sertraline")])
    assert oracle.answer(both)["class"] == "intermediate"
    check(drug(both), ASK)
    check(drug(both, id="M-2"), NO_HOLD)
    neither = chart(LOW, [medication("naproxen"), medication("sertraline")])
    assert oracle.answer(neither)["class"] == "low"


def test_celecoxib_is_no_second_drug() -> None:
    assert oracle.answer(chart(LOW, [medication("clopidogrel"), medication("celecoxib")]))["class"] == "low"


def test_earlier_surgery_of_the_region_escalates() -> None:
    whole = chart(LOW, [medication("clopidogrel")])
    whole["procedures"] = [{"id": "P-1", "therapy": "decompression-surgery", "region": "lumbar", "date": "2020-01-01"}]
    assert oracle.answer(whole)["class"] == "intermediate"
    whole["procedures"][0]["region"] = "cervical"
    assert oracle.answer(whole)["class"] == "low"


def test_each_drug_keeps_its_own_times() -> None:
    both = chart(HIGH, [medication("clopidogrel"), medication("naproxen")])
    check(drug(both), HOLD, stop_at="2026-06-09T10:00")
    check(drug(both, id="M-2"), HOLD, stop_at="2026-06-12T10:00")


# ------------------------------------------------------------------------------------------------- unsafe to hold (2f)


def stent(since: str, **said: str) -> oracle.Chart:
    return {"concept": "coronary-stent", "since": since, "attributes": {"stent": "drug-eluting", **said}}


@pytest.mark.parametrize(
    ("problem", "form", "decision"),
    [
        # dual therapy after a stent for an acute syndrome: < 12 months defer. The appointment is 16 June 2026
        (stent("2026-02-16", placed_for="acute-coronary-syndrome"), "clopidogrel", DEFER),  # 4 months
        (stent("2025-12-16", placed_for="acute-coronary-syndrome"), "clopidogrel", DEFER),  # 6 months
        (stent("2025-06-17", placed_for="acute-coronary-syndrome"), "clopidogrel", DEFER),  # a day under 12
        (stent("2025-06-16", placed_for="acute-coronary-syndrome"), "clopidogrel", HOLD),  # 12 months
        (stent("2025-12-17", placed_for="chronic-coronary-disease"), "clopidogrel", DEFER),  # a day under 6
        (stent("2025-12-16", placed_for="chronic-coronary-disease"), "clopidogrel", HOLD),  # 6 months
        (stent("2025-12-16", placed_for="unknown"), "clopidogrel", DEFER),  # unknown: the longer window
        (stent("2025-12-16", stent="unknown", placed_for="unknown"), "clopidogrel", DEFER),
        (stent("2026-05-18", stent="bare-metal"), "clopidogrel", DEFER),  # 29 days
        (stent("2026-05-17", stent="bare-metal"), "clopidogrel", HOLD),  # 30 days
        (stent("2026-02-16", placed_for="acute-coronary-syndrome"), "aspirin secondary", ASK),  # not held: keeps it
        ({"concept": "balloon-angioplasty", "since": "2026-06-03"}, "clopidogrel", DEFER),  # 13 d
        ({"concept": "balloon-angioplasty", "since": "2026-06-02"}, "clopidogrel", HOLD),  # 14 d
        ({"concept": "myocardial-infarction", "since": "2026-04-18"}, "clopidogrel", DEFER),  # 59 d
        ({"concept": "myocardial-infarction", "since": "2026-04-17"}, "clopidogrel", HOLD),  # 60 d
        ({"concept": "venous-thromboembolism", "since": "2026-03-17"}, "apixaban 5", DEFER),  # a day under 3 months
        ({"concept": "venous-thromboembolism", "since": "2026-03-16"}, "apixaban 5", DO_NOT),  # 3 to 12: prescriber
        ({"concept": "venous-thromboembolism", "since": "2025-06-16"}, "apixaban 5", HOLD),
        ({"concept": "stroke", "since": "2026-03-17"}, "warfarin", DEFER),
        ({"concept": "stroke", "since": "2026-03-17"}, "clopidogrel", DEFER),
        ({"concept": "stroke", "since": "2026-03-16"}, "warfarin", HOLD),
        ({**AF, "attributes": {"cha2ds2_vasc": 7, "chads2": 3, "rheumatic_valve": "no"}}, "apixaban 5", DO_NOT),
        ({**AF, "attributes": {"cha2ds2_vasc": 6, "chads2": 5, "rheumatic_valve": "no"}}, "apixaban 5", DO_NOT),
        ({**AF, "attributes": {"cha2ds2_vasc": 6, "chads2": 4, "rheumatic_valve": "no"}}, "apixaban 5", HOLD),
        ({**AF, "attributes": {"cha2ds2_vasc": 2, "chads2": 1, "rheumatic_valve": "yes"}}, "warfarin", DO_NOT),
        (
            {"concept": "mechanical-heart-valve", "since": "2019-01-01", "attributes": {"position": "mitral"}},
            "warfarin",
            DO_NOT,
        ),
        (
            {
                "concept": "mechanical-heart-valve",
                "since": "2026-03-17",
                "attributes": {"position": "aortic", "valve": "bileaflet"},
            },
            "warfarin",
            DO_NOT,
        ),  # newly placed: a day under 3 months
        ({"concept": "antiphospholipid-syndrome"}, "warfarin", DO_NOT),
        ({"concept": "thrombophilia", "attributes": {"type": "antithrombin"}}, "warfarin", DO_NOT),
    ],
)
def test_windows(problem: oracle.Chart, form: str, decision: str) -> None:
    got = drug(chart(HIGH, [medication(form)], problems=[problem]))
    assert got["decision"] == decision
    assert ("stop_at" in got) == (decision == HOLD)


def test_a_drug_that_is_not_held_keeps_its_answer() -> None:
    whole = chart(
        LOW, [medication("clopidogrel")], problems=[stent("2026-05-01", placed_for="acute-coronary-syndrome")]
    )
    check(drug(whole), NO_HOLD)


def test_a_held_antithrombotic_without_an_indication_is_not_held() -> None:
    check(drug(chart(MIDDLE, [medication("clopidogrel")], problems=[])), DO_NOT, stop_at=None)
    check(drug(chart(MIDDLE, [medication("clopidogrel", indication="stroke")], problems=[])), HOLD)
    check(drug(chart(HIGH, [medication("naproxen")], problems=[])), HOLD)  # no anticoagulant, no antiplatelet


# ------------------------------------------------------------------------------------------------ time, doses, clocks


def test_a_spring_night_between_stop_and_procedure_shifts_the_clock() -> None:
    # Rome, 30 March 2026 10:00 = 08:00 UTC; minus 72 h = 27 March 08:00 UTC = 09:00 (winter time)
    whole = chart(
        MIDDLE, [medication("apixaban 5")], as_of="2026-03-10", start="2026-03-30T10:00", end="2026-03-30T10:30"
    )
    whole["labs"][0]["at"] = "2026-03-08"
    got = drug(whole)
    assert got["stop_at"] == datetime(2026, 3, 27, 8, tzinfo=UTC)
    check(got, HOLD, stop_at="2026-03-27T09:00", last_dose="2026-03-27T07:30")


def test_an_autumn_night_between_stop_and_procedure_shifts_it_back() -> None:
    # Los Angeles, 2 November 2026 10:00 = 18:00 UTC; minus 120 h = 28 October 18:00 UTC = 11:00 (summer time)
    whole = chart(MIDDLE, [medication("warfarin")], zone=ANGELES, as_of="2026-10-10", start="2026-11-02T10:00")
    del whole["request"][0]["end"]
    got = drug(whole)
    assert got["stop_at"] == datetime(2026, 10, 28, 18, tzinfo=UTC)
    check(got, HOLD, ANGELES, stop_at="2026-10-28T11:00", last_dose="2026-10-28T08:00")
    check(got, HOLD, ANGELES, restart_from="2026-11-02T16:00")  # no end: 6 h from the start


def test_restart_over_a_spring_night() -> None:
    # Los Angeles, end 7 March 2026 16:00 = 8 March 00:00 UTC; + 24 h = 9 March 00:00 UTC = 17:00 of the 8th
    whole = chart(
        HIGH,
        [medication("naproxen", "evening")],
        zone=ANGELES,
        as_of="2026-02-15",
        start="2026-03-07T15:00",
        end="2026-03-07T16:00",
    )
    check(drug(whole), HOLD, ANGELES, restart_from="2026-03-08T17:00", first_dose="2026-03-08T21:30")


def test_the_leap_day_counts() -> None:
    # 4 March 2028 10:00 - 7 x 24 h = 26 February 10:00, because 29 February is a day of 2028
    whole = chart(
        HIGH, [medication("clopidogrel")], as_of="2028-02-10", start="2028-03-04T10:00", end="2028-03-04T11:00"
    )
    check(drug(whole), HOLD, stop_at="2028-02-26T10:00", last_dose="2028-02-26T08:00")


def test_months_are_calendar_months() -> None:
    assert oracle.months_after(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert oracle.months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert oracle.months_after(date(2025, 12, 16), 12) == date(2026, 12, 16)
    assert oracle.months_after(date(2025, 11, 30), 1) == date(2025, 12, 30)


def test_an_evening_drug_is_stopped_the_evening_before() -> None:
    # apixaban has two doses; rivaroxaban 20 at 21:30, hold 72 h: stop_at 13 June 10:00, last dose 12 June 21:30
    got = drug(chart(MIDDLE, [medication("rivaroxaban 20")]))
    check(got, HOLD, stop_at="2026-06-13T10:00", last_dose="2026-06-12T21:30", first_dose="2026-06-17T21:30")


def test_a_dose_exactly_at_stop_and_at_restart_is_allowed() -> None:
    # hold 168 h to 9 June 10:00, dose at 10:00; restart 24 h after 10:45, next dose at 10:45 of 17 June
    got = drug(chart(HIGH, [medication("clopidogrel") | {"times": ["10:00"]}]))
    check(got, HOLD, last_dose="2026-06-09T10:00", first_dose="2026-06-18T10:00")
    got = drug(chart(HIGH, [medication("clopidogrel") | {"times": ["10:45"]}]))
    check(got, HOLD, last_dose="2026-06-08T10:45", first_dose="2026-06-17T10:45")


def test_without_hours_there_is_a_stop_and_no_dose() -> None:
    got = drug(chart(HIGH, [medication("clopidogrel", "none")]))
    check(got, HOLD, stop_at="2026-06-09T10:00", last_dose=None, first_dose=None)


def test_every_alone_is_projected_from_the_last_dose() -> None:
    # every 24 h from 27 May 09:00: 9 June 09:00 is the last at or before 10:00; 18 June 09:00 the first after 17, 10:45
    whole = chart(HIGH, [medication("clopidogrel", "none", every="24 h", last_dose="2026-05-27T09:00")])
    check(drug(whole), HOLD, last_dose="2026-06-09T09:00", first_dose="2026-06-18T09:00")


def test_known_after_the_stop_and_no_last_dose_counts_as_taken_now() -> None:
    # hold 168 h, stop 9 June 10:00. As of 10 June 09:00, last dose unknown: taken then; + 168 h = 17 June 09:00
    got = drug(chart(HIGH, [medication("clopidogrel")], as_of="2026-06-10T09:00"))
    check(got, DEFER, stop_at=None, earliest_procedure="2026-06-17T09:00", restart_from=None)


def test_a_last_dose_said_after_the_stop_counts() -> None:
    said = {"last_dose": "2026-06-08T08:00", "recorded": "2026-06-10T08:30"}
    got = drug(chart(HIGH, [medication("clopidogrel", **said)], as_of="2026-06-10T09:00"))
    check(got, HOLD, stop_at="2026-06-09T10:00")
    late = {"last_dose": "2026-06-10T08:00", "recorded": "2026-06-10T08:30"}
    got = drug(chart(HIGH, [medication("clopidogrel", **late)], as_of="2026-06-10T09:00"))
    check(got, DEFER, earliest_procedure="2026-06-17T08:00")


def test_a_last_dose_said_before_the_stop_proves_nothing_after_it() -> None:
    said = {"last_dose": "2026-06-01T08:00", "recorded": "2026-06-01T09:00"}
    got = drug(chart(HIGH, [medication("clopidogrel", **said)], as_of="2026-06-10T09:00"))
    check(got, DEFER, earliest_procedure="2026-06-17T09:00")


def test_a_stopped_drug_counts_until_its_hold_is_over() -> None:
    # end 8 June (over at midnight): before the stop of 9 June 10:00, so it no longer counts at all
    assert (
        "M-1"
        not in oracle.answer(chart(HIGH, [medication("clopidogrel", end="2026-06-08")], as_of="2026-06-09"))["drugs"]
    )
    # end 9 June: over on 10 June 00:00, after the stop: + 168 h = 17 June 00:00
    got = drug(chart(HIGH, [medication("clopidogrel", end="2026-06-09")], as_of="2026-06-10"))
    check(got, DEFER, earliest_procedure="2026-06-17T00:00")


def test_a_drug_that_starts_later_does_not_count() -> None:
    whole = chart(HIGH, [medication("clopidogrel", start="2026-06-20")])
    assert oracle.answer(whole)["drugs"] == {}


def test_a_trial_without_a_removal_has_no_restart() -> None:
    whole = chart("scs_trial_percutaneous", [medication("clopidogrel")], end=None)
    check(drug(whole), HOLD, stop_at="2026-06-09T10:00", restart_from=None)
    # leads out on 23 June 09:00: restart 24 h later
    whole = chart("scs_trial_percutaneous", [medication("clopidogrel")], end="2026-06-23T09:00")
    check(drug(whole), HOLD, restart_from="2026-06-24T09:00")


@pytest.mark.parametrize(
    ("form", "procedure", "expected"),
    [
        ("apixaban 5", MIDDLE, "2026-06-18T10:45"),  # 48 h after blood at the needle
        ("rivaroxaban 20", MIDDLE, "2026-06-17T10:45"),  # 24 h, as the row
        ("warfarin", MIDDLE, "2026-06-17T10:45"),  # 24 instead of 6
        ("heparin iv", LOW, "2026-06-16T12:45"),  # class low: the row, 2 h
        ("enoxaparin 40", MIDDLE, "2026-06-17T10:45"),  # 24, and the early end (12) rises to 24 too
    ],
)
def test_a_bloody_tap_delays_the_restart(form: str, procedure: str, expected: str) -> None:
    got = drug(chart(procedure, [medication(form)], complications=["bloody-tap"]))
    check(got, HOLD, restart_from=expected, restart_earliest=None)


def test_moving_the_appointment_moves_every_datetime() -> None:
    here = drug(chart(HIGH, [medication("prasugrel")]))
    there = drug(chart(HIGH, [medication("prasugrel")], start="2026-06-23T10:00", end="2026-06-23T10:45"))
    for key in ("stop_at", "stop_latest", "last_dose", "restart_from", "first_dose"):
        assert there[key] - here[key] == oracle.hours(7 * 24)
