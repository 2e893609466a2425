"""The trace of an answer as indented lines: what was asked, what was found, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.criteria.english import say
from levamen.criteria.outcome import Outcome
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
    yield from _lines(criterion.outcome, "    ")


def _lines(outcome: Outcome, indent: str) -> Iterator[str]:
    found = f"; found {outcome.found}" if outcome.found else ""
    read = f"; read {', '.join(outcome.read)}" if outcome.read else ""
    text = say(outcome.node)
    yield f"{indent}{outcome.status}: {text}{found}{read}"
    for missing in outcome.missing:
        yield f"{indent}  missing ({missing.reason}): {missing.what}"
    for child in outcome.children:
        yield from _lines(child, indent + "  ")
