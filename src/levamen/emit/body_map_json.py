"""JSON of the body map: every area with its words, sides, sites, codes and outline; absent never null."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from levamen import __version__
from levamen.adapters.balance import Balance
from levamen.adapters.fhir_target import SNOMED_SIDES
from levamen.derive.body_map import Marked, count
from levamen.emit.body_map import SIDES_SENTENCE, WHERE
from levamen.emit.json_values import Json, cites, without_empty
from levamen.knowledge.body_map import VIEWS, Area, body_map
from levamen.knowledge.body_map.choir import FIGURES, choir

FORMAT = "levamen.body-map/1"
_ENCODER = msgspec.json.Encoder()


def encode(
    marked: Sequence[Area], *, patient: str | None = None, found: Marked | None = None, balance: Balance | None = None
) -> bytes:
    """The body map as one line of JSON."""
    return _ENCODER.encode(document(marked, patient=patient, found=found, balance=balance))


def document(
    marked: Sequence[Area], *, patient: str | None = None, found: Marked | None = None, balance: Balance | None = None
) -> Json:
    """The body map as plain data. `number` is the place of an area among those marked."""
    ours, counts = body_map(), count(marked)
    numbers = {area.id: number for number, area in enumerate(marked, start=1)}
    return without_empty(
        {
            "format": FORMAT,
            "engine": __version__,
            "checked": ours.checked.isoformat(),
            "patient": patient,
            "as_of": found.moment.isoformat() if found is not None else None,
            "import": _import(balance) if balance is not None else None,
            "sides": SIDES_SENTENCE,
            "picture": {
                "width": ours.width,
                "height": ours.height,
                "views": {view: " ".join(WHERE[view]) for view in VIEWS},
            },
            "marked": {
                "ids": list(numbers),
                "areas": counts.areas,
                **counts.sides,
                **counts.views,
                "sites": list(counts.sites),
                "regions": list(counts.regions),
                "both_sides": list(counts.both_sides),
            },
            "pains": [
                without_empty({"id": pain.id, "site": pain.site, "side": pain.side, "areas": _sorted(pain.areas)})
                for pain in (found.pains if found is not None else ())
            ],
            "areas": [_area(area, numbers) for area in ours.areas.values()],
            "choir": {"cites": cites(choir().cites), "female_cites": cites(choir().female_cites)},
        }
    )


def _area(area: Area, numbers: dict[str, int]) -> Json:
    structure = area.structure
    return without_empty(
        {
            "id": area.id,
            "view": area.view,
            "side": area.side,
            "part": area.part,
            "label": area.label,
            "plain": area.plain,
            "site": area.site,
            "also": list(area.also),
            "region": area.region,
            "marked": area.id in numbers,
            "number": numbers.get(area.id),
            "snomed": {
                "within": structure.code,
                "name": structure.name,
                "laterality": SNOMED_SIDES[area.side],
                "cites": cites((structure.cite,)),
            }
            if structure is not None
            else None,
            "choir": {figure: choir().number_of(area.id, figure) for figure in FIGURES},
            "outline": [list(point) for point in area.outline],
        }
    )


def _import(balance: Balance) -> Json:
    return without_empty(
        {
            "items": balance.items,
            "accepted": balance.accepted,
            "ignored": balance.ignored,
            "rejected": balance.rejected,
            "issues": [{"fate": issue.fate, "where": issue.where, "what": issue.what} for issue in balance.issues],
        }
    )


def _sorted(ids: frozenset[str]) -> list[str]:
    return [id for id in body_map().areas if id in ids]
