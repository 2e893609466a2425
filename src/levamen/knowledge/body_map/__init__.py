"""The body map: areas of a front and a back figure that a person marks, each with its side, its words and its outline.

`areas.yaml` says what the areas are, `drawing.yaml` what the figure looks like. One numbering serves everybody. The
outlines are drawn once and mirrored here, so that left and right are alike to the point.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.agents import one_of, part, says_of
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, read_checked, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.knowledge.registry import packaged
from levamen.record import codes

View = Literal["front", "back"]
Side = Literal["left", "right"]
VIEWS: tuple[View, ...] = ("front", "back")
SIDES: tuple[Side, ...] = ("left", "right")
Point = tuple[int, int]
Outline = tuple[Point, ...]
OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}


class Structure(Struct, frozen=True, kw_only=True):
    """A body structure of SNOMED CT that an area lies in: neither its side nor its view is in the code."""

    code: str
    name: str
    cite: Cite


class Area(Struct, frozen=True, kw_only=True):
    """One area. `side` is the person's own; `outline` is in units of the picture, from its left and its top."""

    id: str
    view: View
    side: Side
    part: str
    label: str
    plain: str
    site: str
    also: tuple[str, ...]
    structure: Structure | None
    outline: Outline

    @property
    def region(self) -> str:
        """The region of the vocabulary that its pain site belongs to."""
        return str(codes.entry("pain_sites", self.site)["region"])

    @property
    def other(self) -> str:
        """The id of the same part on the other side."""
        return area_id(self.view, OTHER[self.side], self.part)


class Figure(Struct, frozen=True, kw_only=True):
    """What is drawn of one view besides its areas: the border of the whole, and lines that belong to no area."""

    border: Outline
    lines: tuple[Outline, ...]
    half: Outline
    drawn: Side


class BodyMap(Struct, frozen=True, kw_only=True):
    """Every area by its id, in the order of lists: by view, then from head to foot, left before right."""

    areas: Mapping[str, Area]
    figures: Mapping[View, Figure]
    no_place: Mapping[str, str]
    width: int
    height: int
    checked: date

    def of(self, view: View, side: Side | None = None) -> tuple[Area, ...]:
        """The areas of a view, or of one side of it, from head to foot."""
        return tuple(area for area in self.areas.values() if area.view == view and side in (None, area.side))

    def nearest(self, word: str) -> tuple[str, ...]:
        """The id whose spelling is nearest; both sides where `word` does not say which."""
        close = difflib.get_close_matches(word[:60], self.areas, n=1, cutoff=0.5)
        if not close:
            return ()
        said = [side for side in SIDES if side in word.split("-")]
        area = self.areas[close[0]]
        return close[0], *((area.other,) if len(said) != 1 else ())


def area_id(view: str, side: str, part: str) -> str:
    """How the id of an area is written."""
    return f"{view}-{side}-{part}"


@per_edition
def body_map() -> BodyMap:
    """The packaged body map. Raises KnowledgeError naming file, line and remedy."""
    return load_body_map(folder(), packaged().sources)


def folder() -> Path:
    """Where the packaged tables of the body map are."""
    return root() / "body_map"


def load_body_map(where: Path, sources: Mapping[str, Source]) -> BodyMap:
    """The body map of a folder. Raises KnowledgeError naming file, line and remedy."""
    top = read_top(where / "areas.yaml")
    top.only({"checked", "recheck_by", "parts", "structures", "no_place"})
    checked, _ = read_checked(top)
    drawing = read_top(where / "drawing.yaml")
    drawing.only({"checked", "recheck_by", "half_width", "height", "drawn", "figure", "outlines", "lines"})
    read_checked(drawing)
    half = _whole(drawing, "half_width")
    drawn = part(drawing, "drawn")
    sides: dict[View, Side] = {view: "left" if one_of(drawn, view, SIDES) == "left" else "right" for view in VIEWS}
    structures = {code: _structure(code, row, sources) for code, row in top.named("structures")}
    areas: dict[str, Area] = {}
    for view in VIEWS:
        outlines = part(part(drawing, "outlines"), view)
        for row in part(top, "parts").children(view):
            for area in _both(row, view, sides[view], half, structures, outlines):
                if area.id in areas:
                    raise row.fail(f"the part {area.part} stands twice in {view}; keep one", "part")
                areas[area.id] = area
        outlines.only({area.part for area in areas.values() if area.view == view})
    return BodyMap(
        areas=areas,
        figures={view: _figure(drawing, view, sides[view], half) for view in VIEWS},
        no_place=_no_place(top, areas.values()),
        width=2 * half,
        height=_whole(drawing, "height"),
        checked=checked,
    )


def _both(
    row: Reader, view: View, drawn: Side, half: int, structures: Mapping[str, Structure], outlines: Reader
) -> Iterator[Area]:
    row.only({"part", "label", "plain", "site", "also", "snomed"})
    name = row.need("part", "name the part, as in knee")
    plain = row.need("plain", "say it as a patient would, with * for the side")
    if plain.count("*") != 1:
        raise row.fail(f"'{plain}' needs one * where the side goes", "plain")
    site, also = row.need("site", "name its pain site"), row.words("also")
    for word in (site, *also):
        known_word(row, "pain_sites", word, "site")
    code = row.text("snomed")
    if code is not None and code not in structures:
        raise row.fail(f"{code} is not among the structures; add it with its source, or leave it out", "snomed")
    points = _points(outlines, name)
    for side in SIDES:
        yield Area(
            id=area_id(view, side, name),
            view=view,
            side=side,
            part=name,
            label=f"{side.capitalize()} {row.need('label', 'say it as a clinician would')}",
            plain=_capital(plain.replace("*", side)),
            site=site,
            also=also,
            structure=structures[code] if code is not None else None,
            outline=_placed(points, half, mirrored=side != drawn),
        )


def _figure(drawing: Reader, view: View, drawn: Side, half: int) -> Figure:
    outline = _points(part(drawing, "figure"), view)
    rim = _rim(outline)
    lines = [_read_points(drawing, text, "lines") for text in part(drawing, "lines").words(view)]
    return Figure(
        border=_placed(rim, half, mirrored=False) + tuple(reversed(_placed(rim, half, mirrored=True))),
        lines=tuple(_placed(line, half, mirrored=mirrored) for line in lines for mirrored in (False, True)),
        half=outline,
        drawn=drawn,
    )


def _rim(outline: Outline) -> Outline:
    """The half figure's outline from the midline round to the midline again, without the part that runs along it."""
    start = next(i for i, (x, _) in enumerate(outline) if x == 0 and outline[(i + 1) % len(outline)][0] > 0)
    turned = outline[start:] + outline[:start]
    end = next(i for i, (x, _) in enumerate(turned) if i and x == 0)
    return turned[: end + 1]


def _placed(points: Outline, half: int, *, mirrored: bool) -> Outline:
    return tuple((half - x if mirrored else half + x, y) for x, y in points)


def _points(row: Reader, key: str) -> Outline:
    return _read_points(row, row.need(key, "draw its outline as x,y points"), key)


def _read_points(row: Reader, text: str, key: str) -> Outline:
    try:
        found = tuple((int(x), int(y)) for x, y in (point.split(",") for point in text.split()))
    except ValueError:
        raise row.fail("an outline is a row of points such as 10,20 12,24", key) from None
    if any(x < 0 or y < 0 for x, y in found):
        raise row.fail("an outline is drawn from the midline outwards and from the top down; no point is below 0", key)
    return found


def _structure(code: str, row: Reader, sources: Mapping[str, Source]) -> Structure:
    row.only({"name", "source", "locator", "mark"})
    return Structure(code=code, name=row.need("name", "give its name"), cite=read_cite(row, sources))


def _no_place(top: Reader, areas: Iterable[Area]) -> dict[str, str]:
    """The pain sites that no area covers, each with the reason. Refuses a site that is both, or neither."""
    covered = {site for area in areas for site in (area.site, *area.also)}
    found: dict[str, str] = {}
    for site, row in top.named("no_place"):
        known_word(top, "pain_sites", site, "no_place")
        row.only({"says"})
        if site in covered:
            raise top.fail(f"{site} is covered by an area; take it out of no_place", "no_place")
        found[site] = says_of(row)
    if missing := [site for site in codes.ids("pain_sites") if site not in covered and site not in found]:
        raise top.fail(f"no area covers {', '.join(missing)}; add each to an area, or to no_place with its reason")
    return found


def _whole(row: Reader, key: str) -> int:
    number = row.number(key)
    if number is None or number <= 0 or number != int(number):
        raise row.fail(f"'{key}' is a whole number above 0", key)
    return int(number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
