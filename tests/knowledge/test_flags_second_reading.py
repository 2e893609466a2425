"""Second reading: what each row of the table of red and yellow flags says of a person, at its numbers and beside them.

The expected answers were written from the rows (assessment dossier 4.1, 4.2, 9.10 and 9.11) before they were asked for.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from levamen.adapters.chart import read_chart
from levamen.pathway.expectations_flags import FIRES
from levamen.pathway.flags import review_flags

NOW = "2026-11-16"
BACK = {"site": "low-back", "since": "2026-05-04"}
NECK = {"site": "neck", "since": "2026-05-04"}


def found(*concepts: str, on: str = NOW, **more: Any) -> list[dict[str, Any]]:
    return [{"concept": concept, "date": on, "present": True, **more} for concept in concepts]


def answer(
    flag: str,
    findings: list[dict[str, Any]] | None = None,
    pain: dict[str, Any] | None = None,
    born: str = "1986-03-03",
    **more: Any,
) -> tuple[str, str]:
    """Whether the flag fires, and how urgent it is."""
    rows = [{"id": f"F-{number}", **row} for number, row in enumerate(findings or [])]
    chart = {
        "chart": 1,
        "id": "second-reading",
        "zone": "Europe/Rome",
        "recorded": NOW,
        "as_of": NOW,
        "person": {"birth_date": born, "sex": "female"},
        "pain": [{"id": "PN-1", **(pain or BACK)}],
        "findings": rows,
        **more,
    }
    reading = read_chart(json.dumps(chart).encode(), flag)
    assert [issue for issue in reading.balance.issues if issue.fate == "rejected"] == []
    found = review_flags(reading.record, date(2026, 11, 16)).flag(flag)
    assert found is not None
    return FIRES[found.status], found.urgency


def problem(concept: str, **more: Any) -> dict[str, Any]:
    return {"problems": [{"id": "PR-1", "concept": concept, "status": "active", **more}]}


def after_epidural(on: str) -> dict[str, Any]:
    row = {"id": "P-1", "therapy": "epidural-steroid-injection", "region": "lumbar", "status": "done", "date": on}
    return {"procedures": [row]}


def score(instrument: str, value: float | None = None, answers: list[int] | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"id": "S-1", "instrument": instrument, "date": NOW}
    row |= {"value": value} if value is not None else {"answers": answers}
    return {"scores": [row]}


FIRE: list[tuple[str, str, str, dict[str, Any]]] = [
    ("no urine since 13 days", "cauda-equina", "emergency", {"findings": found("urinary-retention", on="2026-11-03")}),
    ("a numb seat", "cauda-equina", "emergency", {"findings": found("saddle-numbness")}),
    ("both legs", "cauda-equina", "emergency", {"findings": found("bilateral-sciatica")}),
    ("cancer and gait", "cord-compression", "emergency", {"findings": found("cancer-known", "gait-disturbance")}),
    ("cancer and a level", "cord-compression", "emergency", {"findings": found("cancer-known", "sensory-level")}),
    (
        "cancer and pain down a root",
        "cord-compression",
        "emergency",
        {"findings": found("cancer-known", "leg-pain-below-knee")},
    ),
    ("cancer and nights", "spinal-metastasis", "urgent", {"findings": found("cancer-known", "night-pain")}),
    ("cancer and the chest", "spinal-metastasis", "urgent", {"findings": found("cancer-known", "thoracic-pain-new")}),
    ("weight and nights", "cancer-suspected", "soon", {"findings": found("weight-loss", "night-pain")}),
    ("severe trauma", "fracture", "urgent", {"findings": found("major-trauma")}),
    ("a fragile spine", "fracture", "urgent", {"findings": found("minor-trauma-with-fragility")}),
    (
        "old and tender",
        "fracture",
        "urgent",
        {"findings": found("midline-spinal-tenderness"), "born": "1950-11-15"},
    ),
    (
        "tender and bruised",
        "fracture",
        "urgent",
        {"findings": found("midline-spinal-tenderness", "contusion-or-abrasion")},
    ),
    ("fever and injected drugs", "spinal-infection", "same-day", {"findings": found("fever", "injection-drug-use")}),
    (
        "fever, injected drugs and weakness",
        "spinal-infection",
        "emergency",
        {"findings": found("fever", "injection-drug-use", "progressive-weakness")},
    ),
    (
        "no fever, but a wound and a weak immune system",
        "spinal-infection",
        "same-day",
        {"findings": found("penetrating-wound", "immune-suppression")},
    ),
    (
        "fever on the last day of six weeks",
        "procedure-complication",
        "emergency",
        {"findings": found("fever"), **after_epidural("2026-10-05")},
    ),
    (
        "weak after an epidural",
        "procedure-complication",
        "emergency",
        {"findings": found("progressive-weakness"), **after_epidural("2026-11-10")},
    ),
    (
        "two signs and 46 years",
        "myelopathy",
        "urgent",
        {"findings": found("gait-disturbance", "hoffmann"), "born": "1980-11-01"},
    ),
    (
        "three signs at 30",
        "myelopathy",
        "urgent",
        {"findings": found("gait-disturbance", "hoffmann", "babinski"), "born": "1996-01-01"},
    ),
    ("grade 3", "motor-deficit", "urgent", {"findings": found("myotomal-weakness", value=3)}),
    ("progressive weakness", "motor-deficit", "urgent", {"findings": found("progressive-weakness")}),
    ("a tearing neck", "vascular-neck", "emergency", {"findings": found("tearing-neck-pain"), "pain": NECK}),
    (
        "double vision and a neck",
        "vascular-neck",
        "emergency",
        {"findings": found("double-vision-or-drop-attack"), "pain": NECK},
    ),
    ("a beating mass", "aortic-or-visceral", "emergency", {"findings": found("pulsatile-abdominal-mass")}),
    (
        "31 minutes, from the age of 40",
        "inflammatory-back-pain",
        "routine",
        {"findings": found("morning-stiffness", value=31, unit="min")},
    ),
    (
        "all four groups",
        "complex-regional-pain-syndrome",
        "soon",
        {"findings": found("allodynia", "vasomotor-change", "sudomotor-change", "motor-trophic-change")},
    ),
    (
        "a numb face",
        "trigeminal-pattern-change",
        "soon",
        {"findings": found("facial-numbness"), **problem("trigeminal-neuralgia")},
    ),
    ("item 9 is 1", "self-harm", "same-day", score("phq-9", answers=[0] * 8 + [1])),
    ("a hint", "self-harm", "same-day", {"findings": found("self-harm-thoughts")}),
    ("31 of catastrophizing", "yellow-flags", "routine", score("pcs", 31)),
    ("self-efficacy 19", "yellow-flags", "routine", score("pseq", 19)),
    ("sleep 15", "yellow-flags", "routine", score("isi", 15)),
]
"""Name, flag, urgency, what is known."""

NOT: list[tuple[str, str, dict[str, Any]]] = [
    ("no urine since 14 days", "cauda-equina", {"findings": found("urinary-retention", on="2026-11-02")}),
    ("a numb seat and pain in the neck alone", "cauda-equina", {"findings": found("saddle-numbness"), "pain": NECK}),
    ("gait without a cancer", "cord-compression", {"findings": found("gait-disturbance")}),
    ("a cancer alone", "cord-compression", {"findings": found("cancer-known")}),
    ("a cancer alone", "spinal-metastasis", {"findings": found("cancer-known")}),
    ("nights without a cancer", "spinal-metastasis", {"findings": found("night-pain")}),
    ("weight alone", "cancer-suspected", {"findings": found("weight-loss")}),
    ("tender alone", "fracture", {"findings": found("midline-spinal-tenderness")}),
    ("tender on the 70th birthday", "fracture", {"findings": found("midline-spinal-tenderness"), "born": "1956-11-16"}),
    ("old alone", "fracture", {"born": "1940-01-01"}),
    ("fever alone", "spinal-infection", {"findings": found("fever")}),
    (
        "fever a day after six weeks",
        "procedure-complication",
        {"findings": found("fever"), **after_epidural("2026-10-04")},
    ),
    ("fever without a procedure", "procedure-complication", {"findings": found("fever")}),
    (
        "clear fluid without a headache",
        "procedure-complication",
        {"findings": found("clear-fluid-drainage"), **after_epidural("2026-11-10")},
    ),
    (
        "two signs on the 45th birthday",
        "myelopathy",
        {"findings": found("gait-disturbance", "hoffmann"), "born": "1981-11-16"},
    ),
    ("grade 4", "motor-deficit", {"findings": found("myotomal-weakness", value=4)}),
    ("double vision without neck pain", "vascular-neck", {"findings": found("double-vision-or-drop-attack")}),
    ("smoking alone", "aortic-or-visceral", problem("tobacco-use")),
    ("30 minutes", "inflammatory-back-pain", {"findings": found("morning-stiffness", value=30, unit="min")}),
    (
        "31 minutes, from the age of 46",
        "inflammatory-back-pain",
        {"findings": found("morning-stiffness", value=31, unit="min"), "born": "1979-11-15"},
    ),
    (
        "31 minutes, three months to the day",
        "inflammatory-back-pain",
        {
            "findings": found("morning-stiffness", value=31, unit="min"),
            "pain": {"site": "low-back", "since": "2026-08-16"},
        },
    ),
    (
        "three groups",
        "complex-regional-pain-syndrome",
        {"findings": found("allodynia", "vasomotor-change", "sudomotor-change")},
    ),
    ("a numb face without neuralgia", "trigeminal-pattern-change", {"findings": found("facial-numbness")}),
    ("neuralgia of one side at 40", "trigeminal-pattern-change", problem("trigeminal-neuralgia", side="left")),
    ("item 9 is 0", "self-harm", score("phq-9", answers=[3] * 8 + [0])),
    ("29 of catastrophizing", "yellow-flags", score("pcs", 29)),
    ("self-efficacy 20", "yellow-flags", score("pseq", 20)),
    ("sleep 14", "yellow-flags", score("isi", 14)),
]
"""Name, flag, what is known: it must not fire."""


@pytest.mark.parametrize(("name", "flag", "urgency", "known"), FIRE, ids=[f"{row[1]}-{row[0]}" for row in FIRE])
def test_it_fires(name: str, flag: str, urgency: str, known: dict[str, Any]) -> None:
    assert answer(flag, **known) == ("yes", urgency)


@pytest.mark.parametrize(("name", "flag", "known"), NOT, ids=[f"{row[1]}-{row[0]}" for row in NOT])
def test_it_does_not_fire(name: str, flag: str, known: dict[str, Any]) -> None:
    assert answer(flag, **known)[0] != "yes"
