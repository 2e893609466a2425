"""When an answer can change by time alone, and what else could change it (design 3.1, Remedy and earliest)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any as Anything
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.measure import measure
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    EachTarget,
    Facts,
    IfThen,
    Limit,
    Not,
    Readings,
    Remedy,
    The,
    Truth,
    Window,
    walk,
)
from levamen.criteria.reference import evaluate, evaluate_criterion, targets
from levamen.criteria.situation import Situation
from levamen.record.timeline import Duration, Lapse, When, add_months, after

_ORDER: tuple[Remedy, ...] = get_args(Remedy)
_DAY = timedelta(days=1)


class Change(Struct, frozen=True):
    """`earliest`: first service date at which it is no longer not met if only time passes; `safest`: first met."""

    earliest: date | None
    safest: date | None


def change(criterion: Criterion, situation: Situation) -> Change:
    """When a criterion that is not met stops being so by time alone."""
    earliest = safest = None
    for day in candidates(criterion.says, situation):
        status = evaluate_criterion(criterion, replace(situation, on=day)).status
        if status != "not_met" and earliest is None:
            earliest = day
        if status == "met":
            safest = day
            break
    return Change(earliest, safest)


def remedy(criterion: Criterion, situation: Situation) -> Remedy:
    """What can be done about a criterion that is not met: wait, act, or nothing."""
    return _remedy(criterion.says, situation, None, criterion.remedy, wanted=True)


def candidates(truth: Truth, situation: Situation) -> tuple[date, ...]:
    """Service dates after this one at which a truth may change: event dates plus the windows and limits in it."""
    timing = _timing_of(truth)
    events = set(_event_days(timing, situation))
    days = {after(start, length) for start in events for length in timing.lengths}
    for window in timing.windows:
        if window.kind == "calendar-year":
            days.add(date(situation.on.year + 1, 1, 1))
        if window.kind == "anchored":
            days.update(add_months(day, 12 * n) for day in events for n in range(1, 12))
    for part in timing.accumulated:
        days.update(_when_accumulated(part, situation))
    return tuple(sorted(day for day in days | {day + _DAY for day in days} if day > situation.on))


class _Timing(Struct, frozen=True):
    """What of a tree can make time matter."""

    truth: Truth
    lengths: frozenset[Duration]
    kinds: tuple[str, ...]
    windows: tuple[Window, ...]
    accumulated: tuple[Compare, ...]


_TIMINGS: dict[int, _Timing] = {}
_TIMINGS_AT_MOST = 20_000


def _timing_of(truth: Truth) -> _Timing:
    """The timing of a tree, found once: packaged trees are built once and kept, so their identity serves as a key."""
    found = _TIMINGS.get(id(truth))
    if found is None or found.truth is not truth:
        if len(_TIMINGS) >= _TIMINGS_AT_MOST:
            _TIMINGS.clear()
        inside = walk(truth)
        found = _TIMINGS[id(truth)] = _Timing(
            truth,
            frozenset(part.amount for part in inside if isinstance(part, Limit) and isinstance(part.amount, Duration)),
            tuple(sorted({part.kind for part in inside if isinstance(part, Facts)})),
            tuple(part for part in inside if isinstance(part, Window)),
            tuple(part for part in inside if isinstance(part, Compare) and isinstance(part.quantity, Accumulated)),
        )
    return found


def _event_days(timing: _Timing, situation: Situation) -> Iterable[date]:
    for kind in timing.kinds:
        for seen in situation.views.get(kind, ()):
            for name in seen.fact.__struct_fields__:
                when = getattr(seen.fact, name)
                if isinstance(when, When):
                    yield when.first
                    yield when.last
    if situation.person.birth_date is not None:
        yield situation.person.birth_date.first
        yield situation.person.birth_date.last


def _when_accumulated(truth: Compare, situation: Situation) -> Iterable[date]:
    """The day on which courses that go on reach the limit, counting from what they have by the service date."""
    for measured in measure(truth.quantity, situation, None, evaluate):
        if isinstance(measured.value, Lapse) and measured.value.end_last is not None:
            for limit in truth.limits:
                if isinstance(limit.amount, Duration):
                    short = (after(measured.value.start_first, limit.amount) - measured.value.end_last).days
                    yield situation.on + timedelta(days=max(short, 0))


def _remedy(truth: Truth, situation: Situation, it: Anything, default: Remedy, *, wanted: bool) -> Remedy:
    """`wanted` is the value that is missing: True where the truth should be met, False below a `not`."""
    match truth:
        case Not(item):
            return _remedy(item, situation, it, default, wanted=not wanted)
        case IfThen(_, then) if wanted:
            return _remedy(then, situation, it, default, wanted=True)
        case All(items) | Any(items) | Readings(items):
            failing = [item for item in items if _fails(item, situation, it, wanted=wanted)]
            remedies = [_remedy(item, situation, it, default, wanted=wanted) for item in failing]
            hardest = isinstance(truth, Readings) or isinstance(truth, All) == wanted
            if not remedies:
                return default
            return max(remedies, key=_ORDER.index) if hardest else min(remedies, key=_ORDER.index)
        case EachTarget(that):
            units = [unit for unit in targets(situation) if _fails(that, unit, it, wanted=wanted)]
            return max(
                (_remedy(that, unit, it, default, wanted=wanted) for unit in units), key=_ORDER.index, default=default
            )
    if _time_helps(truth, situation, it, wanted=wanted):
        return "time"
    if isinstance(truth, The):
        return truth.remedy or _inside(truth, situation, default, wanted=wanted)
    declared: Remedy | None = getattr(truth, "remedy", None)
    return declared or default


def _inside(truth: The, situation: Situation, default: Remedy, *, wanted: bool) -> Remedy:
    """The remedy of what is said of the picked fact, as declared there; the default if there is no such fact."""
    outcome = evaluate(truth, situation)
    if not outcome.children:
        return default
    declared = [getattr(child.node, "remedy", None) for child in _failing_leaves(outcome.children[0], wanted=wanted)]
    return max((word or default for word in declared), key=_ORDER.index, default=default)


def _failing_leaves(outcome: Anything, *, wanted: bool) -> list[Anything]:
    if not outcome.children:
        return [outcome] if outcome.status == ("not_met" if wanted else "met") else []
    below = not wanted if isinstance(outcome.node, Not) else wanted
    return [leaf for child in outcome.children for leaf in _failing_leaves(child, wanted=below)]


def _fails(truth: Truth, situation: Situation, it: Anything, *, wanted: bool) -> bool:
    return evaluate(truth, situation, it).status == ("not_met" if wanted else "met")


def _time_helps(truth: Truth, situation: Situation, it: Anything, *, wanted: bool) -> bool:
    return any(not _fails(truth, replace(situation, on=day), it, wanted=wanted) for day in candidates(truth, situation))
