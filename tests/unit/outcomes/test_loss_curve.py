"""The curve of time to loss: Turnbull's own example, the remission data of the textbooks, and what always holds."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.outcomes.loss_curve import Span, loss_curve, product_limit, turnbull

RELAPSED = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
STILL_WELL = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
"""Weeks in remission of the 21 who had 6-mercaptopurine (Freireich et al. 1963; Gehan 1965)."""

SPANS = st.lists(st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 9))), min_size=1, max_size=25).map(
    lambda rows: Counter[Span]((held, None if wide is None else held + wide) for held, wide in rows)
)


def test_turnbull_as_he_published_it() -> None:
    """Turnbull, JASA 1974;69:169-173: deaths 12, 6, 2, 3 at 1 to 4; losses 3, 2, 0, 3; late entries 2, 4, 2, 5."""
    spans: Counter[Span] = Counter()
    for time, deaths, losses, late in ((1, 12, 3, 2), (2, 6, 2, 4), (3, 2, 0, 2), (4, 3, 3, 5)):
        spans[time - 1, time] += deaths
        spans[time, None] += losses
        spans[0, time] += late
    curve = loss_curve(+spans)
    assert curve is not None
    shares = [step.share for day in (1, 2, 3, 4) if (step := curve.at(day)) is not None]
    assert [round(share, 3) for share in shares] == [0.538, 0.295, 0.210, 0.095]


def test_product_limit_as_the_textbooks_print_it() -> None:
    """Gehan data, 6-MP: survival and log-log limits (Princeton, sts list; R, survfit with conf.type log-log)."""
    found = product_limit(RELAPSED, STILL_WELL)
    assert [row.day for row in found] == [6, 7, 10, 13, 16, 22, 23]
    assert [row.share for row in found] == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert [row.low for row in found] == pytest.approx([0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188], abs=5e-4)
    assert [row.high for row in found] == pytest.approx([0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680], abs=5e-4)


def test_where_every_day_is_known_it_is_the_product_limit() -> None:
    """A loss known to the day leaves nothing open: Turnbull's share is Kaplan and Meier's, and half are lost at 23."""
    spans = {(day - 1, day): count for day, count in RELAPSED.items()}
    curve = loss_curve(Counter(spans) + Counter({(day, None): count for day, count in STILL_WELL.items()}))
    assert curve is not None
    steps = {step.day: step for step in curve.steps}
    for row in product_limit(RELAPSED, STILL_WELL):
        step = steps[row.day]
        assert (step.share, step.low, step.high) == pytest.approx((row.share, row.low, row.high), abs=1e-5)
    assert curve.half == (22, 23)
    assert [steps[day].at_risk for day in (6, 7, 10, 13, 16, 22, 23)] == [21, 17, 15, 12, 11, 7, 6]


def test_a_loss_between_two_visits_is_not_more_precise_than_they_were() -> None:
    """All lost between day 90 and day 180: on day 120 nobody knows, and the limits reach down to none."""
    curve = loss_curve({(90, 180): 20})
    assert curve is not None
    inside, after = curve.at(120), curve.at(180)
    assert inside is not None
    assert after is not None
    assert (inside.share, inside.low, inside.high) == (1.0, 0.0, 1.0)
    assert after.share == 0.0
    assert curve.half == (90, 180)


def test_the_curve_ends_where_too_few_are_followed() -> None:
    """Ten followed to day 100, four to day 200: with a least number of ten nothing is said after day 100."""
    spans = {(100, None): 6, (200, None): 4}
    curve = loss_curve(spans, 10)
    assert curve is not None
    assert curve.ends == 100
    assert curve.at(101) is None
    assert loss_curve({(100, None): 9}, 10) is None


@pytest.mark.parametrize("span", [(5, 5), (5, 4), (-1, 3)])
def test_a_span_that_ends_before_it_begins_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="the second must be later"):
        turnbull({span: 1})


@settings(deadline=None)
@given(SPANS)
def test_what_always_holds(spans: Counter[Span]) -> None:
    """The share falls and stays inside its limits; numbers followed fall; the iteration certifies its own end."""
    curve = loss_curve(spans)
    assert curve is not None
    assert curve.settled
    assert curve.steps[0].day == 0
    assert curve.steps[0].at_risk == sum(spans.values()) == curve.followed
    for one, other in zip(curve.steps, curve.steps[1:], strict=False):
        assert one.day < other.day
        assert one.share >= other.share - 1e-9
        assert one.at_risk >= other.at_risk
    for step in curve.steps:
        assert 0 <= step.low <= step.share + 1e-9
        assert step.share <= step.high + 1e-9
        assert step.high <= 1 + 1e-9


@settings(deadline=None)
@given(SPANS, st.integers(2, 5))
def test_more_of_the_same_moves_nothing_but_the_limits(spans: Counter[Span], times: int) -> None:
    """Each person several times: the same shares, and limits that are no wider."""
    once = loss_curve(spans)
    often = loss_curve({span: count * times for span, count in spans.items()})
    assert once is not None
    assert often is not None
    for one, other in zip(once.steps, often.steps, strict=True):
        assert (one.day, one.share) == (other.day, pytest.approx(other.share, abs=2e-3))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 9)), min_size=1, max_size=20))
def test_the_masses_are_the_most_likely(rows: list[tuple[int, int]]) -> None:
    """Moving a little of all mass to any one cell never makes the observations more likely."""
    spans = Counter[Span]((held, held + wide) for held, wide in rows)
    masses, _ = turnbull(spans)

    def chance(span: Span, shares: list[float]) -> float:
        return sum(
            share
            for mass, share in zip(masses, shares, strict=True)
            if mass.after >= span[0] and mass.to is not None and span[1] is not None and mass.to <= span[1]
        )

    best = [mass.share for mass in masses]
    for place in range(len(masses)):
        moved = [0.999 * share + (0.001 if at == place else 0) for at, share in enumerate(best)]
        ratio = 1.0
        for span, count in spans.items():
            ratio *= (chance(span, moved) / chance(span, best)) ** count
        assert ratio <= 1 + 1e-5
