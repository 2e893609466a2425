"""What the paragraphs on pumps are written with: the readings of one pump, each of which a paragraph may change.

Unless a paragraph says otherwise: Rome, a SynchroMed II of 40 mL, filled with 20 mL on 10 January 2026 at 09:00, alarm
at 2 mL, 0.6 mL a day, no patient bolus, morphine 5 mg/mL, battery good until 2028. The patient is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from levamen.adapters.chart import read_chart
from levamen.derive.pump import Settings
from levamen.pathway.refill import Refill, refills
from levamen.record.facts import Record

READINGS: Mapping[str, str] = {
    "reservoir_ml": "40",
    "filled_ml": "20",
    "filled_at": "2026-01-10T09:00",
    "alarm_ml": "2",
    "rate_ml_per_day": "0.6",
    "bolus_ml_per_day_max": "0",
    "eri": "2028-01-01",
    "drugs": "[{drug: morphine, concentration: 5 mg/mL}]",
}
ZICONOTIDE = "[{drug: ziconotide, concentration: 25 mcg/mL, dilution: false, first_fill: false}]"
"""Ziconotide undiluted, not for the first time."""


def record_of(
    *, zone: str = "Europe/Rome", model: str | None = "SynchroMed II", more: str = "", **changed: Any
) -> Record:
    """The record of a pump whose readings are those above, changed; None takes one away."""
    readings = {key: value for key, value in {**READINGS, **changed}.items() if value is not None}
    inside = ", ".join(f"{key}: {value}" for key, value in readings.items())
    named = f"model: {model}, " if model is not None else ""
    text = f"""chart: 1
id: reservoir
zone: {zone}
recorded: 2026-01-10
as_of: 2026-01-10
devices:
  - {{id: D-1, kind: intrathecal-pump, {named}implanted: 2025-03-04, pump: {{{inside}}}}}
{more}"""
    reading = read_chart(text.encode(), "reservoir")
    assert [issue for issue in reading.balance.issues if issue.fate == "rejected"] == []
    return reading.record


def pump(
    *, as_of: str = "2026-01-11", margin: int = 7, longest: int | None = None, tolerance: str = "0", **changed: Any
) -> Refill:
    """The one pump, as known on a day (or at a moment of its own zone)."""
    record = record_of(**changed)
    moment: date | datetime
    moment = (
        datetime.fromisoformat(as_of).replace(tzinfo=ZoneInfo(record.zone or "UTC"))
        if "T" in as_of
        else date.fromisoformat(as_of)
    )
    settings = Settings(margin_days=margin, longest_days=longest, tolerance_percent=Decimal(tolerance))
    (found,) = refills(record, moment, settings)
    return found


def due(**changed: Any) -> str:
    """When the refill is due, to the minute, with the offset; `unknown` where it is not known."""
    found = pump(**changed).schedule.refill
    if found is None:
        return "unknown"
    return found.at.isoformat(timespec="minutes") if found.clock else found.day.isoformat()


def binding(**changed: Any) -> str:
    """What the date comes from."""
    found = pump(**changed).schedule.refill
    return found.kind if found is not None else "unknown"


def warned(**changed: Any) -> set[str]:
    """The ids of what must be looked at."""
    return {row.id for row in pump(**changed).warnings}
