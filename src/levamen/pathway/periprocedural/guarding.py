"""The guards of one procedure: which are there, which nobody knows, which are asked on the day (docs/adr/0007, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from msgspec.structs import replace

from levamen.criteria.dates import change
from levamen.criteria.nodes import Not
from levamen.criteria.outcome import Missing
from levamen.criteria.reference import evaluate
from levamen.criteria.situation import Situation
from levamen.criteria.truth import conjunction
from levamen.knowledge.guards import Guard
from levamen.pathway.periprocedural.answers import Decision, GuardAnswer, SafetyVerdict


def guard_answers(guards: Iterable[Guard], situation: Situation, held: frozenset[str]) -> tuple[GuardAnswer, ...]:
    """Every guard that is, or may be, about this request. `held`: drugs that would be held, and their classes."""
    return tuple(found for guard in guards if (found := _answer(guard, situation, held)) is not None)


def _answer(guard: Guard, situation: Situation, held: frozenset[str]) -> GuardAnswer | None:
    applies = evaluate(guard.applies, situation).status if guard.applies is not None else "met"
    if applies == "not_met":
        return None
    outcome = evaluate(guard.hazard.says, situation)
    # Where nobody knows whether it applies, a hazard that is there still fires: unknown stops.
    status = outcome.status if outcome.status != "not_met" else conjunction((applies, outcome.status))
    fires = status in ("met", "ambiguous")
    verdict: SafetyVerdict = "clear"
    decision: Decision = "proceed_no_hold"
    # An answer of today says nothing of a later day: what is due on the day is asked then, unless it is there already.
    before = situation.subject.start is None or situation.as_of < situation.on
    waits = status in ("unknown", "not_met") and guard.due == "day" and before
    if fires:
        verdict, decision = _effect(guard, held)
    elif status == "unknown" and not waits:
        verdict = "caution" if _only_forbids(guard) and not guard.forbids_holding & held else "unknown"
    return GuardAnswer(
        guard=guard,
        status=status,
        verdict=verdict,
        decision=decision,
        fires=fires,
        ask_on_the_day=waits,
        until=_until(guard, situation) if fires and verdict == "defer" and guard.hazard.remedy == "time" else None,
        missing=tuple(sorted(outcome.all_missing(), key=_words)) if status == "unknown" else (),
        read=tuple(sorted(outcome.all_read())),
        found=outcome.found,
    )


def _words(missing: Missing) -> tuple[str, str]:
    return missing.kind, missing.what


def _effect(guard: Guard, held: frozenset[str]) -> tuple[SafetyVerdict, Decision]:
    """What a guard that fires adds. One that only forbids holding is a caution where nothing of it would be held."""
    if _only_forbids(guard) and not guard.forbids_holding & held:
        return "caution", "proceed_no_hold"
    return guard.effect, cast(Decision, guard.decision)


def _only_forbids(guard: Guard) -> bool:
    """Whether it speaks of holding alone, not of the procedure."""
    return bool(guard.forbids_holding) and not guard.always


def _until(guard: Guard, situation: Situation) -> date | None:
    """The first service date on which the hazard is surely gone if only time passes."""
    found = change(replace(guard.hazard, says=Not(guard.hazard.says)), situation)
    return found.safest or found.earliest


def decisive(answers: Sequence[GuardAnswer]) -> tuple[GuardAnswer, ...]:
    """The guards that stop the procedure."""
    return tuple(answer for answer in answers if answer.fires and answer.verdict in ("defer", "contraindicated"))
