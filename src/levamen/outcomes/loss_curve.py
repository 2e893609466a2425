"""The share still relieved, day by day, where a loss is known only to lie between two days.

The share is Turnbull's (1974): the most likely one when each loss lies in a span, found by his self-consistent
iteration. Where Turnbull leaves open when inside a span the loss was, the step is drawn at its end, and the limits
reach down to the share after it. The limits are the outer ones of two product-limit (Kaplan-Meier) curves, one with
every loss on its first possible day and one with every loss on the day it was found, each with the log-log
interval from Greenwood's variance: pointwise, 95 %. They therefore also hold what the visits left open. Where that
variance says nothing (none lost yet, or nobody left) the exact limit of none among those followed stands instead.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import exp, log, sqrt

from msgspec import Struct

from levamen.outcomes.proportions import Z95, exact_limits

Span = tuple[int, int | None]
"""Days since the procedure: relief held on the first, and was gone on the second; None: not seen to be lost."""

_CLOSE, _CLOSE_ENOUGH = 1e-6, 1.0
"""The iteration ends when no other curve can be more likely by more than this (difference of log-likelihoods).

Where it ends earlier, because of `_WORK`, it is settled if the difference is less than half of what limits of 95 %
leave open (1.92), or than one in ten thousand followed.
"""
_WORK = 8_000_000
"""So many sums at most: a large cohort with thousands of different spans ends here."""


class Step(Struct, frozen=True, kw_only=True):
    """From this day on (in days since the procedure) this share is still relieved, with its limits.

    `at_risk`: so many were still followed, and not known to have lost relief, when the day began.
    """

    day: int
    share: float
    low: float
    high: float
    at_risk: int


class LossCurve(Struct, frozen=True, kw_only=True):
    """The steps in order, the first on day 0. `half`: the days between which half had lost relief, where it was seen.

    `half_limits`: the first days on which the lower and the upper limit are at or under half; None: later than was
    followed. `settled`: the iteration came to its end. `ends`: the last day of the curve; after it fewer than the least
    number were followed.
    """

    followed: int
    steps: tuple[Step, ...]
    half: tuple[int, int] | None
    half_limits: tuple[int | None, int | None]
    settled: bool
    ends: int

    def at(self, day: int) -> Step | None:
        """The step in force on a day; None beyond the end of the curve."""
        if day > self.ends:
            return None
        return self.steps[bisect_right(self.steps, day, key=lambda step: step.day) - 1]


class Mass(Struct, frozen=True):
    """A share of all losses that lies after one day and by another; without `to` it was not seen."""

    after: int
    to: int | None
    share: float


def loss_curve(spans: Mapping[Span, int], least: int = 1, also: Iterable[int] = ()) -> LossCurve | None:
    """The curve of counted spans, as far as at least `least` were followed; None of fewer.

    `also` are days on which a step is wanted: limits widen as fewer are followed, even while nobody is seen to lose it.
    Raises ValueError for a span that ends before it begins.
    """
    least, total = max(least, 1), sum(spans.values())
    if total < least:
        return None
    masses, settled = turnbull(spans)
    risk = _Followed(spans)
    ends = risk.last_with(least)
    early = product_limit(
        Counter(_counted(spans, lambda span: span[0] + 1)), Counter(_counted(spans, lambda span: span[0], lost=False))
    )
    late = product_limit(
        Counter(_counted(spans, lambda span: span[1] or 0)), Counter(_counted(spans, lambda span: span[0], lost=False))
    )
    days = {0, *also, *(row.day for row in (*early, *late))}
    days |= {day for mass in masses if mass.to is not None for day in (mass.after + 1, mass.to)}
    steps = []
    for day in sorted(day for day in days if day <= ends):
        share, after = _shares(masses, day)
        bands = [_in_force(curve, day, risk) for curve in (early, late)]
        steps.append(
            Step(
                day=day,
                share=share,
                low=min(after, *(band.low for band in bands)),
                high=max(share, *(band.high for band in bands)),
                at_risk=risk.on(day),
            )
        )
    return LossCurve(
        followed=total,
        steps=tuple(steps),
        half=_half(masses, ends),
        half_limits=(_under(steps, lambda step: step.low), _under(steps, lambda step: step.high)),
        settled=settled,
        ends=ends,
    )


def _counted(spans: Mapping[Span, int], day: Callable[[Span], int], *, lost: bool = True) -> dict[int, int]:
    """How many were lost (or were not seen to be lost) on which day, a span being counted on one of its days."""
    found: Counter[int] = Counter()
    for span, count in spans.items():
        if (span[1] is not None) is lost:
            found[day(span)] += count
    return found


class Limits(Struct, frozen=True):
    """A product-limit estimate from a day on, with its limits."""

    day: int
    share: float
    low: float
    high: float


def product_limit(lost: Mapping[int, int], censored: Mapping[int, int], z: float = Z95) -> tuple[Limits, ...]:
    """Kaplan and Meier's curve on the days of a loss, each with the log-log interval from Greenwood's variance.

    One censored on a day was still relieved at its end. Where nobody is left the lower limit is 0, and the upper that
    before, of as many as there may be of none among those who were left (exact, Clopper and Pearson).
    """
    at_risk = sum(lost.values()) + sum(censored.values())
    days, share, variance = sorted({*lost, *censored}), 1.0, 0.0
    found: list[Limits] = []
    for day in days:
        events = lost.get(day, 0)
        if events:
            share *= (at_risk - events) / at_risk
            if events < at_risk:
                variance += events / (at_risk * (at_risk - events))
                spread = z * sqrt(variance) / abs(log(share))
                found.append(Limits(day, share, share ** exp(spread), share ** exp(-spread)))
            else:
                before = found[-1].high if found else 1.0
                found.append(Limits(day, 0.0, 0.0, before * exact_limits(0, at_risk)[1]))
        at_risk -= events + censored.get(day, 0)
    return tuple(found)


def _in_force(curve: Sequence[Limits], day: int, risk: _Followed) -> Limits:
    place = bisect_right(curve, day, key=lambda row: row.day)
    if place:
        return curve[place - 1]
    # None lost so far: no variance, but the few who are followed may all be lucky. On day 0 all are relieved by choice.
    followed = risk.on(day)
    return Limits(day, 1.0, exact_limits(followed, followed)[0] if day and followed else 1.0, 1.0)


def turnbull(spans: Mapping[Span, int]) -> tuple[tuple[Mass, ...], bool]:
    """Where the losses lie: the most likely masses, in order, and whether the iteration came to its end.

    A span holds the days after its first up to its last. The masses lie on the innermost spans alone (Turnbull 1976);
    none of them is more precise than the visits were. Raises ValueError for a span that ends before it begins.
    """
    for held, lost in spans:
        if held < 0 or (lost is not None and lost <= held):
            raise ValueError(f"relief held on day {held} and was gone on day {lost}; the second must be later")
    cells = _innermost(spans)
    starts, stops = [held for held, _ in cells], [_END if lost is None else lost for _, lost in cells]
    ranges: Counter[tuple[int, int]] = Counter()
    for (held, lost), count in spans.items():
        ranges[bisect_left(starts, held), bisect_right(stops, _END if lost is None else lost)] += count
    rows = [(first, last, count) for (first, last), count in sorted(ranges.items())]
    total, width = sum(spans.values()), len(cells)
    masses, better = [1 / width] * width, float(total)
    for _ in range(max(_WORK // (len(rows) + width) // 2, 50)):
        once, _gap = _again(masses, rows, total)
        twice, better = _again(once, rows, total)
        if better < _CLOSE:
            masses = twice
            break
        masses = _ahead(masses, once, twice)
    masses, better = _again(masses, rows, total)
    whole = sum(masses)
    found = tuple(Mass(after, to, mass / whole) for (after, to), mass in zip(cells, masses, strict=True))
    return found, better < max(_CLOSE_ENOUGH, total / 10_000)


def _again(masses: Sequence[float], rows: Sequence[tuple[int, int, int]], total: int) -> tuple[list[float], float]:
    """One round of Turnbull's iteration: every loss shared out over its cells; and by how much a curve may be better.

    The bound is of the curve before the round: the largest gradient of the log-likelihood, less the number of people.
    """
    sums = [0.0, *accumulate(masses)]
    changes = [0.0] * (len(masses) + 1)
    for first, last, count in rows:
        weight = count / (sums[last] - sums[first])
        changes[first] += weight
        changes[last] -= weight
    gains = list(accumulate(changes[:-1]))
    return [mass * gain / total for mass, gain in zip(masses, gains, strict=True)], max(gains) - total


def _ahead(start: Sequence[float], once: Sequence[float], twice: Sequence[float]) -> list[float]:
    """Where two rounds lead to, further on (squared extrapolation): the iteration is slow, and this changes its speed
    alone. No mass is taken away whole, so that none is lost by going too far.
    """
    first = [b - a for a, b in zip(start, once, strict=True)]
    bend = [c - 2 * b + a for a, b, c in zip(start, once, twice, strict=True)]
    size = sqrt(sum(x * x for x in bend))
    if size == 0:
        return list(twice)
    far = max(sqrt(sum(x * x for x in first)) / size, 1.0)
    leapt = [a + 2 * far * x + far * far * y for a, x, y in zip(start, first, bend, strict=True)]
    kept = [max(x, c / 10) for x, c in zip(leapt, twice, strict=True)]
    whole = sum(kept)
    return [x / whole for x in kept]


_END = 1 << 40
"""Later than any day: the end of a span whose loss was not seen."""


def _innermost(spans: Mapping[Span, int]) -> list[Span]:
    """The spans from a first day to the next last day with no other first day between."""
    starts, stops = sorted({held for held, _ in spans}), sorted({_END if lost is None else lost for _, lost in spans})
    found: list[Span] = []
    for place, start in enumerate(starts):
        stop = stops[bisect_right(stops, start)]
        if place + 1 == len(starts) or starts[place + 1] >= stop:
            found.append((start, None if stop == _END else stop))
    return found


def _shares(masses: Sequence[Mass], day: int) -> tuple[float, float]:
    """The share on a day, and the least it may be: where the day lies inside a span, the loss may have been before."""
    lost = sum(mass.share for mass in masses if mass.to is not None and mass.to <= day)
    perhaps = sum(mass.share for mass in masses if mass.to is not None and mass.after < day < mass.to)
    return max(1.0 - lost, 0.0), max(1.0 - lost - perhaps, 0.0)


def _half(masses: Sequence[Mass], ends: int) -> tuple[int, int] | None:
    """The innermost span in which half had lost relief, if that was seen by the end of the curve."""
    lost = 0.0
    for mass in masses:
        lost += mass.share
        if lost >= 0.5 - 1e-9:
            return (mass.after, mass.to) if mass.to is not None and mass.to <= ends else None
    return None


def _under(steps: Sequence[Step], read: Callable[[Step], float]) -> int | None:
    return next((step.day for step in steps if read(step) <= 0.5 + 1e-9), None)


class _Followed:
    """How many were followed on each day: up to the day their loss was found, or the last day with relief."""

    def __init__(self, spans: Mapping[Span, int]) -> None:
        until: Counter[int] = Counter()
        for (held, lost), count in spans.items():
            until[held if lost is None else lost] += count
        self.days = sorted(until)
        self.left = [0, *accumulate(until[day] for day in self.days)]

    def on(self, day: int) -> int:
        """How many on a day."""
        return self.left[-1] - self.left[bisect_left(self.days, day)]

    def last_with(self, least: int) -> int:
        """The last day with so many."""
        return next(day for day in reversed(self.days) if self.on(day) >= least)
