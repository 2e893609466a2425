"""What always holds of a clinic's own results, whatever its treatments."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.cohort import GroupResult, NotUsable, Results, cohort
from levamen.outcomes.cohort_rows import ComplicationRow, ReliefRow, TreatmentRow, VisitRow

AS_OF = date(2026, 3, 16)
TABLES = packaged_results()
WORDS = st.sampled_from(["yes", "no", "unknown"])
AFTER = {"2-weeks": 17, "1-month": 37, "3-months": 105, "6-months": 212, "12-months": 410}


@st.composite
def treatments(draw: st.DrawFn) -> TreatmentRow:
    day = date(2024, 6, 1) + timedelta(days=draw(st.integers(0, 600)))
    held = draw(st.integers(0, 300))
    lost = draw(st.one_of(st.none(), st.integers(1, 100)))
    visits = tuple(
        VisitRow(id, day + timedelta(days=days), tuple((level.says.id, draw(WORDS)) for level in TABLES.levels), False)
        for id, days in AFTER.items()
    )
    ended = draw(st.integers(0, 9))
    if ended < len(visits):
        visits = (*visits[:ended], *(VisitRow(row.visit, row.last, row.reached, True) for row in visits[ended:]))
    event = ComplicationRow(
        "neuritis", draw(st.sampled_from([None, "mild", "severe"])), draw(st.sampled_from([None, "asked"]))
    )
    return TreatmentRow(
        therapy=draw(st.sampled_from(["a", "b", "c"])),
        region=draw(st.sampled_from([None, "lumbar"])),
        indication=draw(st.sampled_from([None, "axial", "radicular"])),
        operator=draw(st.sampled_from([None, "A", "B", "C"])),
        day=day,
        known=AS_OF,
        visits=visits,
        relief=(
            ReliefRow(
                "relief-50",
                draw(WORDS),
                held,
                None if lost is None else held + lost,
                "repeat-procedure" if lost is None and draw(st.booleans()) else None,
                held + 30,
            ),
        ),
        asked=draw(st.sampled_from([True, False, None])),
        complications=(event,) if draw(st.booleans()) else (),
    )


ROWS = st.lists(treatments(), max_size=60)


def every_group(found: Results) -> list[GroupResult]:
    return [group for one in found.procedures for group in (one.whole, *one.groups)]


@settings(max_examples=30, deadline=None)
@given(ROWS, st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(rows: list[TreatmentRow], seed: int) -> None:
    shuffled = Random(seed).sample(rows, len(rows))  # noqa: S311 - an order, no secret
    assert cohort(shuffled, AS_OF, TABLES) == cohort(rows, AS_OF, TABLES)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_nothing_is_lost_and_nobody_counted_twice(rows: list[TreatmentRow]) -> None:
    found = cohort(rows, AS_OF, TABLES)
    assert found.done == len(rows) == sum(one.whole.done for one in found.procedures)
    for one in found.procedures:
        assert sum(group.done for group in one.groups) == one.whole.done
    for group in every_group(found):
        for row in group.responders:
            assert row.due == row.yes + row.no + row.missing + row.ended
            assert row.due + row.pending <= group.done
        harms, relief = group.complications, group.relief
        assert harms.asked + harms.not_asked + harms.not_yet == group.done
        assert relief.at_first + relief.never + relief.unknown == group.done


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_no_rate_of_fewer_than_ten_and_no_small_group(rows: list[TreatmentRow]) -> None:
    """Every rate is of ten answers or more; every group has ten, unless everything together has not."""
    found = cohort(rows, AS_OF, TABLES)
    for group in every_group(found):
        for row in group.responders:
            assert row.of_answers is None or row.of_answers.total >= TABLES.least
            assert row.if_failed is None or row.answered >= TABLES.least
        for month in group.relief.months:
            assert month.step is None or month.step.at_risk >= TABLES.least
        if group.relief.curve is not None:
            assert all(step.at_risk >= TABLES.least for step in group.relief.curve.steps)
        if group.complications.serious_share is not None:
            assert group.complications.asked >= TABLES.least
        assert group.answered >= TABLES.least or found.answered < TABLES.least
    for one in found.procedures:
        for point in one.operators.points if one.operators is not None else ():
            assert point.total >= TABLES.least


@settings(max_examples=40, deadline=None)
@given(ROWS, treatments())
def test_one_more_who_is_missing_never_makes_it_better_or_surer(rows: list[TreatmentRow], extra: TreatmentRow) -> None:
    """A treatment without any answer: the rate of answers stays, the worse falls, the better rises or stays."""
    silent = tuple(
        VisitRow(visit.visit, visit.last, tuple((level, "unknown") for level, _ in visit.reached), False)
        for visit in extra.visits
    )
    extra = replace(
        extra, therapy="a", region=None, indication=None, day=date(2024, 6, 1), visits=silent, relief=(), operator=None
    )
    rows = [replace(row, therapy="a", region=None, indication=None) for row in rows]
    before, after = cohort(rows, AS_OF, TABLES), cohort([*rows, extra], AS_OF, TABLES)
    if not before.procedures:
        return
    (old,), (new,) = before.procedures, after.procedures
    assert old.whole.relief.curve == new.whole.relief.curve
    for one, other in zip(old.whole.responders, new.whole.responders, strict=True):
        assert one.of_answers == other.of_answers
        assert (other.enough and not one.enough) is False
        if one.if_failed is not None and other.if_failed is not None:
            assert other.if_failed.share <= one.if_failed.share
        if one.at_best is not None and other.at_best is not None:
            assert other.at_best.share >= one.at_best.share
            assert other.if_failed is not None
            assert other.of_answers is not None
            assert other.if_failed.share <= other.of_answers.share <= other.at_best.share


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from(["yes", "no"]))
def test_who_is_found_later_was_between_the_two_ways(rows: list[TreatmentRow], answer: str) -> None:
    """Whatever the missing would have said, the share over everybody lies between the two ways of counting them."""
    rows = [replace(row, therapy="a", region=None, indication=None) for row in rows]
    told = [
        replace(
            row,
            visits=tuple(
                VisitRow(v.visit, v.last, tuple((id, answer if w == "unknown" else w) for id, w in v.reached), v.ended)
                for v in row.visits
            ),
        )
        for row in rows
    ]
    before, after = cohort(rows, AS_OF, TABLES), cohort(told, AS_OF, TABLES)
    for one, other in zip(before.procedures, after.procedures, strict=True):
        for old, new in zip(one.whole.responders, other.whole.responders, strict=True):
            if old.if_failed is not None and old.at_best is not None and new.if_failed is not None:
                assert old.if_failed.share <= new.if_failed.share <= old.at_best.share


def test_no_rows() -> None:
    found = cohort([], AS_OF, TABLES)
    assert (found.done, found.procedures, found.first_day) == (0, (), None)


@pytest.mark.parametrize(
    ("day", "known", "says"),
    [
        (date(2026, 3, 17), AS_OF, "lies on 2026-03-17, after 2026-03-16"),
        (AS_OF, date(2026, 3, 17), "knows what was known on 2026-03-17"),
    ],
)
def test_what_was_not_known_then_is_refused(day: date, known: date, says: str) -> None:
    with pytest.raises(NotUsable, match=says):
        cohort([TreatmentRow(therapy="a", day=day, known=known)], AS_OF, TABLES)


@pytest.mark.parametrize(("day", "followed"), [(date(2025, 1, 31), 1), (date(2025, 2, 1), 0), (date(2024, 1, 31), 1)])
def test_months_are_calendar_months(day: date, followed: int) -> None:
    """From 31 January one month is over on the last of February (day 28, or 29 in a leap year); from 1 February on
    day 28. Followed for 28 days from 31 January 2025 is a month; 27 from 1 February is none.
    """
    held = {date(2025, 1, 31): 28, date(2025, 2, 1): 27, date(2024, 1, 31): 29}[day]
    row = TreatmentRow(therapy="a", day=day, known=AS_OF, relief=(ReliefRow("relief-50", "yes", held),))
    (one,) = cohort([row], AS_OF, TABLES).procedures
    assert [month.followed for month in one.whole.relief.months][:2] == [1, followed]
