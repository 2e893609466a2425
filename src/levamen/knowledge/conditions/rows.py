"""What a condition's page holds: how it is recognised, what comes first, who says what of which therapy, when to refer.

Nothing of it decides: verdicts are the policies', dangers the guards'.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.sourced import NO_SOURCE, Statement, Voice
from levamen.record import codes

Effect = Literal["caution", "avoid", "refer-first"]
EFFECTS: tuple[Effect, ...] = ("caution", "avoid", "refer-first")
"""What a special host asks for before a therapy: take care, do not, or let somebody else see the patient first."""

Pace = Literal["early", "late", "urgent", "never"]
PACES: tuple[Pace, ...] = ("early", "late", "urgent", "never")
"""When a voice sends the patient on: before other care has been used up, only after, at once, or not for this."""

STATEMENTS = ("agreement", "history", "examination", "imaging", "first_care")
"""Fields that are lists of sentences, in the order of the page. `agreement`: what must agree before it is called so."""

FIELDS = ("description", *STATEMENTS[:4], "red_flags", "first_care", "therapies", "against", "cautions", "referral")
"""Every field that a described condition has, in the order of the page."""


class RedFlag(Struct, frozen=True, kw_only=True):
    """A danger to exclude. `flag`: its id of the vocabulary, which gives its name and how urgent it is."""

    flag: str
    says: str
    cites: tuple[Cite, ...]


class HostCaution(Struct, frozen=True, kw_only=True):
    """What having this condition changes about therapies that are given for any reason."""

    effect: Effect
    says: str
    cites: tuple[Cite, ...]
    therapies: tuple[str, ...] = ()


class Referral(Struct, frozen=True, kw_only=True):
    """When one voice sends the patient on."""

    pace: Pace
    voice: Voice


class Condition(Struct, frozen=True, kw_only=True):
    """A condition as described. An empty field was searched for and not found.

    `concepts`: the ids of the vocabulary that the page is about, its own first; their codes stand in the vocabulary.
    """

    id: str
    plain: str
    also: tuple[str, ...]
    concepts: tuple[str, ...]
    checked: date
    recheck_by: date
    statements: dict[str, tuple[Statement, ...]]
    red_flags: tuple[RedFlag, ...]
    therapies: tuple[Voice, ...]
    against: tuple[Voice, ...]
    cautions: tuple[HostCaution, ...]
    referral: tuple[Referral, ...]

    @property
    def codes(self) -> dict[str, tuple[str, ...]]:
        """The codes that the vocabulary has for its concepts, by code system."""
        found: dict[str, dict[str, None]] = {}
        for concept in self.concepts:
            held: dict[str, Any] = dict(codes.entry("conditions", concept).get("codes", {}))
            held.pop("source", None)
            for system, rows in held.items():
                found.setdefault(system, {}).update(dict.fromkeys(str(code) for code in rows))
        return {system: tuple(rows) for system, rows in found.items()}

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names: those of the vocabulary, then those of the file."""
        held = [
            str(word) for concept in self.concepts for word in codes.entry("conditions", concept).get("synonyms", ())
        ]
        return tuple(dict.fromkeys((*held, *self.also)))

    def cites_of(self, field: str) -> tuple[Cite, ...]:
        """The citations under one field of `FIELDS`, in order."""
        if field == "referral":
            return tuple(cite for row in self.referral for cite in row.voice.cites)
        rows: tuple[Statement | RedFlag | Voice | HostCaution, ...] = (
            self.statements[field] if field in self.statements else getattr(self, field)
        )
        return tuple(cite for row in rows for cite in row.cites)

    @property
    def sourced(self) -> tuple[str, ...]:
        """The fields that hold at least one sourced value."""
        return tuple(field for field in FIELDS if any(cite.source != NO_SOURCE for cite in self.cites_of(field)))

    @property
    def none_found(self) -> tuple[str, ...]:
        """The fields for which no source was found: they say so, or hold only what awaits confirmation."""
        return tuple(field for field in FIELDS if field not in self.sourced)
