"""The report in a terminal: the answer first, what governs opened, the rest in one line each."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TextIO

from msgspec import Struct

from levamen.adapters.balance import Reading
from levamen.criteria.nodes import weakest
from levamen.emit.json import ambiguity_in, found_in
from levamen.emit.words import (
    ASCII_SIGNS,
    SAFETY_LINE,
    SIGNS,
    missing_lines,
    says,
    sign_of,
    status_words,
    verdict_words,
)
from levamen.pathway.answers import Assessment, CriterionAnswer, PolicyAnswer, Question
from levamen.pathway.headline import day_words

_COLOURS = {
    "met": "32",
    "not_met": "31",
    "not_covered": "31",
    "against": "31",
    "not_yet": "33",
    "unknown": "36",
    "ambiguous": "35",
}
_ISSUES_SHOWN = 5


class Look(Struct, frozen=True):
    """How to write: columns, colours, and whether signs beyond ASCII can be shown."""

    width: int = 100
    colour: bool = False
    unicode: bool = True


PLAIN = Look()
"""What is written where nothing is known of the reader."""


def look_of(stream: TextIO) -> Look:
    """What a stream can show: colours only on a terminal and where NO_COLOR is not set."""
    colour = stream.isatty() and "NO_COLOR" not in os.environ
    unicode = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") in ("utf8", "utf16", "utf32")
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if stream.isatty() else 100
    return Look(max(width, 40), colour, unicode)


def report(rows: Sequence[tuple[Assessment, Reading]], *, everything: bool = False, look: Look = PLAIN) -> str:
    """The report of some records; `everything` opens every policy."""
    lines = [line for row in rows for line in (*_record(*row, everything, look), "")]
    text = "\n".join(lines)
    return text if look.unicode else text.encode("ascii", "replace").decode()


def _record(assessment: Assessment, reading: Reading, everything: bool, look: Look) -> Iterator[str]:
    balance = reading.balance
    title = f"{assessment.record.id} as of {assessment.moment}"
    yield _bold(title, look)
    yield ("─" if look.unicode else "-") * min(len(title), look.width)
    for note in assessment.notes:
        yield from _wrapped(note, look)
    if not assessment.questions and not assessment.notes:
        yield from _wrapped(
            "The record raises no question: it holds no pain, finding or procedure that names a target. "
            "Ask one with --therapy.",
            look,
        )
    for question in assessment.questions:
        yield ""
        yield from _question(question, everything, look)
    yield ""
    if assessment.questions:
        yield from _wrapped(SAFETY_LINE, look)
    yield from _wrapped(
        f"Read: {balance.items} items = {balance.accepted} accepted + {balance.ignored} ignored"
        f" + {balance.rejected} rejected. Knowledge {assessment.knowledge} of {assessment.knowledge_date}.",
        look,
    )
    shown = [issue for issue in balance.issues if issue.fate != "ignored"] or list(balance.issues)
    for issue in shown[:_ISSUES_SHOWN]:
        yield from _wrapped(f"{issue.fate}: {issue.where}: {issue.what}", look, "  ")
    if len(balance.issues) > min(len(shown), _ISSUES_SHOWN):
        yield f"  {len(balance.issues) - min(len(shown), _ISSUES_SHOWN)} more: levamen chart validate"


def _question(question: Question, everything: bool, look: Look) -> Iterator[str]:
    yield from (_bold(line, look) for line in _wrapped(question.headline, look))
    for duty in question.obligations:
        yield from _wrapped(f"To do before {_due(duty.due)} ({duty.who}): {duty.what}. {duty.why}.", look, "  ")
    for note in question.notes:
        yield from _wrapped(f"Note: {note}.", look, "  ")
    governing = [answer for answer in question.policies if answer.governing]
    opened = list(question.policies) if everything else governing
    for answer in opened:
        yield from _policy(answer, look, everything)
    others = [answer for answer in question.policies if answer not in opened]
    if others and opened:
        yield "  Others:"
    for answer in others:
        yield from _wrapped(
            f"{_sign(answer.verdict, look)} {answer.title}: {verdict_words(answer)}", look, "  ", "    "
        )
    settle = missing_lines(answer for answer in (governing or question.policies) if answer.verdict == "unknown")
    if settle:
        yield "  What would settle it:"
        for line in settle:
            yield from _wrapped(f"- {line}", look, "    ", "      ")


def _due(day: date | None) -> str:
    return day_words(day) if day is not None else "the service"


def _policy(answer: PolicyAnswer, look: Look, everything: bool) -> Iterator[str]:
    yield from (
        _bold(line, look)
        for line in _wrapped(
            f"{_sign(answer.verdict, look)} {answer.title}: {verdict_words(answer)}", look, "  ", "    "
        )
    )
    document = " ".join(part for part in (answer.document, answer.version and f"version {answer.version}") if part)
    if document:
        yield from _wrapped(document, look, "    ")
    telling = [c for c in answer.criteria if everything or c.failing or c.open]
    for criterion in sorted(telling, key=lambda c: (not c.failing, not c.open)):
        yield from _criterion(criterion, look)
    rest = len(answer.criteria) - len(telling)
    if rest:
        yield from _wrapped(
            f"{_sign('met', look)} {rest} other criteria stand in no way (--all shows them)", look, "    "
        )
    for effect in answer.effects if everything or answer.verdict == "informs" else ():
        yield from _wrapped(f"i {effect.says} ({effect.cite.source}, {effect.cite.locator})", look, "    ", "      ")


def _criterion(criterion: CriterionAnswer, look: Look) -> Iterator[str]:
    sign = _sign(sign_of(criterion), look)
    mark = weakest(tuple(cite.mark for cite in criterion.criterion.cites))
    cite = criterion.criterion.cites[0]
    place = f"{cite.source}, {cite.locator}" + (f", {mark}" if mark != "primary" else "")
    text = f"{sign} {status_words(criterion)}: {says(criterion)}"
    yield from _wrapped(text, look, "    ", "      ")
    details = []
    found = found_in(criterion.outcome)
    if found:
        details.append(f"found: {found}")
    if criterion.earliest is not None:
        details.append(f"can change on {day_words(criterion.earliest)}")
    if criterion.outcome.all_read():
        details.append(f"read: {', '.join(criterion.outcome.all_read())}")
    details += [f"missing: {row.what}" for row in criterion.missing[:3]]
    details += list(ambiguity_in(criterion.outcome))
    details.append(f"source: {place}")
    yield from _wrapped("; ".join(details), look, "      ", "      ")
    if criterion.criterion.interpretation:
        yield from _wrapped(f"our reading: {criterion.criterion.interpretation}", look, "      ", "      ")


def _sign(verdict: str, look: Look) -> str:
    sign = SIGNS[verdict] if look.unicode else ASCII_SIGNS[verdict]
    colour = _COLOURS.get(verdict)
    return f"\x1b[{colour}m{sign}\x1b[0m" if look.colour and colour else sign


def _bold(text: str, look: Look) -> str:
    return f"\x1b[1m{text}\x1b[0m" if look.colour else text


def _wrapped(text: str, look: Look, indent: str = "", following: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        look.width,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
    )
