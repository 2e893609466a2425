"""A warning sign as a page shows it: what was found, what to do by when, and who says so."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.emit.view import Place, places
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.registry import packaged
from levamen.pathway.flag_answers import ActDue, FlagAnswer
from levamen.pathway.flag_stops import due_words
from levamen.record import codes


class Sign(Struct, frozen=True, kw_only=True):
    """One warning sign in words. `grave`: it cannot wait until tomorrow."""

    title: str
    urgency: str
    grave: bool
    sure: bool
    found: tuple[str, ...]
    doubts: tuple[str, ...]
    by: str
    acts: tuple[str, ...]
    asks: tuple[str, ...]
    places: tuple[Place, ...]
    unverified: bool


def signs_of(answers: tuple[FlagAnswer, ...], zone: ZoneInfo) -> list[Sign]:
    """Each of them in words, with the places of the sources that say so."""
    return [_sign(answer, zone) for answer in answers]


def _sign(answer: FlagAnswer, zone: ZoneInfo) -> Sign:
    due, now = answer.due, answer.urgency == "emergency"
    found_places = places(answer.cites, packaged().sources)
    return Sign(
        title=capital(answer.flag.title),
        urgency=capital(codes.label("urgencies", answer.urgency)),
        grave=answer.urgency in ("emergency", "same-day"),
        sure=answer.status == "fires",
        found=tuple(capital(dates_in_words(fact.says)) for fact in answer.found),
        doubts=tuple(capital(dates_in_words(said)) for said in answer.doubts),
        by=f"{'At once: known since' if now else 'By'} {dates_in_words(due_words(due, zone))}"
        if due is not None
        else "",
        acts=tuple(_act(row, zone) for row in answer.acts),
        asks=tuple(said.says for said in answer.flag.asks),
        places=found_places,
        unverified=any(cite.mark == "unverified" for cite in answer.cites),
    )


def _act(row: ActDue, zone: ZoneInfo) -> str:
    act = row.act
    who = capital(codes.label("roles", act.who)) + (f", {act.route}" if act.route else "")
    by = f", by {dates_in_words(due_words(row.due, zone))}" if row.due is not None else ""
    return f"{act.says}. {who}{by}"
