"""Shares and their limits as published examples give them."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.outcomes.proportions import below, exact_limits, wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_prints_it(count: int, total: int, low: float, high: float) -> None:
    """Newcombe, Stat Med 1998;17:857-872, the four examples, method 3."""
    assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_exact_limits_as_scipy_shows_them() -> None:
    """SciPy manual, BinomTestResult.proportion_ci: 7 of 50, exact."""
    assert exact_limits(7, 50) == pytest.approx((0.05819170033997342, 0.26739600249700846), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_exact_limits_as_newcombe_prints_them(count: int, total: int, low: float, high: float) -> None:
    """The same four examples, method 5."""
    assert exact_limits(count, total) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("total", [30, 131, 1500])
def test_none_seen_is_near_the_rule_of_three(total: int) -> None:
    """Eypasch et al., BMJ 1995;311:619-620: none of n, then at most 3 in n with 95 % on one side."""
    assert exact_limits(0, total, tail=0.05)[1] == pytest.approx(3 / total, rel=0.06)
    assert exact_limits(0, total)[1] == pytest.approx(1 - 0.025 ** (1 / total), abs=1e-12)


@given(st.integers(1, 60), st.data())
def test_the_limits_are_those_whose_tails_they_name(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = exact_limits(count, total)
    share = data.draw(st.sampled_from([0.03, 0.2, 0.5, 0.9]))
    assert below(count, total, share) == pytest.approx(
        sum(comb(total, each) * share**each * (1 - share) ** (total - each) for each in range(count)), abs=1e-12
    )
    assert low <= count / total <= high
    if count:
        assert 1 - below(count, total, low) == pytest.approx(0.025, abs=1e-6)
    if count < total:
        assert below(count + 1, total, high) == pytest.approx(0.025, abs=1e-6)


@given(st.integers(1, 500), st.data())
def test_the_score_interval_holds_the_share(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1
    mirrored = wilson(total - count, total)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(count, total)
    with pytest.raises(ValueError, match="is no share"):
        exact_limits(count, total)


def test_large_counts_are_quick_and_right() -> None:
    """Of a million with half the limits are the normal ones: 0.5 more or less 1.96 / 2000."""
    low, high = exact_limits(500_000, 1_000_000)
    assert (low, high) == pytest.approx((0.5 - 0.00098, 0.5 + 0.00098), abs=2e-6)
