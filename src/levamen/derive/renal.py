"""Creatinine clearance by Cockcroft and Gault: exact, and an interval where the sex is not known.

Estimated filtration (eGFR, mL/min/1.73 m2) is another quantity and is never used in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from levamen.criteria.outcome import Missing
from levamen.criteria.truth import Reason
from levamen.derive.labs import in_unit
from levamen.record.facts import Lab, Person, Problem
from levamen.record.timeline import Interval, When, add_months

_FEMALE = Fraction(85, 100)
_AGE_TERM = 140
_DIVISOR = 72
_NO_CREATININE = (Fraction(1, 10), Fraction(30))
"""Ours, no source: mg/dL below and above which the unit of a creatinine was surely mistaken. It only asks."""


class Clearance(Struct, frozen=True, kw_only=True):
    """Creatinine clearance in mL/min, unrounded, as the least and the most it can be; absent where it is not known.

    `day` is that of the blood sample. `dialysis`: the kidneys do not clear, whatever the sample says.
    """

    least: Fraction | None = None
    most: Fraction | None = None
    day: When | None = None
    dialysis: bool = False
    measured: bool = False
    read: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


def cockcroft_gault(age: int, weight_kg: Decimal, creatinine_mg_dl: Fraction, *, female: bool) -> Fraction:
    """(140 - age) x weight x (0.85 if female) / (72 x creatinine), mL/min, with actual weight (safety dossier 7.3).

    Raises ValueError where the creatinine or the weight is not above 0.
    """
    if creatinine_mg_dl <= 0 or weight_kg <= 0:
        raise ValueError("creatinine and weight must be above 0")
    result = Fraction(_AGE_TERM - age) * Fraction(weight_kg) / (_DIVISOR * creatinine_mg_dl)
    return result * _FEMALE if female else result


def completed_years(birth: date, on: date) -> int:
    """The age in completed years; the anniversary of 29 February is 28 February in other years."""
    years = on.year - birth.year
    return years if add_months(birth, 12 * years) <= on else years - 1


def clearance(
    person: Person, labs: Iterable[Lab], weights: Iterable[Lab], problems: Iterable[Problem], on: date
) -> Clearance:
    """The clearance for a service date from the latest creatinine, or from a later measured clearance."""
    on_dialysis = [fact for fact in problems if fact.concept == "dialysis"]
    if on_dialysis:
        return Clearance(least=Fraction(0), most=Fraction(0), dialysis=True, read=tuple(p.id for p in on_dialysis))
    rows = [lab for lab in labs if lab.at is not None]
    measured = _latest([lab for lab in rows if lab.test == "creatinine-clearance"])
    samples = _latest([lab for lab in rows if lab.test == "creatinine"])
    if measured and (not samples or _day(measured[0]) >= _day(samples[0])):
        spans = [span for lab in measured if (span := _span(lab, "mL/min")) is not None and span.high is not None]
        if spans and len(spans) == len(measured):
            return Clearance(
                least=min(span.low for span in spans),
                most=max(span.high or span.low for span in spans),
                day=measured[0].at,
                measured=True,
                read=tuple(lab.id for lab in measured),
            )
    return _computed(person, samples, weights, on)


def _computed(person: Person, samples: list[Lab], weights: Iterable[Lab], on: date) -> Clearance:
    spans = [span for lab in samples if (span := _span(lab, "mg/dL")) is not None and span.low > 0]
    read = [lab.id for lab in samples]
    missing: list[Missing] = []
    if any(_wrong_unit(span) for span in spans):
        written = ", ".join(f"{lab.value} {lab.unit}" for lab in samples)
        missing.append(
            _missing("labs", f"a creatinine with its right unit ({written} is not possible)", "value_missing")
        )
    elif not spans:
        missing.append(_missing("labs", "creatinine", "value_missing" if samples else "not_recorded"))
    weight, weighed = _weight(person, weights)
    read += weighed
    if weight is None:
        missing.append(_missing("person", "weight", "not_recorded"))
    if person.birth_date is None:
        missing.append(_missing("person", "birth date", "not_recorded"))
    day = samples[0].at if samples else None
    if missing or weight is None or person.birth_date is None:
        return Clearance(day=day, read=tuple(read), missing=tuple(missing))
    oldest = completed_years(person.birth_date.first, on)
    youngest = completed_years(person.birth_date.last, on)
    sexes = {"female": (True,), "male": (False,)}.get(person.sex or "", (True, False))
    every = [
        Fraction(0) if creatinine is None else cockcroft_gault(age, weight, creatinine, female=female)
        for age in {oldest, youngest}
        for female in sexes
        for span in spans
        for creatinine in (span.low, span.high)  # without an upper end the clearance may be anything down to none
    ]
    if any(span.high is None for span in spans):  # "more than so much": there is no least clearance above 0
        every.append(Fraction(0))
    unsure = (_missing("person", "sex", "not_recorded"),) if len(sexes) > 1 else ()
    return Clearance(least=min(every), most=max(every), day=day, read=tuple(read), missing=unsure)


def _wrong_unit(creatinine: Interval) -> bool:
    least, most = _NO_CREATININE
    return creatinine.low > most or (creatinine.high is not None and creatinine.high < least)


def _weight(person: Person, weights: Iterable[Lab]) -> tuple[Decimal | None, list[str]]:
    if person.weight_kg is not None:
        return person.weight_kg, []
    rows = _latest([lab for lab in weights if lab.test == "weight" and lab.at is not None])
    spans = [(lab.id, span.low) for lab in rows if (span := _span(lab, "kg")) is not None]
    if not spans:
        return None, []
    lightest = min(kilograms for _, kilograms in spans)  # the lighter of two readings gives the lower clearance
    return Decimal(lightest.numerator) / Decimal(lightest.denominator), [id for id, _ in spans]


def _latest(labs: list[Lab]) -> list[Lab]:
    """The latest results; several of one moment are kept, for their range counts."""
    if not labs:
        return []
    last = max(_day(lab) for lab in labs)
    return sorted((lab for lab in labs if _day(lab) == last or _at_some_hour_of(lab, last)), key=lambda lab: lab.id)


def _day(lab: Lab) -> tuple[date, float]:
    assert lab.at is not None  # noqa: S101 - only dated results get here
    return lab.at.last, lab.at.at.timestamp() if lab.at.at is not None else 0.0


def _at_some_hour_of(lab: Lab, last: tuple[date, float]) -> bool:
    """Whether a result of that day has no time of day: it may be the later one."""
    day, moment = _day(lab)
    return day == last[0] and moment == 0.0


def _span(lab: Lab, unit: str) -> Interval | None:
    value = in_unit(lab, unit)
    if value is None or isinstance(value, Interval):
        return value
    return Interval(value, value)


def _missing(kind: str, what: str, reason: Reason) -> Missing:
    return Missing(kind=kind, what=what, reason=reason)
