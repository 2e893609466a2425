"""No group below the least number can be found, by looking or by subtraction."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from levamen.outcomes.small_numbers import joined, joined_within

SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), min_size=1, max_size=7)
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("xyz"), st.one_of(st.none(), st.sampled_from("abc"))),
    st.integers(0, 30),
    min_size=1,
    max_size=9,
)


def test_the_small_are_joined() -> None:
    assert joined({"a": 40, "b": 4, "c": 7}, 10) == (("a",), ("b", "c"))


def test_one_small_group_takes_the_smallest_other_with_it() -> None:
    """Else all less the two large ones would be the four of b."""
    assert joined({"a": 40, "b": 4, "c": 12}, 10) == (("a",), ("b", "c"))


def test_exactly_the_least_number_stands_alone() -> None:
    assert joined({"a": 10, "b": 9, "c": 11}, 10) == (("c",), ("a", "b"))


def test_all_together_may_be_too_few() -> None:
    assert joined({"a": 1, "b": 2}, 10) == (("a", "b"),)


def test_first_inside_a_procedure() -> None:
    """A small indication is joined to another of its procedure, and to another procedure only where it must be."""
    sizes = {("x", "a"): 30, ("x", "b"): 3, ("y", "a"): 20, ("z", "a"): 2}
    assert joined_within(sizes, 10) == ((("x", "a"), ("x", "b")), (("y", "a"), ("z", "a")))


@given(SIZES, st.integers(1, 12))
def test_nothing_can_be_subtracted(sizes: dict[str, int], least: int) -> None:
    """Every sum of blocks taken from any other sum of blocks, or from all, leaves no small group by itself."""
    blocks = joined(sizes, least)
    assert sorted(key for block in blocks for key in block) == sorted(sizes)
    told = [set(block) for block in blocks]
    unions = [set().union(*some) for count in range(len(told) + 1) for some in combinations(told, count)]
    small = {key for key in sizes if sizes[key] < least}
    if sum(sizes.values()) >= least:
        for one in unions:
            for other in unions:
                left = one - other if other <= one else set()
                assert not left or sum(sizes[key] for key in left) >= least
                assert not (len(left) == 1 and left & small)


@given(PAIRS, st.integers(1, 12))
def test_nothing_can_be_subtracted_from_the_sum_of_a_procedure(
    sizes: dict[tuple[str, str | None], int], least: int
) -> None:
    """The sum of a procedure is told as well, where its groups are not joined to those of another."""
    blocks = joined_within(sizes, least)
    assert sorted(map(repr, (key for block in blocks for key in block))) == sorted(map(repr, sizes))
    if sum(sizes.values()) >= least:
        for block in blocks:
            assert sum(sizes[key] for key in block) >= least
    alone = [block for block in blocks if len({first for first, _ in block}) == 1]
    mixed = {first for block in blocks if block not in alone for first, _ in block}
    assert not mixed & {first for block in alone for first, _ in block}, "a procedure is told whole or joined whole"


@given(SIZES, st.integers(1, 12), st.randoms())
def test_the_order_of_the_groups_does_not_matter(sizes: dict[str, int], least: int, random: object) -> None:
    keys = list(sizes)
    random.shuffle(keys)
    assert joined({key: sizes[key] for key in keys}, least) == joined(sizes, least)
