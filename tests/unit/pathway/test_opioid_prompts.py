"""Prompts and dated facts beside the opioids: at, just below and just above each limit; not asked is never no."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from levamen.pathway.opioids import OpioidReview, mme_got, opioid_review, prompt_ids
from levamen.record.codes import classes_of
from levamen.record.completeness import Completeness
from levamen.record.facts import Document, Fact, Lab, Medication, Person, Problem, Record, Score
from levamen.record.timeline import When, month_of

ON = date(2026, 3, 2)
MEDICINES = Completeness(kind="medications", reviewed=When.on(ON))
PROBLEMS = Completeness(kind="problems", reviewed=When.on(ON))
ADULT = Person(birth_date=When.on(date(1970, 1, 1)))


def day(text: str) -> When:
    return When.on(date.fromisoformat(text))


def medicine(id: str, drug: str | None, dose: str | None = None, **fields: Any) -> Medication:
    for name in ("start", "end", "recorded"):
        if isinstance(fields.get(name), str):
            fields[name] = day(fields[name])
    said = {"every": "24 h", "route": "oral"} | fields
    return Medication(id=id, drug=drug, classes=classes_of(drug) if drug else frozenset(), dose=dose, **said)


def morphine(dose: str = "20 mg", id: str = "M", **fields: Any) -> Medication:
    return medicine(id, "morphine", dose, **fields)


def problem(concept: str, **fields: Any) -> Problem:
    return Problem(id=f"P-{concept}", concept=concept, **({"verification": "confirmed"} | fields))


def review(
    *facts: Fact,
    person: Person = ADULT,
    complete: tuple[Completeness, ...] = (MEDICINES, PROBLEMS),
    table: str = "cdc-2022",
    on: date = ON,
) -> OpioidReview:
    return opioid_review(Record(id="synthetic", person=person, facts=facts, completeness=complete), on, None, table)


def raised(*facts: Fact, **asked: Any) -> list[str]:
    return [row.id for row in review(*facts, **asked).raised]


def undecided(*facts: Fact, **asked: Any) -> list[str]:
    return [row.id for row in review(*facts, **asked).undecided]


CHECKED = (
    Document(id="D", kind="monitoring-database-check", date=day("2026-02-02")),
    Lab(id="L", test="urine-drug-screen", value="as expected", at=day("2026-02-02")),
)


@pytest.mark.parametrize(("dose", "table", "expected"), [
    ("49.9 mg", "cdc-2022", []),
    ("50 mg", "cdc-2022", ["mme-50"]),
    ("50.1 mg", "cdc-2022", ["mme-50"]),
    ("90 mg", "cdc-2022", ["mme-50"]),
    ("49.9 mg", "cdc-2016", []),
    ("50 mg", "cdc-2016", ["mme-50"]),
    ("89.9 mg", "cdc-2016", ["mme-50"]),
    ("90 mg", "cdc-2016", ["mme-50", "mme-90"]),
])  # fmt: skip
def test_thresholds(dose: str, table: str, expected: list[str]) -> None:
    found = review(morphine(dose), *CHECKED, table=table)
    assert [row.id for row in found.raised if row.id.startswith("mme-")] == expected
    assert [row.id for row in found.undecided if row.id.startswith("mme-")] == []


def test_a_total_that_may_be_higher_is_not_below() -> None:
    assert "mme-50" in undecided(morphine("49 mg"), complete=(PROBLEMS,))
    assert "mme-50" in undecided(morphine("49 mg"), medicine("B", "buprenorphine", "10 mcg/h", route="transdermal"))
    assert "mme-50" in undecided(morphine("49 mg"), medicine("B", "oxycodone"))
    assert "mme-50" in undecided(morphine("49 mg"), medicine("B", None, written="a patch"))
    assert "mme-50" in raised(morphine("50 mg"), medicine("B", None, written="a patch"))
    assert "mme-50" in raised(morphine("50 mg", as_needed=True))


def test_naloxone_is_a_prompt_with_its_reasons_for_every_opioid() -> None:
    found = {row.id: row.reasons for row in review(morphine()).raised}
    assert found["naloxone"] == ("an opioid is ordered",)
    more = review(morphine("60 mg"), medicine("B", "diazepam"), problem("substance-use-disorder", status="remission"))
    assert {row.id: row.reasons for row in more.raised}["naloxone"] == (
        "an opioid is ordered", "50 MME a day reached", "with diazepam", "Substance use disorder, ever",
    )  # fmt: skip
    assert "naloxone" not in raised(morphine(), medicine("N", "naloxone", "4 mg", route="intranasal"))
    assert "naloxone" in raised(morphine(), medicine("N", "naloxone", "4 mg", end="2026-03-01"))
    assert "naloxone" in raised(morphine(), medicine("N", "naltrexone", "50 mg"))


def test_naloxone_in_one_product_with_another_drug_is_no_rescue() -> None:
    film = (
        medicine("B", "buprenorphine", "8 mg", route="buccal-sublingual"),
        medicine("B-naloxone", "naloxone", "2 mg", route="buccal-sublingual"),
    )
    assert "naloxone" in raised(*film)
    without_route = (medicine("B", "buprenorphine", route=None), medicine("B-naloxone", "naloxone", route=None))
    assert "naloxone" in raised(*without_route)
    assert "naloxone" in raised(morphine(), medicine("N", "naloxone", route="intranasal", stopped_because="cost"))
    spray = medicine("N", "naloxone", "4 mg", route="intranasal", as_needed=True)
    assert "naloxone" not in raised(*film, spray)


def test_a_total_that_somebody_recorded_is_shown_and_not_used() -> None:
    score = Score(id="S", instrument="mme", value=Decimal(120), date=day("2026-02-01"))
    later = Score(id="T", instrument="mme", value=Decimal(90), date=day("2026-03-03"))
    found = review(morphine("20 mg"), score, later)
    assert found.recorded == (score,)
    assert found.mme.most == 20
    assert "mme-50" not in {row.id for row in found.raised}


def test_without_an_opioid_nothing_is_raised() -> None:
    assert raised(medicine("B", "diazepam"), problem("obstructive-sleep-apnea")) == []
    assert raised(morphine(end="2026-01-01", start="2025-01-01")) == []


@pytest.mark.parametrize(("drug", "id"), [("lorazepam", "benzodiazepine"), ("zolpidem", "sedative")])
def test_what_is_taken_beside_it(drug: str, id: str) -> None:
    assert id in raised(morphine(), medicine("B", drug))
    assert id not in raised(morphine(), medicine("B", drug, end="2026-03-01"))
    assert id not in raised(morphine()) + undecided(morphine())
    assert id in undecided(morphine(), complete=())
    assert id not in raised(morphine(), medicine("B", drug, start="2026-03-03", recorded="2026-03-01"))


def test_apnea_and_use_disorder() -> None:
    assert "sleep-apnea" in raised(morphine(), problem("obstructive-sleep-apnea"))
    assert "sleep-apnea" not in raised(morphine(), problem("obstructive-sleep-apnea", verification="refuted"))
    assert "sleep-apnea" in undecided(morphine(), complete=(MEDICINES,))
    assert "sleep-apnea" not in undecided(morphine())
    assert "opioid-use-disorder" in raised(morphine(), problem("opioid-use-disorder"))


@pytest.mark.parametrize(("birth", "expected"), [
    ("1961-03-02", True), ("1961-03-03", False), ("1961-03-01", True), ("1960-02-29", True),
])  # fmt: skip
def test_from_65_years_on(birth: str, expected: bool) -> None:
    assert ("age-65" in raised(morphine(), person=Person(birth_date=day(birth)))) is expected


def test_an_age_that_is_not_known_is_not_decided() -> None:
    assert "age-65" in undecided(morphine(), person=Person())
    assert "age-65" in undecided(morphine(), person=Person(birth_date=month_of(1961, 3)))


@pytest.mark.parametrize(("birth", "speaks"), [("2008-03-02", True), ("2008-03-03", False), ("2008-02-29", True)])
def test_the_guideline_speaks_of_adults(birth: str, speaks: bool) -> None:
    found = review(morphine("60 mg"), person=Person(birth_date=day(birth)))
    assert (found.outside == ()) is speaks
    assert ("naloxone" in {row.id for row in found.raised}) is speaks
    assert found.undecided == () or speaks


@pytest.mark.parametrize("concept", ["cancer", "sickle-cell-disease", "limited-life-expectancy", "bone-metastasis"])
def test_the_guideline_does_not_speak_of(concept: str) -> None:
    found = review(morphine("60 mg"), problem(concept))
    assert len(found.outside) == 1
    assert found.raised == ()
    assert review(morphine("60 mg"), problem(concept, status="resolved")).outside == ()
    assert review(morphine("60 mg"), problem(concept, verification="provisional")).outside == ()


def test_cancer_in_history_is_not_cancer() -> None:
    assert review(morphine(), problem("cancer", attributes={"status": "history"})).outside == ()
    assert review(morphine(), problem("cancer-history")).outside == ()


@pytest.mark.parametrize(("months", "speaks"), [("under-3", False), ("3-to-12", False), ("over-12", True)])
def test_years_to_live_are_not_the_end_of_life(months: str, speaks: bool) -> None:
    found = review(morphine("60 mg"), problem("limited-life-expectancy", attributes={"months": months}))
    assert (found.outside == ()) is speaks
    assert ("naloxone" in {row.id for row in found.raised}) is speaks


@pytest.mark.parametrize(("last", "late"), [
    ("2025-12-01", True), ("2025-12-02", True), ("2025-12-03", False), ("2026-03-02", False),
])  # fmt: skip
def test_the_monitoring_database_every_three_months(last: str, late: bool) -> None:
    check = Document(id="D", kind="monitoring-database-check", date=day(last))
    assert ("monitoring-database" in raised(morphine(), check)) is late


@pytest.mark.parametrize(("last", "late"), [
    ("2025-03-01", True), ("2025-03-02", True), ("2025-03-03", False),
])  # fmt: skip
def test_the_urine_test_every_year(last: str, late: bool) -> None:
    test = Lab(id="L", test="urine-drug-screen", value="negative", at=day(last))
    assert ("urine-drug-screen" in raised(morphine(), test)) is late


def test_dated_facts_are_the_last_ones_by_the_day() -> None:
    facts = (
        Document(id="D-1", kind="opioid-agreement", date=day("2024-05-01")),
        Document(id="D-2", kind="opioid-agreement", date=day("2025-05-01")),
        Document(id="D-3", kind="opioid-agreement", date=day("2026-05-01"), recorded=day("2026-03-01")),
        Document(id="D-4", kind="monitoring-database-check"),
        Document(id="D-5", kind="monitoring-database-check", date=day("2026-03-03")),
    )
    agreement, database, urine = review(morphine(), *facts).facts
    assert (agreement.id, str(agreement.last), agreement.due) == ("D-2", "2025-05-01", None)
    assert (database.id, database.reason) == (
        None,
        "check of the prescription monitoring database: recorded without its day",
    )
    assert (urine.last, urine.reason) == (None, "no urine drug test on record")


def test_a_month_counts_from_its_first_day() -> None:
    check = Document(id="D", kind="monitoring-database-check", date=month_of(2025, 12))
    found = review(morphine(), check).facts[1]
    assert found.due == date(2026, 3, 1)
    assert found.reason != ""


def test_what_was_written_down_later_is_not_seen() -> None:
    late = Document(id="D", kind="monitoring-database-check", date=day("2026-02-01"), recorded=day("2026-03-03"))
    assert "monitoring-database" in raised(morphine(), late)


def falling(*rows: tuple[str, str, str | None], **last: Any) -> tuple[Medication, ...]:
    """Orders one after the other: dose, first day, last day."""
    found = []
    for index, (dose, start, end) in enumerate(rows):
        more = last if index == len(rows) - 1 else {}
        days = {"start": start, "recorded": min(start, "2026-03-01")} | ({"end": end} if end else {})
        found.append(morphine(dose, f"M-{index}", **days, **more))
    return tuple(found)


def test_a_fall_faster_than_a_published_pace_is_raised_by_its_name() -> None:
    found = review(*falling(("60 mg", "2024-01-01", "2026-02-09"), ("47 mg", "2026-02-10", None)))
    reasons = [row.reasons[0] for row in found.raised if row.id == "rapid-taper"]
    assert [reason.partition(":")[0] for reason in reasons] == ["hhs-common", "cdc-long"]
    assert found.taper.contact_by == date(2026, 3, 10)
    assert found.taper.since == date(2024, 1, 1)


def test_a_slow_taper_raises_nothing() -> None:
    orders = falling(
        ("100 mg", "2024-01-01", "2026-01-09"), ("90 mg", "2026-01-10", "2026-02-09"), ("81 mg", "2026-02-10", None)
    )
    found = review(*orders)
    assert [cut.percent for cut in found.taper.cuts] == [10, 10]
    assert "rapid-taper" not in {row.id for row in found.raised}


def test_a_planned_stop_is_raised_unless_the_taper_is_finished() -> None:
    orders = (("60 mg", "2024-01-01", "2026-03-20"),)
    assert "abrupt-change" in raised(*falling(*orders))
    assert "abrupt-change" in raised(*falling(*orders, stopped_because="patient-choice"))
    assert "abrupt-change" not in raised(*falling(*orders, stopped_because="taper-finished"))
    assert "abrupt-change" not in raised(*falling(*orders, stopped_because="completed"))


@pytest.mark.parametrize(("end", "expected"), [("2026-02-01", True), ("2026-01-31", False), ("2024-06-01", False)])
def test_a_stop_long_past_is_not_raised(end: str, expected: bool) -> None:
    """Contact is due within a month: a stop of 2 February (the day after the last dose) is on 2 March the last."""
    assert ("abrupt-change" in raised(*falling(("60 mg", "2024-01-01", end)))) is expected


def test_a_change_to_a_drug_that_is_not_counted_is_no_fall() -> None:
    patch = medicine("B", "buprenorphine", "20 mcg/h", route="transdermal", start="2026-02-10")
    found = review(*falling(("60 mg", "2024-01-01", "2026-02-09")), patch)
    assert found.taper.cuts == ()
    assert found.taper.unknown_from == date(2026, 2, 10)


def test_orders_that_end_and_begin_on_one_day_are_no_rise() -> None:
    found = review(*falling(("60 mg", "2024-01-01", "2026-02-10"), ("54 mg", "2026-02-10", None)))
    assert [(cut.before, cut.after) for cut in found.taper.cuts] == [(60, 54)]


def test_an_order_without_its_start_is_before_every_other() -> None:
    first = morphine("60 mg", "A", end="2026-02-09")
    found = review(first, *falling(("30 mg", "2026-02-10", None)))
    assert [(cut.before, cut.after) for cut in found.taper.cuts] == [(60, 30)]


def test_the_patient_s_choice_is_said_only_where_every_cut_has_it() -> None:
    first = morphine("60 mg", "A", start="2024-01-01", end="2026-02-09", stopped_because="patient-choice")
    second = morphine("54 mg", "B", start="2026-02-10")
    assert review(first, second).taper.agreed is True
    third = morphine("50 mg", "C", start="2026-02-20")
    again = morphine("54 mg", "B", start="2026-02-10", end="2026-02-19")
    assert review(first, again, third).taper.agreed is None


@pytest.mark.parametrize(
    ("asked", "answer", "expected"),
    [
        ("2026-03-02", "no", False),
        ("2026-03-01", "no", None),
        ("2026-03-01", "yes", True),
        ("2026-03-02", "unknown", None),
    ],
)
def test_thoughts_of_self_harm_are_asked_and_never_assumed(asked: str, answer: Any, expected: bool | None) -> None:
    told = Completeness(kind="self-harm", asked=day(asked), answer=answer)
    assert review(morphine(), complete=(MEDICINES, told)).self_harm is expected
    assert review(morphine()).self_harm is None


def test_the_total_in_the_words_of_an_expectation() -> None:
    record = Record(id="synthetic", facts=(morphine("20 mg"), morphine("10 mg", "N", as_needed=True)))
    got = mme_got(record, ON, None, None)
    assert (got["mme"], got["table"], got["interval"]) == ("30", "cdc-2022", "20 to 30")
    assert "Not for converting between opioids" in got["notice"]
    assert mme_got(record, ON, None, "cdc-2019") == {}
    assert mme_got(Record(id="synthetic"), ON, None, "cdc-2016")["mme"] == "unknown"


def test_ids_of_prompts_are_stable() -> None:
    assert prompt_ids() == {
        "naloxone", "benzodiazepine", "sedative", "sleep-apnea", "age-65", "opioid-use-disorder", "monitoring-database",
        "urine-drug-screen", "mme-50", "mme-90", "abrupt-change", "rapid-taper",
    }  # fmt: skip
