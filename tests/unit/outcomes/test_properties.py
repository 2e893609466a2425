"""What must hold whatever the answers are: order never matters, and a missing answer never turns a yes into a no."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.derive.periods import Moment
from levamen.knowledge.durations import packaged_durations
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import packaged_response
from levamen.outcomes.answer import Answer, percent, reaches
from levamen.outcomes.expected import compare
from levamen.outcomes.measured import best, last, own_rows
from levamen.outcomes.relief_time import held
from levamen.outcomes.responder import together
from levamen.pathway.response import response
from levamen.record.completeness import Completeness
from levamen.record.facts import Procedure, Record, Relief, Score
from levamen.record.timeline import Interval, When

START = date(2025, 2, 10)
NOW = Moment(date(2026, 3, 16), date(2026, 3, 16), date(2026, 3, 16))
LEVELS = packaged_response().levels


@st.composite
def entries(draw: st.DrawFn) -> tuple[Relief, ...]:
    """Rows of relief: scores, some of them missing, and stated percentages, on days after the procedure."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        day = When.on(START + timedelta(days=draw(st.integers(1, 380))))
        before = draw(st.one_of(st.none(), st.integers(1, 10)))
        after = draw(st.one_of(st.none(), st.integers(0, 10)))
        found.append(
            Relief(
                at=day,
                scale="nrs",
                before=Decimal(before) if before is not None else None,
                after=Decimal(after) if after is not None else None,
            )
        )
    return tuple(found)


def procedure(relief: tuple[Relief, ...]) -> Procedure:
    return Procedure(
        id="P-1",
        therapy="medial-branch-radiofrequency-ablation",
        region="lumbar",
        side="left",
        start=When.on(START),
        relief=relief,
    )


@given(entries(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_rows_never_matters(relief: tuple[Relief, ...], random: object) -> None:
    shuffled = list(relief)
    random.shuffle(shuffled)
    one, other = (own_rows(procedure(rows), NOW) for rows in (relief, tuple(shuffled)))
    assert (best(one), last(one)) == (best(other), last(other))
    for level in LEVELS:
        assert held(procedure(relief), one, level.limit) == held(procedure(tuple(shuffled)), other, level.limit)


@given(entries(), st.integers(0, 10))
@settings(max_examples=150, deadline=None)
def test_filling_in_a_missing_score_never_turns_an_answer_round(relief: tuple[Relief, ...], value: int) -> None:
    filled = tuple(
        Relief(
            at=row.at,
            scale="nrs",
            before=row.before or Decimal(8),
            after=Decimal(value) if row.after is None else row.after,
        )
        for row in relief
    )
    one, other = (own_rows(procedure(rows), NOW) for rows in (relief, filled))
    for level in LEVELS:
        for which in (best, last):
            words = (reaches(which(one), level.limit), reaches(which(other), level.limit))
            assert words[0] == "unknown" or words[0] == words[1]


@given(entries())
@settings(max_examples=150, deadline=None)
def test_a_higher_level_is_never_held_longer(relief: tuple[Relief, ...]) -> None:
    rows = own_rows(procedure(relief), NOW)
    spans = [held(procedure(relief), rows, level.limit) for level in LEVELS]
    for lower, higher in pairwise(spans):
        assert lower is not None
        assert higher is not None
        if lower.lost_to is not None and higher.lost_to is not None:
            assert higher.lost_to <= lower.lost_to
        assert not (higher.state == "holding" and lower.state == "lost")


WORDS = st.sampled_from(["yes", "no", "unknown"])


@given(st.lists(WORDS, min_size=7, max_size=7), st.integers(0, 6), st.sampled_from(["yes", "no"]))
@settings(max_examples=300, deadline=None)
def test_an_answer_filled_in_never_turns_the_composite_round(words: list[str], index: int, filled: str) -> None:
    def of(found: list[str]) -> str:
        answers = [Answer(id=str(number), word=word) for number, word in enumerate(found)]
        return together(answers[0], answers[1:], packaged_response().composite).word

    if words[index] == "unknown":
        before, after = of(words), of([*words[:index], filled, *words[index + 1 :]])
        assert before in ("unknown", after)


@given(st.integers(1, 400), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_what_is_within_is_neither_shorter_nor_longer(first: int, more: int) -> None:
    """A relief that may have ended on either of two days is told within only where both of them would be."""
    relief = (
        Relief(at=When.on(START + timedelta(days=first)), percent=Interval.exactly(80)),
        Relief(at=When.on(START + timedelta(days=first + more + 1)), percent=Interval.exactly(0)),
    )
    late = Moment(date(2028, 1, 1), date(2028, 1, 1), date(2028, 1, 1))
    rows = own_rows(procedure(relief), late)
    wide = held(procedure(relief), rows, LEVELS[1].limit)
    for row in packaged_durations():
        if row.low is None or row.high is None or wide is None:
            continue
        found = compare(row, wide)
        assert found in ("shorter", "within", "longer", "cannot tell")
        low, high = wide.against(row.low), wide.against(row.high)
        assert (found == "shorter") == (low[1] < 0)
        assert (found == "longer") == (high[0] > 0)
        assert (found == "within") == (low[0] >= 0 and high[1] <= 0)


@given(st.fractions(min_value=-100, max_value=100))
def test_per_cent_is_never_shown_above_what_it_is(value: object) -> None:
    shown = percent(Interval.exactly(value)).removesuffix(" %")
    assert abs(Decimal(shown)) <= abs(value)


def test_the_order_of_facts_never_matters() -> None:
    facts = (
        procedure((Relief(at=When.on(date(2025, 5, 12)), scale="nrs", before=Decimal(8), after=Decimal(2)),)),
        Score(id="S-1", instrument="odi", value=Decimal(44), date=When.on(date(2025, 2, 3))),
        Score(id="S-2", instrument="odi", value=Decimal(30), date=When.on(date(2025, 5, 12))),
        Score(id="S-3", instrument="nrs", value=Decimal(8), date=When.on(date(2025, 2, 3))),
        Score(id="S-4", instrument="nrs", value=Decimal(5), date=When.on(date(2026, 2, 3))),
    )
    complete = (Completeness(kind="procedures", start=When.on(date(2024, 1, 1)), end=When.on(date(2026, 3, 16))),)
    one, other = (
        response(Record(id="x", facts=rows, completeness=complete), packaged(), date(2026, 3, 16)).procedures
        for rows in (facts, facts[::-1])
    )
    assert one == other
