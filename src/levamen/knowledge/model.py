"""Policies as data: sources, dated values with their readings, documents of contractors, and rules made of criteria."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import (
    Choice,
    Cite,
    Criterion,
    Grouping,
    Judged,
    Limit,
    Mark,
    Need,
    Operator,
    Remedy,
    Truth,
    cites_in,
)
from levamen.criteria.serial import rule_hash
from levamen.record.codes import entry
from levamen.record.timeline import Duration, When

Stance = Literal["for", "consider", "special_arrangements", "research_only"]
DURATION_KINDS = ("hours", "days", "weeks", "months", "years")
NUMBER_KINDS: Mapping[str, tuple[int, int]] = {
    "percent": (0, 100),
    "points": (0, 100),
    "millimetres": (0, 100),
    "count": (0, 1000),
    "milligrams": (0, 10000),
}
"""Kinds of numeric value with the range outside which an entry is a mistake."""
VALUE_KINDS = (*DURATION_KINDS, *NUMBER_KINDS, "set", "groups", "statement", "citation")
"""`statement`: a rule in words, tested yes, no and missing. `citation`: only cited by other criteria."""


class KnowledgeError(ValueError):
    """Knowledge that must not be used. The message names the file, the line, the value and the remedy, in one line.

    A value too long to be read is shown by its beginning.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(_LONG_WORD.sub(r"\1…", message).split()))


_LONG_WORD = re.compile(r"(\S{120})\S+")


class Source(Struct, frozen=True, kw_only=True):
    """A document. `url` is where it was read; `year` as its list states it."""

    id: str
    title: str
    issuer: str
    year: str
    url: str


class Reading(Struct, frozen=True, kw_only=True):
    """What one source says of a value: a number, a length of time, words, groups of words, or a statement."""

    cite: Cite
    operator: Operator | None = None
    amount: Decimal | Duration | None = None
    words: frozenset[str] = frozenset()
    groups: tuple[frozenset[str], ...] = ()


class Version(Struct, frozen=True, kw_only=True):
    """A value as it stands from one day to another: one reading, or several where the texts differ."""

    readings: tuple[Reading, ...]
    also: tuple[Cite, ...] = ()
    start: When | None = None
    until: When | None = None

    def in_force(self, on: date) -> bool:
        return (self.start is None or self.start.first <= on) and (self.until is None or on <= self.until.last)


class Value(Struct, frozen=True, kw_only=True):
    """One value of a policy. `overlays` hold what differs for a contractor; an empty overlay means no such rule."""

    id: str
    kind: str
    checked: date
    versions: tuple[Version, ...]
    overlays: Mapping[str, tuple[Version, ...]] = {}
    interpretation: str | None = None
    says: str | None = None
    line: int | None = None


class PolicyDocument(Struct, frozen=True, kw_only=True):
    """A document of one contractor. They are listed in their order of precedence."""

    kind: Literal["determination", "article", "answers", "checklist"]
    id: str
    source: str
    version: str | None = None
    start: When | None = None
    until: When | None = None


class Effect(Struct, frozen=True, kw_only=True):
    """A measured effect or rate that a source reports, in its own words and numbers."""

    id: str
    therapies: frozenset[str]
    regions: frozenset[str]
    says: str
    cite: Cite
    checked: date


class Rule(Struct, frozen=True, kw_only=True):
    """What a policy says of some therapies: where it applies, what it excludes, what it requires.

    `purposes` limits it to requests of that purpose. `strength` and `refusal_strength` are the issuer's words for
    what it recommends and for what it advises against. `informs`: the source gives effects and no recommendation.
    `hash` is of the criteria, once built.
    """

    id: str
    therapies: frozenset[str]
    purposes: frozenset[str] | None = None
    scope: tuple[Criterion, ...] = ()
    exclusions: tuple[Criterion, ...] = ()
    requirements: tuple[Criterion, ...] = ()
    stance: Stance = "for"
    strength: str | None = None
    refusal_strength: str | None = None
    informs: bool = False
    hash: str = ""

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return (*self.scope, *self.exclusions, *self.requirements)


class Policy(Struct, frozen=True, kw_only=True):
    """A policy family as loaded: its words from the vocabulary, its values, and the shape that builds its rules."""

    id: str
    title: str
    issuer: str
    kind: str
    country: str
    payer_kinds: frozenset[str]
    checked: date
    recheck_by: date
    start: When | None
    until: When | None
    values: Mapping[str, Value]
    documents: Mapping[str, tuple[PolicyDocument, ...]]
    effects: tuple[Effect, ...]
    shape: Callable[[Values], tuple[Rule, ...]]
    folder: str
    values_hash: str
    local: bool = False

    @property
    def is_coverage(self) -> bool:
        """A payer's rule (its refusal is "not covered"), rather than advice (its refusal is "against")."""
        return self.kind in ("coverage", "commercial")

    def in_force(self, on: date) -> bool:
        return (self.start is None or self.start.first <= on) and (self.until is None or on <= self.until.last)

    def overlays(self) -> tuple[str, ...]:
        """Contractors for which a document or an overlay is known."""
        named = dict.fromkeys(self.documents)
        for value in self.values.values():
            named.update(dict.fromkeys(value.overlays))
        return tuple(sorted(named))

    def rules(self, contractor: str | None, on: date) -> tuple[Rule, ...]:
        """The rules as they stand on a day for a contractor (absent: what is common to all)."""
        key = (self.folder, self.values_hash, contractor, on)
        found = _BUILT.get(key)
        if found is None:
            if len(_BUILT) >= _BUILT_AT_MOST:
                _BUILT.clear()
            built = self.shape(Values(self, contractor, on))
            found = _BUILT[key] = tuple(replace(rule, hash=rule_hash(rule.criteria)) for rule in built)
        return found


_BUILT: dict[tuple[str, str, str | None, date], tuple[Rule, ...]] = {}
_BUILT_AT_MOST = 2000
"""Rules once built are kept: the same values on the same day build the same tree."""


class Values:
    """The values of one policy on one day for one contractor: what a rule shape builds its criteria from."""

    def __init__(self, policy: Policy, contractor: str | None, on: date) -> None:
        self.policy, self.contractor, self.on = policy, contractor, on
        self.used: set[str] = set()

    def has(self, id: str) -> bool:
        """Whether there is such a rule here and now."""
        return id in self.policy.values and bool(self._readings(id))

    def limits(self, id: str) -> tuple[Limit, ...]:
        """The readings of a threshold."""
        found = []
        for reading in self._readings(id):
            if reading.amount is None or reading.operator is None:
                raise KnowledgeError(f"{self.policy.folder}: '{id}' is not a threshold; the rule wants one")
            found.append(Limit(id, reading.operator, reading.amount, reading.cite))
        return tuple(found)

    def choices(self, id: str) -> tuple[Choice, ...]:
        """The readings of a set of words."""
        return tuple(Choice(id, reading.words, reading.cite) for reading in self._readings(id))

    def words(self, id: str, *words: str) -> tuple[Choice, ...]:
        """Ids that a statement is about (`radiculopathy` for a sentence on radiculopathy), under its citation."""
        return tuple(Choice(id, frozenset(words), reading.cite) for reading in self._readings(id)[:1])

    def judged(self, id: str) -> Judged:
        """The source asks for a judgement and gives no number: a clinician's recorded statement decides."""
        return Judged(self.policy.id, id, self.says(id), self.cites(id)[0])

    def grouping(self, id: str) -> Grouping:
        """Words the policy counts as the same."""
        reading = self._readings(id)[0]
        return Grouping(id, reading.groups, reading.cite)

    def cites(self, *ids: str) -> tuple[Cite, ...]:
        """The citations of some values, one for each reading."""
        return tuple(dict.fromkeys(reading.cite for id in ids for reading in self._readings(id)))

    def also(self, *ids: str) -> tuple[Cite, ...]:
        """Further places that say the same; they support a value and never weaken its mark."""
        versions = (self._version(id) for id in ids)
        return tuple(dict.fromkeys(cite for version in versions if version is not None for cite in version.also))

    def mark(self, id: str) -> Mark:
        return self._readings(id)[0].cite.mark

    def says(self, id: str) -> str:
        """The words of a statement."""
        value = self.policy.values[id]
        return value.says or id.replace("-", " ")

    def criterion(
        self,
        id: str,
        says: Truth,
        *,
        by: str | tuple[str, ...] = (),
        remedy: Remedy,
        needs: tuple[Need, ...] = (),
    ) -> Criterion:
        """A criterion that cites the values `by` (absent: the value of its own id)."""
        names = (by,) if isinstance(by, str) else by
        names = names or (id,)
        for name in names:
            self.used.add(name)
        cites = self.cites(*names)
        told = [self.policy.values[name].interpretation for name in names]
        return Criterion(
            id=id,
            says=says,
            cites=cites,
            also=self.also(*names),
            remedy=remedy,
            needs=needs,
            interpretation=" ".join(text for text in told if text) or None,
            rests_on_unverified=any(cite.mark == "unverified" for cite in (*cites, *cites_in(says))),
        )

    def _version(self, id: str) -> Version | None:
        if id not in self.policy.values:
            raise KnowledgeError(f"{self.policy.folder}: the rule uses '{id}', which values.yaml does not have; add it")
        self.used.add(id)
        value = self.policy.values[id]
        versions = value.versions
        if self.contractor is not None:
            family = entry("contractors", self.contractor).get("family", self.contractor)
            for name in (self.contractor, family):
                if name in value.overlays:
                    versions = value.overlays[name]
                    break
        return next((version for version in versions if version.in_force(self.on)), None)

    def _readings(self, id: str) -> tuple[Reading, ...]:
        version = self._version(id)
        return version.readings if version is not None else ()
