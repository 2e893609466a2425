"""The rows of the intake form, of the codes of chronic pain, and of the rules by which an intake is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.record.timeline import Duration

Kind = Literal["choice", "choices", "number", "date", "text", "yes-no", "instrument"]
KINDS: tuple[Kind, ...] = ("choice", "choices", "number", "date", "text", "yes-no", "instrument")
"""choice: one of a list. choices: any of a list. number: between two ends. date: perhaps partial. yes-no: or unknown.
instrument: the items of a questionnaire."""

Needed = Literal["referral", "first-visit", "each-visit"]
NEEDED: tuple[Needed, ...] = ("referral", "first-visit", "each-visit")

Per = Literal["record", "pain", "therapy", "goal"]
PERS: tuple[Per, ...] = ("record", "pain", "therapy", "goal")
"""What a question is asked about: the patient once, each pain, each therapy tried, each goal."""


class Place(Struct, frozen=True, kw_only=True):
    """Where in the chart an answer stands: a field of a section, of the entries that `where` picks.

    `where`: field -> words of which the entry has one. `key`: the name inside a field that maps names to words.
    """

    section: str
    field: str
    where: Mapping[str, tuple[str, ...]] = {}
    key: str | None = None


class Choice(Struct, frozen=True):
    """An answer that can be chosen."""

    id: str
    label: str


class Fresh(Struct, frozen=True, kw_only=True):
    """How long an answer speaks of now."""

    lasts: Duration
    cites: tuple[Cite, ...]


class FormField(Struct, frozen=True, kw_only=True):
    """One question. `ask` names it for the clinician, `patient` puts it to the patient.

    `of`: the section of the vocabulary that `choices` are of, or the instrument. `low`, `high`: ends of a number, both
    included. `partial`: a month or a year will do. `read`: other places where the answer may already stand. `unless`:
    other fields, or `sex`, and the answers that leave nothing to ask.
    """

    id: str
    group: str
    kind: Kind
    needed: tuple[Needed, ...]
    per: Per
    ask: str
    patient: str
    lands: Place
    read: tuple[Place, ...] = ()
    of: str | None = None
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    partial: bool = False
    fresh: Fresh | None = None
    unless: Mapping[str, tuple[str, ...]] = {}
    cites: tuple[Cite, ...]


class Group(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    patient: str
    needed: tuple[Needed, ...]
    per: Per
    cites: tuple[Cite, ...]


class Form(Struct, frozen=True, kw_only=True):
    """The whole form, groups and fields in the order in which they are asked."""

    id: str
    checked: date
    groups: tuple[Group, ...]
    fields: tuple[FormField, ...]

    def of_group(self, group: str) -> tuple[FormField, ...]:
        """The fields of one group."""
        return tuple(field for field in self.fields if field.group == group)

    def field(self, id: str) -> FormField:
        """The field of an id. Raises KeyError."""
        return next((field for field in self.fields if field.id == id), None) or _none(id)


def _none(id: str) -> FormField:
    raise KeyError(id)


class Code(Struct, frozen=True, kw_only=True):
    """A code of ICD-11 and its title."""

    code: str
    title: str
    cites: tuple[Cite, ...]


class Rule(Struct, frozen=True, kw_only=True):
    """A length of time that decides something, in the words of its source."""

    id: str
    says: str
    lasts: Duration
    cites: tuple[Cite, ...]


class Screen(Struct, frozen=True, kw_only=True):
    """A short form, the set of bands that decides, another that is shown, and the full form that follows."""

    instrument: str
    cut: str
    also: str | None
    full: str
    about: str


class Rules(Struct, frozen=True, kw_only=True):
    rules: Mapping[str, Rule]
    screens: tuple[Screen, ...]
