"""Steroids given by injection as data: equivalence, limits, intervals, each with who states it."""

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
from levamen.record.timeline import DURATION_UNITS, Duration, DurationUnit

Counts = Literal[
    "equivalents",
    "one-injection",
    "epidurals",
    "epidurals-of-region",
    "epidural-sessions-of-region",
    "injections-of-joint",
]
After = Literal["particulate-epidural", "epidural-triamcinolone", "epidural-of-region", "same-joint", "any-steroid"]
_TABLE = {
    "unit", "reference_mg", "drugs", "no_source_found", "limits", "spacing", "vaccines", "surgery", "premedication",
    "statements",
}  # fmt: skip
_UNITS: Mapping[str, DurationUnit] = {word: word for word in DURATION_UNITS}


class Equal(Struct, frozen=True):
    """Milligrams of a steroid equal to the reference milligrams of methylprednisolone, under one reading."""

    amount: Decimal
    cites: tuple[Cite, ...]


class Steroid(Struct, frozen=True, kw_only=True):
    """One steroid. `particulate` absent: it depends on the salt, or no source was found."""

    drug: str
    equals: tuple[Equal, ...]
    particulate: bool | None = None
    particulate_cites: tuple[Cite, ...] = ()


class Limit(Struct, frozen=True, kw_only=True):
    """A limit that somebody states: at most `amount` of what it counts, in a window where it has one."""

    id: str
    counts: Counts
    amount: Decimal
    says: str
    who: str
    cites: tuple[Cite, ...]
    window: Duration | None = None
    population: str | None = None
    coverage: bool = False


class Spacing(Struct, frozen=True, kw_only=True):
    """A least interval since an earlier steroid; several waits are several readings, from short to long."""

    id: str
    after: After
    wait: tuple[Duration, ...]
    says: str
    who: str
    cites: tuple[Cite, ...]
    from_mg: Decimal | None = None
    coverage: bool = False


class VaccineRule(Struct, frozen=True, kw_only=True):
    """Days between a steroid injection and a vaccine; or that it is not delayed; or where no rule names the site."""

    drug: str
    says: str
    who: str
    cites: tuple[Cite, ...]
    before_days: int | None = None
    after_days: int | None = None
    never_delay: bool = False
    not_a_contraindication: frozenset[str] = frozenset()


class SurgeryRule(Struct, frozen=True, kw_only=True):
    """Time between a steroid injection and an operation. Empty `therapies`: any operation."""

    id: str
    therapies: frozenset[str]
    applies_to: Literal["same-joint", "epidural", "any-steroid"]
    wait: tuple[Duration, ...]
    says: str
    who: str
    cites: tuple[Cite, ...]
    longer: Duration | None = None
    longer_from_mg: Decimal | None = None


class Premedication(Struct, frozen=True, kw_only=True):
    """Steroid by mouth before contrast: milligrams of a drug."""

    drug: str
    milligrams: Decimal
    says: str
    cites: tuple[Cite, ...]


class Steroids(Struct, frozen=True, kw_only=True):
    """Everything known of steroids. `no_source_found`: drugs without an equivalence."""

    checked: date
    unit: Statement
    reference_mg: Decimal
    drugs: Mapping[str, Steroid]
    no_source_found: frozenset[str]
    limits: tuple[Limit, ...]
    spacing: tuple[Spacing, ...]
    vaccines: Mapping[str, VaccineRule]
    surgery: tuple[SurgeryRule, ...]
    premedication: Premedication
    statements: tuple[Statement, ...]


@per_edition
def packaged_steroids() -> Steroids:
    """The steroids this version ships."""
    return load_steroids(folder() / "steroids.yaml", packaged().sources)


def load_steroids(path: Path, sources: Mapping[str, Source]) -> Steroids:
    """The table of steroids. Raises KnowledgeError naming file, line and remedy."""
    top, checked = read_table(path, _TABLE)
    drugs = {drug: _steroid(drug, row, sources) for drug, row in top.named("drugs")}
    none = frozenset(top.words("no_source_found"))
    for drug in (*drugs, *sorted(none)):
        known_word(top, "drugs", drug, "drugs" if drug in drugs else "no_source_found")
        if drug in drugs and drug in none:
            raise top.fail(f"{drug} has equivalents and stands under no_source_found; keep one", "no_source_found")
    before = part(top, "premedication")
    before.only({"drug", "milligrams"} | CITE)
    drug = before.need("drug", "name the drug")
    if drug not in drugs:
        raise before.fail(f"'{drug}' has no equivalence above; add it", "drug")
    unit = part(top, "unit")
    return Steroids(
        checked=checked,
        unit=Statement(id="unit", topic="unit", says=says_of(unit), cites=read_cites(unit, sources)),
        reference_mg=positive(top, "reference_mg"),
        drugs=drugs,
        no_source_found=none,
        limits=tuple(_limit(id, row, sources) for id, row in top.named("limits")),
        spacing=tuple(_spacing(id, row, sources) for id, row in top.named("spacing")),
        vaccines={id: _vaccine(id, row, sources) for id, row in top.named("vaccines")},
        surgery=tuple(_surgery(id, row, sources) for id, row in top.named("surgery")),
        premedication=Premedication(
            drug=drug,
            milligrams=positive(before, "milligrams"),
            says=says_of(before),
            cites=read_cites(before, sources),
        ),
        statements=read_statements(top, sources),
    )


def _steroid(drug: str, row: Reader, sources: Mapping[str, Source]) -> Steroid:
    row.only({"particulate", "equals"})
    equals = []
    for reader in row.children("equals"):
        reader.only({"amount"} | CITE)
        equals.append(Equal(positive(reader, "amount"), read_cites(reader, sources)))
    if not equals:
        raise row.fail("no equals; a drug without an equivalence stands under no_source_found")
    kind = row.child("particulate")
    if kind is not None:
        kind.only({"is"} | CITE)
    return Steroid(
        drug=drug,
        equals=tuple(equals),
        particulate=one_of(kind, "is", ("yes", "no")) == "yes" if kind is not None else None,
        particulate_cites=read_cites(kind, sources) if kind is not None else (),
    )


def _limit(id: str, row: Reader, sources: Mapping[str, Source]) -> Limit:
    row.only({"counts", "amount", "months", "population", "coverage"} | CITE)
    population, months = row.text("population"), row.number("months")
    if population is not None:
        known_word(row, "conditions", population, "population")
    return Limit(
        id=id,
        counts=one_of(row, "counts", get_args(Counts)),
        amount=positive(row, "amount"),
        window=Duration(months, "months") if months is not None else None,
        population=population,
        coverage=row.flag("coverage"),
        says=says_of(row),
        who=_who(row),
        cites=read_cites(row, sources),
    )


def _spacing(id: str, row: Reader, sources: Mapping[str, Source]) -> Spacing:
    row.only({"after", "wait", "from_mg", "coverage"} | CITE)
    return Spacing(
        id=id,
        after=one_of(row, "after", get_args(After)),
        wait=_waits(row),
        from_mg=row.number("from_mg"),
        coverage=row.flag("coverage"),
        says=says_of(row),
        who=_who(row),
        cites=read_cites(row, sources),
    )


def _vaccine(drug: str, row: Reader, sources: Mapping[str, Source]) -> VaccineRule:
    row.only({"before_days", "after_days", "never_delay", "not_a_contraindication"} | CITE)
    known_word(row, "drugs", drug, drug)
    sites = frozenset(row.words("not_a_contraindication"))
    for word in sites:
        known_word(row, "therapies", word, "not_a_contraindication")
    before, later = row.number("before_days"), row.number("after_days")
    return VaccineRule(
        drug=drug,
        before_days=int(before) if before is not None else None,
        after_days=int(later) if later is not None else None,
        never_delay=row.flag("never_delay"),
        not_a_contraindication=sites,
        says=says_of(row),
        who=_who(row),
        cites=read_cites(row, sources),
    )


def _surgery(id: str, row: Reader, sources: Mapping[str, Source]) -> SurgeryRule:
    row.only({"therapies", "applies_to", "wait", "longer", "longer_from_mg"} | CITE)
    for word in row.words("therapies"):
        known_word(row, "therapies", word, "therapies")
    longer = row.child("longer")
    return SurgeryRule(
        id=id,
        therapies=frozenset(row.words("therapies")),
        applies_to=one_of(row, "applies_to", ("same-joint", "epidural", "any-steroid")),
        wait=_waits(row),
        longer=_duration(longer) if longer is not None else None,
        longer_from_mg=row.number("longer_from_mg"),
        says=says_of(row),
        who=_who(row),
        cites=read_cites(row, sources),
    )


def _waits(row: Reader) -> tuple[Duration, ...]:
    waits = tuple(_duration(reader) for reader in row.children("wait"))
    if not waits:
        raise row.fail("no wait; write the interval the source gives")
    return waits


def _duration(row: Reader) -> Duration:
    row.only({"amount", "unit"})
    amount = positive(row, "amount")
    if amount != int(amount):
        raise row.fail(f"{amount}: a length of time is a whole number", "amount")
    return Duration(amount, _UNITS[one_of(row, "unit", DURATION_UNITS)])


def _who(row: Reader) -> str:
    return row.need("who", "say who states it")
