"""The page of a condition, as patients and referrers arrive with it; what is often said; the usual order of care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from levamen.emit.pages.blocks import Block, Link, group, item, note, part, table, text, title
from levamen.emit.pages.places import cited_words
from levamen.emit.view import Sources
from levamen.emit.words import capital
from levamen.knowledge.conditions.rows import FIELDS, Condition, Referral
from levamen.knowledge.often_said import OftenSaid
from levamen.knowledge.order_of_care.rows import OrderOfCare
from levamen.knowledge.sourced import NONE_FOUND, Statement, Voice
from levamen.pathway.headline import day_words
from levamen.record import codes

HEADINGS: Mapping[str, str] = {
    "description": "What it is",
    "agreement": "What must agree before it is called so",
    "history": "What the patient tells",
    "examination": "What the examination finds",
    "imaging": "Imaging and tests",
    "red_flags": "Dangers to exclude first",
    "first_care": "First care",
    "therapies": "Who says what of which therapy",
    "against": "What the sources advise against",
    "cautions": "What changes in a person who has it",
    "referral": "When to send the patient on",
}
EFFECTS = {"caution": "Take care", "avoid": "Avoid", "refer-first": "Somebody else first"}
PACES = {"early": "Early", "late": "Only after other care", "urgent": "At once", "never": "Not for this"}
SYSTEMS = {"icd10cm": "ICD-10-CM", "snomed": "SNOMED CT"}


def condition_page(found: Condition, sources: Sources) -> Iterator[Block]:
    """Everything that is known of a condition; an empty field says that no source was found."""
    yield title(codes.label("conditions", found.id))
    yield text(f"In plain words: {found.plain}.")
    if found.synonyms:
        yield text(f"Also called {', '.join(found.synonyms)}.")
    checked, again = day_words(found.checked), day_words(found.recheck_by)
    yield text(f"Last compared with its sources on {checked}; due again by {again}.")
    for field in FIELDS:
        yield part(HEADINGS[field])
        if not found.cites_of(field):
            yield text(f"{capital(NONE_FOUND)}.")
        elif field == "red_flags":
            for flag in found.red_flags:
                yield item(f"{capital(codes.label('flags', flag.flag))}: {flag.says}")
                yield note(cited_words(flag.cites, sources))
        elif field in ("therapies", "against"):
            yield voices_table(HEADINGS[field], getattr(found, field), sources)
        elif field == "cautions":
            for caution in found.cautions:
                yield item(f"{EFFECTS[caution.effect]}: {caution.says}{_of(caution.therapies)}")
                yield note(cited_words(caution.cites, sources))
        elif field == "referral":
            yield from referral_blocks(found.referral, sources)
        elif field == "description":
            yield from _halves(found.statements[field], sources)
        else:
            for row in found.statements[field]:
                yield item(row.says, see=_see(row.therapies))
                yield note(cited_words(row.cites, sources))
    if found.codes:
        yield part("Codes that are matched")
        for system, numbers in found.codes.items():
            yield item(f"{SYSTEMS.get(system, system)}: {', '.join(numbers)}")


def _halves(rows: Iterable[Statement], sources: Sources) -> Iterator[Block]:
    for row in rows:
        yield group("For the patient" if row.audience == "patient" else "For the clinician")
        yield text(row.says)
        yield note(cited_words(row.cites, sources))


def voices_table(caption: str, rows: Iterable[Voice], sources: Sources) -> Block:
    """Who speaks, of what, what is said, and where."""
    return table(
        caption,
        ("Who", "Of what", "What is said", "Source"),
        ((capital(row.speaker), _what(row), row.says, cited_words(row.cites, sources)) for row in rows),
    )


def _what(row: Voice) -> str:
    names = ", ".join(codes.label("therapies", id) for id in row.therapies)
    narrowed = [*(codes.label("regions", id) for id in row.regions), *row.approaches]
    return names + (f" ({', '.join(narrowed)})" if narrowed else "")


def _of(therapies: tuple[str, ...]) -> str:
    return f" ({', '.join(codes.label('therapies', id) for id in therapies)})" if therapies else ""


def _see(therapies: tuple[str, ...]) -> Link | None:
    return Link(codes.label("therapies", therapies[0]), f"therapies/{therapies[0]}") if therapies else None


def referral_blocks(rows: Iterable[Referral], sources: Sources) -> Iterator[Block]:
    """When somebody sends the patient on; voices that disagree stand side by side."""
    yield table(
        "The voices disagree on early and late; each is shown with its authority",
        ("When", "Who says so", "What is said", "Source"),
        (
            (PACES[row.pace], capital(row.voice.speaker), row.voice.says, cited_words(row.voice.cites, sources))
            for row in rows
        ),
    )


def often_said_page(rows: Iterable[OftenSaid], sources: Sources) -> Iterator[Block]:
    """What is often said of these therapies, and what the sources say instead."""
    yield title("Often said")
    yield text("What articles and clinics often say, where it was read, and what the sources say instead.")
    for row in rows:
        yield part(row.title)
        yield text(f"Said of {', '.join(codes.label('therapies', id) for id in row.therapies)}.")
        for heard in row.heard:
            yield item(heard.says)
            yield note(cited_words(heard.cites, sources))
        yield voices_table("What the sources say", row.instead, sources)
        if row.still_true:
            yield voices_table("What of it holds", row.still_true, sources)


def order_page(order: OrderOfCare, sources: Sources) -> Iterator[Block]:
    """The usual steps, what is expected before what, and what leaves the order. It decides nothing."""
    yield title("The usual order of care")
    yield text(
        "Shown beside verdicts, never instead of them: it blocks nothing and changes no verdict. Every step can be left"
        " for one of the reasons below, for the patient's choice, or because a policy orders otherwise."
    )
    for rung in order.rungs:
        yield part(f"{rung.number}. {rung.title}")
        yield text(rung.content)
        yield item(f"Entered: {rung.enter}")
        yield item(f"Left upward: {rung.leave}")
        yield note(cited_words(rung.cites, sources))
        if rung.voices:
            yield voices_table("What the sources say of it", rung.voices, sources)
    yield part("What leaves the order")
    for departure in order.exceptions:
        names = ", ".join(sorted(codes.title(id) for id in departure.therapies))
        yield item(f"{departure.title}: {departure.says}{f' (for {names})' if names else ''}")
        yield note(cited_words(departure.cites, sources))
