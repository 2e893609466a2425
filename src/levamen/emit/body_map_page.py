"""The body map as one self-contained page: the picture, and its areas as boxes to tick. No scripts, nothing fetched.

The list is the form; the picture leads to it and follows it where the browser can do so without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from levamen.emit.body_map import NOTHING, SIDES_SENTENCE, VIEW_WORDS, count_words, svg
from levamen.emit.words import capital
from levamen.knowledge.body_map import SIDES, VIEWS, Area, View, body_map


def page(
    marked: Sequence[Area], *, title: str = "Body map", remarks: Sequence[str] = (), views: Sequence[View] = VIEWS
) -> str:
    """The page. Everything from a record is escaped. `remarks` stand under the title, as what an import has to say."""
    ids = [area.id for area in marked]
    return (
        _template()
        .render(
            title=title,
            said=count_words(marked) if marked else NOTHING,
            sides=SIDES_SENTENCE,
            remarks=remarks,
            marked=set(ids),
            ours=body_map(),
            views=views,
            words=VIEW_WORDS,
            both=SIDES,
            pictures=[
                Markup(svg(ids, views=(view,), title=f"{VIEW_WORDS[view]} of the body", linked=True))  # noqa: S704 - ours, escaped
                for view in views
            ],
        )
        .lstrip()
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(capital=capital)
    return environment.get_template("body_map.html")
