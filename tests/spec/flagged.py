"""What the paragraphs on flags are written with: the flags of a snippet of a chart. All patients are made up.

A snippet is completed by a man of 40 in Rome with low back pain since last year, as known on 1 April 2026.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from textwrap import dedent

from levamen.adapters.chart import read_chart
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.flag_answers import FlagAnswer, FlagReview
from levamen.pathway.flags import review_flags
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Record

BLOCK = "therapy: medial-branch-block, region: lumbar, side: left, joints: [L4-5], guidance: fluoroscopy"


def flagged_record(chart: str = "", *, as_of: str = "2026-04-01", start: str = "2026-04-10T09:00") -> Record:
    """The record of a snippet, with one request for a block."""
    text = dedent(chart).strip() + "\n"
    given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    head = {
        "chart": "1",
        "id": "specimen",
        "zone": "Europe/Rome",
        "recorded": as_of[:10],
        "as_of": as_of,
        "person": "{birth_date: 1986-01-15, sex: male, weight_kg: 72}",
        "pain": "[{id: PN-1, site: low-back, since: 2025-01-01}]",
        "request": f"[{{id: R-1, {BLOCK}, start: {start}}}]",
    }
    lines = [f"{key}: {value}\n" for key, value in head.items() if key not in given]
    reading = read_chart("".join(lines) + text, "specimen")
    rejected = [issue.what for issue in reading.balance.issues if issue.fate == "rejected"]
    assert not rejected, rejected
    return reading.record


def known(as_of: str) -> date | datetime:
    """The moment of a text."""
    return datetime.fromisoformat(as_of) if "T" in as_of else date.fromisoformat(as_of)


def review_of(chart: str = "", *, as_of: str = "2026-04-01") -> FlagReview:
    """Every flag of a snippet."""
    return review_flags(flagged_record(chart, as_of=as_of), known(as_of))


def flag_of(id: str, chart: str = "", *, as_of: str = "2026-04-01") -> FlagAnswer:
    """One flag of a snippet."""
    found = review_of(chart, as_of=as_of).flag(id)
    assert found is not None
    return found


def status_of(id: str, chart: str = "", *, as_of: str = "2026-04-01") -> str:
    """The status of one flag."""
    return flag_of(id, chart, as_of=as_of).status


def stopped(chart: str = "", *, as_of: str = "2026-04-01", start: str = "2026-04-10T09:00") -> Plan:
    """The plan of the block that a snippet asks for."""
    record = flagged_record(chart, as_of=as_of, start=start)
    (question,) = assess(record, packaged(), known(as_of)).questions
    return question.plan


def finding(concept: str, *, id: str = "F-1", on: str = "2026-04-01", present: str = "true", more: str = "") -> str:
    """One finding as a line of a list."""
    return f"  - {{id: {id}, concept: {concept}, date: {on}, present: {present}{more}}}\n"


def findings(*concepts: str, on: str = "2026-04-01", present: str = "true") -> str:
    """A section of findings of one day."""
    return "findings:\n" + "".join(
        finding(concept, id=f"F-{number}", on=on, present=present) for number, concept in enumerate(concepts, start=1)
    )


CLEAR_LISTS = """completeness:
  - {kind: problems, reviewed: 2026-04-01}
  - {kind: medications, reviewed: 2026-04-01}
  - {kind: allergies, reviewed: 2026-04-01}
  - {kind: devices, reviewed: 2026-04-01}
LIST
"""
"""Every list that a block asks for was gone through; LIST is replaced by what was answered besides."""
