"""The visits after a procedure: when each is due, how far beside it a measurement counts, and what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from levamen.derive.periods import Moment
from levamen.knowledge.response_tables import Visit
from levamen.outcomes.answer import hull
from levamen.outcomes.measured import Measured
from levamen.outcomes.relief_time import End
from levamen.record.timeline import Interval, When, after

VisitState = Literal["not due", "open", "past", "ended"]


class DueVisit(Struct, frozen=True, kw_only=True):
    """One visit: due on a day, between two days. `state`: as of now; ended: a repeat, surgery or death came first."""

    visit: Visit
    due: date
    first: date
    last: date
    state: VisitState

    def holds(self, when: When) -> bool:
        """Whether a moment surely lies in the window."""
        return self.first <= when.first and when.last <= self.last

    def may_hold(self, when: When) -> bool:
        """Whether a moment may lie in the window."""
        return when.first <= self.last and when.last >= self.first


def due_visits(
    start: When | None, visits: Iterable[Visit], moment: Moment, watch: Sequence[End]
) -> tuple[DueVisit, ...]:
    """The visits of a procedure whose day is known; none where it is not."""
    if start is None or not start.exact:
        return ()
    end = next((one for one in watch if one.sure), None)
    return tuple(_due(start.first, visit, moment.as_of, end) for visit in visits)


def _due(start: date, visit: Visit, as_of: date, end: End | None) -> DueVisit:
    due = after(start, visit.after)
    first, last = due - timedelta(days=visit.within), due + timedelta(days=visit.within)
    state: VisitState = "not due" if as_of < first else "open" if as_of <= last else "past"
    if end is not None and end.day.first <= first:
        state = "ended"
    return DueVisit(visit=visit, due=due, first=first, last=last, state=state)


def pain_at(visit: DueVisit, rows: Sequence[Measured]) -> tuple[Interval | None, tuple[str, ...]]:
    """The gain in pain in the window: the span of everything written there, so that two that differ stay open.

    A measurement that may lie outside (a month without a day) leaves it open too.
    """
    inside = [row for row in rows if visit.may_hold(row.sample.when)]
    if not any(visit.holds(row.sample.when) for row in inside):
        return None, ()
    return hull(row.sample.gain for row in inside), tuple(dict.fromkeys(row.origin for row in inside))
