"""A trial judged under each policy by that policy's own criteria, with its exact clause; never averaged.

The criteria that speak of trials are found in the tree itself, so the thresholds and their inequalities are those of
the policy's values: at least 50 takes 50.0, more than 50 does not, 49.6 is not 50.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Facts, walk
from levamen.criteria.truth import Status, conjunction
from levamen.derive.trials import TrialResult
from levamen.pathway.answers import CriterionAnswer, PolicyAnswer
from levamen.record.timeline import Interval, When

Outcome = Literal["passed", "failed", "split", "unknown"]
Word = Literal["passed", "failed", "cannot tell", "two readings"]
_WORDS: dict[Status, Word] = {
    "met": "passed",
    "not_met": "failed",
    "unknown": "cannot tell",
    "ambiguous": "two readings",
}
_NO_TRIAL = "silent", "informs"


class TrialMeasures(Struct, frozen=True, kw_only=True):
    """What the trial showed: per cent of the value before, positive is better; hours from lead in to lead out.

    Absent is not recorded, never no change. `days` says from how many diary rows the pain comes.
    """

    trial: str
    therapy: str | None
    start: When | None
    end: When | None
    pain: Interval | None
    analgesics: Interval | None
    function: bool | None
    hours: Interval | None
    technical_failure: bool
    diary: int


class TrialAnswer(Struct, frozen=True, kw_only=True):
    """One policy on the trial. `repeat`: whether its own criteria leave room for another trial after this one."""

    policy: str
    title: str
    word: Word
    status: Status
    decides: bool
    clauses: tuple[CriterionAnswer, ...]
    repeat: bool


def measures(trial: TrialResult) -> TrialMeasures:
    """The numbers of one trial, unrounded."""
    return TrialMeasures(
        trial=trial.id,
        therapy=trial.therapy,
        start=trial.start,
        end=trial.end,
        pain=trial.pain_change,
        analgesics=trial.analgesic_change,
        function=trial.function_improved,
        hours=hours(trial.start, trial.end),
        technical_failure=trial.technical_failure,
        diary=len(trial.trial.diary) if trial.trial is not None else 0,
    )


def hours(start: When | None, end: When | None) -> Interval | None:
    """From lead in to lead out as instants; of days without a clock time, between the shortest and the longest."""
    if start is None or end is None:
        return None
    if start.at is not None and end.at is not None:
        return Interval.exactly(_hours(start.at, end.at))
    shortest, longest = (end.first - start.last).days - 1, (end.last - start.first).days + 1
    return Interval(Fraction(max(shortest, 0) * 24), Fraction(longest * 24))


def _hours(start: datetime, end: datetime) -> Fraction:
    """As instants: two of one zone would be subtracted by the wall clock, and a night of 25 hours be lost."""
    span = end.astimezone(UTC) - start.astimezone(UTC)
    return Fraction(span.days * 86400 + span.seconds, 3600)


def judged(answers: Iterable[PolicyAnswer], deciding: frozenset[str]) -> tuple[TrialAnswer, ...]:
    """Each policy that says something of trials before an implant, in the order of the answers."""
    found = []
    for answer in answers:
        clauses = tuple(item for item in answer.criteria if item.part == "requirement" and speaks_of_trials(item))
        if not clauses or answer.verdict in _NO_TRIAL:
            continue
        status = conjunction(item.status for item in clauses)
        found.append(
            TrialAnswer(
                policy=answer.policy,
                title=answer.title,
                word=_WORDS[status],
                status=status,
                decides=answer.policy in deciding,
                clauses=clauses,
                repeat=not any(item.status == "not_met" and item.remedy == "none" for item in clauses),
            )
        )
    return tuple(found)


def speaks_of_trials(item: CriterionAnswer) -> bool:
    """Whether a criterion looks at trials."""
    return any(isinstance(node, Facts) and node.kind == "trials" for node in walk(item.criterion.says))


def outcome(answers: Sequence[TrialAnswer]) -> Outcome:
    """What the deciding policies say together. One that is open leaves it open: unknown never counts as a success."""
    statuses = {answer.status for answer in answers if answer.decides}
    if not statuses or statuses & {"unknown", "ambiguous"}:
        return "unknown"
    if statuses == {"met"}:
        return "passed"
    return "failed" if statuses == {"not_met"} else "split"
