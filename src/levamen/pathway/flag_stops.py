"""What flags do to a plan and to an assessment: stops of elective procedures, duties, and sentences to read."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.pathway.flag_answers import Due, FlagAnswer, FlagReview
from levamen.pathway.obligations import Obligation
from levamen.record import codes

ASK_THE_LIST = "red-flags"
"""The id of the duty to ask the red-flag list; that of a flag's own duty is the id of the flag."""
_CLEAR = "a named clinician clears it with a reason"


class FlagStop(Struct, frozen=True, kw_only=True):
    """A flag that stops an elective procedure: `defer` where it fires, `unknown` where it may.

    `what` names it with what was found, `more` tells what there is to know of its clearing, `until` ends it.
    """

    id: str
    verdict: Literal["defer", "unknown"]
    what: str
    more: str = ""
    do: str
    who: str
    until: str
    due: Due | None = None
    missing: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()

    @property
    def says(self) -> str:
        """The whole reason."""
        until = f", until {self.until}" if self.verdict == "defer" else ""
        return f"{self.what}{until}{f'; {self.more}' if self.more else ''}"


def stops_of(review: FlagReview, on: date) -> tuple[FlagStop, ...]:
    """Every flag that stops a procedure on a day, in their order; last, a yes to the list that names no sign."""
    found = [_stop(answer, on) for answer in review.answers if answer.blocks(on)]
    if review.which:
        found.append(
            FlagStop(
                id=ASK_THE_LIST,
                verdict="unknown",
                what="the red-flag list was answered yes, but which sign is not recorded",
                do="Ask which sign it is, and record it.",
                who="nurse",
                until="the sign is recorded, or the list is answered no",
                missing=("yes to the red-flag list, but which sign?",),
                cites=(review.general.answer.cite,),
            )
        )
    return tuple(found)


def _stop(answer: FlagAnswer, on: date) -> FlagStop:
    fires = answer.status == "fires"
    why = "; ".join(fact.says for fact in answer.found)
    what, more = f"{kind_of(answer)}: {answer.flag.title} ({why})", ""
    if not fires:
        what = f"perhaps a {kind_of(answer)}: {answer.flag.title}; to find out: {'; '.join(answer.doubts) or why}"
    if answer.clearance is not None:
        more = f"{answer.clearance.id} clears it to {answer.clearance.ends.isoformat()} only, before the procedure"
    elif answer.not_clearing:
        last = answer.not_clearing[-1]
        more = f"{last.id} is not a clearance because {last.why}"
    acts = answer.flag.acts
    return FlagStop(
        id=answer.flag.id,
        verdict="defer" if fires else "unknown",
        what=what,
        more=more,
        do=". ".join(act.says for act in acts) + "." if acts else "Look at it before the procedure.",
        who=acts[0].who if acts else "pain-physician",
        until=_CLEAR,
        due=_first_due(answer),
        missing=() if fires else answer.doubts,
        cites=answer.cites,
    )


def _first_due(answer: FlagAnswer) -> Due | None:
    """By when the first act is due: its own time where a source gives one, else the clock of the flag."""
    own = answer.acts[0].due if answer.acts else None
    return own or answer.due


def kind_of(answer: FlagAnswer) -> str:
    """`red flag, emergency now`; what blocks nothing and is of the mind is no red flag."""
    if answer.flag.id == "yellow-flags":
        return "yellow flags"
    return f"red flag, {codes.label('urgencies', answer.urgency)}"


def flag_duties(review: FlagReview) -> tuple[Obligation, ...]:
    """What is owed now: one duty for each flag that fires and that nobody has cleared or followed up."""
    return tuple(
        Obligation(
            id=answer.flag.id,
            what=f"{kind_of(answer)}: {act.act.says}",
            who=act.act.who,
            due=_day(_first_due(answer), review.zone),
            why=f"{answer.flag.title}: {'; '.join(fact.says for fact in answer.found)}",
            cites=act.act.cites,
        )
        for answer in review.of("fires")
        if answer.open and answer.followed_up is None and answer.flag.id != "yellow-flags"
        for act in answer.acts[:1]
    )


def _day(due: Due | None, zone: ZoneInfo) -> date | None:
    return due.day(zone) if due is not None else None


def list_duty(review: FlagReview, on: date) -> tuple[Obligation, ...]:
    """Nobody has asked the red-flag list lately: it is asked before the procedure. That changes no verdict."""
    if review.asked is not None and review.asked[0] != "unknown":
        return ()
    return (
        Obligation(
            id=ASK_THE_LIST,
            what="ask the red-flag list before the procedure",
            who="nurse",
            due=on,
            why="no answer to it is recorded that still counts",
            cites=(review.general.answer.cite,),
        ),
    )


def flag_notes(review: FlagReview) -> tuple[str, ...]:
    """A sentence for each flag that fires or may, the gravest first, and each conflict. Days are ISO days."""
    rows = [_note(answer, review) for answer in (*review.of("fires"), *review.of("unknown"))]
    told = [f"{text[:1].upper()}{text[1:]}." for text in review.conflicts]
    if review.which:
        told.append("The red-flag list was answered yes, but which sign is not recorded: ask, and record it.")
    return (*rows, *told)


def _note(answer: FlagAnswer, review: FlagReview) -> str:
    why = "; ".join(fact.says for fact in answer.found)
    head = kind_of(answer)
    if answer.flag.id == "yellow-flags":
        return f"{head.capitalize()}: {why}. They change the plan and never deny care."
    if answer.status == "unknown":
        return f"Perhaps a {head}: {answer.flag.title}. To find out: {'; '.join(answer.doubts) or why}."
    held = answer.clearance
    if held is not None:
        return (
            f"{head.capitalize()}: {answer.flag.title} ({why}). Cleared to {held.ends.isoformat()} by {held.author}"
            f" ({held.id}): {held.note}"
        )
    if answer.followed_up is not None:
        done = f"Followed up ({answer.followed_up}); it stays until {_CLEAR}."
        return f"{head.capitalize()}: {answer.flag.title} ({why}). {done}"
    first = answer.acts[0]
    due = _first_due(answer)
    by = f" by {due_words(due, review.zone)}" if due is not None else ""
    if answer.urgency == "emergency" and first.due is None:
        by = " at once"
    mark = " (awaiting confirmation)" if answer.mark == "unverified" else ""
    more = " `levamen flags` shows the rest." if len(answer.acts) > 1 else ""
    return f"{head.capitalize()}: {answer.flag.title} ({why}). Do{by}: {first.act.says}{mark}.{more}"


def due_words(due: Due, zone: ZoneInfo) -> str:
    """`2026-02-20, 10:05 (UTC-08:00)`, or `the end of 2026-02-20`."""
    if due.at is None:
        return f"the end of {due.on.isoformat()}" if due.on is not None else ""
    local = due.at.astimezone(zone)
    offset = local.strftime("%z")
    counted = ", counted from the start of the day" if due.counted_from_day else ""
    return f"{local.date().isoformat()}, {local:%H:%M} (UTC{offset[:3]}:{offset[3:]}{counted})"
