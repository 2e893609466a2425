"""Groups that are too small to be shown by themselves are joined, so that nothing can be found by subtraction.

Whatever is told of a table (a group, a procedure, all) is then a union of blocks; a block is one group that is large
enough, or several groups that are so together. Two tables of different groups or days can still be subtracted from one
another: who publishes both must look at both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

_K = TypeVar("_K")


def joined(sizes: Mapping[_K, int], least: int) -> tuple[tuple[_K, ...], ...]:
    """The groups in blocks of at least `least`, in the order of their keys; what was joined comes last.

    All groups below the least are joined; while that is not enough, the smallest of the others is joined to them. Where
    everything together is below the least there is one block.
    """
    keys = sorted(sizes, key=_order)
    small = [key for key in keys if sizes[key] < least]
    alone = [key for key in keys if sizes[key] >= least]
    while small and alone and sum(sizes[key] for key in small) < least:
        nearest = min(alone, key=lambda key: sizes[key])
        alone.remove(nearest)
        small.append(nearest)
    blocks: list[tuple[_K, ...]] = [(key,) for key in alone]
    return (*blocks, tuple(sorted(small, key=_order))) if small else tuple(blocks)


def joined_within(sizes: Mapping[tuple[_K, Any], int], least: int) -> tuple[tuple[tuple[_K, Any], ...], ...]:
    """Groups of pairs: joined first with those of the same first half, and across only where those are too few.

    So the sum of a first half can be told as well, where it is large enough: it is a union of blocks.
    """
    whole: dict[_K, int] = defaultdict(int)
    for (first, _), size in sizes.items():
        whole[first] += size
    blocks: list[tuple[tuple[_K, Any], ...]] = []
    for firsts in joined(whole, least):
        inside = {key: size for key, size in sizes.items() if key[0] in firsts}
        if len(firsts) == 1:
            blocks += joined(inside, least)
        else:
            blocks.append(tuple(sorted(inside, key=_order)))
    return tuple(blocks)


def _order(key: object) -> list[str]:
    """Any key by its words; what is not recorded comes last."""
    parts = key if isinstance(key, tuple) else (key,)
    return [word for part in parts for word in (_order(part) if isinstance(part, tuple) else (_word(part),))]


def _word(part: object) -> str:
    return "\U0010ffff" if part is None else str(part)
