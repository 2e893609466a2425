"""What stands in docs/body-map.md and docs/body-map.svg: `python docs/body_map.py` writes both."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from levamen.adapters.fhir_target import SNOMED_SIDES
from levamen.criteria.nodes import Cite
from levamen.emit.body_map import svg
from levamen.emit.view import source_title
from levamen.knowledge.body_map import SIDES, VIEWS, area_id, body_map
from levamen.knowledge.body_map.choir import choir
from levamen.knowledge.registry import packaged
from levamen.record import codes

HERE = Path(__file__).parent
PAGE, PICTURE = HERE / "body-map.md", HERE / "body-map.svg"
MARKED = ("back-left-low-back", "back-right-low-back", "back-right-buttock", "back-right-thigh", "front-left-knee")
"""What the picture of the page shows as marked."""

HEAD = """# The body map

![Front and back of a person; the low back on both sides, the right buttock, the back of the right thigh and the front
of the left knee are hatched and numbered](body-map.svg)

`levamen body-map CHART` shows where it hurts: as text, as a picture (`--format svg`), as a page with boxes to tick
(`--format html`) or as data (`--format json`). Without a chart it is empty. In a chart the areas stand with the pain:

```yaml
pain:
  - {id: PN-1, site: low-back, side: both, areas: [back-left-low-back, back-right-low-back]}
```

- **Left and right are the person's own.** Seen from the front, the person's right is on the left of the picture, as it
  is for anybody who stands face to face. The picture says so beside each figure, every area says it in its name, and an
  area on the other side than the pain's `side` is refused.
- The id of an area is view, side, part. There is one figure and one numbering for everybody.
- An area that is not marked was not said to be free of pain.
- What is marked is counted, by side, view and pain site. Nothing is scored from it, and nothing is called widespread.
- The list of boxes is the form; the picture leads to it. Both have the same areas, and neither needs a script.
- Marked is told by hatching, a thick border, a number and in words; never by colour alone.

This page is written by `python docs/body_map.py`, and a test holds it current.
"""
DIFFERS = """## How it differs from other maps, and why

| other maps | this one | why |
| --- | --- | --- |
| two figures, female and male | one figure | six numbers of CHOIR are another part of the body on the other figure |
| numbers (101, f01) | words (`front-right-face`) | a wrong digit is another part of the body, and nobody sees it |
| a picture alone | picture and list, the list being the form | not everybody can use a picture, or has a mouse |
| sides told by the picture | sides told in words, too | people took left for right until instructions changed (S13) |
| artwork of their owners | our own drawing | it may be shown, printed and changed under the licence of this project |

The figure has the parts of the CHOIR map, no finer and no coarser, so that a mark travels both ways; where one part
ends and the next begins is our own drawing. Which of several sites is meant inside an area (the sacroiliac joint in
the buttock, the jaw in the face) stays the pain's own `site`.

The Widespread Pain Index is not counted from this map: its 19 areas are others (BM5: the jaw, the shoulder girdle, a
hip that is buttock and trochanter), and no source was found that says how a map like this one is read as those.
"""
COLUMNS = (
    "| part | left and right, for patients | for clinicians | pain site | may also be | CHOIR left, right | SNOMED CT |"
)
CHOIR_HEAD = """## Numbers of the CHOIR body map

`levamen body-map --choir 103,104,207 --figure female` reads the numbers of a CHOIR body map, and the codes of a REDCap
form (`f03`, `b07`); `--redcap FILE` reads an export of one person. Every segment is one area; none is left
out. The table above has the numbers of the male figure.

Six numbers mean another segment on the female figure:

| number | on the female figure | on the male figure |
| --- | --- | --- |
"""
CHOIR_FOOT = """
Where nobody says which figure was marked, these six are refused and the others are kept. CHOIR numbers of a female
figure are read as they were in August 2021. Codes of a REDCap form with the female figure (f12 to f17) are refused,
too, until somebody says `--numbering by-figure` or `--numbering one`: {renumbered}.

A misprint is known: {misprint}.

This project is not affiliated with CHOIR, and uses none of its artwork.
"""


def page() -> str:
    """The page."""
    ours, table = body_map(), choir()
    parts = [HEAD]
    for view in VIEWS:
        rows = [f"## {view.capitalize()}\n", COLUMNS, "| --- " * COLUMNS.count(" | ") + "| --- |"]
        for area in ours.of(view, SIDES[0]):
            other = ours.areas[area.other]
            numbers = ", ".join(table.number_of(area_id(view, side, area.part), "male") for side in SIDES)
            also = ", ".join(codes.label("pain_sites", site) for site in area.also) or "–"
            structure = (
                f"{area.structure.code} {area.structure.name}" if area.structure is not None else "not confirmed"
            )
            cells = (f"`{area.part}`", f"{area.plain}; {other.plain.lower()}", area.label.removeprefix("Left "),
                     codes.label("pain_sites", area.site), also, numbers, structure)  # fmt: skip
            rows.append(f"| {' | '.join(cells)} |")
        parts.append("\n".join(rows) + "\n")
    open_slots = sum(area.structure is None for area in ours.areas.values())
    counted = Counter(area.view for area in ours.areas.values())
    parts.append(
        f"{len(ours.areas)} areas: {counted['front']} in front, {counted['back']} at the back. The SNOMED CT structure"
        f" is the one that the part lies in; the side is a code of its own ({SNOMED_SIDES['left']} left,"
        f" {SNOMED_SIDES['right']} right), the view is in none. {open_slots} areas have no confirmed structure.\n\n"
        f"Pain sites that are no place of the figure: "
        + "; ".join(f"{codes.label('pain_sites', site)} ({why})" for site, why in ours.no_place.items())
        + ".\n"
    )
    named = {number: ours.areas[segment.area].label for number, segment in table.segments.items()}
    six = "\n".join(f"| {own} | {named[male]} | {named[own]} |" for own, male in table.female.items())
    misprint = "; ".join(f"`{code}` is read as `{means}`: {says}" for code, (means, says) in table.misprints.items())
    parts.append(CHOIR_HEAD + six + "\n" + CHOIR_FOOT.format(renumbered=table.renumbered, misprint=misprint))
    parts.append(DIFFERS)
    parts.append(_sources())
    return "\n".join(parts)


def _sources() -> str:
    cites: list[Cite] = [*choir().cites, *choir().female_cites]
    cites += [area.structure.cite for area in body_map().areas.values() if area.structure is not None]
    rows = ["## Sources\n", "| source | place | mark |", "| --- | --- | --- |"]
    sources = packaged().sources
    rows += [f"| {cite.source}: {source_title(cite.source, sources)} | {cite.locator} | {cite.mark} |"
             for cite in dict.fromkeys(cites)]  # fmt: skip
    rows.append(f"| BM5: {source_title('BM5', sources)} | areas of the Widespread Pain Index | secondary |")
    return "\n".join(rows) + f"\n\nLast checked against them {body_map().checked.isoformat()}.\n"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    PICTURE.write_text(svg(MARKED), encoding="utf-8")


if __name__ == "__main__":
    main()
