"""The report as Markdown: for a note, a ticket, a page. Nothing from a record can act as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from levamen.adapters.balance import Reading
from levamen.emit.safety import safety_view
from levamen.emit.view import (
    CriterionView,
    Place,
    Sources,
    SourceView,
    cited_sources,
    criterion_views,
    document_words,
    moment_words,
    need_words,
    place,
    split,
)
from levamen.emit.words import (
    NO_QUESTION,
    SAFETY_LINE,
    SAFETY_SIGNS,
    SIGNS,
    capital,
    dates_in_words,
    due_words,
    missing_lines,
    printable,
    verdict_words,
)
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Assessment, PolicyAnswer, Question
from levamen.record.facts import Record

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def page(rows: Sequence[tuple[Assessment, Reading]], sources: Sources | None = None) -> str:
    """The report of some records. `sources`: absent, the packaged ones."""
    known = packaged().sources if sources is None else sources
    return "\n".join(line for row in rows for line in _record(*row, known)) + "\n"


def text(value: str) -> str:
    """Text that cannot be taken for Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(printable(value).split()))


def _record(assessment: Assessment, reading: Reading, sources: Sources) -> Iterator[str]:
    balance = reading.balance
    yield f"# {text(assessment.record.id)}, as of {text(moment_words(assessment))}"
    yield ""
    for note in assessment.notes:
        yield f"{text(dates_in_words(note))}\n"
    if not assessment.questions and not assessment.notes:
        yield f"{NO_QUESTION}\n"
    for question in assessment.questions:
        yield from _question(question, assessment.record, sources)
    if assessment.questions:
        yield f"**{SAFETY_LINE}**\n"
    yield from _sources(cited_sources(assessment.questions, sources, governing=True))
    checked = dates_in_words(assessment.knowledge_date.isoformat())
    yield (
        f"Read: {balance.items} items = {balance.accepted} accepted + {balance.ignored} ignored"
        f" + {balance.rejected} rejected. Knowledge {assessment.knowledge}, last checked {checked}."
    )
    yield ""
    for issue in balance.issues:
        yield f"- {issue.fate}: {text(issue.where)}: {text(issue.what)}"
    if balance.issues:
        yield ""


def _question(question: Question, record: Record, sources: Sources) -> Iterator[str]:
    yield f"## {text(question.headline)}"
    yield ""
    safety = safety_view(question)
    yield f"**{SAFETY_SIGNS[safety.sign]} Safety: {text(safety.word)}**"
    yield ""
    yield from _items([*safety.reasons, *([f"Ask on the day: {'; '.join(safety.asks)}"] if safety.asks else [])])
    told = [f"Do before {due_words(d.due)} ({d.who}): {d.what}. {d.why}." for d in question.obligations if d.policy]
    told += [f"Note: {dates_in_words(note)}." for note in question.notes]
    yield from _items(told)
    opened, others, silent = split(question, everything=False)
    for answer in opened:
        yield from _policy(answer, record, sources)
    if others or silent:
        yield "### Others" if opened else "### What the authorities say"
        yield ""
        yield "| verdict | policy |"
        yield "|---|---|"
        for answer in (*others, *silent):
            yield f"| {SIGNS[answer.verdict]} {text(verdict_words(answer))} | {text(answer.title)} |"
        yield ""
    settle = missing_lines(answer for answer in question.policies if answer.verdict == "unknown")
    if settle:
        yield "### What would settle what is unknown"
        yield ""
        yield from _items(settle)


def _policy(answer: PolicyAnswer, record: Record, sources: Sources) -> Iterator[str]:
    yield f"### {SIGNS[answer.verdict]} {text(answer.title)}: {text(verdict_words(answer))}"
    yield ""
    document = document_words(answer)
    yield from _items(
        [
            *([document] if document else []),
            *(f"{capital(dates_in_words(note))}." for note in answer.notes),
            *(f"Needs {need}." for need in need_words(answer)),
        ]
    )
    if answer.criteria:
        yield "| status | criterion | what the record says | source |"
        yield "|---|---|---|---|"
        for view in criterion_views(answer, record, sources):
            yield _row(view)
        yield ""
    for effect in answer.effects:
        yield f"- {text(effect.says)} {_cited(place(effect.cite, sources))}"
    if answer.effects:
        yield ""


def _row(view: CriterionView) -> str:
    says = [f"found {view.found}"] if view.found else []
    says += [f"read {', '.join(view.read)}"] if view.read else []
    says += [f"missing: {what}" for what in view.missing]
    says += [f"one reading: {reading}" for reading in view.readings]
    status = f"{SIGNS[view.sign]} {view.word}{f' ({view.details})' if view.details else ''}"
    note = f" *Our reading:* {text(view.interpretation)}" if view.interpretation else ""
    places = "; ".join(_cited(found) for found in view.places)
    return f"| {text(status)} | **{text(view.name)}.** {text(view.says)}{note} | {text('; '.join(says))} | {places} |"


def _cited(found: Place) -> str:
    return f"{text(found.title)}, {text(found.locator)}" + (f" ({found.mark})" if found.mark else "")


def _sources(found: Sequence[SourceView]) -> Iterator[str]:
    if found:
        yield "Sources:"
        yield ""
        for source in found:
            title = f"[{text(source.title)}](<{_address(source.url)}>)" if source.url else text(source.title)
            yield f"- {text(source.id)}: {title}"
        yield ""


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace("\\", "%5C")


def _items(lines: Sequence[str]) -> Iterator[str]:
    """A list, and an empty line after it if there is one."""
    yield from (f"- {text(line)}" for line in lines)
    if lines:
        yield ""
