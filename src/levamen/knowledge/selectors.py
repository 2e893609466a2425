"""To whom a row of a checklist applies: a closed set of selectors, as data. No expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from levamen.knowledge.loader import Reader, known_word
from levamen.record import codes
from levamen.text.tree import Scalar

SECTIONS: Mapping[str, str] = {
    "therapies": "therapies",
    "regions": "regions",
    "approaches": "qualifiers.approach",
    "purposes": "purposes",
    "sedation": "sedation",
    "agents": "drug_classes",
    "classes": "drug_classes",
    "bleeding": "bleeding_classes",
    "devices": "devices",
    "events": "events",
}
"""Every selector, and the section of the vocabulary its words are of. `agents` are classes of drugs injected, `classes`
classes of drugs on the patient's list, `events` what happened at the procedure."""

_KEYS = {*SECTIONS, "kinds", "groups"}


class Selector(Struct, frozen=True, kw_only=True):
    """What must hold together. An empty set of words does not limit; within a set one word is enough."""

    therapies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    approaches: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    sedation: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    bleeding: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()

    def overlaps(self, other: Selector) -> bool:
        """Whether some case could match both."""
        pairs = ((getattr(self, key), getattr(other, key)) for key in SECTIONS)
        return all(not mine or not theirs or mine & theirs for mine, theirs in pairs)


Selectors = tuple[Selector, ...]
"""Alternatives: a row applies where any of them matches."""
EVERYBODY: Selectors = (Selector(),)


def read_applies(row: Reader, groups: Mapping[str, frozenset[str]]) -> Selectors:
    """The `applies` of a row: the word `all`, or a list of selectors of which one must match. Raises KnowledgeError."""
    node = row.node("applies")
    if node is None:
        raise row.fail("no applies; write `all`, or a list of selectors")
    if isinstance(node, Scalar):
        if node.text != "all":
            raise row.fail(f"'{node.text}' selects nobody; write `all`, or a list of selectors", "applies")
        return EVERYBODY
    found = tuple(_selector(child, groups) for child in row.children("applies"))
    if not found:
        raise row.fail("applies is empty; write `all`, or a list of selectors", "applies")
    return found


def _selector(row: Reader, groups: Mapping[str, frozenset[str]]) -> Selector:
    row.only(_KEYS)
    words = {key: frozenset(row.words(key)) for key in SECTIONS if row.node(key) is not None}
    for key, found in words.items():
        for word in sorted(found):
            known_word(row, SECTIONS[key], word, key)
        if not found:
            raise row.fail(f"{key} is empty; name at least one word, or leave it out", key)
    therapies = words.pop("therapies", frozenset())
    selector = Selector(therapies=therapies | therapies_of(row, groups), **words)
    if selector == Selector():
        raise row.fail("a selector that names nothing; write `applies: all`, or name what it selects")
    return selector


def therapies_of(row: Reader, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The therapies of the kinds and groups that a row names."""
    found: set[str] = set()
    for kind in row.words("kinds"):
        known_word(row, "kinds", kind, "kinds")
        found |= {id for id in codes.ids("therapies") if codes.entry("therapies", id).get("kind") == kind}
    for group in row.words("groups"):
        if group not in groups:
            raise row.fail(f"'{group}' is no group of therapies; one of {', '.join(sorted(groups))}", "groups")
        found |= groups[group]
    return frozenset(found)


def overlap(one: Iterable[Selector], other: Selectors) -> bool:
    """Whether some case could match both of two rows."""
    return any(mine.overlaps(theirs) for mine in one for theirs in other)
