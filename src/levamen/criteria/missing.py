"""Which missing facts could settle an open question (design 3.1: would_refuse, needed_together)."""

from __future__ import annotations

from collections.abc import Iterable

from levamen.criteria.nodes import Any, IfThen, Not, Readings
from levamen.criteria.outcome import Missing, Outcome
from levamen.criteria.truth import Status, conjunction, disjunction, negation, over_readings

Facts = frozenset[Missing]


def could_refuse(outcome: Outcome, *, wanted: bool = True) -> tuple[Missing, ...]:
    """Single missing facts that alone could make an undecided criterion fail (become the opposite of `wanted`)."""
    bad: Status = "not_met" if wanted else "met"
    return tuple(
        missing
        for missing in outcome.all_missing()
        if missing.reason != "unverified" and _with(outcome, missing, bad) == bad
    )


def needed(outcomes: Iterable[tuple[Outcome, bool]]) -> tuple[Missing, ...]:
    """A smallest set of missing facts that would bring every outcome to its wanted value; empty if none can.

    Each outcome comes with the value wanted of it: True for a requirement, False for an exclusion.
    """
    found: dict[Missing, None] = {}
    for outcome, wanted in outcomes:
        facts = _smallest(outcome, wanted=wanted)
        if facts is None:
            return ()
        found.update(dict.fromkeys(sorted(facts, key=lambda fact: (fact.kind, fact.what))))
    return tuple(found)


def _with(outcome: Outcome, missing: Missing, value: Status) -> Status:
    """The status if the leaf that lacks this one fact took the value, everything else as it is."""
    if not outcome.children:
        return value if outcome.status == "unknown" and missing in outcome.missing else outcome.status
    if missing in outcome.missing:
        return value
    below: Status = value
    if isinstance(outcome.node, Not):
        below = "met" if value == "not_met" else "not_met"
        return negation(_with(outcome.children[0], missing, below))
    statuses = [_with(child, missing, value) for child in outcome.children]
    if isinstance(outcome.node, Any | IfThen):
        return disjunction(statuses)
    if isinstance(outcome.node, Readings):
        return over_readings(statuses)
    return conjunction(statuses)


def _smallest(outcome: Outcome, *, wanted: bool) -> Facts | None:
    """The smallest set of missing facts that brings the outcome to `wanted`; None if no missing fact can."""
    if outcome.status == ("met" if wanted else "not_met"):
        return frozenset()
    if outcome.status != "unknown":
        return None
    if not outcome.children or outcome.missing:
        facts = frozenset(missing for missing in outcome.missing if missing.reason != "unverified")
        return facts or None
    if isinstance(outcome.node, Not):
        return _smallest(outcome.children[0], wanted=not wanted)
    branches = [_smallest(child, wanted=wanted) for child in outcome.children]
    either = not isinstance(outcome.node, Readings) and isinstance(outcome.node, Any | IfThen) == wanted
    if either:
        possible = [branch for branch in branches if branch is not None]
        return min(possible, key=lambda facts: (len(facts), sorted(fact.what for fact in facts)), default=None)
    if any(branch is None for branch in branches):
        return None
    return frozenset().union(*(branch for branch in branches if branch is not None))
