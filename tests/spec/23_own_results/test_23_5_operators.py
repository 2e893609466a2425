"""Operators, and no league table"""

from __future__ import annotations

from collections.abc import Iterable

from own_results import results, treated

from levamen.outcomes.cohort_rows import TreatmentRow
from levamen.outcomes.funnel import Funnel


def operators(*rows: Iterable[TreatmentRow]) -> Funnel:
    """The operators of the one procedure."""
    (one,) = results(*rows).procedures
    assert one.operators is not None
    return one.operators


def test_in_the_order_of_their_keys() -> None:
    """The order is that of the keys, whatever the shares: B, who has most, stands second."""
    found = operators(
        treated(12, "yes", operator="A"), treated(8, "no", operator="A"),
        treated(19, "yes", operator="B"), treated(1, "no", operator="B"),
        treated(9, "yes", operator="C"), treated(11, "no", operator="C"),
    )  # fmt: skip
    assert [(point.key, point.count, point.total) for point in found.points] == [
        ("A", 12, 20),
        ("B", 19, 20),
        ("C", 9, 20),
    ]


def test_outside_means_look_together() -> None:
    """All together have 49 of 86. Of 58, chance explains 26 to 40 at 95 per cent and 21 to 44 at 99.8; of 28, 11 to 21
    and 8 to 24. 45 of 58 and 4 of 28 lie outside both.
    """
    found = operators(
        treated(45, "yes", operator="A"), treated(13, "no", operator="A"),
        treated(4, "yes", operator="B"), treated(24, "no", operator="B"),
    )  # fmt: skip
    assert [[(row.fewest, row.most) for row in point.limits] for point in found.points] == [
        [(26, 40), (21, 44)],
        [(11, 21), (8, 24)],
    ]
    assert [(point.key, [float(level) for level in point.outside]) for point in found.points] == [
        ("A", [95.0, 99.8]),
        ("B", [95.0, 99.8]),
    ]


def test_fewer_than_ten_answers_are_joined() -> None:
    """Nobody is compared on nine answers, and nobody's nine can be found by subtraction."""
    found = operators(
        treated(30, "yes", operator="A"), treated(9, "no", operator="B"), treated(15, "yes", operator="C")
    )
    assert [(point.key, point.joined, point.total) for point in found.points] == [("A", 1, 30), (None, 2, 24)]


def test_only_answers_count() -> None:
    """Who is missing is not held against anybody, and not for anybody."""
    found = operators(treated(15, "yes", operator="A"), treated(40, operator="A"), treated(15, "no", operator="B"))
    assert [point.total for point in found.points] == [15, 15]


def test_without_operators_there_is_no_funnel() -> None:
    """Nothing is compared where nobody says who did what."""
    (one,) = results(treated(30, "yes")).procedures
    assert one.operators is None
