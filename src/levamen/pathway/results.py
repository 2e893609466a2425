"""The rows of a record for a clinic's own results: what its response says of each treatment, without the person.

Nothing is judged again here: responders, visits, how long relief held and what ended the watch are those of
`pathway/response.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import get_args

from msgspec import Struct

from levamen.derive.periods import Moment, moment_of
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.response_tables import Level
from levamen.knowledge.results_tables import ResultsTables
from levamen.outcomes.cohort_rows import ComplicationRow, FoundBy, ReliefRow, TreatmentRow, VisitRow
from levamen.outcomes.measured import index_pains
from levamen.outcomes.relief_time import HeldRelief, first_answer
from levamen.outcomes.responder import events_closed
from levamen.pathway.response import ProcedureResponse, response
from levamen.record.facts import Event, Record

_ZERO_TO_TEN = frozenset({"nrs", "nrs-worst", "nrs-average", "nrs-least"})
_FOUND: dict[str, FoundBy] = {word: word for word in get_args(FoundBy)}


class LeftOut(Struct, frozen=True):
    """A procedure that is no row, and why: tests are not treatments, and some records do not say what was done."""

    procedure: str
    why: str


class RecordRows(Struct, frozen=True, kw_only=True):
    """The rows of one record, and the procedures that are none."""

    rows: tuple[TreatmentRow, ...]
    left_out: tuple[LeftOut, ...]


TEST = "a test, no treatment"
PURPOSE = "whether it was a test or a treatment is not recorded"
PERHAPS = "whether it was done is not recorded"
DAY = "its day is not recorded"
THERAPY = "which therapy it was is not recorded"


def rows_of(record: Record, knowledge: Knowledge, as_of: date | datetime, tables: ResultsTables) -> RecordRows:
    """The treatments of a record as rows, as known at a moment."""
    found = response(record, knowledge, as_of)
    moment = moment_of(record, as_of, found.as_of)
    rows: list[TreatmentRow] = []
    left_out: list[LeftOut] = []
    for one in found.procedures:
        why = _no_row(one)
        if why is None:
            rows.append(_row(record, one, moment, tables))
        else:
            left_out.append(LeftOut(one.procedure.id, why))
    return RecordRows(rows=tuple(rows), left_out=tuple(left_out))


def _no_row(one: ProcedureResponse) -> str | None:
    start = one.procedure.start
    if one.role == "test":
        return TEST
    if one.role == "either":
        return PURPOSE
    if not one.sure:
        return PERHAPS
    if one.procedure.therapy is None:
        return THERAPY
    return DAY if start is None or not start.exact else None


def _row(record: Record, one: ProcedureResponse, moment: Moment, tables: ResultsTables) -> TreatmentRow:
    procedure = one.procedure
    start = procedure.start
    assert start is not None  # noqa: S101 - left out above
    assert procedure.therapy is not None  # noqa: S101 - left out above
    pains = index_pains(record, procedure, moment)
    before = [row.before.low for row in one.rows if row.before is not None and row.scale in _ZERO_TO_TEN]
    asked_by = next((result.visit.due for result in one.visits if result.visit.visit.id == tables.asked_visit), None)
    closed = None
    if asked_by is not None and asked_by <= moment.as_of:
        closed = events_closed(record, procedure, moment, asked_by)
    return TreatmentRow(
        therapy=procedure.therapy,
        day=start.first,
        known=moment.as_of,
        region=procedure.region,
        indication=pains[0].pattern if len(pains) == 1 else None,
        operator=procedure.operator,
        baseline=min(before, default=None),
        below_floor=one.low_baseline is not None,
        visits=tuple(
            VisitRow(
                visit=result.visit.visit.id,
                last=result.visit.last,
                reached=tuple((answer.id, answer.word) for answer in result.levels),
                ended=result.visit.state == "ended",
            )
            for result in one.visits
        ),
        relief=tuple(_relief(one, held, tables.levels) for held in one.held),
        asked=closed,
        complications=tuple(_complications(one, asked_by)),
    )


def _relief(one: ProcedureResponse, held: HeldRelief, levels: Sequence[Level]) -> ReliefRow:
    level = next(level for level in levels if level.percent == held.level)
    start, last = held.start.first, held.lapse.end_last
    return ReliefRow(
        level=level.says.id,
        at_first=first_answer(one.rows, level.limit, one.watch),
        held=(held.held_until - start).days,
        # Relief may have held to the end of the last day; on the next it was gone.
        lost=(last - start).days + 1 if last is not None else None,
        end=held.end.kind if held.end is not None else None,
        end_day=(held.end.day.first - start).days if held.end is not None else None,
    )


def _complications(one: ProcedureResponse, asked_by: date | None) -> Iterable[ComplicationRow]:
    """Events in the order of their days, then the complications of the procedure itself: they are of its day."""
    for event in one.harms:
        early = event.date is None or asked_by is None or event.date.first <= asked_by
        yield ComplicationRow(event.kind or "", event.severity, _found(event), early)
    known = {event.kind for event in one.harms}
    for kind in one.procedure.complications:
        if kind not in known:
            yield ComplicationRow(kind, None, None, True)


def _found(event: Event) -> FoundBy | None:
    """As it is written; an event with the day on which it was asked for was asked for."""
    if event.ascertainment is None:
        return "asked" if event.asked is not None else None
    return _FOUND.get(event.ascertainment)
