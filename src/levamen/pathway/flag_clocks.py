"""By when: the clock of a flag, counted from the moment at which what is there became known."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from levamen.criteria.nodes import Limit
from levamen.pathway.flag_answers import Due
from levamen.record.timeline import When, after, start_of_day


def due_of(limit: Limit, since: When, zone: ZoneInfo, *, has_zone: bool) -> Due:
    """When a length of time from `since` is over. Hours are hours of elapsed time, also where the clocks change.

    Where only a day is known, hours count from its start: too early rather than too late. Days and weeks end with the
    local day. A chart without a zone has days alone.
    """
    length = limit.length
    if length.unit != "hours":
        return Due(on=after(since.first, length))
    hours = timedelta(hours=float(length.amount))
    if since.at is not None:
        return Due(at=since.at.astimezone(UTC) + hours)
    if has_zone:
        return Due(at=start_of_day(since.first, zone) + hours, counted_from_day=True)
    return Due(on=_last_day(since.first, int(length.amount)), counted_from_day=True)


def _last_day(day: date, hours: int) -> date:
    """The last whole day that lies within so many hours of the start of a day."""
    return day + timedelta(days=max(hours - 1, 0) // 24)
