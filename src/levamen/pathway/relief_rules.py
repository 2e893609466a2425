"""What each policy's own rule says of the relief after one procedure: its threshold is read from its own tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Compare, Held, Limit, Mark, weakest
from levamen.criteria.reference import evaluate, evaluate_criterion
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Status, over_readings
from levamen.derive.relief import Treatment
from levamen.knowledge.model import Policy, Rule
from levamen.outcomes.block_levels import Asked, anesthetic_judgements, asked_of_relief
from levamen.outcomes.diagnostic_block import Concordance
from levamen.outcomes.place import purpose_of
from levamen.outcomes.relief_time import End
from levamen.pathway.headline import OPERATORS
from levamen.pathway.judge import adult, contractor_of
from levamen.record import codes
from levamen.record.facts import Procedure, Request
from levamen.record.timeline import Duration, after

RuleStatus = Status | Literal["not_yet"]


class ReliefRule(Struct, frozen=True, kw_only=True):
    """One policy's answer on the relief of a procedure.

    `asked` says the thresholds in words. `status`: met only thanks to an unverified value, or to relief after the drug
    had gone, is unknown, and `reason` says so. Relief that cannot yet have held for so long is not yet, and `earliest`
    is the first day on which it can; if it was lost before, it is not met. `limits` are the values it rests on.
    `judged`: what the policy leaves to a clinician about the time an anesthetic acts.
    """

    policy: str
    title: str
    status: RuleStatus
    asked: tuple[str, ...]
    limits: tuple[Limit, ...]
    reason: str = ""
    earliest: date | None = None
    judged: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        """The weakest mark among the values."""
        return weakest(tuple(limit.cite.mark for limit in self.limits))


def as_request(procedure: Procedure) -> Request:
    """The procedure as if it were asked for, so that a policy can be asked whether it speaks of it."""
    fields = {name: getattr(procedure, name) for name in Procedure.__struct_fields__}
    return Request(**{**fields, "start": None, "end": None})


def relief_rules(
    policies: Iterable[Policy],
    procedure: Treatment,
    seen: Situation,
    concordances: Sequence[tuple[Limit, Concordance]] = (),
    watch: Sequence[End] = (),
) -> tuple[ReliefRule, ...]:
    """The answers of the policies that state a threshold of relief for such a procedure, by policy.

    `seen` is the situation of the procedure as a request. `concordances`: of a block, by level. `watch`: what may have
    ended the watch on its relief.
    """
    if adult(seen) == "not_met":
        return ()
    found = []
    for policy in policies:
        if not policy.in_force(seen.on):
            continue
        asked = tuple(_asked(policy, procedure, seen))
        if asked:
            found.append(_rule(policy, asked, procedure, seen, concordances, watch))
    return tuple(found)


def _asked(policy: Policy, procedure: Treatment, seen: Situation) -> Iterable[tuple[Asked, Rule]]:
    """The comparisons that concern the procedure: of a test its best relief, of a treatment how long relief held."""
    purpose = purpose_of(procedure)
    known: set[Compare] = set()
    for rule in _rules(policy, seen):
        for one in asked_of_relief(rule):
            lasting = isinstance(one.leaf.quantity, Held)
            fits = purpose is None or lasting == (purpose == "therapeutic")
            if fits and one.concerns(procedure.therapy, purpose) and one.leaf not in known and _in_scope(rule, seen):
                known.add(one.leaf)
                yield one, rule


def _rules(policy: Policy, seen: Situation) -> Iterable[Rule]:
    """The rules under the patient's contractor; where it is not known, under each that may apply."""
    contractor = contractor_of(seen.payer) if policy.documents else None
    family = codes.entry("contractors", contractor).get("family", contractor) if contractor is not None else None
    if contractor is not None and not {contractor, family} & set(policy.documents):
        return
    for one in (contractor,) if contractor is not None or not policy.documents else tuple(policy.documents):
        yield from policy.rules(one, seen.on)


def _in_scope(rule: Rule, seen: Situation) -> bool:
    return all(evaluate_criterion(criterion, seen).status != "not_met" for criterion in rule.scope)


def _rule(
    policy: Policy,
    asked: Sequence[tuple[Asked, Rule]],
    procedure: Treatment,
    seen: Situation,
    concordances: Sequence[tuple[Limit, Concordance]],
    watch: Sequence[End],
) -> ReliefRule:
    statuses: list[Status] = []
    days: list[date] = []
    reasons: dict[str, None] = {}
    limits = tuple(dict.fromkeys(limit for one, _ in asked for limit in (*one.level, *one.leaf.limits)))
    for one, _ in asked:
        outcome = evaluate(one.leaf, seen, procedure)
        status = outcome.status
        levels = {limit.number for limit in one.level}
        late = next(
            (fits for limit, fits in concordances if limit.number in levels and fits.fits == "not concordant"), None
        )
        if status == "met" and any(limit.cite.mark == "unverified" for limit in (*one.level, *one.leaf.limits)):
            status, reason = "unknown", "reached, but the value awaits confirmation"
        elif status == "met" and late is not None:
            status, reason = "unknown", f"{late.reason}; not concordant"
        elif status == "not_met" and (day := _first_possible(one.leaf, procedure, seen)) is not None:
            end = next((end for end in watch if end.sure and end.day.first < day), None)
            status = "unknown"
            reason = f"the watch ended before: {end.kind.replace('-', ' ')} on {end.day}" if end is not None else ""
            days += [day] if end is None else []
        else:
            reason = "; ".join(missing.what for missing in outcome.all_missing() if missing.reason == "conflicting")
        statuses.append(status)
        if reason:
            reasons[reason] = None
    judged = dict.fromkeys(
        says for one, rule in asked if not isinstance(one.leaf.quantity, Held) for says in anesthetic_judgements(rule)
    )
    waiting = len(days) == len(statuses)
    if days:
        reasons = {f"cannot be known before {min(days)}": None} | reasons
    return ReliefRule(
        policy=policy.id,
        title=policy.title,
        status="not_yet" if waiting else over_readings(statuses),
        earliest=min(days, default=None),
        asked=tuple(dict.fromkeys(_words(one) for one, _ in asked)),
        limits=limits,
        reason="; ".join(reasons),
        judged=tuple(judged),
    )


def _first_possible(leaf: Compare, procedure: Treatment, seen: Situation) -> date | None:
    """The first day on which relief can have held for as long as is asked, if it was not lost; None where it was."""
    if not isinstance(leaf.quantity, Held) or procedure.start is None:
        return None
    days = set()
    for limit in leaf.limits:
        assert isinstance(limit.amount, Duration)  # noqa: S101 - what is held is held for a time
        reached = after(procedure.start.first, limit.amount)
        days |= {reached, reached + timedelta(days=1)}
    later = sorted(day for day in days if day > seen.on)
    return next((day for day in later if evaluate(leaf, replace(seen, on=day), procedure).status != "not_met"), None)


def _words(asked: Asked) -> str:
    """`best relief at least 80 per cent`, `at least 50 per cent held for at least 6 months`."""
    level = " or ".join(dict.fromkeys(f"{OPERATORS[limit.operator]} {limit.amount} per cent" for limit in asked.level))
    if not isinstance(asked.leaf.quantity, Held):
        return f"best relief {level}"
    length = " or ".join(dict.fromkeys(f"{OPERATORS[limit.operator]} {limit.amount}" for limit in asked.leaf.limits))
    return f"{level} held for {length}"
