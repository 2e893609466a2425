"""The readings of a pump as a chart or a bundle states them: what can be used, and what cannot, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from levamen.record import codes
from levamen.record.timeline import When

Pump = Mapping[str, Any]

_AMOUNTS = ("reservoir_ml", "filled_ml", "residual_ml", "alarm_ml", "rate_ml_per_day", "bolus_ml_per_day_max")
_MOMENTS = ("filled_at", "residual_at", "eri", "eos")


def readings(raw: Pump) -> tuple[Pump, tuple[str, ...]]:
    """The readings that can be used, and the names of those that cannot: a bundle states them without their types."""
    found: dict[str, Any] = {}
    unread = []
    for name, value in raw.items():
        usable: Any = None
        if name in _AMOUNTS and isinstance(value, int | Decimal) and not isinstance(value, bool):
            amount = Decimal(value)
            usable = amount if amount.is_finite() and amount >= 0 else None
        elif name in _MOMENTS and isinstance(value, When):
            usable = value if value.at is None or value.at.tzinfo is not None else None
        elif name == "dose_per_day" and isinstance(value, str | Decimal | int):
            usable = value
        elif name == "drugs" and isinstance(value, tuple | list):
            usable = tuple(row for row in value if _is_drug(row))
            unread += ["a drug of the pump"] * (len(value) - len(usable))
        if usable is None:
            unread.append(name)
        else:
            found[name] = usable
    return found, tuple(unread)


def _is_drug(row: object) -> bool:
    """Whether a row names a drug of the vocabulary, and writes its concentration as text where it has one."""
    if not isinstance(row, Mapping) or row.get("drug") not in codes.ids("drugs"):
        return False
    return isinstance(row.get("concentration"), str | None)


def number(value: object) -> Fraction | None:
    """A number of the chart, exactly; None where there is none."""
    return Fraction(value) if isinstance(value, Decimal) else None


def ml(value: Fraction) -> str:
    """mL as shown: at most three decimals."""
    text = f"{float(round(value, 3)):.3f}"
    return text.rstrip("0").rstrip(".")
