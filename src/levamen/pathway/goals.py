"""The patient's goals and how far each is: from the scores of its measure, as known at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.derive.latest import latest
from levamen.derive.periods import Moment
from levamen.derive.views import seen
from levamen.pathway.scores import number_of
from levamen.record import codes
from levamen.record.facts import Goal, Record, Score
from levamen.record.timeline import When

Progress = Literal["reached", "not-yet", "past-date", "cannot-tell", "in-words"]
"""reached: the latest score meets the target. not-yet: it does not. past-date: it does not, and the day aimed at has
passed. cannot-tell: with the reason. in-words: the goal has no measure, so there is nothing to compare."""

PROGRESS: tuple[Progress, ...] = ("reached", "not-yet", "past-date", "cannot-tell", "in-words")


class GoalView(Struct, frozen=True, kw_only=True):
    """One goal. `value` is the latest score, of `date`; `ids` are the scores it rests on."""

    goal: Goal
    progress: Progress
    reason: str | None = None
    value: Fraction | None = None
    date: When | None = None
    ids: tuple[str, ...] = ()


def goals(record: Record, moment: Moment) -> tuple[GoalView, ...]:
    """Every goal that was known, in the order of the record."""
    found = [fact for fact in record.of(Goal) if isinstance(fact, Goal) and seen(fact, moment.known)]
    return tuple(_view(goal, record, moment) for goal in found)


def _view(goal: Goal, record: Record, moment: Moment) -> GoalView:
    if goal.measure is None:
        return GoalView(goal=goal, progress="in-words", reason="no measure is named")

    def cannot(reason: str, ids: tuple[str, ...] = ()) -> GoalView:
        return GoalView(goal=goal, progress="cannot-tell", reason=reason, ids=ids)

    if goal.measure not in codes.ids("instruments"):
        return cannot(f"{goal.measure} is no measure whose scores can be read")
    if not isinstance(goal.target, Decimal):
        return cannot("the target is no number" if goal.target is not None else "no target is set")
    low, high = (Decimal(str(end)) for end in codes.entry("instruments", goal.measure)["range"])
    if not low <= goal.target <= high:
        return cannot(f"the target lies outside the range of the measure, {low} to {high}")
    better = _lower_is_better(goal.measure)
    if better is None:
        return cannot("the measure is a screen, of which neither end is better")
    known = [fact for fact in record.of(Score) if isinstance(fact, Score) and fact.instrument == goal.measure]
    scores = [fact for fact in known if seen(fact, moment.known)]
    if not scores:
        return cannot("no score of the measure is recorded")
    last = [
        fact for pain in dict.fromkeys(f.pain for f in scores) for fact in latest([f for f in scores if f.pain == pain])
    ]
    ids = tuple(fact.id for fact in last)
    if any(fact.date is None for fact in last):
        return cannot("the day of a score is not recorded", ids)
    values = [number_of(record, fact) for fact in last]
    if None in values:
        return cannot("the latest score has no value", ids)
    met = {_meets(value, goal.target, lower=better) for value in values if value is not None}
    if len(met) > 1:
        return cannot("several scores may be the latest, and they disagree", ids)
    one = last[0] if len({(fact.date, value) for fact, value in zip(last, values, strict=True)}) == 1 else None
    value, day = (values[0], one.date) if one is not None else (None, None)
    passed = goal.by is not None and goal.by.last < moment.as_of
    progress: Progress = "reached" if met == {True} else "past-date" if passed else "not-yet"
    return GoalView(goal=goal, progress=progress, reason=_remark(goal, last, progress), value=value, date=day, ids=ids)


def _remark(goal: Goal, scores: Sequence[Score], progress: Progress) -> str | None:
    """What to know beside the progress."""
    days = [fact.date for fact in scores if fact.date is not None]
    if goal.by is None or not days:
        return None
    if progress == "past-date" and all(day.last < goal.by.first for day in days):
        return "the latest score is from before that day; measure again"
    if progress == "reached" and all(day.first > goal.by.last for day in days):
        return "measured after that day"
    return None


def _lower_is_better(measure: str) -> bool | None:
    direction = codes.entry("instruments", measure).get("direction")
    return {"higher-worse": True, "higher-risk": True, "higher-better": False}.get(str(direction))


def _meets(value: Fraction, target: Decimal, *, lower: bool) -> bool:
    """At the target counts as reached."""
    return value <= Fraction(target) if lower else value >= Fraction(target)
