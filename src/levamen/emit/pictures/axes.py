"""A frame with two scales, for curves: where a value lies, round ticks, lines and labels that keep apart."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from levamen.emit.pictures.canvas import INK, RULE, Canvas, length
from levamen.emit.trend.layout import scale_ticks

Point = tuple[float, float]


class Frame:
    """A rectangle of a picture from `left`, `top` to `right`, `bottom`, with the ends of its scales."""

    def __init__(
        self,
        canvas: Canvas,
        box: tuple[float, float, float, float],
        x: tuple[Fraction, Fraction],
        y: tuple[Fraction, Fraction],
    ) -> None:
        self.canvas = canvas
        self.left, self.top, self.right, self.bottom = box
        self.ends_x, self.ends_y = x, y

    def x(self, value: Fraction) -> float:
        low, high = self.ends_x
        return self.left + float((value - low) / (high - low)) * (self.right - self.left)

    def y(self, value: Fraction) -> float:
        low, high = self.ends_y
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)

    def scale_y(self) -> None:
        """Ticks of the upright scale with a faint line each."""
        for tick in scale_ticks(*self.ends_y):
            y = self.bottom - float(tick.at) * (self.bottom - self.top)
            self.canvas.line(self.left, y, self.right, y, stroke=RULE, stroke_opacity=0.5)
            self.canvas.write(self.left - 8, y + 4, tick.label, 12, anchor="end", muted=True)

    def scale_x(self, ticks: Sequence[tuple[Fraction, str]], label: str) -> None:
        """Given ticks of the lower scale, and what it counts."""
        for at, text in ticks:
            x = self.x(at)
            self.canvas.line(x, self.bottom, x, self.bottom + 5, stroke=INK)
            self.canvas.write(x, self.bottom + 19, text, 12, anchor="middle", muted=True)
        self.canvas.write((self.left + self.right) / 2, self.bottom + 37, label, 12, anchor="middle", muted=True)

    def line(self, points: Sequence[Point], **more: str | float | None) -> None:
        if len(points) > 1:
            self.canvas.path(path(points), fill="none", **more)


def round_ticks(low: Fraction, high: Fraction) -> list[tuple[Fraction, str]]:
    """Both ends and round numbers between them."""
    return [(low + tick.at * (high - low), tick.label) for tick in scale_ticks(low, high)]


def path(points: Sequence[Point], *, closed: bool = False) -> str:
    return "M" + "L".join(f"{length(x)} {length(y)}" for x, y in points) + ("Z" if closed else "")


def apart(levels: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The levels of labels, in their order from above, moved no more than they must to keep a gap."""
    order = sorted(range(len(levels)), key=lambda place: (levels[place], place))
    found = [0.0] * len(levels)
    reach = top
    for place in order:
        found[place] = max(levels[place], reach)
        reach = found[place] + gap
    floor = bottom
    for place in reversed(order):
        found[place] = min(found[place], floor)
        floor = found[place] - gap
    return found
