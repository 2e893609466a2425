"""The shipped bundles are the example charts, and are answered as they are."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from levamen.adapters.any_input import read_any
from levamen.emit.json import document
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of

ROOT = Path(__file__).parents[3]
CHARTS = sorted((ROOT / "examples" / "charts").glob("*.yaml"))


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fhir_examples", ROOT / "docs" / "fhir_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bundle_of(chart: Path) -> Path:
    return ROOT / "examples" / "fhir" / f"{chart.stem}.json"


def answers(path: Path, named: list[str]) -> object:
    reading = read_any(path.read_bytes(), path.name)
    as_of = default_as_of(reading.record)
    assert as_of is not None
    return document(assess(reading.record, packaged(), as_of, also=named), reading)["questions"]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_the_bundle_is_current(chart: Path) -> None:
    assert bundle_of(chart).read_text(encoding="utf-8") == writer().bundle_text(chart), (
        "run python docs/fhir_examples.py"
    )


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.stem)
def test_chart_and_bundle_get_the_same_answers(chart: Path) -> None:
    expected = read_any(chart.read_bytes(), chart.name).expectations
    named = [entry.fields["policy"] for entry in expected if "policy" in entry.fields]
    assert answers(bundle_of(chart), named) == answers(chart, named)


def test_ten_bundles_with_every_kind_of_answer() -> None:
    found: set[str] = set()
    for chart in CHARTS:
        for question in answers(bundle_of(chart), []):  # type: ignore[attr-defined]
            found |= {policy["verdict"] for policy in question["policies"]}
    assert len(CHARTS) >= 10
    assert {"met", "not_met", "not_covered", "against"} <= found
    assert all(json.loads(bundle_of(chart).read_text())["resourceType"] == "Bundle" for chart in CHARTS)
