"""How much should be in the reservoir of a pump at a moment, from what was filled or read and how fast it runs.

Counted from every volume that is on record: the least it can be and the most, never one guessed between them. A moment
or a reading whose hour is not known counts with the whole day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.derive.pump import Flow, earliest, latest, volumes
from levamen.derive.pump_readings import Pump
from levamen.record.timeline import Interval, When, known_by

_DAY = timedelta(days=1) // timedelta(seconds=1)


class Anchor(Struct, frozen=True):
    """A volume on record, in mL: filled, or left at a reading after the fill."""

    millilitres: Fraction
    when: When


class ExpectedVolume(Struct, frozen=True):
    """What should be left, in mL, and the volumes from which it was counted, the latest last."""

    millilitres: Interval
    anchors: tuple[Anchor, ...]


def on_record(device: Pump, as_of: date | datetime) -> tuple[Anchor, ...]:
    """The volumes known by a moment, the latest last; none where neither a fill nor a reading has its time."""
    fill = device.get("filled_at")
    known = fill if isinstance(fill, When) and known_by(fill, as_of) else None
    found = (Anchor(volume, when) for volume, when in volumes(device, known, as_of))
    return tuple(sorted(found, key=lambda row: (row.when.first, row.when.last)))


def expected_volume(device: Pump, flow: Flow, as_of: date | datetime, zone: ZoneInfo) -> ExpectedVolume | None:
    """What should be left at a moment; None where no volume is on record."""
    now = as_of if isinstance(as_of, datetime) else None
    moment = When(now.astimezone(zone).date(), now.astimezone(zone).date(), now) if now else When(as_of, as_of)
    anchors = on_record(device, as_of)
    if not anchors:
        return None
    lows, highs = [], []
    for row in anchors:
        least = _days(latest(row.when, zone), earliest(moment, zone)[0])
        most = _days(earliest(row.when, zone)[0], latest(moment, zone))
        lows.append(max(Fraction(0), row.millilitres - flow.most * most))
        highs.append(max(Fraction(0), row.millilitres - flow.programmed * least))
    return ExpectedVolume(Interval(min(lows), max(highs)), anchors)


def _days(start: datetime, end: datetime) -> Fraction:
    return Fraction(max(0, int((end - start).total_seconds())), _DAY)
