"""Gains of a procedure: exact, in order, and kept as ranges where they are ranges (hazard H-03)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from levamen.derive.relief import gain, known_technique, treatment
from levamen.record.facts import FunctionChange, Procedure, Relief
from levamen.record.timeline import Interval, When

DAY = When.on(date(2026, 2, 12))
TODAY = date(2026, 3, 2)


def done(*relief: Relief, **fields: object) -> Procedure:
    return Procedure(id="P-1", start=DAY, relief=relief, **fields)


def scored(before: str, after: str, at: When | None = None) -> Relief:
    return Relief(scale="nrs", before=Decimal(before), after=Decimal(after), at=at)


def stated(low: int, high: int | None = None, at: When | None = None) -> Relief:
    return Relief(percent=Interval(Fraction(low), Fraction(low if high is None else high)), at=at)


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        ("7.0", "1.4", Fraction(80)),
        ("54", "11", Fraction(4300, 54)),
        ("8", "8", Fraction(0)),
        ("6", "8", Fraction(-100, 3)),
        ("0.3", "0.1", Fraction(200, 3)),
    ],
)
def test_gain_is_an_exact_fraction(before: str, after: str, percent: Fraction) -> None:
    assert gain(Decimal(before), Decimal(after)) == Interval.exactly(percent)


def test_gain_of_nothing_is_no_gain() -> None:
    assert gain(Decimal(0), Decimal(0)) is None


def test_higher_is_better_turns_it_round() -> None:
    assert gain(Decimal(20), Decimal(30), higher_is_better=True) == Interval.exactly(50)


def test_best_and_last() -> None:
    rows = (scored("8", "1", DAY), scored("8", "6", When.on(date(2026, 2, 20))))
    found = treatment(done(*rows), TODAY)
    assert found.best_relief == Interval.exactly(Fraction(175, 2))
    assert found.last_relief == Interval.exactly(25)


def test_best_of_ranges_is_a_range() -> None:
    """60 to 70 and 40 to 90: the best lies between 60 and 90."""
    found = treatment(done(stated(60, 70, DAY), stated(40, 90, DAY)), TODAY)
    assert found.best_relief == Interval(Fraction(60), Fraction(90))


@pytest.mark.parametrize(("percent", "hull"), [((85, 85), (75, 85)), ((75, 75), (75, 75)), ((60, 90), (60, 90))])
def test_scores_and_percentage_that_disagree_are_both_kept(percent: tuple[int, int], hull: tuple[int, int]) -> None:
    said = Interval(Fraction(percent[0]), Fraction(percent[1]))
    row = Relief(scale="nrs", before=Decimal(8), after=Decimal(2), percent=said, at=DAY)
    assert treatment(done(row), TODAY).best_relief == Interval(Fraction(hull[0]), Fraction(hull[1]))


def test_without_a_time_it_was_measured_on_the_day_of_the_procedure() -> None:
    assert treatment(done(stated(80)), TODAY).relief_samples[0].when == DAY


def test_samples_in_the_order_of_instants_not_of_the_wall_clock() -> None:
    """When clocks go back, 01:40 summer time is before 01:20 winter time."""
    summer = datetime(2026, 11, 1, 1, 40, tzinfo=timezone(timedelta(hours=-7)))
    winter = datetime(2026, 11, 1, 1, 20, tzinfo=timezone(timedelta(hours=-8)))
    rows = (
        stated(20, at=When(winter.date(), winter.date(), winter)),
        stated(90, at=When(summer.date(), summer.date(), summer)),
    )
    found = treatment(done(*rows), date(2026, 11, 2))
    assert [int(sample.gain.low) for sample in found.relief_samples] == [90, 20]


def test_what_is_measured_or_recorded_later_is_not_seen() -> None:
    later = stated(90, at=When.on(date(2026, 2, 20)))
    written_later = Relief(percent=Interval.exactly(95), at=DAY, recorded=When.on(date(2026, 2, 21)))
    found = treatment(done(stated(40, at=DAY), later, written_later), date(2026, 2, 19))
    assert found.best_relief == Interval.exactly(40)


def test_known_by_now_but_after_the_service_date() -> None:
    rows = (stated(40, at=DAY), stated(90, at=When.on(date(2026, 2, 20))))
    assert treatment(done(*rows), TODAY, date(2026, 2, 19)).best_relief == Interval.exactly(40)


def test_no_measurement_is_no_gain_of_zero() -> None:
    found = treatment(done(Relief(scale="nrs", before=Decimal(8))), TODAY)  # a baseline: nothing was measured after
    assert (found.best_relief, found.last_relief, found.relief_samples) == (None, None, ())


@pytest.mark.parametrize("lacking", [{}, {"before": Decimal(8)}, {"after": Decimal(2)}])
def test_a_measurement_without_its_value_may_be_any(lacking: dict[str, Decimal]) -> None:
    found = treatment(done(Relief(scale="nrs", at=DAY, **lacking)), TODAY)
    assert (found.best_relief, found.last_relief) == (None, None)
    assert [sample.gain for sample in found.relief_samples] == [Interval(Fraction(-100), Fraction(100))]


@pytest.mark.parametrize("blank_last", [True, False])
def test_a_measurement_without_its_value_hides_no_loss_and_no_best(blank_last: bool) -> None:
    later = When.on(DAY.first + timedelta(days=1))
    entries = (Relief(percent=Interval.exactly(60), at=DAY), Relief(scale="nrs", at=later))
    if not blank_last:
        entries = (replace(entries[0], at=later), replace(entries[1], at=DAY))
    found = treatment(done(*entries), TODAY)
    assert found.best_relief == Interval(Fraction(60), Fraction(100))
    assert found.last_relief == (None if blank_last else Interval.exactly(60))


@pytest.mark.parametrize(("at", "recorded"), [(None, False), (DAY, True)])
def test_function_without_its_value_was_recorded_and_is_not_known(at: When | None, recorded: bool) -> None:
    change = FunctionChange(instrument="odi", before=Decimal(50), at=at)
    found = treatment(Procedure(id="P-1", therapy="medial-branch-block", start=DAY, function=(change,)), TODAY)
    assert (found.function_recorded, found.best_function, found.last_function) == (recorded, None, None)


def test_function_by_the_direction_of_its_instrument() -> None:
    rows = (
        FunctionChange(instrument="odi", before=Decimal(60), after=Decimal(30), at=DAY),
        FunctionChange(instrument="pseq", before=Decimal(20), after=Decimal(25), at=DAY),
    )
    found = treatment(done(function=rows), TODAY)
    assert {sample.gain for sample in found.function_samples} == {Interval.exactly(50), Interval.exactly(25)}
    assert found.function_recorded
    assert not treatment(done(), TODAY).function_recorded


def test_end_of_relief_that_is_not_over_yet() -> None:
    ends = done(stated(80), relief_ended=When.on(date(2026, 2, 20)))
    assert treatment(ends, date(2026, 2, 19)).relief_ended is None
    assert treatment(ends, date(2026, 2, 20)).relief_ended is not None


def test_radiofrequency_is_no_technique() -> None:
    assert known_technique("radiofrequency") is None
    assert known_technique("thermal") == "thermal"
    assert treatment(done(technique="radiofrequency"), TODAY).technique is None


def test_answers_of_one_day_that_differ_leave_the_last_and_its_length_open_in_any_order() -> None:
    rows = (stated(60, at=DAY), stated(30, at=DAY))
    for shuffled in (rows, rows[::-1]):
        found = treatment(done(*shuffled), TODAY)
        assert found.last_relief == Interval(Fraction(30), Fraction(60))
        assert [sample.gain for sample in found.relief_samples] == [Interval(Fraction(30), Fraction(60))]
