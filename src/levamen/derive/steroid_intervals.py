"""Intervals that a planned steroid injection must keep: earlier steroid, vaccines, operations."""

from __future__ import annotations

from collections.abc import Sequence

from levamen.derive.periods import Done, Moment
from levamen.derive.steroid import doses, is_steroid
from levamen.derive.steroid_neighbours import operations, vaccines
from levamen.derive.steroid_spacing import IntervalFinding, spacing
from levamen.knowledge.steroids import Steroids
from levamen.record.facts import Procedure, Record


def steroid_intervals(
    record: Record, rows: Sequence[Done], request: Procedure, moment: Moment, table: Steroids
) -> tuple[IntervalFinding, ...]:
    """Every interval that speaks of a request; none where it surely holds no steroid. The date is `moment.on`."""
    if is_steroid(request) is False:
        return ()
    held = doses(rows, table)
    return (
        *spacing(record, held, request, moment, table),
        *vaccines(record, request, moment, table),
        *operations(record, held, request, moment, table),
    )
