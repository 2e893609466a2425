"""How well known the values are that made an outcome what it is (design 3.1, Marks)."""

from __future__ import annotations

from levamen.criteria.nodes import MARKS, All, Any, EachTarget, IfThen, Mark, Not, The, cites_in, weakest
from levamen.criteria.outcome import Outcome


def deciding_mark(outcome: Outcome) -> Mark:
    """The weakest mark among the values that decided; of several branches that each suffice, the strongest."""
    node = outcome.node
    if not outcome.children:
        return _inside(node)
    if isinstance(node, Not):
        return deciding_mark(outcome.children[0])
    if isinstance(node, The):
        return weakest((_inside(node.pick), *(deciding_mark(child) for child in outcome.children)))
    deciding = [deciding_mark(child) for child in outcome.children if child.status == outcome.status]
    if not deciding:
        return _inside(node)
    one_suffices = {"met": isinstance(node, Any | IfThen), "not_met": isinstance(node, All | EachTarget)}
    if one_suffices.get(outcome.status, False):
        return min(deciding, key=MARKS.index)
    return weakest(tuple(deciding))


def _inside(node: object) -> Mark:
    return weakest(tuple(cite.mark for cite in cites_in(node)))
