"""What a pump's readings show that must be looked at: drugs over a stated limit, residuals that do not fit, entries
that cannot be right. A check warns and names who states it; it never proposes a dose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.derive.amounts import amount_in_milligrams, strength_in_milligrams
from levamen.derive.periods import shown
from levamen.derive.pump import Flow, before_fill, earliest, latest, rate_from_dose
from levamen.derive.pump_readings import Pump, ml, number
from levamen.knowledge.agents import Statement
from levamen.knowledge.pumps import PumpLimit, PumpTable
from levamen.record import codes
from levamen.record.timeline import Interval, When, known_by

_NO_MASS_LIMIT_NEEDED = frozenset({"muscle-relaxant"})
"""Drugs for spasticity: the communication on drugs for pain does not speak of them."""


class Warned(Struct, frozen=True, kw_only=True):
    """A reason to look: the fact of the chart, then what the source states. `id` is the row of the table."""

    id: str
    found: str
    says: str = ""
    cites: tuple[Cite, ...] = ()


class Residual(Struct, frozen=True, kw_only=True):
    """What was left at a reading after the fill against what should have been, in mL.

    `meaning`: what it can mean that they are apart; absent where they agree within the clinic's limit.
    """

    actual: Fraction
    expected: Interval
    meaning: Statement | None

    @property
    def flagged(self) -> bool:
        return self.meaning is not None


def warnings(
    device: Pump,
    model: str | None,
    flow: Flow | None,
    psychosis: str | None,
    table: PumpTable,
) -> tuple[Warned, ...]:
    """Everything to look at in a pump's readings, limits of drugs first.

    `psychosis`: what is on record of it, in words; empty where the patient was asked and said no; absent: not asked.
    """
    rows = [row for row in device.get("drugs") or () if isinstance(row, Mapping)]
    names = frozenset(str(row["drug"]) for row in rows)
    found = [warned for row in rows for warned in over_limits(row, device, flow, table)]
    found += disapproved(names, table)
    if len(names) > 1:
        said = ", ".join(sorted(codes.label("drugs", name) for name in names))
        found.append(Warned(id="mixture", found=said, says=table.mixture.says, cites=table.mixture.cites))
    opioids = [name for name in names if "opioid" in codes.classes_of(name)]
    if names & table.with_opioid.drugs and opioids:
        says = table.with_opioid.says
        said = " with ".join(sorted(names & table.with_opioid.drugs)) + f" with {', '.join(sorted(opioids))}"
        found.append(Warned(id=says.id, found=said, says=says.says, cites=says.cites))
    if names & table.after_psychosis.drugs and psychosis != "":
        says, told = table.after_psychosis.says, psychosis or "whether there ever was a psychosis was not asked"
        found.append(Warned(id=says.id, found=told, says=says.says, cites=says.cites))
    alarm = number(device.get("alarm_ml"))
    if alarm is not None and alarm < table.alarm_ml:
        said = f"the alarm is set to {ml(alarm)} mL"
        found.append(Warned(id="low-alarm", found=said, says=table.alarm.says, cites=table.alarm.cites))
    return (*found, *too_fast(flow, model, table), *impossible(device))


def over_limits(row: Mapping[str, Any], device: Pump, flow: Flow | None, table: PumpTable) -> list[Warned]:
    """The limits that one drug of the pump passes: its concentration, and its dose a day as programmed.

    The dose a day is the rate times the concentration; of the only drug also the dose as recorded. An amount that is
    not recorded, or without its unit, passes nothing: it is not known.
    """
    drug = str(row["drug"])
    strength = strength_in_milligrams(row.get("concentration"), drug)
    daily = doses(device, strength, flow, alone=len(device.get("drugs") or ()) == 1)
    found = []
    for limit in table.limits:
        if limit.drug != drug:
            continue
        amounts = ([strength] if strength is not None else []) if limit.of == "concentration" else daily
        over = [amount for amount in amounts if (amount.high or amount.low) > limit.milligrams]
        if over:
            most = max(over, key=lambda amount: amount.high or amount.low)
            says = f"{codes.label('drugs', drug)} {_in_unit(most, limit)}"
            found.append(Warned(id=limit.id, found=says, says=limit.says.says, cites=limit.says.cites))
    return found


def doses(device: Pump, strength: Interval | None, flow: Flow | None, *, alone: bool) -> list[Interval]:
    """Milligrams a day, from what is recorded: rate times concentration, with every bolus; and the dose itself."""
    found = []
    if strength is not None and flow is not None:
        bolus = number(device.get("bolus_ml_per_day_max")) or Fraction(0)
        rate = number(device.get("rate_ml_per_day"))
        most = (rate if rate is not None else flow.programmed) + bolus
        found.append(Interval(strength.low * most, (strength.high or strength.low) * most))
    said = device.get("dose_per_day")
    stated = amount_in_milligrams(said if isinstance(said, str) else None) if alone else None
    return found if stated is None else [*found, stated]


def _in_unit(amount: Interval, limit: PumpLimit) -> str:
    factor = 1000 if limit.unit == "mcg" else 1
    high = (amount.high or amount.low) * factor
    per = "a day, boluses included" if limit.of == "day" else "in a mL"
    return f"{shown(Interval(amount.low * factor, high))} {limit.unit} {per}"


def disapproved(names: frozenset[str], table: PumpTable) -> Iterable[Warned]:
    """Drugs for pain that are not approved for pumps."""
    for name in sorted(names):
        if name in table.approved.drugs or _NO_MASS_LIMIT_NEEDED & codes.classes_of(name):
            continue
        says = table.not_approved.says if name in table.not_approved.drugs else table.approved.says
        yield Warned(id=says.id, found=codes.label("drugs", name), says=says.says, cites=says.cites)


def too_fast(flow: Flow | None, model: str | None, table: PumpTable) -> Iterable[Warned]:
    """A rate that no pump of the model reaches."""
    fastest = table.highest
    if flow is not None and fastest.model in (model or "").lower() and flow.programmed > fastest.ml_per_day:
        yield Warned(
            id=fastest.says.id,
            found=f"{ml(flow.programmed)} mL a day",
            says=fastest.says.says,
            cites=fastest.says.cites,
        )


def impossible(device: Pump) -> Iterable[Warned]:
    """Entries that cannot be right."""
    holds, filled, left = (number(device.get(name)) for name in ("reservoir_ml", "filled_ml", "residual_ml"))
    alarm = number(device.get("alarm_ml"))
    if holds is not None and filled is not None and filled > holds:
        said = f"{ml(filled)} mL filled into a reservoir of {ml(holds)} mL: an overfill, or an error of entry"
        yield Warned(id="overfill", found=said)
    if holds is not None and left is not None and left > holds:
        yield Warned(id="residual-over-reservoir", found=f"{ml(left)} mL left in a reservoir of {ml(holds)} mL")
    if alarm is not None and filled is not None and alarm >= filled:
        yield Warned(id="alarm-over-fill", found=f"the alarm at {ml(alarm)} mL is not below the {ml(filled)} mL filled")
    rate, made = number(device.get("rate_ml_per_day")), rate_from_dose(device)
    if rate is not None and made is not None and not _alike(rate, made, device["rate_ml_per_day"]):
        swapped = rate and max(rate, made) >= 500 * min(rate, made)
        unit = "; mg and mcg may be swapped" if swapped else ""
        said = f"dose over concentration is {ml(made)} mL a day, the rate {ml(rate)}: the faster counts{unit}"
        yield Warned(id="dose-and-rate", found=said)
    said_dose = device.get("dose_per_day")
    if said_dose is not None and (not isinstance(said_dose, str) or amount_in_milligrams(said_dose) is None):
        yield Warned(id="dose-unit", found=f"dose_per_day {said_dose} has no unit of mass; write it as in 3.2 mg")
    eri, eos = device.get("eri"), device.get("eos")
    if isinstance(eri, When) and isinstance(eos, When) and eos.last < eri.first:
        yield Warned(id="battery-order", found="the end of service is before the replacement indicator")


def _alike(rate: Fraction, made: Fraction, written: Decimal) -> bool:
    """Whether they are one setting: apart by no more than the decimals written, or by one per cent (ours)."""
    places = -int(written.as_tuple().exponent)
    return abs(made - rate) <= max(Fraction(1, 10 ** max(places, 0)) / 2, rate / 100)


def residual(
    device: Pump, flow: Flow | None, as_of: date | datetime, zone: ZoneInfo, table: PumpTable
) -> Residual | str:
    """What was left at a reading after the fill, against what should have been; or why it cannot be said."""
    fill, read = device.get("filled_at"), device.get("residual_at")
    filled, left = number(device.get("filled_ml")), number(device.get("residual_ml"))
    if left is None or not isinstance(read, When) or not known_by(read, as_of):
        return "no residual with its time is recorded"
    if filled is None or not isinstance(fill, When) or flow is None:
        return "fill, its time or the rate is not recorded"
    if before_fill(read, fill):
        return "the residual was read before this fill; what was filled then is not recorded"
    days = _days(fill, read, zone)
    ran_least, ran_most = flow.programmed * days.low, flow.most * (days.high if days.high is not None else days.low)
    expected = Interval(max(Fraction(0), filled - ran_most), max(Fraction(0), filled - ran_least))
    allowed = max(table.discrepancy_ml, ran_least * table.discrepancy_percent / 100)
    high = expected.high if expected.high is not None else expected.low
    meaning = None
    if left > high + allowed:
        meaning = table.more_left
    elif left < expected.low - allowed:
        meaning = table.less_left
    return Residual(actual=left, expected=expected, meaning=meaning)


def _days(fill: When, read: When, zone: ZoneInfo) -> Interval:
    """Days between fill and reading; where only the day is known, from the least to the most."""
    shortest = earliest(read, zone)[0] - latest(fill, zone)
    longest = latest(read, zone) - earliest(fill, zone)[0]
    return Interval(*(Fraction(max(0, int(span.total_seconds())), 86400) for span in (shortest, longest)))
