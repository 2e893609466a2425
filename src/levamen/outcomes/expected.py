"""What was expected of the duration of relief beside what was seen: shorter, within, longer, or cannot tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.knowledge.durations import ExpectedDuration
from levamen.outcomes.relief_time import HeldRelief
from levamen.record.facts import Procedure
from levamen.record.timeline import after

Compared = Literal["shorter", "within", "longer", "cannot tell", "not compared"]


class ExpectedAnswer(Struct, frozen=True, kw_only=True):
    """One source's expectation and how the relief seen stands to it. Not compared: the source gives no span."""

    row: ExpectedDuration
    compared: Compared


def expected(
    rows: Iterable[ExpectedDuration], procedure: Procedure, seen: HeldRelief | None
) -> tuple[ExpectedAnswer, ...]:
    """Every source that speaks of the procedure, in the order of the file."""
    return tuple(ExpectedAnswer(row=row, compared=compare(row, seen)) for row in rows if row.speaks_of(procedure))


def expected_end(procedure: Procedure, told: Iterable[ExpectedAnswer]) -> date | None:
    """The last day of the shortest relief that a source expects; None where none says how long at most."""
    start = procedure.start
    return min(
        (after(start.first, one.row.high) for one in told if one.row.high is not None and start is not None),
        default=None,
    )


def compare(row: ExpectedDuration, seen: HeldRelief | None) -> Compared:
    """A span against what was seen: decided only where every length that was possible says the same."""
    if row.low is None and row.high is None:
        return "not compared"
    if seen is None or seen.state == "not measured":
        return "cannot tell"
    at_least_low, at_most_low = seen.against(row.low) if row.low is not None else (0, 0)
    if row.low is not None and at_most_low < 0:
        return "shorter"
    at_least_high, at_most_high = seen.against(row.high) if row.high is not None else (-1, -1)
    if row.high is not None and at_least_high > 0:
        return "longer"
    enough = at_least_low >= 0 if row.low is not None else seen.held_until > seen.start.last
    return "within" if enough and (row.high is None or at_most_high <= 0) else "cannot tell"
