"""Every packaged table that is no policy: when it was last held against its sources, and by when it must be again."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from levamen.knowledge.edition import root
from levamen.knowledge.loader import read_checked, read_top


class Table(Struct, frozen=True, kw_only=True):
    """One file of duties, guards, drugs or checklists, by its path under `knowledge`."""

    name: str
    checked: date
    recheck_by: date


def packaged_tables() -> tuple[Table, ...]:
    """The tables this version ships, by name. Raises KnowledgeError where one states no dates."""
    folder = root()
    found = []
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent.name != "sources" and path.relative_to(folder).parts[0] != "policies":
            checked, recheck = read_checked(read_top(path))
            found.append(Table(name=path.relative_to(folder).as_posix(), checked=checked, recheck_by=recheck))
    return tuple(found)
