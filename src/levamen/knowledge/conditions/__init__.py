"""The conditions that patients arrive with, as sourced data (`<condition>/condition.yaml`), and when to refer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from levamen.knowledge.conditions.reading import read_condition, read_referral
from levamen.knowledge.conditions.rows import Condition, Referral
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import read_checked, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged


def load_conditions(folder: Path, sources: Mapping[str, Source]) -> dict[str, Condition]:
    """Every described condition of a folder, by id. Raises KnowledgeError naming file, line and remedy."""
    found = {}
    for path in sorted(folder.glob("*/condition.yaml")):
        id = path.parent.name.replace("_", "-")
        found[id] = read_condition(id, read_top(path), sources)
    return found


def load_referral(path: Path, sources: Mapping[str, Source]) -> tuple[Referral, ...]:
    """What is said of referral whatever the condition. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "referral"})
    read_checked(top)
    return read_referral(top, sources)


@per_edition
def packaged_conditions() -> Mapping[str, Condition]:
    """The conditions this version describes."""
    return load_conditions(root() / "conditions", packaged().sources)


@per_edition
def packaged_referral() -> tuple[Referral, ...]:
    """What the sources say of referral whatever the condition."""
    return load_referral(root() / "conditions" / "referral.yaml", packaged().sources)
