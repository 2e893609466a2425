"""What every picture must keep: clean under the policy of the pages, named, unique on a page, equal to its table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from levamen.emit.pictures.canvas import Table

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "defs", "pattern", "g", "rect", "circle", "ellipse", "path", "line", "text"}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 - our own picture


def clean(picture: str, name: str, role: str = "img") -> ElementTree.Element:
    """The picture as a tree, once nothing in it needs more than the strictest policy."""
    root = parsed(picture)
    assert root.get("role") == role
    assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    ids = []
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ALLOWED
        assert element.tag != f"{SVG}text" or "fill" not in element.attrib, (
            "text is ink, whatever the colours of the page"
        )
        for key, value in element.attrib.items():
            assert key != "style"
            assert "href" not in key
            assert not key.startswith("on")
            for url in re.findall(r"url\(([^)]*)\)", value):
                assert url.startswith(f"#{name}-")
            if key == "id":
                ids.append(value)
    assert "data:" not in picture
    assert len(ids) == len(set(ids))
    assert all(id.startswith(f"{name}-") for id in ids)
    for url in re.findall(r"url\(#([^)]*)\)", picture):
        assert url in ids
    return root


def numbers(texts: Iterable[str]) -> list[str]:
    return sorted(number for text in texts for number in NUMBER.findall(text))


def words_of(element: ElementTree.Element) -> str:
    return " ".join(text for text in element.itertext() if text.strip())


def rows_of(root: ElementTree.Element) -> dict[int, str]:
    """What stands in the picture of each row of its table, by the place of the row."""
    found: dict[int, str] = {}
    for element in root.iter():
        row = element.get("data-row")
        if row is not None:
            found[int(row)] = f"{found.get(int(row), '')} {words_of(element)}"
    return found


def agree(root: ElementTree.Element, table: Table) -> None:
    """Every row of the table stands in the picture with the very same numbers, and no other row does."""
    shown = rows_of(root)
    assert sorted(shown) == list(range(len(table.rows)))
    for place, row in enumerate(table.rows):
        assert len(row) == len(table.head)
        assert all(cell.strip() for cell in row), f"an empty cell in {row}"
        assert set(numbers(row)) == set(numbers([shown[place]])), (row, shown[place])
