"""How many treatments surely failed, per region and in all, with the list: a stop rule kept in sight.

A treatment failed where its relief, as measured, surely never reached half. One that was not measured may have: the
count is a span. A negative test is no failed treatment; tests are counted by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Limit
from levamen.derive.periods import Moment, done
from levamen.outcomes.answer import Word, reaches
from levamen.outcomes.measured import best, gains, own_rows
from levamen.outcomes.place import kind_of, purpose_of
from levamen.record.facts import Procedure, Record
from levamen.record.timeline import Interval

_TREATS = frozenset({"injection", "block", "ablation", "stimulation", "drug-delivery", "augmentation", "disc"})
_CARE_OF_A_DEVICE = frozenset(
    {
        "stimulator-programming", "generator-replacement", "lead-revision", "lead-removal", "stimulator-explant",
        "pump-refill", "pump-programming", "pump-revision", "pump-explant",
    }
)  # fmt: skip
Role = Literal["treatment", "test", "either"]


class Tried(Struct, frozen=True, kw_only=True):
    """One procedure done: `helped`: whether its best relief reached the level. `role`: what it was done for."""

    procedure: Procedure
    role: Role
    sure: bool
    best: Interval | None
    helped: Word


class FailedCount(Struct, frozen=True, kw_only=True):
    """At least `low` and at most `high` treatments failed; `region` absent: in all. `failed`: ids that surely did."""

    region: str | None
    low: int
    high: int
    failed: tuple[str, ...]
    open: tuple[str, ...]


class Failures(Struct, frozen=True, kw_only=True):
    """Every procedure tried in order of time, and the counts: first in all, then by region."""

    level: Limit
    tried: tuple[Tried, ...]
    counts: tuple[FailedCount, ...]


def is_judged(procedure: Procedure) -> bool:
    """Whether relief is to be expected of it: care of a device, and what is no procedure on pain, is passed over."""
    return kind_of(procedure) in _TREATS and procedure.therapy not in _CARE_OF_A_DEVICE


def role_of(procedure: Procedure) -> Role:
    """What it was done for; either, where that is not recorded."""
    purpose = purpose_of(procedure)
    return "treatment" if purpose == "therapeutic" else "test" if purpose == "diagnostic" else "either"


def failures(record: Record, moment: Moment, level: Limit) -> Failures:
    """The procedures done as known, and how many treatments failed."""
    tried = []
    for row in done(record, moment):
        if not is_judged(row.procedure):
            continue
        role = role_of(row.procedure)
        rows = own_rows(row.procedure, moment) if role == "test" else gains(record, row.procedure, moment)
        found = best(rows)
        tried.append(
            Tried(procedure=row.procedure, role=role, sure=row.certain, best=found, helped=reaches(found, level))
        )
    regions = sorted({one.procedure.region for one in tried if one.procedure.region is not None and one.role != "test"})
    counts = (_count(None, tried), *(_count(region, tried) for region in regions))
    return Failures(level=level, tried=tuple(tried), counts=counts)


def _count(region: str | None, tried: Sequence[Tried]) -> FailedCount:
    mine = [one for one in tried if one.role != "test" and (region is None or one.procedure.region in (region, None))]
    failed = [
        one.procedure.id
        for one in mine
        if one.helped == "no" and one.sure and one.role == "treatment" and region in (None, one.procedure.region)
    ]
    may = [one.procedure.id for one in mine if one.helped != "yes" and one.procedure.id not in failed]
    return FailedCount(
        region=region, low=len(failed), high=len(failed) + len(may), failed=tuple(failed), open=tuple(may)
    )
