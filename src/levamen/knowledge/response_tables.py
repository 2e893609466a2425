"""What is said of the response to a procedure: levels of relief, visits, the suggested composite, blocks, devices.

Read from `knowledge/outcomes/response.yaml` and `blocks.yaml`. Every row has its source and mark; a row without a
source warns, or leaves something open, and permits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import Limit
from levamen.knowledge.agents import CITE, Statement, one_of, part, positive, read_cites, read_table, says_of
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.record.timeline import DURATION_UNITS, Duration, DurationUnit

_UNITS: dict[str, DurationUnit] = {word: word for word in DURATION_UNITS}
STRUCTURES = ("facet", "sacroiliac", "root")
"""What a diagnostic block tests."""


class Level(Struct, frozen=True, kw_only=True):
    """A level of relief in per cent, with who states it."""

    percent: Decimal
    says: Statement

    @property
    def limit(self) -> Limit:
        """As a threshold: at least so much."""
        return Limit(self.says.id, ">=", self.percent, self.says.cites[0])


class Floor(Struct, frozen=True, kw_only=True):
    """The least pain before, on these scales, from which a percentage is safe."""

    instruments: frozenset[str]
    amount: Decimal
    says: Statement


class Visit(Struct, frozen=True, kw_only=True):
    """A time point after a procedure, and by how many days a visit may lie beside it."""

    id: str
    after: Duration
    within: int
    says: Statement


class Composite(Struct, frozen=True, kw_only=True):
    """The suggested composite: so many of its criteria, and no serious event, repeat or rescue procedure.

    `levels`: ids of the levels of relief with each of which it is told.
    `function`: least change in points by instrument. `pgic`: at most this rating. `opioid_percent`: so much less a day.
    """

    needs: int
    levels: tuple[str, ...]
    opioid_percent: Decimal
    pgic: Decimal
    function: Mapping[str, Decimal]
    serious: frozenset[str]
    says: Statement


class LossRule(Struct, frozen=True, kw_only=True):
    """When a device has lost its effect: relief under `percent`, or `fall` points under best, `contacts` running."""

    percent: Decimal
    fall: Decimal
    contacts: int
    says: Statement


class ToldOf(Struct, frozen=True, kw_only=True):
    """A sentence of a source, and of which therapies, structures and regions it is said; empty: of all."""

    says: Statement
    therapies: frozenset[str]
    structures: frozenset[str]
    regions: frozenset[str]


class ResponseTables(Struct, frozen=True, kw_only=True):
    """`response.yaml` as read. `checked`: when it was last compared with its sources."""

    levels: tuple[Level, ...]
    floor: Floor
    visits: tuple[Visit, ...]
    yearly: Statement
    composite: Composite
    rehabilitation: frozenset[str]
    rehabilitation_says: Statement
    loss: LossRule
    statements: tuple[ToldOf, ...]
    checked: date


class Acting(Struct, frozen=True, kw_only=True):
    """How many hours a local anesthetic acts, from the fewest to the most that are named."""

    drug: str
    low: Decimal
    high: Decimal
    says: Statement


class Diary(Struct, frozen=True, kw_only=True):
    """A row at least every so many hours until so many hours after the block."""

    every: Decimal
    until: Decimal
    says: Statement


class BlockTables(Struct, frozen=True, kw_only=True):
    """`blocks.yaml` as read."""

    anesthetics: Mapping[str, Acting]
    diary: Diary
    baseline: Floor
    statements: Mapping[str, ToldOf]
    checked: date


def folder() -> Path:
    """Where the packaged tables of outcomes are."""
    return root() / "outcomes"


def load_response(path: Path, sources: Mapping[str, Source]) -> ResponseTables:
    """The tables of a file. Raises KnowledgeError."""
    known = {"levels", "floor", "visits", "yearly", "composite", "rehabilitation", "loss_of_effect", "statements"}
    top, checked = read_table(path, known)
    levels = tuple(_level(row, sources) for row in top.children("levels"))
    if not levels or [level.percent for level in levels] != sorted({level.percent for level in levels}):
        raise top.fail("the levels rise, each once; order them", "levels")
    visits = tuple(_visit(row, sources) for row in top.children("visits"))
    if not visits:
        raise top.fail("no visits; write when a response is measured")
    rehabilitation = part(top, "rehabilitation")
    therapies = _words(rehabilitation, "therapies", "therapies")
    if not therapies:
        raise rehabilitation.fail("no therapies; name what counts as rehabilitation")
    return ResponseTables(
        levels=levels,
        floor=_floor("floor", part(top, "floor"), sources),
        visits=visits,
        yearly=_said("yearly", part(top, "yearly"), sources),
        composite=_composite(part(top, "composite"), sources, [level.says.id for level in levels]),
        rehabilitation=therapies,
        rehabilitation_says=_said("rehabilitation", rehabilitation, sources, {"therapies"}),
        loss=_loss(part(top, "loss_of_effect"), sources),
        statements=tuple(_told(id, row, sources) for id, row in top.named("statements")),
        checked=checked,
    )


def load_blocks(path: Path, sources: Mapping[str, Source]) -> BlockTables:
    """The tables of a file. Raises KnowledgeError."""
    top, checked = read_table(path, {"anesthetics", "diary", "baseline", "statements"})
    anesthetics: dict[str, Acting] = {}
    for row in top.children("anesthetics"):
        found = _acting(row, sources)
        if found.drug in anesthetics:
            raise row.fail(f"{found.drug} stands twice; keep one", "drug")
        anesthetics[found.drug] = found
    diary = part(top, "diary")
    return BlockTables(
        anesthetics=anesthetics,
        diary=Diary(
            every=positive(diary, "every"),
            until=positive(diary, "until"),
            says=_said("diary", diary, sources, {"every", "until"}),
        ),
        baseline=_floor("baseline", part(top, "baseline"), sources),
        statements={id: _told(id, row, sources) for id, row in top.named("statements")},
        checked=checked,
    )


@per_edition
def packaged_response() -> ResponseTables:
    """The tables this version ships."""
    return load_response(folder() / "response.yaml", packaged().sources)


@per_edition
def packaged_blocks() -> BlockTables:
    """The tables this version ships."""
    return load_blocks(folder() / "blocks.yaml", packaged().sources)


def _said(id: str, row: Reader, sources: Mapping[str, Source], also: set[str] | None = None) -> Statement:
    row.only(CITE | (also or set()))
    return Statement(id=id, topic=id, says=says_of(row), cites=read_cites(row, sources))


def _words(row: Reader, key: str, section: str) -> frozenset[str]:
    for word in row.words(key):
        known_word(row, section, word, key)
    return frozenset(row.words(key))


def _level(row: Reader, sources: Mapping[str, Source]) -> Level:
    percent = positive(row, "percent")
    if percent > 100:
        raise row.fail(f"{percent} % of relief is not possible", "percent")
    id = row.need("id", "give it an id")
    return Level(percent=percent, says=_said(id, row, sources, {"id", "percent"}))


def _floor(id: str, row: Reader, sources: Mapping[str, Source]) -> Floor:
    return Floor(
        instruments=_words(row, "instruments", "instruments"),
        amount=positive(row, "amount"),
        says=_said(id, row, sources, {"instruments", "amount"}),
    )


def _visit(row: Reader, sources: Mapping[str, Source]) -> Visit:
    id = row.need("id", "give it an id")
    unit = _UNITS[one_of(row, "unit", DURATION_UNITS)]
    return Visit(
        id=id,
        after=Duration(positive(row, "after"), unit),
        within=whole(row, "within"),
        says=_said(id, row, sources, {"id", "after", "unit", "within"}),
    )


def whole(row: Reader, key: str) -> int:
    """A whole number above 0 that must be there."""
    amount = positive(row, key)
    if amount != int(amount):
        raise row.fail(f"'{key}' is a whole number", key)
    return int(amount)


def _composite(row: Reader, sources: Mapping[str, Source], known: Sequence[str]) -> Composite:
    functions, levels = part(row, "function"), row.words("levels")
    for id in levels:
        if id not in known:
            raise row.fail(f"'{id}' is no level; one of {', '.join(known)}", "levels")
    for name in functions.fields.entries:
        known_word(functions, "instruments", name, name)
    return Composite(
        needs=whole(row, "needs"),
        levels=levels,
        opioid_percent=positive(row, "opioid_percent"),
        pgic=positive(row, "pgic"),
        function={name: positive(functions, name) for name in functions.fields.entries},
        serious=_words(row, "serious", "severities"),
        says=_said("composite", row, sources, {"needs", "levels", "opioid_percent", "pgic", "function", "serious"}),
    )


def _loss(row: Reader, sources: Mapping[str, Source]) -> LossRule:
    return LossRule(
        percent=positive(row, "percent"),
        fall=positive(row, "fall"),
        contacts=whole(row, "contacts"),
        says=_said("loss-of-effect", row, sources, {"percent", "fall", "contacts"}),
    )


def _acting(row: Reader, sources: Mapping[str, Source]) -> Acting:
    drug = row.need("drug", "name the drug")
    known_word(row, "drugs", drug, "drug")
    low, high = positive(row, "low"), positive(row, "high")
    if high < low:
        raise row.fail("high is below low; correct the span", "high")
    return Acting(drug=drug, low=low, high=high, says=_said(f"acting-{drug}", row, sources, {"drug", "low", "high"}))


def _told(id: str, row: Reader, sources: Mapping[str, Source]) -> ToldOf:
    row.only({"topic", "therapies", "structures", "regions"} | CITE)
    for word in row.words("structures"):
        if word not in STRUCTURES:
            raise row.fail(f"'{word}' is no structure; one of {', '.join(STRUCTURES)}", "structures")
    topic = row.need("topic", "say what it is about")
    return ToldOf(
        says=Statement(id=id, topic=topic, says=says_of(row), cites=read_cites(row, sources)),
        therapies=_words(row, "therapies", "therapies"),
        structures=frozenset(row.words("structures")),
        regions=_words(row, "regions", "regions"),
    )
