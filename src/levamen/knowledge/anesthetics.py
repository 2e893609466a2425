"""Local anesthetics as data: maxima, reductions, mixtures, and readiness for systemic toxicity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from levamen.criteria.nodes import Cite
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
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged

Per = Literal["kg", "dose", "day"]
Epinephrine = Literal["with", "without", "either"]


class Maximum(Struct, frozen=True, kw_only=True):
    """The most of a drug: milligrams per kilogram, per dose, or per day. `choice` rows are shown and decide nothing."""

    id: str
    drug: str
    epinephrine: Epinephrine
    per: Per
    amount: Decimal
    cite: Cite
    cites: tuple[Cite, ...]
    countries: frozenset[str] = frozenset()
    choice: bool = False


class Reduction(Struct, frozen=True, kw_only=True):
    """A lower maximum for some people, in per cent less."""

    id: str
    percent: Decimal
    says: str
    cites: tuple[Cite, ...]
    younger_than_months: int | None = None
    older_than_years: int | None = None
    conditions: frozenset[str] = frozenset()


class Lipid(Struct, frozen=True, kw_only=True):
    """One part of lipid rescue: a fixed volume from the dividing weight, millilitres per kilogram below it.

    `fixed_says` and `per_kg_says` say how each is given; a rate per minute and a volume are not one amount.
    """

    id: str
    ml_per_kg: Decimal
    per_kg_says: str
    cites: tuple[Cite, ...]
    fixed_ml: Decimal | None = None
    fixed_says: str = ""


class Anesthetics(Struct, frozen=True, kw_only=True):
    """Everything known of local anesthetics. `lipid_from_kg` divides the fixed from the weight-based volumes."""

    checked: date
    maxima: tuple[Maximum, ...]
    no_source_found: frozenset[str]
    reductions: tuple[Reduction, ...]
    lipid_from_kg: Decimal
    lipid: tuple[Lipid, ...]
    statements: tuple[Statement, ...]


@per_edition
def packaged_anesthetics() -> Anesthetics:
    """The local anesthetics this version ships."""
    return load_anesthetics(folder() / "anesthetics.yaml", packaged().sources)


def load_anesthetics(path: Path, sources: Mapping[str, Source]) -> Anesthetics:
    """The table of local anesthetics. Raises KnowledgeError naming file, line and remedy."""
    top, checked = read_table(path, {"maxima", "no_source_found", "reductions", "lipid", "statements"})
    maxima = tuple(_maximum(id, row, sources) for id, row in top.named("maxima"))
    none = frozenset(top.words("no_source_found"))
    for drug in sorted(none):
        known_word(top, "drugs", drug, "no_source_found")
        if any(row.drug == drug for row in maxima):
            raise top.fail(f"{drug} has maxima and stands under no_source_found; keep one", "no_source_found")
    lipid = part(top, "lipid")
    lipid.only({"from_kg", "bolus", "infusion", "most"})
    return Anesthetics(
        checked=checked,
        maxima=maxima,
        no_source_found=none,
        reductions=tuple(_reduction(id, row, sources) for id, row in top.named("reductions")),
        lipid_from_kg=positive(lipid, "from_kg"),
        lipid=tuple(_lipid(id, part(lipid, id), sources) for id in ("bolus", "infusion", "most")),
        statements=read_statements(top, sources),
    )


def _maximum(id: str, row: Reader, sources: Mapping[str, Source]) -> Maximum:
    row.only({"drug", "epinephrine", "countries", "per", "amount", "choice"} | CITE)
    drug, countries = row.need("drug", "name the drug"), frozenset(row.words("countries"))
    known_word(row, "drugs", drug, "drug")
    for country in countries:
        known_word(row, "countries", country, "countries")
    cites = read_cites(row, sources)
    return Maximum(
        id=id,
        drug=drug,
        epinephrine=one_of(row, "epinephrine", get_args(Epinephrine)),
        per=one_of(row, "per", get_args(Per)),
        amount=positive(row, "amount"),
        cite=cites[0],
        cites=cites,
        countries=countries,
        choice=row.flag("choice"),
    )


def _reduction(id: str, row: Reader, sources: Mapping[str, Source]) -> Reduction:
    row.only({"percent", "younger_than_months", "older_than_years", "conditions"} | CITE)
    for word in row.words("conditions"):
        known_word(row, "conditions", word, "conditions")
    younger, older = row.number("younger_than_months"), row.number("older_than_years")
    return Reduction(
        id=id,
        percent=positive(row, "percent"),
        younger_than_months=int(younger) if younger is not None else None,
        older_than_years=int(older) if older is not None else None,
        conditions=frozenset(row.words("conditions")),
        says=says_of(row),
        cites=read_cites(row, sources),
    )


def _lipid(id: str, row: Reader, sources: Mapping[str, Source]) -> Lipid:
    row.only({"fixed_ml", "ml_per_kg", "fixed_says", "per_kg_says"} | CITE)
    return Lipid(
        id=id,
        fixed_ml=row.number("fixed_ml"),
        fixed_says=row.text("fixed_says") or "",
        ml_per_kg=positive(row, "ml_per_kg"),
        per_kg_says=row.text("per_kg_says") or "",
        cites=read_cites(row, sources),
    )
