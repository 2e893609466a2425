"""The report as one self-contained page: no scripts, nothing fetched, readable at 320 px, in print and by ear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from levamen.adapters.balance import Reading
from levamen.emit.safety import safety_view
from levamen.emit.view import (
    Sources,
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
    capital,
    dates_in_words,
    due_words,
    mark_words,
    missing_lines,
    verdict_details,
    verdict_word,
)
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Assessment, Question


def page(rows: Sequence[tuple[Assessment, Reading]], sources: Sources | None = None) -> str:
    """The report of some records. Everything from a record or a source is escaped. `sources`: absent, the packaged."""
    known = packaged().sources if sources is None else sources
    return _template().render(rows=rows, sources=known, safety=SAFETY_LINE, no_question=NO_QUESTION).lstrip()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        word=verdict_word,
        details=verdict_details,
        mark=mark_words,
        document=document_words,
        moment=moment_words,
        dates=dates_in_words,
        capital=capital,
        due=due_words,
        needs=need_words,
        criteria=criterion_views,
        place=place,
        parted=lambda question: split(question, everything=False),
        settle=_settle,
        cited=cited_sources,
        safety=safety_view,
    )
    return environment.get_template("report.html")


def _settle(question: Question) -> list[str]:
    return missing_lines(answer for answer in question.policies if answer.verdict == "unknown")
