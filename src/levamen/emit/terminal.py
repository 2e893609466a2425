"""The report in a terminal: the answer first, what governs opened, the rest in one line each."""

from __future__ import annotations

import os
import shutil
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TextIO

from msgspec import Struct

from levamen.adapters.balance import Balance, Reading
from levamen.emit.safety import safety_view
from levamen.emit.trace import outcome_lines
from levamen.emit.view import (
    CriterionView,
    Place,
    Sources,
    criterion_views,
    document_words,
    moment_words,
    need_words,
    place,
    source_title,
    split,
)
from levamen.emit.words import (
    ASCII_SAFETY_SIGNS,
    ASCII_SIGNS,
    NO_QUESTION,
    SAFETY_LINE,
    SAFETY_SIGNS,
    SIGNS,
    capital,
    dates_in_words,
    due_words,
    mark_words,
    missing_lines,
    printable,
    verdict_details,
    verdict_word,
    verdict_words,
)
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Assessment, PolicyAnswer, Question
from levamen.record import codes
from levamen.record.facts import Record

_COLOURS = {
    "met": "32",
    "not_met": "33",
    "not_covered": "33",
    "against": "31",
    "not_yet": "34",
    "ambiguous": "35",
}
_REASONS_SHOWN = 4
_ISSUES_SHOWN = 5
_PLAIN_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "≥": ">=", "≤": "<=", "·": "|", "→": "->", "…": "..."}
)


class Look(Struct, frozen=True):
    """How to write: columns, colours, and whether signs beyond ASCII can be shown."""

    width: int = 100
    colour: bool = False
    unicode: bool = True


PLAIN = Look()
"""What is written where nothing is known of the reader."""


def look_of(stream: TextIO) -> Look:
    """What a stream can show: colours only on a terminal and where NO_COLOR is not set."""
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    unicode = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") in ("utf8", "utf16", "utf32")
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if stream.isatty() else 100
    return Look(max(width, 40), colour, unicode)


def report(
    rows: Sequence[tuple[Assessment, Reading]],
    sources: Sources | None = None,
    *,
    everything: bool = False,
    look: Look = PLAIN,
) -> str:
    """The report of some records; `everything` opens every policy. `sources`: absent, the packaged ones."""
    known = packaged().sources if sources is None else sources
    lines = [line for row in rows for line in (*_Report(*row, known, everything, look).lines(), "")]
    return _written("\n".join(lines), look)


class _Report:
    """One record being written. Sources are numbered in the order in which a question cites them."""

    def __init__(
        self, assessment: Assessment, reading: Reading, sources: Sources, everything: bool, look: Look
    ) -> None:
        self.assessment, self.balance, self.sources = assessment, reading.balance, sources
        self.everything, self.look = everything, look
        self.numbers: dict[str, int] = {}

    @property
    def record(self) -> Record:
        return self.assessment.record

    def lines(self) -> Iterator[str]:
        title = f"{self.record.id}, as of {moment_words(self.assessment)}"
        yield from self.bold(title)
        yield "─" * min(len(title), self.look.width)
        for note in self.assessment.notes:
            yield from self.wrapped(dates_in_words(note), following="  ")
        if not self.assessment.questions and not self.assessment.notes:
            yield from self.wrapped(f"{NO_QUESTION} Ask one with --therapy.")
        for question in self.assessment.questions:
            yield ""
            yield from self.question(question)
        yield ""
        if self.assessment.questions:
            yield from self.wrapped(SAFETY_LINE)
        yield from self.wrapped(balance_line(self.balance))
        yield from self.issues()
        checked = dates_in_words(self.assessment.knowledge_date.isoformat())
        yield from self.wrapped(f"Knowledge {self.assessment.knowledge}, last checked {checked}.")

    def issues(self) -> Iterator[str]:
        """The first of what the import has to say, then how much more there is."""
        issues = self.balance.issues
        shown = ([issue for issue in issues if issue.fate != "ignored"] or list(issues))[:_ISSUES_SHOWN]
        for issue in shown:
            yield from self.wrapped(f"{issue.fate}: {issue.where}: {issue.what}", "  ", "    ")
        if len(issues) > len(shown):
            yield f"  {len(issues) - len(shown)} more: levamen chart validate"

    def question(self, question: Question) -> Iterator[str]:
        self.numbers = {}
        yield from self.bold(question.headline)
        yield from self.safety(question)
        for duty in question.obligations:
            if duty.policy is None:
                continue
            text = f"Do before {due_words(duty.due)} ({codes.label('roles', duty.who)}): {duty.what}. {duty.why}."
            yield from self.wrapped(text, "  ", "    ")
        for note in question.notes:
            yield from self.wrapped(f"Note: {dates_in_words(note)}.", "  ", "    ")
        opened, others, silent = split(question, everything=self.everything)
        for answer in opened:
            yield ""
            yield from self.policy(answer)
        yield from self.others(others, silent, alone=not opened)
        settle = missing_lines(answer for answer in question.policies if answer.verdict == "unknown")
        if settle:
            yield ""
            yield "  What would settle what is unknown"
            for line in settle:
                yield from self.wrapped(f"- {line}", "    ", "      ")
        yield from self.cited()

    def safety(self, question: Question) -> Iterator[str]:
        view = safety_view(question)
        sign = (SAFETY_SIGNS if self.look.unicode else ASCII_SAFETY_SIGNS)[view.sign]
        yield from self.wrapped(f"{sign} Safety: {view.word}", "  ", "    ")
        shown = view.reasons if self.everything else view.reasons[:_REASONS_SHOWN]
        for reason in shown:
            yield from self.wrapped(f"- {dates_in_words(reason)}", "    ", "      ")
        if len(view.reasons) > len(shown):
            yield f"    and {len(view.reasons) - len(shown)} more (--all shows them)"
        if view.asks:
            text = "; ".join(view.asks) if self.everything else f"{len(view.asks)} questions"
            yield from self.wrapped(f"Ask on the day: {text}", "    ", "      ")

    def policy(self, answer: PolicyAnswer) -> Iterator[str]:
        yield from self.bold(f"{self.sign(answer.verdict)} {answer.title}: {verdict_words(answer)}", "  ", "    ")
        document = document_words(answer)
        if document:
            yield from self.wrapped(document, "    ")
        for note in answer.notes:
            yield from self.wrapped(f"{capital(dates_in_words(note))}.", "    ")
        for need in need_words(answer):
            yield from self.wrapped(f"Needs {need}.", "    ")
        views = criterion_views(answer, self.record, self.sources)
        outcomes = {criterion.id: criterion.outcome for criterion in answer.criteria}
        shown = [view for view in views if self.everything or view.telling]
        for view in shown:
            yield from self.criterion(view)
            if self.everything and view.telling and outcomes[view.id].children:
                for line in outcome_lines(outcomes[view.id], ""):
                    inner = line.lstrip(" ")
                    indent = " " * (8 + len(line) - len(inner))
                    yield from self.wrapped(dates_in_words(inner), indent, indent + "  ")
        if len(views) > len(shown):
            more = f"{len(views) - len(shown)} more" if shown else f"All {len(views)} criteria"
            yield from self.wrapped(f"{self.sign('met')} {more} as they should be (--all shows them)", "    ", "      ")
        for effect in answer.effects if self.everything or answer.verdict == "informs" else ():
            yield from self.wrapped(
                f"{self.sign('informs')} {effect.says} {self.cite(place(effect.cite, self.sources))}", "    ", "      "
            )

    def criterion(self, view: CriterionView) -> Iterator[str]:
        details = f" ({view.details})" if view.details else ""
        yield from self.wrapped(f"{self.sign(view.sign)} {view.word}{details}: {view.name}", "    ", "      ")
        yield from self.wrapped(view.says, "      ")
        if view.found:
            yield from self.wrapped(f"Found {view.found}.", "      ")
        if view.read:
            yield from self.wrapped(f"Read {'; '.join(view.read)}.", "      ", "        ")
        for what in view.missing[:3]:
            yield from self.wrapped(f"Missing: {what}", "      ", "        ")
        if len(view.missing) > 3:
            yield f"      and {len(view.missing) - 3} more missing"
        for reading in view.readings:
            yield from self.wrapped(f"One reading: {reading}", "      ", "        ")
        if view.interpretation:
            yield from self.wrapped(f"Our reading: {view.interpretation}", "      ", "        ")
        yield from self.wrapped("; ".join(self.cite(found) for found in view.places), "      ", "        ")

    def others(self, others: list[PolicyAnswer], silent: list[PolicyAnswer], *, alone: bool) -> Iterator[str]:
        """One line each, in columns; those that say nothing share one line."""
        if others or silent:
            yield ""
            yield "  What the authorities say" if alone else "  Others"
        width = max((len(verdict_word(answer)) for answer in others), default=0)
        for answer in others:
            details = [part for part in (verdict_details(answer), mark_words(answer)) if part]
            word = f"{self.sign(answer.verdict)} {verdict_word(answer).ljust(width)}"
            told = f" ({'; '.join(details)})" if details else ""
            yield from self.wrapped(f"{answer.title}{told}", f"    {word}  ", " " * (width + 8))
        if silent:
            text = f"{self.sign('silent')} {verdict_word(silent[0])}: {'; '.join(a.title for a in silent)}"
            yield from self.wrapped(text, "    ", "      ")

    def cite(self, found: Place) -> str:
        number = self.numbers.setdefault(found.source, len(self.numbers) + 1)
        return f"[{number}] {found.locator}{f', {found.mark}' if found.mark else ''}"

    def cited(self) -> Iterator[str]:
        if self.numbers:
            yield ""
            yield "  Sources"
        for id, number in self.numbers.items():
            told = f"{id}: {source_title(id, self.sources)}" if id in self.sources else id
            yield from self.wrapped(told, f"    [{number}] ".ljust(9), " " * 9)

    def sign(self, key: str) -> str:
        return SIGNS[key] if self.look.unicode else ASCII_SIGNS[key]

    def bold(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        for line in self.wrapped(text, indent, following):
            yield f"\x1b[1m{line}\x1b[0m" if self.look.colour else line

    def wrapped(self, text: str, indent: str = "", following: str | None = None) -> Iterator[str]:
        """The text in lines that fit; its first sign coloured where colours can be shown."""
        lines = textwrap.wrap(
            plain_text(printable(text), self.look),
            self.look.width,
            initial_indent=indent,
            subsequent_indent=indent if following is None else following,
            break_on_hyphens=False,
        )
        for index, line in enumerate(lines):
            yield self.coloured(line) if index == 0 and self.look.colour else line

    def coloured(self, line: str) -> str:
        """The line with its leading sign in the colour of what it means."""
        bare = line.lstrip(" ")
        indent = line[: len(line) - len(bare)]
        for key, colour in _COLOURS.items():
            if bare.startswith(f"{self.sign(key)} "):
                return f"{indent}\x1b[{colour}m{self.sign(key)}\x1b[39m{bare[1:]}"
        return line


def balance_line(balance: Balance) -> str:
    """What was read: items = accepted + ignored + rejected."""
    return (
        f"Read: {balance.items} items = {balance.accepted} accepted + {balance.ignored} ignored"
        f" + {balance.rejected} rejected."
    )


def plain_text(text: str, look: Look) -> str:
    """The text in what the reader's terminal can show: letters lose their accents before they turn into `?`."""
    if look.unicode or text.isascii():
        return text
    spelled = unicodedata.normalize("NFKD", text.translate(_PLAIN_SIGNS))
    bare = "".join(char for char in spelled if not unicodedata.combining(char))
    return bare.encode("ascii", "replace").decode()


def _written(text: str, look: Look) -> str:
    return text if look.unicode else text.replace("─", "-")
