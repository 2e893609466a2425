"""The manual in docs/manual is what these tests say."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from docs.generate import SPEC, pages, readable, stale  # noqa: E402 - the path is set first

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


def test_every_line_of_the_decision_on_the_plan_has_a_paragraph() -> None:
    decision = (ROOT / "docs" / "adr" / "0007-the-periprocedural-plan.md").read_text(encoding="utf-8")
    lines = {int(number) for number in re.findall(r"^(\d+)\. ", decision, re.MULTILINE)}
    said = "".join(text for path, text in pages().items() if path.name[:2] in ("14", "15"))
    named = {int(number) for group in re.findall(r"\(ADR 0007, ([\d, ]+)\)", said) for number in group.split(", ")}
    assert named == lines


def test_templates_are_shown_as_the_charts_they_make() -> None:
    source = 'ONE = f"[{{id: P-1, date: {done}}}]"\nTWO = f"{done}"\nTHREE = "{{a}}".format()\nFOUR = "é {{}} é"\n'
    shown = 'ONE = "[{id: P-1, date: <done>}]"\nTWO = f"{done}"\nTHREE = "{a}".format()\nFOUR = "é {} é"\n'
    assert readable(source) == shown
