"""What the paragraphs on safety and the plan are written with: a snippet of a chart around one appointment.

A snippet is completed by the least a plan needs: a man of 60 (on the day) with 72 kg in Rome, lists reviewed on
1 April 2026, which is also what is known, and one appointment on 15 April 2026 from 09:30 to 10:00 for a cervical
medial branch block, class intermediate. All patients are made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from textwrap import dedent
from zoneinfo import ZoneInfo

from levamen.adapters.chart import read_chart
from levamen.knowledge.guards import Guard
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import DrugAnswer, GuardAnswer, Plan
from levamen.pathway.periprocedural.plan import plan
from levamen.pathway.privileges import Privilege
from levamen.record.facts import Record
from levamen.text.tree import UnusableInput

LOW = "therapy: medial-branch-block, region: lumbar"
INTERMEDIATE = "therapy: medial-branch-block, region: cervical"
HIGH = "therapy: spinal-cord-stimulation-implant, region: thoracic"
"""One needle of each class of ASRA 2018."""

LISTS = ("problems", "medications", "allergies", "devices")

APIXABAN = """
    labs: [{id: L-1, test: creatinine, value: 1.0, unit: mg/dL, at: 2026-03-25}]
    medications:
      - {id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"], indication: atrial-fibrillation}
    """
WARFARIN = """
    medications: [{id: M-1, drug: warfarin, dose: 5 mg, times: ["18:00"], indication: atrial-fibrillation}]
    """
"""Two drugs with their times; apixaban with the creatinine that it needs."""


def together(*snippets: str) -> str:
    """Several snippets as one."""
    return "".join(dedent(snippet).strip() + "\n" for snippet in snippets)


def record_of(
    chart: str = "",
    needle: str = INTERMEDIATE,
    *,
    start: str | None = "2026-04-15T09:30",
    end: str | None = "2026-04-15T10:00",
    as_of: str = "2026-04-01",
    zone: str | None = "Europe/Rome",
) -> Record:
    """The record of a snippet."""
    text = dedent(chart).strip() + "\n"
    given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    day = as_of[:10]
    request = [needle, *(f"{name}: {moment}" for name, moment in (("start", start), ("end", end)) if moment)]
    head = {
        "chart": "1",
        "id": "specimen",
        "zone": zone,
        "recorded": day,
        "as_of": as_of,
        "person": "{birth_date: 1966-04-15, sex: male, weight_kg: 72}",
        "completeness": "[" + ", ".join(f"{{kind: {kind}, reviewed: {day}}}" for kind in LISTS) + "]",
        "request": "[{id: R-1, " + ", ".join(request) + "}]",
    }
    lines = [f"{key}: {value}\n" for key, value in head.items() if key not in given and value is not None]
    reading = read_chart("".join(lines) + text, "specimen")
    rejected = [issue.what for issue in reading.balance.issues if issue.fate == "rejected"]
    assert not rejected, rejected
    return reading.record


def plan_of(
    chart: str = "",
    needle: str = INTERMEDIATE,
    *,
    start: str | None = "2026-04-15T09:30",
    end: str | None = "2026-04-15T10:00",
    as_of: str = "2026-04-01",
    zone: str | None = "Europe/Rome",
    profiles: Sequence[str] = ("asra-pain-2018",),
    guards: Sequence[Guard] | None = None,
    privileges: Sequence[Privilege] | None = None,
) -> Plan:
    """The plan of a snippet."""
    record = record_of(chart, needle, start=start, end=end, as_of=as_of, zone=zone)
    known: date | datetime = datetime.fromisoformat(as_of) if "T" in as_of else date.fromisoformat(as_of)
    asked = record.requests[0]
    return plan(record, asked, packaged(), known, profiles=profiles, guards=guards, privileges=privileges)


def drug_of(chart: str, needle: str = INTERMEDIATE, **more: str | None) -> DrugAnswer:
    """What the plan of a snippet with one drug says of it."""
    (drug,) = plan_of(chart, needle, **more).active.drugs
    return drug


def class_of(needle: str, chart: str = "") -> str | None:
    """The bleeding-risk class of a needle."""
    return plan_of(chart, needle).active.bleeding_class.word


def guard_of(found: Plan, id: str) -> GuardAnswer | None:
    """The answer of one guard; none where it is not about the request."""
    return next((answer for answer in found.guards if answer.guard.id == id), None)


def refusal(chart: str = "", **more: str | None) -> str:
    """The sentence with which a plan is refused."""
    try:
        plan_of(chart, **more)
    except UnusableInput as refused:
        return str(refused)
    raise AssertionError("there is a plan")


def clock(moment: datetime | None, zone: str = "Europe/Rome") -> str | None:
    """An instant as the clock on the wall shows it."""
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
