"""Everything the README shows is run."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from levamen.cli.arguments import parser

ROOT = Path(__file__).parents[2]


def readme_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "docs" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_shows_what_the_commands_print() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "$ levamen assess" in text
    assert readme_module().rendered(text) == text, "run python docs/readme.py"


def test_the_make_targets_it_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "example", "test", "check", "benchmark"):
        assert f"\n{target}:" in makefile


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = text.split("```")[1::2]
    return [line.partition("  #")[0] for block in blocks for line in block.splitlines() if line.startswith("levamen ")]


@pytest.mark.parametrize("line", commands())
def test_every_command_it_lists_is_one_that_can_be_given(line: str) -> None:
    """The words in capitals stand for a file, a folder or a text; the rest is as printed."""
    words = shlex.split(line)[1:]
    options = parser().parse_args(words)
    assert callable(options.run)
