"""What evaluating a node yields: a status and why, down to the facts read and the facts missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from levamen.criteria.truth import Reason, Status, first_reason


class Missing(Struct, frozen=True, kw_only=True):
    """A fact that is not there. `kind` is a section or "question"; `what` is a phrase a person reads."""

    kind: str
    what: str
    reason: Reason
    fact: str | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """The value of a truth with its trace. `found` is what was found, in words, at a leaf."""

    node: Any
    status: Status
    children: tuple[Outcome, ...] = ()
    read: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    found: str = ""
    ambiguity: tuple[str, ...] = ()

    @property
    def reason(self) -> Reason | None:
        """Why it is unknown, if it is."""
        if self.status != "unknown":
            return None
        return first_reason(missing.reason for missing in self.all_missing())

    def all_missing(self) -> tuple[Missing, ...]:
        """What is missing here and below, in the branches that leave it undecided, without repetition."""
        found: dict[Missing, None] = dict.fromkeys(self.missing)
        for child in self.children:
            if child.status == "unknown":
                found.update(dict.fromkeys(child.all_missing()))
        return tuple(found)

    def all_read(self) -> tuple[str, ...]:
        """Ids of the facts read here and below, in order, without repetition."""
        found: dict[str, None] = dict.fromkeys(self.read)
        for child in self.children:
            found.update(dict.fromkeys(child.all_read()))
        return tuple(found)
