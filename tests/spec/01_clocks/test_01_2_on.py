"""The service date: on"""

from __future__ import annotations

from datetime import date

import pytest
from specimen import (
    MET,
    ask,
    at_least,
    blocks,
    count,
    criterion,
    latest,
    limit,
    look,
    policy,
    value,
    verdict,
)

from levamen.criteria.nodes import Answered, Compare, Elapsed, Field, Window
from levamen.knowledge.model import Rule, Values
from levamen.record.timeline import When


def test_on_is_the_start_of_the_request() -> None:
    """The service date is the day on which the request starts."""
    chart = """
        zone: America/Los_Angeles
        as_of: 2026-02-20
        request: [{id: R-1, therapy: medial-branch-block, start: 2026-02-24T10:00}]
        """
    assert look(chart).on == date(2026, 2, 24)


def test_on_defaults_to_as_of_in_the_zone_of_the_chart() -> None:
    """Without a start it is the day of `as_of`, as the calendar stands in the chart's zone."""
    chart = """
        zone: America/Los_Angeles
        as_of: 2026-03-02
        request: [{id: R-1, therapy: medial-branch-block}]
        """
    assert look(chart, as_of="2026-03-02T05:00+00:00").on == date(2026, 3, 1)
    assert look(chart.replace("Los_Angeles", "New_York"), as_of="2026-03-02T05:00+00:00").on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-08", "not_yet"),
        ("2026-03-09", "met"),
    ],
)
def test_durations_are_taken_at_on(start: str, expected: str) -> None:
    """Durations run to the service date, not to the day of what is known."""
    chart = f"""
        as_of: 2026-02-25
        procedures: [{{id: P-1, therapy: medial-branch-block, date: 2026-02-23}}]
        request: [{{id: R-1, therapy: medial-branch-block, start: {start}}}]
        """
    two_weeks = latest(blocks(), Compare(Elapsed(Field("it", "start")), at_least(2, "weeks")))
    assert verdict(policy(criterion("interval", two_weeks)), chart) == expected


def test_windows_end_on() -> None:
    """Windows end on the service date."""
    chart = """
        as_of: 2026-03-02
        completeness: [{kind: procedures, from: 2020-01-01}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2025-03-20}]
        """
    none_in_a_year = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert value(none_in_a_year, chart, on="2026-03-19") == "not_met"
    assert value(none_in_a_year, chart, on="2026-03-21") == "met"


def test_ages_are_taken_at_on() -> None:
    """A patient is as old as on the service date; a child is no question for any policy."""
    chart = """
        as_of: 2026-03-02
        person: {birth_date: 2008-03-10}
        """
    answer = ask(policy(criterion("always", MET)), chart, on="2026-03-09")
    assert (answer.verdict, answer.reason) == ("silent", "age")
    assert verdict(policy(criterion("always", MET)), chart, on="2026-03-10") == "met"


def test_freshness_is_taken_at_as_of() -> None:
    """How old an answer is counts from `as_of`: planning a later day does not make what is known staler."""
    chart = """
        as_of: 2026-03-02
        completeness: [{kind: infection, asked: 2026-02-25, answer: "no"}]
        """
    fresh = Answered("infection", "no", max_age=limit("<=", 7, "days"))
    assert value(fresh, chart, on="2026-05-02") == "met"
    assert value(fresh, chart, as_of="2026-03-05") == "unknown"


def test_versions_of_values_are_taken_at_on() -> None:
    """Each value is taken in the version that is in force on the service date."""

    def shape(values: Values) -> tuple[Rule, ...]:
        amount = 2 if values.on < date(2026, 4, 1) else 4
        says = latest(blocks(), Compare(Elapsed(Field("it", "start")), at_least(amount, "weeks")))
        return (
            Rule(id="r", therapies=frozenset({"medial-branch-block"}), requirements=(criterion("interval", says),)),
        )

    chart = """
        as_of: 2026-03-16
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-03-16}]
        """
    assert verdict(policy(shape=shape), chart, on="2026-03-31") == "met"
    assert verdict(policy(shape=shape), chart, on="2026-04-01") == "not_yet"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-02-28", "silent"),
        ("2026-03-01", "met"),
        ("2026-06-30", "met"),
        ("2026-07-01", "silent"),
    ],
)
def test_not_in_force_is_silent(on: str, expected: str) -> None:
    """Before a policy is in force, and after it ended, it is silent and says so."""
    dated = policy(criterion("always", MET), start=When.on(date(2026, 3, 1)), until=When.on(date(2026, 6, 30)))
    answer = ask(dated, as_of="2026-02-01", on=on)
    assert answer.verdict == expected
    assert answer.reason == (None if expected == "met" else "not in force")


def test_what_happened_after_on_is_not_looked_at() -> None:
    """An audit of an earlier service date does not look at what happened after it, known by now or not."""
    chart = """
        as_of: 2026-03-02
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - id: P-1
            therapy: medial-branch-block
            date: 2026-01-12
            relief: [{percent: 40, at: 2026-01-12}, {percent: 90, at: 2026-02-20}]
          - {id: P-2, therapy: medial-branch-block, date: 2026-02-09}
        """
    then = look(chart, on="2026-02-01")
    assert [seen.fact.id for seen in then.views["procedures"]] == ["P-1"]
    assert str(then.views["procedures"][0].fact.best_relief) == "40"


def test_earlier_requests_of_the_plan_count_as_done() -> None:
    """From `as_of` to the service date nothing is assumed to happen but the plan's own earlier requests."""
    chart = """
        as_of: 2026-03-02
        completeness: [{kind: procedures, from: 1961-04-09}]
        request:
          - {id: R-1, therapy: medial-branch-block, region: lumbar, start: 2026-04-13, plan: two}
          - {id: R-2, therapy: medial-branch-block, region: lumbar, start: 2026-03-09, plan: %s}
        """
    once = count(blocks(), *at_least(1))
    assert value(once, chart % "two") == "met"
    assert value(once, chart % "another") == "not_met"


def test_a_later_request_of_the_plan_is_not_done_yet() -> None:
    """A request of the plan that comes later, or on the same day, is not yet done."""
    chart = """
        as_of: 2026-03-02
        completeness: [{kind: procedures, from: 1961-04-09}]
        request:
          - {id: R-1, therapy: medial-branch-block, start: 2026-03-09, plan: two}
          - {id: R-2, therapy: medial-branch-block, start: 2026-03-09, plan: two}
          - {id: R-3, therapy: medial-branch-block, start: 2026-04-13, plan: two}
        """
    assert value(count(blocks(), *at_least(1)), chart) == "not_met"
