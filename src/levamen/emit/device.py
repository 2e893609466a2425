"""The page of the devices of a record: a head, one section for each kind of device, and the sources.

A section is a function of the writer: `stimulators` and `pump` give one each. Another kind of device adds its own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.emit.terminal import PLAIN, Look, balance_line, plain_text
from levamen.emit.view import Sources, place, source_title
from levamen.emit.words import ASCII_SIGNS, SIGNS, dates_in_words, printable
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import day_words


class Writer:
    """What sections write with. Sources are numbered in the order in which they are cited."""

    def __init__(self, sources: Sources, look: Look) -> None:
        self.sources, self.look = sources, look
        self.numbers: dict[str, int] = {}

    def heading(self, text: str) -> Iterator[str]:
        """A blank line, then the text, bold where that can be shown."""
        yield ""
        for line in self.wrapped(text):
            yield f"\x1b[1m{line}\x1b[0m" if self.look.colour else line

    def wrapped(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        """The text in lines of the page's width, its days as a person writes them."""
        yield from textwrap.wrap(
            plain_text(printable(dates_in_words(text)), self.look),
            self.look.width,
            initial_indent=indent,
            subsequent_indent=indent if following is None else following,
            break_on_hyphens=False,
        )

    def cites(self, cites: Sequence[Cite]) -> str:
        """`[1] table; [2] page, read in a secondary source`: every source, its place in it, its mark."""
        told = []
        for cite in dict.fromkeys(cites):
            found = place(cite, self.sources)
            count = self.numbers.setdefault(found.source, len(self.numbers) + 1)
            told.append(f"[{count}] {found.locator}{f', {found.mark}' if found.mark else ''}")
        return "; ".join(told)

    def sign(self, status: str) -> str:
        """The sign of a status."""
        return SIGNS[status] if self.look.unicode else ASCII_SIGNS[status]


Section = Callable[[Writer], Iterator[str]]
"""The lines of one kind of device; none where the record has none."""


def page(
    patient: str,
    as_of: date,
    sections: Sequence[Section],
    reading: Reading,
    *,
    checked: date,
    sources: Sources | None = None,
    look: Look = PLAIN,
) -> str:
    """The page of one record. `sources`: absent, the packaged ones."""
    writer = Writer(packaged().sources if sources is None else sources, look)
    return "\n".join(_lines(writer, patient, as_of, sections, reading, checked)) + "\n"


def _lines(
    writer: Writer, patient: str, as_of: date, sections: Sequence[Section], reading: Reading, checked: date
) -> Iterator[str]:
    title = f"{patient}: devices, as known {day_words(as_of)}"
    yield from writer.wrapped(title)
    yield ("─" if writer.look.unicode else "-") * min(len(title), writer.look.width)
    told = [line for section in sections for line in section(writer)]
    yield from told or writer.wrapped("No stimulator, nothing on the way to one and no pump is recorded.")
    yield ""
    yield from writer.wrapped(balance_line(reading.balance))
    yield from writer.wrapped(f"Tables last checked against their sources {day_words(checked)}.")
    if writer.numbers:
        yield from writer.heading("Sources")
    for id, count in writer.numbers.items():
        yield from writer.wrapped(f"{id}: {source_title(id, writer.sources)}", f"  [{count}] ".ljust(7), " " * 7)
