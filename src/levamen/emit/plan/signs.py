"""Signs after a procedure for which a patient calls at once or the same day: dated, sourced data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.loader import Reader, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.record import codes

Call = Literal["emergency", "same-day"]
_CALLS: dict[str, Call] = {word: word for word in get_args(Call)}


class Sign(Struct, frozen=True, kw_only=True):
    """One sign. `after`: only after procedures of these kinds; empty, after every one."""

    id: str
    call: Call
    cite: Cite
    checked: date
    after: frozenset[str] = frozenset()


def load_signs(path: Path, sources: Mapping[str, Source]) -> dict[str, Sign]:
    """The signs of a file. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"checked", "signs"})
    checked = top.exact_day("checked")
    if checked is None:
        raise top.fail("no checked; write the day on which somebody last compared it with its sources")
    return {id: _sign(id, row, sources, checked) for id, row in top.named("signs")}


@cache
def packaged_signs() -> Mapping[str, Sign]:
    """The signs this version ships."""
    return load_signs(Path(str(resources.files("levamen.emit.plan"))) / "signs.yaml", packaged().sources)


def signs_after(therapy: str | None) -> tuple[Sign, ...]:
    """The signs to watch for after a procedure; where it is not known, all of them."""
    kind = codes.entry("therapies", therapy).get("kind") if therapy in codes.ids("therapies") else None
    return tuple(sign for sign in packaged_signs().values() if not sign.after or kind is None or kind in sign.after)


def _sign(id: str, row: Reader, sources: Mapping[str, Source], checked: date) -> Sign:
    row.only({"call", "source", "locator", "mark", "after"})
    call = row.need("call", f"one of {', '.join(_CALLS)}")
    if call not in _CALLS:
        raise row.fail(f"'{call}' is not known; one of {', '.join(_CALLS)}", "call")
    return Sign(
        id=id, call=_CALLS[call], cite=read_cite(row, sources), checked=checked, after=frozenset(row.words("after"))
    )
