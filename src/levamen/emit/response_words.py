"""The words of a response: what was done, how long relief held, which criterion is meant."""

from __future__ import annotations

from collections.abc import Iterable

from levamen.derive.periods import number, shown
from levamen.outcomes.answer import Answer, percent
from levamen.outcomes.measured import best, last
from levamen.outcomes.opioid_change import OpioidChange
from levamen.outcomes.place import place_words
from levamen.outcomes.relief_time import HeldRelief
from levamen.outcomes.visits import DueVisit
from levamen.pathway.obligations import Obligation
from levamen.pathway.response import ProcedureResponse
from levamen.record import codes
from levamen.record.facts import Procedure

WORD_SIGNS = {"yes": "met", "no": "not_met", "unknown": "unknown"}
AS_THEN = {"test": "a test", "treatment": "a treatment", "either": "test or treatment, not recorded which"}
END_WORDS = {
    "repeat-procedure": "a repeat procedure",
    "rescue-procedure": "a rescue procedure",
    "surgery": "surgery",
    "death": "death",
}
_CRITERIA = {
    "relief-30": "at least 30 per cent",
    "relief-50": "at least 50 per cent",
    "relief-80": "at least 80 per cent",
    "function": "function better by an important change",
    "global-impression": "much or very much improved",
    "opioid-dose": "opioid dose halved or stopped",
    "work-or-goal": "back at work, or a goal met",
    "no-serious-event": "no serious adverse event",
    "no-repeat-or-rescue": "no repeat or rescue procedure",
    "composite-with-relief-50": "composite with 50 per cent",
    "composite-with-relief-30": "composite with 30 per cent",
    "rehabilitation": "begun while relief held",
    "loss-of-effect": "effect lost",
}


def criterion_words(answer: Answer) -> str:
    """What an answer answers."""
    return _CRITERIA.get(answer.id, answer.id.replace("-", " "))


def title_of(procedure: Procedure) -> str:
    """`Medial branch block L3-4 right of 2026-02-12 (P-1)`."""
    day = f" of {procedure.start.first if procedure.start.exact else procedure.start}" if procedure.start else ""
    where = place_words(procedure)
    return f"{codes.label('therapies', procedure.therapy or '')}{f' {where}' if where else ''}{day} ({procedure.id})"


def headline(one: ProcedureResponse) -> str:
    """What was done, and the gain that decides."""
    if one.role == "test":
        return f"{title_of(one.procedure)}: best relief {percent(one.deciding)}"
    if one.role == "treatment":
        return f"{title_of(one.procedure)}: relief at the last score {percent(last(one.rows))}"
    return (
        f"{title_of(one.procedure)}: whether test or treatment is not recorded;"
        f" best relief {percent(best(one.rows))}, last {percent(last(one.rows))}"
    )


def lapse_words(relief: HeldRelief) -> str:
    """How long one level held: lost between two days, or still held on one."""
    level = f"{relief.level} per cent or more"
    if relief.lost_from is not None and relief.lost_to is not None:
        if relief.held_until <= relief.start.last and not relief.stated:
            return f"Relief of {level}: never surely reached; below it on {relief.lost_to}"
        how = (
            f"ended on {relief.lost_to}, as stated"
            if relief.stated
            else f"lost between {relief.lost_from} and {relief.lost_to}"
        )
        return f"Relief of {level}: {how} ({relief.lapse})" + (
            "; scores after the end contradict it" if relief.conflict else ""
        )
    if relief.state == "not measured":
        return f"Relief of {level}: not measured"
    ended = f"; watched until {END_WORDS[relief.end.kind]} on {relief.end.day}" if relief.end is not None else ""
    if relief.state == "undecided":
        return f"Relief of {level}: surely held until {relief.held_until}, then cannot be told{ended}"
    return f"Relief of {level}: held on {relief.held_until}, not known to be lost ({relief.lapse}){ended}"


def in_one_line(answers: Iterable[Answer]) -> str:
    """`at least 30 per cent: yes; at least 50 per cent: no`."""
    return "; ".join(f"{criterion_words(answer)}: {answer.word}" for answer in answers)


def first_due(duties: Iterable[Obligation]) -> Iterable[Obligation]:
    """What is shown on a page: of several visits to come only the first; the data has every one."""
    shown_visit = False
    for duty in duties:
        if duty.id.startswith("follow-up") and shown_visit:
            continue
        shown_visit = shown_visit or duty.id.startswith("follow-up")
        yield duty


def visit_words(visit: DueVisit) -> str:
    """Which days count, and whether they have come."""
    days = f"due {visit.due}, counted from {visit.first} to {visit.last}"
    return f"{days}, {visit.state}" if visit.state != "past" else days


def mme_words(change: OpioidChange) -> str:
    """Opioids before and at the visit; a total that is not whole says so."""
    before, after = (
        shown(total.value) if total.value is not None else "unknown" for total in (change.before, change.after)
    )
    told = f"{number(change.less)} % less" if change.less is not None else change.reason
    return f"Opioids: {before} MME a day before, {after} at the visit; {told}. Never a target by itself."
