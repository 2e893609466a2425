"""A funnel: each operator or group by how many answers it has, against the limits of chance. It is no league table.

The limits are computed elsewhere, for the very numbers of answers that the points have; none is worked out between two.
Outside a limit is a shape and a word, never a colour for good or bad.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from levamen.derive.periods import number
from levamen.emit.pictures.axes import Frame, apart, round_ticks
from levamen.emit.pictures.canvas import ACCENT, INK, MUTED, Canvas, Table, length, wide
from levamen.text.tree import UnusableInput

WIDTH = 640


class Point(Struct, frozen=True):
    """A group with `n` answers, the share (0 to 1) of them, and a label that names nobody."""

    n: int
    share: Fraction
    label: str


class Limit(Struct, frozen=True):
    """The limits at a number of answers, as shares."""

    n: int
    low: Fraction
    high: Fraction


class Funnel(Struct, frozen=True, kw_only=True):
    """Groups around the share of all (`centre`). `limits_95` and `limits_998` have a row for the n of every point."""

    title: str
    counted: str
    points: tuple[Point, ...]
    centre: Fraction
    limits_95: tuple[Limit, ...]
    limits_998: tuple[Limit, ...]
    notes: tuple[str, ...] = ()


def svg(found: Funnel, *, name: str = "funnel") -> str:
    """The picture. Raises UnusableInput where a point has no limits at its own number of answers."""
    canvas, rows = Canvas(name), table(found).rows
    numbers = [*(row.n for row in found.points), *(row.n for row in (*found.limits_95, *found.limits_998))]
    low, high = Fraction(min(numbers)), Fraction(max([*numbers, min(numbers) + 1]))
    y = canvas.lines(8, 18, found.title, WIDTH - 16, 14, bold=True)
    frame = Frame(canvas, (52, y + 14, WIDTH - 110, y + 254), (low, high), (Fraction(0), Fraction(100)))
    canvas.write(8, y + 2, "of 100", 12, bold=True)
    frame.scale_y()
    frame.scale_x([row for row in round_ticks(low, high) if row[0].denominator == 1], found.counted)
    for limits, dash, told in ((found.limits_95, "6 4", "95 %"), (found.limits_998, None, "99.8 %")):
        ordered = sorted(limits, key=lambda row: row.n)
        for side in ("low", "high"):
            corners = [(frame.x(Fraction(row.n)), frame.y(getattr(row, side) * 100)) for row in ordered]
            frame.line(corners, stroke=MUTED, stroke_width=1.5, stroke_dasharray=dash, class_=f"limit {told}")
    _limit_names(canvas, frame, found)
    centre = frame.y(found.centre * 100)
    canvas.line(frame.left, centre, frame.right, centre, stroke=ACCENT, stroke_width=2)
    taken: list[tuple[float, float, float, float]] = []
    for point in found.points:
        x, y = frame.x(Fraction(point.n)), frame.y(point.share * 100)
        taken.append((x - 7, y - 7, x + 7, y + 7))
    for place, point in enumerate(_ordered(found.points)):
        x, y = frame.x(Fraction(point.n)), frame.y(point.share * 100)
        with canvas.group("; ".join(rows[place]), data_row=place, class_="point"):
            _mark(canvas, x, y, outside(found, point))
            text = point.label if outside(found, point) == "within" else f"{point.label}: {outside(found, point)}"
            _name(canvas, x, y, text, taken, frame)
    y = frame.bottom + 60
    with canvas.group(data_row=len(found.points)):
        canvas.write(8, y, f"All together {number(found.centre * 100)}. This is no ranking.", 12, bold=True)
    for note in found.notes:
        y = canvas.lines(8, y + 18, note, WIDTH - 16, 11, muted=True) - 14
    said = ". ".join(", ".join(row) for row in rows)
    return canvas.drawn(WIDTH, y + 12, found.title, f"{said}. {' '.join(found.notes)}".strip())


def table(found: Funnel) -> Table:
    """Every group in the order of its label, and all together."""
    rows = [
        (
            point.label, str(point.n), number(point.share * 100), _span(_limit(found.limits_95, point)),
            _span(_limit(found.limits_998, point)), outside(found, point),
        )
        for point in _ordered(found.points)
    ]  # fmt: skip
    rows.append(("All together", "—", number(found.centre * 100), "—", "—", "—"))
    return Table(found.title, ("Group", "Answers", "Of 100", "95 % limits", "99.8 % limits", "Where"), tuple(rows))


def outside(found: Funnel, point: Point) -> str:
    """Where a point lies: within the limits (on one is within), outside 95 %, or outside 99.8 %."""
    outer, inner = _limit(found.limits_998, point), _limit(found.limits_95, point)
    if not outer.low <= point.share <= outer.high:
        return "outside 99.8 %"
    return "within" if inner.low <= point.share <= inner.high else "outside 95 %"


def _limit(limits: Sequence[Limit], point: Point) -> Limit:
    found = next((row for row in limits if row.n == point.n), None)
    if found is None:
        raise UnusableInput(f"{point.label} has {point.n} answers, and no limit is given for {point.n}: add that row")
    return found


def _ordered(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda row: (row.label, row.n, row.share))


def _span(row: Limit) -> str:
    return f"{number(row.low * 100)} to {number(row.high * 100)}"


def _mark(canvas: Canvas, x: float, y: float, where: str) -> None:
    """A disc within the limits, a ring outside 95 per cent, a diamond outside 99.8."""
    if where == "within":
        canvas.circle(x, y, 5.5, fill=ACCENT)
    elif where == "outside 95 %":
        canvas.circle(x, y, 5.5, fill="none", stroke=ACCENT, stroke_width=2.4)
    else:
        canvas.path(f"M{length(x)} {length(y - 8)}l7 8l-7 8l-7 -8Z", fill=INK)


def _name(
    canvas: Canvas, x: float, y: float, text: str, taken: list[tuple[float, float, float, float]], frame: Frame
) -> None:
    """The label of a point where it covers nothing: above, below, right, left."""
    broad = wide(text, 12)
    spots = [
        (x - broad / 2, y - 22), (x - broad / 2, y + 9), (x + 10, y - 7), (x - 10 - broad, y - 7),
        (x - broad / 2, y - 36), (x - broad / 2, y + 23),
    ]  # fmt: skip
    inside = [spot for spot in spots if spot[0] >= frame.left - 20 and spot[0] + broad <= WIDTH - 4]
    free = [
        (left, top)
        for left, top in inside
        if not any(left < c and a < left + broad and top < d and b < top + 14 for a, b, c, d in taken)
    ]
    left, top = (free or inside or spots)[0]
    taken.append((left, top, left + broad, top + 14))
    canvas.write(left, top + 11, text, 12, bold=True)


def _limit_names(canvas: Canvas, frame: Frame, found: Funnel) -> None:
    """Which line is which, beside their right end."""
    ends = []
    for limits, told in ((found.limits_95, "95 % limit"), (found.limits_998, "99.8 % limit")):
        if limits:
            last = max(limits, key=lambda row: row.n)
            ends += [(frame.x(Fraction(last.n)), frame.y(share * 100), told) for share in (last.high, last.low)]
    levels = apart([y for _, y, _ in ends], 13, frame.top, frame.bottom)
    for (x, _, told), level in zip(ends, levels, strict=True):
        canvas.write(x + 8, level + 4, told, 11, muted=True)
