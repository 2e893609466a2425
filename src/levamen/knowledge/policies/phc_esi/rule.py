"""PHC necessity criteria: epidural injections at one site, three months apart, three a year.

When the last one at the site is three months back and the year holds fewer than three: another. Nothing else is known
of the criteria, so `met` says only that these two limits allow it.
Sources and amounts: values.yaml. Dossier: spine injections, section 1.6.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, no_more, procedures, rolling, same_region, sessions
from levamen.criteria.nodes import All, Any, Facts, Readings, Same, Truth, Window
from levamen.knowledge.model import Rule, Values

INJECTION = "epidural-steroid-injection"


def rules(v: Values) -> tuple[Rule, ...]:
    """Both limits are of one site."""
    length = v.limits("interval")[0]
    lately = Window("rolling", length, edge="outside" if length.operator == ">=" else "inside")
    in_year = [
        sessions(at_site(v, window), v.limits("year-cap"))
        for window in (rolling(v.limits("year")), Window("calendar-year"))
    ]
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            requirements=(
                v.criterion("interval", no_more(at_site(v, lately)), by=("interval", "regions"), remedy="none"),
                v.criterion("year-cap", Readings(tuple(in_year)), by=("year-cap", "year", "regions"), remedy="none"),
            ),
        ),
    )


def at_site(v: Values, window: Window) -> Facts:
    """Injections at the site: surely where the level is the same, under one reading anywhere in the region."""
    whole_region: Truth = All(())
    return procedures(
        "epidural injection at the site",
        it_is("therapy", v.words("interval", INJECTION)),
        same_region(v.grouping("regions")),
        Readings((whole_region, same_level(v))),
        window=window,
    )


def same_level(v: Values) -> Truth:
    """By the same approach at a level in common."""

    def both(approach: str) -> tuple[Truth, Truth]:
        words = v.words("interval", approach)
        return it_is("approach", words), asked_is("approach", words)

    return Any((
        All((*both("transforaminal"), Same("foramina", "overlaps"))),
        All((*both("interlaminar"), Same("interspaces", "overlaps"))),
        All(both("caudal")),
    ))  # fmt: skip
