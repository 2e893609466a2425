"""What a therapy's page holds: statements, measured benefits, risks. Each field is sourced, or says no source found."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite, Mark
from levamen.knowledge.sourced import AUDIENCES as AUDIENCES
from levamen.knowledge.sourced import NO_SOURCE as NO_SOURCE
from levamen.knowledge.sourced import NONE_FOUND as NONE_FOUND
from levamen.knowledge.sourced import Audience as Audience
from levamen.knowledge.sourced import Statement as Statement

BARS = ("absolute", "relative", "label")
"""How strongly something stands against a therapy; `label`: the approved label of a drug or device says so."""

STATEMENTS = (
    "role", "targets", "approaches", "guidance", "performers", "course", "onset", "duration", "preparation",
    "aftercare", "observation", "negative_result", "alternatives", "codes",
)  # fmt: skip
"""Fields that are lists of sentences, in the order of the page."""

FIELDS = (
    "description", "method", "role", "targets", "approaches", "guidance", "performers", "course", "onset", "duration",
    "benefits", "risks", "contraindications", "preparation", "aftercare", "observation", "negative_result",
    "alternatives", "codes", "steps",
)  # fmt: skip
"""Every field that a described therapy has, in the order of the page."""


class Amount(Struct, frozen=True, kw_only=True):
    """What was measured: `percent` of `of` people, `count` of `of` people, or a `change` in `unit`.

    `low` and `high` are the ends of the interval as the source gives it (of an amount without a middle, its range).
    """

    percent: Decimal | None = None
    count: int | None = None
    of: int | None = None
    change: Decimal | None = None
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class Benefit(Struct, frozen=True, kw_only=True):
    """One measured effect: who, what, when, against what, how sure. Absent numbers were not found in the source."""

    id: str
    outcome: str
    who: str
    at: str | None
    treated: Amount
    compared_with: str | None
    comparison: Amount | None
    design: str
    certainty: str | None
    cites: tuple[Cite, ...]


class Risk(Struct, frozen=True, kw_only=True):
    """One harm. `event` is its id of the vocabulary, which gives its name and for how long it is looked for."""

    id: str
    event: str | None
    says: str
    patient: str
    serious: bool
    rate: Amount | None
    window: str | None
    cites: tuple[Cite, ...]


class Contraindication(Struct, frozen=True, kw_only=True):
    bar: Literal["absolute", "relative", "label"]
    says: str
    cites: tuple[Cite, ...]


class Step(Struct, frozen=True, kw_only=True):
    """One picture of the strip that a patient sees, with its caption."""

    picture: str
    says: str


class Therapy(Struct, frozen=True, kw_only=True):
    """A therapy as described. An empty field was searched for and not found."""

    id: str
    plain: str
    also: tuple[str, ...]
    checked: date
    recheck_by: date
    statements: dict[str, tuple[Statement, ...]]
    benefits: tuple[Benefit, ...]
    risks: tuple[Risk, ...]
    contraindications: tuple[Contraindication, ...]
    steps: tuple[Step, ...]
    step_cites: tuple[Cite, ...]

    def cites_of(self, field: str) -> tuple[Cite, ...]:
        """The citations under one field of `FIELDS`, in order."""
        if field == "steps":
            return self.step_cites
        rows: tuple[Statement | Benefit | Risk | Contraindication, ...] = (
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

    @property
    def marks(self) -> Counter[Mark]:
        """How many rows wear which mark (that of the place that supports a row best)."""
        rows = [row.cites for field in self.statements.values() for row in field]
        rows += [row.cites for row in self.benefits]
        rows += [row.cites for row in self.risks]
        rows += [row.cites for row in self.contraindications]
        return Counter(cites[0].mark for cites in rows)
