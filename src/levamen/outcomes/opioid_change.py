"""The opioids of the day before a procedure against those of a visit, in MME a day. Never a target by itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.derive.mme import Mme, Ordered, mme_on, ordered
from levamen.derive.periods import Moment
from levamen.knowledge.opioids import TABLES, packaged_opioids
from levamen.outcomes.answer import Word
from levamen.record.facts import Record
from levamen.record.timeline import known_by


class OpioidChange(Struct, frozen=True, kw_only=True):
    """MME a day before and at the visit, every order at the most it allows; `less`: the fall in per cent of the first.

    `halved`: whether it fell by the share that the composite names, or to none. `reason`: why that is not known.
    """

    before: Mme
    after: Mme
    less: Fraction | None
    halved: Word
    reason: str = ""


def read_orders(record: Record, moment: Moment) -> Ordered:
    """The opioid orders as known, read once for every visit."""
    opioids = packaged_opioids()
    return ordered(record, moment, opioids.tables[TABLES[0]], opioids)


def opioid_change(
    record: Record, orders: Ordered, start: date, on: date, moment: Moment, percent: Decimal
) -> OpioidChange:
    """The change from the day before a procedure to a day after it."""
    first = start - timedelta(days=1)
    before, after = (mme_on(orders, day, reviewed=_listed(record, day, moment)) for day in (first, on))
    lacking = [
        f"{name}: {why}" for name, total in (("before", before), ("at the visit", after)) if (why := _why(total))
    ]
    if lacking or before.most is None or after.most is None:
        return OpioidChange(before=before, after=after, less=None, halved="unknown", reason="; ".join(lacking))
    if before.most == 0:
        return OpioidChange(before=before, after=after, less=None, halved="no", reason="no opioid before the procedure")
    less = (before.most - after.most) / before.most * 100
    return OpioidChange(before=before, after=after, less=less, halved="yes" if less >= Fraction(percent) else "no")


def _why(total: Mme) -> str:
    """Why a total is not known whole; empty where it is."""
    if not total.reviewed:
        return "the medicines of that day are not declared to be all"
    if any(not line.sure for line in total.lines):
        return "whether an order was in force is not known"
    return "" if total.complete and total.most is not None else "an opioid that is listed cannot be counted"


def _listed(record: Record, day: date, moment: Moment) -> bool:
    """Whether the medicines of a day are declared to be all: gone through on that day or later, or in a whole span."""
    return any(
        entry.speaks_of("medications", None, None)
        and (
            (entry.reviewed is not None and day <= entry.reviewed.first <= moment.as_of)
            or (
                entry.start is not None and entry.start.last <= day and entry.end is not None and entry.end.first >= day
            )
        )
        for entry in record.completeness
        if entry.recorded is None or known_by(entry.recorded, moment.known)
    )
