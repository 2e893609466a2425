"""The packet as plain text: 78 columns, no markup, to paste into a portal; after it what stays in the clinic."""

from __future__ import annotations

from collections.abc import Iterator

from levamen.emit.packet.view import Identity, LineView, PacketView, packet_view
from levamen.emit.plan.text import wrapped
from levamen.emit.terminal import Look
from levamen.emit.view import Sources
from levamen.knowledge.registry import packaged
from levamen.pathway.authorization.packet import Packet

WIDTH = 78
_CUT = "- " * (WIDTH // 2)


def text(
    packet: Packet, sources: Sources | None = None, *, identity: Identity | None = None, look: Look | None = None
) -> str:
    """The packet. `sources`: absent, the packaged ones. `look`: absent, every letter as it is."""
    view = packet_view(packet, packaged().sources if sources is None else sources, identity)
    shown = Look(width=WIDTH, colour=False, unicode=look is None or look.unicode)
    return "\n".join((*_for_the_payer(view, shown), "", _CUT.rstrip(), "", *_for_the_clinic(view, shown))) + "\n"


def for_the_payer(packet: Packet, sources: Sources, *, identity: Identity | None = None) -> str:
    """The part that is sent, alone."""
    return "\n".join(_for_the_payer(packet_view(packet, sources, identity), Look(width=WIDTH))) + "\n"


def _for_the_payer(view: PacketView, look: Look) -> Iterator[str]:
    yield from _heading(view.title, look)
    yield from wrapped(view.draft, look)
    yield ""
    for term, said in view.facts:
        yield from wrapped(f"{term}: {said}", look, "", "    ")
    for part in view.parts:
        yield ""
        yield from _heading(part.title, look)
        for term, said in part.facts:
            yield from wrapped(f"{term}: {said}", look, "", "    ")
        for line in part.lines:
            yield ""
            yield from _line(line, look)
    if view.attachments:
        yield ""
        yield from _heading("Attachments", look)
        for number, said in enumerate(view.attachments, start=1):
            yield from wrapped(f"{number}. {said}", look, "", "    ")
    yield ""
    yield from _heading("Sources", look)
    for said in view.sources:
        yield from wrapped(said, look, "", "    ")
    yield ""
    yield from (f"{term}: ________________________" for term in view.signature)


def _line(line: LineView, look: Look) -> Iterator[str]:
    yield from wrapped(f"{line.number}. [{line.sign}] {line.name}", look, "", "    ")
    yield from wrapped(line.says, look, "    ")
    if line.found:
        yield from wrapped(f"Found: {line.found}.", look, "    ", "      ")
    for row in line.evidence:
        yield from wrapped(f"Chart: {row.text}", look, "    ", "      ")
        if row.quote:
            yield from wrapped(f'"{row.quote}"', look, "      ")
    for said in line.missing:
        yield from wrapped(f"Not known: {said}.", look, "    ", "      ")
    for said in line.readings:
        yield from wrapped(f"One reading: {said}.", look, "    ", "      ")
    for said in (line.details, line.holds):
        if said:
            yield from wrapped(said, look, "    ", "      ")
    yield from wrapped(f"Clause: {line.clause}.", look, "    ", "      ")
    if line.interpretation:
        yield from wrapped(f"Our reading of the clause: {line.interpretation}", look, "    ", "      ")


def _for_the_clinic(view: PacketView, look: Look) -> Iterator[str]:
    yield from _heading("For the clinic, not to be sent", look)
    yield from wrapped(view.state, look)
    for part in view.parts:
        yield from wrapped(f"{part.title}. {part.verdict}", look, "", "    ")
    yield ""
    yield from wrapped(f"Is authorization needed here? {view.needed}.", look)
    for said in (*view.need, *view.programs):
        yield from wrapped(said, look, "    ", "      ")
    yield ""
    yield from _heading("Ask today", look)
    for number, said in enumerate(view.asks, start=1):
        yield from wrapped(f"{number}. {said}", look, "", "    ")
    if not view.asks:
        yield "Nothing."
    for said in view.notes:
        yield from wrapped(said, look, "", "    ")
    yield ""
    for said in view.origin:
        yield from wrapped(said, look)


def _heading(said: str, look: Look) -> Iterator[str]:
    yield from (line.upper() for line in wrapped(said, look))
