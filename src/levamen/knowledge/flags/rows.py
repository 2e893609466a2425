"""What a flag is made of: things to look for, which of them together fire it, what is then done, by whom and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite, Criterion, Limit, Truth, cites_of
from levamen.knowledge.model import Policy, Values


class Said(Struct, frozen=True, kw_only=True):
    """A sentence with its places: what to ask, what a card says."""

    id: str
    says: str
    cites: tuple[Cite, ...]


class Act(Struct, frozen=True, kw_only=True):
    """Something to do where a flag fires. `within` counts from the moment the flag was known, or from the request.

    `route` is how (telephone, transfer), in words; `cites` include those of the time.
    """

    id: str
    says: str
    who: str
    route: str | None = None
    within: Limit | None = None
    counted_from: Literal["recorded", "request"] = "recorded"
    cites: tuple[Cite, ...]


class Thing(Struct, frozen=True, kw_only=True):
    """One thing that a combination is made of: a sign, a problem, an age, a score. `says` names it for a person."""

    id: str
    says: str
    truth: Truth
    cites: tuple[Cite, ...]


class Severe(Struct, frozen=True, kw_only=True):
    """What makes a flag that fires more urgent."""

    criterion: Criterion
    urgency: str
    dossier: str


class Flag(Struct, frozen=True, kw_only=True):
    """One flag. `criterion` met means that it fires.

    `dossier` is the urgency class as the source table writes it, `urgency` that of the vocabulary. `findings`,
    `problems` and `instruments` are what it looks at. `weak` are findings and problems that alone never fire it.
    `asked_by` is the question whose "no" answers it.
    """

    id: str
    title: str
    dossier: str
    urgency: str
    blocks: bool
    criterion: Criterion
    severe: Severe | None
    things: Mapping[str, Thing]
    findings: frozenset[str]
    problems: frozenset[str]
    instruments: frozenset[str]
    weak: frozenset[str]
    acts: tuple[Act, ...]
    asks: tuple[Said, ...]
    card: Said | None
    asked_by: str

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every place that decides it."""
        return cites_of(self.criterion)


class General(Struct, frozen=True, kw_only=True):
    """What holds of every flag: by when each urgency is dealt with, and who may clear a flag for how long.

    `clocks` has no entry for an urgency without a time. `clears` are roles; `also_clears` further ones by flag.
    """

    clocks: Mapping[str, Limit]
    clearance: Limit
    answer: Limit
    clears: frozenset[str]
    also_clears: Mapping[str, frozenset[str]]
    clearing: Said
    cites: tuple[Cite, ...]


class FlagTable(Struct, frozen=True, kw_only=True):
    """The flag of one file. `values` is what it is built from, `build` builds it from them."""

    id: str
    values: Policy
    build: Callable[[Values], Flag]

    def flag(self, on: date) -> Flag:
        """The flag as it stands on a day."""
        return self.build(Values(self.values, None, on))
