"""Trends to look at: one of everything that a picture must show, and what each format says of every point."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.emit.trend.json import encode
from levamen.emit.trend.markdown import markdown
from levamen.emit.trend.page import fragment
from levamen.emit.trend.svg import svg
from levamen.emit.trend.text import text
from levamen.pathway.trends import Trend, trend

SVG = "{http://www.w3.org/2000/svg}"
AS_OF = date(2026, 6, 30)
HEAD = "chart: 1\nid: specimen\nrecorded: 2026-06-30\nzone: America/New_York\nperson: {sex: female}\n"
SIXTY = "".join(
    f"  - {{id: N{week}, instrument: nrs, pain: P, value: {week * 7 % 11}, date: {day}}}\n"
    for week, day in enumerate(date(2025, 5, 1) + timedelta(weeks=week) for week in range(60))
)
EVERYTHING = f"""pain:
  - {{id: P, site: low-back, side: both, since: 2024}}
scores:
{SIXTY}  - {{id: A1, instrument: phq-9, value: 0, date: 2026-01-01}}
  - {{id: B1, instrument: promis-pain-interference-4a, value: 55, date: 2025-09-01}}
  - {{id: B2, instrument: promis-pain-interference-4a, value: 60, date: 2025-11}}
  - {{id: B3, instrument: promis-pain-interference-4a, value: 75.6, date: 2026}}
  - {{id: B4, instrument: promis-pain-interference-4a, value: 41.6, date: 2026-06-29}}
  - {{id: B5, instrument: promis-pain-interference-4a, answers: [3, 3, 3, ~], date: 2026-06-30}}
  - {{id: C1, instrument: vas-mm, value: 40, date: 2026-02-01}}
  - {{id: C2, instrument: vas-mm, value: 60, date: 2026-02-01}}
  - {{id: C3, instrument: vas-mm, value: 60, date: 2026-02-01}}
  - {{id: C4, instrument: vas-mm, value: 10, date: 2026-05-01}}
  - {{id: D1, instrument: paindetect, value: -1, date: 2026-02-01}}
  - {{id: E1, instrument: eq-5d-5l, answers: [1, 2, 3, 1, 2], date: 2026-03-01}}
  - {{id: F1, instrument: odi, answers: [1, 1, 2, 1, ~, 1, 1, 1, 1, 1], version: 2.1a, date: 2025-06-01}}
  - {{id: F2, instrument: odi, value: 20, version: 2.0, date: 2026-06-01}}
  - {{id: G1, instrument: lefs, value: 40, date: 2026-02-01T09:30}}
  - {{id: H1, instrument: pseq, value: 60, date: 2026-02-01}}
  - {{id: H2, instrument: pseq, value: 0}}
procedures:
  - {{id: P-1, therapy: medial-branch-radiofrequency-ablation, technique: thermal, date: 2025-06-02, region: lumbar, side: both, joints: [L3-4, L4-5, L5-S1], relief: [{{scale: nrs, before: 4, after: 9}}, {{percent: 70-80 %, at: 2025-09}}]}}
  - {{id: P-2, therapy: medial-branch-block, date: 2026-02, region: lumbar, side: left, relief: [{{percent: 85.71}}]}}
  - {{id: P-3, therapy: medial-branch-block, relief: [{{percent: 50}}]}}
events:
  - {{id: EV, kind: neuritis, date: 2025-06-10, severity: mild}}
devices:
  - {{id: DV, kind: spinal-cord-stimulator, implanted: 2026-06-30}}
medications:
  - {{id: M-1, drug: oxycodone, dose: 10 mg, every: 8 h, route: oral, start: 2025-06-01, end: 2026-01-31}}
  - {{id: M-2, drug: oxycodone, dose: 5 mg, route: oral, start: 2026-02-01}}
"""  # noqa: E501 - an entry to a line


def reading(body: str) -> Reading:
    return read_chart(HEAD + body, "specimen")


def everything(*, opioids: bool = False) -> Trend:
    record = reading(EVERYTHING).record
    if not opioids:
        return trend(record, AS_OF)
    names = dict.fromkeys(row.instrument for row in trend(record, AS_OF).series)
    return trend(record, AS_OF, instruments=[*names, "mme"])


def values(found: Trend) -> list[tuple[str, str]]:
    """Every point and what is read of it, sorted: what each format must say, no more and no less."""
    return sorted((point.key, point.text) for series in found.series for point in series.points)


def of_svg(found: Trend) -> list[tuple[str, str]]:
    return _of_tree(ElementTree.fromstring(svg(found)), found)  # noqa: S314 - our own


def _of_tree(root: ElementTree.Element, found: Trend) -> list[tuple[str, str]]:
    texts = {point.key: point.text for series in found.series for point in series.points}
    rows = []
    for group in root.iter(f"{SVG}g"):
        key = group.get("data-point")
        if key is not None:
            told = " ".join(" ".join(group.itertext()).split())
            wanted = texts[key]
            rows.append((key, wanted if re.search(rf"(?<![\w.-]){re.escape(wanted)}(?![\w.])", told) else told))
    return sorted(rows)


def of_json(found: Trend) -> list[tuple[str, str]]:
    document = json.loads(encode(found, reading(EVERYTHING)))
    return sorted((point["key"], point["text"]) for series in document["series"] for point in series["points"])


def of_html(found: Trend) -> list[tuple[str, str]]:
    rows = re.findall(r'<tr data-row="([^"]*)"><th scope="row">[^<]*</th><td>([^<]*)</td>', fragment(found))
    return sorted(rows)


def of_markdown(found: Trend) -> list[str]:
    """The values alone, without keys."""
    rows = [line.split(" | ") for line in markdown(found).splitlines() if line.startswith("| ")]
    return sorted(row[1] for row in rows if len(row) == 5 and row[1] != "score")


def of_text(found: Trend) -> list[str]:
    """The values alone: the second column of each table."""
    told = []
    head = None
    for line in text(found).splitlines():
        if line.startswith("  Date "):
            head = line.index("Score")
        elif (
            head is not None
            and re.match(r"  \S", line)
            and not line.startswith(("  Scored", "  Bands", "  Changes that"))
        ):
            told.append(line[head:].split("  ")[0])
        elif not line.startswith("      "):
            head = None
        if line.startswith(("  Scored", "  Bands", "  Changes that")):
            head = None
    return sorted(told)
