"""Refills of the implanted pumps of a record: when each is due, what the readings show, what is said of the drugs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from levamen.derive.pump import Schedule, Settings, schedule
from levamen.derive.pump_checks import Residual, Warned, residual, warnings
from levamen.derive.pump_readings import Pump, readings
from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.agents import Statement
from levamen.knowledge.pumps import PumpTable, packaged_pumps
from levamen.record.facts import Device, Problem, Record
from levamen.record.timeline import known_by

PUMP = "intrathecal-pump"
Standing = Literal["overdue", "book", "later", "unknown"]
"""A refill whose moment has come; one to be booked now; one whose day to book is still to come; one not known."""


class Refill(Struct, frozen=True, kw_only=True):
    """One pump on one day. `replacement_overdue`: its battery has ended, or asked for a replacement, by then.

    `stopping`: what is said of an alarm that is reached, and of its drugs when they stop running.
    `unread`: entries of the chart that could not be used.
    """

    device: Device
    schedule: Schedule
    standing: Standing
    replacement_overdue: bool
    residual: Residual | str
    warnings: tuple[Warned, ...]
    notes: tuple[Statement, ...]
    stopping: tuple[Statement, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nothing that could make the refill due earlier is missing."""
        return self.schedule.refill is not None and not self.schedule.open and not self.unread


def refills(
    record: Record,
    as_of: date | datetime,
    settings: Settings | None = None,
    table: PumpTable | None = None,
) -> tuple[Refill, ...]:
    """Every intrathecal pump that is in place as known as of a moment, in the order of the record."""
    return tuple(refill(record, device, as_of, settings, table) for device in pumps(record, as_of))


def pumps(record: Record, as_of: date | datetime) -> Iterable[Device]:
    """The pumps in place: known by then, implanted unless nobody wrote when, and not surely removed."""
    day = local_day(as_of, zone_of(record))
    for fact in record.facts:
        if isinstance(fact, Device) and fact.kind == PUMP and seen(fact, as_of):
            gone = fact.removed is not None and fact.removed.last <= day
            if not gone and not (fact.implanted is not None and fact.implanted.first > day):
                yield fact


def refill(
    record: Record,
    device: Device,
    as_of: date | datetime,
    settings: Settings | None = None,
    table: PumpTable | None = None,
) -> Refill:
    """One pump on one day."""
    known, zone = packaged_pumps() if table is None else table, zone_of(record)
    said, unread = readings(device.pump or {})
    found = schedule(said, device.model, as_of, zone, known, Settings() if settings is None else settings)
    return Refill(
        device=device,
        schedule=found,
        standing=_standing(found, as_of, local_day(as_of, zone)),
        replacement_overdue=found.replacement is not None
        and _reached(found.replacement.at, as_of, found.replacement.day),
        residual=residual(said, found.flow, as_of, zone, known),
        warnings=warnings(said, device.model, found.flow, _psychosis(record, as_of), known),
        notes=tuple(_notes(device, said, known)),
        stopping=tuple(
            row for row in _notes(device, said, known) if row.id in known.stopping or row.id == known.alarm.id
        ),
        unread=unread,
    )


def _standing(found: Schedule, as_of: date | datetime, today: date) -> Standing:
    due = found.refill or found.latest
    if due is not None and _reached(due.at, as_of, due.day):
        return "overdue"
    if found.refill is None or found.book_by is None:
        return "unknown"
    return "book" if found.book_by <= today else "later"


def _reached(at: datetime, as_of: date | datetime, day: date) -> bool:
    """A day that is asked for stands whole: what falls on it has come."""
    return at <= as_of if isinstance(as_of, datetime) else day <= as_of


def _psychosis(record: Record, as_of: date | datetime) -> str | None:
    """What is on record of a psychosis, as a problem or as the latest answer; empty: answered no; absent: not asked."""
    for fact in record.facts:
        found = isinstance(fact, Problem) and fact.concept == "psychosis" and seen(fact, as_of)
        if found and getattr(fact, "verification", None) not in ("refuted", "entered-in-error"):
            return f"a psychosis is on record ({fact.id})"
    answers = [
        (row.asked.last, row.answer)
        for row in record.completeness
        if row.kind == "psychosis-history" and row.asked is not None and known_by(row.recorded or row.asked, as_of)
    ]
    last = max((day for day, _ in answers), default=None)
    said = {answer for day, answer in answers if day == last}
    if said == {"no"}:
        return ""
    return "asked for a psychosis, the answer was yes" if "yes" in said else None


def _notes(device: Device, said: Pump, table: PumpTable) -> Iterable[Statement]:
    """What is said of the drugs and the model of the pump; of a pump whose model is not recorded, of every model."""
    drugs = {str(row["drug"]) for row in said.get("drugs") or ()}
    model = (device.model or "").lower()
    models = {table.lowest.model, "prometra"}
    yield table.alarm
    for row in table.statements:
        named = row.topic in drugs or row.topic == "any"
        if named or (row.topic in models and (row.topic in model or not model)):
            yield row
