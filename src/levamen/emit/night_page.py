"""The night check as one self-contained page, and as paper for the day the system is down: nothing fetched, no scripts.

On the page the rest of a patient is behind one key; on paper everything is open, each patient on a sheet of their own
with boxes to tick and lines to sign.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from levamen.emit.night_view import STOPS_FIRST, NightCheck, night_view
from levamen.emit.view import Sources
from levamen.emit.words import capital
from levamen.knowledge.registry import packaged


def page(check: NightCheck, sources: Sources | None = None) -> str:
    """The page. Everything from a list, a chart or a source is escaped. `sources`: absent, the packaged ones."""
    return _rendered("night.html", check, sources)


def paper(check: NightCheck, sources: Sources | None = None) -> str:
    """The page to print."""
    return _rendered("night_paper.html", check, sources)


def _rendered(name: str, check: NightCheck, sources: Sources | None) -> str:
    view = night_view(check, packaged().sources if sources is None else sources)
    return _template(name).render(view=view, first=STOPS_FIRST).lstrip()


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(capital=capital)
    return environment.get_template(name)
