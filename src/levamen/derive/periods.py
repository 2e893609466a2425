"""What was done to a patient and how much of it lies in a period: the arithmetic that every ledger shares.

A period is a calendar window that ends on the service date; its first day counts, so that a running total errs on
the high side. An amount that is not recorded leaves the upper end of a total open, and so does a record that is not
declared complete for the whole period (design 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.derive.views import local_day, seen, zone_of
from levamen.record import codes
from levamen.record.facts import Procedure, Record
from levamen.record.timeline import Duration, Interval, When, add_months, known_by

NOTHING = Interval.exactly(0)


class Period(Struct, frozen=True):
    """A window of whole months that ends on the service date; without `months`, the whole life."""

    name: str
    months: int | None = None

    def first(self, on: date) -> date | None:
        """Its first day; None for the whole life."""
        return add_months(on, -self.months) if self.months is not None else None


PERIODS = (Period("12 months", 12), Period("36 months", 36), Period("lifetime"))


def period_of(window: Duration) -> Period:
    """The period that a window of months is. Raises ValueError for another unit."""
    if window.unit != "months":
        raise ValueError(f"{window} is no window of whole months")
    return Period(str(window), int(window.amount))


class Moment(Struct, frozen=True):
    """Two clocks: what is known (`known`, its local day `as_of`) and the service date `on`."""

    known: date | datetime
    as_of: date
    on: date


def moment_of(record: Record, as_of: date | datetime, on: date) -> Moment:
    """The clocks of a question about a record."""
    zone = zone_of(record)
    return Moment(as_of.astimezone(zone) if isinstance(as_of, datetime) else as_of, local_day(as_of, zone), on)


class Done(Struct, frozen=True):
    """A procedure as known. Not `certain`: aborted, or perhaps only planned: it may or may not have been given."""

    procedure: Procedure
    certain: bool = True

    @property
    def id(self) -> str:
        return self.procedure.id

    @property
    def kind(self) -> str:
        return str(codes.entry("therapies", self.procedure.therapy or "").get("kind", ""))


def done(record: Record, moment: Moment) -> tuple[Done, ...]:
    """The procedures done by the service date as far as known, in the order of their days and ids.

    Without a status a procedure was done, unless it was written down before its day: then it may have been planned.
    """
    found = [
        Done(fact, fact.status == "done" or (fact.status is None and not _foreseen(fact, record)))
        for fact in record.facts
        if isinstance(fact, Procedure)
        and fact.status in (None, "done", "aborted")
        and seen(fact, moment.known)
        and (fact.start is None or (fact.start.first <= moment.on and known_by(fact.start, moment.known)))
    ]
    return tuple(sorted(found, key=lambda row: _order(row.procedure)))


def _foreseen(fact: Procedure, record: Record) -> bool:
    told = fact.recorded or record.recorded
    return told is not None and fact.start is not None and told.last < fact.start.first


def _order(procedure: Procedure) -> tuple[date, date, str]:
    start = procedure.start
    return (start.first, start.last, procedure.id) if start is not None else (date.min, date.max, procedure.id)


def within(start: When | None, period: Period, on: date) -> bool | None:
    """Whether a day lies in a period; None where it may or may not."""
    first = period.first(on)
    if start is None:
        return True if first is None else None
    if start.first > on or (first is not None and start.last < first):
        return False
    return True if start.last <= on and (first is None or start.first >= first) else None


class Part(Struct, frozen=True):
    """One entry of a ledger: what it adds, None where that is not recorded, and what is then missing."""

    source: Done
    value: Interval | None
    missing: str = ""


class Total(Struct, frozen=True, kw_only=True):
    """A sum over a period. `counted`, `doubtful` and `lacking` are ids of procedures.

    `complete`: the record is declared to hold everything else that was done.
    """

    period: str
    value: Interval
    counted: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    complete: bool = False


def total(parts: Iterable[Part], period: Period, on: date, *, complete: bool) -> Total:
    """The sum of the parts that lie in a period: at least what surely does, at most what may."""
    value = NOTHING if complete else Interval(Fraction(0), None)
    counted: list[str] = []
    doubtful: list[str] = []
    lacking: list[str] = []
    for part in parts:
        inside = within(part.source.procedure.start, period, on)
        if inside is False or part.value == NOTHING:
            continue
        sure = inside is True and part.source.certain
        value = plus(value, possible(part.value, sure=sure))
        (lacking if part.value is None else counted if sure else doubtful).append(part.source.id)
    return Total(
        period=period.name,
        value=value,
        counted=tuple(dict.fromkeys(counted)),
        doubtful=tuple(dict.fromkeys(doubtful)),
        lacking=tuple(dict.fromkeys(lacking)),
        complete=complete,
    )


def possible(value: Interval | None, *, sure: bool) -> Interval:
    """What an entry may add: nothing at least unless it surely counts, anything at most where it is not recorded."""
    if value is None:
        return Interval(Fraction(0), None)
    return value if sure else Interval(Fraction(0), value.high)


def plus(one: Interval, other: Interval) -> Interval:
    """The sum of two intervals."""
    high = one.high + other.high if one.high is not None and other.high is not None else None
    return Interval(one.low + other.low, high)


def times(value: Interval, low: Fraction, high: Fraction | None = None) -> Interval:
    """An interval times a factor, or times any factor from `low` to `high`."""
    return Interval(value.low * low, value.high * (low if high is None else high) if value.high is not None else None)


def first_needed(record: Record, period: Period, on: date) -> date | None:
    """The day from which a record must be complete for a period; for the whole life, the day of birth where known."""
    birth = record.person.birth_date
    return period.first(on) or (birth.first if birth is not None else None)


def closed(
    record: Record, first: date | None, moment: Moment, *, therapy: str | None = None, region: str | None = None
) -> bool:
    """Whether the record is declared to hold every procedure since a day, or every one of a therapy or region."""
    therapies = frozenset({therapy}) if therapy is not None else None
    regions = frozenset({region}) if region is not None else None
    return first is not None and any(
        entry.speaks_of("procedures", therapies, regions) and entry.closes_span(first, moment.as_of)
        for entry in record.completeness
        if entry.recorded is None or known_by(entry.recorded, moment.known)
    )


def answered(record: Record, question: str, moment: Moment) -> bool | None:
    """The last answer to a question: True yes, False no or not applicable, None not asked, unclear or too old.

    A no speaks of the days up to the one on which it was given: like a declaration of completeness it must reach
    `as_of` (design 3.1), for a vaccine or an injection may have followed.
    """
    asked = [
        entry
        for entry in record.completeness
        if entry.kind == question and entry.scope == "patient" and entry.asked is not None
        if known_by(entry.recorded or entry.asked, moment.known)
    ]
    if not asked:
        return None
    last = max(entry.asked.last for entry in asked if entry.asked is not None)
    answers = {entry.answer for entry in asked if entry.asked is not None and entry.asked.last == last}
    if answers == {"yes"}:
        return True
    return False if answers <= {"no", "not-applicable"} and last >= moment.as_of else None


def number(value: Fraction) -> str:
    """A number as it is shown and compared in expectations: at most two decimals, rounded half up."""
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    text = f"{Decimal(hundredths) / 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Interval) -> str:
    """`160`, `160 to 186.67`, or `160 or more`."""
    if value.high is None:
        return f"{number(value.low)} or more"
    return number(value.low) if value.exact else f"{number(value.low)} to {number(value.high)}"
