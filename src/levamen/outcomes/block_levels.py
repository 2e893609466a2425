"""The thresholds that policies themselves state for a procedure's relief, found in the trees they built.

Nothing is copied: a leaf of a policy's own tree is asked of one procedure, with the engine that judges the policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from levamen.criteria.nodes import (
    Among,
    Compare,
    Facts,
    Field,
    Held,
    Judged,
    Limit,
    Node,
    Not,
    Number,
    Streak,
    The,
    Truth,
    parts,
    walk,
)
from levamen.knowledge.model import Rule


class Asked(Struct, frozen=True):
    """A comparison of relief in a rule, and the therapies and purposes of the facts that it is asked of."""

    leaf: Compare
    therapies: frozenset[str]
    purposes: frozenset[str]

    def concerns(self, therapy: str | None, purpose: str | None) -> bool:
        """Whether it is asked of such a procedure."""
        return therapy in self.therapies and (not self.purposes or purpose is None or purpose in self.purposes)

    @property
    def level(self) -> tuple[Limit, ...]:
        """The relief that is asked for."""
        quantity = self.leaf.quantity
        return (quantity.level,) if isinstance(quantity, Held) else self.leaf.limits


_BEST = Field("it", "best_relief")
_KNOWN: dict[int, tuple[Rule, tuple[Asked, ...]]] = {}
_KNOWN_AT_MOST = 20_000


def asked_of_relief(rule: Rule) -> tuple[Asked, ...]:
    """Every comparison of relief in a rule. Found once: rules are built once and kept."""
    known = _KNOWN.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    if len(_KNOWN) >= _KNOWN_AT_MOST:
        _KNOWN.clear()
    found: dict[tuple[object, ...], Asked] = {}
    for criterion in rule.criteria:
        for one in _walk(criterion.says, None):
            key = (one.leaf, one.therapies, one.purposes)
            found.setdefault(key, one)
    _KNOWN[id(rule)] = (rule, tuple(found.values()))
    return tuple(found.values())


_JUDGEMENTS: dict[int, tuple[Rule, tuple[str, ...]]] = {}


def anesthetic_judgements(rule: Rule) -> tuple[str, ...]:
    """What a rule leaves to a clinician about the anesthetic of a test. Found once, as above."""
    known = _JUDGEMENTS.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    if len(_JUDGEMENTS) >= _KNOWN_AT_MOST:
        _JUDGEMENTS.clear()
    nodes = (node for criterion in rule.requirements for node in walk(criterion.says))
    found = tuple(node.says for node in nodes if isinstance(node, Judged) and "anesthetic" in node.says)
    _JUDGEMENTS[id(rule)] = (rule, found)
    return found


def _walk(node: object, facts: Facts | None) -> Iterator[Asked]:
    match node:
        case Not():
            return  # what must not have helped is no threshold of success
        case The(pick, that):
            yield from _walk(pick.facts, facts)
            yield from _walk(that, pick.facts)
        case Streak(selected, that):
            yield from _walk(selected, facts)
            yield from _walk(that, selected)
        case Facts():
            if node.where is not None:
                yield from _walk(node.where, node)
        case Compare() if facts is not None and _of_relief(node):
            therapies, purposes = _words(facts.where, "therapy"), _words(facts.where, "purpose")
            if therapies:
                yield Asked(node, therapies, purposes)
        case _:
            for part in parts(node):
                yield from _walk(part, facts)


def _of_relief(node: Compare) -> bool:
    quantity = node.quantity
    return quantity == Number(_BEST) or (isinstance(quantity, Held) and quantity.series == "relief")


def _words(where: Truth | None, name: str) -> frozenset[str]:
    """The words that a field of the fact must have, wherever in the condition that stands."""
    found: frozenset[str] = frozenset()
    nodes: tuple[Node, ...] = walk(where) if where is not None else ()  # type: ignore[assignment]  # a tree holds nodes
    for node in nodes:
        if isinstance(node, Among) and node.field == Field("it", name):
            found |= frozenset().union(*(choice.words for choice in node.choices))
    return found
