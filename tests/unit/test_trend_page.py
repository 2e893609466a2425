"""The page on trends shows the picture that comes out, and the commands and signs that there are."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from types import ModuleType

from levamen.cli.arguments import parser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trends.md").read_text(encoding="utf-8")


def trends_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trends", ROOT / "docs" / "trends.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_current() -> None:
    module = trends_module()
    assert module.PICTURE.read_text(encoding="utf-8") == module.drawn(), "run python docs/trends.py"
    assert "](trends.svg)" in PAGE


def test_the_description_of_the_picture_says_its_numbers() -> None:
    # The example's own chart: NRS 7, 8, 7, 3, 2, 4, 5; ODI 25 of 50, 10 of 45, 13 and 16 of 50.
    assert "pain falls from 7 to 2 and comes back to 5; disability from 50 to 22 and 32" in PAGE
    drawn = trends_module().drawn()
    for told in ("First 7 (3 Feb 2025), latest 5 (30 Mar 2026).", "First 50 (3 Feb 2025), latest 32 (30 Mar 2026)."):
        assert told in drawn
    assert ">22.2<" in drawn


def test_the_commands_of_the_page_are_understood() -> None:
    commands = [line.partition("#")[0] for line in PAGE.splitlines() if line.startswith("levamen trend CHART")]
    assert len(commands) == 4
    for command in commands:
        options = parser().parse_args(shlex.split(command)[1:])
        assert options.chart == "CHART"
