"""Local anesthetic of one session against what is recommended at most: each drug alone, and mixtures summed.

The sum is of fractions dose/maximum; where tables disagree or something is not recorded it is an interval, and the
stricter reading decides. Nothing is assumed for a weight that is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.derive.amounts import drugs_of, milligrams
from levamen.derive.periods import Done, Moment, plus, possible
from levamen.derive.steroid import unnamed
from levamen.derive.views import seen
from levamen.knowledge.agents import Statement
from levamen.knowledge.anesthetics import Anesthetics, Lipid, Maximum, Reduction
from levamen.record.facts import Problem, Record
from levamen.record.timeline import Interval, add_months

DoseStatus = Literal["met", "exceeded", "ambiguous", "unknown"]


class AnestheticDose(Struct, frozen=True, kw_only=True):
    """One local anesthetic of one procedure of the session.

    `most` is the maximum in milligrams, from the strictest reading to the mildest; absent where there is none.
    `fraction` is dose/maximum. `missing`: what is not recorded or not found in a source.
    """

    source: Done
    drug: str
    epinephrine: bool
    milligrams: Interval | None
    fraction: Interval
    most: Interval | None = None
    maxima: tuple[Maximum, ...] = ()
    shown_only: tuple[Maximum, ...] = ()
    missing: tuple[str, ...] = ()
    verified: bool = True


class DayLimit(Struct, frozen=True, kw_only=True):
    """A drug over 24 hours: what was given on the day before and on the day, with what is planned."""

    maximum: Maximum
    milligrams: Interval
    status: DoseStatus


class Session(Struct, frozen=True, kw_only=True):
    """The local anesthetic of one session. `value` is the sum of the fractions dose/maximum; 1 is the most."""

    doses: tuple[AnestheticDose, ...]
    value: Interval
    status: DoseStatus
    reasons: tuple[str, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    days: tuple[DayLimit, ...] = ()
    warnings: tuple[Statement, ...] = ()
    weight_kg: Decimal | None = None
    country: str | None = None


class Rescue(Struct, frozen=True):
    """One part of lipid rescue for a weight, and how it is given; both absent where the weight is not recorded."""

    lipid: Lipid
    millilitres: Fraction | None
    says: str


def session(
    record: Record,
    planned: Sequence[Done],
    given: Sequence[Done],
    moment: Moment,
    table: Anesthetics,
    country: str | None,
) -> Session:
    """The local anesthetic planned for one session, with what was given on the same day already.

    `planned` holds every procedure of the session (not `certain`: it may be on another day); `given` what was done.
    """
    today = [
        Done(row.procedure, row.certain and row.procedure.start.exact)
        for row in given
        if row.procedure.start is not None and row.procedure.start.last >= moment.on
    ]
    reductions = tuple(row for row in table.reductions if _reduced(row, record, moment))
    rows = tuple(
        dose for row in (*planned, *today) for dose in _doses(row, record.person.weight_kg, table, country, reductions)
    )
    value = Interval.exactly(0)
    for dose in rows:
        value = plus(value, possible(dose.fraction, sure=dose.source.certain))
    reasons = list(dict.fromkeys(what for dose in rows for what in dose.missing))
    reasons += [
        f"agents of {row.id} not all recorded"
        for row in (*planned, *today)
        if unnamed(row.procedure) or (not row.procedure.agents and row.kind in ("injection", "block", "ablation"))
    ]
    if any("agents of" in reason for reason in reasons):
        value = Interval(value.low, None)
    return Session(
        doses=rows,
        value=value,
        status=_status(value, reasons, verified=all(dose.verified for dose in rows)),
        reasons=tuple(reasons),
        reductions=reductions,
        days=tuple(_days(table, planned, given, moment)),
        warnings=tuple(_warnings(rows, table)),
        weight_kg=record.person.weight_kg,
        country=country,
    )


def _status(value: Interval, reasons: Sequence[str], *, verified: bool) -> DoseStatus:
    low, high = value.against(Decimal(1))
    if low > 0:
        return "exceeded"
    if high <= 0:
        return "met" if verified else "unknown"
    return "unknown" if reasons else "ambiguous"


def _doses(
    row: Done,
    weight: Decimal | None,
    table: Anesthetics,
    country: str | None,
    reductions: Sequence[Reduction],
) -> Iterable[AnestheticDose]:
    with_epinephrine = any(agent.drug == "epinephrine" for agent in row.procedure.agents)
    for agent in drugs_of(row.procedure.agents, "local-anesthetic"):
        amount = milligrams(agent)
        rows = [
            found
            for found in table.maxima
            if found.drug == agent.drug
            and found.per != "day"
            and found.epinephrine in ("either", "with" if with_epinephrine else "without")
        ]
        used = tuple(found for found in _of_country(rows, country) if not found.choice)
        most, open_above = _most(used, weight, reductions)
        missing = [] if amount is not None else [f"dose of {agent.drug} in {row.id} not recorded"]
        if not used:
            missing.append(f"no maximum of {agent.drug} found in a source")
        elif weight is None and any(found.per == "kg" for found in used):
            missing.append("weight not recorded")
        yield AnestheticDose(
            source=row,
            drug=agent.drug,
            epinephrine=with_epinephrine,
            milligrams=amount,
            fraction=_fraction(amount, most, open_above=open_above),
            most=most,
            maxima=used,
            shown_only=tuple(found for found in rows if found.choice),
            missing=tuple(missing),
            verified=any(found.cite.mark != "unverified" for found in used),
        )


def _of_country(rows: Sequence[Maximum], country: str | None) -> tuple[Maximum, ...]:
    """The rows of a country's table; where the country has none, or is not known, the rows of every country."""
    own = any(country in row.countries for row in rows)
    return tuple(row for row in rows if not own or not row.countries or country in row.countries)


def _most(
    rows: Sequence[Maximum], weight: Decimal | None, reductions: Sequence[Reduction]
) -> tuple[Interval | None, bool]:
    """The maximum in milligrams under the strictest and the mildest reading, and whether it may be lower still.

    Under each reading the smaller of the weight-based and the absolute maximum counts.
    """
    per_kg = [Fraction(row.amount) * Fraction(weight) for row in rows if row.per == "kg" and weight is not None]
    per_dose = [Fraction(row.amount) for row in rows if row.per == "dose"]
    groups = [group for group in (per_kg, per_dose) if group]
    open_above = weight is None and any(row.per == "kg" for row in rows)
    if not groups:
        return None, open_above
    low, high = min(min(group) for group in groups), min(max(group) for group in groups)
    for reduction in reductions:
        factor = 1 - Fraction(reduction.percent) / 100
        low *= factor
        if reduction.cites[0].mark != "unverified":
            high *= factor
    return Interval(low, high), open_above


def _fraction(amount: Interval | None, most: Interval | None, *, open_above: bool) -> Interval:
    if amount is None or most is None or most.high is None:
        return Interval(Fraction(0), None)
    top = None if open_above or amount.high is None else amount.high / most.low
    return Interval(amount.low / most.high, top)


def _reduced(row: Reduction, record: Record, moment: Moment) -> bool:
    """Whether a reduction is known to concern this patient: by age on the service date, or by a recorded condition."""
    birth = record.person.birth_date
    if birth is not None:
        if row.younger_than_months is not None and moment.on < add_months(birth.last, row.younger_than_months):
            return True
        if row.older_than_years is not None and moment.on > add_months(birth.first, row.older_than_years * 12):
            return True
    return any(
        isinstance(fact, Problem)
        and fact.concept in row.conditions
        and fact.status not in ("resolved", "remission")
        and fact.verification not in ("refuted", "entered-in-error")
        and seen(fact, moment.known)
        for fact in record.facts
    )


def _days(table: Anesthetics, planned: Sequence[Done], given: Sequence[Done], moment: Moment) -> Iterable[DayLimit]:
    """Limits over 24 hours. Where no time of day is recorded the whole day before counts: it errs on the high side."""
    first = moment.on - timedelta(days=1)
    near = [row for row in given if row.procedure.start is None or row.procedure.start.last >= first]
    for limit in (row for row in table.maxima if row.per == "day"):
        value = Interval.exactly(0)
        for row in (*planned, *near):
            start = row.procedure.start
            sure = row.certain and start is not None and start.first >= moment.on
            for agent in row.procedure.agents:
                if agent.drug == limit.drug:
                    value = plus(value, possible(milligrams(agent), sure=sure))
        if value == Interval.exactly(0):
            continue
        low, high = value.against(limit.amount)
        yield DayLimit(
            maximum=limit, milligrams=value, status="exceeded" if low > 0 else "met" if high <= 0 else "unknown"
        )


def _warnings(rows: Sequence[AnestheticDose], table: Anesthetics) -> Iterable[Statement]:
    """What sources say of this session: of mixtures where there are two drugs, of a strength where it is used."""
    if not rows:
        return
    mixed = len({dose.drug for dose in rows}) > 1
    strong = any(
        agent.drug == "bupivacaine" and (agent.concentration or "").replace(" ", "") in ("0.75%", "7.5mg/mL")
        for dose in rows
        for agent in dose.source.procedure.agents
    )
    for statement in table.statements:
        if (
            (statement.topic == "mixture" and mixed)
            or (statement.topic == "strength" and strong)
            or statement.topic == "weight"
            or (statement.topic == "ropivacaine" and any(dose.drug == "ropivacaine" for dose in rows))
        ):
            yield statement


def rescue(weight: Decimal | None, table: Anesthetics) -> tuple[Rescue, ...]:
    """Lipid emulsion 20 % for a weight: fixed volumes from the dividing weight, per kilogram below it."""
    found = []
    for part in table.lipid:
        if weight is None:
            found.append(Rescue(part, None, ""))
        elif part.fixed_ml is not None and weight >= table.lipid_from_kg:
            found.append(Rescue(part, Fraction(part.fixed_ml), part.fixed_says))
        else:
            found.append(Rescue(part, Fraction(part.ml_per_kg) * Fraction(weight), part.per_kg_says))
    return tuple(found)
