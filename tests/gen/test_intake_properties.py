"""What holds of every intake: less said is never more certain, and order does not matter."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.pathway.intake import IntakeSheet, intake
from levamen.record.completeness import Completeness
from levamen.record.facts import Course, Fact, Goal, Intake, Pain, Record, Score
from levamen.record.timeline import When, month_of, year_of

ON = date(2026, 3, 20)
DAYS = st.one_of(
    st.none(),
    st.integers(0, 500).map(lambda back: When.on(ON - timedelta(days=back))),
    st.integers(1, 12).map(lambda month: month_of(2025, month)),
    st.sampled_from((2024, 2025)).map(year_of),
)
ANSWERS = st.sampled_from((None, "yes", "no", "unknown"))


@st.composite
def facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """A record with some of everything the intake reads."""
    found: list[Fact] = [Pain(id="PN-1", site=draw(st.sampled_from(("low-back", "knee"))), since=draw(DAYS))]
    for index in range(draw(st.integers(0, 3))):
        found.append(
            Score(
                id=f"S-{index}",
                instrument=draw(st.sampled_from(("nrs-worst", "peg"))),
                value=draw(st.one_of(st.none(), st.decimals(0, 10, places=1))),
                date=draw(DAYS),
            )
        )
    for index in range(draw(st.integers(0, 2))):
        ratings = draw(st.lists(st.one_of(st.none(), st.decimals(0, 10, places=1)), min_size=3, max_size=3))
        found.append(Score(id=f"R-{index}", instrument="icd-11-severity", answers=tuple(ratings), date=draw(DAYS)))
    for index in range(draw(st.integers(0, 2))):
        found.append(Course(id=f"C-{index}", therapy="massage", start=draw(DAYS), end=draw(DAYS)))
    for index in range(draw(st.integers(0, 2))):
        found.append(Intake(id=f"I-{index}", date=draw(DAYS), interpreter=draw(ANSWERS), litigation_open=draw(ANSWERS)))
    found.append(Goal(id="G-1", text="x", measure="peg", target=draw(st.decimals(0, 10, places=1)), by=draw(DAYS)))
    return tuple(found)


DECLARED = st.lists(
    st.builds(
        Completeness,
        kind=st.sampled_from(("care", "procedures", "medications")),
        start=st.just(When.on(date(2025, 1, 1))),
        end=st.sampled_from((When.on(ON), When.on(ON - timedelta(days=1)))),
    ),
    max_size=3,
).map(tuple)


def sheet(found: tuple[Fact, ...], declared: tuple[Completeness, ...] = ()) -> IntakeSheet:
    return intake(Record(id="x", as_of=When.on(ON), facts=found, completeness=declared), ON)


def statuses(found: IntakeSheet) -> dict[tuple[str, str | None], str]:
    return {(row.field.id, row.about): row.status for row in found.answers}


@settings(max_examples=60, deadline=None)
@given(facts(), DECLARED, st.randoms(use_true_random=False))
def test_the_order_of_a_record_changes_nothing(
    found: tuple[Fact, ...], declared: tuple[Completeness, ...], shuffle: object
) -> None:
    mixed = list(found)
    shuffle.shuffle(mixed)
    one, other = sheet(found, declared), sheet(tuple(mixed), declared[::-1])
    assert statuses(one) == statuses(other)
    assert [view.progress for view in one.goals] == [view.progress for view in other.goals]
    assert {row.id for row in one.tried.rows} == {row.id for row in other.tried.rows}
    codes = [[rating.code for rating in row.ratings] for sheet_ in (one, other) for row in sheet_.severity]
    assert codes[: len(codes) // 2] == codes[len(codes) // 2 :]


@settings(max_examples=60, deadline=None)
@given(facts(), DECLARED)
def test_without_a_fact_nothing_that_was_not_asked_is_answered(
    found: tuple[Fact, ...], declared: tuple[Completeness, ...]
) -> None:
    before = statuses(sheet(found, declared))
    for index, fact in enumerate(found):
        if isinstance(fact, Pain):
            continue
        after = statuses(sheet(found[:index] + found[index + 1 :], declared))
        for key, status in after.items():
            if before.get(key) == "not-asked":
                assert status == "not-asked", (key, fact.id)


@settings(max_examples=60, deadline=None)
@given(facts())
def test_a_score_whose_value_is_lost_makes_no_goal_reached(found: tuple[Fact, ...]) -> None:
    """An earlier score does not step in for one that has no value."""
    (before,) = sheet(found).goals
    for index, fact in enumerate(found):
        if isinstance(fact, Score) and fact.instrument == "peg":
            blank = replace(fact, value=None)
            (after,) = sheet((*found[:index], blank, *found[index + 1 :])).goals
            assert after.progress in (before.progress, "cannot-tell")


@settings(max_examples=60, deadline=None)
@given(facts())
def test_a_day_that_is_lost_makes_no_goal_more_certain(found: tuple[Fact, ...]) -> None:
    (before,) = sheet(found).goals
    for index, fact in enumerate(found):
        if isinstance(fact, Score) and fact.instrument == "peg":
            undated = replace(fact, date=None)
            (after,) = sheet((*found[:index], undated, *found[index + 1 :])).goals
            assert after.progress == "cannot-tell", before.progress


@settings(max_examples=60, deadline=None)
@given(facts())
def test_a_rating_that_is_lost_changes_no_other(found: tuple[Fact, ...]) -> None:
    before = [rating.code for row in sheet(found).severity for rating in row.ratings]
    for index, fact in enumerate(found):
        if isinstance(fact, Score) and fact.instrument == "icd-11-severity":
            blank = replace(fact, answers=(None, *fact.answers[1:]))
            after = [
                rating.code
                for row in sheet((*found[:index], blank, *found[index + 1 :])).severity
                for rating in row.ratings
            ]
            assert after[1:] == before[1:]
            assert after[0] in (before[0], None)


@settings(max_examples=60, deadline=None)
@given(facts(), DECLARED)
def test_without_a_declaration_nothing_becomes_untried(
    found: tuple[Fact, ...], declared: tuple[Completeness, ...]
) -> None:
    fewer = sheet(found, declared[1:])
    more = sheet(found, declared)
    untried = {row.field.id for row in fewer.answers if row.value == ("none",)}
    assert untried <= {row.field.id for row in more.answers if row.value == ("none",)}
    if not declared:
        assert not untried
