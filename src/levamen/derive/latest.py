"""Which of several dated facts is the latest, where days may be partial or not recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from levamen.record.facts import Fact
from levamen.record.timeline import When

_FactT = TypeVar("_FactT", bound=Fact)


def surely_before(one: When | None, other: When | None) -> bool:
    """Whether the first surely lies before the second; never where either is not recorded."""
    if one is None or other is None:
        return False
    if one.at is not None and other.at is not None:
        return one.at < other.at
    return one.last < other.first


def latest(facts: Sequence[_FactT]) -> tuple[_FactT, ...]:
    """Those that may be the latest: all that do not surely lie before another. One without a day may be."""
    newest = max((fact.day for fact in facts if fact.day is not None), key=lambda day: day.first, default=None)
    # Of a long history nearly all lie before the newest: the pairs are compared among the few that are left.
    left = [fact for fact in facts if not surely_before(fact.day, newest)]
    return tuple(fact for fact in left if not any(surely_before(fact.day, other.day) for other in left))
