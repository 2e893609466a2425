"""What a person marked on the body map, as of a moment: which areas, for which pains, and how many of what.

Counts only: nothing is scored and nothing is called widespread. An area that nobody marked was not said to be free
of pain.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.body_map import SIDES, VIEWS, Area, Side, View, body_map
from levamen.record.facts import Pain, Record


class Counts(Struct, frozen=True, kw_only=True):
    """How many areas, by side and by view; the pain sites and regions they count as; parts marked on both sides."""

    areas: int
    sides: dict[Side, int]
    views: dict[View, int]
    sites: tuple[str, ...]
    regions: tuple[str, ...]
    both_sides: tuple[str, ...]


class Marked(Struct, frozen=True, kw_only=True):
    """The pains of a record with the areas marked for each, and all areas together in the order of the body map."""

    moment: date | datetime
    pains: tuple[Pain, ...]
    over: tuple[Pain, ...]
    areas: tuple[Area, ...]
    counts: Counts


def marked(record: Record, as_of: date | datetime, pain: str | None = None) -> Marked:
    """The areas of the pains that were known and not over as of a moment; pains that were over stand apart.

    `pain`: of this one alone, by its id.
    """
    zone = zone_of(record)
    known_at = as_of.astimezone(zone) if isinstance(as_of, datetime) else as_of
    facts = [fact for fact in record.facts if isinstance(fact, Pain) and pain in (None, fact.id)]
    known = [fact for fact in facts if seen(fact, known_at)]
    today = local_day(as_of, zone)
    over = tuple(fact for fact in known if fact.until is not None and fact.until.last <= today)
    pains = tuple(fact for fact in known if fact not in over)
    areas = in_order(id for fact in pains for id in fact.areas)
    return Marked(moment=as_of, pains=pains, over=over, areas=areas, counts=count(areas))


def in_order(ids: Iterable[str]) -> tuple[Area, ...]:
    """The areas of some ids, each once, in the order of the body map. Raises KeyError for an unknown id."""
    found = set(ids)
    if unknown := found - set(body_map().areas):
        raise KeyError(", ".join(sorted(unknown)))
    return tuple(area for area in body_map().areas.values() if area.id in found)


def count(areas: Iterable[Area]) -> Counts:
    """The counts of some areas, each given once."""
    found = tuple(areas)
    ids = {area.id for area in found}
    return Counts(
        areas=len(found),
        sides={side: sum(area.side == side for area in found) for side in SIDES},
        views={view: sum(area.view == view for area in found) for view in VIEWS},
        sites=tuple(dict.fromkeys(area.site for area in found)),
        regions=tuple(dict.fromkeys(area.region for area in found)),
        both_sides=tuple(area.id for area in found if area.side == "left" and area.other in ids),
    )
