"""The usual order of care and what leaves it, as data. Shown beside verdicts; it decides nothing and blocks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import read_top
from levamen.knowledge.model import Source
from levamen.knowledge.order_of_care.reading import read_exceptions, read_rungs
from levamen.knowledge.order_of_care.rows import OrderOfCare
from levamen.knowledge.registry import packaged


def load_order(folder: Path, sources: Mapping[str, Source]) -> OrderOfCare:
    """The order of a folder (`rungs.yaml`, `exceptions.yaml`). Raises KnowledgeError naming file, line and remedy."""
    rungs, not_placed = read_rungs(read_top(folder / "rungs.yaml"), sources)
    exceptions = read_exceptions(read_top(folder / "exceptions.yaml"), sources)
    return OrderOfCare(rungs=rungs, not_placed=not_placed, exceptions=exceptions)


@per_edition
def packaged_order() -> OrderOfCare:
    """The usual order of care of this version."""
    return load_order(root() / "order_of_care", packaged().sources)
