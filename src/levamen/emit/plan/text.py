"""The plan in a terminal: the answer first, then each section; readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from levamen.adapters.balance import Balance
from levamen.emit.plan.view import Line, PlanView, cited_in, plan_view
from levamen.emit.terminal import PLAIN, Look, plain_text
from levamen.emit.view import Sources
from levamen.emit.words import printable
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan


def text(plan: Plan, sources: Sources | None = None, *, balance: Balance | None = None, look: Look = PLAIN) -> str:
    """The plan as text. `sources`: absent, the packaged ones. `balance`: of the record it was made from."""
    known = packaged().sources if sources is None else sources
    return "\n".join(_lines(plan_view(plan, known, balance), known, look)) + "\n"


def _lines(view: PlanView, sources: Sources, look: Look) -> Iterator[str]:
    yield from _bold(view.headline, look)
    yield from _bold(view.status, look)
    yield from wrapped(view.title, look)
    for section in view.sections:
        yield ""
        yield from _bold(section.heading, look)
        for line in section.lines:
            yield from _line(line, look)
    cited = cited_in(view, sources)
    if cited:
        yield ""
        yield from _bold("Sources", look)
    for said in cited:
        yield from wrapped(said, look, "  ", "    ")
    yield ""
    for said in view.origin:
        yield from wrapped(said, look)


def _line(line: Line, look: Look) -> Iterator[str]:
    term = f"{line.term}: " if line.term else ""
    yield from wrapped(f"{term}{line.text}", look, "  ", "    ")
    for name, said in line.pairs:
        yield from wrapped(f"{name}: {said}", look, "    ", "      ")
    for more in line.more:
        yield from wrapped(more, look, "    ", "      ")
    if line.places:
        yield from wrapped("; ".join(line.places), look, "    ", "      ")


def _bold(said: str, look: Look) -> Iterator[str]:
    for line in wrapped(said, look):
        yield f"\x1b[1m{line}\x1b[0m" if look.colour else line


def wrapped(said: str, look: Look, indent: str = "", following: str | None = None) -> Iterator[str]:
    """What is said, on lines that fit, without a character that could steer a terminal."""
    yield from textwrap.wrap(
        plain_text(printable(said), look),
        look.width,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_on_hyphens=False,
    )
