"""The drawing of the body map, in whole numbers: the areas fill the figure, none overlaps, left mirrors right."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from levamen.knowledge.body_map import SIDES, VIEWS, View, body_map
from levamen.knowledge.body_map.geometry import doubled_area, faults, inner_point, inside, overlap

SQUARE = ((0, 0), (10, 0), (10, 10), (0, 10))
MAP = body_map()


def test_the_packaged_drawing_is_in_order() -> None:
    assert faults(MAP) == ()


@pytest.mark.parametrize("view", VIEWS)
def test_left_mirrors_right_exactly(view: View) -> None:
    for left, right in zip(MAP.of(view, "left"), MAP.of(view, "right"), strict=True):
        assert left.part == right.part
        assert tuple((MAP.width - x, y) for x, y in left.outline) == right.outline


@pytest.mark.parametrize("view", VIEWS)
def test_the_person_s_own_sides_are_where_the_picture_says(view: View) -> None:
    """Face to face the person's left is on the right of the picture; seen from behind it is on the left."""
    middle = MAP.width // 2
    for area in MAP.of(view):
        on_the_right = all(x >= middle for x, _ in area.outline)
        assert on_the_right or all(x <= middle for x, _ in area.outline)
        assert on_the_right == ((area.side == "left") == (view == "front"))


@pytest.mark.parametrize("view", VIEWS)
def test_every_area_is_inside_the_figure_and_has_its_number_inside_itself(view: View) -> None:
    border = MAP.figures[view].border
    for area in MAP.of(view):
        assert inside(inner_point(area.outline), area.outline)
        assert inside(inner_point(area.outline), border)
        assert all(0 <= x <= MAP.width and 0 <= y <= MAP.height for x, y in area.outline)


@pytest.mark.parametrize("view", VIEWS)
def test_the_areas_fill_the_figure(view: View) -> None:
    assert sum(doubled_area(area.outline) for area in MAP.of(view)) == doubled_area(MAP.figures[view].border)


@given(st.integers(0, MAP.width - 1), st.integers(0, MAP.height - 1), st.sampled_from(VIEWS))
def test_a_point_of_the_figure_is_in_one_area_at_most(x: int, y: int, view: View) -> None:
    """Sampled, beside the exact test: no point lies within two areas, and none within an area outside the figure."""
    point = (x + 0.5, y + 0.5)
    holding = [area.id for area in MAP.of(view) if inside(point, area.outline)]
    assert len(holding) <= 1
    assert not holding or inside(point, MAP.figures[view].border)


def test_neighbours_of_a_view_do_not_overlap() -> None:
    for view in VIEWS:
        for one, other in combinations(MAP.of(view), 2):
            assert not overlap(one.outline, other.outline), (one.id, other.id)


def test_head_is_above_foot() -> None:
    for view in VIEWS:
        for side in SIDES:
            areas = {area.part: inner_point(area.outline)[1] for area in MAP.of(view, side)}
            for upper, lower in (
                ("neck", "shoulder"),
                ("shoulder", "upper-arm"),
                ("elbow", "forearm"),
                ("wrist", "hand"),
                ("hip", "thigh"),
                ("thigh", "knee"),
                ("knee", "lower-leg"),
                ("ankle", "foot"),
            ):
                assert areas[upper] < areas[lower]
    back = {area.part: inner_point(area.outline)[1] for area in MAP.of("back", "left")}
    assert back["upper-back"] < back["middle-back"] < back["low-back"] < back["buttock"]


# what the check finds


def moved(id: str, outline: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
    areas = {**MAP.areas, id: replace(MAP.areas[id], outline=outline)}
    return faults(replace(MAP, areas=areas))


def test_an_area_pushed_into_its_neighbour_is_found() -> None:
    knee = MAP.areas["front-left-knee"].outline
    told = " ".join(moved("front-left-knee", tuple((x, y + 40) for x, y in knee)))
    assert "front-left-knee and front-left-lower-leg overlap" in told


def test_an_area_pushed_out_of_the_figure_is_found() -> None:
    hand = MAP.areas["front-left-hand"].outline
    told = " ".join(moved("front-left-hand", tuple((x + 60, y) for x, y in hand)))
    assert "front-left-hand reaches out of the figure" in told
    assert "front-left-hand reaches out of the picture" in told


def test_a_gap_is_found() -> None:
    chest = MAP.areas["front-left-chest"].outline
    middle = inner_point(chest)
    shrunk = tuple((round(x + (middle[0] - x) / 4), round(y + (middle[1] - y) / 4)) for x, y in chest)
    assert "to nobody" in " ".join(moved("front-left-chest", shrunk))


def test_an_outline_that_crosses_itself_is_found() -> None:
    bow = ((600, 600), (640, 640), (640, 600), (600, 640))
    assert "crosses or touches itself" in " ".join(moved("front-left-chest", bow))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (((10, 0), (20, 0), (20, 10), (10, 10)), False),  # an edge in common
        (((10, 10), (20, 10), (20, 20), (10, 20)), False),  # a corner in common
        (((30, 0), (40, 0), (40, 10), (30, 10)), False),
        (((9, 0), (20, 0), (20, 10), (9, 10)), True),
        (((2, 2), (8, 2), (8, 8), (2, 8)), True),  # one within the other
        (SQUARE, True),
        (((0, 10), (10, 10), (10, 0)), True),  # half of it, along the diagonal
        (((-5, 5), (5, -5), (5, 15)), True),
    ],
)
def test_overlap(other: tuple[tuple[int, int], ...], *, expected: bool) -> None:
    assert overlap(SQUARE, other) is expected
    assert overlap(other, SQUARE) is expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((5, 5), True),
        ((0, 5), False),
        ((10, 10), False),
        ((10.5, 5), False),
        ((0.5, 0.5), True),
        ((5, 10), False),
        ((-1, 5), False),
    ],
)
def test_inside(point: tuple[float, float], *, expected: bool) -> None:
    assert inside(point, SQUARE) is expected


def test_area_of_a_square() -> None:
    assert doubled_area(SQUARE) == 200
