"""One question under one policy: scope, exclusions, requirements, then the verdict and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from levamen.criteria import serial
from levamen.criteria.dates import change, remedy
from levamen.criteria.marks import deciding_mark
from levamen.criteria.missing import could_refuse, needed
from levamen.criteria.nodes import Cite, Criterion, Mark, Remedy, cites_of, weakest
from levamen.criteria.outcome import Missing, Outcome
from levamen.criteria.reference import evaluate_criterion
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Reason, Status, first_reason
from levamen.criteria.verdict import FAMILIES, policy_verdict
from levamen.knowledge.model import Effect, Policy, PolicyDocument, Rule
from levamen.pathway.answers import CriterionAnswer, NeedAnswer, PolicyAnswer
from levamen.record import codes
from levamen.record.facts import Payer, Request
from levamen.record.timeline import add_months

ADULT_YEARS = 18
"""The scope of Levamen: adults. For others every therapy is silent (design: scope)."""


def judge(policy: Policy, situation: Situation) -> PolicyAnswer:
    """The policy's answer for the request of the situation, on its service date."""
    if not policy.in_force(situation.on):
        return _silent(policy, "not in force")
    age = adult(situation)
    if age == "not_met":
        return _silent(policy, "age")
    contractor, contractors = _contractors(policy, situation.payer)
    if contractor is None and not contractors and policy.documents:
        return _open(policy, "contractor", f"no document of {_named(situation.payer)} is known for this policy")
    answers = [
        _by_rule(policy, rule, others, situation, contractor, age)
        for rule, others in _rules(policy, situation, contractor, contractors)
    ]
    if not answers:
        return _silent(policy, "scope")
    first = answers[0]
    if all(answer.verdict == first.verdict for answer in answers):
        return first
    purpose = Missing(kind="request", what="purpose of the request (diagnostic or therapeutic)", reason="value_missing")
    notes = tuple(f"if {answer.notes[0] if answer.notes else 'so'}: {answer.verdict}" for answer in answers)
    return PolicyAnswer(
        policy=policy.id,
        title=policy.title,
        verdict="unknown",
        reason="value_missing",
        mark=weakest(tuple(answer.mark for answer in answers)),
        would_refuse=(purpose,),
        needed_together=(purpose,),
        criteria=first.criteria,
        notes=("the purpose of the request decides; both were judged", *notes),
    )


def adult(situation: Situation) -> Status:
    """Whether the patient is an adult on the service date."""
    birth = situation.person.birth_date
    if birth is None:
        return "unknown"
    if add_months(birth.last, ADULT_YEARS * 12) <= situation.on:
        return "met"
    return "not_met" if add_months(birth.first, ADULT_YEARS * 12) > situation.on else "unknown"


def contractor_of(payer: Payer) -> str | None:
    """The contractor stated, else the one of the state; of a family with several jurisdictions the state decides."""
    stated = payer.contractor
    if payer.state is None:
        return stated
    rows = [id for id in codes.ids("contractors") if payer.state in codes.entry("contractors", id).get("states", ())]
    if stated is not None:
        rows = [id for id in rows if _family(id) == stated and id != stated]
        return rows[0] if len(rows) == 1 else stated
    narrow = [id for id in rows if id != _family(id)] or rows
    return narrow[0] if narrow else None


def _family(contractor: str) -> str:
    return str(codes.entry("contractors", contractor).get("family", contractor))


def _named(payer: Payer) -> str:
    found = contractor_of(payer)
    return codes.label("contractors", found) if found is not None else "this contractor"


def _contractors(policy: Policy, payer: Payer) -> tuple[str | None, tuple[str, ...]]:
    """The contractor that applies, or all that may: only contractors of whom the policy has a document are known."""
    if not policy.documents:
        return None, ()
    found = contractor_of(payer)
    if found is None:
        return None, tuple(policy.documents)
    if found in policy.documents or _family(found) in policy.documents:
        return found, ()
    return None, tuple(contractor for contractor in policy.documents if _family(contractor) == found)


def _rules(
    policy: Policy, situation: Situation, contractor: str | None, contractors: Sequence[str]
) -> Iterable[tuple[Rule, tuple[Rule, ...]]]:
    """The rules for the therapy and purpose asked, each with its variants under every contractor that may apply."""
    main = policy.rules(contractor or (contractors[0] if contractors else None), situation.on)
    variants = [policy.rules(other, situation.on) for other in contractors]
    for rule in main:
        if _applies(rule, situation.subject):
            yield rule, tuple(other for rules in variants for other in rules if other.id == rule.id)


def _applies(rule: Rule, request: Request) -> bool:
    if request.therapy not in rule.therapies:
        return False
    return rule.purposes is None or request.purpose is None or request.purpose in rule.purposes


def _by_rule(
    policy: Policy,
    rule: Rule,
    variants: tuple[Rule, ...],
    situation: Situation,
    contractor: str | None,
    age: Status,
) -> PolicyAnswer:
    common = {criterion.id: criterion for criterion in rule.criteria}
    for other in variants:  # a criterion that only some contractors have is part of what may apply
        for criterion in other.criteria:
            common.setdefault(criterion.id, criterion)
    parts = _parts((rule, *variants))
    answers = tuple(
        _answer(criterion, parts[id], _variants(id, variants), situation) for id, criterion in common.items()
    )
    scope = [answer.status for answer in answers if answer.part == "scope"]
    verdict, reason = policy_verdict(
        [age, *scope],
        [answer.status for answer in answers if answer.part == "exclusion"],
        [(answer.status, answer.remedy) for answer in answers if answer.part == "requirement"],
        informs=rule.informs,
        refusal="not_covered" if policy.is_coverage else "against",
    )
    deciding = _deciding(verdict, reason, answers)
    told: str | None = reason
    if verdict == "unknown" and reason is None:
        told = first_reason(answer.reason for answer in deciding if answer.reason is not None)
    document = _document(policy, contractor, situation.on)
    earliest, safest = _dates(verdict, answers)
    outcomes = [(answer.outcome, answer.part != "exclusion") for answer in answers]
    age_missing: tuple[Missing, ...] = ()
    if age == "unknown":
        age_missing = (Missing(kind="person", what="birth date of the patient", reason="value_missing"),)
    is_open = FAMILIES[verdict] == "open"
    return PolicyAnswer(
        policy=policy.id,
        title=policy.title,
        verdict=verdict,
        reason=told,
        mark=_mark(verdict, deciding, _effects(policy, situation.subject)),
        document=document.id if document is not None else None,
        contractor=contractor,
        version=document.version if document is not None else None,
        hash=rule.hash,
        stance=rule.stance if verdict == "met" else None,
        strength=_strength(rule, verdict),
        earliest=earliest,
        safest=safest,
        needs=_needs(policy, rule, answers, situation, contractor) if verdict == "not_yet" else (),
        would_refuse=_would_refuse(answers, age_missing) if is_open else (),
        needed_together=(*age_missing, *needed(outcomes)) if verdict == "unknown" else (),
        criteria=answers,
        effects=_effects(policy, situation.subject),
        notes=(f"the purpose is {' or '.join(sorted(rule.purposes))}",) if rule.purposes else (),
    )


def _strength(rule: Rule, verdict: str) -> str | None:
    if verdict == "against":
        return rule.refusal_strength or rule.strength
    return rule.strength if verdict == "met" else None


def _parts(rules: Iterable[Rule]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for rule in rules:
        for part, criteria in (
            ("scope", rule.scope),
            ("exclusion", rule.exclusions),
            ("requirement", rule.requirements),
        ):
            for criterion in criteria:
                found.setdefault(criterion.id, part)
    return found


def _variants(id: str, rules: tuple[Rule, ...]) -> tuple[Criterion | None, ...]:
    """The criterion as each contractor words it (absent: the contractor has none); empty where all agree."""
    found = [next((c for c in rule.criteria if c.id == id), None) for rule in rules]
    texts = {serial.to_bytes(criterion) if criterion is not None else b"" for criterion in found}
    return tuple(found) if len(texts) > 1 else ()


def _answer(
    criterion: Criterion, part: str, variants: tuple[Criterion | None, ...], situation: Situation
) -> CriterionAnswer:
    if variants:
        return _across_contractors(criterion, part, variants, situation)
    outcome = evaluate_criterion(criterion, situation)
    fails = part != "exclusion" and outcome.status == "not_met"
    found = change(criterion, situation) if fails else None
    help_: Remedy | None = None
    if fails:
        help_ = "time" if found is not None and found.earliest is not None else remedy(criterion, situation)
    return CriterionAnswer(
        criterion=criterion,
        part=part,
        status=outcome.status,
        outcome=outcome,
        reason=outcome.reason,
        remedy=help_,
        earliest=found.earliest if found is not None else None,
        safest=found.safest if found is not None else None,
        missing=outcome.all_missing() if outcome.status == "unknown" else (),
    )


def _across_contractors(
    criterion: Criterion, part: str, variants: tuple[Criterion | None, ...], situation: Situation
) -> CriterionAnswer:
    """The contractor is not known and the texts differ: open, unless the criterion fails under every one of them."""
    answers = [_answer(variant, part, (), situation) for variant in variants if variant is not None]
    if len(answers) == len(variants) and all(answer.status == "not_met" for answer in answers) and part != "exclusion":
        return answers[0]
    missing = Missing(kind="payer", what="the Medicare contractor, or the state", reason="contractor")
    outcome = Outcome(node=criterion.says, status="unknown", missing=(missing,))
    reason: Reason = "contractor"
    return CriterionAnswer(
        criterion=criterion, part=part, status="unknown", outcome=outcome, reason=reason, missing=(missing,)
    )


def _deciding(verdict: str, reason: str | None, answers: tuple[CriterionAnswer, ...]) -> tuple[CriterionAnswer, ...]:
    """The criteria that made the verdict what it is."""
    if reason == "scope":
        return tuple(answer for answer in answers if answer.part == "scope" and answer.status != "met")
    match verdict:
        case "not_covered" | "against":
            return tuple(answer for answer in answers if answer.part == "exclusion" and answer.status == "met")
        case "not_met" | "not_yet":
            return tuple(answer for answer in answers if answer.part == "requirement" and answer.status == "not_met")
        case "unknown" | "ambiguous":
            return tuple(answer for answer in answers if answer.status == verdict)
    return tuple(answer for answer in answers if answer.part != "exclusion")


def _mark(verdict: str, deciding: tuple[CriterionAnswer, ...], effects: tuple[Effect, ...]) -> Mark:
    """The weakest mark of what decided the verdict; of the effects where it only reports them."""
    if verdict == "informs":
        return weakest(tuple(effect.cite.mark for effect in effects))
    return weakest(tuple(mark for answer in deciding for mark in _marks(answer)))


def _marks(answer: CriterionAnswer) -> tuple[Mark, ...]:
    """The marks of the sentence a criterion rests on, and of the values in it that decided."""
    return (*(cite.mark for cite in answer.criterion.cites), deciding_mark(answer.outcome))


def _dates(verdict: str, answers: tuple[CriterionAnswer, ...]) -> tuple[date | None, date | None]:
    if verdict not in ("not_met", "not_yet"):
        return None, None
    timed = [answer for answer in answers if answer.status == "not_met" and answer.earliest is not None]
    earliest = max((answer.earliest for answer in timed if answer.earliest is not None), default=None)
    if earliest is None or any(answer.safest is None for answer in timed):
        return earliest, None
    safest = max(answer.safest for answer in timed if answer.safest is not None)
    return earliest, safest if safest != earliest else None


def _needs(
    policy: Policy, rule: Rule, answers: tuple[CriterionAnswer, ...], situation: Situation, contractor: str | None
) -> tuple[NeedAnswer, ...]:
    """What the failing criteria that can be acted on ask for, each once."""
    found: dict[tuple[str, str], NeedAnswer] = {}
    for answer in answers:
        if answer.status != "not_met" or answer.remedy != "action" or answer.part != "requirement":
            continue
        for need in answer.criterion.needs:
            possible = _possible_from(policy, need.therapy, situation, contractor) if need.therapy else None
            found.setdefault((need.kind, need.what), NeedAnswer(need=need, possible_from=possible))
    return tuple(found.values())


def _possible_from(policy: Policy, therapy: str, situation: Situation, contractor: str | None) -> date | None:
    """From when the policy would not refuse the therapy that is needed, at the same target: by time alone."""
    subject = replace(situation.subject, therapy=therapy, purpose="diagnostic", technique=None, electrode=None)
    probe = replace(situation, subject=subject)
    days: list[date] = []
    for rule in policy.rules(contractor, situation.on):
        if not _applies(rule, subject):
            continue
        for criterion in rule.requirements:
            if evaluate_criterion(criterion, probe).status == "not_met":
                found = change(criterion, probe)
                if found.earliest is None:
                    return None
                days.append(found.earliest)
    return max(days, default=None)


def _would_refuse(answers: tuple[CriterionAnswer, ...], age_missing: tuple[Missing, ...]) -> tuple[Missing, ...]:
    found: dict[Missing, None] = dict.fromkeys(age_missing)
    for answer in answers:
        if answer.part != "scope":
            found.update(dict.fromkeys(could_refuse(answer.outcome, wanted=answer.part != "exclusion")))
    return tuple(found)


def documents_of(policy: Policy, contractor: str | None) -> tuple[PolicyDocument, ...]:
    """A contractor's documents in their order of precedence, or those of its family; none where it is not known."""
    if contractor is None:
        return ()
    return policy.documents.get(contractor) or policy.documents.get(_family(contractor)) or ()


def _document(policy: Policy, contractor: str | None, on: date) -> PolicyDocument | None:
    rows = documents_of(policy, contractor)
    in_force = [row for row in rows if row.kind == "determination" and (row.until is None or on <= row.until.last)]
    found = in_force[0] if in_force else (rows[0] if rows else None)
    if found is not None and found.start is not None and on < found.start.first:
        return replace(found, version=None)  # an earlier version was in force, and nobody captured which
    return found


def _effects(policy: Policy, request: Request) -> tuple[Effect, ...]:
    return tuple(
        effect
        for effect in policy.effects
        if (request.therapy in effect.therapies)
        and (not effect.regions or request.region is None or request.region in effect.regions)
    )


def _silent(policy: Policy, reason: str) -> PolicyAnswer:
    return PolicyAnswer(policy=policy.id, title=policy.title, verdict="silent", reason=reason, mark="primary")


def _open(policy: Policy, reason: str, note: str) -> PolicyAnswer:
    missing = Missing(kind="knowledge", what=note, reason="contractor")
    mark: Mark = "primary"
    return PolicyAnswer(
        policy=policy.id,
        title=policy.title,
        verdict="unknown",
        reason=reason,
        mark=mark,
        needed_together=(missing,),
        notes=(note,),
    )


def cites_by_strength(criterion: Criterion) -> tuple[Cite, ...]:
    """The citations that decide a criterion, then those that say the same; each once."""
    return tuple(dict.fromkeys((*criterion.cites, *criterion.also, *cites_of(criterion))))
