"""The trend of a record: what is a point, what is a gap, what was not known yet, and what may be compared."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from levamen.adapters.chart import read_chart
from levamen.pathway.trend_series import TrendSeries
from levamen.pathway.trends import LEAST_DAYS, Trend, trend
from levamen.record.codes import UnknownWord
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput

AS_OF = date(2026, 6, 30)


def record(body: str) -> Record:
    head = "chart: 1\nid: specimen\nrecorded: 2026-06-30\nzone: America/New_York\nperson: {sex: female}\n"
    return read_chart(head + body, "specimen").record


def drawn(body: str, as_of: date | datetime = AS_OF, **asked: object) -> Trend:
    return trend(record(body), as_of, **asked)


def one(body: str, as_of: date | datetime = AS_OF) -> TrendSeries:
    found = drawn(body, as_of).series
    assert len(found) == 1
    return found[0]


def joins(series: TrendSeries) -> dict[str, str]:
    return {row.key: row.joined for row in series.points}


def scores(*rows: str) -> str:
    return "scores:\n" + "".join(f"  - {{{row}}}\n" for row in rows)


def test_zero_is_a_score_and_an_empty_form_is_none() -> None:
    found = one(
        scores(
            "id: A, instrument: nrs, value: 0, date: 2026-01-01",
            "id: B, instrument: nrs, date: 2026-02-01",
            "id: C, instrument: nrs, value: 3, date: 2026-03-01",
        )
    )
    assert [(row.key, row.value, row.text) for row in found.points] == [
        ("A", Fraction(0), "0"),
        ("B", None, "no score"),
        ("C", Fraction(3), "3"),
    ]
    assert found.points[1].reason == "the form has neither a score nor answers"
    assert joins(found)["C"] == "none"
    assert found.points[2].gap == "a form between them gave no score"
    assert found.points[2].since_first == 3


def test_neighbours_are_joined_and_a_visit_without_this_form_is_dashed() -> None:
    found = drawn(
        scores(
            "id: A, instrument: odi, value: 40, date: 2026-01-01",
            "id: B, instrument: odi, value: 30, date: 2026-02-01",
            "id: N, instrument: nrs, value: 5, date: 2026-02-15",
            "id: C, instrument: odi, value: 20, date: 2026-03-01",
        )
    )
    odi = next(row for row in found.series if row.instrument == "odi")
    assert joins(odi) == {"A": "none", "B": "line", "C": "dashed"}


@pytest.mark.parametrize(
    ("day", "joined"),
    [("2026-01-01", "line"), ("2026-01-02", "dashed"), ("2026-01-30", "dashed"), ("2026-02-01", "line")],
)
def test_a_visit_counts_only_strictly_between_the_two(day: str, joined: str) -> None:
    found = drawn(
        scores(
            "id: A, instrument: odi, value: 40, date: 2026-01-01",
            "id: B, instrument: odi, value: 30, date: 2026-02-01",
            f"id: N, instrument: nrs, value: 5, date: {day}",
        )
    )
    odi = next(row for row in found.series if row.instrument == "odi")
    assert joins(odi)["B"] == joined


def test_two_of_one_day_are_joined_to_nothing_and_neither_is_the_first() -> None:
    found = one(
        scores(
            "id: A, instrument: nrs, value: 4, date: 2026-01-01",
            "id: B, instrument: nrs, value: 6, date: 2026-01-01",
            "id: C, instrument: nrs, value: 2, date: 2026-02-01",
        )
    )
    assert set(joins(found).values()) == {"none"}
    assert {row.key for row in found.first} == {"A", "B"}
    assert all(row.since_first is None for row in found.points)
    assert all(size.least is None for size in found.sizes if size.change.unit == "percent-of-baseline")


def test_two_of_one_day_with_their_times_are_in_order() -> None:
    found = one(
        scores(
            "id: B, instrument: nrs, value: 6, date: 2026-01-01T11:00",
            "id: A, instrument: nrs, value: 4, date: 2026-01-01T09:00",
        )
    )
    assert joins(found) == {"A": "none", "B": "line"}
    assert found.points[1].since_first == 2


def test_the_hour_that_comes_twice_is_in_the_order_of_the_instants() -> None:
    found = one(
        scores(
            "id: LATER, instrument: nrs, value: 6, date: '2025-11-02T01:10:00-05:00'",
            "id: EARLIER, instrument: nrs, value: 4, date: '2025-11-02T01:50:00-04:00'",
        )
    )
    assert [row.key for row in found.points] == ["EARLIER", "LATER"]
    assert found.points[1].since_first == 2


def test_a_month_is_not_in_order_with_a_day_in_it() -> None:
    found = one(
        scores(
            "id: A, instrument: nrs, value: 8, date: 2026-01-31",
            "id: B, instrument: nrs, value: 6, date: 2026-02",
            "id: C, instrument: nrs, value: 4, date: 2026-02-28",
            "id: D, instrument: nrs, value: 2, date: 2026-03-01",
        )
    )
    assert joins(found) == {"A": "none", "B": "none", "C": "none", "D": "none"}
    assert [str(row.since_first) for row in found.points] == ["None", "-2", "-4", "-6"]


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ("", "", -10),
        (", version: 2.1a", ", version: 2.1a", -10),
        (", version: 2.0", ", version: 2.1a", None),
        ("", ", version: 2.1a", None),
        (", version: 2.1a", "", None),
    ],
)
def test_change_is_told_between_equal_versions_alone(first: str, second: str, change: int | None) -> None:
    found = one(
        scores(
            f"id: A, instrument: odi, value: 40, date: 2026-01-01{first}",
            f"id: B, instrument: odi, value: 30, date: 2026-02-01{second}",
        )
    )
    assert found.points[1].since_first == change
    assert found.points[1].joined == ("line" if change is not None else "none")


def test_what_was_recorded_after_the_moment_is_not_seen() -> None:
    body = scores(
        "id: A, instrument: nrs, value: 8, date: 2026-01-01",
        "id: B, instrument: nrs, value: 5, date: 2026-01-15, recorded: 2026-03-01",
        "id: C, instrument: nrs, value: 4, date: 2026-02-01",
    )
    assert [row.key for row in one(body, date(2026, 1, 31)).points] == ["A"]
    assert [row.key for row in one(body, date(2026, 2, 1)).points] == ["A", "C"]
    assert [row.key for row in one(body, date(2026, 3, 1)).points] == ["A", "B", "C"]


def test_a_score_foreseen_is_not_drawn_before_its_day() -> None:
    body = scores(
        "id: A, instrument: nrs, value: 8, date: 2026-01-01",
        "id: B, instrument: nrs, value: 5, date: 2026-02-01, recorded: 2026-01-01",
    )
    found = drawn(body, date(2026, 1, 31), end=date(2026, 12, 31)).series[0]
    assert ([row.key for row in found.points], found.outside) == (["A"], 0)


def test_relief_told_later_is_not_seen_before() -> None:
    body = PROCEDURE % "{percent: 80, at: 2026-01-11}, {percent: 40, at: 2026-01-12, recorded: 2026-03-01}"
    assert [row.key for row in one(body, date(2026, 2, 28)).points] == ["P/1"]
    assert [row.key for row in one(body, date(2026, 3, 1)).points] == ["P/1", "P/2"]
    assert [row.key for row in one(body, date(2026, 1, 11)).points] == ["P/1"]


def test_an_instant_decides_the_day() -> None:
    body = scores("id: A, instrument: nrs, value: 8, date: 2026-01-01T09:00") + (
        "pain: []\n"  # a section that is empty says nothing
    )
    assert one(body, datetime(2026, 1, 1, 14, 0, tzinfo=UTC)).points[0].key == "A"
    with pytest.raises(UnusableInput, match="nothing to draw"):
        drawn(body, datetime(2026, 1, 1, 13, 59, tzinfo=UTC))


def test_a_form_with_gaps_has_its_span_and_says_how_many_were_answered() -> None:
    found = one(scores("id: A, instrument: odi, answers: [1, 1, 2, 1, ~, 1, 1, 1, 1, 1], date: 2026-01-01"))
    point = found.points[0]
    # S25: an unanswered section is dropped and the denominator falls by 5: 10 of 45; complete it is 10 to 15 of 50.
    assert (point.value, point.low, point.high) == (Fraction(1000, 45), Fraction(20), Fraction(30))
    assert (point.prorated, point.answered, point.items) == (True, 9, 10)


def test_a_stated_total_that_the_answers_do_not_give_is_no_point() -> None:
    point = one(
        scores("id: A, instrument: phq-9, value: 12, answers: [1, 1, 1, 1, 1, 1, 1, 1, 1], date: 2026-01-01")
    ).points[0]
    assert point.value is None
    assert point.reason == "A states 12, and its answers give 9"


def test_a_profile_is_shown_by_its_codes() -> None:
    point = one(scores("id: A, instrument: eq-5d-5l, answers: [1, 2, 3, 1, 2], date: 2026-01-01")).points[0]
    assert (point.value, point.text) == (None, "codes 1-2-3-1-2")
    assert point.reason


def test_a_scale_whose_ends_are_not_confirmed_has_none() -> None:
    found = one(scores("id: A, instrument: lefs, value: 40, date: 2026-01-01"))
    assert (found.low, found.high, found.bands) == (None, None, ())
    assert found.direction == "higher-better"


PROCEDURE = (
    "procedures:\n  - {id: P, therapy: medial-branch-block, date: 2026-01-10, region: lumbar, side: right,"
    " joints: [L4-5], relief: [%s]}\n"
)


@pytest.mark.parametrize(
    ("entry", "value", "low", "high", "text"),
    [
        ("{scale: nrs, before: 8, after: 1}", Fraction(175, 2), None, None, "87.5 %"),
        ("{scale: nrs, before: 8, after: 8}", Fraction(0), None, None, "0 %"),
        ("{scale: nrs, before: 4, after: 9}", Fraction(-125), None, None, "-125 %"),
        ("{percent: 70-80 %}", None, Fraction(70), Fraction(80), "70 to 80 %"),
        ("{scale: nrs, before: 0, after: 0}", None, None, None, "not measured"),
        ("{scale: nrs, before: 8, at: 2026-01-10}", None, None, None, "not measured"),
    ],
)
def test_relief_is_a_point_of_its_procedure(
    entry: str, value: Fraction | None, low: Fraction | None, high: Fraction | None, text: str
) -> None:
    found = one(PROCEDURE % entry)
    point = found.points[0]
    assert (found.kind, point.key, point.procedure) == ("relief", "P/1", 1)
    assert (point.value, point.low, point.high, point.text) == (value, low, high, text)
    assert (point.reason is None) == (value is not None or low is not None)


def test_relief_is_joined_within_one_procedure_and_never_through_a_range() -> None:
    body = (
        "procedures:\n"
        "  - {id: P, therapy: medial-branch-block, date: 2026-01-10, relief: [{percent: 80, at: 2026-01-11},"
        " {percent: 50, at: 2026-03-01}, {percent: 20-30, at: 2026-04-01}, {percent: 10, at: 2026-05-01}]}\n"
        "  - {id: Q, therapy: medial-branch-block, date: 2026-02-10, relief: [{percent: 60, at: 2026-02-11}]}\n"
    )
    assert joins(one(body)) == {"P/1": "none", "Q/1": "none", "P/2": "line", "P/3": "none", "P/4": "none"}


def test_what_happened_is_numbered_by_its_day() -> None:
    body = scores("id: A, instrument: nrs, value: 8, date: 2026-02-01") + (
        "procedures:\n"
        "  - {id: P2, therapy: spinal-cord-stimulation-implant, date: 2026-03-01}\n"
        "  - {id: P1, therapy: spinal-cord-stimulation-trial, date: 2026-01-01, status: aborted}\n"
        "  - {id: P3, therapy: medial-branch-block, date: 2026-08-01, status: planned}\n"
        "devices:\n  - {id: D, kind: spinal-cord-stimulator, implanted: 2026-03-01, removed: 2026-05-01}\n"
        "events:\n  - {id: E, kind: lead-migration, date: 2026-04}\n"
    )
    found = drawn(body).marks
    assert [(row.number, row.kind, row.fact, row.certain, row.shown) for row in found] == [
        (1, "procedure", "P1", False, False),
        (2, "procedure", "P2", True, True),
        (3, "device", "D", True, True),
        (4, "event", "E", True, True),
        (5, "device", "D", True, True),
    ]
    assert [row.title for row in found if row.kind == "device"] == [
        "spinal cord stimulator put in",
        "spinal cord stimulator taken out",
    ]


def test_one_day_spans_four_weeks_and_more_spans_what_it_is() -> None:
    body = scores("id: A, instrument: nrs, value: 8, date: 2026-06-30")
    found = drawn(body)
    assert ((found.end - found.start).days + 1, found.end) == (LEAST_DAYS, AS_OF)
    older = drawn(scores("id: A, instrument: nrs, value: 8, date: 2026-01-01"))
    assert (older.start, older.end) == (date(2026, 1, 1), AS_OF)


PAINS = "pain:\n  - {id: PN-1, site: leg, side: left}\n  - {id: PN-2, site: low-back, side: both}\n"
TWO = PAINS + scores(
    "id: A, instrument: nrs, pain: PN-1, value: 8, date: 2026-01-01",
    "id: B, instrument: nrs, pain: PN-2, value: 4, date: 2026-01-01",
    "id: C, instrument: phq-9, value: 4, date: 2026-01-01",
    "id: D, instrument: odi, pain: PN-2, value: 30, date: 2026-03-01",
)


def test_each_pain_has_its_own_series_pain_first() -> None:
    assert [(row.instrument, row.pain, row.about) for row in drawn(TWO).series] == [
        ("nrs", "PN-1", "whole leg, left"),
        ("nrs", "PN-2", "low back, both sides"),
        ("odi", "PN-2", "low back, both sides"),
        ("phq-9", None, ""),
    ]


def test_one_pain_keeps_its_scores_and_those_that_name_none() -> None:
    assert [row.points[0].key for row in drawn(TWO, pain="PN-1").series] == ["A", "C"]
    assert [row.points[0].key for row in drawn(TWO, instruments=["nprs"], pain="PN-2").series] == ["B"]


def test_a_window_leaves_out_and_says_so_and_the_first_stays_the_first() -> None:
    body = scores(
        "id: A, instrument: nrs, value: 8, date: 2026-01-31",
        "id: B, instrument: nrs, value: 6, date: 2026-02-01",
        "id: C, instrument: nrs, value: 5, date: 2026-03-31",
        "id: D, instrument: nrs, value: 4, date: 2026-04-01",
    )
    found = drawn(body, start=date(2026, 2, 1), end=date(2026, 3, 31)).series[0]
    assert [(row.key, row.joined, row.since_first) for row in found.points] == [("B", "none", -2), ("C", "line", -3)]
    assert found.outside == 2
    assert [row.key for row in found.first] == ["A"]
    assert [row.key for row in found.latest] == ["C"]


ORDERS = (
    "medications:\n"
    "  - {id: M-1, drug: oxycodone, dose: 10 mg, every: 8 h, route: oral, start: 2026-01-01, end: 2026-02-28}\n"
    "  - {id: M-2, drug: oxycodone, dose: 5 mg, every: 8 h, route: oral, start: 2026-03-01}\n"
    "  - {id: M-3, drug: oxycodone, dose: 5 mg, route: oral, start: 2026-05-01}\n"
)


def test_opioids_are_steps_and_an_order_that_cannot_be_counted_is_not_known() -> None:
    line = drawn(ORDERS, instruments=["mme"]).opioids
    assert line is not None
    # Oxycodone times 1.5 (S91): 30 mg a day, then 15; from May on one order does not say how often.
    assert [(str(row.first), str(row.last), row.mme) for row in line.steps] == [
        ("2026-01-01", "2026-02-28", Fraction(45)),
        ("2026-03-01", "2026-04-30", Fraction(45, 2)),
        ("2026-05-01", "2026-06-30", None),
    ]


def test_opioids_are_not_drawn_unless_they_are_asked_for() -> None:
    assert drawn(ORDERS + scores("id: A, instrument: nrs, value: 8, date: 2026-01-31")).opioids is None


def test_changes_are_lengths_and_a_percentage_needs_one_first_score_above_0() -> None:
    found = one(scores("id: A, instrument: odi, value: 44, date: 2026-01-01"))
    # S22: 10 points, or 30 % of baseline: of 44 that is 13.2.
    assert [(row.least, row.most) for row in found.sizes] == [(10, 10), (Fraction(66, 5), Fraction(66, 5))]
    nothing = one(scores("id: A, instrument: odi, value: 0, date: 2026-01-01"))
    assert [row.least for row in nothing.sizes] == [10, None]


def test_an_unknown_instrument_names_the_nearest() -> None:
    with pytest.raises(UnknownWord, match="nearest: odi"):
        drawn(TWO, instruments=["oddi"])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"instruments": ["pseq"]}, "specimen has no score with pseq by 2026-06-30; it has nrs, odi, phq-9"),
        ({"instruments": ["mme"]}, "specimen has no opioid order and no total by 2026-06-30; it has nrs, odi, phq-9"),
        ({"instruments": ["odi"], "pain": "PN-1"}, "no score with odi of the pain in the whole leg by 2026-06-30"),
        ({"pain": "PN-9"}, "specimen has no pain 'PN-9'; it has PN-1, PN-2"),
        ({"start": date(2026, 7, 1)}, "the first day, 2026-07-01, is after the day of what is known, 2026-06-30"),
        ({"start": date(2026, 2, 2), "end": date(2026, 2, 1)}, "the first day, 2026-02-02, is after the last day"),
        ({"start": date(2026, 4, 1)}, "nothing to draw from 2026-04-01 to 2026-06-30; its answers run from 2026-01-01"),
    ],
)
def test_what_is_not_there_is_said(asked: dict[str, object], says: str) -> None:
    with pytest.raises(UnusableInput) as stop:
        drawn(TWO, **asked)
    assert says in str(stop.value)
