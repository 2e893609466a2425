"""Writes the example charts as FHIR R4 bundles: `python docs/fhir_examples.py`. A test holds them current.

A test also holds the verdicts of chart and bundle equal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from levamen.adapters.chart import read_chart
from levamen.adapters.fhir_write import bundle_of

ROOT = Path(__file__).parents[1]
CHARTS = ROOT / "examples" / "charts"
BUNDLES = ROOT / "examples" / "fhir"


def bundle_text(chart: Path) -> str:
    """The chart as a bundle, indented for reading."""
    record = read_chart(chart.read_bytes(), chart.name).record
    return json.dumps(json.loads(bundle_of(record)), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for bundle in BUNDLES.glob("*.json"):
        if not (CHARTS / f"{bundle.stem}.yaml").exists():
            bundle.unlink()
    for chart in sorted(CHARTS.glob("*.yaml")):
        (BUNDLES / f"{chart.stem}.json").write_text(bundle_text(chart), encoding="utf-8")
    sys.stdout.write("examples/fhir is current\n")
