"""Draws the picture of docs/trends.md: `python docs/trends.py`; a test fails where it is out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from levamen.adapters.chart import read_chart
from levamen.emit.trend.svg import svg
from levamen.pathway.trends import trend

ROOT = Path(__file__).parents[1]
CHART = ROOT / "examples" / "charts" / "trend-ablation-fourteen-months.yaml"
PICTURE = ROOT / "docs" / "trends.svg"


def drawn() -> str:
    """Pain and disability of the example, as of its own moment."""
    reading = read_chart(CHART.read_text(encoding="utf-8"), CHART.name)
    assert reading.record.as_of is not None  # noqa: S101 - it states one
    return svg(trend(reading.record, reading.record.as_of.last, instruments=("nrs", "odi")), reading)


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
    sys.stdout.write("docs/trends.svg is current\n")
