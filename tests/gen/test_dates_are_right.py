"""earliest and safest against looking at every single day, on grown criteria and records."""

from __future__ import annotations

from datetime import timedelta

from growing import AS_OF, criterion_of, few, look, records, truths
from hypothesis import given
from msgspec.structs import replace

from levamen.criteria.dates import change
from levamen.criteria.nodes import Truth
from levamen.criteria.reference import evaluate_criterion
from levamen.record.facts import Record

DAYS = 800
"""Two years and more: longer than every window that is grown."""


@few(200)
@given(truths, records(at_most=3))
def test_earliest_is_the_first_day(says: Truth, record: Record) -> None:
    criterion, now = criterion_of(says), look(record)
    if evaluate_criterion(criterion, now).status != "not_met":
        return
    found = change(criterion, now)
    last = (found.earliest - AS_OF).days if found.earliest is not None else DAYS
    for day in range(1, last):
        on = AS_OF + timedelta(days=day)
        assert evaluate_criterion(criterion, replace(now, on=on)).status == "not_met", on
    if found.earliest is not None:
        assert evaluate_criterion(criterion, replace(now, on=found.earliest)).status != "not_met"
    if found.safest is not None:
        assert found.earliest is not None
        assert found.safest >= found.earliest
        assert evaluate_criterion(criterion, replace(now, on=found.safest)).status == "met"
