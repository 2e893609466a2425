"""The body map as a picture (SVG): every area has a name and says in words whether it is marked; nothing is fetched.

Marked areas are hatched, have a thick border and a number, so that they are told apart without colour and in print.
The sides are the person's own, and the picture says so in words beside each figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape

from levamen.derive.body_map import count, in_order
from levamen.knowledge.body_map import SIDES, VIEWS, Area, BodyMap, Outline, View, body_map
from levamen.knowledge.body_map.geometry import inner_point

VIEW_WORDS: dict[View, str] = {"front": "Front", "back": "Back"}
WHERE: dict[View, tuple[str, str]] = {
    "front": ("Seen from the front, face to face:", "the person's right is on the left here."),
    "back": ("Seen from behind:", "the person's right is on the right here."),
}
"""Where the person's own right is in the picture."""
SIDES_SENTENCE = "Left and right are those of the person whose body it is."
NOTHING = "Nothing is marked."
NOT_SAID = "What is not marked was not said to be free of pain."

_HEAD, _FOOT, _GAP, _NOTE = 130, 170, 60, 70
STYLE = (
    ".area:focus-visible,a:focus-visible .area{outline:none;stroke:#005a9c;stroke-width:24;paint-order:stroke}"
    "@media (forced-colors:active){svg{forced-color-adjust:none}}"
)


def svg(
    ids: Collection[str] = (),
    *,
    views: Sequence[View] = VIEWS,
    title: str = "Body map: where it hurts",
    note: str = "",
    linked: bool = False,
    styled: bool = True,
    prefix: str = "",
) -> str:
    """The picture of some areas as marked. Raises KeyError for an unknown id. `note` stands under it in small letters.

    `linked`: each area leads to its box in the list of the page (`choice-ID`), and has no number. Not `styled`: without
    a style element, for a page whose policy forbids one; its own sheet then has what stands in `STYLE`. `prefix` begins
    every id, for two pictures on a page.
    """
    ours, marked = body_map(), in_order(ids)
    numbers = {area.id: number for number, area in enumerate(marked, start=1)}
    width = len(views) * ours.width + (len(views) - 1) * _GAP
    height = _HEAD + ours.height + _FOOT + (_NOTE if note else 0)
    name = f"{prefix}{'-'.join(views)}"
    says = _figures(views) if linked else described(marked, views)  # what is marked changes under a script
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="group"'
            f' aria-labelledby="title-{name} desc-{name}" font-family="sans-serif" fill="#111">',
            f'<title id="title-{name}">{escape(title)}</title>',
            f'<desc id="desc-{name}">{escape(" ".join(filter(None, (says, note))))}</desc>',
            *([f"<style>{STYLE}</style>"] if styled else []),
            f'<defs><pattern id="hatch-{name}" width="30" height="30" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><rect width="30" height="30" fill="#fff"/>'
            '<rect width="11" height="30" fill="#111"/></pattern></defs>',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *(
                line
                for index, view in enumerate(views)
                for line in _panel(
                    ours, view, index * (ours.width + _GAP), numbers, f"url(#hatch-{name})", linked, prefix
                )
            ),
            *([_note(note, width, height)] if note else []),
            "</svg>\n",
        )
    )


def described(marked: Sequence[Area], views: Sequence[View] = VIEWS) -> str:
    """The picture in words."""
    numbered = [f"{number} {area.plain}" for number, area in enumerate(marked, start=1) if area.view in views]
    if not numbered:
        return f"{_figures(views)} {NOTHING}"
    return f"{_figures(views)} Marked: {'; '.join(numbered)}. {count_words(marked)}"


def _figures(views: Sequence[View]) -> str:
    shown = sum(len(body_map().of(view)) for view in views)
    figures = " and ".join(VIEW_WORDS[view].lower() for view in views)
    return f"The {figures} of a person in {shown} areas. {SIDES_SENTENCE}"


def count_words(marked: Iterable[Area]) -> str:
    """How many areas, by side and by view."""
    found = count(marked)
    sides = ", ".join(f"{found.sides[side]} {side}" for side in SIDES)
    views = ", ".join(f"{found.views[view]} {view}" for view in VIEWS)
    return f"{found.areas} area{'' if found.areas == 1 else 's'} marked: {sides}; {views}."


def state_words(area: Area, numbers: dict[str, int]) -> str:
    """An area by its plain name, and whether it is marked."""
    return f"{area.plain}: {f'marked, number {numbers[area.id]}' if area.id in numbers else 'not marked'}"


def _panel(
    ours: BodyMap, view: View, left: int, numbers: dict[str, int], hatch: str, linked: bool, prefix: str
) -> Iterator[str]:
    figure = ours.figures[view]
    yield f'<g transform="translate({left} {_HEAD})">'
    yield from _words(ours, view)
    yield '<g stroke="#333" stroke-width="4" stroke-linejoin="round">'
    for area in ours.of(view):
        yield _shape(area, numbers, hatch, linked, prefix)
    yield "</g>"
    yield '<g aria-hidden="true" pointer-events="none" fill="none" stroke-linejoin="round" stroke-linecap="round">'
    lines = " ".join(_path(line, closed=False) for line in figure.lines)
    yield f'<path d="{lines}" stroke="#555" stroke-width="5"/>'
    yield f'<path d="{_path(figure.border)}" stroke="#111" stroke-width="10"/>'
    if not linked:
        for area in ours.of(view):
            if area.id in numbers:
                yield f'<path d="{_path(area.outline)}" stroke="#111" stroke-width="14"/>'
        for area in ours.of(view):
            if area.id in numbers:
                x, y = inner_point(area.outline)
                yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="34" fill="#fff" stroke="#111" stroke-width="5"/>'
                yield (
                    f'<text x="{x:.0f}" y="{y + 16:.0f}" font-size="46" font-weight="700" text-anchor="middle"'
                    f' fill="#111">{numbers[area.id]}</text>'
                )
    yield "</g></g>"


def _words(ours: BodyMap, view: View) -> Iterator[str]:
    """The name of the view, a letter and a word for each side, and a sentence on whose sides they are."""
    middle = ours.width // 2
    drawn = ours.figures[view].drawn
    other = SIDES[1 - SIDES.index(drawn)]
    yield '<g text-anchor="middle" aria-hidden="true">'
    yield f'<text x="{middle}" y="-50" font-size="92" font-weight="700">{VIEW_WORDS[view]}</text>'
    for x, side in ((130, other), (ours.width - 130, drawn)):
        yield f'<text x="{x}" y="160" font-size="150" font-weight="700">{side[0].upper()}</text>'
        yield f'<text x="{x}" y="240" font-size="72">{side}</text>'
    for number, line in enumerate(WHERE[view]):
        yield f'<text x="{middle}" y="{ours.height + 70 + 62 * number}" font-size="52">{escape(line)}</text>'
    yield "</g>"


def _note(note: str, width: int, height: int) -> str:
    size = min(52, width * 19 // (10 * max(len(note), 1)))
    return (
        f'<text x="{width // 2}" y="{height - 24}" font-size="{size}" font-weight="700" text-anchor="middle"'
        f' aria-hidden="true">{escape(note)}</text>'
    )


def _shape(area: Area, numbers: dict[str, int], hatch: str, linked: bool, prefix: str) -> str:
    fill = hatch if area.id in numbers else "#fff"
    name = escape(state_words(area, numbers) if not linked else area.plain)
    path = f'd="{_path(area.outline)}" fill="{fill}"'
    if linked:
        return (
            f'<a href="#choice-{area.id}" aria-label="{name}: go to its box in the list">'
            f'<path id="{prefix}{area.id}" class="area" {path}><title>{name}</title></path></a>'
        )
    return (
        f'<path id="{prefix}{area.id}" class="area" role="img" tabindex="0" aria-label="{name}" {path}>'
        f"<title>{name}</title></path>"
    )


def _path(points: Outline, *, closed: bool = True) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + ("Z" if closed else "")
