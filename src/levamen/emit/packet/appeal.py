"""The draft of a letter that appeals a denial: what the payer said, then criterion by criterion what the chart shows.

Only what the chart answers as the policy asks is claimed. What it does not show stands below a line, for the clinic.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from levamen.emit.packet.text import WIDTH
from levamen.emit.packet.view import BLANK, SIGN_KEYS, LineView, PacketView
from levamen.emit.plan.text import wrapped
from levamen.emit.terminal import Look
from levamen.pathway.headline import day_words

DRAFT = "Draft for a person to check, mend and sign. It does not say what the payer will answer."
_SHOWN = SIGN_KEYS["ticked"]
_CUT = ("- " * (WIDTH // 2)).rstrip()


class Denial(Struct, frozen=True, kw_only=True):
    """What the payer answered: the day of its letter, its number, its reason and the clause it names, where it did."""

    on: date
    number: str = ""
    reason: str = ""
    clause: str = ""


def letter(view: PacketView, denial: Denial, as_of: date) -> str:
    """The draft as plain text, 78 columns wide."""
    return "\n".join(_lines(view, denial, as_of, Look(width=WIDTH))) + "\n"


def _lines(view: PacketView, denial: Denial, as_of: date, look: Look) -> Iterator[str]:
    shown = [(part.title, [line for line in part.lines if line.key == _SHOWN]) for part in view.parts]
    rest = [(part.title, line) for part in view.parts for line in part.lines if line.key not in (_SHOWN, "silent")]
    yield from wrapped(DRAFT, look)
    yield ""
    yield day_words(as_of)
    yield f"To: {BLANK}"
    for term, said in view.facts:
        yield from wrapped(f"{term}: {said}", look, "", "    ")
    yield ""
    number = f", number {denial.number}" if denial.number else ""
    yield from wrapped(f"Appeal of the denial of {day_words(denial.on)}{number}", look)
    yield ""
    reason = f"The reason given: {denial.reason}" if denial.reason else f"The reason given: {BLANK}"
    yield from wrapped(reason, look)
    yield from wrapped(f"The clause named: {denial.clause or BLANK}", look)
    yield ""
    if any(lines for _, lines in shown):
        yield from wrapped("We ask for another review. What the policy asks, and what the record shows:", look)
    else:
        yield from wrapped(f"We ask for another review, because {BLANK}", look)
    for title, lines in shown:
        if lines:
            yield ""
            yield from wrapped(title, look)
        for line in lines:
            yield from _criterion(line, look)
    if view.attachments:
        yield ""
        yield "Attachments"
        for place, said in enumerate(view.attachments, start=1):
            yield from wrapped(f"{place}. {said}", look, "", "    ")
    yield ""
    yield from (f"{term}: ________________________" for term in view.signature)
    yield ""
    yield _CUT
    yield ""
    yield from wrapped("For the clinic, not to be sent: what the letter does not claim", look)
    if not rest:
        yield "Nothing: every criterion is answered from the chart as the policy asks."
    for title, line in rest:
        yield from wrapped(f"{title}: {line.name} ({line.sign.lower()}).", look, "  ", "    ")
        for said in line.missing:
            yield from wrapped(f"Not known: {said}.", look, "    ", "      ")
    if not view.parts:
        yield from wrapped("No policy of this payer on this therapy is in this version: argue from its own text.", look)


def _criterion(line: LineView, look: Look) -> Iterator[str]:
    yield from wrapped(f"{line.number}. {line.name}: {line.says}", look, "  ", "     ")
    if line.found:
        yield from wrapped(f"Found: {line.found}.", look, "     ", "       ")
    for row in line.evidence:
        yield from wrapped(f"Record: {row.text}", look, "     ", "       ")
    yield from wrapped(f"Clause: {line.clause}.", look, "     ", "       ")


__all__ = ["DRAFT", "Denial", "letter"]
