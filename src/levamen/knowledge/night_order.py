"""The order in which the night check tells what is not a stop: data, with a reason and a source for each rank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from levamen.criteria.nodes import Cite, Mark, weakest
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, read_checked, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged

RankId = Literal["thrombosis", "bleeding", "sheet", "unknown", "caution", "day", "plan", "coverage"]
RANKS: tuple[RankId, ...] = get_args(RankId)


class Rank(Struct, frozen=True, kw_only=True):
    """One rank: what belongs to it, and why it stands where it stands."""

    id: RankId
    says: str
    why: str
    cites: tuple[Cite, ...]

    @property
    def mark(self) -> Mark:
        return weakest(tuple(cite.mark for cite in self.cites))


class NightOrder(Struct, frozen=True, kw_only=True):
    """The ranks from the gravest harm to the least. `within` says how those of one rank are ordered."""

    ranks: tuple[Rank, ...]
    within: str
    checked: date

    def place(self, id: RankId) -> int:
        """How many ranks come before this one."""
        return [rank.id for rank in self.ranks].index(id)


def load_night_order(path: Path, sources: Mapping[str, Source]) -> NightOrder:
    """The order of one file: every rank once, coverage last. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only({"checklist", "checked", "recheck_by", "within", "rows"})
    if top.need("checklist", "write `checklist: night_order`") != "night_order":
        raise top.fail("this file holds the order of the night check; write `checklist: night_order`", "checklist")
    checked, _ = read_checked(top)
    ranks = tuple(_rank(id, row, sources) for id, row in top.named("rows"))
    if missing := [id for id in RANKS if id not in {rank.id for rank in ranks}]:
        raise top.fail(f"no rank {', '.join(missing)}; every finding needs its place", "rows")
    if ranks[-1].id != "coverage":
        raise top.fail("coverage is not last; safety is told before coverage", "rows")
    return NightOrder(ranks=ranks, within=top.need("within", "say how one rank is ordered"), checked=checked)


@per_edition
def packaged_night_order() -> NightOrder:
    """The order this version ships."""
    path = root() / "checklists" / "night_order.yaml"
    return load_night_order(path, packaged().sources)


def _rank(id: str, row: Reader, sources: Mapping[str, Source]) -> Rank:
    row.only({"says", "why", "source", "locator", "mark", "also"})
    for known in RANKS:
        if id == known:
            return Rank(
                id=known,
                says=row.need("says", "say what belongs to this rank"),
                why=row.need("why", "say why it stands here"),
                cites=(read_cite(row, sources), *(read_cite(other, sources) for other in row.children("also"))),
            )
    raise row.fail(f"'{id}' is no rank of the night check; one of {', '.join(RANKS)}")
