"""House rules as checks: imports run one way, nothing asks for the time, nothing loaded is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "levamen"
ROOMS = ("text", "record", "criteria", "knowledge", "derive", "outcomes", "pathway", "adapters", "emit", "cli")
LEVEL = {room: index for index, room in enumerate(ROOMS)}
"""Rooms in the order in which they may import one another: a room imports only rooms before it, and itself."""

MODULES = sorted(SOURCE.rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    here = room_of(path)
    if here in ("__init__", "__main__"):
        return
    assert here in LEVEL, f"{here} is no room of the house; add it to its order (docs/adr)"
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "levamen" or len(parts) == 1:
            continue
        there = parts[1]
        assert there == here or LEVEL[there] < LEVEL[here], f"{here} imports {there}: imports run {' <- '.join(ROOMS)}"


FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "subprocess", "random", "socket"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_is_executed_and_nothing_asks_the_time(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not FORBIDDEN_MODULES & {name.split(".")[0] for name in imports(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                assert node.func.id not in FORBIDDEN_CALLS, f"line {node.lineno}: {node.func.id}"
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                owner = ast.unparse(node.func.value)
                assert owner.split(".")[-1] not in {"datetime", "date", "time"}, f"line {node.lineno}: the hidden clock"


def test_core_needs_no_django() -> None:
    names = {name.split(".")[0] for path in MODULES for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
    assert "django" not in names


EXEMPTION = re.compile(r"# (noqa|type: ignore)\b(?P<rest>.*)")
WITH_REASON = re.compile(r"(: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S.*)|(\[[a-z-]+(, [a-z-]+)*\] +# \S.*)")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_exemption_says_why(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        found = EXEMPTION.search(line)
        if found:
            why = WITH_REASON.fullmatch(found["rest"])
            assert why is not None, f"{path.name}, line {number}: name what is exempted, and say why beside it"
            assert "as above" not in found["rest"], f"{path.name}, line {number}: say it again"
