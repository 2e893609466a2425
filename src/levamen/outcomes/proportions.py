"""Shares of counts with their uncertainty: the score interval, exact limits, and the exact tails of a binomial count.

Wilson's interval is told of a share; Clopper and Pearson's exact limit of a rare event, of which none may have been
seen. Numbers are floats: nothing here is compared with a clinical threshold.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)
"""Standard errors to each side of a two-sided interval of 95 %."""


def wilson(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of Wilson (1927), without continuity correction. Raises ValueError for no count of a total."""
    _checked(count, total)
    share, square = count / total, z * z
    middle = share + square / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    low, high = (middle - spread) / (1 + square / total), (middle + spread) / (1 + square / total)
    # At the ends the formula gives 0 and 1 but for rounding.
    return (0.0 if count == 0 else max(low, 0.0)), (1.0 if count == total else min(high, 1.0))


def exact_limits(count: int, total: int, tail: float = 0.025) -> tuple[float, float]:
    """The limits of Clopper and Pearson (1934): each tail holds at most `tail`. Raises ValueError likewise."""
    _checked(count, total)
    low = 0.0 if count == 0 else _root(lambda share: 1 - below(count, total, share), tail)
    high = 1.0 if count == total else _root(lambda share: 1 - below(count + 1, total, share), 1 - tail)
    return low, high


def below(count: int, total: int, share: float) -> float:
    """The probability of fewer than `count` of `total` where each happens with probability `share`."""
    if count <= 0:
        return 0.0
    if count > total:
        return 1.0
    if share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    if count - 1 <= total * share:
        return min(_tail(count - 1, -1, total, share), 1.0)
    return max(1 - _tail(count, 1, total, share), 0.0)


def _tail(start: int, step: int, total: int, share: float) -> float:
    """The sum of the probabilities from a count away from the mean, as far as they still add to it."""
    if not 0 <= start <= total:
        return 0.0
    odds = share / (1 - share)
    found, count, term = 0.0, start, exactly(start, total, share)
    while True:
        found += term
        if term < found * 1e-17:
            return found
        count += step
        if not 0 <= count <= total:
            return found
        # Each probability from its neighbour: a large group has tens of thousands of them.
        term *= (total - count + 1) / count * odds if step == 1 else (count + 1) / (total - count) / odds


def exactly(count: int, total: int, share: float) -> float:
    """The probability of `count` of `total`; `share` lies between 0 and 1."""
    ways = lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
    return exp(ways + count * log(share) + (total - count) * log1p(-share))


def _checked(count: int, total: int) -> None:
    if total < 1 or not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share; give a count from 0 to a total of at least 1")


def _root(rising: Callable[[float], float], wanted: float) -> float:
    """Where a function that rises from 0 to 1 takes a value, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
