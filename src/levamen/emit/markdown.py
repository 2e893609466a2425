"""The report as Markdown: for a note, a ticket, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from levamen.adapters.balance import Reading
from levamen.emit.json import found_in
from levamen.emit.words import SAFETY_LINE, SIGNS, missing_lines, says, sign_of, status_words, verdict_words
from levamen.pathway.answers import Assessment, PolicyAnswer, Question

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def page(rows: Sequence[tuple[Assessment, Reading]]) -> str:
    """The report of some records."""
    return "\n".join(line for row in rows for line in _record(*row)) + "\n"


def text(value: str) -> str:
    """Text that cannot be taken for Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def _record(assessment: Assessment, reading: Reading) -> Iterator[str]:
    balance = reading.balance
    yield f"# {text(assessment.record.id)} as of {text(assessment.moment)}"
    yield ""
    for note in assessment.notes:
        yield text(note)
    for question in assessment.questions:
        yield from _question(question)
    yield ""
    yield SAFETY_LINE
    yield ""
    yield (
        f"Read: {balance.items} items = {balance.accepted} accepted + {balance.ignored} ignored"
        f" + {balance.rejected} rejected. Knowledge {assessment.knowledge} of {assessment.knowledge_date}."
    )
    for issue in balance.issues:
        yield f"- {issue.fate}: {text(issue.where)}: {text(issue.what)}"
    yield ""


def _question(question: Question) -> Iterator[str]:
    yield ""
    yield f"## {text(question.headline)}"
    yield ""
    for duty in question.obligations:
        yield f"- To do before {duty.due or 'the service'}: {text(duty.what)} ({duty.who}; {text(duty.why)})"
    for note in question.notes:
        yield f"- Note: {text(note)}"
    yield ""
    yield "| policy | verdict |"
    yield "|---|---|"
    for answer in question.policies:
        yield f"| {text(answer.title)} | {SIGNS[answer.verdict]} {text(verdict_words(answer))} |"
    settle = missing_lines(answer for answer in question.policies if answer.verdict == "unknown")
    if settle:
        yield ""
        yield "What would settle it:"
        yield from (f"- {text(line)}" for line in settle)
    for answer in question.policies:
        if answer.governing:
            yield from _policy(answer)


def _policy(answer: PolicyAnswer) -> Iterator[str]:
    yield ""
    yield f"### {text(answer.title)}: {text(verdict_words(answer))}"
    yield ""
    yield "| | criterion | found | source |"
    yield "|---|---|---|---|"
    for criterion in answer.criteria:
        cite = criterion.criterion.cites[0]
        sign = f"{SIGNS[sign_of(criterion)]} {status_words(criterion)}"
        found = text(found_in(criterion.outcome) or "")
        sentence = text(says(criterion))
        yield f"| {sign} | {sentence} | {found} | {text(cite.source)}, {text(cite.locator)} |"
