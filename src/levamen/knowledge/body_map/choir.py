"""Which areas of ours the segments of the CHOIR body map are (`choir.yaml`), and how its numbers follow the figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.agents import part, read_cites, says_of
from levamen.knowledge.body_map import BodyMap, body_map, folder
from levamen.knowledge.edition import per_edition
from levamen.knowledge.loader import Reader, read_checked, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged

FigureDrawn = Literal["female", "male"]
FIGURES: tuple[FigureDrawn, ...] = ("female", "male")


class Segment(Struct, frozen=True, kw_only=True):
    """One segment by its number on the male figure: the area that it is, and what its source calls it."""

    number: str
    area: str
    named: str


class Choir(Struct, frozen=True, kw_only=True):
    """The segments of the male figure, the numbers that mean another one on the female figure, and misprints."""

    segments: Mapping[str, Segment]
    cites: tuple[Cite, ...]
    female: Mapping[str, str]
    female_cites: tuple[Cite, ...]
    renumbered: str
    misprints: Mapping[str, tuple[str, str]]

    def number_of(self, area: str, figure: FigureDrawn) -> str:
        """The number of an area on a figure."""
        male = next(segment.number for segment in self.segments.values() if segment.area == area)
        return next((own for own, same in self.female.items() if figure == "female" and same == male), male)


@per_edition
def choir() -> Choir:
    """The packaged table. Raises KnowledgeError naming file, line and remedy."""
    return load_choir(folder() / "choir.yaml", packaged().sources, body_map())


def load_choir(path: Path, sources: Mapping[str, Source], ours: BodyMap) -> Choir:
    """The table of a file. Refuses an area that is unknown or stands twice, and a side that its source contradicts."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "cite", "female", "misprints", "segments"})
    read_checked(top)
    segments: dict[str, Segment] = {}
    for number, row in top.named("segments"):
        segment = _segment(number, row, ours)
        if any(other.area == segment.area for other in segments.values()):
            raise row.fail(f"{segment.area} is another segment already; an area is one segment", "area")
        segments[number] = segment
    female = part(top, "female")
    female.only({"cite", "numbers", "renumbered"})
    rows = part(female, "numbers")
    numbers = {own: rows.need(own, "give the number on the male figure") for own in rows.fields.entries}
    if sorted(numbers) != sorted(numbers.values()) or not set(numbers) <= set(segments):
        raise female.fail("the numbers of the female figure are the same numbers in another order; correct them")
    renumbered = part(female, "renumbered")
    read_cites(renumbered, sources)
    return Choir(
        segments=segments,
        cites=read_cites(part(top, "cite"), sources),
        female=numbers,
        female_cites=read_cites(part(female, "cite"), sources),
        renumbered=says_of(renumbered),
        misprints={
            row.need("code", "write the misprint"): (row.need("means", "write what it stands for"), says_of(row))
            for row in top.children("misprints")
            if read_cites(row, sources)
        },
    )


def _segment(number: str, row: Reader, ours: BodyMap) -> Segment:
    row.only({"area", "named"})
    area = row.need("area", "name the area of ours that it is")
    named = row.need("named", "write what its source calls it")
    if area not in ours.areas:
        raise row.fail(f"'{area}' is no area; nearest: {' or '.join(ours.nearest(area)) or 'none'}", "area")
    if not named.endswith(f"-{ours.areas[area].side})"):
        raise row.fail(f"{area} and '{named}' name different sides; correct one", "area")
    return Segment(number=number, area=area, named=named)
