"""The record of a procedure as a draft: filled from the plan, read from the form, compared with the plan.

The boxes of the parts are the record of levels and sides; the picture mirrors them, the needles follow from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from msgspec import Struct
from msgspec.structs import replace

from levamen.emit.pictures.spine_parts import FIELDS, REGIONS, Part, called, part, parts, parts_of, region_of
from levamen.emit.words import capital
from levamen.record import codes
from levamen.record.facts import Procedure, Request
from levamen.text.tree import UnusableInput
from procedures.agents import agent_of, agent_words, drug_words, worked_out
from procedures.sides import SIDE_WORDS, picture, target_text

IMMEDIATE = (
    "vasovagal", "bloody-tap", "intravascular-injection", "nerve-injury", "dural-puncture", "transient-weakness",
    "hypotension", "allergic-reaction", "local-anesthetic-systemic-toxicity", "pneumothorax", "other",
)  # fmt: skip
"""Events of the vocabulary that can be seen at the table, in the order in which they are offered."""
NONE_ASKED = "none-asked"
TEXTS = (
    "guidance", "contrast", "sedation", "contrast_ml", "fluoroscopy_s", "air_kerma_mgy", "dap", "images", "end",
    "remarks", "side",
)  # fmt: skip
_AGENT = ("drug", "concentration", "volume", "dose", "lot")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,3})?")
_CHOICES = {"guidance": "guidance", "contrast": "contrast", "sedation": "sedation"}
NUMBERS = {
    "fluoroscopy_s": "Screening time in seconds",
    "air_kerma_mgy": "Air kerma in mGy",
    "dap": "Dose–area product in Gy·cm²",
    "images": "Images kept",
    "contrast_ml": "Contrast in mL",
}
_FACET_NERVES = frozenset({"medial-branch-block", "medial-branch-radiofrequency-ablation"})


class Choice(Struct, frozen=True):
    """One box: its value, its words, whether it is ticked, whether the plan has it."""

    value: str
    words: str
    chosen: bool
    planned: bool


class AgentRow(Struct, frozen=True):
    number: int
    drug: str
    concentration: str
    volume: str
    dose: str
    lot: str
    worked: str
    planned: str = ""


class NeedleRow(Struct, frozen=True):
    """A needle of the table: where it goes, and what was written of it."""

    key: str
    target: str
    side: str
    needle: str
    volume: str


class Differs(Struct, frozen=True):
    """A field that is not as planned, with both values."""

    field: str
    planned: str
    done: str


def first_draft(request: Request, started: datetime) -> dict[str, Any]:
    """The draft before anybody touched it: what was planned, and nothing that only the room can know."""
    return {
        "parts": [row.value for row in parts_of(request)],
        "side": request.side or "",
        "guidance": request.guidance or "",
        "contrast": request.contrast or "",
        "sedation": request.sedation or "",
        "agents": [
            {"drug": row.drug, "concentration": row.concentration or "", "volume": row.volume or "",
             "dose": row.dose or "", "lot": ""}
            for row in request.agents
        ],
        "needles": {},
        "events": [],
    }  # fmt: skip


def read(data: QueryDict, request: Request) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the form said, and what is wrong with it: the id of the field and the sentence."""
    problems: list[tuple[str, str]] = []
    draft: dict[str, Any] = {name: data.get(name, "").strip()[:300] for name in TEXTS}
    draft["remarks"] = data.get("remarks", "").strip()[:1500]
    wanted = {row.value for row in offered(request)}
    draft["parts"] = [value for value in data.getlist("part") if value in wanted]
    if draft["side"] not in ("", *SIDE_WORDS):
        problems.append(("side", "Choose one of the sides."))
        draft["side"] = ""
    for name, vocabulary in _CHOICES.items():
        if draft[name] and draft[name] not in codes.ids(vocabulary):
            problems.append((name, "Choose one of the words offered."))
            draft[name] = ""
    for name, words in NUMBERS.items():
        if draft[name] and not _NUMBER.fullmatch(draft[name]):
            problems.append((name, f"{words}: write a number, such as 34 or 0.82."))
    if draft["end"] and not re.fullmatch(r"[0-2]\d:[0-5]\d", draft["end"]):
        problems.append(("end", "End: write the time as 09:16."))
    draft["agents"] = _agents(data, problems)
    draft["needles"] = {
        key: {
            "needle": data.get(f"needle.{key}", "").strip()[:60],
            "volume": data.get(f"volume.{key}", "").strip()[:20],
        }
        for key in (row.key for row in needles(request, draft))
    }
    events = data.getlist("event")
    draft["events"] = [word for word in (NONE_ASKED, *IMMEDIATE) if word in events]
    if NONE_ASKED in draft["events"] and len(draft["events"]) > 1:
        problems.append(("event-none-asked", "Events: either none, or the ones that are named."))
    return draft, problems


def _agents(data: QueryDict, problems: list[tuple[str, str]]) -> list[dict[str, str]]:
    rows = []
    for number in range(12):
        row = {name: data.get(f"agent.{number}.{name}", "").strip()[:60] for name in _AGENT}
        if not any(row[name] for name in _AGENT):
            continue
        if row["drug"] not in codes.ids("drugs"):
            problems.append((f"agent-{number}-drug", "Name the drug of this row, or clear the row."))
            continue
        for name, example in (("volume", "3 mL"), ("dose", "10 mg"), ("concentration", "0.5 % or 40 mg/mL")):
            if row[name] and not re.fullmatch(r"\d+(?:\.\d+)?\s*(?:mL|mg|mcg|g|%|mg/mL|mcg/mL)", row[name]):
                problems.append(
                    (f"agent-{number}-{name}", f"{capital(name)}: write it with its unit, such as {example}.")
                )
        rows.append(row)
    return rows


def offered(request: Procedure) -> tuple[Part, ...]:
    """The parts that can be ticked: of the kinds that the request names, all levels of its region."""
    planned = parts_of(request)
    if not planned:
        return ()
    kinds = {row.kind for row in planned}
    region = request.region if request.region in REGIONS else region_of(planned[0])
    return tuple(row for row in parts(region) if row.kind in kinds)


def choices(request: Request, draft: Mapping[str, Any]) -> list[tuple[str, list[Choice]]]:
    """The boxes by level, left before right."""
    planned, chosen = {row.value for row in parts_of(request)}, set(draft["parts"])
    found: dict[str, list[Choice]] = {}
    for row in offered(request):
        found.setdefault(called(row.kind, row.level), []).append(
            Choice(row.value, row.side, row.value in chosen, row.value in planned)
        )
    return list(found.items())


def done_target(request: Request, draft: Mapping[str, Any]) -> Request:
    """The request as it was done. Raises UnusableInput where levels have sides of their own, which one entry of the
    chart cannot say."""
    ticked = [part(value) for value in draft["parts"]]
    agents = tuple(agent_of(row["drug"], row["concentration"], row["volume"], row["dose"]) for row in draft["agents"])
    changed: dict[str, Any] = {name: draft[name] or None for name in ("guidance", "contrast", "sedation")}
    made = replace(request, agents=agents, **changed)
    if not parts_of(request):
        return replace(made, side=draft["side"] or None)
    sides = {frozenset(row.side for row in ticked if (row.kind, row.level) == level)
             for level in {(row.kind, row.level) for row in ticked}}  # fmt: skip
    if len(sides) > 1:
        raise UnusableInput(
            "Every level of one record has the same side: an entry of the chart says one side for all its levels. "
            "Record the levels of one side here, and the others as a procedure of their own of the same session "
            "(Record, Procedures, Add)"
        )
    side = _side(next(iter(sides), frozenset()))
    fields = {field: frozenset(row.level for row in ticked if row.kind == kind) for kind, field in FIELDS.items()}
    named = {field: getattr(request, field) for field in FIELDS.values()}
    kept = {field: fields[field] if fields[field] or named[field] else named[field] for field in FIELDS.values()}
    return replace(made, side=side, **kept)


def _side(sides: Iterable[str]) -> str | None:
    held = set(sides)
    if not held:
        return None
    return "both" if {"left", "right"} <= held else next(iter(held))


def needles(request: Request, draft: Mapping[str, Any]) -> list[NeedleRow]:
    """A row to each needle: of a facet joint the nerves that supply it, else the part itself."""
    ticked = [part(value) for value in draft["parts"]]
    supply = codes.vocabulary()["joint_innervation"]
    rows: dict[str, tuple[str, str]] = {}
    for row in ticked:
        if row.kind == "joint" and request.therapy in _FACET_NERVES and row.level in supply:
            for nerve in supply[row.level]["nerves"]:
                rows[f"{nerve}:{row.side}"] = (codes.label("nerves", nerve), row.side)
        else:
            rows[row.value] = (called(row.kind, row.level), row.side)
    held = draft.get("needles") or {}
    return [
        NeedleRow(key, target, side, held.get(key, {}).get("needle", ""), held.get(key, {}).get("volume", ""))
        for key, (target, side) in sorted(rows.items(), key=lambda item: (item[1][0], item[1][1]))
    ]


def agent_rows(request: Request, draft: Mapping[str, Any]) -> list[AgentRow]:
    """The drugs with their milligrams worked out, and two empty rows."""
    rows = [
        AgentRow(
            number, **{name: row.get(name, "") for name in _AGENT},
            worked=worked_out(agent_of(row["drug"], row["concentration"], row["volume"], row["dose"])),
        )
        for number, row in enumerate(draft["agents"])
    ]  # fmt: skip
    return [*rows, *(AgentRow(len(rows) + more, "", "", "", "", "", "") for more in range(2))]


def differences(request: Request, done: Request) -> list[Differs]:
    """Every field that is not as planned, with both values."""
    found = []
    if target_text(request) != target_text(done):
        found.append(Differs("Levels and side", target_text(request), target_text(done)))
    for field, vocabulary in _CHOICES.items():
        planned, was = getattr(request, field), getattr(done, field)
        if (planned or None) != (was or None):
            found.append(Differs(capital(field), _word(vocabulary, planned), _word(vocabulary, was)))
    before, after = [agent_words(row) for row in request.agents], [agent_words(row) for row in done.agents]
    if before != after:
        found.append(Differs("Drugs", "; ".join(before) or "none", "; ".join(after) or "none"))
    return found


def _word(vocabulary: str, value: str | None) -> str:
    return codes.label(vocabulary, value) if value else "not said"


def drug_choices(request: Request) -> list[tuple[str, str]]:
    """The drugs that are injected here: local anesthetics, steroids, contrast, and what the plan names."""
    wanted = {row.drug for row in request.agents}
    for drug in codes.ids("drugs"):
        if codes.classes_of(drug) & {
            "local-anesthetic",
            "corticosteroid",
            "contrast",
            "contrast-agent",
            "alpha-agonist",
        }:
            wanted.add(drug)
    return sorted(((drug, drug_words(drug)) for drug in wanted), key=lambda row: row[1].lower())


def words_of(vocabulary: str) -> list[tuple[str, str]]:
    return [(id, capital(codes.label(vocabulary, id))) for id in codes.ids(vocabulary)]


def drawn(request: Request, draft: Mapping[str, Any]) -> str:
    """The picture of what was done."""
    try:
        return picture(done_target(request, draft), "done", live=True)
    except UnusableInput:
        return ""
