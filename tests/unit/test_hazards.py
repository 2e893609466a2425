"""Every hazard names its cause, its control, and tests that exist and assert something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HAZARDS: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "hazards.yaml").read_text(encoding="utf-8"))["hazards"]


@pytest.mark.parametrize("hazard", HAZARDS, ids=[hazard["id"] for hazard in HAZARDS])
def test_control_has_a_living_test(hazard: dict[str, Any]) -> None:
    assert all(hazard.get(key) for key in ("hazard", "cause", "control", "tests"))
    for name in hazard["tests"]:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("test_*.py"))
        assert files, f"{hazard['id']}: {name} has no tests"
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        assert "def test_" in text
        assert "assert" in text


def test_ids_are_unique() -> None:
    ids = [hazard["id"] for hazard in HAZARDS]
    assert len(ids) == len(set(ids))
