"""The reference evaluator: deliberately naive, it is the specification of what every node means.

Each function returns an `Outcome` that explains itself. Later engines are held equal to this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any as Anything

from msgspec.structs import replace

from levamen.criteria.measure import Measure, field_missing, field_value, measure, test
from levamen.criteria.nodes import (
    All,
    Among,
    Answered,
    Any,
    Cite,
    Compare,
    Criterion,
    EachTarget,
    Exists,
    Field,
    First,
    IfThen,
    Judged,
    Not,
    Only,
    Readings,
    Same,
    Stated,
    The,
    Truth,
    cites_in,
)
from levamen.criteria.outcome import Missing, Outcome
from levamen.criteria.select import Member, Selected, latest_few, select
from levamen.criteria.situation import Situation
from levamen.criteria.truth import Reason, Status, conjunction, disjunction, negation, over_readings
from levamen.record.codes import not_of_these, title
from levamen.record.completeness import Completeness
from levamen.record.facts import called
from levamen.record.timeline import Interval, after

LEVEL_FIELDS = ("joints", "interspaces", "foramina", "roots", "vertebrae")
"""The fields that name levels, in the order in which a request's are looked for."""


def evaluate(truth: Truth, situation: Situation, it: Anything = None) -> Outcome:
    """The value of a truth for one situation, with its trace. `it` is the fact at hand inside a selection."""
    return _MEANING[type(truth)](truth, situation, it)


def evaluate_criterion(criterion: Criterion, situation: Situation) -> Outcome:
    """A criterion's value. Met only thanks to an unverified value is unknown (unverified); not met stays not met."""
    outcome = evaluate(criterion.says, situation)
    if outcome.status != "met" or not criterion.rests_on_unverified:
        return outcome
    if any(cite.mark == "unverified" for cite in criterion.cites):
        strict_status: Status = "unknown"
    else:
        strict_status = evaluate(criterion.says, replace(situation, verified_only=True)).status
    if strict_status == "met":
        return outcome
    doubt = Missing(kind="knowledge", what="a confirmed source for this criterion", reason="unverified")
    return Outcome(node=criterion.says, status="unknown", children=(outcome,), missing=(doubt,), found="would be met")


def targets(situation: Situation) -> tuple[Situation, ...]:
    """The situation for each side and level of the request by itself; an unnamed side or level stays unnamed."""
    subject = situation.subject
    sides = ("left", "right") if subject.side == "both" else (subject.side,)
    name = next((name for name in LEVEL_FIELDS if getattr(subject, name)), None)
    levels = sorted(getattr(subject, name)) if name else [None]
    units = []
    for side, level in product(sides, levels):
        changes: dict[str, Anything] = {"side": side}
        if name:
            changes[name] = frozenset({level})
        units.append(replace(situation, subject=replace(subject, **changes)))
    return tuple(units)


def _all(truth: All, situation: Situation, it: Anything) -> Outcome:
    children = tuple([evaluate(item, situation, it) for item in truth.items])
    return Outcome(node=truth, status=conjunction(child.status for child in children), children=children)


def _any(truth: Any, situation: Situation, it: Anything) -> Outcome:
    children = tuple([evaluate(item, situation, it) for item in truth.items])
    return Outcome(node=truth, status=disjunction(child.status for child in children), children=children)


def _not(truth: Not, situation: Situation, it: Anything) -> Outcome:
    child = evaluate(truth.item, situation, it)
    return Outcome(node=truth, status=negation(child.status), children=(child,))


def _if_then(truth: IfThen, situation: Situation, it: Anything) -> Outcome:
    children = (evaluate(Not(truth.condition), situation, it), evaluate(truth.then, situation, it))
    return Outcome(node=truth, status=disjunction(child.status for child in children), children=children)


def _readings(truth: Readings, situation: Situation, it: Anything) -> Outcome:
    children = tuple([evaluate(item, situation, it) for item in truth.items])
    return Outcome(node=truth, status=over_readings(child.status for child in children), children=children)


def _each_target(truth: EachTarget, situation: Situation, it: Anything) -> Outcome:
    children = tuple([evaluate(truth.that, unit, it) for unit in targets(situation)])
    return Outcome(node=truth, status=conjunction(child.status for child in children), children=children)


def _unverified(truth: Truth, situation: Situation, *cites: Cite) -> Outcome | None:
    """Where only verified values may decide, a leaf that rests on an unverified one decides nothing."""
    if situation.verified_only and any(cite.mark == "unverified" for cite in cites):
        doubt = Missing(kind="knowledge", what="a confirmed source for this value", reason="unverified")
        return Outcome(node=truth, status="unknown", missing=(doubt,))
    return None


def _leaf(
    truth: Truth,
    statuses: Iterable[Status],
    missing: Iterable[Missing] = (),
    read: Iterable[str] = (),
    found: str = "",
    ambiguity: tuple[str, ...] = (),
) -> Outcome:
    status = over_readings(statuses)
    return Outcome(
        node=truth,
        status=status,
        missing=tuple(dict.fromkeys(missing)) if status == "unknown" else (),
        read=read if isinstance(read, tuple) and len(read) < 2 else tuple(dict.fromkeys(read)),
        found=found,
        ambiguity=ambiguity if status == "ambiguous" else (),
    )


def _compare(truth: Compare, situation: Situation, it: Anything) -> Outcome:
    if situation.verified_only and (doubt := _unverified(truth, situation, *cites_in(truth))) is not None:
        return doubt
    measures = measure(truth.quantity, situation, it, _judge)
    statuses: list[Status] = []
    for measured in measures:
        for limit in truth.limits:
            statuses.append("unknown" if measured.value is None else test(measured.value, limit.operator, limit.amount))
    return _leaf(
        truth,
        statuses,
        (missing for measured in measures for missing in measured.missing),
        (fact for measured in measures for fact in measured.read),
        _found(measures),
        tuple(f"{limit.cite.source}: {limit.operator} {limit.amount}" for limit in truth.limits),
    )


def _found(measures: tuple[Measure, ...]) -> str:
    return " or ".join(dict.fromkeys(str(measured.value) for measured in measures if measured.value is not None))


def _judge(truth: Truth, situation: Situation, it: Anything) -> Outcome:
    return evaluate(truth, situation, it)


def _words(value: Anything) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({"left", "right"}) if value == "both" else frozenset({value})
    return frozenset(value)


def _among(truth: Among, situation: Situation, it: Anything) -> Outcome:
    if situation.verified_only:
        doubt = _unverified(truth, situation, *(choice.cite for choice in truth.choices))
        if doubt is not None:
            return doubt
    value = field_value(truth.field, situation, it)
    if value is None:
        if _coded_elsewhere(truth, it):
            return _leaf(truth, ("not_met",), (), (it.id,))
        return _leaf(truth, ("unknown",), (field_missing(truth.field, situation, it),))
    if isinstance(value, Interval | Decimal):  # a number is none of the words
        return _leaf(truth, ("not_met",), (), (it.id,) if it is not None else ())
    words = frozenset({value}) if isinstance(value, str) else frozenset(value)
    statuses: list[Status] = [
        "met" if (words <= choice.words if truth.how == "all" else words & choice.words) else "not_met"
        for choice in truth.choices
    ]
    read = (it.id,) if truth.field.of == "it" and it is not None else ()
    return _leaf(truth, statuses, (), read, _in_words(words))


def _coded_elsewhere(truth: Among, it: Anything) -> bool:
    """Whether a problem without a concept has a code that is none of the conditions asked about."""
    code = getattr(it, "icd10", None)
    if truth.field != _CONCEPT or not code:
        return False
    return all(not_of_these(code, choice.words) for choice in truth.choices)


_CONCEPT = Field("it", "concept")


@lru_cache(maxsize=1024)
def _in_words(words: frozenset[str]) -> str:
    return ", ".join(sorted(title(word) for word in words))


def _same(truth: Same, situation: Situation, it: Anything) -> Outcome:
    if truth.grouping is not None and (doubt := _unverified(truth, situation, truth.grouping.cite)) is not None:
        return doubt
    theirs = Field("it", truth.theirs or truth.name)
    ours = Field("subject", truth.name)
    value, wanted = field_value(theirs, situation, it), field_value(ours, situation, it)
    missing = [field_missing(field, situation, it) for field, held in ((theirs, value), (ours, wanted)) if held is None]
    if missing:
        return _leaf(truth, ("unknown",), missing, (it.id,))
    have, want = _words(value), _words(wanted)
    if truth.grouping is not None:
        have, want = _grouped(have, truth.grouping.groups), _grouped(want, truth.grouping.groups)
    agree = {"equal": have == want, "covers": want <= have, "overlaps": bool(want & have)}[truth.how]
    return _leaf(truth, ("met" if agree else "not_met",), (), (it.id,))


def _grouped(words: frozenset[str], groups: tuple[frozenset[str], ...]) -> frozenset[str]:
    """Each word replaced by all words that count as the same."""
    found: set[str] = set()
    for word in words:
        group = next((group for group in groups if word in group), frozenset({word}))
        found |= group
    return frozenset(found)


def _stated(truth: Stated, situation: Situation, it: Anything) -> Outcome:
    value = field_value(truth.field, situation, it)
    read = (it.id,) if truth.field.of == "it" and it is not None else ()
    if value is None:
        return _leaf(truth, ("unknown",), (field_missing(truth.field, situation, it),), read)
    return _leaf(truth, ("met" if value in (True, "yes") else "not_met",), (), read)


def _exists(truth: Exists, situation: Situation, it: Anything) -> Outcome:
    statuses: list[Status] = []
    missing: list[Missing] = []
    read: list[str] = []
    for reading in select(truth.facts, situation, _judge):
        if reading.sure:
            statuses.append("met")
        elif reading.maybe or reading.gap is not None:
            statuses.append("unknown")
        else:
            statuses.append("not_met")
        missing.extend(reading.open_questions())
        read.extend(member.fact.id for member in reading.members)
    return _leaf(truth, statuses, missing, read)


def _the(truth: The, situation: Situation, it: Anything) -> Outcome:
    children: list[Outcome] = []
    statuses: list[Status] = []
    missing: list[Missing] = []
    for reading in select(truth.pick.facts, situation, _judge):
        status, outcomes, questions = _of_picked(truth, reading, situation)
        statuses.append(status)
        children.extend(outcomes)
        missing.extend(questions)
    status = over_readings(statuses)
    return Outcome(
        node=truth,
        status=status,
        children=tuple(children),
        missing=tuple(dict.fromkeys(missing)) if status == "unknown" else (),
        read=tuple(dict.fromkeys(child_id for child in children for child_id in child.read)),
    )


def _of_picked(
    truth: The, reading: Selected, situation: Situation
) -> tuple[Status, tuple[Outcome, ...], tuple[Missing, ...]]:
    sure, possible = _pick(truth.pick, reading)
    if not sure and not possible:
        if reading.gap is None:
            return "not_met", (), ()
        return "unknown", (), (reading.gap,)
    outcomes = tuple(evaluate(truth.that, situation, member.fact) for member in (*sure, *possible))
    verdicts = [outcome.status for outcome in outcomes]
    nothing_possible = not sure and not isinstance(truth.pick, Only)
    stale = [member for member in sure if member.stale]
    if len(set(verdicts)) == 1 and not nothing_possible and not stale:
        return verdicts[0], outcomes, outcomes[0].all_missing()
    questions = [missing for member in (*stale, *latest_few(possible)) for missing in member.missing]
    questions += [missing for outcome in outcomes for missing in outcome.all_missing()]
    if len({outcome.status for outcome in outcomes[: len(sure)]} - {"unknown"}) > 1:
        names = " and ".join(called(member.fact) for member in sure)
        equal = all(member.fact.day is not None and member.fact.day.exact for member in sure)
        why: Reason = "conflicting" if equal else "value_missing"
        questions.append(Missing(kind=truth.pick.facts.kind, what=f"which of {names} holds", reason=why))
    if isinstance(truth.pick, Only) and len(possible) > 1:
        names = " or ".join(called(member.fact) for member in possible)
        questions.append(Missing(kind=truth.pick.facts.kind, what=f"which is meant: {names}", reason="value_missing"))
    return "unknown", outcomes, tuple(questions)


def _pick(pick: Anything, reading: Selected) -> tuple[list[Member], list[Member]]:
    """The facts that surely are the one picked (several if equally so), and those that may be."""
    fresh = [member for member in reading.members if member.certain or member.stale]
    doubtful = [member for member in reading.members if not (member.certain or member.stale)]
    if isinstance(pick, Only):
        return (fresh, []) if len(fresh) == 1 and not doubtful else ([], [*fresh, *doubtful])
    dated = [member for member in fresh if member.fact.day is not None]
    undated = [member for member in fresh if member.fact.day is None]
    if not dated:
        return [], [*undated, *doubtful]
    if isinstance(pick, First):
        bound = min(member.fact.day.last for member in dated)
        best = [member for member in dated if member.fact.day.first <= bound]
        others = [m for m in doubtful if m.fact.day is None or m.fact.day.first <= bound]
    else:
        bound = max(member.fact.day.first for member in dated)
        best = [member for member in dated if member.fact.day.last >= bound]
        others = [m for m in doubtful if m.fact.day is None or m.fact.day.last >= bound]
    return best, [*others, *undated]


def _answered(truth: Answered, situation: Situation, it: Anything) -> Outcome:
    asked = [
        entry
        for entry in situation.completeness
        if entry.kind == truth.question and entry.asked is not None and entry.asked.last <= situation.as_of
    ]
    if not asked:
        missing = Missing(kind="question", what=truth.question, reason="not_recorded")
        return _leaf(truth, ("unknown",), (missing,))
    day = max(entry.asked.first for entry in asked if entry.asked is not None)
    latest = [entry for entry in asked if entry.asked is not None and entry.asked.last >= day]
    if truth.max_age is not None and after(day, truth.max_age.length) < situation.as_of:
        return _leaf(truth, ("unknown",), (Missing(kind="question", what=truth.question, reason="stale"),))
    statuses = {_answer(entry, truth.answer) for entry in latest}
    if len(statuses) > 1:
        conflict = Missing(kind="question", what=truth.question, reason="conflicting")
        return _leaf(truth, ("unknown",), (conflict,))
    return _leaf(truth, statuses, (Missing(kind="question", what=truth.question, reason="value_missing"),))


def _answer(entry: Completeness, wanted: str) -> Status:
    if entry.answer is None or entry.answer == "unknown":
        return "unknown"
    given = "no" if entry.answer == "not-applicable" else entry.answer
    return "met" if given == wanted else "not_met"


def _judged(truth: Judged, situation: Situation, it: Anything) -> Outcome:
    """The latest statement that names this criterion; else the latest that names its policy; else a general one."""
    by_rank: dict[int, list[Anything]] = {0: [], 1: [], 2: []}
    for seen in situation.views.get("evaluations", ()):
        said = seen.fact
        if said.kind != "judgement":
            continue
        if said.about_policy is None and said.about_criterion is None:
            by_rank[2].append(said)
        elif said.about_policy in (None, truth.policy) and said.about_criterion == truth.criterion:
            by_rank[0].append(said)
        elif said.about_policy == truth.policy and said.about_criterion is None:
            by_rank[1].append(said)
    for rank, statements in by_rank.items():
        if not statements:
            continue
        latest_day = max((said.date.last for said in statements if said.date is not None), default=None)
        latest = [said for said in statements if said.date is None or said.date.last == latest_day]
        conclusions = {_conclusion(said.conclusion) for said in latest}
        read = tuple(said.id for said in latest)
        found = "by a general statement" if rank == 2 else "by a recorded judgement"
        if len(conclusions) == 1 and "unknown" not in conclusions:
            return _leaf(truth, conclusions, (), read, found)
        reason: Reason = "conflicting" if len(conclusions) > 1 else "value_missing"
        missing = Missing(kind="evaluations", what=f"a clinician's judgement: {truth.says}", reason=reason)
        return _leaf(truth, ("unknown",), (missing,), read)
    missing = Missing(kind="evaluations", what=f"a clinician's judgement: {truth.says}", reason="value_missing")
    return _leaf(truth, ("unknown",), (missing,))


def _conclusion(word: str | None) -> Status:
    if word == "suitable":
        return "met"
    return "not_met" if word == "unsuitable" else "unknown"


_MEANING: dict[type, Callable[[Anything, Situation, Anything], Outcome]] = {
    All: _all,
    Any: _any,
    Not: _not,
    IfThen: _if_then,
    Readings: _readings,
    Compare: _compare,
    Among: _among,
    Same: _same,
    Stated: _stated,
    Exists: _exists,
    The: _the,
    EachTarget: _each_target,
    Answered: _answered,
    Judged: _judged,
}
