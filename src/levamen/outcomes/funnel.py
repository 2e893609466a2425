"""Shares of several operators or sites against one target, with the limits within which chance alone would keep them.

The limits are counts of the exact binomial distribution: below the lower, or above the upper, at most half of what is
left of the level lies. They are never narrower than the level says, at any size. No order of merit can be made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from levamen.outcomes.proportions import below
from levamen.outcomes.small_numbers import joined


class FunnelLimits(Struct, frozen=True, kw_only=True):
    """The fewest and the most of `total` that chance explains at a level in per cent."""

    total: int
    level: Fraction
    fewest: int
    most: int


class FunnelPoint(Struct, frozen=True, kw_only=True):
    """One operator or site, or several joined (`joined` of them, without a key); one without a key is not recorded.

    `outside`: the levels whose limits it lies outside; to be looked at together, and no verdict on anybody.
    """

    key: str | None
    joined: int
    count: int
    total: int
    limits: tuple[FunnelLimits, ...]
    outside: tuple[Fraction, ...]

    @property
    def share(self) -> float:
        """Of all with an answer."""
        return self.count / self.total


class Funnel(Struct, frozen=True, kw_only=True):
    """The target is the share of all together. `spread`: how much more the points differ than chance alone would make
    them (1: as much as chance); absent of fewer than two points. Above 1 the limits are too narrow.
    """

    count: int
    total: int
    points: tuple[FunnelPoint, ...]
    spread: float | None

    def limits(self, totals: Sequence[int], levels: Sequence[Fraction]) -> tuple[FunnelLimits, ...]:
        """The limits at other sizes, to draw their lines."""
        return tuple(_limits(total, self.count / self.total, level) for total in totals for level in levels)


def funnel(counts: Mapping[str | None, tuple[int, int]], least: int, levels: Sequence[Fraction]) -> Funnel | None:
    """The funnel of (count, total) by key; those with fewer than `least` are joined; None of fewer than `least` in all.

    Points stand in the order of their keys, what was joined last.
    """
    sizes = {key: total for key, (_, total) in counts.items() if total}
    count, whole = sum(counts[key][0] for key in sizes), sum(sizes.values())
    if whole < max(least, 1):
        return None
    target = count / whole
    points = tuple(_point(block, counts, target, levels) for block in joined(sizes, least))
    return Funnel(count=count, total=whole, points=points, spread=_spread(points, target))


def _point(
    block: Sequence[str | None], counts: Mapping[str | None, tuple[int, int]], target: float, levels: Sequence[Fraction]
) -> FunnelPoint:
    count, total = (sum(counts[key][part] for key in block) for part in (0, 1))
    limits = tuple(_limits(total, target, level) for level in levels)
    return FunnelPoint(
        key=block[0] if len(block) == 1 else None,
        joined=len(block),
        count=count,
        total=total,
        limits=limits,
        outside=tuple(row.level for row in limits if not row.fewest <= count <= row.most),
    )


def _limits(total: int, target: float, level: Fraction) -> FunnelLimits:
    tail = float((100 - level) / 200)
    return FunnelLimits(
        total=total,
        level=level,
        fewest=_first(total, target, tail),
        most=total - _first(total, 1 - target, tail),
    )


def _first(total: int, target: float, tail: float) -> int:
    """The first count up to which more than the tail lies: below it lies at most the tail."""
    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if below(middle + 1, total, target) > tail:
            high = middle
        else:
            low = middle + 1
    return low


def _spread(points: Sequence[FunnelPoint], target: float) -> float | None:
    """The mean square of the distances from the target in standard errors (Spiegelhalter 2005)."""
    if len(points) < 2 or not 0 < target < 1:
        return None
    squares = [(point.share - target) ** 2 * point.total / (target * (1 - target)) for point in points]
    return sum(squares) / len(squares)
