"""MME of orders: every drug of the tables, patches, bands, ranges, as needed, duplicates, what is not converted.

Expected numbers are worked out by hand from the factors of the dossier (assessment-and-outcomes, 5.1 and 5.2).
"""

from __future__ import annotations

import itertools
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.derive.mme import Mme, OpioidLine, factor_at, mme
from levamen.derive.periods import moment_of, shown
from levamen.knowledge.opioids import packaged_opioids
from levamen.record.codes import classes_of
from levamen.record.completeness import Completeness
from levamen.record.facts import Device, Fact, Medication, Problem, Record
from levamen.record.timeline import When, month_of

OPIOIDS = packaged_opioids()
ON = date(2026, 3, 2)
REVIEWED = Completeness(kind="medications", reviewed=When.on(ON))


def day(text: str) -> When:
    return When.on(date.fromisoformat(text))


def order(id: str = "M-1", drug: str | None = "oxycodone", dose: str | None = "10 mg", **fields: Any) -> Medication:
    for name in ("start", "end", "recorded"):
        if isinstance(fields.get(name), str):
            fields[name] = day(fields[name])
    said = {"every": "12 h", "route": "oral"} | fields
    return Medication(id=id, drug=drug, classes=classes_of(drug) if drug else frozenset(), dose=dose, **said)


def patch(id: str = "M-1", dose: str | None = "25 mcg/h", **fields: Any) -> Medication:
    return order(id, "fentanyl", dose, **({"every": "72 h", "route": "transdermal"} | fields))


def total(*facts: Fact, table: str = "cdc-2022", on: date = ON, reviewed: bool = True) -> Mme:
    record = Record(id="synthetic", facts=facts, completeness=(REVIEWED,) if reviewed else ())
    return mme(record, moment_of(record, ON, on), OPIOIDS.tables[table], OPIOIDS)


def only(*facts: Fact, **asked: Any) -> OpioidLine:
    (line,) = total(*facts, **asked).lines
    return line


def text(found: Mme) -> str:
    return shown(found.value) if found.value is not None else "nothing"


EVERY_DRUG = [
    # drug, dose, 2022, 2016: twice a day; the patch by its strength per hour
    ("codeine", "30 mg", "9", "9"),
    ("fentanyl", "25 mcg/h", "60", "60"),
    ("fentanyl", "12.5 mcg/h", "30", "30"),
    ("hydrocodone", "10 mg", "20", "20"),
    ("hydromorphone", "4 mg", "40", "32"),
    ("methadone", "5 mg", "47", "40"),
    ("morphine", "15 mg", "30", "30"),
    ("oxycodone", "10 mg", "30", "30"),
    ("oxymorphone", "5 mg", "30", "30"),
    ("tapentadol", "50 mg", "40", None),
    ("tramadol", "100 mg", "40", None),
]


@pytest.mark.parametrize(("drug", "dose", "new", "old"), EVERY_DRUG)
def test_every_drug_of_both_tables(drug: str, dose: str, new: str, old: str | None) -> None:
    one = patch(dose=dose) if drug == "fentanyl" else order(drug=drug, dose=dose)
    assert text(total(one)) == new
    found = total(one, table="cdc-2016")
    assert text(found) == (old or "nothing")
    assert found.complete is (old is not None)


def test_the_examples_that_the_guideline_works_out() -> None:
    assert text(total(order(drug="hydrocodone", dose="5 mg", every="6 h"))) == "20"
    assert text(total(order(drug="oxycodone", dose="10 mg", every="12 h"))) == "30"


METHADONE_2016 = [
    ("0.5", "nothing known"),
    ("1", "4"),
    ("19.9", "79.6"),
    ("20", "80"),
    ("20.5", "82 to 164"),
    ("21", "168"),
    ("40", "320"),
    ("40.5", "324 to 405"),
    ("41", "410"),
    ("60", "600"),
    ("60.5", "605 to 726"),
    ("61", "732"),
    ("100", "1200"),
]


@pytest.mark.parametrize(("milligrams", "expected"), METHADONE_2016)
def test_methadone_has_bands_in_2016_and_one_factor_in_2022(milligrams: str, expected: str) -> None:
    one = order(drug="methadone", dose=f"{milligrams} mg", every="24 h")
    old = total(one, table="cdc-2016")
    if expected == "nothing known":
        assert old.most is None
        assert old.missing[0].what == "a factor for methadone below 1 mg a day"
    else:
        assert text(old) == expected
    assert total(one).most == Fraction(milligrams) * Fraction("4.7")


def test_the_band_is_that_of_all_methadone_of_the_day() -> None:
    one, other = order("A", "methadone", "10 mg", every="24 h"), order("B", "methadone", "5 mg", every="8 h")
    assert text(total(one, other, table="cdc-2016")) == "200"  # 25 mg x 8, not 10 x 4 + 15 x 4
    assert text(total(one, other)) == "117.5"


def test_methadone_as_needed_lifts_the_band_only_at_the_most() -> None:
    one = order("A", "methadone", "20 mg", every="24 h")
    other = order("B", "methadone", "5 mg", every="24 h", as_needed=True)
    found = total(one, other, table="cdc-2016")
    assert text(found) == "80 to 200"  # 20 x 4 to 25 x 8
    assert found.value is not None
    assert sum(line.mme.high or 0 for line in found.lines if line.mme is not None) == found.value.high


def test_a_factor_between_two_bands_holds_both() -> None:
    row = OPIOIDS.tables["cdc-2016"].factors["methadone"]
    found = factor_at(row, Fraction(41, 2))
    assert found is not None
    assert (found.low, found.high) == (4, 8)
    assert factor_at(row, Fraction(99, 100)) is None


@pytest.mark.parametrize("every", ["24 h", "daily", "12 h", "48 h", "1 h"])
def test_a_patch_ordered_too_often_is_flagged_and_never_multiplied(every: str) -> None:
    found = total(patch(every=every))
    assert text(found) == "60"
    (line,) = found.lines
    assert [flag.id for flag in line.flags] == ["patch-changed-often"]
    assert every in line.flags[0].says


@pytest.mark.parametrize("every", ["72 h", "3 days", "weekly", None])
def test_a_patch_for_three_days_or_longer_is_not(every: str | None) -> None:
    line = only(patch(every=every))
    assert line.flags == ()
    assert line.mme is not None
    assert line.mme.high == 60


@pytest.mark.parametrize("dose", ["25 mcg", "25 mg", "1 patch", None, "25"])
def test_a_patch_without_its_strength_per_hour_is_unknown(dose: str | None) -> None:
    found = total(patch(dose=dose))
    assert found.most is None
    assert found.missing[0].what.startswith("strength of the patch in mcg/h")


def test_two_patches_add_up() -> None:
    assert text(total(patch("A", "50 mcg/h"), patch("B", "25 mcg/h"))) == "180"


def test_a_strength_per_hour_is_that_of_a_patch() -> None:
    line = only(patch(route=None))
    assert [flag.id for flag in line.flags] == ["route-not-recorded"]
    assert line.mme is not None
    assert line.mme.high == 60
    assert total(patch(route=None, dose="100 mcg", every="6 h")).most is None


@pytest.mark.parametrize("unit", ["mcg/h", "ug/h", "µg/h", "μg/hr", "mcg/hour"])
def test_units_of_a_patch(unit: str) -> None:
    assert text(total(patch(dose=f"25 {unit}"))) == "60"


@pytest.mark.parametrize(
    ("dose", "expected"),
    [("10 mg", "30"), ("0.01 g", "30"), ("10000 mcg", "30"), ("10,000 mcg", "30"), ("10MG", "30"), ("10 mg/h", None)],
)
def test_mixed_units(dose: str, expected: str | None) -> None:
    found = total(order(dose=dose))
    assert (text(found) if found.most is not None else None) == expected


@pytest.mark.parametrize(
    "dose",
    [None, "2 tablets", "5 mL", "0 mg", "10", "5 mg/5 mL", "5 mg/325 mg", "10 mg + 10 mg", "half a tablet", "many"],
)
def test_a_dose_that_is_not_milligrams_is_unknown_and_asked_for(dose: str | None) -> None:
    found = total(order(dose=dose))
    assert found.most is None
    assert not found.complete
    (asked,) = found.missing
    assert asked.what.startswith("dose in mg")
    assert asked.fact == "M-1"
    assert dose is None or repr(dose) in asked.what


@pytest.mark.parametrize("every", [None, "as directed", "with meals", "6 to many h"])
def test_doses_a_day_that_are_not_said_are_asked_for_and_never_one(every: str | None) -> None:
    found = total(order(every=every))
    assert found.most is None
    assert found.missing[0].what.startswith("doses a day")


def test_an_interval_that_is_not_understood_is_not_replaced_by_clock_times() -> None:
    assert total(order(every="as directed", times=("08:00",))).most is None


def test_clock_times_say_how_often() -> None:
    assert text(total(order(every=None, times=("08:00", "14:00", "22:00")))) == "45"


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("48 h", "7.5"),
        ("weekly", "2.14"),
        ("5 h", "72"),
        ("twice daily", "30"),
        ("tid", "45"),
        ("every 6 hours", "60"),
        ("8 h", "45"),
    ],
)
def test_how_often(every: str, expected: str) -> None:
    assert text(total(order(every=every))) == expected


def test_an_interval_of_many_days_is_exact() -> None:
    assert total(order(every="weekly")).most == Fraction(15, 7)


def test_where_interval_and_clock_times_differ_the_more_frequent_counts() -> None:
    assert text(total(order(every="12 h", times=("08:00", "14:00", "20:00")))) == "45"
    assert text(total(order(every="6 h", times=("08:00",)))) == "60"
    assert text(total(order(every="48 h", times=("08:00", "20:00")))) == "15"


def test_as_needed_counts_at_the_most_and_shows_what_is_scheduled() -> None:
    found = total(order("A", dose="10 mg"), order("B", dose="5 mg", every="6 h", as_needed=True))
    assert text(found) == "30 to 60"
    assert found.most == 60
    assert found.complete


@pytest.mark.parametrize(
    ("dose", "every", "expected"),
    [
        ("5-10 mg", "6 h", "30 to 60"),
        ("5 to 10 mg", "6 h", "30 to 60"),
        ("10 mg", "4-6 h", "60 to 90"),
        ("10 mg", "every 4 to 6 hours", "60 to 90"),
        ("10-5 mg", "6-4 h", "30 to 90"),
    ],
)
def test_of_a_range_the_highest_dose_and_frequency_count(dose: str, every: str, expected: str) -> None:
    assert text(total(order(dose=dose, every=every))) == expected


def test_orders_are_added_and_none_is_set_off() -> None:
    found = total(order("A", "oxycodone"), order("B", "morphine", "15 mg"), patch("C"))
    assert text(found) == "120"
    assert all(line.flags == () for line in found.lines)


def test_the_same_order_twice_is_counted_twice_and_flagged() -> None:
    found = total(order("A"), order("B", route=None, every="twice daily"))
    assert text(found) == "60"
    assert [[flag.id for flag in line.flags if flag.id == "duplicate"] for line in found.lines] == [["duplicate"]] * 2
    assert "B" in found.lines[0].flags[0].says


def test_another_order_of_the_drug_is_told_apart() -> None:
    found = total(order("A"), order("B", dose="5 mg"))
    assert [line.flags[0].id for line in found.lines] == ["several-orders"] * 2
    assert text(found) == "45"


@pytest.mark.parametrize(
    ("drug", "route"),
    [
        ("buprenorphine", "transdermal"),
        ("buprenorphine", "buccal-sublingual"),
        ("buprenorphine", None),
        ("butorphanol", "intranasal"),
        ("pentazocine", "oral"),
        ("levorphanol", "oral"),
        ("meperidine", "oral"),
        ("dihydrocodeine", "oral"),
        ("fentanyl", "buccal-sublingual"),
        ("fentanyl", "intranasal"),
        ("fentanyl", "intravenous"),
        ("fentanyl", "oral"),
        ("sufentanil", "intravenous"),
        ("morphine", "intrathecal"),
        ("morphine", "intravenous"),
        ("morphine", "subcutaneous"),
        ("hydromorphone", "epidural"),
        ("hydromorphone", "intramuscular"),
        ("oxycodone", "other"),
    ],
)
@pytest.mark.parametrize("table", ["cdc-2022", "cdc-2016"])
def test_what_has_no_factor_is_listed_and_not_counted(drug: str, route: str | None, table: str) -> None:
    alone = total(order(drug=drug, route=route), table=table)
    assert alone.value is None
    found = total(order("A"), order("B", drug, route=route), table=table)
    assert found.most == 30
    assert not found.complete
    line = next(line for line in found.lines if line.id == "B")
    assert (line.kind, line.mme) == ("unconvertible", None)
    assert line.reason is not None
    assert bool(line.cites) is (drug != "sufentanil")


def test_the_opioid_of_a_pump_is_listed_apart() -> None:
    pump = Device(id="D", kind="intrathecal-pump", pump={"drugs": ({"drug": "morphine"}, {"drug": "bupivacaine"})})
    found = total(order("A"), pump)
    assert [(line.id, line.drug, line.kind) for line in found.lines] == [
        ("D", "morphine", "unconvertible"),
        ("A", "oxycodone", "converted"),
    ]
    gone = Device(id="D", kind="intrathecal-pump", removed=day("2026-03-01"), pump=pump.pump)
    assert total(gone).lines == ()
    coming = Device(id="D", kind="intrathecal-pump", implanted=day("2026-03-03"), pump=pump.pump)
    assert total(coming).lines == ()


def test_treatment_of_use_disorder_is_not_counted() -> None:
    found = total(order(drug="methadone", dose="80 mg", every="24 h", indication="opioid-use-disorder"))
    assert found.value is None
    assert found.lines[0].reason is OPIOIDS.use_disorder


def test_methadone_beside_a_use_disorder_may_be_its_treatment() -> None:
    disorder = Problem(id="P", concept="opioid-use-disorder", verification="confirmed")
    found = total(order(drug="methadone", dose="10 mg", every="24 h"), disorder)
    assert text(found) == "0 to 47"
    assert [flag.id for flag in found.lines[0].flags] == ["use-not-recorded"]
    refuted = Problem(id="P", concept="opioid-use-disorder", verification="refuted")
    assert text(total(order(drug="methadone", dose="10 mg", every="24 h"), refuted)) == "47"
    for_pain = order(drug="methadone", dose="10 mg", every="24 h", indication="lumbar-spondylosis")
    assert text(total(for_pain, disorder)) == "47"


def test_a_medicine_that_nobody_could_read_may_be_an_opioid() -> None:
    found = total(order("A"), order("B", None, written="oxycodon ER 40"))
    assert text(found) == "30 or more"
    assert found.missing[0].what == "which drug it is ('oxycodon ER 40' is written)"


def test_words_are_never_read() -> None:
    found = total(order("A", dose=None, written="oxycodone 10 mg twice daily", note="takes 10 mg"))
    assert found.most is None
    assert "a product's amount is not that of its opioid" in found.missing[0].what


def test_other_drugs_are_no_opioids() -> None:
    found = total(order(drug="acetaminophen", dose="500 mg"), order(drug="naloxone"), order(drug="gabapentin"))
    assert found.lines == ()
    assert text(found) == "0"


def test_no_opioid_on_record_is_none_only_where_the_list_is_all() -> None:
    assert total().most == 0
    assert total().complete
    assert total(reviewed=False).value is None
    listed = total(order(), reviewed=False)
    assert (listed.most, listed.complete) == (30, False)


ACTIVE = [
    # start, end, on: in force
    (None, None, "2026-03-02", "30"),
    ("2026-03-02", None, "2026-03-02", "30"),
    ("2026-03-02", None, "2026-03-01", "nothing"),
    ("2026-01-01", "2026-03-01", "2026-03-02", "nothing"),
    ("2026-01-01", "2026-03-02", "2026-03-02", "0 to 30"),
    ("2026-01-01", "2026-03-03", "2026-03-02", "30"),
    ("2024-02-29", "2026-03-03", "2026-02-28", "30"),
]


@pytest.mark.parametrize(("start", "end", "on", "expected"), ACTIVE)
def test_the_orders_of_the_day_count(start: str | None, end: str | None, on: str, expected: str) -> None:
    found = total(order(start=start, end=end, recorded="2020-01-01"), on=date.fromisoformat(on), reviewed=False)
    assert text(found) == expected


def test_an_order_of_an_unknown_day_may_be_in_force() -> None:
    assert text(total(order(start=month_of(2026, 3)))) == "0 to 30"
    assert text(total(order(stopped_because="no-effect"))) == "0 to 30"
    assert text(total(order(start=day("2026-01-01"), end=month_of(2026, 3)))) == "0 to 30"


def test_what_was_written_down_later_is_not_seen() -> None:
    assert total(order(recorded="2026-03-03")).lines == ()
    assert len(total(order(recorded="2026-03-02")).lines) == 1


@given(st.permutations(range(6)))
def test_the_order_of_the_facts_changes_nothing(places: list[int]) -> None:
    facts = [
        order("A"),
        order("B", "methadone", "10 mg", every="24 h"),
        order("C", "methadone", "15 mg", every="24 h", as_needed=True),
        patch("D", every="24 h"),
        order("E", "buprenorphine"),
        order("F"),
    ]
    first = total(*facts, table="cdc-2016")
    again = total(*(facts[place] for place in places), table="cdc-2016")
    assert again.value == first.value
    assert [line.id for line in again.lines] == [line.id for line in first.lines]


@given(st.lists(st.sampled_from(EVERY_DRUG), max_size=6), st.booleans())
def test_a_total_is_the_sum_of_its_lines(drugs: list[tuple[str, str, str, str | None]], needed: bool) -> None:
    facts = [
        patch(str(index), dose)
        if drug == "fentanyl"
        else order(str(index), drug, dose, as_needed=needed and index % 2 == 0)
        for index, (drug, dose, _, _) in enumerate(drugs)
    ]
    found = total(*facts)
    expected = sum((Fraction(Decimal(new)) for _, _, new, _ in drugs), Fraction(0))
    assert found.most == expected
    assert found.value is not None
    assert found.value.low <= expected


def test_a_hundred_orders_take_milliseconds() -> None:
    drugs = itertools.cycle(EVERY_DRUG)
    rows = [
        patch(str(n), dose) if drug == "fentanyl" else order(str(n), drug, dose)
        for n, (drug, dose, _, _) in zip(range(100), drugs, strict=False)
    ]
    record = Record(id="synthetic", facts=tuple(rows))
    moment = moment_of(record, ON, ON)
    times = []
    for _ in range(7):
        began = time.perf_counter()
        mme(record, moment, OPIOIDS.tables["cdc-2022"], OPIOIDS)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.005 * 4  # the budget is 5 ms; other work runs beside the tests
