"""How long relief held at a level: from the last visit with it to the first without, or open while it holds.

The meaning is that of duration of relief (design 3.1): held from the procedure to the last score at the level; lost
between two scores; a stated end is that day. What ends the watch otherwise (a repeat, surgery, death) is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from levamen.criteria.measure import test
from levamen.criteria.nodes import Limit
from levamen.derive.periods import Moment, done
from levamen.derive.views import seen
from levamen.outcomes.answer import Word, reaches
from levamen.outcomes.measured import Measured
from levamen.outcomes.place import kind_of, purpose_of, same_place
from levamen.record.facts import Event, Procedure, Record
from levamen.record.timeline import Duration, Lapse, When

EndKind = Literal["repeat-procedure", "rescue-procedure", "surgery", "death"]
_ENDS: dict[str, EndKind] = {
    "repeat-procedure": "repeat-procedure",
    "rescue-procedure": "rescue-procedure",
    "surgery": "surgery",
    "death": "death",
}
State = Literal["holding", "lost", "undecided", "not measured"]


class End(Struct, frozen=True, kw_only=True):
    """What ends the watch on a procedure's relief for another reason than loss. Not `sure`: it may or may not have."""

    kind: EndKind
    day: When
    id: str | None = None
    sure: bool = True


class HeldRelief(Struct, frozen=True, kw_only=True):
    """How long relief held at a level.

    `held_until`: last day on which it surely held. `lost_from` to `lost_to`: it was lost between them, absent while it
    holds. `stated`: its end was stated. `end`: what ended the watch before a loss was seen.
    """

    level: Decimal
    state: State
    start: When
    held_until: date
    lost_from: date | None = None
    lost_to: date | None = None
    stated: bool = False
    conflict: bool = False
    end: End | None = None
    read: tuple[str, ...] = ()

    @property
    def lapse(self) -> Lapse:
        """The length of it: open above unless it was lost."""
        last: date | None = None
        if self.lost_to is not None:
            gone = self.lost_to if self.stated else date.fromordinal(max(self.lost_to.toordinal() - 1, 1))
            last = max(gone, self.held_until)
        return Lapse(self.start.first, self.start.last, self.held_until, last)

    def against(self, limit: Duration) -> tuple[int, int]:
        """Signs of (shortest - limit, longest - limit)."""
        return self.lapse.against(limit)


def ends(record: Record, procedure: Procedure, moment: Moment) -> tuple[End, ...]:
    """What may have ended the watch after a procedure: a repeat here, surgery here, an event that names it, death."""
    start = procedure.start
    if start is None:
        return ()
    found: list[End] = []
    for row in done(record, moment):
        other = row.procedure
        if other.id == procedure.id or other.start is None or other.start.last < start.first:
            continue
        if not other.start.first > start.last and not _later(other.start, start):
            continue
        place = same_place(procedure, other)
        if place is False:
            continue
        sure = row.certain and place is True
        if kind_of(other) == "surgery" and kind_of(procedure) != "surgery":
            found.append(
                End(kind="surgery", day=other.start, id=other.id, sure=row.certain and _surely_near(procedure, other))
            )
        elif other.therapy == procedure.therapy and purpose_of(other) != "diagnostic":
            treats = purpose_of(other) == "therapeutic"
            found.append(End(kind="repeat-procedure", day=other.start, id=other.id, sure=sure and treats))
    for fact in record.facts:
        if not isinstance(fact, Event) or fact.kind not in _ENDS or not seen(fact, moment.known) or fact.date is None:
            continue
        if start.first <= fact.date.last and fact.date.first <= moment.on and fact.procedure in (None, procedure.id):
            sure = fact.procedure == procedure.id or fact.kind == "death"
            found.append(End(kind=_ENDS[fact.kind], day=fact.date, id=fact.id, sure=sure))
    died = record.person.died
    if died is not None and died.first <= moment.on:
        found.append(End(kind="death", day=died))
    return tuple(sorted(found, key=lambda end: (end.day.first, end.day.last, end.kind, end.id or "")))


def _later(one: When, other: When) -> bool:
    return one.at is not None and other.at is not None and one.at > other.at


def _surely_near(procedure: Procedure, other: Procedure) -> bool:
    """Surgery of the same region and side ends the watch; its levels are written otherwise and need not be equal."""
    return procedure.region is not None and procedure.region == other.region


def first_answer(rows: Sequence[Measured], level: Limit, watch: Iterable[End] = ()) -> Word:
    """Whether the first score that says so reached a level, before anything ended the watch; unknown where none did."""
    words = (reaches(row.sample.gain, level) for row in _watched(rows, watch))
    return next((word for word in words if word != "unknown"), "unknown")


def _watched(rows: Sequence[Measured], watch: Iterable[End]) -> list[Measured]:
    """The rows until what surely ends the watch."""
    end = next((one for one in watch if one.sure), None)
    return [row for row in rows if end is None or row.sample.when.first <= end.day.last]


def held(procedure: Procedure, rows: Sequence[Measured], level: Limit, watch: Iterable[End] = ()) -> HeldRelief | None:
    """How long relief held at a level; None where the day of the procedure is not recorded."""
    start = procedure.start
    if start is None:
        return None
    watch = tuple(watch)
    end = next((one for one in watch if one.sure), None)
    kept = _watched(rows, watch)
    ended = procedure.relief_ended
    if ended is not None and end is not None and ended.first > end.day.last:
        ended = None
    holding, undecided = start.first, False
    lost: date | None = None
    conflict = False
    for row in kept:
        status = test(row.sample.gain, level.operator, level.number)
        if status == "not_met":
            lost = row.sample.when.last
            break
        if status == "unknown":
            undecided = True
        elif not undecided:
            holding = max(holding, row.sample.when.first)
        if status == "met" and ended is not None and row.sample.when.first > ended.last:
            conflict = True
    stated = False
    lost_from: date | None = None
    if ended is not None and (lost is None or ended.last < lost):
        stated = True
        lost = max(ended.last, start.first)
        if kept and not undecided:
            holding = ended.first if conflict else max(holding, ended.first)
        holding = min(max(holding, start.first), lost)
    if lost is not None:
        lost_from = min(holding, lost)
    return HeldRelief(
        level=level.number,
        state=_state(kept, lost, undecided),
        start=start,
        held_until=holding,
        lost_from=lost_from,
        lost_to=lost,
        stated=stated,
        conflict=conflict,
        end=end if lost is None else None,
        read=tuple(dict.fromkeys(row.origin for row in kept)),
    )


def _state(rows: Sequence[Measured], lost: date | None, undecided: bool) -> State:
    if lost is not None:
        return "lost"
    if not rows or all(row.blank for row in rows):
        return "not measured"
    return "undecided" if undecided else "holding"
