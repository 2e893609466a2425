"""What a chart expects against what came out (design 3.3): exact where the contract says so, else a subset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from msgspec import Struct

from levamen.criteria.outcome import Missing
from levamen.derive.views import local_day, zone_of
from levamen.knowledge.registry import Knowledge
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.assess import assess, default_as_of, service_date
from levamen.pathway.expectations_device import device_differences
from levamen.pathway.expectations_flags import flag_differences
from levamen.pathway.expectations_intake import INTAKE_SUBJECTS, intake_differences
from levamen.pathway.expectations_opioids import opioid_differences, opioid_texts
from levamen.pathway.expectations_order import order_differences
from levamen.pathway.expectations_packet import packet_differences
from levamen.pathway.expectations_plan import plan_differences, planned, safety_differences
from levamen.pathway.expectations_response import response_differences
from levamen.pathway.ledger import ledger_got
from levamen.pathway.obligations import Obligation
from levamen.pathway.scores import score_checked
from levamen.record.facts import Record

_OF_NO_POLICY = frozenset({"plan", "safety", "ledger", "mme", "prompt", "score", "responder", "flag", *INTAKE_SUBJECTS})
"""Subjects that are answered without asking a policy."""
_OF_NO_POLICY = INTAKE_SUBJECTS | {
    *(
        "plan",
        "safety",
        "ledger",
        "mme",
        "prompt",
        "score",
        "responder",
        "flag",
        "device",
        "implant",
        "order",
        "packet",
    ),
}
"""Subjects that are answered without a verdict of a policy."""
_NEVER_COMPARED = frozenset({"because", "note", "author", "recorded", "policy", "request"})


class Expected(Protocol):
    """One entry of `expect`: where it stands, and its keys as written."""

    @property
    def where(self) -> str: ...
    @property
    def fields(self) -> dict[str, Any]: ...


class Stated(Protocol):
    """A record together with what its chart expects."""

    @property
    def record(self) -> Record: ...
    @property
    def expectations(self) -> Sequence[Expected]: ...


class Result(Struct, frozen=True, kw_only=True):
    """One expectation checked. `got` is what came out in the words of the expectation; `question` holds the trace."""

    chart: str
    expect: Mapping[str, Any]
    got: Mapping[str, Any]
    differences: tuple[str, ...]
    question: Question | None = None

    @property
    def passed(self) -> bool:
        return not self.differences


def check(stated: Stated, knowledge: Knowledge) -> tuple[Result, ...]:
    """Every expectation of a chart, in its order. Policies that an expectation names are asked whatever the payer."""
    record = stated.record
    as_of = default_as_of(record)
    if as_of is None:
        return tuple(
            _failed(record, entry.fields, "the chart states no as_of and no recorded, so nothing can be assessed")
            for entry in stated.expectations
        )
    named = [str(entry.fields["policy"]) for entry in stated.expectations if "policy" in entry.fields]
    missing = sorted({name for name in named if name not in knowledge.policies})
    assessment = assess(record, knowledge, as_of, also=[name for name in named if name not in missing])
    return tuple(
        _planned(record, entry.fields, assessment.questions, knowledge, as_of)
        if _OF_NO_POLICY & entry.fields.keys()
        else _check(record, entry.fields, assessment.questions, missing)
        for entry in stated.expectations
    )


def _planned(
    record: Record,
    expect: Mapping[str, Any],
    questions: Sequence[Question],
    knowledge: Knowledge,
    as_of: date | datetime,
) -> Result:
    """An expectation of something that no policy decides: a plan, safety, a ledger, a score, a response, a flag …"""
    if "responder" in expect:
        told, differences = response_differences(record, expect, knowledge, as_of)
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if "flag" in expect:
        told, differences = flag_differences(record, expect, as_of)
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if "score" in expect:
        scored, differing = score_checked(record, expect)
        return Result(chart=record.id, expect=expect, got=scored, differences=differing)
    if {"device", "implant"} & expect.keys():
        told, differences = device_differences(record, expect, knowledge, as_of)
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if INTAKE_SUBJECTS & expect.keys():
        told, differences = intake_differences(record, expect, as_of)
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if "order" in expect:
        told, differences = order_differences(record, expect, as_of, tuple(q.request for q in questions))
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if "packet" in expect:
        told, differences = packet_differences(record, expect, knowledge, as_of)
        return Result(chart=record.id, expect=expect, got=told, differences=differences)
    if "ledger" in expect:
        return _ledger(record, expect, as_of)
    if {"mme", "prompt"} & expect.keys():
        opioids, differences = opioid_differences(record, expect, as_of)
        return Result(chart=record.id, expect=expect, got=opioids, differences=differences)
    if "plan" in expect:
        found = planned(record, str(expect["plan"]), knowledge, as_of)
        if isinstance(found, str):
            return _failed(record, expect, found)
        got, differences = plan_differences(expect, found)
        return Result(chart=record.id, expect=expect, got=got, differences=differences)
    asked = [q for q in questions if "request" not in expect or q.id == expect["request"]]
    if len(asked) != 1:
        return _failed(record, expect, _which(expect, questions))
    got, differences = safety_differences(expect, asked[0].plan)
    return Result(chart=record.id, expect=expect, got=got, differences=differences, question=asked[0])


def _ledger(record: Record, expect: Mapping[str, Any], as_of: date | datetime) -> Result:
    """A total of the ledger, on the service date of the chart's only request; of several or none, as of the chart."""
    request = record.requests[0] if len(record.requests) == 1 else None
    day = local_day(as_of, zone_of(record))
    on = service_date(request, day, None) if request is not None else day
    got = ledger_got(record, as_of, on, request, str(expect["ledger"]), expect.get("window"))
    differences = tuple(
        f"{key}: expected {expect[key]}, got {got.get(key, 'nothing')}"
        for key in ("value", "unit", "window")
        if key in expect and got.get(key) != str(expect[key])
    )
    return Result(chart=record.id, expect=expect, got=got, differences=differences)


def _which(expect: Mapping[str, Any], questions: Sequence[Question]) -> str:
    raised = ", ".join(q.id for q in questions) or "no question"
    return f"{expect.get('request', 'one question')}: the chart raises {raised}"


def _check(record: Record, expect: Mapping[str, Any], questions: Sequence[Question], missing: Sequence[str]) -> Result:
    asked = [q for q in questions if "request" not in expect or q.id == expect["request"]]
    if "absent" in expect:
        return _absent(record, expect, asked)
    if not {"policy", "obligation"} & expect.keys():
        return _failed(record, expect, f"this version does not answer `{next(iter(expect))}`")
    if expect.get("policy") in missing:
        return _failed(record, expect, f"the policy {expect['policy']} is not encoded in this version")
    if len(asked) != 1:
        return _failed(record, expect, _which(expect, questions))
    if "obligation" in expect:
        return _obligation(record, expect, asked[0])
    answer = asked[0].under(str(expect["policy"]))
    if answer is None:
        return _failed(record, expect, f"{expect['policy']} was not asked")
    differences = tuple(_differences(expect, answer))
    return Result(chart=record.id, expect=expect, got=_got(answer), differences=differences, question=asked[0])


def _failed(record: Record, expect: Mapping[str, Any], why: str) -> Result:
    return Result(chart=record.id, expect=expect, got={}, differences=(why,))


def _obligation(record: Record, expect: Mapping[str, Any], question: Question) -> Result:
    """One thing to do, by its own id or by its policy's. `what` and `why` are parts of the text, the rest is exact."""
    wanted = str(expect["obligation"])
    named = [duty for duty in question.obligations if wanted in (duty.id, duty.policy)]
    if len(named) != 1:
        have = ", ".join(duty.id for duty in question.obligations) or "none"
        return _failed(record, expect, f"obligation: expected {wanted} once, got {have}")
    duty = named[0]
    told = {"obligation": duty.id, "what": duty.what, "who": duty.who, "due": _iso(duty.due), "why": duty.why}
    got = {key: value for key, value in told.items() if value is not None}
    differences = tuple(_obligation_differences(expect, got, duty))
    return Result(chart=record.id, expect=expect, got=got, differences=differences, question=question)


def _obligation_differences(expect: Mapping[str, Any], got: Mapping[str, Any], duty: Obligation) -> Iterable[str]:
    for key in ("what", "why"):
        if key in expect:
            yield from _subset(key, expect[key], [got[key]])
    for key in ("who", "due"):
        if key in expect and got.get(key) != str(expect[key]):
            yield f"{key}: expected {expect[key]}, got {got.get(key, 'nothing')}"
    if "source" in expect and not any(cite.source == expect["source"] for cite in duty.cites):
        yield f"source: {expect['source']} is not cited"


def _absent(record: Record, expect: Mapping[str, Any], questions: Sequence[Question]) -> Result:
    """A text or id that must not appear in any answer."""
    unwanted = str(expect["absent"])
    texts = [text for question in questions for text in _texts(question)]
    texts += opioid_texts(record)
    found = [text for text in texts if unwanted.lower() in text.lower()]
    return Result(
        chart=record.id,
        expect=expect,
        got={"found": found[:3]},
        differences=tuple(f"'{unwanted}' appears: {text}" for text in found[:3]),
    )


def _texts(question: Question) -> Iterable[str]:
    yield question.headline
    yield question.request.therapy or ""
    yield from question.next_steps
    yield from question.notes
    for duty in question.obligations:
        yield from (duty.id, duty.what, duty.why, *([duty.policy] if duty.policy else []))
    for answer in question.policies:
        yield answer.policy
        yield from (criterion.id for criterion in answer.criteria)
        yield from (missing.what for missing in (*answer.would_refuse, *answer.needed_together))


def _differences(expect: Mapping[str, Any], answer: PolicyAnswer) -> Iterable[str]:
    got = _got(answer)
    for key, wanted in expect.items():
        if key in _NEVER_COMPARED:
            continue
        match key:
            case "verdict":
                allowed = wanted if isinstance(wanted, list) else [wanted]
                if answer.verdict not in allowed:
                    yield f"verdict: expected {' or '.join(allowed)}, got {answer.verdict}"
            case "needs" | "missing" | "would_refuse" | "needed_together":
                yield from _subset(key, wanted, got.get(key, ()))
            case "criteria":
                statuses = {criterion.id: criterion.status for criterion in answer.criteria}
                for id, status in wanted.items():
                    allowed = status if isinstance(status, list) else [status]
                    got_status = statuses.get(id, "no such criterion")
                    if got_status not in allowed:
                        yield f"criterion {id}: expected {' or '.join(allowed)}, got {got_status}"
            case "source":
                if not any(cite.source == wanted for cite in answer.cites):
                    yield f"source: {wanted} is not cited"
            case _:
                if got.get(key) != str(wanted):
                    yield f"{key}: expected {wanted}, got {got.get(key, 'nothing')}"


def _subset(key: str, wanted: object, got: object) -> Iterable[str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    have = list(got) if isinstance(got, Iterable) else []
    for name in names:
        if not any(str(name) == item or (key != "needs" and str(name).lower() in item.lower()) for item in have):
            yield f"{key}: expected {name}, got {', '.join(have) or 'nothing'}"


def _got(answer: PolicyAnswer) -> dict[str, Any]:
    """The answer in the words of an expectation; absent keys are absent."""
    found: dict[str, Any] = {
        "policy": answer.policy,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "stance": answer.stance,
        "strength": answer.strength,
        "mark": answer.mark,
        "contractor": answer.contractor,
        "document": answer.document,
        "version": answer.version,
        "earliest": _iso(answer.earliest),
        "safest": _iso(answer.safest),
        "needs": [name for item in answer.needs for name in dict.fromkeys((item.need.what, item.need.therapy)) if name],
        "missing": [_named(missing) for criterion in answer.criteria for missing in criterion.missing],
        "would_refuse": [_named(missing) for missing in answer.would_refuse],
        "needed_together": [_named(missing) for missing in answer.needed_together],
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _named(missing: Missing) -> str:
    """What is missing, with the section and the id of the fact, so that an expectation may name any of them."""
    return f"{missing.what} ({' '.join(part for part in (missing.kind, missing.fact) if part)})"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
