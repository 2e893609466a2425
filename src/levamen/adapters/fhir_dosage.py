"""How much of a drug, how often and by which route: the dosages of orders and statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from levamen.adapters.fhir_codes import meaning
from levamen.adapters.fhir_context import Context
from levamen.adapters.fhir_types import Dosage, Period, Quantity
from levamen.record.timeline import When

_HOURS = {"h": 1, "d": 24, "wk": 168}
_TIMES_A_DAY = {"QD": "24 h", "BID": "12 h", "TID": "8 h", "QID": "6 h"}


class Drug(Struct, frozen=True):
    """One ingredient: its id, its strength in one unit, and the route of the product. One that is not understood has
    what is written in place of an id."""

    id: str | None
    strength: str | None = None
    route: str | None = None
    written: str | None = None


def dosage_of(dosages: tuple[Dosage, ...], where: str, ctx: Context) -> dict[str, Any]:
    """What the first dosage says. Several dosages (a taper) have no single dose; that is reported."""
    if not dosages:
        return {}
    if len(dosages) > 1:
        ctx.warn(where, "has several dosages; dose and interval are not used")
        return {"as_needed": True if any(_as_needed(dosage) for dosage in dosages) else None}
    dosage = dosages[0]
    routes = meaning(dosage.route).ids("drug_routes")
    repeat = dosage.timing.repeat if dosage.timing is not None else None
    amount = dosage.dose_and_rate[0].dose_quantity if dosage.dose_and_rate else None
    if repeat is not None and repeat.day_of_week:
        ctx.warn(where, "is taken on some days of the week; interval and clock times are not used")
        repeat, dosage = None, msgspec.structs.replace(dosage, timing=None)
    return {
        "as_needed": _as_needed(dosage),
        "route": routes[0] if routes else None,
        "every": _every(dosage),
        "times": tuple(time[:5] for time in repeat.time_of_day) if repeat is not None else (),
        "_amount": amount,
    }


def _as_needed(dosage: Dosage) -> bool | None:
    return True if dosage.as_needed_codeable_concept is not None else dosage.as_needed_boolean


def _every(dosage: Dosage) -> str | None:
    """The interval between doses, where it is one."""
    timing = dosage.timing
    if timing is None:
        return None
    repeat = timing.repeat
    if repeat is None:
        codes = [coding.code or "" for coding in timing.code.coding] if timing.code is not None else []
        return next((_TIMES_A_DAY[code] for code in codes if code in _TIMES_A_DAY), None)
    if repeat.period is None or repeat.period_unit not in _HOURS or repeat.frequency_max or repeat.period_max:
        return None
    frequency = repeat.frequency or 1
    hours = repeat.period * _HOURS[repeat.period_unit]
    if frequency < 1 or not 0 < hours < 100_000 or hours % frequency:
        return None
    return f"{_number(hours / frequency)} h"


def bounds_of(dosage: Dosage | None) -> Period | None:
    """The period of a dosage."""
    timing = dosage.timing if dosage is not None else None
    return timing.repeat.bounds_period if timing is not None and timing.repeat is not None else None


def span_of(period: Period | None, ctx: Context) -> tuple[When | None, When | None]:
    """Both ends of a period, as far as they are given."""
    return (ctx.when(period.start), ctx.when(period.end)) if period is not None else (None, None)


def amount_of(amount: Quantity | None, drug: Drug, where: str, ctx: Context, *, alone: bool) -> str | None:
    """A dose as a chart writes it: `10 mg`. A number of tablets is multiplied by the strength of the product; an amount
    of a product with several ingredients is the amount of none of them."""
    if amount is None or amount.value is None or not amount.value.is_finite():
        return None
    if amount.comparator:
        ctx.warn(where, f"the dose is not an exact value ({amount.comparator} {amount.value}); not used")
        return None
    unit = amount.code or amount.unit or ""
    if unit and not unit.startswith("{") and unit.lower() not in ("1", "tablet", "tab", "capsule", "cap"):
        if not alone:
            ctx.warn(
                where,
                f"the dose, {_number(amount.value)} {amount.unit or unit}, is not that of one ingredient; not used",
            )
            return None
        return f"{_number(amount.value)} {amount.unit or unit}"
    if drug.strength is None:
        return None
    strength, _, strength_unit = drug.strength.partition(" ")
    return f"{_number(amount.value * Decimal(strength))} {strength_unit}"


def _number(value: Decimal) -> str:
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
