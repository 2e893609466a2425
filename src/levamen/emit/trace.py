"""The trace of an answer as indented lines: what was asked, what was found, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.criteria.english import say
from levamen.criteria.outcome import Outcome
from levamen.emit.words import STATUS_WORDS
from levamen.pathway.answers import CriterionAnswer, PolicyAnswer


def trace(answer: PolicyAnswer, *, decided_only: bool = False) -> Iterator[str]:
    """Every criterion of an answer with its tree; `decided_only` leaves out what is simply as it should be."""
    yield f"{answer.policy}: {answer.verdict}" + (f" ({answer.reason})" if answer.reason else "")
    for criterion in answer.criteria:
        if decided_only and not (criterion.failing or criterion.open):
            continue
        yield from criterion_trace(criterion)


def criterion_trace(criterion: CriterionAnswer) -> Iterator[str]:
    """One criterion and its tree."""
    when = f", not before {criterion.earliest}" if criterion.earliest is not None else ""
    yield f"  {criterion.part} {criterion.id}: {criterion.status}{when}"
    yield from outcome_lines(criterion.outcome, "    ")


def outcome_lines(outcome: Outcome, indent: str) -> Iterator[str]:
    """A truth and those inside it, each with its status, what was found, what was read and what is missing."""
    found = f"; found {outcome.found}" if outcome.found else ""
    read = f"; read {', '.join(outcome.read)}" if outcome.read else ""
    yield f"{indent}{STATUS_WORDS[outcome.status]}: {say(outcome.node)}{found}{read}"
    for missing in outcome.missing:
        yield f"{indent}  missing: {missing.what}"
    for child in outcome.children:
        yield from outcome_lines(child, indent + "  ")
