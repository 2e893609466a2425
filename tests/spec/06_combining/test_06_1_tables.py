"""And, or, not"""

from __future__ import annotations

from itertools import product

import pytest
from specimen import EACH, MET, NOT_MET, blocks, value

from levamen.criteria.nodes import All, Any, EachTarget, Exists, IfThen, Not, Same, Truth
from levamen.criteria.truth import Status

VALUES: tuple[Status, ...] = ("met", "ambiguous", "unknown", "not_met")


@pytest.mark.parametrize(
    ("left", "right", "and_", "or_"),
    [
        ("met", "met", "met", "met"),
        ("met", "ambiguous", "ambiguous", "met"),
        ("met", "unknown", "unknown", "met"),
        ("met", "not_met", "not_met", "met"),
        ("ambiguous", "met", "ambiguous", "met"),
        ("ambiguous", "ambiguous", "ambiguous", "ambiguous"),
        ("ambiguous", "unknown", "unknown", "unknown"),
        ("ambiguous", "not_met", "not_met", "ambiguous"),
        ("unknown", "met", "unknown", "met"),
        ("unknown", "ambiguous", "unknown", "unknown"),
        ("unknown", "unknown", "unknown", "unknown"),
        ("unknown", "not_met", "not_met", "unknown"),
        ("not_met", "met", "not_met", "met"),
        ("not_met", "ambiguous", "not_met", "ambiguous"),
        ("not_met", "unknown", "not_met", "unknown"),
        ("not_met", "not_met", "not_met", "not_met"),
    ],
)
def test_and_or(left: Status, right: Status, and_: Status, or_: Status) -> None:
    """The table of `and` and `or`, all sixteen cells."""
    assert value(All((EACH[left], EACH[right]))) == and_
    assert value(Any((EACH[left], EACH[right]))) == or_


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("met", "not_met"),
        ("ambiguous", "ambiguous"),
        ("unknown", "unknown"),
        ("not_met", "met"),
    ],
)
def test_not(item: Status, expected: Status) -> None:
    """`not` swaps met and not met and keeps the others."""
    assert value(Not(EACH[item])) == expected


def test_of_nothing() -> None:
    """`and` of nothing is met, `or` of nothing is not met."""
    assert value(All(())) == "met"
    assert value(Any(())) == "not_met"


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_de_morgan(left: Status, right: Status) -> None:
    """De Morgan holds: not (a and b) is (not a) or (not b), and the other way round."""
    a, b = EACH[left], EACH[right]
    assert value(Not(All((a, b)))) == value(Any((Not(a), Not(b))))
    assert value(Not(Any((a, b)))) == value(All((Not(a), Not(b))))


@pytest.mark.parametrize(("a", "b", "c"), list(product(VALUES, VALUES, VALUES)))
def test_grouping_and_order_do_not_matter(a: Status, b: Status, c: Status) -> None:
    """How items are grouped and ordered does not matter."""
    x, y, z = EACH[a], EACH[b], EACH[c]
    for join in (All, Any):
        whole = value(join((x, y, z)))
        assert whole == value(join((z, x, y))) == value(join((join((x, y)), z))) == value(join((x, join((y, z)))))


@pytest.mark.parametrize(("condition", "then"), list(product(VALUES, VALUES)))
def test_if_then(condition: Status, then: Status) -> None:
    """ "If a then b" is (not a) or b: where the condition does not hold, it is met."""
    expected = value(Any((Not(EACH[condition]), EACH[then])))
    assert value(IfThen(EACH[condition], EACH[then])) == expected
    assert value(IfThen(NOT_MET, EACH[then])) == "met"
    assert value(IfThen(MET, EACH[then])) == then


def test_both_sides_are_two_targets() -> None:
    """A request of both sides has two: a block of the left and another of the right serve it together."""
    here: Truth = Exists(blocks(where=Same("side", "covers")))
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: left}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: %s}
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: both}]
        """
    assert value(EachTarget(here), chart % "right") == "met"
    assert value(EachTarget(here), chart % "left") == "not_met"


def test_each_side_and_level_by_itself() -> None:
    """What must hold at each side and level of a request is judged at each by itself, and then joined by `and`: a
    block of one joint does not serve another, nor one side the other.
    """
    here: Truth = Exists(blocks(where=All((Same("side", "covers"), Same("joints", "covers")))))
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: %s, joints: [L3-4]}
          - {id: P-2, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: right, joints: %s}
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: %s, joints: [L3-4, L4-5]}]
        """
    assert value(EachTarget(here), chart % ("right", "[L4-5]", "right")) == "met"
    assert value(here, chart % ("right", "[L4-5]", "right")) == "not_met"
    assert value(EachTarget(here), chart % ("left", "[L4-5]", "right")) == "not_met"
    assert value(EachTarget(here), chart % ("right", "[L5-S1]", "right")) == "not_met"
    assert value(EachTarget(here), chart % ("both", "[L4-5]", "both")) == "not_met"
