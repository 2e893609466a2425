"""When the reservoir of an implanted pump must be seen to, from what the chart states of it (dossier: pump refills).

A fill runs out at its fastest: programmed rate and every bolus the patient may take. The refill is due at the earliest
of alarm volume, age of the drug, the clinic's longest interval and the battery. What is not recorded is never read as
the better case: the earliest moment that is possible stands, or nothing and the reason. Flow runs in real hours, across
changes of the clocks; limits in days are days of the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.derive.amounts import amount_in_milligrams, strength_in_milligrams
from levamen.derive.pump_readings import Pump, ml, number
from levamen.knowledge.pumps import AgeLimit, PumpTable
from levamen.record import codes
from levamen.record.timeline import When, known_by, start_of_day

BoundKind = Literal["alarm", "drug-age", "interval", "battery"]


class Settings(Struct, frozen=True, kw_only=True):
    """What a clinic sets. Seven days to book is a default of ours; no source gives one.

    `tolerance_percent`: how much faster than programmed the pump may run, for a more careful date.
    """

    margin_days: int = 7
    longest_days: int | None = None
    tolerance_percent: Decimal = Decimal(0)


class Bound(Struct, frozen=True, kw_only=True):
    """One limit of a fill, at the earliest moment it can be. `clock`: whether the hour is known, or the day alone."""

    kind: BoundKind
    at: datetime
    clock: bool
    says: str
    cites: tuple[Cite, ...] = ()

    @property
    def day(self) -> date:
        return self.at.date()


class Flow(Struct, frozen=True):
    """mL that leave the reservoir in a day: as programmed, and at the most."""

    programmed: Fraction
    most: Fraction


class Schedule(Struct, frozen=True, kw_only=True):
    """What is due for one pump. `refill` absent: not known, `reasons` say why; `latest` is then the latest it can be.

    `open` names what is not recorded and could make the refill due earlier: then the refill is due by `refill` at the
    latest.
    """

    refill: Bound | None
    bounds: tuple[Bound, ...]
    replacement: Bound | None
    book_by: date | None
    flow: Flow | None
    reasons: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def latest(self) -> Bound | None:
        """The earliest of the limits that are known: the refill is due by then at the latest."""
        return min(self.bounds, key=lambda bound: bound.at, default=None)


def schedule(
    device: Pump, model: str | None, as_of: date | datetime, zone: ZoneInfo, table: PumpTable, settings: Settings
) -> Schedule:
    """The schedule of a pump whose readings are `device`, as known as of a moment."""
    open_: list[str] = []
    reasons: list[str] = []
    bounds: list[Bound] = []
    flow = flow_of(device, model, table, settings)
    fill = device.get("filled_at")
    if isinstance(fill, When) and not known_by(fill, as_of):
        fill = None
        reasons.append("the fill that is recorded is later than the moment asked for")
    if isinstance(flow, str):
        reasons.append(flow)
    else:
        reading = alarm_bound(device, fill, flow, as_of, zone)
        bounds += [reading] if isinstance(reading, Bound) else []
        reasons += [reading] if isinstance(reading, str) else []
        open_ += unknown_flow(device)
    open_ += age_bounds(device, fill, zone, table, bounds)
    if settings.longest_days is not None and fill is not None:
        says = f"the clinic's longest interval, {settings.longest_days} days"
        bounds.append(days_after(fill, settings.longest_days, zone, "interval", says, ()))
    battery = battery_bounds(device, zone)
    bounds += battery
    if not battery:
        open_.append("the replacement indicator or the end of service of the battery")
    refill = min(bounds, key=lambda bound: bound.at, default=None) if not reasons else None
    return Schedule(
        refill=refill,
        bounds=tuple(sorted(bounds, key=lambda bound: (bound.at, bound.kind))),
        replacement=battery[-1] if battery else None,
        book_by=refill.day - timedelta(days=settings.margin_days) if refill is not None else None,
        flow=flow if isinstance(flow, Flow) else None,
        reasons=tuple(reasons),
        open=tuple(open_),
    )


def flow_of(device: Pump, model: str | None, table: PumpTable, settings: Settings) -> Flow | str:
    """What leaves the reservoir in a day, or why it is not known. Of two statements that differ the faster counts."""
    said = [rate for rate in (number(device.get("rate_ml_per_day")), rate_from_dose(device)) if rate is not None]
    if not said:
        return "the rate is not recorded; write rate_ml_per_day, or dose_per_day with the concentration of its one drug"
    programmed = max(said)
    known = (model or "").lower()
    if programmed <= 0:
        return "a rate of 0 delivers nothing: the pump is stopped, or it is an error of entry"
    if min(said) < table.lowest.ml_per_day and table.lowest.model in known:
        return f"the rate is too slow for this pump: {table.lowest.says.says}"
    bolus = number(device.get("bolus_ml_per_day_max")) or Fraction(0)
    faster = 1 + Fraction(settings.tolerance_percent) / 100
    return Flow(programmed, (programmed + bolus) * faster)


def rate_from_dose(device: Pump) -> Fraction | None:
    """mL a day from a daily dose and the concentration of the one drug; None where either is missing or has no unit."""
    drugs: Sequence[Mapping[str, Any]] = device.get("drugs") or ()
    said = device.get("dose_per_day")
    dose = amount_in_milligrams(said if isinstance(said, str) else None)
    if len(drugs) != 1 or dose is None:
        return None
    (row,) = drugs
    strength = strength_in_milligrams(row.get("concentration"), row["drug"])
    return (dose.high or dose.low) / strength.low if strength is not None and strength.low > 0 else None


def unknown_flow(device: Pump) -> Iterable[str]:
    """What is not recorded and would make the reservoir run out earlier."""
    if device.get("bolus_ml_per_day_max") is None:
        yield "whether the patient can take boluses (bolus_ml_per_day_max, 0 where not)"


def alarm_bound(device: Pump, fill: When | None, flow: Flow, as_of: date | datetime, zone: ZoneInfo) -> Bound | str:
    """When the alarm volume can be reached first, counted from the fill and from a volume read after it."""
    alarm = number(device.get("alarm_ml"))
    if alarm is None:
        return "the alarm volume is not recorded; write alarm_ml"
    anchors = list(volumes(device, fill, as_of))
    if not anchors:
        return "neither the volume filled with its time nor a later residual is recorded"
    found = []
    for volume, when in anchors:
        start, clock = earliest(when, zone)
        hours = max(Fraction(0), volume - alarm) / flow.most * 24
        at = start + timedelta(seconds=(hours * 3600).__floor__())
        says = f"{ml(volume)} mL down to the alarm at {ml(alarm)} mL, {ml(flow.most)} mL a day at the most"
        found.append(Bound(kind="alarm", at=local(at, zone), clock=clock, says=says))
    return min(found, key=lambda bound: bound.at)


def volumes(device: Pump, fill: When | None, as_of: date | datetime) -> Iterable[tuple[Fraction, When]]:
    """Volumes in the reservoir with their moment: what was filled, at most what it holds; what was left later."""
    filled, holds = number(device.get("filled_ml")), number(device.get("reservoir_ml"))
    if filled is not None and fill is not None:
        yield (filled if holds is None else min(filled, holds)), fill
    left, read = number(device.get("residual_ml")), device.get("residual_at")
    if left is not None and isinstance(read, When) and known_by(read, as_of) and not before_fill(read, fill):
        yield left, read


def before_fill(read: When, fill: When | None) -> bool:
    """Whether a residual was read before the fill: on that day too, unless clock times say otherwise."""
    if fill is None:
        return False
    if read.at is not None and fill.at is not None:
        return read.at <= fill.at
    return read.last <= fill.first


def age_bounds(device: Pump, fill: When | None, zone: ZoneInfo, table: PumpTable, bounds: list[Bound]) -> Iterable[str]:
    """Adds when each drug grows too old; names what is not known of it."""
    drugs = [str(row["drug"]) for row in device.get("drugs") or ()]
    open_ = [] if drugs else ["the drugs in the pump, so that no age limit is applied"]
    if len(drugs) > 1:
        open_.append("how long a mixture keeps: no source is held")
    for row in device.get("drugs") or ():
        limits = age_limits(row, fill, table)
        if not limits:
            open_.append(f"how long {codes.label('drugs', row['drug'])} keeps in a pump: no source is held")
        elif fill is not None:
            shortest = min(limits, key=lambda limit: limit.days)
            bounds.append(days_after(fill, shortest.days, zone, "drug-age", shortest.says.says, shortest.says.cites))
    if drugs and fill is None:
        open_.append("when the reservoir was filled, so that no age limit is applied")
    return open_


def age_limits(row: Mapping[str, Any], fill: When | None, table: PumpTable) -> tuple[AgeLimit, ...]:
    """The limits that may apply to one drug: a first fill and a dilution that nobody denied may be."""
    may_be = {"first-fill": is_first(row.get("first_fill"), fill), "diluted": is_diluted(row.get("dilution"))}
    return tuple(
        limit for limit in table.ages if limit.drug == row["drug"] and may_be.get(limit.when, True) is not False
    )


def is_first(said: object, fill: When | None) -> bool | None:
    """Whether this is the first fill with the drug; a date says when the first one was."""
    if isinstance(said, When):
        return None if fill is None or not (said.exact and fill.exact) else said.first >= fill.first
    return said if isinstance(said, bool) else None


_NOT_DILUTED = frozenset({"no", "none", "undiluted", "neat", "1", "1:1"})


def is_diluted(said: object) -> bool | None:
    """Whether the drug was diluted; None where nothing is recorded."""
    if said is None or isinstance(said, bool):
        return said
    return str(said).strip().lower() not in _NOT_DILUTED


def days_after(fill: When, days: int, zone: ZoneInfo, kind: BoundKind, says: str, cites: tuple[Cite, ...]) -> Bound:
    """The same clock time so many calendar days later; of a time that occurs twice or not at all, the earlier."""
    start, clock = earliest(fill, zone)
    day = start.astimezone(zone)
    wall = datetime(day.year, day.month, day.day, day.hour, day.minute, day.second, tzinfo=zone) + timedelta(days=days)
    at = min(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return Bound(kind=kind, at=local(at, zone), clock=clock, says=says, cites=cites)


def battery_bounds(device: Pump, zone: ZoneInfo) -> list[Bound]:
    """The replacement indicator and the end of service, the one by which the pump must be replaced last."""
    found = []
    for field, says in (("eri", "replacement indicator of the battery"), ("eos", "end of service of the battery")):
        when = device.get(field)
        if isinstance(when, When):
            start, clock = earliest(when, zone)
            found.append(Bound(kind="battery", at=local(start, zone), clock=clock, says=says))
    return found


def earliest(when: When, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The earliest instant of a moment, and whether its hour is known."""
    if when.at is not None:
        return when.at.astimezone(UTC), True
    return start_of_day(when.first, zone), False


def latest(when: When, zone: ZoneInfo) -> datetime:
    """The latest instant of a moment: the end of a day whose hour is not known."""
    return when.at.astimezone(UTC) if when.at is not None else start_of_day(when.last + timedelta(days=1), zone)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant on the chart's clocks, with its offset: two times of one zone are compared by the wall clock."""
    here = at.astimezone(zone)
    return here.replace(tzinfo=timezone(here.utcoffset() or timedelta(0)), fold=0)
