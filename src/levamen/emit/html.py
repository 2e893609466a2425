"""The report as one self-contained page: no scripts, nothing fetched, readable at 320 px, in print and by ear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from levamen.adapters.balance import Reading
from levamen.criteria.nodes import weakest
from levamen.emit.json import ambiguity_in, found_in
from levamen.emit.words import SAFETY_LINE, SIGNS, missing_lines, says, sign_of, status_words, verdict_words
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Assessment, CriterionAnswer, PolicyAnswer
from levamen.pathway.headline import day_words
from levamen.pathway.judge import cites_by_strength


def page(rows: Sequence[tuple[Assessment, Reading]]) -> str:
    """The report of some records. Everything from a record or a source is escaped."""
    return _template().render(rows=rows, safety=SAFETY_LINE)


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
        sign=lambda verdict: SIGNS[verdict],
        verdict=verdict_words,
        status=status_words,
        sign_of=sign_of,
        sentence=says,
        found=lambda criterion: found_in(criterion.outcome),
        ambiguity=lambda criterion: ambiguity_in(criterion.outcome),
        read=lambda criterion: criterion.outcome.all_read(),
        day=day_words,
        settle=_settle,
        places=_places,
        ordered=_ordered,
    )
    return environment.get_template("report.html")


def _settle(answers: Sequence[PolicyAnswer]) -> list[str]:
    chosen = [answer for answer in answers if answer.governing] or list(answers)
    return missing_lines(answer for answer in chosen if answer.verdict == "unknown")


def _ordered(criteria: Sequence[CriterionAnswer]) -> list[CriterionAnswer]:
    return sorted(criteria, key=lambda criterion: (not criterion.failing, not criterion.open))


def _places(criterion: CriterionAnswer) -> list[dict[str, str | None]]:
    """Where a criterion stands: title, locator, mark where weaker than primary, and an address that can be opened."""
    sources = packaged().sources
    weak = weakest(tuple(cite.mark for cite in criterion.criterion.cites))
    found = []
    for cite in cites_by_strength(criterion.criterion):
        source = sources.get(cite.source)
        address = source.url.split(" ")[0] if source is not None else ""
        found.append(
            {
                "title": source.title if source is not None else cite.source,
                "id": cite.source,
                "locator": cite.locator,
                "mark": cite.mark if cite.mark != "primary" else None,
                "weakest": weak if weak != "primary" else None,
                "url": address if address.startswith(("https://", "http://")) else None,
            }
        )
    return found
