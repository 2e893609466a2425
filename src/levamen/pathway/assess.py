"""A record assessed: each question under every policy that speaks to this patient, or that was named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from levamen.criteria.situation import Situation
from levamen.derive.periods import PERIODS, Done, Moment, Total, number
from levamen.derive.steroid import doses, steroid_total
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.duties import packaged_duties
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import Knowledge
from levamen.knowledge.steroids import packaged_steroids
from levamen.pathway.answers import Assessment, PolicyAnswer, Question
from levamen.pathway.block_notes import negative_blocks
from levamen.pathway.flag_answers import FlagReview
from levamen.pathway.flag_stops import flag_duties, flag_notes
from levamen.pathway.flags import review_flags
from levamen.pathway.headline import headline, next_steps, target_words
from levamen.pathway.judge import ADULT_YEARS, judge
from levamen.pathway.obligations import obligations
from levamen.pathway.order_of_care import place
from levamen.pathway.periprocedural.plan import build
from levamen.pathway.raise_questions import raised
from levamen.record import codes
from levamen.record.facts import Payer, Record, Request
from levamen.record.timeline import add_months

_US_PAYERS = frozenset({"medicare", "medicare-advantage", "medicaid", "workers-compensation", "veterans"})


def assess(
    record: Record,
    knowledge: Knowledge,
    as_of: date | datetime,
    *,
    on: date | None = None,
    requests: Sequence[Request] | None = None,
    only: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Assessment:
    """Every question answered as of a day, or as of an instant (what was recorded later is not seen).

    `on` is the service date of every question (absent: the start of each request, else `as_of`). `requests` replaces
    those of the chart; where there are none, the record raises its own. `only` limits the policies, `also` names more:
    naming a policy asks it whatever country or payer it is of.
    """
    day = local_day(as_of, zone_of(record))
    asked = tuple(record.requests if requests is None else requests)
    dead = record.person.died is not None and record.person.died.first <= day
    child = record.person.birth_date is not None and add_months(record.person.birth_date.first, ADULT_YEARS * 12) > day
    subjects = () if dead else asked or (() if child else raised(record, as_of))
    held = record if requests is None else replace(record, requests=asked)
    review = review_flags(record, as_of)
    questions = tuple(
        _question(held, request, knowledge, as_of, on, bool(asked), only, also, review) for request in subjects
    )
    notes = () if dead else flag_notes(review)
    if dead:
        notes = ("The patient has died: nothing is asked.",)
    elif child and not asked:
        notes = ("The patient is not an adult: nothing is asked.", *notes)
    return Assessment(
        record=record,
        as_of=day,
        moment=as_of.isoformat(),
        knowledge=knowledge.hash,
        knowledge_date=knowledge.date,
        questions=questions,
        notes=notes,
        flags=review if not dead else None,
    )


def service_date(request: Request, as_of: date, on: date | None) -> date:
    """The date asked for, else the request's own start, else the day of what is known."""
    if on is not None:
        return on
    return request.start.first if request.start is not None else as_of


def _question(
    record: Record,
    request: Request,
    knowledge: Knowledge,
    as_of: date | datetime,
    on: date | None,
    asked: bool,
    only: Sequence[str],
    also: Sequence[str],
    review: FlagReview,
) -> Question:
    day = service_date(request, local_day(as_of, zone_of(record)), on)
    seen = situation(record, request, as_of, day)
    chosen = [knowledge.policies[id] for id in only] or list(_speaking(knowledge, seen.payer, request, day, also))
    answers = tuple(_with_governing(judge(policy, seen), policy, seen) for policy in chosen)
    ordered = tuple(sorted(answers, key=lambda answer: (not answer.governing, answer.policy)))
    planned = build(record, request, knowledge, as_of, on=day, beside=False, seen=seen, review=review)
    blocks = negative_blocks(record, seen, [policy for policy in chosen if _speaks(answers, policy)])
    return Question(
        id=request.id,
        request=request,
        on=day,
        asked=asked,
        policies=ordered,
        headline=headline(request, day, ordered),
        plan=planned,
        obligations=(
            *flag_duties(review),
            *obligations(packaged_duties(), request, seen.payer, day),
            *planned.obligations,
        ),
        next_steps=(*next_steps(ordered), *blocks.next_steps),
        notes=(
            *_plan_notes(record, request, day),
            *_steroid_notes(record, seen),
            *blocks.notes,
            *_order_notes(record, request, seen, as_of, ordered),
        ),
    )


def _speaking(knowledge: Knowledge, payer: Payer, request: Request, on: date, also: Sequence[str]) -> Iterable[Policy]:
    """The policies of the patient's country and payer that know the therapy, and those named."""
    for policy in of_patient(knowledge, payer, also):
        if policy.id in also or _knows(policy, request, on):
            yield policy


def of_patient(knowledge: Knowledge, payer: Payer, also: Sequence[str] = ()) -> Iterable[Policy]:
    """The policies of the patient's country, kind of payer and plan, and those named; by id."""
    country, plans = country_of(payer), _of_plan(knowledge, payer)
    for id in sorted(knowledge.policies):
        if id in also or _fits(knowledge.policies[id], payer, country, plans):
            yield knowledge.policies[id]


def governing(knowledge: Knowledge, payer: Payer, request: Request, on: date) -> Iterable[Policy]:
    """The policies of the patient's own payer that know the therapy; a commercial plan's only where it is named."""
    plans = _of_plan(knowledge, payer)
    for policy in _speaking(knowledge, payer, request, on, ()):
        if payer.kind in policy.payer_kinds and (policy.kind != "commercial" or policy.id in plans):
            yield policy


def country_of(payer: Payer) -> str | None:
    """The country stated, or the one its kind or state belongs to."""
    if payer.country is not None:
        return payer.country
    if payer.state is not None or payer.kind in _US_PAYERS:
        return "US"
    return "GB" if payer.kind == "nhs" else None


def _fits(policy: Policy, payer: Payer, country: str | None, plans: frozenset[str]) -> bool:
    """Whether a policy fits the patient's country, kind of payer and plan: a commissioner's only where it is named."""
    if policy.payer_kinds and payer.kind not in policy.payer_kinds:
        return False
    if policy.kind == "commercial" and plans and policy.id not in plans:
        return False
    if "nhs" in policy.payer_kinds and policy.id not in plans:
        return False
    return country is None or policy.country in ("INT", country)


def _of_plan(knowledge: Knowledge, payer: Payer) -> frozenset[str]:
    """The policies whose issuer (or commissioner) the payer's plan names; none where it names no one known."""
    plan = (payer.plan or "").casefold()
    return frozenset(
        policy.id for policy in knowledge.policies.values() if policy.payer_kinds and plan and _names(plan, policy)
    )


def _names(plan: str, policy: Policy) -> bool:
    before, _, after = policy.title.partition(":")
    spellings = {policy.issuer, codes.label("authorities", policy.issuer), before.split(" (")[0], after.strip()} - {""}
    return any(plan in spelling.casefold() or spelling.casefold() in plan for spelling in spellings)


def _knows(policy: Policy, request: Request, on: date) -> bool:
    return any(request.therapy in rule.therapies for rule in policy.rules(None, on))


def _speaks(answers: Sequence[PolicyAnswer], policy: Policy) -> bool:
    """Whether a policy that was asked speaks of this question."""
    return any(answer.policy == policy.id and answer.verdict != "silent" for answer in answers)


def _with_governing(answer: PolicyAnswer, policy: Policy, seen: Situation) -> PolicyAnswer:
    """The patient's own payer governs; where no payer is known, nothing does."""
    governs = bool(policy.payer_kinds) and seen.payer.kind in policy.payer_kinds
    return replace(answer, governing=governs)


def _plan_notes(record: Record, request: Request, on: date) -> tuple[str, ...]:
    """What one plan does to itself: parts on one day in one region are one session."""
    if request.plan is None:
        return ()
    others = [r for r in record.requests if r.plan == request.plan and r.id != request.id and r.start is not None]
    same_day = [
        f"{target_words(r)} ({r.id})"
        for r in others
        if r.start is not None and r.start.first == on and r.region == request.region
    ]
    if same_day:
        return (f"same day and region as {', '.join(same_day)}: one session",)
    sides = [
        f"{target_words(r)} ({r.id})" for r in others if r.therapy == request.therapy and r.region == request.region
    ]
    if sides:
        return (
            f"planned on another day than {', '.join(sides)}: each day counts as a session of the yearly allowance",
        )
    return ()


def _steroid_notes(record: Record, seen: Situation) -> tuple[str, ...]:
    """Steroid already injected anywhere in the twelve months before: shown, with what is not recorded."""
    if codes.entry("therapies", seen.subject.therapy or "").get("kind") not in ("injection", "block"):
        return ()
    held = doses((Done(row.fact, row.certain) for row in seen.views["procedures"]), packaged_steroids())
    found = steroid_total(record, held, PERIODS[0], Moment(seen.as_of, seen.as_of, seen.on))
    return tuple(_steroid_words(drug, amount) for drug, amount in found.drugs)


def _order_notes(
    record: Record, request: Request, seen: Situation, as_of: date | datetime, answers: Sequence[PolicyAnswer]
) -> tuple[str, ...]:
    """Earlier steps of the usual order that the record does not have: told beside the verdicts, deciding none."""
    kept = frozenset({request.id}) if any(row.governing and row.verdict == "met" for row in answers) else frozenset()
    note = place(record, request, seen, as_of, kept=kept).note
    return (note,) if note is not None else ()


def _steroid_words(drug: str, amount: Total) -> str:
    count = len(amount.counted)
    known = f"{number(amount.value.low)} mg in {count} injection{'' if count == 1 else 's'}" if count else ""
    perhaps = f"perhaps also {', '.join(amount.doubtful)}" if amount.doubtful else ""
    lacking = f"dose not recorded for {', '.join(amount.lacking)}" if amount.lacking else ""
    told = "; ".join(part for part in (known, perhaps, lacking) if part)
    return f"{codes.label('drugs', drug)} in the last 12 months, all injections recorded: {told}"


def default_as_of(record: Record) -> date | datetime | None:
    """The day, or the instant, that the chart itself states."""
    stated = record.as_of or record.recorded
    return (stated.at or stated.last) if stated is not None else None
