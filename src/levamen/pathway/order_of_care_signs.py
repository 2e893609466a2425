"""What a record says of the exceptions to the usual order of care, and of what the first step looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from levamen.criteria.situation import Situation
from levamen.derive.periods import Moment, answered
from levamen.derive.views import seen as was_seen
from levamen.knowledge.order_of_care.rows import Departure, Rung, Sign
from levamen.record import codes
from levamen.record.facts import Evaluation, Fact, Finding, Goal, Pain, Problem, Record, Score
from levamen.record.timeline import known_by

DepartureState = Literal["holds", "may-hold", "does-not-hold"]
Found = tuple[bool | None, str | None]
"""True: the record says so, with what says it. None: it is open. False: the record says that it is not so."""

_RISK = frozenset({"start-back", "start-back-psychosocial"})
_PAINFUL = frozenset({"spine", "joint", "neuropathic", "head", "cancer", "visceral", "ischemic"})
"""Groups of conditions of the vocabulary that a pain can come from."""


def departure_state(
    row: Departure, record: Record, seen: Situation, moment: Moment, *, kept: bool
) -> tuple[DepartureState, str | None]:
    """Whether an exception holds. A clinician's recorded judgement about it outranks what the record says otherwise."""
    judged = _judged(row, seen)
    if judged is not None:
        return ("holds", "a recorded judgement") if judged else ("does-not-hold", "a recorded judgement")
    if row.decided_by == "governing-policy":
        return ("holds", "the policy that governs is met") if kept else ("may-hold", None)
    holds, because = _any(_found(row.holds_with, record, seen, moment))
    if holds is True:
        return "holds", because
    if row.may_hold_with.any and not _hinted(row.may_hold_with, seen):
        return "does-not-hold", None
    if _ruled_out(row, record, seen, moment):
        return "does-not-hold", None
    return "may-hold", _any(_found(row.may_hold_with, record, seen, moment))[1]


def _judged(row: Departure, seen: Situation) -> bool | None:
    """What a clinician recorded about this exception; of several, the word against it counts."""
    told = [
        fact.conclusion
        for fact in (one.fact for one in seen.views["evaluations"])
        if isinstance(fact, Evaluation) and fact.kind == "judgement" and fact.about_criterion == row.criterion
    ]
    if "unsuitable" in told:
        return False
    return True if "suitable" in told else None


def _found(sign: Sign, record: Record, seen: Situation, moment: Moment) -> Iterator[Found]:
    """Each kind of sign that is named, as the record has it."""
    if sign.problems:
        yield _problems(sign.problems, seen)
    if sign.findings:
        present = [fact for fact in _findings(seen) if fact.concept in sign.findings and fact.present is True]
        yield (True, codes.label("findings", str(present[0].concept))) if present else (None, None)
    if sign.mechanisms:
        yield _of_pain(sign.mechanisms, seen, "mechanism")
    if sign.patterns:
        yield _of_pain(sign.patterns, seen, "pattern")
    for question in sorted(sign.questions):
        yield answered(record, question, moment), codes.label("questions", question)


def _any(found: Iterable[Found]) -> Found:
    rows = list(found)
    sure = next((row for row in rows if row[0] is True), None)
    return sure or (None if any(row[0] is None for row in rows) or not rows else False, None)


def _problems(concepts: frozenset[str], seen: Situation) -> Found:
    named = [row for row in seen.views["problems"] if isinstance(row.fact, Problem) and row.fact.concept in concepts]
    sure = next((row.fact for row in named if row.certain), None)
    if isinstance(sure, Problem):
        return True, codes.label("conditions", str(sure.concept))
    reviewed = any(
        entry.speaks_of("problems", None, None) and entry.closes_present(seen.as_of, None)
        for entry in seen.completeness
    )
    return (False if reviewed and not named else None), None


def _findings(seen: Situation) -> Iterator[Finding]:
    for row in seen.views["findings"]:
        if isinstance(row.fact, Finding) and row.certain:
            yield row.fact


def _of_pain(words: frozenset[str], seen: Situation, field: str) -> Found:
    pains = [row.fact for row in seen.views["index-pain"] if isinstance(row.fact, Pain)]
    told = [getattr(pain, field) for pain in pains]
    if told and all(word in words for word in told):
        return True, str(codes.label(f"pain_{field}s", told[0]))
    return (None if not told or any(word in (None, "unknown", *words) for word in told) else False), None


def _hinted(sign: Sign, seen: Situation) -> bool:
    """Whether anything of the record points that way, or what would say so is not recorded."""
    if not sign.patterns:
        return _problems(sign.problems, seen)[0] is not False
    named = any(isinstance(row.fact, Problem) and row.fact.concept in sign.problems for row in seen.views["problems"])
    return named or _of_pain(sign.patterns, seen, "pattern")[0] is not False


def _ruled_out(row: Departure, record: Record, seen: Situation, moment: Moment) -> bool:
    if row.ruled_out_by == "never":
        return False
    if row.ruled_out_by == "question":
        return all(answered(record, question, moment) is False for question in row.holds_with.questions)
    problems = row.holds_with.problems | row.may_hold_with.problems
    closing = Sign(problems=problems, mechanisms=row.holds_with.mechanisms)
    return all(state is False for state, _ in _found(closing, record, seen, moment))


def looks(rung: Rung, record: Record, moment: Moment) -> tuple[tuple[str, bool], ...]:
    """What a step looks at beside therapies, each with whether it is on record."""
    facts = [fact for fact in record.facts if was_seen(fact, moment.known)]
    return tuple((what, _looked(what, facts, record, moment)) for what in rung.looks_at)


def _looked(what: str, facts: list[Fact], record: Record, moment: Moment) -> bool:
    match what:
        case "red-flags":
            return any(
                entry.kind == "red-flags" and entry.asked is not None and known_by(entry.asked, moment.known)
                for entry in record.completeness
            )
        case "diagnosis":
            return any(isinstance(fact, Problem) and _painful(fact) for fact in facts)
        case "mechanism":
            return any(isinstance(fact, Pain) and fact.mechanism not in (None, "unknown") for fact in facts)
        case "goals":
            return any(isinstance(fact, Goal) for fact in facts)
        case "measures":
            return any(isinstance(fact, Score) for fact in facts)
        case _:
            return any(isinstance(fact, Score) and fact.instrument in _RISK for fact in facts)


def _painful(problem: Problem) -> bool:
    if problem.concept is None or problem.verification in ("refuted", "entered-in-error"):
        return False
    return problem.concept == "fibromyalgia" or codes.entry("conditions", problem.concept).get("group") in _PAINFUL
