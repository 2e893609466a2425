"""The options board: each therapy in one line, grouped by what the governing policies say, dissent beside it.

Nothing is ranked: a group is in the order of the alphabet. The payer's own policies decide the group; where they say
nothing, the guideline that leads here; where that says nothing either, the row says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec import Struct

from levamen.emit.safety import safety_view
from levamen.emit.view import need_words
from levamen.emit.words import capital, dates_in_words, mark_words, verdict_details, verdict_word
from levamen.pathway.answers import PolicyAnswer, Question
from levamen.pathway.headline import DISSENT, day_words, short, target_words
from options.assessed import Assessed

GROUPS = (
    ("met", "Met now", "the conditions are met by facts in the record"),
    ("not_yet", "Not yet: something must happen first", "time or an act can change this"),
    ("unknown", "Unknown: a fact is missing, or the text has two readings", "asking settles it"),
    ("no", "Not met or not covered", "waiting will not help; the evidence is one click away"),
    ("against", "Advised against", "by the policy that governs here"),
    ("silent", "No governing policy says anything", "silence is not opposition"),
)
"""The groups in the order of the board: id, heading, what it means."""
_GROUP = {
    "met": "met", "not_yet": "not_yet", "unknown": "unknown", "ambiguous": "unknown", "not_met": "no",
    "not_covered": "no", "against": "against", "silent": "silent", "informs": "silent",
}  # fmt: skip
STOPS = ("contraindicated", "defer", "unknown")
"""Safety verdicts that stop; in safety, unknown stops."""


_NOTHING: Mapping[str, Decided] = {}


class Chip(Struct, frozen=True, kw_only=True):
    """One verdict in a cell. `awaits`: how well its source is known, where that is less than the issuer's own text."""

    word: str
    says: str
    who: str = ""
    awaits: str = ""


class Safety(Struct, frozen=True, kw_only=True):
    """The safety cell: its own word, never mixed with what is covered. `later` are questions left for the day."""

    word: str
    says: str
    why: str = ""
    more: int = 0
    later: int = 0


class Row(Struct, frozen=True, kw_only=True):
    """One therapy at one target. `raised`: nobody asked it, the record raises it. `decided`: what was decided last."""

    id: str
    title: str
    group: str
    safety: Safety
    payer: tuple[Chip, ...]
    guideline: tuple[Chip, ...]
    dissent: tuple[Chip, ...]
    undecided: int
    happens: str
    earliest: date | None
    raised: bool
    headline: str
    start: date | None
    decided: str = ""
    declined: bool = False
    decision: int | None = None


class Decided(Struct, frozen=True, kw_only=True):
    """What was decided last on a request, in words. `declined`: the person said no, and it is not the next step.

    `number` is that of the decision, for the way to it.
    """

    says: str
    declined: bool = False
    number: int | None = None


class Group(Struct, frozen=True, kw_only=True):
    id: str
    heading: str
    means: str
    rows: tuple[Row, ...]


def board(found: Assessed, leading: Collection[str], decided: Mapping[str, Decided] = _NOTHING) -> tuple[Group, ...]:
    """The groups that have rows. `leading` are the guidelines that lead in this clinic; `decided` is by request."""
    rows = [
        row_of(question, leading, question.id in found.raised, decided.get(question.id)) for question in found.questions
    ]
    return tuple(
        Group(
            id=id, heading=heading, means=means,
            rows=tuple(sorted((row for row in rows if row.group == id), key=lambda row: (row.title, row.id))),
        )
        for id, heading, means in GROUPS
        if any(row.group == id for row in rows)
    )  # fmt: skip


def row_of(
    question: Question, leading: Collection[str], is_raised: bool = False, decided: Decided | None = None
) -> Row:
    """A question as a line of the board."""
    payer, guideline = governing(question, leading)
    lead = lead_of(question, leading)
    others = [row for row in question.policies if row not in (*payer, *guideline)]
    told = [row for row in others if row.verdict not in ("silent", "unknown", "informs")]
    differ = [row for row in told if lead is None or row.verdict != lead.verdict]
    start = question.request.start
    return Row(
        id=question.id,
        title=capital(target_words(question.request)),
        group=_GROUP[lead.verdict] if lead is not None else "silent",
        safety=safety_of(question),
        payer=_cell(payer),
        guideline=_cell(guideline),
        dissent=_dissent(differ),
        undecided=sum(row.verdict == "unknown" for row in others),
        happens=happens(question, lead),
        earliest=lead.earliest if lead is not None else None,
        raised=is_raised,
        headline=question.headline,
        start=start.first if start is not None else None,
        decided=decided.says if decided is not None else "",
        declined=decided is not None and decided.declined,
        decision=decided.number if decided is not None else None,
    )


def governing(question: Question, leading: Collection[str]) -> tuple[list[PolicyAnswer], list[PolicyAnswer]]:
    """The policies of the patient's payer, and the guidelines that lead here."""
    payer = [row for row in question.policies if row.governing]
    return payer, [row for row in question.policies if row.policy in leading and row not in payer]


def lead_of(question: Question, leading: Collection[str]) -> PolicyAnswer | None:
    """The answer that groups a question: of the payer's the gravest, else of the leading guidelines the gravest."""
    for rows in governing(question, leading):
        speaking = [row for row in rows if row.verdict not in ("silent", "informs")]
        if speaking:
            return min(speaking, key=lambda row: _GRAVEST.index(row.verdict))
    return None


_GRAVEST = ("against", "not_covered", "not_met", "not_yet", "ambiguous", "unknown", "met")
"""Of several that govern, the first of these leads: nothing is met while one of them is open or says no."""


def safety_of(question: Question) -> Safety:
    """The strictest verdict leads; what is unasked is named."""
    told = safety_view(question)
    word = question.plan.safety
    says = told.word
    if word == "unknown":
        first = asks_of(question)
        says = f"Ask: {first[0]}" if first else told.word
    return Safety(
        word=word, says=says, why=dates_in_words(told.reasons[0]) if told.reasons else "",
        more=max(len(told.reasons) - 1, 0), later=len(told.asks),
    )  # fmt: skip


def asks_of(question: Question) -> list[str]:
    """What safety lacks, each in a few words."""
    return list(dict.fromkeys(missing_words(row.what) for row in question.plan.missing))


def missing_words(what: str) -> str:
    """A missing fact in a few words."""
    for start in ("whether the record holds every ", "a clinician's judgement: "):
        if what.startswith(start):
            return dates_in_words(what.removeprefix(start))
    return dates_in_words(what)


def chip(answer: PolicyAnswer, *, named: bool) -> Chip:
    """A policy's verdict as a chip; `named`: with who says it."""
    details = verdict_details(answer) if answer.verdict in ("against", "unknown") and answer.reason != "scope" else ""
    says = f"{verdict_word(answer)}{f', {details}' if details and not named else ''}"
    who = short(answer.title)
    return Chip(word=answer.verdict, says=f"{who}: {_lower(says)}" if named else says, who=who,
                awaits=mark_words(answer) or "")  # fmt: skip


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _cell(answers: Iterable[PolicyAnswer]) -> tuple[Chip, ...]:
    """The verdicts of a column: what speaks, the gravest first; silence is one dash."""
    rows = list(answers)
    speaking = [row for row in rows if row.verdict != "silent"]
    chosen = sorted(speaking, key=lambda row: DISSENT.index(row.verdict)) or rows[:1]
    return tuple(chip(row, named=False) for row in chosen)


def _dissent(answers: Iterable[PolicyAnswer]) -> tuple[Chip, ...]:
    """Who says something else: together where they say the same, the gravest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in sorted(answers, key=lambda row: DISSENT.index(row.verdict)):
        strength = f", {row.strength}" if row.verdict == "against" and row.strength else ""
        found.setdefault((row.verdict, f"{_lower(verdict_word(row))}{strength}"), []).append(short(row.title))
    return tuple(
        Chip(word=word, says=f"{', '.join(dict.fromkeys(names))}: {says}") for (word, says), names in found.items()
    )


def happens(question: Question, lead: PolicyAnswer | None) -> str:
    """What must happen, and the earliest day; safety first, for it stops whatever is covered."""
    plan = question.plan
    if plan.safety == "contraindicated":
        return "Change the plan: it must not be done this way"
    if plan.safety == "defer":
        return f"Not before {day_words(plan.until)}" if plan.until is not None else "Settle what defers it first"
    if lead is None:
        return "Ask of the payer whether it is covered"
    if lead.verdict == "not_yet":
        needs = need_words(lead)
        if needs:
            return f"Needs {'; '.join(_lower(need) for need in needs)}"
        return f"Wait: possible from {day_words(lead.earliest)}" if lead.earliest is not None else "An act is missing"
    if lead.verdict == "unknown":
        rows = lead.needed_together or lead.would_refuse
        lacking = list(dict.fromkeys(missing_words(row.what) for row in rows))
        if not lacking:
            return "Open it to see what is missing"
        return f"Find out: {lacking[0]}" + (f", and {len(lacking) - 1} more" if len(lacking) > 1 else "")
    if lead.verdict == "ambiguous":
        return "Two readings: decide which text is followed, and write down why"
    if lead.verdict == "met":
        duties = [duty for duty in question.obligations if duty.who == "coordinator"]
        if duties:
            return capital(dates_in_words(duties[0].what))
        return "Ask the open safety questions, then plan it" if plan.safety == "unknown" else "Can be planned"
    return "—"
