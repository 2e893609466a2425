"""The spine: sides of the patient, ids of the chart, a sign without colour, and the same choice in words and boxes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_checks import SVG, clean, words_of

from levamen.emit.pictures.canvas import SHEET, Canvas
from levamen.emit.pictures.spine import STATES, State, svg, table
from levamen.emit.pictures.spine_parts import (
    FIELDS,
    KINDS,
    REGIONS,
    Part,
    Region,
    levels,
    part,
    parts,
    parts_of,
    pieces,
    region_of,
    words,
)
from levamen.record import codes
from levamen.record.facts import Request
from levamen.text.tree import UnusableInput

EVERY = [row for region in REGIONS for row in parts(region)]


def shapes(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {element.get("data-part", ""): element for element in root.iter() if element.get("data-part")}


def middle(element: ElementTree.Element) -> float:
    if element.get("cx"):
        return float(element.get("cx", ""))
    found = re.match(r"M([\d.]+) [\d.]+h([\d.]+)", element.get("d", ""))
    if found:
        return float(found[1]) + float(found[2]) / 2
    return float(re.match(r"M([\d.]+)", element.get("d", ""))[1])


@pytest.mark.parametrize("region", REGIONS)
def test_every_part_is_drawn_once_on_its_own_side(region: Region) -> None:
    root = clean(svg(region, kinds=KINDS, name="s"), "s", role="group")
    found = shapes(root)
    assert list(found) != []
    assert set(found) == {row.value for row in parts(region)}
    half = float(root.get("viewBox", "").split()[2]) / 2
    for row in parts(region):
        shape = found[row.value]
        assert shape.get("id") == f"s-{row.kind}-{row.level}-{row.side}"
        assert shape.get("class") == "part"
        assert shape.get("tabindex") == "-1"
        assert shape.findtext(f"{SVG}title") == row.words
        x = middle(shape)
        assert {"left": x < half, "right": x > half, "midline": abs(x - half) < 0.5}[row.side], row.value


@pytest.mark.parametrize("region", REGIONS)
def test_the_chart_knows_every_level(region: Region) -> None:
    sections = {
        "joint": "spinal_joints",
        "interspace": "spinal_joints",
        "foramen": "foramina",
        "root": "roots",
        "nerve": "nerves",
        "vertebra": "vertebrae",
    }
    for row in parts(region):
        assert row.level in codes.ids(sections[row.kind])
        assert row.field in Request.__struct_fields__


def test_levels_as_the_chart_writes_them() -> None:
    assert levels("lumbar", "joint") == ("L1-2", "L2-3", "L3-4", "L4-5", "L5-S1")
    assert levels("thoracic", "joint")[-2:] == ("T11-12", "T12-L1")
    assert levels("cervical", "joint") == ("C1-2", "C2-3", "C3-4", "C4-5", "C5-6", "C6-7", "C7-T1")
    assert levels("cervical", "interspace")[0] == "C2-3"
    """Between C1 and C2 is no disc."""
    assert levels("cervical", "root") == ("C2", "C3", "C4", "C5", "C6", "C7", "C8")
    assert levels("lumbar", "root") == ("L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3")
    assert "L5-dorsal-ramus" in levels("lumbar", "nerve")


def test_no_part_overlaps_another_of_its_kind() -> None:
    """Joints, openings and roots of one level stand side by side."""
    for region in REGIONS:
        found = shapes(clean(svg(region, kinds=KINDS), "spine", role="group"))
        rows = [row for row in parts(region) if row.kind in ("joint", "foramen", "root") and row.side == "right"]
        for row in rows:
            level = str(codes.entry("roots", row.level)["foramen"]) if row.kind == "root" else row.level
            if row.kind == "joint":
                opening = found[Part("foramen", level, "right").value]
                joint = found[row.value]
                edge = middle(joint) + float(joint.get("rx", ""))
                assert edge <= middle(opening) - float(opening.get("rx", ""))
            if row.kind == "root" and level[0] != "S":
                opening = found[Part("foramen", level, "right").value]
                assert middle(opening) + float(opening.get("rx", "")) <= middle(found[row.value]) - 10


def test_left_and_right_are_written_out() -> None:
    root = clean(svg("lumbar"), "spine", role="group")
    at = {element.text: float(element.get("x", "")) for element in root.iter(f"{SVG}text")}
    half = float(root.get("viewBox", "").split()[2]) / 2
    assert at["Left"] < half < at["Right"]
    assert "Left is the patient's left." in words_of(root)


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_a_sign_a_class_and_a_word(state: State) -> None:
    root = clean(svg("lumbar", {"joint:L4-5:left": state}), "spine", role="group")
    shape = shapes(root)["joint:L4-5:left"]
    assert shape.get("class") == f"part {state}"
    assert shape.findtext(f"{SVG}title") == f"L4-5 joint, left: {STATES[state]}"
    cues = [element for element in root.iter(f"{SVG}g") if element.get("class") == "cue"]
    assert len(cues) == 2, "one on the part and one in the legend"
    assert all(cue.get("display") is None for cue in cues)
    assert any(element.text == STATES[state] for element in root.iter(f"{SVG}text"))


def test_the_four_signs_differ_without_colour() -> None:
    def sign(state: State) -> list[tuple[str, bool, bool]]:
        root = clean(svg("lumbar", {"joint:L4-5:left": state}), "spine", role="group")
        cue = next(element for element in root.iter(f"{SVG}g") if element.get("class") == "cue")
        return [
            (one.tag, "url(" in one.get("fill", ""), len(one.get("d", "").split("M")) > 2) for one in cue
        ]  # fmt: skip

    assert len({tuple(sign(state)) for state in STATES}) == len(STATES)


def test_live_keeps_the_hidden_sign_beside_each_part() -> None:
    root = clean(svg("lumbar", {"joint:L4-5:left": "chosen"}, live=True), "spine", role="group")
    children = list(root)
    for place, element in enumerate(children):
        if element.get("data-part"):
            cue = children[place + 1]
            assert cue.get("class") == "cue"
            assert cue.get("display") == (None if element.get("data-part") == "joint:L4-5:left" else "none")


def test_the_table_says_what_is_marked() -> None:
    chosen: dict[str, State] = {"joint:L5-S1:right": "differs", "joint:L4-5:left": "done"}
    assert table("lumbar", chosen).rows == (
        ("L4-5 joint", "left", "done"),
        ("L5-S1 joint", "right", "differs from the plan"),
    )
    drawn = {
        key: element.get("class", "").removeprefix("part ")
        for key, element in shapes(clean(svg("lumbar", chosen), "spine", role="group")).items()
        if element.get("class") != "part"
    }
    assert drawn == chosen


def test_what_is_not_in_the_picture_is_refused() -> None:
    with pytest.raises(UnusableInput, match="is no part of the spine"):
        svg("lumbar", {"joint:L4-5:both": "chosen"})
    with pytest.raises(UnusableInput, match="not in the picture of the lumbar spine"):
        svg("lumbar", {"joint:C4-5:left": "chosen"})
    with pytest.raises(UnusableInput, match="is no state"):
        svg("lumbar", {"joint:L4-5:left": "perhaps"})
    with pytest.raises(ValueError, match="cannot begin an id"):
        Canvas('x" onload="')


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((), "Nothing is chosen"),
        (("joint:L4-5:right", "joint:L5-S1:right"), "L4-5 and L5-S1, right"),
        (("joint:L5-S1:left", "joint:L5-S1:right", "joint:L4-5:left"), "L4-5, left; L5-S1, both sides"),
        (("joint:L3-4:left", "joint:L4-5:left", "joint:L5-S1:left"), "L3-4, L4-5 and L5-S1, left"),
        (("interspace:L5-S1:midline",), "L5-S1 interspace, midline"),
        (("foramen:L4-5:right", "root:S1:right"), "L4-5 foramen, right; S1 root, right"),
        (
            ("nerve:L3-medial-branch:left", "nerve:L4-medial-branch:left", "nerve:L5-dorsal-ramus:left"),
            "L3 medial branch, L4 medial branch and L5 dorsal ramus, left",
        ),
        (("joint:C7-T1:left", "joint:T12-L1:left"), "C7-T1 and T12-L1, left"),
    ],
)
def test_a_choice_in_words(values: tuple[str, ...], said: str) -> None:
    assert words([part(value) for value in values]) == said


def test_sides_are_apart_for_the_inverted_block() -> None:
    told = pieces([part("joint:L4-5:right"), part("joint:L4-5:left"), part("joint:L5-S1:left")])
    assert [piece.text for piece in told if piece.side] == ["both sides", "left"]


def test_a_request_without_a_side_marks_nothing() -> None:
    request = Request(id="R-1", joints=frozenset({"L4-5"}), region="lumbar")
    assert parts_of(request) == ()


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(EVERY), min_size=1, max_size=6), st.sampled_from(list(STATES)))
def test_a_side_survives_form_picture_and_words(chosen: set[Part], state: State) -> None:
    for region in REGIONS:
        here = {row for row in chosen if region_of(row) == region}
        found = shapes(clean(svg(region, {row.value: state for row in here}, kinds=KINDS), "spine", role="group"))
        marked = {part(value) for value, element in found.items() if element.get("class") != "part"}
        assert marked == here
    for side in ("left", "right", "midline"):
        expected = any(row.side == side for row in chosen)
        said = words(chosen)
        assert expected == (side in said or (side != "midline" and "both sides" in said))


@given(st.sampled_from(EVERY), st.sampled_from(["left", "right", "both"]))
def test_a_chart_target_becomes_its_parts(row: Part, side: str) -> None:
    request = Request(id="R", side=side, **{FIELDS[row.kind]: frozenset({row.level})})
    expected = {"both": {"left", "right"}}.get(side, {side})
    assert {(found.level, found.side) for found in parts_of(request)} == {(row.level, one) for one in expected}


def test_the_same_bytes() -> None:
    one: dict[str, State] = {"joint:L4-5:left": "chosen", "joint:L5-S1:left": "done"}
    other = dict(reversed(list(one.items())))
    assert svg("lumbar", one) == svg("lumbar", other)


def test_the_sheet_asks_for_nothing() -> None:
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    assert ".part.chosen + .cue" in SHEET
    assert "forced-colors: active" in SHEET


def test_no_module_of_the_pictures_asks_for_the_page() -> None:
    import levamen.emit.pictures as package

    for path in Path(package.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "style=" not in source
        assert "href" not in source
