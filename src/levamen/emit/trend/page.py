"""A trend for a browser: the picture, and the same numbers as tables; a part for a page of ours, or a whole page."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from levamen.adapters.balance import Reading
from levamen.emit.trend import words
from levamen.emit.trend.svg import svg
from levamen.emit.view import Sources
from levamen.knowledge.registry import packaged
from levamen.pathway.headline import day_words
from levamen.pathway.trends import Trend


def fragment(
    found: Trend, reading: Reading | None = None, sources: Sources | None = None, *, name: str = "trend"
) -> str:
    """`<figure>` with the picture and its tables, without styles. `name` begins every id in it."""
    return _rendered("trend_part.html", found, reading, sources, name)


def page(found: Trend, reading: Reading | None = None, sources: Sources | None = None) -> str:
    """The whole page: nothing fetched, no script."""
    return _rendered("trend.html", found, reading, sources, "trend")


def _rendered(template: str, found: Trend, reading: Reading | None, sources: Sources | None, name: str) -> str:
    known = packaged().sources if sources is None else sources
    picture = svg(found, reading, known, notes=False, name=name)
    return _template(template).render(
        picture=Markup(picture),  # noqa: S704 - every text in the picture was escaped when it was drawn
        trend=found,
        words=words,
        day=day_words,
        sources=known,
        name=name,
        title=words.title(found),
    )


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
