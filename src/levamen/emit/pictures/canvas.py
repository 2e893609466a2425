"""What the pictures share: the drawing sheet, the marks on it, and the table that says the same numbers.

Ink is `currentColor` and nothing is painted behind it, so that a page with forced colours draws it in its own. A mark
that means something has a shape or a hatch of its own; its colour only repeats that. No text stands on a filled shape,
and all text is ink.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from levamen.emit.words import printable

INK, ACCENT, BLUE, RED, BROWN, VIOLET = "currentColor", "#0B5A63", "#1B4B91", "#8C1D2B", "#7A3A00", "#5A2E86"
MUTED, RULE = "#5A6672", "#7B8894"
FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_LETTER = 0.56
"""Width of a letter against its height, on average, of the widest of the fonts that are likely."""
_QUIET = 0.76
"""How strong the ink of text is that stands back: over 7 to 1 on white."""
SHEET = """.part + .cue { display: none }
.part.chosen + .cue, .part.planned + .cue, .part.done + .cue, .part.differs + .cue { display: inline }
@media (forced-colors: active) { .picture { forced-color-adjust: none; background: #fff; color: #17212B } }
"""
"""What the sheet of a page needs for the pictures: the signs of parts that a script chooses, and forced colours."""
_NAME = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)

Number = int | float | Fraction
Value = str | int | float | Fraction | None


class Table(Struct, frozen=True):
    """The numbers of a picture as a table: every cell is what a person reads, never empty."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Canvas:
    """One picture. `name` begins every id in it, so that two pictures can stand on one page. Raises ValueError."""

    def __init__(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"'{name}' cannot begin an id; write small letters, digits and hyphens")
        self.name = name
        self.parts: list[str] = []
        self.hatches: dict[str, str] = {}

    def drawn(self, width: Number, height: Number, title: str, description: str, *, role: str = "img") -> str:
        """The whole picture."""
        patterns = "".join(
            f'<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="2" height="6" fill="{colour}"/></pattern>'
            for colour, id in self.hatches.items()
        )
        defined = [f"<defs>{patterns}</defs>"] if patterns else []
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {length(width)} {length(height)}" role="{role}"'
                f' aria-labelledby="{self.name}-title {self.name}-desc" class="picture" font-family="{FONTS}"'
                f' fill="{INK}">',
                f'<title id="{self.name}-title">{shown(title)}</title>',
                f'<desc id="{self.name}-desc">{shown(description)}</desc>',
                *defined,
                *self.parts,
                "</svg>\n",
            )
        )

    def hatch(self, colour: str) -> str:
        """Oblique lines of a colour, as a fill."""
        return f"url(#{self.hatches.setdefault(colour, f'{self.name}-hatch-{len(self.hatches) + 1}')})"

    def add(self, tag: str, content: str = "", /, **attributes: Value) -> None:
        """One element. An attribute is written with `_` for `-`, and left out where it is None."""
        self.parts.append(element(tag, content, **attributes))

    @contextmanager
    def group(self, title: str = "", **attributes: Value) -> Iterator[None]:
        """A group of marks; its title is what a pointer that rests on it shows."""
        self.parts.append(f"<g{_written(attributes)}>" + (f"<title>{shown(title)}</title>" if title else ""))
        yield
        self.parts.append("</g>")

    def line(self, x1: Number, y1: Number, x2: Number, y2: Number, /, **more: Value) -> None:
        drawn: dict[str, Value] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": INK, "stroke_width": 1}
        self.add("line", **drawn | more)

    def box(self, x: Number, y: Number, wide: Number, tall: Number, /, **more: Value) -> None:
        self.add("rect", x=x, y=y, width=wide, height=tall, **more)

    def path(self, d: str, /, **more: Value) -> None:
        self.add("path", d=d, **more)

    def circle(self, x: Number, y: Number, radius: Number, /, **more: Value) -> None:
        self.add("circle", cx=x, cy=y, r=radius, **more)

    def write(
        self,
        x: Number,
        y: Number,
        text: str,
        size: int = 12,
        *,
        anchor: str | None = None,
        bold: bool = False,
        muted: bool = False,
    ) -> None:
        """A line of text in ink; `y` is its base line."""
        weight = "bold" if bold else None
        self.add(
            "text",
            shown(text),
            x=x,
            y=y,
            font_size=size,
            text_anchor=anchor,
            font_weight=weight,
            fill_opacity=_QUIET if muted else None,
        )

    def lines(
        self,
        x: Number,
        y: Number,
        text: str,
        wide: Number,
        size: int = 12,
        *,
        bold: bool = False,
        muted: bool = False,
    ) -> float:
        """Text in as many lines as it needs, the first on base line `y`; the base line that would follow."""
        level = float(y)
        for line in wrapped(text, size, float(wide) * (0.9 if bold else 1)):
            self.write(x, level, line, size, bold=bold, muted=muted)
            level += size * 1.3
        return level

    def tick(self, x: float, y: float, radius: float = 8, colour: str = ACCENT) -> None:
        """A white tick on a disc."""
        self.circle(x, y, radius, fill=colour)
        side = radius * 0.5
        self.path(
            f"M{length(x - side)} {length(y)}L{length(x - side * 0.2)} {length(y + side * 0.75)}"
            f"L{length(x + side)} {length(y - side * 0.7)}",
            fill="none", stroke="#FFFFFF", stroke_width=length(radius * 0.28),
        )  # fmt: skip

    def cross(self, x: float, y: float, side: float = 3, colour: str = INK, width: float = 1.4) -> None:
        """Two crossed strokes."""
        self.path(
            f"M{length(x - side)} {length(y - side)}L{length(x + side)} {length(y + side)}"
            f"M{length(x - side)} {length(y + side)}L{length(x + side)} {length(y - side)}",
            fill="none", stroke=colour, stroke_width=width,
        )  # fmt: skip


def element(tag: str, content: str = "", /, **attributes: Value) -> str:
    """An element with its content, which is markup already."""
    start = f"<{tag}{_written(attributes)}"
    return f"{start}>{content}</{tag}>" if content else f"{start}/>"


def _written(attributes: dict[str, Value]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(value if isinstance(value, str) else length(value))}"
        for name, value in attributes.items()
        if value is not None
    )


def length(value: Number) -> str:
    """A length to the hundredth, the same text on every machine."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(text: str) -> str:
    """Text of a record or a source as content of an element."""
    return escape(text if text.isprintable() else printable(text))


def wide(text: str, size: int) -> float:
    """About the width of a line of text, rather too wide than too narrow."""
    return len(text) * size * _LETTER


def wrapped(text: str, size: int, width: float) -> list[str]:
    """The text in lines of about the width, broken between words; a longer word stands alone."""
    most = max(int(width / (size * _LETTER)), 1)
    lines: list[str] = []
    for word in text.replace(" %", "\u00a0%").split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return [line.replace("\u00a0", " ") for line in lines]


def joined(words: list[str] | tuple[str, ...]) -> str:
    """`L3-4, L4-5 and L5-S1`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
