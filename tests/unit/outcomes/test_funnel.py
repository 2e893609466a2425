"""The limits of a funnel as the tables of the sign test print them, and what is never told."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.outcomes.funnel import funnel
from levamen.outcomes.proportions import below

LEVELS = (Fraction(95), Fraction("99.8"))


@pytest.mark.parametrize(("total", "critical"), [(10, 1), (20, 5), (25, 7), (50, 17)])
def test_half_as_the_sign_test_has_it(total: int, critical: int) -> None:
    """Two-sided 5 %, target one half: critical values 1 of 10, 5 of 20, 7 of 25, 17 of 50 (tables of the sign test)."""
    found = funnel({"A": (total // 2, total), "B": (total - total // 2, total)}, 10, LEVELS)
    assert found is not None
    limits = found.points[0].limits[0]
    assert (limits.fewest, limits.most) == (critical + 1, total - critical - 1)


def test_outside_is_to_be_looked_at() -> None:
    """5 of 20 where all together have half: outside 95 %, inside 99.8 %."""
    found = funnel({"A": (5, 20), "B": (45, 80)}, 10, LEVELS)
    assert found is not None
    assert [(point.key, point.outside) for point in found.points] == [("A", (Fraction(95),)), ("B", ())]


def test_no_operator_below_the_least_number() -> None:
    """Four answers are joined with the next smallest: neither can be found."""
    found = funnel({"A": (2, 4), "B": (9, 14), "C": (30, 60)}, 10, LEVELS)
    assert found is not None
    assert [(point.key, point.joined, point.total) for point in found.points] == [("C", 1, 60), (None, 2, 18)]
    assert funnel({"A": (2, 4)}, 10, LEVELS) is None


def test_points_stand_by_their_keys_and_not_by_merit() -> None:
    found = funnel({"C": (20, 20), "A": (10, 20), "B": (0, 20)}, 10, LEVELS)
    assert found is not None
    assert [point.key for point in found.points] == ["A", "B", "C"]
    assert found.spread is not None
    assert found.spread > 1


@settings(deadline=None)
@given(st.integers(10, 120), st.integers(0, 120), st.sampled_from(LEVELS))
def test_chance_lies_outside_no_more_often_than_said(total: int, yes: int, level: Fraction) -> None:
    """Manktelow and Seaton, PLoS One 2012: limits that are never crossed by chance more often than their level."""
    count = min(yes, total)
    found = funnel({"A": (count, total)}, 10, (level,))
    assert found is not None
    limits, target, tail = found.points[0].limits[0], count / total, float((100 - level) / 200)
    assert below(limits.fewest, total, target) <= tail + 1e-12
    assert 1 - below(limits.most + 1, total, target) <= tail + 1e-9
    assert found.points[0].outside == ()
