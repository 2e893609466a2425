"""Steroid given against the limits that somebody states: each limit alone, with who states it, never one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.derive.periods import Done, Moment, Part, Period, Total, closed, first_needed, period_of, total
from levamen.derive.steroid import EPIDURAL, SteroidDose, doses, is_steroid, steroid_total
from levamen.derive.views import seen
from levamen.knowledge.steroids import Limit, Steroids
from levamen.record.facts import Problem, Procedure, Record
from levamen.record.timeline import Interval

LimitStatus = Literal["met", "exceeded", "unknown", "silent"]

_PAIRS = (frozenset({"cervical", "thoracic"}), frozenset({"lumbar", "sacral"}))
_MAYBE_EPIDURAL = frozenset({"selective-nerve-root-block", "epidural-adhesiolysis", "epiduroscopy"})


class LimitAnswer(Struct, frozen=True, kw_only=True):
    """One limit. `numbers` is the comparison alone; `status` is unknown too where it is not known whether it applies.

    `silent`: the source does not speak of this patient. `of` names the region or joint that was counted.
    """

    limit: Limit
    total: Total
    numbers: LimitStatus
    status: LimitStatus
    of: str = ""
    reason: str = ""


def limits(
    record: Record, rows: tuple[Done, ...], moment: Moment, table: Steroids, request: Procedure | None = None
) -> tuple[LimitAnswer, ...]:
    """Every limit over the procedures given; `request`, where it is among them, chooses its own region or joint."""
    held = doses(rows, table)
    return tuple(
        answer for limit in table.limits for answer in _limit(limit, record, rows, held, moment, table, request)
    )


def _limit(
    limit: Limit,
    record: Record,
    rows: tuple[Done, ...],
    held: tuple[SteroidDose, ...],
    moment: Moment,
    table: Steroids,
    request: Procedure | None,
) -> Iterable[LimitAnswer]:
    applies = in_population(record, limit.population, moment)
    period = period_of(limit.window) if limit.window is not None else Period("lifetime")
    match limit.counts:
        case "equivalents":
            found = steroid_total(record, held, period, moment)
            yield _answer(limit, found.equivalents, applies, verified=found.verified)
        case "one-injection":
            if request is not None and is_steroid(request) is not False:
                one = steroid_total(record, doses([Done(request)], table), Period("lifetime"), moment, complete=True)
                yield _answer(limit, one.equivalents, applies, verified=one.verified)
        case "epidurals":
            parts = _counted(rows, None, sessions=False)
            yield _answer(limit, _count(parts, record, period, moment, EPIDURAL), applies)
        case "epidurals-of-region" | "epidural-sessions-of-region":
            for region in _regions(rows, request):
                parts = _counted(rows, region, sessions=limit.counts == "epidural-sessions-of-region")
                counted = _count(parts, record, period, moment, EPIDURAL)
                yield _answer(limit, counted, applies, of=region)
        case "injections-of-joint":
            for joint, side in _joints(rows, request):
                counted = _count(_of_joint(rows, joint, side), record, period, moment, "joint-injection")
                yield _answer(limit, counted, applies, of=f"{side} {joint}" if side else joint)


def _answer(limit: Limit, counted: Total, applies: bool | None, *, of: str = "", verified: bool = True) -> LimitAnswer:
    low, high = counted.value.against(limit.amount)
    numbers: LimitStatus = "exceeded" if low > 0 else "met" if high <= 0 else "unknown"
    status, reason = numbers, ""
    if applies is False:
        status = "silent"
    elif applies is None:
        status, reason = (
            "unknown",
            f"ask whether the patient is {limit.population}: it is not concluded from sex and age",
        )
    elif numbers == "unknown":
        reason = _why_open(counted)
    elif numbers == "met" and (not verified or limit.cites[0].mark == "unverified"):
        status, reason = "unknown", "the value awaits confirmation"
    return LimitAnswer(limit=limit, total=counted, numbers=numbers, status=status, of=of, reason=reason)


def _why_open(counted: Total) -> str:
    if counted.lacking:
        return f"not recorded for {', '.join(counted.lacking)}"
    if not counted.complete:
        return "the record is not declared complete for that time"
    return "tables, dates or what was given leave it open"


def in_population(record: Record, population: str | None, moment: Moment) -> bool | None:
    """Whether a limit speaks of this patient. Being post-menopausal is never concluded from sex and age."""
    if population is None:
        return True
    if population == "post-menopausal" and record.person.sex == "male":
        return False
    known = [
        fact
        for fact in record.facts
        if isinstance(fact, Problem) and fact.concept == population and seen(fact, moment.known)
    ]
    kept = [fact for fact in known if fact.verification not in ("refuted", "entered-in-error")]
    if any(fact.verification != "provisional" and fact.status in (None, "active") for fact in kept):
        return True
    return False if known and not kept else None


def epidural(procedure: Procedure) -> bool | None:
    """Whether a procedure is an epidural steroid injection; None where payers or the record leave it open."""
    holds = is_steroid(procedure)
    if procedure.therapy == EPIDURAL:
        return True if holds else None
    return None if procedure.therapy in _MAYBE_EPIDURAL and holds is not False else False


def same_region(procedure: Procedure, region: str | None) -> bool | None:
    """Whether a procedure is in a spinal region; None where a payer may merge the two, or none is recorded."""
    if region is None or procedure.region == region:
        return True
    if procedure.region is None or any({procedure.region, region} <= pair for pair in _PAIRS):
        return None
    return False


def same_joint(procedure: Procedure, joint: str, side: str | None) -> bool | None:
    """Whether a procedure is at a joint and side; None where a side is not recorded."""
    if procedure.joint != joint:
        return False if procedure.joint is not None else None
    if "both" in (procedure.side, side) or procedure.side == side:
        return True if side is not None else None
    return None if None in (procedure.side, side) else False


def _count(parts: Iterable[Part], record: Record, period: Period, moment: Moment, therapy: str) -> Total:
    complete = closed(record, first_needed(record, period, moment.on), moment, therapy=therapy)
    return total(parts, period, moment.on, complete=complete)


def _counted(rows: Iterable[Done], region: str | None, *, sessions: bool) -> Iterable[Part]:
    """Epidural injections or sessions: a further entry of one day is one session, and perhaps one injection more."""
    found: list[tuple[Done, bool]] = []
    for row in rows:
        is_one, is_there = epidural(row.procedure), same_region(row.procedure, region)
        if is_one is not False and is_there is not False:
            found.append((row, row.certain and bool(is_one) and bool(is_there)))
    days: set[date] = set()
    for row, sure in sorted(found, key=lambda pair: not pair[1]):
        start = row.procedure.start
        again = start is not None and start.exact and start.first in days
        if start is not None and start.exact:
            days.add(start.first)
        if again and sessions:
            continue
        yield Part(row, Interval(Fraction(0 if again or not sure else 1), Fraction(1)))


def _of_joint(rows: Iterable[Done], joint: str, side: str | None) -> Iterable[Part]:
    for row in rows:
        holds = is_steroid(row.procedure)
        there = same_joint(row.procedure, joint, side) if row.procedure.therapy == "joint-injection" else False
        if holds is not False and there is not False:
            yield Part(row, Interval(Fraction(1 if holds and there and row.certain else 0), Fraction(1)))


def _regions(rows: Iterable[Done], request: Procedure | None) -> tuple[str, ...]:
    if request is not None:
        return (request.region,) if epidural(request) is not False and request.region is not None else ()
    found = {row.procedure.region for row in rows if epidural(row.procedure) is not False}
    return tuple(sorted(region for region in found if region is not None))


def _joints(rows: Iterable[Done], request: Procedure | None) -> tuple[tuple[str, str | None], ...]:
    chosen = [request] if request is not None else [row.procedure for row in rows]
    found = {
        (one.joint, one.side)
        for one in chosen
        if one.therapy == "joint-injection" and one.joint is not None and is_steroid(one) is not False
    }
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1] or "")))
