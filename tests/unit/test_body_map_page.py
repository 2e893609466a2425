"""The page on the body map and its picture are what the packaged map makes of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from levamen.knowledge.body_map import body_map
from levamen.knowledge.body_map.choir import choir

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_body_map", ROOT / "docs" / "body_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current() -> None:
    made = generator()
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/body_map.py"
    assert made.PICTURE.read_text(encoding="utf-8") == made.svg(made.MARKED), "run python docs/body_map.py"


def test_the_page_names_every_part_and_every_number() -> None:
    text = (ROOT / "docs" / "body-map.md").read_text(encoding="utf-8")
    assert all(f"| `{area.part}` |" in text for area in body_map().areas.values())
    for area in body_map().areas.values():
        assert area.plain in text or area.plain.lower() in text
    numbers = {number for line in text.splitlines() for number in line.replace(",", " ").split()}
    assert set(choir().segments) <= numbers
    assert "not affiliated with CHOIR" in text
