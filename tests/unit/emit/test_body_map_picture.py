"""The picture, the list and the text of the body map: well formed, named, self-contained, and in agreement."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.derive.body_map import in_order
from levamen.emit.body_map import count_words, described, svg
from levamen.emit.body_map_json import document
from levamen.emit.body_map_page import page
from levamen.emit.body_map_text import text
from levamen.knowledge.body_map import VIEWS, View, body_map

IDS = list(body_map().areas)
SOME = ("back-left-low-back", "back-right-low-back", "back-right-thigh", "front-left-knee")
SVG = "{http://www.w3.org/2000/svg}"


class Shape:
    """One area of a picture, as it stands there."""

    def __init__(self, element: ElementTree.Element) -> None:
        self.id = element.get("id", "")
        self.role, self.focusable = element.get("role"), element.get("tabindex") == "0"
        self.label, self.fill = element.get("aria-label", ""), element.get("fill", "")
        self.title = element.findtext(f"{SVG}title")


def shapes(picture: str) -> list[Shape]:
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own picture
    return [Shape(element) for element in root.iter(f"{SVG}path") if element.get("class") == "area"]


class Boxes(HTMLParser):
    """The boxes of a page with their labels, and everything that would fetch or run something."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ticked: dict[str, bool] = {}
        self.labels: dict[str, str] = {}
        self.legends: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._into: str | None = None
        self._legend = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        assert not any(name.startswith("on") for name in found)
        assert "src" not in found
        if tag == "a":
            self.links.append(found["href"] or "")
        if tag == "input":
            assert found["type"] == "checkbox"
            assert found["id"] == f"choice-{found['value']}"
            self.ticked[found["value"] or ""] = "checked" in found
        if tag == "label":
            self._into = (found["for"] or "").removeprefix("choice-")
        self._legend = tag == "legend"

    def handle_endtag(self, tag: str) -> None:
        self._into, self._legend = None, False

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self.labels[self._into] = self.labels.get(self._into, "") + data
        if self._legend:
            self.legends.append(data)


def marked_in_text(written: str) -> set[str]:
    """The ids of the crossed boxes, read from the columns as a person would."""
    found, view = set(), ""
    for line in written.splitlines():
        if line.split() in (["Front", "left", "right"], ["Back", "left", "right"]):
            view = line.split()[0].lower()
        row = re.fullmatch(r"  ([a-z ]+?) +(\[.\](?: \d+)?) +(\[.\](?: \d+)?)", line)
        if view and row:
            for side, cell in (("left", row[2]), ("right", row[3])):
                if cell.startswith("[x]"):
                    found.add(f"{view}-{side}-{row[1].replace(' ', '-')}")
    return found


# the picture


def test_every_area_is_a_named_shape_that_can_be_reached() -> None:
    found = shapes(svg(SOME))
    assert [shape.id for shape in found] == IDS
    for shape in found:
        area = body_map().areas[shape.id]
        assert shape.role == "img"
        assert shape.focusable
        assert shape.label == shape.title
        assert shape.label.startswith(f"{area.plain}: ")


def test_marked_is_said_in_words_and_in_a_pattern() -> None:
    for shape in shapes(svg(SOME)):
        if shape.id in SOME:
            assert re.search(r": marked, number \d$", shape.label)
            assert shape.fill.startswith("url(#hatch")
        else:
            assert shape.label.endswith(": not marked")
            assert shape.fill == "#fff"


def test_the_picture_has_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(svg(SOME, title="Walter & Sons <1>"))  # noqa: S314 - our own picture
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert title.text == "Walter & Sons <1>"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "Left and right are those of the person" in (desc.text or "")
    assert "4 Back of the right thigh" in (desc.text or "")
    assert "4 areas marked: 2 left, 2 right; 1 front, 3 back." in (desc.text or "")


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_says_where_the_person_s_right_is(view: View) -> None:
    """The hazard is left and right exchanged: words and letters stand on the side where the shapes are."""
    root = ElementTree.fromstring(svg(views=(view,)))  # noqa: S314 - our own picture
    words = {element.text: float(element.get("x", "0")) for element in root.iter(f"{SVG}text")}
    middle = body_map().width / 2
    right_is_on_the_right = view == "back"
    assert (words["right"] > middle) == (words["R"] > middle) == right_is_on_the_right
    assert (words["left"] > middle) == (words["L"] > middle) == (not right_is_on_the_right)
    sentence = f"the person's right is on the {'right' if right_is_on_the_right else 'left'} here."
    assert sentence in words
    knee = body_map().areas[f"{view}-right-knee"]
    assert all((x > middle) == right_is_on_the_right for x, _ in knee.outline)


@pytest.mark.parametrize("linked", [False, True])
def test_the_picture_fetches_and_runs_nothing(*, linked: bool) -> None:
    picture = svg(SOME, linked=linked)
    assert picture.count("http") == 1  # the namespace
    assert not re.search(r"<script|<image|<use|<foreignObject|\bon[a-z]+=|javascript:|@import|url\((?!#)", picture)
    assert all(link.startswith("#choice-") for link in re.findall(r'href="([^"]*)"', picture))
    ids = re.findall(r'\bid="([^"]*)"', picture)
    assert len(ids) == len(set(ids))


def test_it_scales_and_prints() -> None:
    picture = svg(SOME)
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own picture
    assert root.get("viewBox")
    assert root.get("width") is None
    colours = re.findall(r'(?:fill|stroke)="#([0-9a-f]+)"', picture)
    assert colours
    assert all(len(set(colour)) == 1 for colour in colours)  # black, white and greys


def test_the_same_input_gives_the_same_bytes() -> None:
    assert svg(SOME) == svg(tuple(reversed(SOME)))
    assert page(in_order(SOME)) == page(in_order(reversed(SOME)))


def test_one_view_alone() -> None:
    found = [shape.id for shape in shapes(svg(SOME, views=("back",)))]
    assert found == [area.id for area in body_map().of("back")]
    assert "1 Front of the left knee" not in described(in_order(SOME), ("back",))


def test_a_note_stands_in_the_picture_and_in_its_description() -> None:
    picture = svg(SOME, note="1 of 5 numbers could not be read <and is not shown>.")
    assert picture.count("1 of 5 numbers could not be read &lt;and is not shown&gt;.") == 2


def test_an_unknown_area_is_an_error() -> None:
    with pytest.raises(KeyError):
        svg(["front-left-tail"])


def test_nothing_marked_is_said() -> None:
    assert described(()).endswith("Nothing is marked.")
    assert count_words(in_order(["front-left-knee"])) == "1 area marked: 1 left, 0 right; 1 front, 0 back."


# the list


def test_the_page_has_a_labelled_box_for_every_area() -> None:
    found = Boxes(page(in_order(SOME)))
    assert list(found.ticked) == [
        area.id for view in VIEWS for side in ("left", "right") for area in body_map().of(view, side)
    ]
    assert found.labels == {area.id: area.plain for area in body_map().areas.values()}
    assert found.legends == [
        "Front", "Front, left side", "Front, right side", "Back", "Back, left side", "Back, right side",
    ]  # fmt: skip


def test_the_picture_of_the_page_leads_to_the_boxes() -> None:
    found = Boxes(page(in_order(SOME)))
    assert found.links[0] == "#list"
    assert sorted(found.links[1:]) == sorted(f"#choice-{id}" for id in IDS)
    assert not found.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "button"}


def test_the_page_escapes_and_fetches_nothing() -> None:
    source = page(in_order(SOME), title="<b>Walter</b>", remarks=["<i>one</i>"])
    assert "<b>Walter" not in source
    assert "<i>one" not in source
    assert set(re.findall(r"https?://[^\s\"<]*", source)) == {"http://www.w3.org/2000/svg"}


def test_ids_of_the_page_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]*)"', page(in_order(SOME)))
    assert len(ids) == len(set(ids))


# all together


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(IDS)))
def test_picture_list_text_and_data_agree(chosen: set[str]) -> None:
    areas = in_order(chosen)
    in_picture = {shape.id for shape in shapes(svg(chosen)) if ": marked" in shape.label}
    hatched = {shape.id for shape in shapes(svg(chosen)) if shape.fill != "#fff"}
    in_list = {id for id, ticked in Boxes(page(areas)).ticked.items() if ticked}
    in_data = {area["id"] for area in document(areas)["areas"] if area["marked"]}
    assert in_picture == hatched == in_list == in_data == marked_in_text(text(areas)) == chosen
    assert document(areas)["marked"]["ids"] == [area.id for area in areas]


def test_numbers_are_the_same_in_picture_text_and_data() -> None:
    areas = in_order(SOME)
    numbers = {shape.id: int(shape.label.rpartition(" ")[2]) for shape in shapes(svg(SOME)) if shape.id in SOME}
    assert numbers == {area["id"]: area["number"] for area in document(areas)["areas"] if area["marked"]}
    written = text(areas)
    assert all(f"  {number}. {body_map().areas[id].plain} (" in written for id, number in numbers.items())
