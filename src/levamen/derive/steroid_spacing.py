"""Time between a planned steroid injection and steroid given before.

A finding says whether one interval is kept, from which day it would be, and who asks for it. What is not recorded is
unknown, never kept; an interval that awaits confirmation can be broken but is not said to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.criteria.truth import Status
from levamen.derive.periods import Done, Moment, answered, closed
from levamen.derive.steroid import SteroidDose, courses
from levamen.derive.steroid_limits import epidural, same_joint, same_region
from levamen.knowledge.steroids import Spacing, Steroids
from levamen.record.facts import Medication, Procedure, Record, called
from levamen.record.timeline import Duration, add_months, after

_DAY = timedelta(days=1)
_NOW = Duration(Decimal(0), "days")
"""A review of medicines speaks of the day on which it was made: it must reach the day of what is known."""


class IntervalFinding(Struct, frozen=True, kw_only=True):
    """One interval of a request with steroid. `about`: what it is measured from or to.

    `earliest`: first service date on which the interval is kept. `other_from`: first day for the vaccine or operation
    if the injection goes ahead on its date. Either is absent where no day can be said.
    """

    id: str
    about: str
    status: Status
    says: str
    who: str
    cites: tuple[Cite, ...] = ()
    earliest: date | None = None
    other_from: date | None = None
    reason: str = ""
    coverage: bool = False


def spacing(
    record: Record, held: tuple[SteroidDose, ...], request: Procedure, moment: Moment, table: Steroids
) -> Iterable[IntervalFinding]:
    """Every interval since an earlier steroid that concerns the request."""
    for rule in table.spacing:
        if not _concerns(rule, request):
            continue
        strict = rule.after == "any-steroid"
        wait = rule.wait[-1]
        late: list[tuple[Done, date | None]] = []
        open_: list[tuple[Done, date | None]] = []
        for dose in held:
            same = _matches(rule, dose, request)
            start = dose.source.procedure.start
            if same is False:
                continue
            if start is None:
                open_.append((dose.source, None))
                continue
            first, last = after(start.first, wait), after(start.last, wait)
            if strict:
                first, last = first + _DAY, last + _DAY
            if last <= moment.on:
                continue
            sure = same and dose.source.certain and first > moment.on
            (late if sure else open_).append((dose.source, last))
        systemic = list(_recent_courses(record, moment, wait)) if strict else []
        yield _spaced(rule, record, request, moment, late, open_, systemic)


def _spaced(
    rule: Spacing,
    record: Record,
    request: Procedure,
    moment: Moment,
    late: Sequence[tuple[Done, date | None]],
    open_: Sequence[tuple[Done, date | None]],
    systemic: Sequence[tuple[str, date | None, bool]],
) -> IntervalFinding:
    unverified = rule.cites[0].mark == "unverified"
    sure_courses = [row for row in systemic if row[2]]
    status: Status = "met"
    reason, about, days = "", "", [day for _, day in (*late, *open_)] + [day for _, day, _ in systemic]
    if late or sure_courses:
        status = "not_met"
        about = ", ".join([called(row.procedure) for row, _ in late] + [name for name, _, _ in sure_courses])
    elif open_ or systemic:
        status = "unknown"
        about = ", ".join([called(row.procedure) for row, _ in open_] + [name for name, _, _ in systemic])
        reason = "its day, place or content is not recorded"
    elif lacking := _not_closed(rule, record, moment):
        status, reason = "unknown", lacking
    elif unverified:
        status, reason = "unknown", "kept, but the value awaits confirmation"
    known = [day for day in days if day is not None]
    return IntervalFinding(
        id=rule.id,
        about=about or _place(rule, request),
        status=status,
        says=rule.says,
        who=rule.who,
        cites=rule.cites,
        earliest=max(known) if known and len(known) == len(days) else None,
        reason=reason,
        coverage=rule.coverage,
    )


def _not_closed(rule: Spacing, record: Record, moment: Moment) -> str:
    """What keeps the record from holding every earlier steroid, in words; empty where nothing does."""
    first = before(moment.on, rule.wait[-1])
    therapy = {"any-steroid": None, "same-joint": "joint-injection"}.get(rule.after, "epidural-steroid-injection")
    elsewhere = answered(record, "recent-steroids", moment)
    if elsewhere is not False and not closed(record, first, moment, therapy=therapy):
        return f"whether the record holds every injection since {first.isoformat()}"
    if rule.after != "any-steroid":
        return ""
    reviewed = any(
        entry.kind == "medications" and entry.scope == "patient" and entry.closes_present(moment.as_of, _NOW)
        for entry in record.completeness
    )
    named = all(fact.drug is not None for fact in record.facts if isinstance(fact, Medication))
    return "" if reviewed and named else "whether steroid is or was taken as a medicine"


def before(on: date, wait: Duration) -> date:
    """The earliest day that a wait ending on `on` can have begun."""
    if wait.unit in ("months", "years"):
        return add_months(on, -int(wait.amount) * (12 if wait.unit == "years" else 1))
    return on - (after(on, wait) - on)


def _recent_courses(record: Record, moment: Moment, wait: Duration) -> Iterable[tuple[str, date | None, bool]]:
    """Steroid medicines of the last days: name, first day after the wait, and whether they surely fall in it."""
    for course in courses(record, moment):
        fact = course.medication
        end = fact.end
        if end is None:
            yield called(fact), None, fact.start is not None and fact.start.last <= moment.on
            continue
        last = after(end.last, wait) + _DAY
        if last > moment.on:
            yield called(fact), last, after(end.first, wait) + _DAY > moment.on


def _concerns(rule: Spacing, request: Procedure) -> bool:
    if rule.after == "any-steroid":
        return True
    if rule.after == "same-joint":
        return request.therapy == "joint-injection" and request.joint is not None
    return epidural(request) is not False


def _matches(rule: Spacing, dose: SteroidDose, request: Procedure) -> bool | None:
    """Whether an earlier steroid is one that the rule counts from; None where the record leaves it open."""
    earlier = dose.source.procedure
    held = True if dose.drug is not None else None
    match rule.after:
        case "any-steroid":
            return held
        case "same-joint":
            here = same_joint(earlier, request.joint or "", request.side)
            return every(held, here if earlier.therapy == "joint-injection" else False)
        case "epidural-of-region":
            return every(held, epidural(earlier), same_region(earlier, request.region))
        case "particulate-epidural":
            return every(epidural(earlier), dose.particulate if dose.drug is not None else None)
        case "epidural-triamcinolone":
            triamcinolone = dose.drug == "triamcinolone" if dose.drug is not None else None
            return every(epidural(earlier), triamcinolone, _at_least(dose, rule))


def _at_least(dose: SteroidDose, rule: Spacing) -> bool | None:
    if rule.from_mg is None:
        return True
    if dose.milligrams is None:
        return None
    low, high = dose.milligrams.against(rule.from_mg)
    return True if low >= 0 else False if high < 0 else None


def every(*parts: bool | None) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _place(rule: Spacing, request: Procedure) -> str:
    if rule.after == "same-joint":
        return f"{request.side + ' ' if request.side else ''}{request.joint}"
    return request.region or "" if rule.after == "epidural-of-region" else ""
