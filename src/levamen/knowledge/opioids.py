"""Opioids: factor tables for morphine milligram equivalents (MME), thresholds, prompts and tapers (`opioids.yaml`).

Tables of different guideline years are kept apart and are never mixed. A drug without a factor is listed, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
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
from levamen.record.timeline import DURATION_UNITS, Duration, DurationUnit, When

TABLES = ("cdc-2022", "cdc-2016")
"""The factor tables by name, the one in force first."""
UNITS = ("mg", "mcg/h")
PROMPTS = (
    "naloxone",
    "benzodiazepine",
    "sedative",
    "sleep-apnea",
    "age-65",
    "opioid-use-disorder",
    "monitoring-database",
    "urine-drug-screen",
)
Use = Literal["a-year-or-more", "weeks-to-months"]
_UNITS: dict[str, DurationUnit] = {word: word for word in DURATION_UNITS}
_TOP = {
    "notice", "tables", "without_factor", "other_routes", "use_disorder", "thresholds", "prompts", "scope", "tapers",
    "abrupt", "contact", "statements",
}  # fmt: skip


class Band(Struct, frozen=True, kw_only=True):
    """The factor of a daily dose from `low` to `high`, both included; without `high`, of any dose from `low`."""

    low: Decimal
    high: Decimal | None
    factor: Decimal


class Factor(Struct, frozen=True, kw_only=True):
    """MME for one `unit` (mg a day, or mcg/h of a patch) of a drug by a route: one number, or one for each band."""

    drug: str
    route: str
    unit: str
    bands: tuple[Band, ...]
    cites: tuple[Cite, ...]

    @property
    def flat(self) -> Decimal | None:
        """The one factor, where it does not follow the dose."""
        return self.bands[0].factor if len(self.bands) == 1 else None


class Table(Struct, frozen=True, kw_only=True):
    """The factors of one guideline. `absent` names drugs that its source does not list, and says so."""

    id: str
    title: str
    start: When
    factors: Mapping[str, Factor]
    absent: Mapping[str, Statement]


class Without(Struct, frozen=True, kw_only=True):
    """A drug without a factor, by any route or only by some."""

    drug: str
    routes: frozenset[str]
    says: Statement


class Threshold(Struct, frozen=True, kw_only=True):
    """What a guideline says of a total at or above so many MME a day."""

    table: str
    mme: Decimal
    says: Statement


class Prompt(Struct, frozen=True, kw_only=True):
    """What may deserve a look. `months`: at least so often; `years`: from that age."""

    says: Statement
    months: int | None
    years: int | None


class Scope(Struct, frozen=True, kw_only=True):
    """For whom the guideline speaks: from `years` of age, and without these conditions."""

    years: int
    conditions: frozenset[str]
    says: Statement


class Pace(Struct, frozen=True):
    """At most so many per cent within a length of time; without one, at most so many in one cut."""

    percent: Decimal
    every: Duration | None


class TaperRule(Struct, frozen=True, kw_only=True):
    """How fast a total may fall. `of_original`: per cent of the total before the first fall until `until_left` per cent
    of it are left, then of the current one. Several `paces` are readings of one text, the slowest first."""

    id: str
    paces: tuple[Pace, ...]
    of_original: bool
    until_left: Decimal | None
    use: Use | None
    says: Statement


class Opioids(Struct, frozen=True, kw_only=True):
    """Everything of the file. `notice` stands on every output. `checked`: when it was last compared with its sources"""

    notice: Statement
    tables: Mapping[str, Table]
    without: tuple[Without, ...]
    other_routes: Statement
    use_disorder: Statement
    thresholds: tuple[Threshold, ...]
    prompts: Mapping[str, Prompt]
    scope: Scope
    tapers: tuple[TaperRule, ...]
    abrupt: Statement
    contact: Prompt
    statements: tuple[Statement, ...]
    checked: date


def load_opioids(path: Path, sources: Mapping[str, Source]) -> Opioids:
    """The opioids of a file. Raises KnowledgeError."""
    top, checked = read_table(path, _TOP)
    tables = {id: _table(id, row, sources) for id, row in top.named("tables")}
    if tuple(tables) != TABLES:
        raise top.fail(f"the tables are {', '.join(TABLES)}, each by itself", "tables")
    prompts = {id: _prompt(id, row, sources) for id, row in top.named("prompts")}
    if tuple(prompts) != PROMPTS:
        raise top.fail(f"the prompts are {', '.join(PROMPTS)}", "prompts")
    return Opioids(
        notice=_said("notice", part(top, "notice"), sources),
        tables=tables,
        without=tuple(_without(row, sources) for row in top.children("without_factor")),
        other_routes=_said("other-routes", part(top, "other_routes"), sources),
        use_disorder=_said("use-disorder", part(top, "use_disorder"), sources),
        thresholds=tuple(_threshold(row, sources) for row in top.children("thresholds")),
        prompts=prompts,
        scope=_scope(part(top, "scope"), sources),
        tapers=tuple(_taper(row, sources) for row in top.children("tapers")),
        abrupt=_said("abrupt-change", part(top, "abrupt"), sources),
        contact=_prompt("next-contact", part(top, "contact"), sources),
        statements=read_statements(top, sources),
        checked=checked,
    )


@per_edition
def packaged_opioids() -> Opioids:
    """The opioids this version ships."""
    return load_opioids(folder() / "opioids.yaml", packaged().sources)


def _said(id: str, row: Reader, sources: Mapping[str, Source], also: frozenset[str] = frozenset()) -> Statement:
    row.only(CITE | also)
    return Statement(id=id, topic="opioids", says=says_of(row), cites=read_cites(row, sources))


def _table(id: str, row: Reader, sources: Mapping[str, Source]) -> Table:
    row.only({"title", "from", "factors", "absent"})
    start = row.day("from")
    if start is None:
        raise row.fail("no from; write since when the guideline is")
    factors: dict[str, Factor] = {}
    for one in row.children("factors"):
        found = _factor(one, sources)
        if found.drug in factors:
            raise one.fail(f"{found.drug} stands twice in {id}; keep one", "drug")
        factors[found.drug] = found
    absent = {}
    for one in row.children("absent"):
        drug = _drug(one)
        if drug in factors:
            raise one.fail(f"{drug} has a factor in {id} and is called absent; keep one", "drug")
        absent[drug] = _said(f"{id}-{drug}", one, sources, frozenset({"drug"}))
    return Table(
        id=id, title=row.need("title", "write the guideline's name"), start=start, factors=factors, absent=absent
    )


def _drug(row: Reader) -> str:
    drug = row.need("drug", "name the drug")
    known_word(row, "drugs", drug, "drug")
    return drug


def _factor(row: Reader, sources: Mapping[str, Source]) -> Factor:
    row.only({"drug", "route", "unit", "factor", "bands"} | CITE)
    route, bands = row.need("route", "name the route"), tuple(_band(one) for one in row.children("bands"))
    known_word(row, "drug_routes", route, "route")
    if bool(bands) == (row.node("factor") is not None):
        raise row.fail("write either one factor or its bands")
    for lower, upper in pairwise(bands):
        if lower.high is None or upper.low <= lower.high:
            raise row.fail("the bands overlap or are not in order; correct them", "bands")
    return Factor(
        drug=_drug(row),
        route=route,
        unit=one_of(row, "unit", UNITS),
        bands=bands or (Band(low=Decimal(0), high=None, factor=positive(row, "factor")),),
        cites=read_cites(row, sources),
    )


def _band(row: Reader) -> Band:
    row.only({"low", "high", "factor"})
    low, high = positive(row, "low"), row.number("high")
    if high is not None and high < low:
        raise row.fail("high is below low; correct the band", "high")
    return Band(low=low, high=high, factor=positive(row, "factor"))


def _without(row: Reader, sources: Mapping[str, Source]) -> Without:
    drug, routes = _drug(row), frozenset(row.words("routes"))
    for route in routes:
        known_word(row, "drug_routes", route, "routes")
    says = _said(f"without-{drug}", row, sources, frozenset({"drug", "routes"}))
    return Without(drug=drug, routes=routes, says=says)


def _threshold(row: Reader, sources: Mapping[str, Source]) -> Threshold:
    id = row.need("id", "give it an id")
    says = _said(id, row, sources, frozenset({"id", "table", "mme"}))
    return Threshold(table=one_of(row, "table", TABLES), mme=positive(row, "mme"), says=says)


def _whole(row: Reader, key: str) -> int | None:
    if row.node(key) is None:
        return None
    amount = positive(row, key)
    if amount != int(amount):
        raise row.fail(f"'{key}' is a whole number", key)
    return int(amount)


def _prompt(id: str, row: Reader, sources: Mapping[str, Source]) -> Prompt:
    says = _said(id, row, sources, frozenset({"months", "years"}))
    return Prompt(says=says, months=_whole(row, "months"), years=_whole(row, "years"))


def _scope(row: Reader, sources: Mapping[str, Source]) -> Scope:
    conditions = frozenset(row.words("conditions"))
    for condition in conditions:
        known_word(row, "conditions", condition, "conditions")
    years = _whole(row, "years")
    if years is None:
        raise row.fail("no years; write from which age the guideline speaks")
    return Scope(
        years=years, conditions=conditions, says=_said("scope", row, sources, frozenset({"years", "conditions"}))
    )


def _taper(row: Reader, sources: Mapping[str, Source]) -> TaperRule:
    id = row.need("id", "give it an id")
    use: Use | None = None
    if row.node("use") is not None:
        word = one_of(row, "use", get_args(Use))
        use = "a-year-or-more" if word == "a-year-or-more" else "weeks-to-months"
    paces = tuple(_pace(one) for one in row.children("paces"))
    if not paces:
        raise row.fail("no paces; write how many per cent in how long")
    return TaperRule(
        id=id,
        paces=paces,
        of_original=one_of(row, "of", ("current", "original")) == "original",
        until_left=positive(row, "until_left") if row.node("until_left") is not None else None,
        use=use,
        says=_said(id, row, sources, frozenset({"id", "paces", "of", "until_left", "use"})),
    )


def _pace(row: Reader) -> Pace:
    row.only({"percent", "every", "unit"})
    every = _whole(row, "every")
    length = Duration(Decimal(every), _UNITS[one_of(row, "unit", DURATION_UNITS)]) if every is not None else None
    return Pace(positive(row, "percent"), length)
