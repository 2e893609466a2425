"""Whether the drawing of the body map is in order, exactly, in whole numbers: no overlap, and nothing left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from levamen.knowledge.body_map import VIEWS, BodyMap, Outline, Point

_Edge = tuple[Point, Point]


def faults(found: BodyMap) -> tuple[str, ...]:
    """What is wrong with the drawing, in sentences; none where each half is filled by its areas without overlap."""
    return tuple(fault for view in VIEWS for fault in _faults(found, view))


def _faults(found: BodyMap, view: str) -> Iterator[str]:
    figure = next(figure for name, figure in found.figures.items() if name == view)
    half = found.width // 2
    areas = {area.id: area.outline for area in found.areas.values() if (area.view, area.side) == (view, figure.drawn)}
    whole = tuple((x + half, y) for x, y in figure.half)
    for id, outline in areas.items():
        if len(outline) < 3 or len(set(outline)) < len(outline) or _crossings(outline, outline):
            yield f"body map: the outline of {id} crosses or touches itself; draw it again"
        if _crossings(outline, whole) or any(_outside(point, whole) for point in outline):
            yield f"body map: {id} reaches out of the figure; draw it inside"
        if any(x > found.width or y > found.height for x, y in outline):
            yield f"body map: {id} reaches out of the picture; draw it inside"
    for (one, first), (other, second) in combinations(areas.items(), 2):
        if overlap(first, second):
            yield f"body map: {one} and {other} overlap; part them"
    if not_filled := doubled_area(whole) - sum(doubled_area(outline) for outline in areas.values()):
        yield f"body map: the areas of the {view} leave {not_filled / 2:g} square units of the figure to nobody"


def doubled_area(outline: Outline) -> int:
    """Twice the area that an outline holds, in square units."""
    return abs(sum(x * b - a * y for (x, y), (a, b) in _edges(outline)))


def overlap(one: Outline, other: Outline) -> bool:
    """Whether two simple outlines share more than their border."""
    if not _boxes_meet(one, other):
        return False
    return (
        bool(_crossings(one, other))
        or any(inside(point, other) for point in _witnesses(one))
        or any(inside(point, one) for point in _witnesses(other))
    )


def inside(point: tuple[float, float], outline: Outline) -> bool:
    """Whether a point lies within an outline and not on its border. Halves are exact."""
    x, y = point
    found = False
    for (a, b), (c, d) in _edges(outline):
        if _on_edge(point, ((a, b), (c, d))):
            return False
        if (b > y) != (d > y) and (x - a) * abs(d - b) < (c - a) * (y - b) * (1 if d > b else -1):
            found = not found
    return found


def _outside(point: Point, outline: Outline) -> bool:
    return not inside(point, outline) and not any(_on_edge(point, edge) for edge in _edges(outline))


def _on_edge(point: tuple[float, float], edge: _Edge) -> bool:
    (a, b), (c, d) = edge
    x, y = point
    level = (c - a) * (y - b) == (d - b) * (x - a)
    return level and min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d)


def _witnesses(outline: Outline) -> Iterator[tuple[float, float]]:
    """Points that would lie within another outline if the two overlapped without an edge crossing another."""
    for (a, b), (c, d) in _edges(outline):
        yield a, b
        yield (a + c) / 2, (b + d) / 2
    yield inner_point(outline)


def inner_point(outline: Outline) -> tuple[float, float]:
    """A point within an outline, near its middle: its centre of mass, else the middle of its widest place."""
    centre = _centre(outline)
    if inside(centre, outline):
        return centre
    low, high = min(y for _, y in outline), max(y for _, y in outline)
    spans: list[tuple[float, float, float]] = []
    for step in range(1, 12):
        y = low + (high - low) * step // 12 + 0.5
        meets = sorted(a + (c - a) * (y - b) / (d - b) for (a, b), (c, d) in _edges(outline) if (b > y) != (d > y))
        spans += [(right - left, (left + right) / 2, y) for left, right in zip(meets[::2], meets[1::2], strict=True)]
    _, x, y = max(spans)
    return x, y


def _centre(outline: Outline) -> tuple[float, float]:
    weight = x_sum = y_sum = 0
    for (x, y), (a, b) in _edges(outline):
        part = x * b - a * y
        weight, x_sum, y_sum = weight + part, x_sum + (x + a) * part, y_sum + (y + b) * part
    return x_sum / (3 * weight), y_sum / (3 * weight)


def _crossings(one: Outline, other: Outline) -> bool:
    """Whether an edge of one passes through the middle of an edge of the other."""
    return any(_cross(edge, another) for edge in _edges(one) for another in _edges(other))


def _cross(edge: _Edge, other: _Edge) -> bool:
    (a, b), (c, d) = edge, other
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _edges(outline: Outline) -> Iterator[_Edge]:
    return pairwise((*outline, outline[0]))


def _boxes_meet(one: Outline, other: Outline) -> bool:
    return all(
        max(p[axis] for p in one) >= min(p[axis] for p in other)
        and max(p[axis] for p in other) >= min(p[axis] for p in one)
        for axis in (0, 1)
    )
