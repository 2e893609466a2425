"""The manual in docs/manual is what these tests say."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from docs.generate import SPEC, pages, stale  # noqa: E402

SECTIONS = sorted(SPEC.glob("[0-9]*/test_*.py"))


def test_the_manual_is_current() -> None:
    assert stale() == [], "run python -m docs.generate"


def test_every_section_is_in_it() -> None:
    text = "".join(pages().values())
    for path in SECTIONS:
        heading = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
        assert f"## {heading}" in text


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.name)
def test_every_paragraph_has_words_and_stands_in_order(path: Path) -> None:
    """A paragraph without words is no paragraph; the number of a file is that of its chapter."""
    assert path.name.split("_")[1] == path.parent.name.split("_")[0]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            said = ast.get_docstring(node) or ""
            assert said.rstrip().endswith("."), f"{node.name}: {said}"
