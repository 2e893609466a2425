"""Counting in cells, keeping them and adding them up gives what counting every row at once gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.knowledge.results_tables import packaged_results
from levamen.outcomes.cohort import Group, Procedure, Results, cohort, first_answers, results_of
from levamen.outcomes.cohort_cells import counted, decoded, encoded
from levamen.outcomes.cohort_rows import ComplicationRow, ReliefRow, TreatmentRow, VisitRow
from levamen.outcomes.cohort_tally import Tally, together
from levamen.outcomes.relief_time import EndKind

AS_OF = date(2026, 3, 9)
TABLES = packaged_results()
WORDS = st.sampled_from(["yes", "no", "unknown"])


@st.composite
def rows(draw: st.DrawFn) -> TreatmentRow:
    day = AS_OF - timedelta(days=draw(st.integers(0, 700)))
    held = draw(st.integers(0, 400))
    lost = draw(st.none() | st.integers(held + 1, held + 200))
    end = draw(st.sampled_from([None, *get_args(EndKind)])) if lost is None else None
    return TreatmentRow(
        therapy=draw(st.sampled_from(["epidural-steroid-injection", "medial-branch-block"])), day=day, known=AS_OF,
        region=draw(st.sampled_from([None, "lumbar"])), indication=draw(st.sampled_from([None, "axial", "radicular"])),
        operator=draw(st.sampled_from([None, "a", "b"])), baseline=draw(st.none() | st.just(Fraction(7))),
        below_floor=draw(st.booleans()),
        visits=tuple(
            VisitRow(
                visit.id, day + timedelta(days=30 * place + 14),
                tuple((level.says.id, draw(WORDS)) for level in TABLES.levels), draw(st.booleans()),
            )
            for place, visit in enumerate(TABLES.visits)
        ),
        relief=tuple(
            ReliefRow(level.says.id, draw(WORDS), held, lost, end, held + 3 if end else None) for level in TABLES.levels
        ),
        asked=draw(st.sampled_from([None, True, False])),
        complications=tuple(
            draw(
                st.lists(
                    st.builds(
                        ComplicationRow, st.sampled_from(["infection", "flushing"]),
                        st.sampled_from([None, "mild", "severe"]), st.sampled_from([None, "asked", "chart"]),
                        st.booleans(),
                    ), max_size=2,
                )
            )
        ),
    )  # fmt: skip


def from_cells(found: Sequence[TreatmentRow]) -> Results:
    """Each group, operator and month counted by itself, written down, read and added up."""
    kept: dict[tuple[Group, str | None, tuple[int, int]], list[TreatmentRow]] = defaultdict(list)
    for row in found:
        group = ((row.therapy, row.region), row.indication)
        kept[group, row.operator, (row.day.year, row.day.month)].append(row)
    tallies: dict[Group, list[Tally]] = defaultdict(list)
    operators: dict[Procedure, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (group, operator, _), inside in kept.items():
        tally = decoded(encoded(counted(inside, AS_OF, TABLES)), AS_OF, TABLES)
        tallies[group].append(tally)
        answers = first_answers(tally, TABLES)
        if answers:
            operators[group[0]][operator] += answers
    days = [row.day for row in found]
    return results_of(
        {group: together(several) for group, several in tallies.items()}, operators, AS_OF, TABLES,
        first_day=min(days, default=None), last_day=max(days, default=None),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(rows(), max_size=60))
def test_cells_add_up_to_all_rows_at_once(found: list[TreatmentRow]) -> None:
    assert from_cells(found) == cohort(found, AS_OF, TABLES)


@settings(max_examples=30, deadline=None)
@given(st.lists(rows(), max_size=20), st.randoms())
def test_the_same_rows_in_any_order_are_written_alike(found: list[TreatmentRow], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert encoded(counted(found, AS_OF, TABLES)) == encoded(counted(shuffled, AS_OF, TABLES))
