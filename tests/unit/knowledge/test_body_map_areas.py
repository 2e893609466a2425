"""The areas of the body map: every id once, words that name their side, and codes and segments with sources."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from levamen.criteria.nodes import MARKS
from levamen.knowledge.body_map import SIDES, VIEWS, BodyMap, body_map, folder, load_body_map
from levamen.knowledge.body_map.choir import choir, load_choir
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.record import codes

AREAS = list(body_map().areas.values())
NAMED = {
    "Cranium": ("forehead", "crown"),
    "Face": ("face",),
    "Head": ("head",),
    "Neck": ("neck",),
    "Shoulder": ("shoulder",),
    "Chest": ("chest",),
    "Bicep": ("upper-arm",),
    "Elbow": ("elbow",),
    "Forearm": ("forearm",),
    "Wrist": ("wrist",),
    "Hand": ("hand",),
    "Abdomen": ("abdomen",),
    "Hip": ("hip",),
    "Pubic": ("groin",),
    "Upper Leg": ("thigh",),
    "Knee": ("knee",),
    "Lower Leg": ("lower-leg",),
    "Ankle": ("ankle",),
    "Foot": ("foot",),
    "Upper Back": ("upper-back",),
    "Middle Back": ("middle-back",),
    "Lower Back": ("low-back",),
    "Buttocks": ("buttock",),
}
"""What the form calls a segment (BM2), and the part of ours."""


def test_every_id_says_view_side_and_part_and_stands_once() -> None:
    assert len(AREAS) == len({area.id for area in AREAS}) == 74
    assert all(area.id == f"{area.view}-{area.side}-{area.part}" for area in AREAS)
    assert all(re.fullmatch(r"(front|back)-(left|right)-[a-z]+(-[a-z]+)?", area.id) for area in AREAS)


def test_every_part_is_there_on_both_sides() -> None:
    for view in VIEWS:
        left, right = ([area.part for area in body_map().of(view, side)] for side in SIDES)
        assert left == right
    assert all(body_map().areas[area.other].other == area.id for area in AREAS)


@pytest.mark.parametrize("area", AREAS, ids=[area.id for area in AREAS])
def test_every_name_says_its_own_side_and_no_other(area: object) -> None:
    found = body_map().areas[area.id]
    other = {"left": "right", "right": "left"}[found.side]
    for words in (found.label, found.plain):
        assert re.search(rf"\b{found.side}\b", words, re.IGNORECASE)
        assert not re.search(rf"\b{other}\b", words, re.IGNORECASE)
        assert words[0].isupper()
        assert "*" not in words


def test_names_are_told_apart() -> None:
    assert len({area.plain for area in AREAS}) == len({area.label for area in AREAS}) == len(AREAS)


def test_every_pain_site_is_covered_or_is_no_place() -> None:
    covered = {site for area in AREAS for site in (area.site, *area.also)}
    assert covered.isdisjoint(body_map().no_place)
    assert covered | set(body_map().no_place) == set(codes.ids("pain_sites"))
    assert all(body_map().no_place.values())


def test_the_region_of_an_area_is_that_of_its_site() -> None:
    found = body_map().areas
    assert found["back-left-low-back"].region == "lumbar"
    assert found["front-right-knee"].region == "lower-limb"
    assert all(area.region in codes.ids("regions") for area in AREAS)


def test_every_structure_has_its_source_and_those_without_are_counted() -> None:
    sources = packaged().sources
    for area in AREAS:
        if area.structure is not None:
            assert re.fullmatch(r"\d{6,18}", area.structure.code)
            assert area.structure.cite.source in sources
            assert area.structure.cite.locator
            assert area.structure.cite.mark in MARKS
    without = [area.id for area in AREAS if area.structure is None]
    assert without == ["front-left-groin", "front-right-groin"]


# the CHOIR map


def test_every_segment_is_one_area_and_every_area_one_segment() -> None:
    segments = choir().segments
    assert sorted(segments, key=int) == [str(n) for n in (*range(101, 137), *range(201, 239))]
    assert {segment.area for segment in segments.values()} == set(body_map().areas)


@pytest.mark.parametrize("number", choir().segments)
def test_a_segment_is_the_area_that_its_source_names(number: str) -> None:
    segment = choir().segments[number]
    named = re.fullmatch(r"(.+) \((front|back|palm|top|bottom)-(left|right)\)", segment.named)
    assert named is not None
    area = body_map().areas[segment.area]
    assert area.side == named[3]
    assert area.view == ("front" if number.startswith("1") else "back")
    assert area.part in NAMED[named[1]]
    if named[2] in VIEWS:
        assert named[2] == area.view


@pytest.mark.parametrize(
    ("number", "area"),
    [
        ("101", "front-right-forehead"),
        ("104", "front-left-face"),
        ("107", "front-right-shoulder"),
        ("110", "front-left-shoulder"),
        ("112", "front-left-upper-arm"),
        ("116", "front-right-abdomen"),
        ("128", "front-left-hand"),
        ("136", "front-left-foot"),
        ("201", "back-left-crown"),
        ("207", "back-left-shoulder"),
        ("218", "back-left-low-back"),
        ("219", "back-right-low-back"),
        ("224", "back-right-buttock"),
        ("229", "back-right-thigh"),
        ("238", "back-right-foot"),
    ],
)
def test_numbers_by_hand(number: str, area: str) -> None:
    """From the polygons of S14: the front figure faces the reader, so its right is on the left of the picture."""
    assert choir().segments[number].area == area


def test_the_six_numbers_of_the_female_figure() -> None:
    """S14, convert_bodymap: female to male."""
    assert choir().female == {"112": "116", "113": "117", "114": "112", "115": "113", "116": "114", "117": "115"}
    for area in body_map().areas:
        male, female = (choir().number_of(area, figure) for figure in ("male", "female"))
        assert choir().female.get(female, female) == male


def test_sources_of_the_segments() -> None:
    for cite in (*choir().cites, *choir().female_cites):
        assert cite.source in packaged().sources
        assert cite.mark in MARKS


# refusals


def edited(tmp_path: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(folder(), tmp_path / "map", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "map" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path / "map"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("areas.yaml", "part: face,", "part: neck,", "stands twice"),
        ("areas.yaml", "site: face,", "site: fase,", "'fase' is not in pain_sites; nearest: face"),
        ("areas.yaml", "'* shin'", "shin", "needs one *"),
        ("areas.yaml", "snomed: '89545001'", "snomed: '89545000'", "not among the structures"),
        ("areas.yaml", "also: [breast], ", "", "no area covers breast"),
        ("areas.yaml", "  phantom-limb:", "  knee:", "covered by an area"),
        ("areas.yaml", "name: Head, source: BM3", "name: Head, source: BM9", "the source 'BM9'"),
        ("areas.yaml", "checked: 2026-11-21", "checked_on: 2026-11-21", "not known here"),
        ("drawing.yaml", "half_width: 500", "half_width: 0", "whole number above 0"),
        ("drawing.yaml", "    foot: '", "    foots: '", "draw its outline"),
        ("drawing.yaml", "    foot: '", "    foot: 'x", "row of points"),
        ("drawing.yaml", "    foot: '", "    foot: '-3,4 ", "below 0"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(told)):
        load_body_map(edited(tmp_path, name, old, new), packaged().sources)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("'103': {area: front-right-face", "'103': {area: front-left-face", "different sides"),
        ("'103': {area: front-right-face", "'103': {area: front-right-forehead", "another segment already"),
        ("'103': {area: front-right-face", "'103': {area: front-right-fase", "nearest: front-right-face"),
        ("'112': '116'", "'112': '117'", "in another order"),
        ("'112': '116'", "'139': '116'", "in another order"),
        ("source: S14", "source: S1400", "the source 'S1400'"),
    ],
)
def test_what_is_refused_of_segments(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = edited(tmp_path, "choir.yaml", old, new) / "choir.yaml"
    with pytest.raises(KnowledgeError, match=re.escape(told)):
        load_choir(path, packaged().sources, body_map())


def test_the_nearest_id_never_picks_a_side_that_was_not_said() -> None:
    found: BodyMap = body_map()
    assert found.nearest("back-right-tigh") == ("back-right-thigh",)
    assert set(found.nearest("back-thigh")) == {"back-left-thigh", "back-right-thigh"}
    assert found.nearest("zzzz") == ()
