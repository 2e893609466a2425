"""What is often said of these therapies, where, and what the sources say instead. Nothing of it enters a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, read_checked, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.knowledge.sourced import Sources, Statement, Voice, rows_of, statement, voice, words_of


class OftenSaid(Struct, frozen=True, kw_only=True):
    """One saying. `heard`: what is said, and where it was read. `instead`: what the sources say of the same matter.

    Where the sources disagree with each other too, each is a row; `still_true` is what of the saying they share.
    """

    id: str
    title: str
    checked: date
    recheck_by: date
    therapies: tuple[str, ...]
    heard: tuple[Statement, ...]
    instead: tuple[Voice, ...]
    still_true: tuple[Voice, ...]


def load_often_said(folder: Path, sources: Mapping[str, Source]) -> dict[str, OftenSaid]:
    """Every saying of a folder, by id. Raises KnowledgeError naming file, line and remedy."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        id = path.stem.replace("_", "-")
        found[id] = read_saying(id, read_top(path), sources)
    return found


def read_saying(id: str, top: Reader, sources: Sources) -> OftenSaid:
    """One saying: who said it, and at least one source that says something else."""
    top.only({"saying", "checked", "recheck_by", "title", "therapies", "heard", "instead", "still_true"})
    stated = top.need("saying", "write the id of the saying")
    if stated != id:
        raise top.fail(f"the file is named for {id}; it holds {stated}", "saying")
    checked, recheck_by = read_checked(top)
    therapies = words_of(top, "therapies", "therapies")
    if not therapies:
        raise top.fail("no therapies; name the therapies it is said of")
    heard = tuple(rows_of(top, "heard", sources, statement))
    instead = tuple(rows_of(top, "instead", sources, voice))
    if not heard:
        raise top.fail("what nobody is known to have said needs no answer; give where it was read", "heard")
    if not instead:
        raise top.fail("without a source that says otherwise it stands unanswered; leave the file out", "instead")
    return OftenSaid(
        id=id,
        title=top.need("title", "say it as people say it"),
        checked=checked,
        recheck_by=recheck_by,
        therapies=therapies,
        heard=heard,
        instead=instead,
        still_true=tuple(rows_of(top, "still_true", sources, voice)),
    )


@per_edition
def packaged_often_said() -> Mapping[str, OftenSaid]:
    """The sayings this version answers."""
    return load_often_said(root() / "often_said", packaged().sources)
