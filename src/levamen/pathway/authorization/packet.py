"""The authorization packet: each criterion ticked, crossed or open with the chart's own evidence. A draft, never sent.

A person reads it, mends it and sends it. It orders nothing, and it does not say what the payer will answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Facts, walk
from levamen.criteria.outcome import Missing
from levamen.criteria.situation import Situation
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.duties import Duty, packaged_duties
from levamen.knowledge.model import Policy, PolicyDocument
from levamen.knowledge.registry import Knowledge
from levamen.pathway.answers import CriterionAnswer, PolicyAnswer
from levamen.pathway.assess import governing, service_date
from levamen.pathway.authorization import asks
from levamen.pathway.authorization.asks import Ask
from levamen.pathway.authorization.evidence import Evidence, declaration, evidence, evidence_of
from levamen.pathway.authorization.need import AuthorizationNeed, authorization_need
from levamen.pathway.authorization.validity import Expiry, expiries, holds_until
from levamen.pathway.judge import documents_of, judge
from levamen.record import codes
from levamen.record.facts import Course, Document, Evaluation, Finding, Payer, Procedure, Record, Request
from levamen.text.tree import UnusableInput

Sign = Literal["ticked", "crossed", "open", "two_readings", "this_request"]
State = Literal["complete", "expiring", "two_readings", "missing", "not_met"]
_AUTHORIZATION = "authorization"
_NOT_FOR_THE_PAYER = frozenset(
    {_AUTHORIZATION, "consent", "prescriber-agreement", "periprocedural-plan", "opioid-agreement"}
)
"""Kinds of documents that say nothing on whether the service is covered."""
_IMAGING = frozenset({"mri", "ct", "xray", "emg", "ultrasound", "report"})


class CriterionLine(Struct, frozen=True, kw_only=True):
    """One criterion of the policy as the chart answers it.

    ticked: as it should be; crossed: it stands in the way; open: not known; two_readings: the text allows both;
    this_request: the policy asks for the very authorization that this packet is for. `declared` are statements of
    completeness on which an absence may rest. `until` is the last service date at which it stays ticked by time alone.
    """

    answer: CriterionAnswer
    sign: Sign
    evidence: tuple[Evidence, ...] = ()
    declared: tuple[Evidence, ...] = ()
    until: date | None = None
    expires: tuple[Expiry, ...] = ()

    @property
    def name(self) -> str:
        """Its id as words."""
        return self.answer.id.replace("-", " ")


class PolicyPart(Struct, frozen=True, kw_only=True):
    """One policy of the payer: its answer, the contractor's documents in their order of precedence, its criteria."""

    answer: PolicyAnswer
    documents: tuple[PolicyDocument, ...]
    start: str | None
    until: str | None
    checked: date
    recheck_by: date
    lines: tuple[CriterionLine, ...]


class Attachment(Struct, frozen=True, kw_only=True):
    """What to send along. `on_file`: the document is in the chart; otherwise only an entry speaks of it."""

    fact: str
    what: str
    on_file: bool
    serves: tuple[str, ...] = ()
    evidence: Evidence


class Packet(Struct, frozen=True, kw_only=True):
    """The packet for one request.

    `state` is the gravest that holds: not_met, missing, two_readings, expiring, complete; `missing`, `crossed` and
    `two_readings` name what stands behind it. `expires` is the last day on which everything ticked is still fresh,
    where that is before the service date. `valid_until` is the last service date that time alone allows. `silent` are
    policies of the payer that do not speak of this request, `on_file` authorizations that the chart already has.
    `numbers` are those (CPT, HCPCS) the clinic will bill with, as it stated them.
    """

    record: Record
    request: Request
    on: date
    as_of: date
    moment: str
    payer: Payer
    need: AuthorizationNeed
    parts: tuple[PolicyPart, ...]
    silent: tuple[PolicyAnswer, ...]
    asks: tuple[Ask, ...]
    attachments: tuple[Attachment, ...]
    on_file: tuple[Evidence, ...]
    state: State
    missing: tuple[str, ...]
    crossed: tuple[str, ...]
    two_readings: tuple[str, ...]
    expires: date | None
    valid_until: date | None
    numbers: tuple[str, ...]
    knowledge: str
    knowledge_date: date


def packet(
    record: Record,
    request: Request,
    knowledge: Knowledge,
    as_of: date | datetime,
    *,
    on: date | None = None,
    policies: Sequence[str] = (),
    numbers: Sequence[str] = (),
    duties: Iterable[Duty] | None = None,
) -> Packet:
    """The packet for a request, as known as of a moment, for the service date `on` (absent: the request's own).

    `policies` are ids; absent, those of the patient's payer on that date. `numbers`: what it will be billed with.
    Raises UnusableInput where the patient has died.
    """
    day = local_day(as_of, zone_of(record))
    if record.person.died is not None and record.person.died.first <= day:
        raise UnusableInput(f"{record.id}: the patient has died, so no authorization is asked for")
    served = service_date(request, day, on)
    seen = situation(record, request, as_of, served)
    chosen = [knowledge.policies[id] for id in policies] or list(governing(knowledge, seen.payer, request, served))
    judged = [(policy, _governed(policy, seen)) for policy in chosen]
    parts = tuple(
        _part(policy, answer, record, seen) for policy, answer in judged if answer.verdict not in ("silent", "informs")
    )
    need = authorization_need(
        packaged_duties() if duties is None else duties,
        request,
        seen.payer,
        served,
        numbers=numbers,
        asked_by=[part.answer.title for part in parts if any(line.sign == "this_request" for line in part.lines)],
    )
    documents = [row.fact for row in seen.views["documents"] if row.fact.request in (None, request.id)]
    lines = [line for part in parts for line in part.lines]
    missing = _missing(parts, need)
    crossed = _named(lines, "crossed")
    readings = _named(lines, "two_readings")
    ends = [expiry.last for line in lines for expiry in line.expires]
    ticked = [line.until for line in lines if line.sign == "ticked" and line.until is not None]
    return Packet(
        record=record,
        request=request,
        on=served,
        as_of=day,
        moment=as_of.isoformat(),
        payer=seen.payer,
        need=need,
        parts=parts,
        silent=tuple(answer for _, answer in judged if answer.verdict in ("silent", "informs")),
        asks=_asks(parts, need),
        attachments=_attachments(record, lines, documents),
        on_file=tuple(evidence(row) for row in documents if row.kind == _AUTHORIZATION),
        state=_state(lines, missing, readings, ends),
        missing=missing,
        crossed=crossed,
        two_readings=readings,
        expires=min(ends, default=None),
        valid_until=min(ticked, default=None) if parts and not (missing or crossed or readings) else None,
        numbers=tuple(numbers),
        knowledge=knowledge.hash,
        knowledge_date=knowledge.date,
    )


def _governed(policy: Policy, seen: Situation) -> PolicyAnswer:
    return replace(judge(policy, seen), governing=seen.payer.kind in policy.payer_kinds)


def _part(policy: Policy, answer: PolicyAnswer, record: Record, seen: Situation) -> PolicyPart:
    return PolicyPart(
        answer=answer,
        documents=documents_of(policy, answer.contractor),
        start=str(policy.start) if policy.start is not None else None,
        until=str(policy.until) if policy.until is not None else None,
        checked=policy.checked,
        recheck_by=policy.recheck_by,
        lines=tuple(_line(criterion, record, seen) for criterion in answer.criteria),
    )


def _line(answer: CriterionAnswer, record: Record, seen: Situation) -> CriterionLine:
    sign = _sign(answer)
    return CriterionLine(
        answer=answer,
        sign=sign,
        evidence=evidence_of(record, answer.outcome.all_read()),
        declared=tuple(_declared(answer, seen)),
        until=holds_until(answer, seen) if sign == "ticked" else None,
        expires=expiries(answer, seen) if sign != "this_request" else (),
    )


def _sign(answer: CriterionAnswer) -> Sign:
    if any(need.what == _AUTHORIZATION for need in answer.criterion.needs) and answer.status != "met":
        return "this_request"
    if answer.failing:
        return "crossed"
    if answer.status == "unknown":
        return "open"
    return "two_readings" if answer.status == "ambiguous" else "ticked"


def _declared(answer: CriterionAnswer, seen: Situation) -> Iterator[Evidence]:
    """The statements of completeness for the kinds of facts that the criterion looks for."""
    kinds = {seen.closing.get(part.kind, part.kind) for part in walk(answer.criterion.says) if isinstance(part, Facts)}
    kinds |= {part.question for part in walk(answer.criterion.says) if hasattr(part, "question")}
    for entry in seen.completeness:
        if entry.kind in kinds and entry.scope == "patient":
            yield declaration(entry)


def _named(lines: Iterable[CriterionLine], sign: Sign) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.name for line in lines if line.sign == sign))


def _missing(parts: Sequence[PolicyPart], need: AuthorizationNeed) -> tuple[str, ...]:
    """The names of what is not known: open criteria, what a verdict needs besides, the policy itself, the programs."""
    found: dict[str, None] = {}
    if not parts:
        found["the payer's policy on this therapy"] = None
    for part in parts:
        found.update(dict.fromkeys(line.name for line in part.lines if line.sign == "open"))
        found.update(dict.fromkeys(row.what for row in _beside(part)))
    found.update(dict.fromkeys(f"whether {point}" for point in need.open_points))
    return tuple(found)


def _beside(part: PolicyPart) -> Iterator[Missing]:
    """What would settle the policy and belongs to none of its criteria: the birth date, the purpose, the contractor."""
    inside = {row for line in part.lines for row in line.answer.missing}
    for row in (*part.answer.needed_together, *part.answer.would_refuse):
        if row not in inside:
            yield row


def _state(
    lines: Iterable[CriterionLine], missing: Sequence[str], readings: Sequence[str], ends: Sequence[date]
) -> State:
    """The gravest that holds. What fails only because evidence runs out by the service date is expiring, not unmet."""
    if any(line.sign == "crossed" and not line.expires for line in lines):
        return "not_met"
    if missing:
        return "missing"
    if readings:
        return "two_readings"
    return "expiring" if ends else "complete"


# ---- what to ask


def _asks(parts: Sequence[PolicyPart], need: AuthorizationNeed) -> tuple[Ask, ...]:
    """Everything to ask or to obtain, each once: what could refuse first, then what settles, then the rest."""
    found: dict[tuple[str, str], Ask] = {}
    for ask in (*_of_payer(need), *(row for part in parts for row in _of_policy(part))):
        key = (ask.kind, ask.what)
        held = found.get(key)
        found[key] = ask if held is None else _joined(held, ask)
    if not parts:
        found["fact", "policy"] = Ask(
            kind="fact", what="which policy of the payer applies to this therapy", who="the payer"
        )
    return tuple(sorted(found.values(), key=lambda ask: (not ask.could_refuse, not ask.settles)))


def _joined(one: Ask, other: Ask) -> Ask:
    return replace(
        one,
        serves=tuple(dict.fromkeys((*one.serves, *other.serves))),
        could_refuse=one.could_refuse or other.could_refuse,
        settles=one.settles or other.settles,
        unless_done=one.unless_done and other.unless_done,
    )


def _of_payer(need: AuthorizationNeed) -> Iterator[Ask]:
    serves = ("whether authorization is needed",)
    for point in need.open_points:
        of_payer = point.startswith(("the payer", "the state"))
        yield Ask(
            kind="fact", what=f"whether {point}", who=asks.who_knows("payer" if of_payer else "request"), serves=serves
        )
    if need.needed == "unknown" and not need.open_points:
        yield Ask(
            kind="fact", what="whether authorization is needed before this service", who="the payer", serves=serves
        )


def _of_policy(part: PolicyPart) -> Iterator[Ask]:
    refuse, settles = set(part.answer.would_refuse), set(part.answer.needed_together)
    for row in _beside(part):
        yield asks.question(_titled(row), (), could_refuse=row in refuse, settles=row in settles)
    possible = {item.need.what: item.possible_from for item in part.answer.needs}
    for line in part.lines:
        if line.sign == "open":
            for row in line.answer.missing:
                yield asks.question(_titled(row), (line.name,), could_refuse=row in refuse, settles=row in settles)
        if line.sign == "open" or (line.sign == "crossed" and line.answer.remedy == "action"):
            for wanted in line.answer.criterion.needs:
                yield Ask(
                    kind="need",
                    what=codes.title(wanted.what),
                    who=asks.who_knows(wanted.kind, codes.title(wanted.what)),
                    serves=(line.name,),
                    unless_done=line.sign == "open",
                    possible_from=possible.get(wanted.what),
                )
        for expiry in line.expires:
            yield Ask(
                kind="renew", what=expiry.what, who=asks.ASKER, serves=(line.name,), fact=expiry.fact, by=expiry.last
            )


def _titled(row: Missing) -> Missing:
    """A question asked by its id, in words."""
    return replace(row, what=codes.title(row.what)) if row.kind == "question" else row


# ---- what to send along


def _attachments(
    record: Record, lines: Sequence[CriterionLine], documents: Sequence[Document]
) -> tuple[Attachment, ...]:
    """The documents of the chart, then the notes and reports of what was read, where the chart has only the entry."""
    serves: dict[str, list[str]] = {}
    for line in lines:
        for row in line.evidence:
            serves.setdefault(row.fact, []).append(line.name)
    held = {fact.id: fact for fact in record.facts}
    imaged = {row.date: row.id for row in documents if row.kind == "imaging-report" and row.date is not None}
    found: list[Attachment] = []
    for id, names in list(serves.items()):
        fact = held.get(id)
        if isinstance(fact, Finding) and fact.date in imaged:
            serves.setdefault(imaged[fact.date], []).extend(names)
        elif (what := _note_of(fact)) is not None and fact is not None:
            found.append(Attachment(fact=id, what=what, on_file=False, serves=_once(names), evidence=evidence(fact)))
    on_file = [
        Attachment(
            fact=row.id, what=codes.label("documents", row.kind), on_file=True, serves=_once(serves.get(row.id, ())),
            evidence=evidence(row),
        )
        for row in documents
        if row.kind is not None and row.kind not in _NOT_FOR_THE_PAYER
    ]  # fmt: skip
    return (*on_file, *found)


def _once(names: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _note_of(fact: object) -> str | None:
    """What is sent for a fact of the chart; nothing for what the packet itself says in full."""
    match fact:
        case Procedure():
            return "procedure note"
        case Evaluation(kind="judgement"):
            return None
        case Evaluation():
            return "evaluation report"
        case Course():
            return "notes of the course of care"
        case Finding(method=str(method)) if method in _IMAGING:
            return "imaging or test report"
    return None
