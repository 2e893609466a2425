"""The body map in a terminal: every area with its box, grouped by view, and what is marked in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from levamen.adapters.balance import Balance
from levamen.derive.body_map import Marked
from levamen.emit.body_map import NOT_SAID, NOTHING, SIDES_SENTENCE, VIEW_WORDS, count_words
from levamen.emit.terminal import PLAIN, Look, balance_line, plain_text
from levamen.emit.words import capital, printable
from levamen.knowledge.body_map import SIDES, VIEWS, Area, View, area_id, body_map
from levamen.record import codes
from levamen.record.facts import Pain, called


def text(
    marked: Sequence[Area],
    *,
    title: str = "Body map",
    found: Marked | None = None,
    balance: Balance | None = None,
    remarks: Sequence[str] = (),
    look: Look = PLAIN,
) -> str:
    """The body map with some areas marked; with the pains of a record, and what was read."""
    lines = [title, ("─" if look.unicode else "-") * min(len(title), look.width)]
    lines += _said(marked, look)
    if found is not None:
        lines += _pains(found, marked, look)
    for view in VIEWS:
        lines += ["", *_view(view, marked)]
    if balance is not None:
        lines += ["", balance_line(balance)]
    for remark in remarks:
        lines += _wrapped(remark, look, "  ", "    ")
    return plain_text("\n".join(printable(line) for line in lines) + "\n", look)


def _said(marked: Sequence[Area], look: Look) -> Iterator[str]:
    if not marked:
        yield from _wrapped(f"{NOTHING} {NOT_SAID} {SIDES_SENTENCE}", look)
        return
    sites = ", ".join(dict.fromkeys(codes.label("pain_sites", area.site) for area in marked))
    yield from _wrapped(f"{count_words(marked)} Pain sites: {sites}. {NOT_SAID} {SIDES_SENTENCE}", look)
    for number, area in enumerate(marked, start=1):
        yield from _wrapped(f"{number}. {area.plain} ({area.label})", look, "  ", "     ")


def _pains(found: Marked, marked: Sequence[Area], look: Look) -> Iterator[str]:
    for pain in found.pains:
        numbers = [str(number) for number, area in enumerate(marked, start=1) if area.id in pain.areas]
        said = f"marked {', '.join(numbers)}" if numbers else "no area marked"
        yield from _wrapped(f"{capital(called(pain))} ({pain_words(pain)}): {said}", look, "  ", "    ")
    for pain in found.over:
        yield from _wrapped(
            f"{capital(called(pain))} ({pain_words(pain)}) is over, and is not shown", look, "  ", "    "
        )


def pain_words(pain: Pain) -> str:
    """A pain's id and its side as recorded."""
    side = codes.label("sides", pain.side) if pain.side is not None else "side not recorded"
    return f"{pain.id}, {side}"


def _view(view: View, marked: Sequence[Area]) -> Iterator[str]:
    numbers = {area.id: number for number, area in enumerate(marked, start=1)}
    yield f"{VIEW_WORDS[view]:<16}{'left':<12}right"
    for area in body_map().of(view, SIDES[0]):
        boxes = [area_id(view, side, area.part) for side in SIDES]
        cells = [f"[x] {numbers[id]}" if id in numbers else "[ ]" for id in boxes]
        yield f"  {area.part.replace('-', ' '):<14}{cells[0]:<12}{cells[1]}"


def _wrapped(text: str, look: Look, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(
        text, look.width, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
