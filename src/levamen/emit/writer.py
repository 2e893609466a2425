"""What pages in plain text are written with: width and signs, and sources that are numbered as they are cited."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from levamen.criteria.nodes import Cite
from levamen.emit.terminal import Look, plain_text
from levamen.emit.view import Sources, place, source_title
from levamen.emit.words import ASCII_SIGNS, SIGNS, printable
from levamen.knowledge.registry import packaged


class Writer:
    """One page being written. Sources are numbered in the order in which they are cited; absent, the packaged ones."""

    def __init__(self, sources: Sources | None, look: Look) -> None:
        self.sources = packaged().sources if sources is None else sources
        self.look = look
        self.numbers: dict[str, int] = {}

    def title(self, text: str) -> Iterator[str]:
        """The title, underlined."""
        yield from self.wrapped(text)
        yield ("─" if self.look.unicode else "-") * min(len(text), self.look.width)

    def heading(self, text: str) -> Iterator[str]:
        """A blank line, then the text, bold where that can be shown."""
        yield ""
        yield from self.bold(text)

    def bold(self, text: str, following: str = "") -> Iterator[str]:
        """The text, bold where that can be shown."""
        for line in self.wrapped(text, following=following):
            yield f"\x1b[1m{line}\x1b[0m" if self.look.colour else line

    def wrapped(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        """The text in lines of the page's width. `following` begins every line but the first; absent, as the first."""
        yield from textwrap.wrap(
            plain_text(printable(text), self.look),
            self.look.width,
            initial_indent=indent,
            subsequent_indent=indent if following is None else following,
            break_on_hyphens=False,
        )

    def cites(self, cites: Sequence[Cite]) -> str:
        """`[1] table; [2] page, read in a secondary source`: every source, its place in it, its mark; each once."""
        told: dict[str, None] = {}
        for cite in cites:
            found = place(cite, self.sources)
            count = self.numbers.setdefault(found.source, len(self.numbers) + 1)
            told[f"[{count}] {found.locator}{f', {found.mark}' if found.mark else ''}"] = None
        return "; ".join(told)

    def sign(self, status: str) -> str:
        """The sign of a status."""
        return SIGNS[status] if self.look.unicode else ASCII_SIGNS[status]

    def cited(self) -> Iterator[str]:
        """Every source that was cited, by its number."""
        for id, count in self.numbers.items():
            yield from self.wrapped(f"{id}: {source_title(id, self.sources)}", f"  [{count}] ".ljust(7), " " * 7)
