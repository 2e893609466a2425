"""Steroid injected anywhere: milligrams of each drug and methylprednisolone equivalents, never silently short.

Equivalents (mg MPE) are a bookkeeping unit for doses by mouth or vein. Where tables of equivalence disagree every
reading is kept and the total is an interval. A dose that is not recorded leaves the total open above and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from msgspec import Struct

from levamen.derive.amounts import amount_in_milligrams, drugs_of, milligrams
from levamen.derive.periods import (
    Done,
    Moment,
    Part,
    Period,
    Total,
    closed,
    first_needed,
    plus,
    possible,
    times,
    total,
    within,
)
from levamen.derive.views import seen
from levamen.knowledge.steroids import Steroids
from levamen.record import codes
from levamen.record.facts import Medication, Procedure, Record
from levamen.record.timeline import Interval

_MAY_HOLD_STEROID = frozenset({"injection", "block", "ablation"})
_NAMES_ANOTHER_AGENT = frozenset({"botulinum-toxin", "prolotherapy", "epidural-blood-patch"})
EPIDURAL = "epidural-steroid-injection"
_NOT_SYSTEMIC = frozenset({"topical", "inhaled", "intranasal"})
_INJECTED = frozenset({"epidural", "intrathecal", "intra-articular", "perineural", "intralesional"})
_EVERY = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)?\s*(h|hr|hours?|d|days?|weeks?)", re.IGNORECASE)
_A_DAY = {"daily": 1, "once daily": 1, "once a day": 1, "qd": 1, "twice daily": 2, "twice a day": 2, "bid": 2}


class SteroidDose(Struct, frozen=True, kw_only=True):
    """One steroid of one procedure. Without `drug`, whether there was a steroid at all is not recorded.

    `milligrams` is of the drug, `equivalents` in mg MPE; absent where not known, and `missing` then says why.
    `verified`: a reading of the equivalence that is not awaiting confirmation exists.
    """

    source: Done
    drug: str | None = None
    milligrams: Interval | None = None
    equivalents: Interval | None = None
    missing: str = ""
    verified: bool = True

    @property
    def particulate(self) -> bool | None:
        """Whether the product is a suspension; None where not known."""
        found = codes.entry("drugs", self.drug).get("particulate") if self.drug is not None else None
        return found if isinstance(found, bool) else None


class SteroidTotal(Struct, frozen=True, kw_only=True):
    """Equivalents in mg MPE over a period, and milligrams of each drug."""

    equivalents: Total
    drugs: tuple[tuple[str, Total], ...]
    verified: bool = True


class Course(Struct, frozen=True, kw_only=True):
    """A steroid among the medicines: shown beside the injections, added to nothing."""

    medication: Medication
    milligrams_a_day: Interval | None = None
    missing: str = ""


def doses(rows: Iterable[Done], table: Steroids) -> tuple[SteroidDose, ...]:
    """Every steroid of the procedures, and every procedure that may have held one without saying so."""
    return tuple(dose for row in rows for dose in _doses(row, table))


def _doses(row: Done, table: Steroids) -> Iterable[SteroidDose]:
    procedure = row.procedure
    agents = drugs_of(procedure.agents, "corticosteroid")
    for agent in agents:
        amount = milligrams(agent)
        known = agent.drug in table.drugs
        missing = "" if known else "no equivalence found in a source"
        yield SteroidDose(
            source=row,
            drug=agent.drug,
            milligrams=amount,
            equivalents=equivalents(agent.drug, amount, table),
            missing="dose not recorded" if amount is None else missing,
            verified=known and any(equal.cites[0].mark != "unverified" for equal in table.drugs[agent.drug].equals),
        )
    if unnamed(procedure):
        yield SteroidDose(source=row, missing="an agent is not named")
    elif agents or procedure.therapy in _NAMES_ANOTHER_AGENT:
        return
    elif not procedure.agents and row.kind in _MAY_HOLD_STEROID:
        yield SteroidDose(source=row, missing="agents not recorded")
    elif procedure.therapy == EPIDURAL:
        yield SteroidDose(source=row, missing="no steroid among its agents, against its name")


def unnamed(procedure: Procedure) -> bool:
    """Whether an agent was injected that nobody could name."""
    return any(not agent.drug for agent in procedure.agents)


def equivalents(drug: str, amount: Interval | None, table: Steroids) -> Interval | None:
    """Milligrams of a steroid in mg MPE: from the reading that gives least to the one that gives most."""
    if amount is None or drug not in table.drugs:
        return None
    factors = [Fraction(table.reference_mg) / Fraction(equal.amount) for equal in table.drugs[drug].equals]
    return times(amount, min(factors), max(factors))


def steroid_total(
    record: Record, rows: Iterable[SteroidDose], period: Period, moment: Moment, *, complete: bool | None = None
) -> SteroidTotal:
    """The total of a period. `complete`: absent, as the record declares."""
    held = tuple(rows)
    whole = closed(record, first_needed(record, period, moment.on), moment) if complete is None else complete
    drugs = sorted({dose.drug for dose in held if dose.drug is not None})
    return SteroidTotal(
        equivalents=total(
            (Part(dose.source, dose.equivalents, dose.missing) for dose in held), period, moment.on, complete=whole
        ),
        drugs=tuple(
            (drug, amount)
            for drug in drugs
            for amount in (
                total(
                    (Part(dose.source, dose.milligrams, dose.missing) for dose in held if dose.drug == drug),
                    period,
                    moment.on,
                    complete=whole,
                ),
            )
            if amount.counted or amount.doubtful or amount.lacking
        ),
        verified=all(
            dose.verified for dose in held if within(dose.source.procedure.start, period, moment.on) is not False
        ),
    )


def is_steroid(procedure: Procedure) -> bool | None:
    """Whether a procedure holds a steroid: by its agents, else by its name; None where neither tells."""
    if drugs_of(procedure.agents, "corticosteroid"):
        return True
    if procedure.agents:
        return None if procedure.therapy == EPIDURAL or unnamed(procedure) else False
    if procedure.therapy == EPIDURAL:
        return True
    kind = codes.entry("therapies", procedure.therapy or "").get("kind")
    return None if kind in _MAY_HOLD_STEROID and procedure.therapy not in _NAMES_ANOTHER_AGENT else False


def courses(record: Record, moment: Moment) -> tuple[Course, ...]:
    """Every steroid among the medicines that began by the service date, but creams, sprays and inhalers."""
    found = [
        fact
        for fact in record.facts
        if isinstance(fact, Medication)
        and "corticosteroid" in fact.classes
        and fact.route not in _NOT_SYSTEMIC
        and seen(fact, moment.known)
        and (fact.start is None or fact.start.first <= moment.on)
    ]
    found.sort(key=lambda fact: (fact.start.first if fact.start is not None else date.min, fact.id))
    return tuple(_course(fact) for fact in found)


def _course(fact: Medication) -> Course:
    if fact.route in _INJECTED:
        return Course(medication=fact, missing="an injection recorded as a medicine: record it as a procedure")
    dose, a_day = amount_in_milligrams(fact.dose), doses_a_day(fact)
    if dose is None or a_day is None or fact.start is None:
        lacking = [
            name for name, value in (("dose", dose), ("how often", a_day), ("start", fact.start)) if value is None
        ]
        return Course(medication=fact, missing=f"not recorded: {', '.join(lacking)}")
    amount = times(dose, a_day)
    return Course(medication=fact, milligrams_a_day=possible(amount, sure=not fact.as_needed))


def doses_a_day(fact: Medication) -> Fraction | None:
    """How often a medicine is taken, in doses a day; None where not recorded in a way that can be counted."""
    if fact.times:
        return Fraction(len(fact.times))
    text = " ".join((fact.every or "").lower().split())
    if text in _A_DAY:
        return Fraction(_A_DAY[text])
    found = _EVERY.fullmatch(text)
    if found is None:
        return None
    hours = {"h": 1, "d": 24, "w": 168}[found[2][0]] * Fraction(found[1] or 1)
    return Fraction(24) / hours if hours > 0 else None


def course_equivalents(course: Course, period: Period, on: date, table: Steroids) -> Interval | None:
    """What a course adds up to in mg MPE inside a period; None where it cannot be counted. No end: still taken."""
    fact = course.medication
    if course.milligrams_a_day is None or fact.start is None or fact.drug is None:
        return None
    first = period.first(on)
    low = _days(fact.start.last, fact.end.first if fact.end is not None else on, first, on)
    high = _days(fact.start.first, fact.end.last if fact.end is not None else on, first, on)
    daily = course.milligrams_a_day
    top = daily.high * high if daily.high is not None else None
    return equivalents(fact.drug, Interval(daily.low * low, top), table)


def _days(start: date, end: date, first: date | None, on: date) -> int:
    begin = start if first is None else max(start, first)
    return max((min(end, on) - begin).days + 1, 0)


def systemic_total(rows: Iterable[Course], period: Period, on: date, table: Steroids) -> Interval:
    """What the courses add up to in mg MPE: a line beside the injections; open above where one cannot be counted."""
    value = Interval.exactly(0)
    for course in rows:
        value = plus(value, possible(course_equivalents(course, period, on, table), sure=True))
    return value
