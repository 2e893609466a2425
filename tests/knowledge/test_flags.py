"""The flags as data: sourced, whole, refused where they are not; and every number matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.derive.warning_signs import SIGN_VIEWS
from levamen.knowledge.flags import flag_faults, load_flag, load_general, packaged_flags, packaged_general
from levamen.knowledge.flags import packaged_tables as flag_tables
from levamen.knowledge.flags.rows import FlagTable
from levamen.knowledge.model import KnowledgeError, Values
from levamen.knowledge.registry import packaged
from levamen.pathway.flags import review_flags
from levamen.record import codes
from levamen.record.facts import Record
from levamen.record.timeline import Duration

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "levamen" / "knowledge" / "flags"
FLAGS = packaged_flags()


def test_nothing_is_wrong_with_them() -> None:
    assert flag_faults(SIGN_VIEWS) == ()


def test_which_flags_there_are() -> None:
    assert {flag.id for flag in FLAGS} == {
        "aortic-or-visceral", "cancer-suspected", "cauda-equina", "complex-regional-pain-syndrome", "cord-compression",
        "fracture", "inflammatory-back-pain", "motor-deficit", "myelopathy", "procedure-complication", "self-harm",
        "spinal-infection", "spinal-metastasis", "trigeminal-pattern-change", "vascular-neck", "yellow-flags",
    }  # fmt: skip


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.id)
def test_every_sentence_has_its_source(flag: object) -> None:
    found = next(row for row in FLAGS if row is flag)
    entry = codes.entry("flags", found.id)
    assert (found.urgency, found.blocks) == (entry["urgency"], entry["blocks_elective"])
    cites = [
        *found.cites,
        *(c for act in found.acts for c in act.cites),
        *(c for said in found.asks for c in said.cites),
    ]
    cites += [*(found.card.cites if found.card else ()), *(c for thing in found.things.values() for c in thing.cites)]
    assert cites
    assert all(cite.source in packaged().sources and cite.locator for cite in cites)
    assert all(cite.mark == "unverified" for cite in cites if cite.source == "NO-SOURCE")
    assert found.acts
    assert found.asks


def test_what_the_vocabulary_calls_unverified_rests_on_nothing_better() -> None:
    for flag in FLAGS:
        if codes.entry("flags", flag.id).get("mark") == "unverified":
            assert {cite.mark for cite in flag.cites} == {"unverified"}


def test_our_own_lengths_are_marked_and_only_stop() -> None:
    general = packaged_general()
    assert {general.clearance.cite.mark, general.answer.cite.mark} == {"unverified"}
    assert "coordinator" not in general.clears
    assert "patient" not in general.clears


CAUDA = (FOLDER / "cauda_equina.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("flag: cauda-equina", "flag: cauda-equine"), "cauda-equine"),
        (lambda t: t.replace("class: E0", "class: U2"), "the class 'U2' is not emergency"),
        (lambda t: t.replace("source: S81, locator: 'presentation'", "source: S999, locator: 'presentation'"), "S999"),
        (
            lambda t: t.replace("locator: 'presentation', mark: primary", "locator: 'presentation', mark: sure"),
            "'sure'",
        ),
        (lambda t: t.replace("and: [pain]", "and: [pane]"), "'pane' is none of its things"),
        (lambda t: t.replace("weak: ", "week: "), ""),
        (lambda t: t.replace("within: refer-within", "within: refer"), "not a threshold"),
        (lambda t: t.replace("who: nurse", "who: nurze"), "nurze"),
        (lambda t: t.replace("recent: recent}", "recnt: recent}"), "recnt"),
        (lambda t: t.replace("words: [saddle-numbness]", "words: [sadle-numbness]"), "nearest: saddle-numbness"),
        (lambda t: t.replace("things:\n", "thinks:\n"), "thinks"),
        (lambda t: t.replace("from: request", "from: yesterday"), "starts no clock"),
    ],
)
def test_what_is_refused(change: Callable[[str], str], says: str, tmp_path: Path) -> None:
    text = change(CAUDA)
    if text == CAUDA:
        text = f"{CAUDA}weak: [saddle-numbnes]\n"
        says = "neither a finding nor a condition"
    path = tmp_path / "cauda_equina.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_flag(path, packaged().sources)
    assert says in str(refused.value)
    assert str(path) in str(refused.value)


def test_general_values_are_refused_likewise(tmp_path: Path) -> None:
    text = (FOLDER / "general.yaml").read_text(encoding="utf-8").replace("clocks: {emergency:", "clocks: {emergenzy:")
    path = tmp_path / "general.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="emergenzy"):
        load_general(path, packaged().sources)


NUMBERS = [
    (table.id, name)
    for table in flag_tables()
    for name, value in sorted(table.values.values.items())
    if any(reading.amount is not None for version in value.versions for reading in version.readings)
    and not name.endswith("-within")
    and name != "today"
]
DAY = "2026-04-01"
PEOPLE = {
    ("cauda-equina", "recent"): ("findings: [{id: F-1, concept: saddle-numbness, date: 2026-03-19, present: true}]",
                                 "findings: [{id: F-1, concept: saddle-numbness, date: 2026-03-18, present: true}]"),
    ("cancer-suspected", "combined"): ("findings: [{id: F-1, concept: weight-loss, present: true, date: 2026-04-01}]",
                                       "findings: [{id: F-1, concept: weight-loss, present: true, date: 2026-04-01}, {id: F-2, concept: night-pain, present: true, date: 2026-04-01}]"),
    ("cancer-suspected", "over-50"): ("person: {birth_date: 1976-03-31}", "person: {birth_date: 1976-04-01}"),
    ("cancer-suspected", "month"): ("pain: [{id: PN-1, since: 2026-03-01}]", "pain: [{id: PN-1, since: 2026-03-02}]"),
    ("fracture", "combined"): ("findings: [{id: F-1, concept: contusion-or-abrasion, present: true, date: 2026-04-01}]",
                               "findings: [{id: F-1, concept: contusion-or-abrasion, present: true, date: 2026-04-01}, {id: F-2, concept: kyphotic-deformity, present: true, date: 2026-04-01}]"),
    ("fracture", "old"): ("person: {birth_date: 1956-03-31}", "person: {birth_date: 1956-04-01}"),
    ("spinal-infection", "combined"): ("findings: [{id: F-1, concept: fever, present: true, date: 2026-04-01}]",
                                       "findings: [{id: F-1, concept: fever, present: true, date: 2026-04-01}, {id: F-2, concept: penetrating-wound, present: true, date: 2026-04-01}]"),
    ("procedure-complication", "six-weeks"): ("procedures: [{id: P-1, therapy: lumbar-puncture, region: lumbar, date: 2026-02-18}]",
                                              "procedures: [{id: P-1, therapy: lumbar-puncture, region: lumbar, date: 2026-02-17}]"),
    ("myelopathy", "cluster-size"): ("findings: [{id: F-1, concept: hoffmann, present: true, date: 2026-04-01}, {id: F-2, concept: babinski, present: true, date: 2026-04-01}]",
                                     "findings: [{id: F-1, concept: hoffmann, present: true, date: 2026-04-01}, {id: F-2, concept: babinski, present: true, date: 2026-04-01}, {id: F-3, concept: inverted-supinator, present: true, date: 2026-04-01}]"),
    ("myelopathy", "over-45"): ("person: {birth_date: 1981-03-31}", "person: {birth_date: 1981-04-01}"),
    ("motor-deficit", "severe"): ("findings: [{id: F-1, concept: myotomal-weakness, present: true, value: 3, date: 2026-04-01}]",
                                  "findings: [{id: F-1, concept: myotomal-weakness, present: true, value: 4, date: 2026-04-01}]"),
    ("inflammatory-back-pain", "onset"): ("person: {birth_date: 1980-01-02}", "person: {birth_date: 1980-01-01}"),
    ("inflammatory-back-pain", "months"): ("pain: [{id: PN-1, since: 2025-12-31}]", "pain: [{id: PN-1, since: 2026-01-01}]"),
    ("inflammatory-back-pain", "minutes"): ("findings: [{id: F-1, concept: morning-stiffness, present: true, value: 31, date: 2026-04-01}]",
                                            "findings: [{id: F-1, concept: morning-stiffness, present: true, value: 30, date: 2026-04-01}]"),
    ("trigeminal-pattern-change", "under-40"): ("person: {birth_date: 1986-04-02}", "person: {birth_date: 1986-04-01}"),
    ("self-harm", "item-9"): ("scores: [{id: S-1, instrument: phq-9, answers: [0,0,0,0,0,0,0,0,0], date: 2026-04-01}]",
                              "scores: [{id: S-1, instrument: phq-9, answers: [0,0,0,0,0,0,0,0,1], date: 2026-04-01}]"),
    **{("yellow-flags", name): tuple(f"scores: [{{id: S-1, instrument: {of}, value: {value}, date: 2026-04-01}}]" for value in values)
       for name, of, values in (
           ("fear", "start-back-psychosocial", (3, 4)), ("catastrophizing", "pcs", (29, 30)),
           ("self-efficacy", "pseq", (19, 20)), ("mood", "phq-2", (2, 3)), ("anxiety", "gad-2", (2, 3)),
           ("sleep", "isi", (14, 15)), ("substances", "ort-oud", (2, 3)))},
    ("yellow-flags", "weight"): ("person: {birth_date: 1986-01-15, weight_kg: 120, height_cm: 200}",
                                 "person: {birth_date: 1986-01-15, weight_kg: 121, height_cm: 200}"),
}  # fmt: skip
"""For each number, a person on either side of it."""
REST = {
    "cancer-suspected": {"over-50": "findings: [{id: F-8, concept: thoracic-pain-new, present: true, date: 2026-04-01}, {id: F-9, concept: weight-loss, present: true, date: 2026-04-01}]",
                         "month": "findings: [{id: F-8, concept: unremitting-pain, present: true, date: 2026-04-01}, {id: F-9, concept: weight-loss, present: true, date: 2026-04-01}]"},
    "fracture": {"old": "findings: [{id: F-9, concept: contusion-or-abrasion, present: true, date: 2026-04-01}]"},
    "procedure-complication": {"six-weeks": "findings: [{id: F-9, concept: fever, present: true, date: 2026-04-01}]"},
    "myelopathy": {"over-45": "findings: [{id: F-8, concept: hoffmann, present: true, date: 2026-04-01}, {id: F-9, concept: babinski, present: true, date: 2026-04-01}]"},
    "inflammatory-back-pain": {"onset": "findings: [{id: F-9, concept: uveitis-or-psoriasis, present: true, date: 2026-04-01}]",
                               "months": "findings: [{id: F-9, concept: uveitis-or-psoriasis, present: true, date: 2026-04-01}]"},
    "trigeminal-pattern-change": {"under-40": "problems: [{id: PR-1, concept: trigeminal-neuralgia, side: left, status: active}]"},
}  # fmt: skip


def record(*sections: str) -> Record:
    head = {"chart": "1", "id": "p", "zone": "Europe/Rome", "as_of": DAY, "person": "{birth_date: 1986-01-15}",
            "pain": "[{id: PN-1, site: low-back, since: 2025-01-01}]"}  # fmt: skip
    given = {section.partition(":")[0] for section in sections}
    lines = [f"{key}: {value}" for key, value in head.items() if key not in given]
    return read_chart("\n".join([*lines, *sections, ""]), "p").record


@cache
def people(flag: str, name: str) -> tuple[Record, ...]:
    rest = REST.get(flag, {}).get(name)
    return tuple(record(side, *([rest] if rest else [])) for side in PEOPLE[flag, name])


def statuses(table: FlagTable, flag: str, name: str) -> tuple[str, ...]:
    built = table.build(Values(table.values, None, table.values.checked))
    return tuple(
        review_flags(person, date.fromisoformat(DAY), flags=(built,)).answers[0].status for person in people(flag, name)
    )


def changed(table: FlagTable, name: str, step: int) -> FlagTable:
    """The table with one number moved."""
    value = table.values.values[name]
    readings = tuple(
        replace(
            reading,
            amount=Duration(reading.amount.amount + step, reading.amount.unit)
            if isinstance(reading.amount, Duration)
            else (reading.amount or Decimal(0)) + step,
        )
        for reading in value.versions[0].readings
    )
    version = replace(value.versions[0], readings=readings)
    values = {**table.values.values, name: replace(value, versions=(version,))}
    return FlagTable(id=table.id, values=replace(table.values, values=values), build=table.build)


@pytest.mark.parametrize(("flag", "name"), NUMBERS)
def test_every_number_is_watched_from_both_sides(flag: str, name: str) -> None:
    """One more and one less are both noticed by a person on either side of it."""
    table = next(table for table in flag_tables() if table.id == flag)
    now = statuses(table, flag, name)
    assert len(set(now)) == 2, now
    for step in (1, -1):
        size_of_one = table.values.values[name].kind == "count" and name in ("combined", "cluster-size")
        moved = statuses(changed(table, name, step), flag, name)
        if not (size_of_one and step == 1 and moved == now):
            assert moved != now, (flag, name, step)
