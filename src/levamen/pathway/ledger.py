"""The ledger of a record: steroid, local anesthetic, radiation, contrast, punctures; with and without what is planned.

`ledger_got` answers `expect: {ledger: …}`: for steroid, `value` is milligrams of methylprednisolone equivalents
recorded in the window that ends on the service date (unit `mg MPE`, the planned injection not in it); for
local anesthetic the sum of the fractions dose/maximum of the planned session (unit `1`), or with the window `24 h`
the milligrams of bupivacaine (unit `mg`). Numbers have at most two decimals; an interval is `160 to 186.67` or, where
the record leaves it open, `160 or more`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from levamen.derive.anesthetic import Rescue, Session, rescue, session
from levamen.derive.exposure import ExposureTotal, PunctureTotal, exposures, punctures
from levamen.derive.periods import PERIODS, Done, Moment, Period, done, moment_of, shown
from levamen.derive.steroid import (
    Course,
    SteroidDose,
    SteroidTotal,
    course_equivalents,
    courses,
    doses,
    equivalents,
    is_steroid,
    steroid_total,
    systemic_total,
)
from levamen.derive.steroid_intervals import steroid_intervals
from levamen.derive.steroid_limits import LimitAnswer, limits
from levamen.derive.steroid_spacing import IntervalFinding
from levamen.derive.views import local_day, payer_on, seen, zone_of
from levamen.knowledge.agents import Statement
from levamen.knowledge.anesthetics import packaged_anesthetics
from levamen.knowledge.steroids import packaged_steroids
from levamen.pathway.assess import country_of, service_date
from levamen.record.facts import Allergy, Record, Request
from levamen.record.timeline import Interval, When

_MONTHS = re.compile(r"(\d+)[ -]?(months?|mo|years?|y)")
_STEROID_TOPICS = frozenset({"hpa", "glucose", "bone", "audit", "vaccine", "dose", "series"})


class Premedicated(Struct, frozen=True):
    """What steroid by mouth before contrast would add, in mg MPE."""

    says: Statement
    equivalents: Interval


class CourseLine(Struct, frozen=True):
    """A steroid among the medicines, with what it adds up to over 12 months in mg MPE where that can be counted."""

    course: Course
    equivalents: Interval | None


class PlannedLedger(Struct, frozen=True, kw_only=True):
    """What a request would add. `totals` and `limits` are as they would be with it, on its own service date."""

    request: Request
    on: date
    steroid: bool | None
    doses: tuple[SteroidDose, ...] = ()
    totals: tuple[SteroidTotal, ...] = ()
    limits: tuple[LimitAnswer, ...] = ()
    intervals: tuple[IntervalFinding, ...] = ()
    session: Session
    premedication: Premedicated | None = None


class Ledger(Struct, frozen=True, kw_only=True):
    """A record's ledger on a service date, as known as of a moment. `checked`: when its tables were last compared."""

    record: Record
    as_of: date
    moment: str
    on: date
    doses: tuple[SteroidDose, ...]
    totals: tuple[SteroidTotal, ...]
    limits: tuple[LimitAnswer, ...]
    courses: tuple[CourseLine, ...]
    systemic: Interval
    exposures: tuple[ExposureTotal, ...]
    punctures: tuple[PunctureTotal, ...]
    planned: tuple[PlannedLedger, ...]
    rescue: tuple[Rescue, ...]
    unit: Statement
    checked: date
    steroid_statements: tuple[Statement, ...] = ()
    anesthetic_statements: tuple[Statement, ...] = ()


def ledger(record: Record, as_of: date | datetime, on: date | None = None) -> Ledger:
    """The whole ledger. `on`: absent, the one day on which everything requested starts, else the day of `as_of`."""
    day = local_day(as_of, zone_of(record))
    starts = {service_date(request, day, on) for request in record.requests}
    when = on or (starts.pop() if len(starts) == 1 else day)
    moment, table = moment_of(record, as_of, when), packaged_steroids()
    rows = done(record, moment)
    held = doses(rows, table)
    taken = courses(record, moment)
    year = PERIODS[0]
    anesthetics = packaged_anesthetics()
    return Ledger(
        record=record,
        as_of=day,
        moment=as_of.isoformat(),
        on=when,
        doses=held,
        totals=tuple(steroid_total(record, held, period, moment) for period in PERIODS),
        limits=limits(record, rows, moment, table),
        courses=tuple(CourseLine(course, course_equivalents(course, year, when, table)) for course in taken),
        systemic=systemic_total(taken, year, when, table),
        exposures=exposures(record, rows, moment),
        punctures=punctures(record, rows, moment),
        planned=tuple(planned(record, as_of, request, service_date(request, day, on)) for request in record.requests),
        rescue=rescue(record.person.weight_kg, anesthetics),
        unit=table.unit,
        checked=min(table.checked, anesthetics.checked),
        steroid_statements=tuple(row for row in table.statements if row.topic in _STEROID_TOPICS),
        anesthetic_statements=tuple(row for row in anesthetics.statements if row.topic == "last"),
    )


def planned(record: Record, as_of: date | datetime, request: Request, on: date) -> PlannedLedger:
    """What one request would add on its service date, together with what its plan does before it or with it."""
    moment, table = moment_of(record, as_of, on), packaged_steroids()
    rows = done(record, moment)
    own = Done(replace(request, start=When.on(on)))
    coming = (own, *_of_plan(record, request, on))
    with_it = (*rows, *coming)
    held = doses(with_it, table)
    asked = is_steroid(request)
    return PlannedLedger(
        request=request,
        on=on,
        steroid=asked,
        doses=doses([own], table),
        totals=tuple(steroid_total(record, held, period, moment) for period in PERIODS),
        limits=limits(record, with_it, moment, table, own.procedure) if asked is not False else (),
        intervals=steroid_intervals(record, rows, request, moment, table),
        session=planned_session(record, as_of, request, on),
        premedication=_premedication(record, request, moment),
    )


def planned_session(record: Record, as_of: date | datetime, request: Request, on: date) -> Session:
    """The local anesthetic of a request's session: what its plan does on the same day, and what was given that day."""
    moment = moment_of(record, as_of, on)
    same_day = [row for row in _of_plan(record, request, on) if _day(row) in (None, on)]
    own = Done(replace(request, start=When.on(on)))
    country = country_of(payer_on(record, on, as_of))
    return session(record, (own, *same_day), done(record, moment), moment, packaged_anesthetics(), country)


def _day(row: Done) -> date | None:
    start = row.procedure.start
    return start.first if start is not None and start.exact else None


def _of_plan(record: Record, request: Request, on: date) -> tuple[Done, ...]:
    """The other requests of a plan that come before or on the day; one whose day is not known may be among them."""
    return tuple(
        Done(other, other.start is not None and other.start.last <= on)
        for other in sorted(record.requests, key=lambda one: one.id)
        if other.id != request.id
        and request.plan is not None
        and other.plan == request.plan
        and (other.start is None or other.start.first <= on)
    )


def _premedication(record: Record, request: Request, moment: Moment) -> Premedicated | None:
    """Shown where a reaction to iodinated contrast is recorded and the request does not go without contrast."""
    if request.contrast not in (None, "iodinated", "unknown"):
        return None
    if not any(
        isinstance(fact, Allergy) and fact.substance == "iodinated-contrast" and seen(fact, moment.known)
        for fact in record.facts
    ):
        return None
    table = packaged_steroids()
    rule = table.premedication
    added = equivalents(rule.drug, Interval.exactly(rule.milligrams), table)
    says = Statement(id="premedication", topic="contrast", says=rule.says, cites=rule.cites)
    return Premedicated(says, added) if added is not None else None


def ledger_got(
    record: Record,
    as_of: date | datetime,
    on: date,
    request: Request | None,
    subject: str,
    window: str | None = None,
) -> dict[str, str]:
    """What a ledger says in the words of an expectation: value, unit and window. Empty where it has no such window."""
    if subject == "steroid":
        return _steroid_got(record, as_of, on, window or PERIODS[0].name)
    if subject != "anesthetic":
        return {}
    asked = request or (record.requests[0] if len(record.requests) == 1 else None)
    if asked is None:
        return {}
    found = planned_session(record, as_of, asked, on)
    word = window or "session"
    if word in ("24 h", "24 hours"):
        amount = next((row.milligrams for row in found.days), Interval(Fraction(0), Fraction(0)))
        return {"value": shown(amount), "unit": "mg", "window": word}
    return {"value": shown(found.value), "unit": "1", "window": word} if "session" in word else {}


def _steroid_got(record: Record, as_of: date | datetime, on: date, window: str) -> dict[str, str]:
    period = _period(window)
    if period is None:
        return {}
    moment = moment_of(record, as_of, on)
    found = steroid_total(record, doses(done(record, moment), packaged_steroids()), period, moment)
    return {"value": shown(found.equivalents.value), "unit": "mg MPE", "window": window}


def _period(window: str) -> Period | None:
    if window == "lifetime":
        return PERIODS[-1]
    parts = _MONTHS.fullmatch(window.strip().lower())
    if parts is None:
        return None
    months = int(parts[1]) * (12 if parts[2].startswith("y") else 1)
    return Period(window, months)
