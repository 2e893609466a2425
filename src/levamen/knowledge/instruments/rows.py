"""The parts of an instrument as its file states them: items, scoring, missing items, bands, change, licence, LOINC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite

Kind = Literal["sum", "mean", "percent", "table", "single", "profile", "total"]
KINDS: tuple[Kind, ...] = ("sum", "mean", "percent", "table", "single", "profile", "total")
"""sum: of the items' points, times a factor. mean: of the items. percent: of the most the answered items can give.
table: the sum looked up. single: one item as given. profile: a code an item, no total. total: a total is entered."""

Rule = Literal["all", "from-answered", "unanswered-is-no"]
RULES: tuple[Rule, ...] = ("all", "from-answered", "unanswered-is-no")
"""all: every item is needed. from-answered: scaled up from at least so many. unanswered-is-no: an empty box is no."""

Ship = Literal["generic", "wording", "score", "total"]
SHIPS: tuple[Ship, ...] = ("generic", "wording", "score", "total")
"""generic: nobody's, in our own words. wording: the printed text may ship, where the terms were read.
score: empty slots, a clinic loads its own licensed form. total: no items at all, a total alone may be entered."""

NONE_FOUND = "no source found"


class Item(Struct, frozen=True, kw_only=True):
    """One slot of the form. `points`: answer -> points where they differ; `by_sex`: points for yes, by sex."""

    name: str
    low: Decimal
    high: Decimal
    whole: bool = True
    reverse: bool = False
    weight: Decimal = Decimal(1)
    by_sex: Mapping[str, Decimal] = {}
    points: Mapping[Decimal, Decimal] = {}
    topic: str | None = None
    text: str | None = None
    loinc: str | None = None
    cites: tuple[Cite, ...] = ()

    @property
    def own_points(self) -> bool:
        """Whether the points are not simply the answer."""
        return bool(self.reverse or self.points or self.by_sex or self.weight != 1)

    def takes(self, answer: Decimal) -> bool:
        """Whether the form has this answer: in its range, and whole where its answers are."""
        return self.low <= answer <= self.high and (not self.whole or answer == int(answer))

    def scored(self, answer: Decimal, sex: str | None = None) -> Decimal:
        """The points of an answer that is in range."""
        if self.points:
            # A decimal has the points of the whole number that it reaches: low <= answer < next low.
            return self.points[answer.to_integral_value(ROUND_FLOOR)]
        turned = self.low + self.high - answer if self.reverse else answer
        return turned * (self.by_sex[sex] if self.by_sex and sex is not None else self.weight)

    def extremes(self, sex: str | None = None) -> tuple[Decimal, Decimal]:
        """The least and the most points that any answer gives."""
        if self.points:
            return min(self.points.values()), max(self.points.values())
        ends = self.scored(self.low, sex), self.scored(self.high, sex)
        return min(ends), max(ends)


class Scoring(Struct, frozen=True, kw_only=True):
    """`table`: sum of points -> value; `errors`: sum -> standard error; `other`: sum -> what another copy prints."""

    kind: Kind
    factor: Decimal = Decimal(1)
    table: Mapping[Decimal, Decimal] = {}
    errors: Mapping[Decimal, Decimal] = {}
    other: Mapping[Decimal, Decimal] = {}
    other_cites: tuple[Cite, ...] = ()
    unscored: str | None = None
    cites: tuple[Cite, ...]


class Missing(Struct, frozen=True, kw_only=True):
    """What becomes of a form with gaps. No `cites`: no source states a rule, so every item is needed."""

    rule: Rule
    least: int
    round_half_up: bool = False
    cites: tuple[Cite, ...] = ()


class Subscale(Struct, frozen=True, kw_only=True):
    items: tuple[str, ...]
    low: Decimal
    high: Decimal
    cites: tuple[Cite, ...]


class Band(Struct, frozen=True, kw_only=True):
    """From `low` up to the next band, without a hole for decimals. `above`: not at `low` itself, only above it.

    `of`: of a subscale instead of the total.
    """

    low: Decimal
    above: bool = False
    label: str
    patient: str
    of: str | None = None


class BandSet(Struct, frozen=True, kw_only=True):
    """One authority's bands, ascending: a score is in the last one that it reaches."""

    id: str
    rows: tuple[Band, ...]
    cites: tuple[Cite, ...]


class Change(Struct, frozen=True, kw_only=True):
    """What change somebody called important, for whom and by what method. It is shown and gates nothing."""

    least: Decimal
    most: Decimal
    unit: Literal["points", "percent-of-baseline"]
    says: str
    population: str
    method: str
    cites: tuple[Cite, ...]


class Licence(Struct, frozen=True, kw_only=True):
    ship: Ship
    holder: str
    notice: str
    cites: tuple[Cite, ...]


class Loinc(Struct, frozen=True, kw_only=True):
    of: Literal["score", "panel"]
    code: str
    cites: tuple[Cite, ...]


class Instrument(Struct, frozen=True, kw_only=True):
    """One instrument. `range` and `direction` are the vocabulary's; `ordered`: the order of its items was read."""

    id: str
    title: str
    version: str
    low: Decimal
    high: Decimal
    direction: str
    recall: str
    recall_cites: tuple[Cite, ...]
    items: tuple[Item, ...]
    items_cites: tuple[Cite, ...]
    ordered: bool
    scoring: Scoring
    missing: Missing
    subscales: Mapping[str, Subscale]
    bands: tuple[BandSet, ...]
    changes: tuple[Change, ...]
    licence: Licence
    loinc: tuple[Loinc, ...]
    notes: tuple[str, ...]
    checked: date

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)

    @property
    def by_sex(self) -> bool:
        """Whether the points depend on sex."""
        return any(item.by_sex for item in self.items)
