"""Drugs in implanted pumps (`drugs/pumps.yaml`): stated limits, ages of a fill, flow, and what is said of safety.

No row proposes a dose. A limit is what somebody states; an amount recorded for a pump is held against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.knowledge.agents import (
    CITE,
    Statement,
    folder,
    one_of,
    part,
    positive,
    read_cites,
    read_statements,
    read_table,
    says_of,
)
from levamen.knowledge.edition import per_edition
from levamen.knowledge.loader import Reader, known_word
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.registry import packaged

LimitOf = Literal["day", "concentration"]
AgeWhen = Literal["first-fill", "diluted", "any"]
_TO_MG: Mapping[str, Fraction] = {"mg": Fraction(1), "mcg": Fraction(1, 1000)}
_TOP = {
    "limits", "approved", "not_approved", "mixture", "with_opioid", "after_psychosis", "ages", "flow", "alarm",
    "discrepancy", "more_left", "less_left", "stopping", "statements",
}  # fmt: skip


class PumpLimit(Struct, frozen=True, kw_only=True):
    """At most so many of `unit` of a drug: in a day, or in a mL. `milligrams` is the same amount to compute with."""

    id: str
    drug: str
    of: LimitOf
    amount: Decimal
    unit: str
    milligrams: Fraction
    says: Statement


class AgeLimit(Struct, frozen=True, kw_only=True):
    """Days from a fill after which the drug is replaced, whatever is left of it."""

    id: str
    drug: str
    when: AgeWhen
    days: int
    says: Statement


class DrugWords(Struct, frozen=True, kw_only=True):
    """Drugs of which a source says something."""

    drugs: frozenset[str]
    says: Statement


class FlowLimit(Struct, frozen=True, kw_only=True):
    """The slowest or fastest flow of a model, in mL a day. `model`: a word of its name, in small letters."""

    ml_per_day: Fraction
    model: str
    says: Statement


class PumpTable(Struct, frozen=True, kw_only=True):
    """Everything of the file. `checked`: when it was last compared with its sources."""

    limits: tuple[PumpLimit, ...]
    approved: DrugWords
    not_approved: DrugWords
    mixture: Statement
    with_opioid: DrugWords
    after_psychosis: DrugWords
    ages: tuple[AgeLimit, ...]
    lowest: FlowLimit
    highest: FlowLimit
    alarm_ml: Fraction
    alarm: Statement
    discrepancy_ml: Fraction
    discrepancy_percent: Fraction
    discrepancy: Statement
    more_left: Statement
    less_left: Statement
    stopping: frozenset[str]
    """The ids of those statements that tell what follows when a drug stops running."""
    statements: tuple[Statement, ...]
    checked: date


def load_pumps(path: Path, sources: Mapping[str, Source]) -> PumpTable:
    """The table of a file. Raises KnowledgeError."""
    top, checked = read_table(path, _TOP)
    flow, alarm, apart = part(top, "flow"), part(top, "alarm"), part(top, "discrepancy")
    flow.only({"lowest", "highest"})
    statements = read_statements(top, sources)
    stopping = frozenset(top.words("stopping"))
    if unknown := sorted(stopping - {row.id for row in statements}):
        raise top.fail(f"there is no statement {unknown[0]}; name one of those below", "stopping")
    return PumpTable(
        limits=tuple(_limit(id, row, sources) for id, row in top.named("limits")),
        approved=_words(top, "approved", sources),
        not_approved=_words(top, "not_approved", sources),
        mixture=_said("mixture", part(top, "mixture"), sources),
        with_opioid=_words(top, "with_opioid", sources),
        after_psychosis=_words(top, "after_psychosis", sources),
        ages=tuple(_age(id, row, sources) for id, row in top.named("ages")),
        lowest=_flow("lowest", flow, sources),
        highest=_flow("highest", flow, sources),
        alarm_ml=Fraction(positive(alarm, "ml")),
        alarm=_said("alarm", alarm, sources, {"ml"}),
        discrepancy_ml=Fraction(positive(apart, "ml")),
        discrepancy_percent=Fraction(positive(apart, "percent")),
        discrepancy=_said("discrepancy", apart, sources, {"ml", "percent"}),
        more_left=_said("more-left", part(top, "more_left"), sources),
        less_left=_said("less-left", part(top, "less_left"), sources),
        stopping=stopping,
        statements=statements,
        checked=checked,
    )


@per_edition
def packaged_pumps() -> PumpTable:
    """The table this version ships."""
    return load_pumps(folder() / "pumps.yaml", packaged().sources)


def _said(id: str, row: Reader, sources: Mapping[str, Source], also: set[str] | None = None) -> Statement:
    row.only(CITE | (also or set()))
    return Statement(id=id, topic="pump", says=says_of(row), cites=read_cites(row, sources))


def _drug(row: Reader) -> str:
    drug = row.need("drug", "name the drug")
    known_word(row, "drugs", drug, "drug")
    return drug


def _words(top: Reader, key: str, sources: Mapping[str, Source]) -> DrugWords:
    row = part(top, key)
    words = row.words("words")
    if not words:
        raise row.fail("no words; name the drugs")
    for word in words:
        known_word(row, "drugs", word, "words")
    return DrugWords(drugs=frozenset(words), says=_said(key.replace("_", "-"), row, sources, {"words"}))


def _limit(id: str, row: Reader, sources: Mapping[str, Source]) -> PumpLimit:
    unit, amount = one_of(row, "unit", tuple(_TO_MG)), positive(row, "amount")
    of: LimitOf = "day" if one_of(row, "of", ("day", "concentration")) == "day" else "concentration"
    return PumpLimit(
        id=id,
        drug=_drug(row),
        of=of,
        amount=amount,
        unit=unit,
        milligrams=Fraction(amount) * _TO_MG[unit],
        says=_said(id, row, sources, {"drug", "of", "amount", "unit"}),
    )


def _age(id: str, row: Reader, sources: Mapping[str, Source]) -> AgeLimit:
    whens: dict[str, AgeWhen] = {"first-fill": "first-fill", "diluted": "diluted", "any": "any"}
    days = positive(row, "days")
    if days != int(days):
        raise row.fail("'days' is a whole number", "days")
    return AgeLimit(
        id=id,
        drug=_drug(row),
        when=whens[one_of(row, "when", tuple(whens))],
        days=int(days),
        says=_said(id, row, sources, {"drug", "when", "days"}),
    )


def _flow(key: str, flow: Reader, sources: Mapping[str, Source]) -> FlowLimit:
    row = part(flow, key)
    model = row.need("model", "name the model in small letters")
    if model != model.lower():
        raise KnowledgeError(f"{row.file}: the model '{model}' is written in small letters; write {model.lower()}")
    amount = Fraction(positive(row, "ml_per_day"))
    return FlowLimit(ml_per_day=amount, model=model, says=_said(f"{key}-flow", row, sources, {"ml_per_day", "model"}))
