"""Intervals between a planned steroid injection and earlier steroid, vaccines and operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from ledger_samples import agent, asked, complete, day, epidural, injection, medicine, record, request, triamcinolone
from msgspec.structs import replace

from levamen.derive.periods import done, moment_of
from levamen.derive.steroid_intervals import steroid_intervals
from levamen.derive.steroid_spacing import IntervalFinding
from levamen.knowledge.steroids import packaged_steroids
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, Procedure, Record, Request
from levamen.record.timeline import When, month_of

TABLE = packaged_steroids()
ON = date(2026, 6, 1)
KNEE = request(agent("triamcinolone", "40 mg"))
BACK = request(
    agent("methylprednisolone", "40 mg"),
    therapy="epidural-steroid-injection",
    region="lumbar",
    approach="interlaminar",
    joint=None,
    side=None,
)
REVIEWED = Completeness(kind="medications", reviewed=day("2026-06-01"))


def found(held: Record, wanted: Request, id: str, on: date = ON) -> IntervalFinding:
    moment = moment_of(held, on, on)
    rows = [row for row in steroid_intervals(held, done(held, moment), wanted, moment, TABLE) if row.id == id]
    assert len(rows) == 1, f"{id}: {len(rows)} findings"
    return rows[0]


def ids(held: Record, wanted: Request) -> set[str]:
    moment = moment_of(held, ON, ON)
    return {row.id for row in steroid_intervals(held, done(held, moment), wanted, moment, TABLE)}


@dataclass
class Case:
    facts: tuple[Fact, ...]
    status: str
    earliest: str | None = None


def check(case: Case, wanted: Request, id: str, **fields: Any) -> None:
    answer = found(record(*case.facts, **fields), wanted, id)
    assert answer.status == case.status
    assert answer.earliest == (date.fromisoformat(case.earliest) if case.earliest is not None else None)
    assert answer.who
    assert answer.cites


def depot(on: str | When | None, dose: str | None = "40 mg", **fields: Any) -> Procedure:
    return epidural("P-1", on, agent("methylprednisolone", dose), **fields)


@pytest.mark.parametrize(
    "case",
    [
        Case((depot("2026-05-10"),), "met"),
        Case((depot("2026-05-11"),), "met"),
        Case((depot("2026-05-12"),), "not_met", "2026-06-02"),
        Case((epidural("P-1", "2026-05-12", agent("dexamethasone", "10 mg")),), "met"),
        Case((epidural("P-1", "2026-05-12"),), "unknown", "2026-06-02"),
        Case((depot("2026-05-12", status="aborted"),), "unknown", "2026-06-02"),
        Case((depot(None),), "unknown"),
        Case((triamcinolone("P-1", "2026-05-12"),), "met"),
        Case((), "met"),
    ],
)
def test_three_weeks_after_an_epidural_of_particulate_steroid(case: Case) -> None:
    check(case, BACK, "epidural-three-weeks")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((), "unknown"),
        ((complete("2026-05-12"),), "unknown"),
        ((complete("2026-05-11"),), "met"),
        ((complete("2026-05-11", therapy="epidural-steroid-injection"),), "met"),
        ((complete("2026-05-11", therapy="joint-injection"),), "unknown"),
        ((asked("recent-steroids", "2026-06-01", "no"),), "met"),
        ((asked("recent-steroids", "2026-06-01", "yes"),), "unknown"),
        ((asked("recent-steroids", "2026-06-01", "unknown"),), "unknown"),
    ],
)
def test_an_incomplete_record_leaves_it_open(said: tuple[Completeness, ...], status: str) -> None:
    check(Case((), status), BACK, "epidural-three-weeks", completeness=said)


def kenalog(on: str, dose: str | None) -> Procedure:
    return epidural("P-1", on, agent("triamcinolone", dose))


@pytest.mark.parametrize(
    "case",
    [
        Case((kenalog("2026-05-01", "40 mg"),), "met"),
        Case((kenalog("2026-05-02", "40 mg"),), "not_met", "2026-06-02"),
        Case((kenalog("2026-05-02", "39.9 mg"),), "met"),
        Case((kenalog("2026-05-02", None),), "unknown", "2026-06-02"),
    ],
)
def test_one_month_after_forty_of_triamcinolone(case: Case) -> None:
    check(case, BACK, "epidural-one-month")


@pytest.mark.parametrize(
    ("given_on", "on", "status"), [("2026-01-31", "2026-02-28", "met"), ("2026-01-31", "2026-02-27", "not_met")]
)
def test_a_month_ends_with_a_shorter_month(given_on: str, on: str, status: str) -> None:
    held = record(kenalog(given_on, "40 mg"))
    assert found(held, BACK, "epidural-one-month", date.fromisoformat(on)).status == status


@pytest.mark.parametrize(
    "case",
    [
        Case((depot("2026-05-18"),), "met"),
        Case((depot("2026-05-19"),), "not_met", "2026-06-02"),
        Case((depot("2026-05-19", region="cervical"),), "met"),
        Case((depot("2026-05-19", region="sacral"),), "unknown", "2026-06-02"),
    ],
)
def test_fourteen_days_of_a_payer(case: Case) -> None:
    check(case, BACK, "evicore-fourteen-days")
    assert found(record(), BACK, "evicore-fourteen-days").coverage


@pytest.mark.parametrize(
    "case",
    [
        Case((triamcinolone("P-1", "2026-03-02"),), "not_met", "2026-06-02"),
        Case((triamcinolone("P-1", "2026-03-01"),), "unknown"),
        Case((triamcinolone("P-1", "2026-03-02", side="right"),), "unknown"),
        Case((triamcinolone("P-1", "2026-03-02", side=None),), "unknown", "2026-06-02"),
        Case((triamcinolone("P-1", "2026-03-02", side="both"),), "not_met", "2026-06-02"),
    ],
)
def test_the_same_joint_three_months_can_be_broken_but_is_never_said_to_be_kept(case: Case) -> None:
    check(case, KNEE, "joint-three-months")


@pytest.mark.parametrize(
    "case",
    [
        Case((triamcinolone("P-1", "2026-05-02", joint="hip"),), "not_met", "2026-06-02"),
        Case((triamcinolone("P-1", "2026-05-01", joint="hip"),), "unknown"),
        Case((medicine("M-1", "prednisone", start="2026-04-01", end="2026-05-02"),), "not_met", "2026-06-02"),
        Case((medicine("M-1", "prednisone", start="2026-04-01", end="2026-05-01"),), "unknown"),
        Case((medicine("M-1", "prednisone", start="2026-04-01"),), "not_met"),
    ],
)
def test_any_steroid_of_the_last_thirty_days(case: Case) -> None:
    check(case, KNEE, "other-steroid-thirty-days", completeness=(complete(), REVIEWED))


def test_medicines_are_asked_about_too() -> None:
    assert found(record(), KNEE, "other-steroid-thirty-days").reason == "whether steroid is or was taken as a medicine"
    answer = found(record(completeness=(complete(), REVIEWED)), KNEE, "other-steroid-thirty-days")
    assert answer.reason == "kept, but the value awaits confirmation"


def vaccine(drug: str, on: str) -> Fact:
    return medicine("M-1", drug, start=on, recorded="2026-05-01")


@pytest.mark.parametrize(
    ("drug", "on", "status", "earliest", "other"),
    [
        ("covid-19-mrna-vaccine", "2026-06-15", "met", None, None),
        ("covid-19-mrna-vaccine", "2026-06-14", "not_met", "2026-06-21", "2026-06-15"),
        ("covid-19-mrna-vaccine", "2026-05-25", "met", None, None),
        ("covid-19-mrna-vaccine", "2026-05-26", "not_met", "2026-06-02", None),
        ("covid-19-mrna-vaccine", "2026-06-01", "not_met", "2026-06-08", None),
        ("covid-19-adenovirus-vaccine", "2026-06-15", "met", None, None),
        ("covid-19-adenovirus-vaccine", "2026-06-14", "not_met", "2026-06-28", "2026-06-15"),
        ("covid-19-adenovirus-vaccine", "2026-05-18", "met", None, None),
        ("covid-19-adenovirus-vaccine", "2026-05-19", "not_met", "2026-06-02", None),
        ("influenza-vaccine-inactivated", "2026-06-02", "met", None, None),
        ("other-inactivated-vaccine", "2026-05-31", "met", None, None),
        ("live-vaccine", "2026-06-10", "met", None, None),
    ],
)
def test_vaccines(drug: str, on: str, status: str, earliest: str | None, other: str | None) -> None:
    answer = found(record(vaccine(drug, on)), KNEE, "vaccine-M-1")
    assert answer.status == status
    assert answer.earliest == (date.fromisoformat(earliest) if earliest is not None else None)
    assert answer.other_from == (date.fromisoformat(other) if other is not None else None)


def test_a_live_vaccine_and_an_epidural_are_not_named_together() -> None:
    assert found(record(vaccine("live-vaccine", "2026-06-10")), BACK, "vaccine-M-1").status == "unknown"


def test_a_vaccine_whose_day_is_not_exact_is_unknown() -> None:
    may = replace(medicine("M-1", "covid-19-mrna-vaccine"), start=month_of(2026, 5))
    assert found(record(may), KNEE, "vaccine-M-1").status == "unknown"
    assert found(record(medicine("M-1", "covid-19-mrna-vaccine")), KNEE, "vaccine-M-1").status == "unknown"


def test_an_answer_of_yesterday_does_not_speak_of_today() -> None:
    said = [asked(question, "2026-05-31", "no") for question in ("recent-vaccine", "planned-surgery")]
    stale = record(completeness=tuple(said))
    assert {"vaccine-asked", "surgery-asked"} <= ids(stale, KNEE)
    elsewhere = asked("recent-steroids", "2026-05-31", "no")
    check(Case((), "unknown"), BACK, "epidural-three-weeks", completeness=(elsewhere,))
    old = Completeness(kind="medications", reviewed=day("2026-05-31"))
    answer = found(record(completeness=(complete(), old)), KNEE, "other-steroid-thirty-days")
    assert answer.reason == "whether steroid is or was taken as a medicine"


@pytest.mark.parametrize(("answer", "expected"), [("no", set()), ("yes", {"vaccine-asked"}), (None, {"vaccine-asked"})])
def test_vaccines_nobody_asked_about_are_unknown(answer: str | None, expected: set[str]) -> None:
    said = (asked("recent-vaccine", "2026-06-01", answer),) if answer is not None else ()
    assert {id for id in ids(record(completeness=said), KNEE) if id.startswith("vaccine")} == expected


def operation(therapy: str, on: str | None, **fields: Any) -> Procedure:
    settled = {"status": "planned", "recorded": day("2026-05-01"), "joint": None, "side": None} | fields
    return injection("S-1", on, therapy=therapy, **settled)


@pytest.mark.parametrize(
    ("on", "joint", "side", "status"),
    [
        ("2026-09-01", "knee", "left", "met"),
        ("2026-08-31", "knee", "left", "not_met"),
        ("2026-08-31", "knee", "both", "not_met"),
        ("2026-08-31", "knee", None, "unknown"),
        ("2026-08-31", None, None, "unknown"),
        (None, "knee", "left", "unknown"),
    ],
)
def test_three_months_before_a_joint_is_replaced(
    on: str | None, joint: str | None, side: str | None, status: str
) -> None:
    held = record(operation("joint-replacement", on, joint=joint, side=side))
    answer = found(held, KNEE, "same-joint-replacement")
    assert answer.status == status
    assert answer.other_from == (None if status == "met" else date(2026, 9, 1))


def test_the_other_knee_or_an_epidural_is_another_matter() -> None:
    other = record(operation("joint-replacement", "2026-06-20", joint="knee", side="right"))
    assert "same-joint-replacement" not in ids(other, KNEE)
    assert "same-joint-replacement" not in ids(other, BACK)


@pytest.mark.parametrize(
    ("on", "status"),
    [("2026-06-30", "not_met"), ("2026-07-01", "ambiguous"), ("2026-08-31", "ambiguous"), ("2026-09-01", "met")],
)
def test_one_to_three_months_before_a_fusion(on: str, status: str) -> None:
    held = record(operation("spinal-fusion", on, region="lumbar"))
    assert found(held, BACK, "fusion-after-epidural").status == status


def test_decompression_is_not_in_that_advice() -> None:
    held = record(operation("decompression-surgery", "2026-06-10", region="lumbar"))
    assert "fusion-after-epidural" not in ids(held, BACK)
    assert "adrenal-suppression" in ids(held, BACK)


@pytest.mark.parametrize(
    ("dose", "earlier", "on", "status"),
    [
        ("40 mg", None, "2026-06-28", "not_met"),
        ("40 mg", None, "2026-06-29", "unknown"),
        ("79.9 mg", None, "2026-06-29", "unknown"),
        ("80 mg", None, "2026-06-29", "not_met"),
        ("80 mg", None, "2026-08-23", "not_met"),
        ("80 mg", None, "2026-08-24", "unknown"),
        ("40 mg", "2026-03-09", "2026-08-23", "not_met"),
        ("40 mg", "2026-03-08", "2026-08-23", "unknown"),
        (None, None, "2026-06-28", "not_met"),
        (None, None, "2026-08-23", "unknown"),
    ],
)
def test_adrenal_suppression_before_any_operation(dose: str | None, earlier: str | None, on: str, status: str) -> None:
    facts = [operation("other-surgery", on)] + ([triamcinolone("P-1", earlier)] if earlier is not None else [])
    wanted = request(agent("triamcinolone", dose))
    assert found(record(*facts), wanted, "adrenal-suppression").status == status


@pytest.mark.parametrize(("answer", "expected"), [("no", set()), ("yes", {"surgery-asked"}), (None, {"surgery-asked"})])
def test_operations_nobody_asked_about_are_unknown(answer: str | None, expected: set[str]) -> None:
    said = (asked("planned-surgery", "2026-06-01", answer),) if answer is not None else ()
    assert {id for id in ids(record(completeness=said), KNEE) if id.startswith("surgery")} == expected


def test_an_operation_that_is_asked_for_in_the_same_chart_counts() -> None:
    planned = request(id="R-2", therapy="joint-replacement", joint="knee", side="left", start=day("2026-07-01"))
    held = record(requests=(KNEE, planned))
    assert found(held, KNEE, "same-joint-replacement").status == "not_met"


def test_a_plan_without_recorded_was_known_with_its_chart() -> None:
    unsaid = operation("joint-replacement", "2026-07-01", joint="knee", side="left", recorded=None)
    assert found(record(unsaid, recorded="2026-06-01"), KNEE, "same-joint-replacement").status == "not_met"
    later = replace(unsaid, recorded=day("2026-06-02"))
    assert "same-joint-replacement" not in ids(record(later), KNEE)


def test_without_steroid_there_is_nothing_to_keep() -> None:
    assert ids(record(depot("2026-05-31")), request(agent("lidocaine", "20 mg"))) == set()
