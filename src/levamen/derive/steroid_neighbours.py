"""Vaccines and operations near a planned steroid injection: days between, and who asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from levamen.criteria.truth import Status
from levamen.derive.periods import Done, Moment, answered
from levamen.derive.steroid import SteroidDose, doses
from levamen.derive.steroid_limits import epidural, same_joint, same_region
from levamen.derive.steroid_spacing import IntervalFinding, before, every
from levamen.knowledge.steroids import Steroids, SurgeryRule, VaccineRule
from levamen.record import codes
from levamen.record.facts import Fact, Medication, Procedure, Record, Request, called
from levamen.record.timeline import Duration, When, add_months, after, known_by

_LOOK_BACK_MONTHS = 12
"""Older vaccines are not listed: every rule here is a matter of days. A display choice of ours."""


def told(fact: Fact, record: Record, moment: Moment) -> bool:
    """Whether a fact, perhaps about the future, was known: by when it was recorded, else by its own or the chart's day.

    A plan written without `recorded` was known when the chart was recorded: its own day is still to come. A request
    is what is asked now.
    """
    known = fact.recorded
    if known is None and not isinstance(fact, Request):
        candidates = [when for when in (fact.day, record.recorded or record.as_of) if when is not None]
        known = min(candidates, key=lambda when: when.first) if candidates else None
    return known is None or known_by(known, moment.known)


def vaccines(record: Record, request: Procedure, moment: Moment, table: Steroids) -> Iterable[IntervalFinding]:
    """A finding for each vaccine of the last year or still to come, and one for those nobody asked about."""
    first = add_months(moment.on, -_LOOK_BACK_MONTHS)
    found = [
        fact
        for fact in record.facts
        if isinstance(fact, Medication) and "vaccine" in fact.classes and told(fact, record, moment)
    ]
    found.sort(key=lambda fact: (fact.start.first if fact.start is not None else date.min, fact.id))
    listed = [fact for fact in found if fact.start is None or fact.start.last >= first]
    for fact in listed:
        rule = table.vaccines.get(fact.drug or "")
        if rule is None:
            yield IntervalFinding(
                id=f"vaccine-{fact.id}",
                about=called(fact),
                status="unknown",
                says="no interval found in a source for this vaccine",
                who="no source found",
            )
        elif finding := _vaccine(fact, rule, request, moment):
            yield finding
    asked = answered(record, "recent-vaccine", moment)
    if asked is None or (asked and not listed):
        yield IntervalFinding(
            id="vaccine-asked",
            about="any other vaccine" if listed else "any vaccine",
            status="unknown",
            says="COVID-19 and live vaccines have intervals to steroid injections",
            who="the rules of each vaccine",
            cites=tuple(rule.cites[0] for rule in table.vaccines.values() if not rule.never_delay),
            reason="a vaccine is reported, but not which and when" if asked else "ask: vaccine given or planned",
        )


def _vaccine(fact: Medication, rule: VaccineRule, request: Procedure, moment: Moment) -> IntervalFinding | None:
    start = fact.start
    if rule.never_delay:
        return _told(fact, rule, "met")
    if rule.before_days is None or rule.after_days is None:
        if start is not None and start.last <= moment.on:
            return None
        kept = request.therapy in rule.not_a_contraindication
        return _told(
            fact, rule, "met" if kept else "unknown", reason="" if kept else "the source does not name this site"
        )
    if start is None:
        return _told(fact, rule, "unknown", reason="its day is not recorded")
    if start.first > moment.on:
        other = moment.on + timedelta(days=rule.before_days)
        status = _judge(start.first >= other, start.last >= other)
        if status == "met":
            return _told(fact, rule, status)
        earliest = start.last + timedelta(days=rule.after_days)
        return _told(fact, rule, status, earliest=earliest, other_from=other)
    least = timedelta(days=rule.after_days)
    # A day that may still be to come is judged by both rules.
    sure = start.last <= moment.on and start.last + least <= moment.on
    never = start.last <= moment.on and start.first + least > moment.on
    status = "met" if sure else "not_met" if never else "unknown"
    return _told(fact, rule, status, earliest=None if sure else start.last + least)


def _judge(first: bool, last: bool) -> Status:
    """Whether a limit is kept on the earliest and on the latest day that a partial date can be."""
    return "met" if first and last else "unknown" if first or last else "not_met"


def _told(
    fact: Medication,
    rule: VaccineRule,
    status: Status,
    *,
    earliest: date | None = None,
    other_from: date | None = None,
    reason: str = "",
) -> IntervalFinding:
    return IntervalFinding(
        id=f"vaccine-{fact.id}",
        about=called(fact),
        status=status,
        says=rule.says,
        who=rule.who,
        cites=rule.cites,
        earliest=earliest,
        other_from=other_from,
        reason=reason or ("the day of the vaccine is not recorded exactly" if status == "unknown" else ""),
    )


def operations(
    record: Record, held: Sequence[SteroidDose], request: Procedure, moment: Moment, table: Steroids
) -> Iterable[IntervalFinding]:
    """A finding for each planned operation that a rule speaks of, and one where nobody asked."""
    planned = sorted(_planned(record, request, moment), key=lambda one: one.id)
    for one in planned:
        for rule in table.surgery:
            if rule.therapies and one.therapy not in rule.therapies:
                continue
            concerns = _concerns(rule, request, one)
            if concerns is not False:
                yield _operation(rule, held, request, one, moment, table, sure=concerns is True)
    asked = answered(record, "planned-surgery", moment)
    if not planned and asked is not False:
        yield IntervalFinding(
            id="surgery-asked",
            about="any operation",
            status="unknown",
            says="operations have intervals to steroid injections",
            who="the rules of each operation",
            cites=tuple(rule.cites[0] for rule in table.surgery),
            reason="an operation is planned, but not which and when" if asked else "ask: surgery planned",
        )


def _planned(record: Record, request: Procedure, moment: Moment) -> Iterable[Procedure]:
    for fact in (*record.facts, *record.requests):
        if not isinstance(fact, Procedure) or fact.id == request.id:
            continue
        if codes.entry("therapies", fact.therapy or "").get("kind") != "surgery":
            continue
        if not isinstance(fact, Request) and fact.status != "planned":
            continue
        past = fact.start is not None and fact.start.last < moment.on
        if not past and told(fact, record, moment):
            yield fact


def _concerns(rule: SurgeryRule, request: Procedure, operation: Procedure) -> bool | None:
    match rule.applies_to:
        case "same-joint":
            if request.therapy != "joint-injection" or operation.joint is None:
                return False if request.therapy != "joint-injection" else None
            return same_joint(request, operation.joint, operation.side)
        case "epidural":
            return every(epidural(request), same_region(request, operation.region))
        case "any-steroid":
            return True


def _operation(
    rule: SurgeryRule,
    held: Sequence[SteroidDose],
    request: Procedure,
    operation: Procedure,
    moment: Moment,
    table: Steroids,
    *,
    sure: bool,
) -> IntervalFinding:
    waits = _waits(rule, held, request, moment, table)
    day, reason = operation.start, ""
    status: Status = "unknown"
    if day is None:
        reason = "the day of the operation is not recorded"
    else:
        found = {_kept(day, after(moment.on, wait)) for wait in waits}
        status = "unknown" if "unknown" in found else "ambiguous" if len(found) > 1 else found.pop()
        if status == "unknown":
            reason = "the day of the operation is not recorded exactly"
        if status == "ambiguous" and rule.longer is not None:
            status, reason = "unknown", "the dose, or what was injected before, is not recorded"
    if not sure and status in ("not_met", "ambiguous"):
        status, reason = "unknown", "the side or place is not recorded"
    if status == "ambiguous":
        reason = f"kept for {waits[0]}, not for {waits[-1]}"
    if status == "met" and rule.cites[0].mark == "unverified":
        status, reason = "unknown", "kept, but the value awaits confirmation"
    return IntervalFinding(
        id=rule.id,
        about=called(operation),
        status=status,
        says=rule.says,
        who=rule.who,
        cites=rule.cites,
        other_from=after(moment.on, waits[-1]) if status != "met" else None,
        reason=reason,
    )


def _kept(day: When, first: date) -> Status:
    return _judge(day.first >= first, day.last >= first)


def _waits(
    rule: SurgeryRule, held: Sequence[SteroidDose], request: Procedure, moment: Moment, table: Steroids
) -> tuple[Duration, ...]:
    """The waits that may apply, from short to long: the longer one after a large dose or repeated injections."""
    if rule.longer is None or rule.longer_from_mg is None:
        return rule.wait
    first = before(moment.on, rule.longer)
    repeated = [
        inside if dose.drug is not None and dose.source.certain else None
        for dose in held
        if (inside := _inside(dose.source.procedure.start, first, moment.on)) is not False
    ]
    own = doses([Done(request)], table)
    if True in repeated:
        return (rule.longer,)
    large: list[bool | None] = [None] if any(dose.equivalents is None for dose in own) else []
    for dose in own:
        if dose.equivalents is not None:
            low, high = dose.equivalents.against(rule.longer_from_mg)
            large.append(True if low >= 0 else False if high < 0 else None)
    if True in large:
        return (rule.longer,)
    return (*rule.wait, rule.longer) if None in (*large, *repeated) else rule.wait


def _inside(start: When | None, first: date, on: date) -> bool | None:
    if start is None:
        return None
    if start.last < first or start.first > on:
        return False
    return True if start.first >= first and start.last <= on else None
