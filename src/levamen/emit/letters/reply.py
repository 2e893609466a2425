"""The letter back to the referring doctor: after triage, and after follow-up.

What was asked, what was found, red flags, urgency, what is missing, which options were discussed, what was decided and
why, and the next step with its date. It says nothing that it was not given: a part nobody filled says so, and red
flags that nobody asked about are *not asked*, never *none*.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from msgspec import Struct

from levamen.emit.plan.text import wrapped
from levamen.emit.terminal import PLAIN, Look
from levamen.emit.words import capital, dates_in_words, missing_lines
from levamen.pathway.answers import Question
from levamen.pathway.flag_answers import FlagAnswer, FlagReview
from levamen.pathway.flag_stops import due_words
from levamen.pathway.headline import day_words
from levamen.record import codes
from levamen.text.tree import UnusableInput

Outcome = Literal["chosen", "not_chosen", "not_suitable", "open"]
OUTCOME_WORDS = {
    "chosen": "chosen with the patient",
    "not_chosen": "discussed, not chosen",
    "not_suitable": "not suitable",
    "open": "discussed, still open",
}
FOOT = (
    "From clinician to clinician. It tells the patient nothing and orders nothing; please call if you see it otherwise."
)
_NOT_STATED = "Not stated."


class OptionDiscussed(Struct, frozen=True, kw_only=True):
    """A therapy that was talked about: an id of the vocabulary or plain words, what came of it, and why."""

    therapy: str
    outcome: Outcome
    why: str = ""


class NextStep(Struct, frozen=True, kw_only=True):
    """What is done next, by whom and by which day; no day is said to be none."""

    what: str
    who: str
    by: date | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """What the letter is made of. `urgency` is an id of the vocabulary's urgencies, as the clinician set it.

    `flags` is the review of the record, absent where nobody made one. `questions` are assessed questions: each headline
    stands under what was found, and what would settle it under what is missing. `decision` and `why` are the
    clinician's own words: a letter without them is refused.
    """

    occasion: Literal["triage", "follow-up"]
    day: date
    to: str
    sender: str
    patient: str
    decision: str
    why: str
    decided_by: str
    asked: str = ""
    birth_date: date | None = None
    referred: date | None = None
    place: str = ""
    telephone: str = ""
    found: tuple[str, ...] = ()
    flags: FlagReview | None = None
    urgency: str | None = None
    missing: tuple[str, ...] = ()
    options: tuple[OptionDiscussed, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    questions: tuple[Question, ...] = ()


class Part(Struct, frozen=True, kw_only=True):
    """One part of the letter under its heading."""

    heading: str
    lines: tuple[str, ...]


class ReplyLetter(Struct, frozen=True, kw_only=True):
    """The letter in words."""

    title: str
    day: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    signature: tuple[str, ...]
    foot: str


def reply_letter(reply: Reply) -> ReplyLetter:
    """The letter. Raises UnusableInput where the decision, its reason or who decided is missing, in one sentence."""
    for name, said in (("decision", reply.decision), ("why", reply.why), ("decided_by", reply.decided_by)):
        if not said.strip():
            raise UnusableInput(f"a letter to the referring doctor needs `{name}`; write what the clinician recorded")
    if reply.urgency is not None and reply.urgency not in codes.ids("urgencies"):
        raise UnusableInput(f"urgency: '{reply.urgency}' is not known here; one of {', '.join(codes.ids('urgencies'))}")
    about = "your referral" if reply.occasion == "triage" else "follow-up"
    return ReplyLetter(
        title=f"{reply.patient}: {about}",
        day=day_words(reply.day),
        facts=tuple(_facts(reply)),
        parts=tuple(Part(heading=heading, lines=tuple(lines) or (_NOT_STATED,)) for heading, lines in _parts(reply)),
        signature=tuple(part for part in (reply.sender, reply.place, reply.telephone) if part),
        foot=FOOT,
    )


def text(letter: ReplyLetter, *, look: Look = PLAIN) -> str:
    """The letter as plain text."""
    return "\n".join(_lines(letter, look)) + "\n"


def page(letter: ReplyLetter) -> str:
    """The letter as one self-contained page to print; everything given is escaped."""
    return _template().render(letter=letter).lstrip()


def _facts(reply: Reply) -> Iterator[tuple[str, str]]:
    yield "To", reply.to
    yield "Patient", reply.patient
    if reply.birth_date is not None:
        yield "Birth date", day_words(reply.birth_date)
    if reply.referred is not None:
        yield "Your letter of", day_words(reply.referred)


def _parts(reply: Reply) -> Iterator[tuple[str, list[str]]]:
    yield "What was asked", [reply.asked] if reply.asked else []
    yield "What we found", [*reply.found, *(dates_in_words(question.headline) for question in reply.questions)]
    yield "Red flags", list(_red_flags(reply.flags))
    yield "Urgency", list(_urgency(reply))
    open_ones = [answer for question in reply.questions for answer in question.policies if answer.verdict == "unknown"]
    lacking = [*reply.missing, *missing_lines(open_ones)]
    yield "What is missing", lacking or ["Nothing was named as missing."]
    yield "Options discussed", [_option(option) for option in reply.options]
    yield "Decision", [reply.decision, f"Why: {reply.why}", f"Decided by: {reply.decided_by}"]
    yield "Next step", [_step(step) for step in reply.next_steps]


def _urgency(reply: Reply) -> Iterator[str]:
    """The clinician's, and beside it the gravest of the red flags that nobody cleared."""
    if reply.urgency is not None:
        yield f"{capital(codes.label('urgencies', reply.urgency))}."
    grades = [answer.urgency for answer in _shown(reply.flags) if answer.clearance is None]
    if grades:
        gravest = min(grades, key=lambda grade: codes.entry("urgencies", grade)["order"])
        if gravest != reply.urgency:
            yield f"By the gravest open red flag: {codes.label('urgencies', gravest)}."


def _shown(review: FlagReview | None) -> list[FlagAnswer]:
    """The red flags that fire or may; barriers to recovery are no red flags."""
    rows = review.answers if review is not None else ()
    return [row for row in rows if row.status in ("fires", "unknown") and row.flag.id != "yellow-flags"]


def _red_flags(review: FlagReview | None) -> Iterator[str]:
    if review is None:
        yield "No review of red flags was made for this letter."
        return
    shown = _shown(review)
    yield from (_flag(answer, review) for answer in shown)
    if review.which:
        yield "The red-flag list was answered yes; which sign is not recorded."
    yield from (f"{capital(dates_in_words(conflict))}." for conflict in review.conflicts)
    if review.asked is not None:
        answer, when = review.asked
        yield f"The red-flag list was asked on {dates_in_words(str(when).partition('T')[0])}; the answer was {answer}."
    elif not shown:
        yield "The red-flag list was not asked. Not asked is not no."


def _flag(answer: FlagAnswer, review: FlagReview) -> str:
    held = answer.clearance
    if held is not None:
        word = f"Cleared by {held.author} until {day_words(held.ends)}"
    elif answer.status == "unknown":
        word = "Perhaps"
    else:
        word = capital(codes.label("urgencies", answer.urgency))
    found = f"; found: {'; '.join(fact.says for fact in answer.found)}" if answer.found else ""
    due = f"; to be seen to by {due_words(answer.due, review.zone)}" if answer.due is not None and held is None else ""
    doubts = f"; to find out: {'; '.join(answer.doubts)}" if answer.doubts else ""
    return dates_in_words(f"{word}: {answer.flag.title}{found}{doubts}{due}.")


def _option(option: OptionDiscussed) -> str:
    known = option.therapy in codes.ids("therapies")
    name = codes.label("therapies", option.therapy) if known else option.therapy
    return f"{capital(name)}: {OUTCOME_WORDS[option.outcome]}{f'; {option.why}' if option.why else ''}."


def _step(step: NextStep) -> str:
    by = f"by {day_words(step.by)}" if step.by is not None else "no date set"
    return f"{capital(step.what)} ({step.who}), {by}."


def _lines(letter: ReplyLetter, look: Look) -> Iterator[str]:
    yield letter.day
    yield ""
    for term, said in letter.facts:
        yield from wrapped(f"{term}: {said}", look, "", "  ")
    yield ""
    yield from wrapped(letter.title, look)
    for part in letter.parts:
        yield ""
        yield from wrapped(part.heading, look)
        for said in part.lines:
            yield from wrapped(said, look, "  ", "    ")
    yield ""
    for said in letter.signature:
        yield from wrapped(said, look)
    yield ""
    yield from wrapped(letter.foot, look)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("reply.html")
