"""The catalogue: what each therapy is, does and risks, as sourced data (`<therapy>/therapy.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.knowledge.therapies.reading import read_therapy
from levamen.knowledge.therapies.rows import Therapy


def load_therapies(folder: Path, sources: Mapping[str, Source]) -> dict[str, Therapy]:
    """Every described therapy of a folder, by id. Raises KnowledgeError naming file, line and remedy."""
    found = {}
    for path in sorted(folder.glob("*/therapy.yaml")):
        id = path.parent.name.replace("_", "-")
        found[id] = read_therapy(id, read_top(path), sources)
    return found


@per_edition
def packaged_therapies() -> Mapping[str, Therapy]:
    """The therapies this version describes."""
    return load_therapies(root() / "therapies", packaged().sources)
