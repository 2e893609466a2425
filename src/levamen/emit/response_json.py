"""JSON of the response of a record: absent never null, the same input gives the same bytes.

Per cent and points are spans `{low, high, text}`, decimals of at most four places, `low` rounded down and `high` up.
"""

from __future__ import annotations

from collections.abc import Sequence

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.emit.json_values import (
    Json,
    as_line,
    cites,
    decimal,
    interval,
    iso,
    many,
    read_of,
    statement,
    without_empty,
)
from levamen.outcomes.answer import Answer, Finding, percent
from levamen.outcomes.diagnostic_block import BlockResult
from levamen.outcomes.expected import ExpectedAnswer
from levamen.outcomes.failed import Failures
from levamen.outcomes.function_change import InstrumentChange
from levamen.outcomes.measured import Measured, best, last
from levamen.outcomes.opioid_change import OpioidChange
from levamen.outcomes.relief_time import End, HeldRelief
from levamen.outcomes.responder import VisitResult
from levamen.pathway.obligations import Obligation
from levamen.pathway.relief_rules import ReliefRule
from levamen.pathway.response import ProcedureResponse, Response
from levamen.record.timeline import Interval

ONE = "levamen.response/1"
MANY = "levamen.responses/1"


def encode(found: Response, reading: Reading) -> bytes:
    """One record's response as one line of JSON."""
    return as_line(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return many(MANY, "responses", encoded)


def document(found: Response, reading: Reading) -> Json:
    """The response as plain data, in the order of the published schema."""
    return without_empty(
        {
            "format": ONE,
            "engine": __version__,
            "checked": found.checked.isoformat(),
            "as_of": found.moment,
            "patient": found.record.id,
            "import": read_of(reading.balance),
            "failed": _failed(found.failures),
            "procedures": [_procedure(one) for one in found.procedures],
            "statements": [statement(row.says) for row in found.statements],
            "notes": list(found.notes),
        }
    )


def _failed(found: Failures) -> Json:
    return {
        "level": found.level.number,
        "counts": [
            without_empty(
                {
                    "region": count.region,
                    "low": count.low,
                    "high": count.high,
                    "failed": list(count.failed),
                    "open": list(count.open),
                }
            )
            for count in found.counts
        ],
        "tried": [
            without_empty(
                {
                    "procedure": one.procedure.id,
                    "therapy": one.procedure.therapy,
                    "date": str(one.procedure.start) if one.procedure.start is not None else None,
                    "role": one.role,
                    "sure": one.sure,
                    "best": _percent(one.best),
                    "helped": one.helped,
                }
            )
            for one in found.tried
        ],
    }


def _procedure(one: ProcedureResponse) -> Json:
    treated = one.role != "test"
    return without_empty(
        {
            "id": one.procedure.id,
            "therapy": one.procedure.therapy,
            "date": str(one.procedure.start) if one.procedure.start is not None else None,
            "role": one.role,
            "sure": one.sure,
            "best": _percent(best(one.rows)),
            "last": _percent(last(one.rows)),
            "rows": [_row(row) for row in one.rows],
            "levels": [_answer(answer) for answer in one.levels],
            "policies": [_rule(rule) for rule in one.rules],
            "block": _block(one.block) if one.block is not None else None,
            "held": [_held(relief) for relief in one.held],
            "ends": [_end(end) for end in one.watch],
            "expected": [_expected(row) for row in one.expected],
            "visits": [_visit(result) for result in one.visits],
            "events": [
                without_empty(
                    {
                        "id": event.id,
                        "kind": event.kind,
                        "date": str(event.date) if event.date is not None else None,
                        "severity": event.severity,
                    }
                )
                for event in one.harms
            ],
            "events_complete": one.harms_asked if treated else None,
            "rehabilitation": _answer(one.rehabilitation.answer) if one.rehabilitation is not None else None,
            "device": without_empty(
                {
                    "loss": _answer(one.device.answer),
                    "since": iso(one.device.since),
                    "check": [statement(row) for row in one.device.check],
                }
            )
            if one.device is not None
            else None,
            "low_baseline": decimal(one.low_baseline, up=False) if one.low_baseline is not None else None,
            "obligations": [_duty(duty) for duty in one.obligations],
            "next_steps": list(one.next_steps),
            "notes": list(one.notes),
        }
    )


def _percent(value: Interval | None) -> Json | None:
    """A span of per cent, with the text that is cut off and never rounded up to a threshold."""
    found = interval(value)
    return {**found, "text": percent(value)} if found is not None else None


def _row(row: Measured) -> Json:
    return without_empty(
        {
            "at": str(row.sample.when),
            "from": row.origin,
            "scale": row.scale,
            "before": interval(row.before),
            "after": interval(row.after),
            "percent": _percent(row.sample.gain) if not row.blank else None,
        }
    )


def _value(answer: Answer) -> Json | None:
    """Relief is in per cent; a rating is as it was given."""
    return _percent(answer.value) if answer.id.startswith("relief-") else interval(answer.value)


def _answer(answer: Answer) -> Json:
    return without_empty(
        {
            "id": answer.id,
            "answer": answer.word,
            "reason": answer.reason,
            "value": _value(answer),
            "read": list(answer.read),
            "cites": cites(answer.cites),
        }
    )


def _finding(row: Finding) -> Json:
    return {"id": row.id, "reason": row.reason, "says": row.says, "cites": cites(row.cites)}


def _rule(rule: ReliefRule) -> Json:
    return without_empty(
        {
            "policy": rule.policy,
            "title": rule.title,
            "status": rule.status,
            "reason": rule.reason,
            "earliest": iso(rule.earliest),
            "asked": list(rule.asked),
            "judged": list(rule.judged),
            "mark": rule.mark,
            "cites": cites(dict.fromkeys(limit.cite for limit in rule.limits)),
        }
    )


def _block(found: BlockResult) -> Json:
    return without_empty(
        {
            "levels": [
                without_empty(
                    {
                        "level": at.level.number,
                        "hours": interval(at.hours),
                        "anesthetic": at.concordance.fits,
                        "reason": at.concordance.reason,
                    }
                )
                for at in found.levels
            ],
            "area": decimal(found.area, up=False) if found.area is not None else None,
            "gaps": [{"from": decimal(gap.first, up=False), "to": decimal(gap.last, up=True)} for gap in found.gaps],
            "findings": [_finding(row) for row in found.findings],
        }
    )


def _held(relief: HeldRelief) -> Json:
    lost = relief.lost_from is not None and relief.lost_to is not None
    return without_empty(
        {
            "level": relief.level,
            "state": relief.state,
            "held_until": relief.held_until.isoformat(),
            "lost": [iso(relief.lost_from), iso(relief.lost_to)] if lost else None,
            "stated": relief.stated,
            "conflict": relief.conflict,
            "length": str(relief.lapse) if relief.state != "not measured" else None,
            "end": _end(relief.end) if relief.end is not None else None,
            "read": list(relief.read),
        }
    )


def _end(end: End) -> Json:
    return without_empty({"kind": end.kind, "day": str(end.day), "id": end.id, "sure": end.sure})


def _expected(answer: ExpectedAnswer) -> Json:
    row = answer.row
    return without_empty(
        {
            "id": row.says.id,
            "says": row.says.says,
            "low": str(row.low) if row.low is not None else None,
            "high": str(row.high) if row.high is not None else None,
            "denominator": row.denominator,
            "comparator": row.comparator,
            "seen": answer.compared,
            "cites": cites(row.says.cites),
        }
    )


def _visit(result: VisitResult) -> Json:
    visit = result.visit
    return without_empty(
        {
            "id": visit.visit.id,
            "due": visit.due.isoformat(),
            "first": visit.first.isoformat(),
            "last": visit.last.isoformat(),
            "state": visit.state,
            "pain": _percent(result.pain),
            "levels": [_answer(answer) for answer in result.levels],
            "function": [_change(change) for change in result.function],
            "opioids": _opioids(result.opioid) if result.opioid is not None else None,
            "criteria": [_answer(answer) for answer in result.criteria],
            "composite": [_answer(answer) for answer in result.composite],
            "cites": cites(visit.visit.says.cites),
        }
    )


def _change(change: InstrumentChange) -> Json:
    return without_empty(
        {
            "instrument": change.instrument,
            "before": interval(change.before),
            "after": interval(change.after),
            "points": interval(change.points),
            "percent": _percent(change.percent),
            "important": [
                {
                    "says": answer.change.says,
                    "population": answer.change.population,
                    "answer": answer.word,
                    "cites": cites(answer.change.cites),
                }
                for answer in change.answers
            ],
            "reason": change.reason,
            "read": list(change.read),
        }
    )


def _opioids(change: OpioidChange) -> Json:
    return without_empty(
        {
            "before": interval(change.before.value),
            "at_visit": interval(change.after.value),
            "less": decimal(change.less, up=False) if change.less is not None else None,
            "halved": change.halved,
            "reason": change.reason,
        }
    )


def _duty(duty: Obligation) -> Json:
    return without_empty(
        {
            "id": duty.id,
            "what": duty.what,
            "who": duty.who,
            "due": iso(duty.due),
            "why": duty.why,
            "cites": cites(duty.cites),
        }
    )
