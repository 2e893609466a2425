"""The body map of a page: the picture, and the list beside it, which is the real control."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.safestring import SafeString, mark_safe
from msgspec import Struct

from levamen.derive.body_map import in_order
from levamen.emit.body_map import svg
from levamen.knowledge.body_map import SIDES, VIEWS, Area, body_map


class Row(Struct, frozen=True, kw_only=True):
    """One part of the body: its boxes, in the order front left, front right, back left, back right; None where the
    figure has no such part on that view."""

    title: str
    boxes: tuple[Area | None, ...]


def rows() -> tuple[Row, ...]:
    """Every part from head to foot."""
    ours = body_map()
    tops: dict[str, int] = {}
    for area in ours.areas.values():
        top = min(y for _, y in area.outline)
        tops[area.part] = min(top, tops.get(area.part, top))
    parts = sorted(tops, key=lambda part: (tops[part], part))
    by = {(area.view, area.side, area.part): area for area in ours.areas.values()}
    return tuple(
        Row(
            title=part.replace("-", " ").capitalize(),
            boxes=tuple(by.get((view, side, part)) for view in VIEWS for side in SIDES),
        )
        for part in parts
    )


def picture(ids: Collection[str], prefix: str = "map-") -> SafeString:
    """The picture, each area of which leads to its box. Without a style element: the page's sheet has the rules."""
    drawn = svg([id for id in ids if id in body_map().areas], linked=True, styled=False, prefix=prefix)
    return mark_safe(drawn)  # noqa: S308 - our own drawing of known areas; every word in it is escaped


def still(ids: Collection[str], prefix: str = "seen-") -> SafeString:
    """The picture to look at, with numbers."""
    drawn = svg([id for id in ids if id in body_map().areas], styled=False, prefix=prefix)
    return mark_safe(drawn)  # noqa: S308 - our own drawing of known areas; every word in it is escaped


def in_words(ids: Collection[str]) -> str:
    """The areas with their sides: `Low back, both sides (back); left knee (front)`."""
    known = body_map().areas
    found = in_order(id for id in ids if id in known)
    sides: dict[tuple[str, str], list[str]] = {}
    for area in found:
        sides.setdefault((area.view, area.part), []).append(area.side)
    return "; ".join(
        f"{part.replace('-', ' ').capitalize()}, {'both sides' if len(held) == 2 else held[0]} ({view})"
        for (view, part), held in sides.items()
    )
