"""The picture of a trend as SVG: one column 320 units wide, so that it reads on a phone, on paper and enlarged.

Our own few shapes rather than a plotting library: the same bytes everywhere, no script, no colour that alone means
something, and every mark carries its words. Shapes: a filled disc is a score, a ring a score of a form with gaps (the
bar through it is what the complete form can give), a bar along the days a date that is not exact, a cross a form
without a score, a dashed line a form that was not filled in at visits between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from levamen.adapters.balance import Reading
from levamen.emit.trend import words
from levamen.emit.trend.layout import Layout, Line, Panel, Placed, PlacedMark, Span, Tick, layout, rows_apart
from levamen.emit.view import Sources
from levamen.emit.words import printable
from levamen.knowledge.registry import packaged
from levamen.pathway.trends import Trend

WIDTH = 320
_EDGE = 8
_LEFT, _RIGHT = 38, WIDTH - _EDGE
_BANDS_WIDE = 66
_TALL = 96
_LANE = 17
_MANY = 24
"""With more points than this, marks are smaller, and only the first and the latest carry their number."""
_LETTER = 0.49
"""Width of a letter against its height, on average, of the widest of the fonts that are likely."""
_INK, _MUTED, _ACCENT, _RULE, _STRIPE = "#17212B", "#43505C", "#0B5A63", "#7B8894", "#EEF1F3"
_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def svg(
    found: Trend,
    reading: Reading | None = None,
    sources: Sources | None = None,
    *,
    notes: bool = True,
    name: str = "trend",
) -> str:
    """The picture. `reading`: of its record, for what could not be read. `sources`: absent, the packaged ones.

    `notes`: with bands, changes and sources in small print, for a picture that stands alone.
    `name` begins the ids of its title and description, which must be unique on a page.
    """
    picture = _Picture(layout(found), packaged().sources if sources is None else sources, name)
    return picture.drawn(words.unread(reading), notes=notes)


class _Box(Struct, frozen=True):
    """A rectangle of the picture: its upper left corner and its size."""

    x: float
    y: float
    wide: float
    tall: float


def _meet(one: _Box, other: _Box) -> bool:
    return (
        one.x < other.x + other.wide
        and other.x < one.x + one.wide
        and one.y < other.y + other.tall
        and other.y < one.y + one.tall
    )


class _Picture:
    """One picture being drawn from top to bottom; `y` is how far it has come."""

    def __init__(self, made: Layout, sources: Sources, name: str) -> None:
        self.made, self.sources, self.name = made, sources, name
        striped = any(panel.stripes for panel in made.panels)
        self.right = _RIGHT - _BANDS_WIDE if striped else _RIGHT - 6
        self.parts: list[str] = []
        self.y = float(_EDGE)

    def drawn(self, remark: str, *, notes: bool) -> str:
        found = self.made.trend
        heading = words.title(found)
        self.lines(found.record, 14, bold=True)
        self.lines(words.span(found), 12)
        if remark:
            self.lines(remark, 12, bold=True)
        for panel in self.made.panels:
            self.panel(panel)
        if self.made.trend.opioids is not None:
            self.opioids()
        self.legend()
        if notes:
            self.small_print()
        height = _number(self.y + _EDGE)
        told = " ".join(
            " ".join((f"{words.full_title(row.series)}.", words.scale(row.series), *words.summary(row.series)))
            for row in self.made.panels
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
            f' aria-labelledby="{self.name}-title {self.name}-desc" font-family="{_FONTS}" fill="{_INK}">\n'
            f'<title id="{self.name}-title">{_text(heading)}</title>\n'
            f'<desc id="{self.name}-desc">{_text(told)} {_text(words.SHAPES)} {_text(words.READING)}</desc>\n'
            f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )

    # ---- one panel

    def panel(self, panel: Panel) -> None:
        series = panel.series
        self.y += 14
        self.rule()
        self.lines(words.full_title(series), 13, bold=True)
        self.lines(words.scale(series), 12, sign=_arrow(series.direction))
        for sentence in words.summary(series):
            self.lines(sentence, 12)
        marks = self.marks_lane()
        top = self.y + 4
        self.y = top + _TALL
        self.stripes(panel, top)
        self.grid(top, panel.ticks)
        self.mark_lines(marks, top)
        for line in panel.lines:
            self.join(line, top)
        told = {row.key: row for row in words.rows(series)}
        for row in panel.points:
            self.point(row, told[row.point.key], panel, top)
        self.labels(panel, top)
        self.days()
        for point in panel.undated:
            self.add(f"<g data-point={quoteattr(point.key)}>")
            self.lines(f"Without a date, so not in the picture: {point.text}", 11)
            self.add("</g>")
        self.sizes(panel)

    def stripes(self, panel: Panel, top: float) -> None:
        floor: float | None = None
        for place, stripe in enumerate(panel.stripes):
            y = self.level(stripe.y.high, top)
            tall = float(stripe.y.high - stripe.y.low) * _TALL
            fill = _STRIPE if place % 2 else "#FFFFFF"
            self.add(
                f'<rect x="{_LEFT}" y="{_number(y)}" width="{self.right - _LEFT}" height="{_number(tall)}"'
                f' fill="{fill}"/>'
            )
            if place:
                self.stroke(_LEFT, y + tall, _RIGHT, y + tall, _RULE, width="0.6", dash="1 2")
            middle = y + tall / 2 + 3
            if floor is None or floor - middle >= 10:
                self.write(self.right + 5, middle, _short(stripe.band.label), 10, fill=_MUTED)
                floor = middle

    def grid(self, top: float, ticks: Sequence[Tick]) -> None:
        for tick in ticks:
            y = self.level(tick.at, top)
            self.stroke(_LEFT - 3, y, self.right, y, _RULE, width="0.4")
            self.write(_LEFT - 6, y + 4, tick.label, 11, anchor="end", fill=_MUTED)
        for tick in self.made.ticks:
            self.stroke(self.x(tick.at), top, self.x(tick.at), top + _TALL, _RULE, width="0.3")
        self.stroke(_LEFT, top, _LEFT, top + _TALL, _RULE, width="1")
        if self.made.now is not None:
            self.stroke(self.x(self.made.now), top, self.x(self.made.now), top + _TALL, _INK, width="1")

    def days(self) -> None:
        """The names of days or months under a panel."""
        self.y += 13
        reach = float(0)
        for tick in self.made.ticks:
            x = self.x(tick.at)
            wide = float(_wide(tick.label, 10))
            if x >= reach and x + wide <= _RIGHT:
                self.write(x, self.y, tick.label, 10, fill=_MUTED)
                reach = x + wide + 6

    def marks_lane(self) -> list[tuple[PlacedMark, float]]:
        """The numbers of procedures, devices and events above a panel, in as many rows as they need."""
        wide = self.right - _LEFT
        rows = rows_apart([row.x for row in self.made.marks], Fraction(_LANE, wide))
        found = []
        self.y += 6
        for row, place in zip(self.made.marks, rows, strict=True):
            found.append((row, self.y + place * _LANE + 8))
        self.y += (max(rows) + 1) * _LANE if rows else 0
        for row, y in found:
            self.sign(row, self.x(row.x.middle), y)
        return found

    def mark_lines(self, marks: Sequence[tuple[PlacedMark, float]], top: float) -> None:
        for row, y in marks:
            x = self.x(row.x.middle)
            if row.x.low == row.x.high:
                self.stroke(x, y + 7, x, top + _TALL, _MUTED, width="0.8", dash="1.5 2.5")
            else:
                self.bar(row.x, top - 1)

    def sign(self, row: PlacedMark, x: float, y: float) -> None:
        """A number in a disc (procedure), a square (device) or a triangle (event); open where it is not certain."""
        mark = row.mark
        fill, ink = (_INK, "#FFFFFF") if mark.certain and mark.kind == "procedure" else ("#FFFFFF", _INK)
        style = f'fill="{fill}" stroke="{_INK}" stroke-width="1"' + ("" if mark.certain else ' stroke-dasharray="2 1"')
        at, level = _number(x), _number(y)
        shape = {
            "procedure": f'<circle cx="{at}" cy="{level}" r="7" {style}/>',
            "device": f'<rect x="{_number(x - 7)}" y="{_number(y - 7)}" width="14" height="14" {style}/>',
            "event": (
                f'<path d="M{at} {_number(y - 9)}L{_number(x + 9)} {_number(y + 7)}H{_number(x - 9)}Z" {style}/>'
            ),
        }[mark.kind]
        self.add(f"<g><title>{_text(words.mark_words(mark))}</title>{shape}")
        self.write(
            x, y + (5 if mark.kind == "event" else 4), str(mark.number), 10, anchor="middle", fill=ink, bold=True
        )
        self.add("</g>")

    def join(self, line: Line, top: float) -> None:
        before, after = line.before, line.after
        self.stroke(
            self.x(before.x.high),
            self.level(before.y, top),
            self.x(after.x.low),
            self.level(after.y, top),
            _ACCENT,
            width="1.8",
            dash="4 3" if line.dashed else "",
        )

    def point(self, row: Placed, told: words.Row, panel: Panel, top: float) -> None:
        """One answer, whatever it is: its key, its words, its shape."""
        point = row.point
        parts = [told.when, f"{panel.series.title} {told.value}", told.band, told.change, told.note]
        self.add(f"<g data-point={quoteattr(point.key)}><title>{_text('; '.join(filter(None, parts)))}</title>")
        x = self.x(row.x.middle)
        if row.span is not None:
            high, low = self.level(row.span.high, top), self.level(row.span.low, top)
            self.stroke(x, high, x, low, _ACCENT, width="1.6")
            for y in (high, low):
                self.stroke(x - 4, y, x + 4, y, _ACCENT, width="1.6")
        elif row.y is None:
            y = top + _TALL - 6
            self.stroke(x - 4, y - 4, x + 4, y + 4, _INK, width="1.6")
            self.stroke(x - 4, y + 4, x + 4, y - 4, _INK, width="1.6")
        y = self.level(row.y, top) if row.y is not None else top + _TALL - 6
        if row.x.low != row.x.high:
            level = y if row.y is not None or row.span is None else self.level(row.span.middle, top)
            self.bar(row.x, level, _ACCENT if row.point.reason is None else _INK)
        if row.y is not None and row.x.low == row.x.high:
            radius = (3.6 if len(panel.points) <= _MANY else 2.4) + row.again * 2.4
            fill = _ACCENT if not point.prorated and not row.again else "none" if row.again else "#FFFFFF"
            self.add(
                f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" fill="{fill}" stroke="{_ACCENT}"'
                f' stroke-width="1.6"/>'
            )
        self.add("</g>")

    def bar(self, x: Span, y: float, colour: str = _INK) -> None:
        """The days on which it may have been, with no mark in their middle."""
        ends = self.x(x.low), self.x(x.high)
        self.stroke(ends[0], y, ends[1], y, colour, width="1.8")
        for end in ends:
            self.stroke(end, y - 4, end, y + 4, colour, width="1.8")

    def labels(self, panel: Panel, top: float) -> None:
        """The numbers beside the points: first and latest always, others where they have room."""
        important = {row.key for row in (*panel.series.first, *panel.series.latest)}
        taken = [box for row in panel.points for box in self.boxes(row, top)]
        few = len(panel.points) <= _MANY
        named = [row for row in panel.points if few or row.point.key in important]
        for row in sorted(named, key=lambda row: (row.point.key not in important, row.x.middle)):
            point = row.point
            text = point.text if panel.series.kind == "score" else f"{point.procedure}: {point.text}"
            spots = self.spots(row, text, top)
            free = [spot for spot in spots if not any(_meet(spot, box) for box in taken)]
            if not free and point.key not in important:
                continue
            box = (free or spots)[0]
            taken.append(box)
            self.write(box.x, box.y + box.tall - 2, text, 11, bold=point.key in important, halo=True)

    def boxes(self, row: Placed, top: float) -> Iterator[_Box]:
        """What a point covers."""
        x = self.x(row.x.middle)
        half = max(self.x(row.x.high) - x, float(4))
        ends = [row.y, *((row.span.low, row.span.high) if row.span is not None else ())]
        levels = [self.level(end, top) for end in ends if end is not None] or [top + _TALL - 6]
        yield _Box(x - half, min(levels) - 4, 2 * half, max(levels) - min(levels) + 8)

    def spots(self, row: Placed, text: str, top: float) -> list[_Box]:
        """Where the number of a point may stand, the best place first: above, below, to the right, to the left."""
        wide, tall = float(_wide(text, 11)), float(11)
        mark = next(iter(self.boxes(row, top)))
        middle = max(float(_LEFT + 1), min(mark.x + mark.wide / 2 - wide / 2, self.right - wide))
        level = mark.y + mark.tall / 2 - tall / 2
        found = [
            _Box(middle, mark.y - tall - 1, wide, tall),
            _Box(middle, mark.y + mark.tall + 1, wide, tall),
            _Box(mark.x + mark.wide + 1, level, wide, tall),
            _Box(mark.x - wide - 1, level, wide, tall),
        ]
        inside = [
            box
            for box in found
            if box.y >= top - 2 and box.y + tall <= top + _TALL and box.x > _LEFT and box.x + wide <= self.right + 1
        ]
        return inside or found[:1]

    def sizes(self, panel: Panel) -> None:
        """Bars as long as the changes that sources call important, beside the words and not in the picture."""
        height = float(panel.high - panel.low)
        sizes: dict[tuple[Fraction, Fraction], list[int]] = {}
        for index, size in enumerate(panel.series.sizes):
            if size.least is not None and size.most is not None and size.most <= height:
                sizes.setdefault((size.least, size.most), []).append(index)
        if not sizes:
            return
        self.y += 5
        self.lines(words.CHANGES, 10, fill=_MUTED)
        x, floor = float(_EDGE + 4), self.y
        for place, ((least, most), found) in enumerate(sorted(sizes.items())):
            label = f"{words.size_number(panel.series.sizes[found[0]])} {','.join(map(words.sign_of, found))}"
            unsure = all(panel.series.sizes[index].change.cites[0].mark == "unverified" for index in found)
            label += ", unconfirmed" if unsure else ""
            wide = float(_wide(label, 10))
            if not place or x + wide + 8 > _RIGHT:
                rest = [size for _, size in sorted(sizes)[place:]]
                x, floor = float(_EDGE + 4), floor + max(float(max(rest)) / height * _TALL, float(10)) + 5
            for end in (floor, floor - float(least) / height * _TALL, floor - float(most) / height * _TALL):
                self.stroke(x - 3, end, x + 3, end, _INK, width="1.4")
            self.stroke(
                x, floor, x, floor - float(most) / height * _TALL, _INK, width="1.4", dash="2 2" if unsure else ""
            )
            self.write(x + 6, floor, label, 10, fill=_MUTED)
            x += wide + 20
        self.y = floor

    # ---- opioids, legend, small print

    def opioids(self) -> None:
        line = self.made.trend.opioids
        assert line is not None  # noqa: S101 - asked only where there is one
        self.y += 14
        self.rule()
        self.lines("Opioids ordered, MME a day", 13, bold=True)
        self.lines(f"{line.totals.notice.says}. Every order at the most it allows.", 11, fill=_MUTED)
        self.lines(words.opioid_summary(line), 12)
        marks = self.marks_lane()
        top = self.y + 4
        self.y = top + _TALL
        self.grid(top, self.made.opioid_ticks)
        self.mark_lines(marks, top)
        for row in self.made.steps:
            x, end = self.x(row.x.low), self.x(row.x.high)
            told = words.step_words(row.step)
            self.add(f"<g data-step={quoteattr(row.step.first.isoformat())}><title>{_text(told)}</title>")
            if row.y is None:
                self.write((x + end) / 2, top + _TALL - 4, "not known", 10, anchor="middle", fill=_INK, halo=True)
            else:
                y = self.level(row.y, top)
                self.stroke(x, y, end, y, _ACCENT, width="2.6")
                self.write(
                    (x + end) / 2,
                    y - 5 if y - 16 >= top else y + 13,
                    words.mme(row.step),
                    11,
                    anchor="middle",
                    bold=True,
                    halo=True,
                )
            self.add("</g>")
        self.days()

    def legend(self) -> None:
        """What the numbers stand for, those before and after the picture too, and how to read the lines."""
        self.y += 14
        self.rule()
        shown = {row.mark.number: row for row in self.made.marks}
        for mark in self.made.trend.marks:
            placed = shown.get(mark.number, PlacedMark(mark, Span(Fraction(0), Fraction(0))))
            self.y += 4
            self.sign(placed, _EDGE + 9, self.y + 9)
            away = "" if mark.number in shown else " (outside this picture)"
            self.lines(f"{words.KINDS[mark.kind]}, {words.mark_words(mark)}{away}", 12, left=_EDGE + 24)
        self.y += 4
        self.lines(f"{words.SHAPES} {words.READING}", 11, fill=_MUTED)

    def small_print(self) -> None:
        """Bands, changes and sources of what was drawn."""
        for panel in self.made.panels:
            told = list(self.panel_print(panel))
            if told:
                self.y += 6
                self.lines(words.full_title(panel.series), 10, bold=True)
            for text in told:
                self.lines(text, 10, fill=_MUTED)
        if self.made.trend.opioids is not None:
            totals = self.made.trend.opioids.totals
            self.y += 6
            cites = words.places((*totals.cites, *totals.notice.cites), self.sources)
            self.lines(f"MME: factors of {totals.table.title} [{cites}]", 10, fill=_MUTED)
        self.y += 6
        for id, title in words.cited(self.made.trend, self.sources):
            self.lines(f"{id}: {title}", 10, fill=_MUTED)
        self.lines(words.checked(self.made.trend), 10, fill=_MUTED)

    def panel_print(self, panel: Panel) -> Iterator[str]:
        if panel.series.cites:
            yield f"Scored by [{words.places(panel.series.cites, self.sources)}]"
        if panel.bands is not None:
            yield f"Bands on the right [{words.places(panel.bands.cites, self.sources)}]"
        for note in words.change_notes(panel.series, self.sources):
            yield f"({note.sign}) {note.text} [{note.places}]"
        if panel.series.outside:
            yield words.outside_words(panel.series)

    # ---- pieces

    def x(self, share: Fraction) -> float:
        return _LEFT + float(share) * (self.right - _LEFT)

    def level(self, share: Fraction | None, top: float) -> float:
        assert share is not None  # noqa: S101 - only what has a value has a level
        return top + (1 - float(share)) * _TALL

    def add(self, part: str) -> None:
        self.parts.append(part)

    def rule(self) -> None:
        self.stroke(_EDGE, self.y, _RIGHT, self.y, _RULE, width="0.8")
        self.y += 4

    def stroke(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str,
        *,
        width: str,
        dash: str = "",
    ) -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}" stroke="{colour}"'
            f' stroke-width="{width}"{dashes}/>'
        )

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        anchor: str = "",
        fill: str = "",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        style = f' text-anchor="{anchor}"' if anchor else ""
        style += f' fill="{fill}"' if fill else ""
        style += ' font-weight="bold"' if bold else ""
        style += ' paint-order="stroke" stroke="#FFFFFF" stroke-width="3" stroke-linejoin="round"' if halo else ""
        self.add(f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size}"{style}>{_text(text)}</text>')

    def lines(
        self, text: str, size: int, *, left: int = _EDGE, bold: bool = False, fill: str = "", sign: str = ""
    ) -> None:
        """Text in as many lines as it needs; `sign` stands before the first."""
        for place, line in enumerate(_wrapped(text, size, _RIGHT - left - (12 if sign else 0))):
            self.y += size * 1.3
            shift = 12 if sign else 0
            if sign and place == 0:
                self.write(left, self.y, sign, size, fill=fill)
            self.write(left + shift, self.y, line, size, bold=bold, fill=fill)


def _arrow(direction: str) -> str:
    return {"higher-worse": "↓", "higher-better": "↑"}.get(direction, "")


def _short(label: str) -> str:
    """A label that fits beside the picture: without what stands in brackets, cut at whole words where it is long."""
    text = label.partition(" (")[0]
    most = int((_BANDS_WIDE - 6) / (10 * _LETTER))
    if len(text) <= most:
        return text
    cut = text[: most - 1].rpartition(" ")[0] or text[: most - 1]
    return f"{cut}…"


def _wrapped(text: str, size: int, wide: int) -> list[str]:
    """The text in lines of about the width; a word longer than a line is broken."""
    most = max(int(wide / (size * _LETTER)), 8)
    lines, line = [], ""
    for word in printable(text).replace(" %", "\u00a0%").split(" "):
        while len(word) > most:
            lines += [line] if line else []
            line, word = "", word
            lines.append(word[:most])
            word = word[most:]
        if line and len(line) + 1 + len(word) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines  # `_text` makes a common space of the one that held a number to its %


def _wide(text: str, size: int) -> int:
    return round(len(text) * size * _LETTER)


def _number(value: float) -> str:
    """A length to the hundredth, the same text on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _text(text: str) -> str:
    return escape(text if text.isprintable() else printable(text))
