"""What holds for a clinic's own results: how few are too few, which follow-up is enough, and what is said beside them.

Read from `knowledge/outcomes/results.yaml`. Every row has its source and mark; a row without a source hides or warns.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from levamen.knowledge.agents import CITE, Statement, part, positive, read_cites, read_statements, read_table, says_of
from levamen.knowledge.edition import per_edition
from levamen.knowledge.loader import Reader
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import Level, ResponseTables, Visit, folder, packaged_response, whole


class ResultsTables(Struct, frozen=True, kw_only=True):
    """`results.yaml` as read.

    `least`: the fewest of whom a rate is told. `follow_up`: the per cent with an answer below which nothing is known.
    `first_visit`, `first_level`: what is told first. `asked_visit`: by which harms are asked for.
    `funnel_levels`: in per cent.
    """

    least: int
    follow_up: Fraction
    first_visit: str
    first_level: str
    asked_visit: str
    months: tuple[int, ...]
    funnel_levels: tuple[Fraction, ...]
    rules: tuple[Statement, ...]
    statements: Mapping[str, Statement]
    response: ResponseTables

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits at which results are told, in order."""
        return self.response.visits

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of relief, rising."""
        return self.response.levels

    @property
    def serious(self) -> frozenset[str]:
        """The severities of a serious event."""
        return self.response.composite.serious


def load_results(path: Path, sources: Mapping[str, Source], response: ResponseTables) -> ResultsTables:
    """The tables of a file. Raises KnowledgeError."""
    top, _ = read_table(path, {"least", "follow_up", "first", "asked", "months", "funnel", "statements"})
    rows = {name: part(top, name) for name in ("least", "follow_up", "first", "asked", "months", "funnel")}
    keys = {
        "least": {"number"},
        "follow_up": {"percent"},
        "first": {"visit", "level"},
        "asked": {"visit"},
        "months": {"numbers"},
        "funnel": {"levels"},
    }
    rules = tuple(_rule(name, row, keys[name], sources) for name, row in rows.items())
    visits = [visit.id for visit in response.visits]
    return ResultsTables(
        least=whole(rows["least"], "number"),
        follow_up=Fraction(positive(rows["follow_up"], "percent")),
        first_visit=_known(rows["first"], "visit", visits),
        first_level=_known(rows["first"], "level", [level.says.id for level in response.levels]),
        asked_visit=_known(rows["asked"], "visit", visits),
        months=tuple(int(number) for number in _rising(rows["months"], "numbers")),
        funnel_levels=_rising(rows["funnel"], "levels"),
        rules=rules,
        statements={row.id: row for row in read_statements(top, sources)},
        response=response,
    )


@per_edition
def packaged_results() -> ResultsTables:
    """The tables this version ships."""
    return load_results(folder() / "results.yaml", packaged().sources, packaged_response())


def _rule(id: str, row: Reader, keys: set[str], sources: Mapping[str, Source]) -> Statement:
    row.only(CITE | keys)
    return Statement(id=id, topic=id, says=says_of(row), cites=read_cites(row, sources))


def _known(row: Reader, key: str, known: list[str]) -> str:
    word = row.need(key, f"one of {', '.join(known)}")
    if word not in known:
        raise row.fail(f"'{word}' is no {key}; one of {', '.join(known)}", key)
    return word


def _rising(row: Reader, key: str) -> tuple[Fraction, ...]:
    try:
        numbers = tuple(Fraction(word) for word in row.words(key))
    except ValueError:
        raise row.fail(f"'{key}' holds numbers", key) from None
    if not numbers or list(numbers) != sorted(set(numbers)) or numbers[0] < 0:
        raise row.fail(f"'{key}' rises from 0, each once", key)
    return numbers
