"""The night check in a terminal: what stops first, then three, then how many more; readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from levamen.emit.night_view import STOPS_FIRST, CardView, NightCheck, NightView, PatientView, night_view
from levamen.emit.plan.text import wrapped
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.view import Sources
from levamen.emit.words import ASCII_SAFETY_SIGNS, ASCII_SIGNS, SAFETY_SIGNS, SIGNS
from levamen.knowledge.registry import packaged

WIDTH = 80


def text(check: NightCheck, sources: Sources | None = None, *, everything: bool = False, look: Look = PLAIN) -> str:
    """The night check as text; `everything` opens the rest. `sources`: absent, the packaged ones."""
    view = night_view(check, packaged().sources if sources is None else sources)
    return "\n".join(_lines(view, everything, replace(look, width=min(look.width, WIDTH)))) + "\n"


def _lines(view: NightView, everything: bool, look: Look) -> Iterator[str]:
    yield from _bold(f"{view.title}{f', as of {view.as_of}' if view.as_of else ''}", look)
    yield from wrapped(view.counts, look)
    if view.unread:
        yield from wrapped(view.unread, look)
    if view.state:
        yield from wrapped(view.state, look)
    if view.alarm:
        yield ""
        yield from _bold(view.alarm, look)
    for why in view.skipped:
        yield from wrapped(why, look, "  ", "    ")
    for patient in view.patients:
        yield ""
        yield from _patient(patient, everything, look)
    if view.patients:
        yield ""
        yield from wrapped(STOPS_FIRST, look)
        for number, rank in enumerate(view.order, start=1):
            yield from wrapped(f"{number}. {rank.label}: {rank.says}. {rank.why} {rank.sources}", look, "  ", "     ")
        yield from wrapped(view.within, look)
    yield ""
    for said in view.origin:
        yield from wrapped(said, look)


def _patient(patient: PatientView, everything: bool, look: Look) -> Iterator[str]:
    yield from _bold(f"{patient.patient}: {patient.procedure}, {patient.when}", look)
    owner = f" Owner: {patient.owner}." if patient.owner else ""
    yield from wrapped(f"{_sign(patient.sign, look)} Safety: {patient.safety}. {patient.decision}.{owner}", look, "  ")
    if patient.unknown:
        yield from _bold(patient.unknown, look, "  ")
    if patient.unread:
        yield from _bold(patient.unread, look, "  ")
    for entry in patient.unread_entries:
        yield from wrapped(f"- {entry}", look, "  ", "    ")
    if patient.stops:
        yield from _bold(f"Stops and deferrals ({len(patient.stops)})", look, "  ")
        for stop in patient.stops:
            yield from _card(f"{_sign(stop.sign, look)} {stop.label}", stop, look)
    if patient.cards:
        yield from _bold("Next" if patient.stops else "First", look, "  ")
    for number, card in enumerate(patient.cards, start=1):
        yield from _card(f"{number}. {card.label}", card, look, everything)
    if not patient.stops and not patient.cards and not patient.unread:
        yield "  Nothing needs you for this patient."
    if everything:
        if patient.rest:
            yield from _bold(f"The rest ({len(patient.rest)})", look, "  ")
        for card in patient.rest:
            yield from _card(f"- {card.label}", card, look, everything)
        for fact in patient.facts:
            yield from wrapped(fact, look, "  ")
    elif patient.rest:
        yield f"  {len(patient.rest)} more (--all shows them)"


def _card(label: str, card: CardView, look: Look, everything: bool = False) -> Iterator[str]:
    until = f", {card.until}" if card.until else ""
    yield from wrapped(f"{label}{until}: {card.what}", look, "  ", "     ")
    if card.more:
        yield from wrapped(card.more, look, "     ")
    for part in card.parts if everything else ():
        yield from wrapped(f"- {part}", look, "     ", "       ")
    yield from wrapped(f"Owner: {card.owner}. Due: {card.when}.", look, "     ", "       ")
    yield from wrapped(card.sources, look, "     ", "       ")


def _sign(key: str, look: Look) -> str:
    signs = {**SIGNS, **SAFETY_SIGNS} if look.unicode else {**ASCII_SIGNS, **ASCII_SAFETY_SIGNS}
    return signs[key]


def _bold(said: str, look: Look, indent: str = "") -> Iterator[str]:
    for line in wrapped(said, look, indent):
        yield f"\x1b[1m{line}\x1b[0m" if look.colour else line
