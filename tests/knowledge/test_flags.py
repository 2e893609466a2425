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
    cites = [*found.cites, *(found.card.cites if found.card else ())]
    for part in (*found.acts, *found.asks, *found.things.values()):
        cites += part.cites
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
        (lambda t: f"{t}weak: [saddle-numbnes]\n", "neither a finding nor a condition"),
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
    assert text != CAUDA
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


def signs(*concepts: str, value: int | None = None, on: str = DAY) -> str:
    more = f", value: {value}" if value is not None else ""
    rows = (f"{{id: F-{n}, concept: {c}, present: true, date: {on}{more}}}" for n, c in enumerate(concepts))
    return f"findings: [{', '.join(rows)}]"


def born(day: str, more: str = "") -> str:
    return f"person: {{birth_date: {day}{more}}}"


def pain(since: str) -> str:
    return f"pain: [{{id: PN-1, since: {since}}}]"


def scored(instrument: str, value: str) -> str:
    return f"scores: [{{id: S-1, instrument: {instrument}, {value}, date: {DAY}}}]"


def puncture(day: str) -> str:
    return f"procedures: [{{id: P-1, therapy: lumbar-puncture, region: lumbar, date: {day}}}]"


def cut(instrument: str, below: int) -> tuple[str, str]:
    return scored(instrument, f"value: {below}"), scored(instrument, f"value: {below + 1}")


NEURALGIA = "problems: [{id: PR-1, concept: trigeminal-neuralgia, side: left, status: active}]"
CORD = ("hoffmann", "babinski")
PEOPLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("cauda-equina", "recent"): (
        signs("saddle-numbness", on="2026-03-19"),
        signs("saddle-numbness", on="2026-03-18"),
    ),
    ("cancer-suspected", "combined"): (
        signs("weight-loss"),
        signs("weight-loss", "night-pain"),
    ),
    ("cancer-suspected", "over-50"): (born("1976-03-31"), born("1976-04-01")),
    ("cancer-suspected", "month"): (pain("2026-03-01"), pain("2026-03-02")),
    ("fracture", "combined"): (
        signs("contusion-or-abrasion"),
        signs("contusion-or-abrasion", "kyphotic-deformity"),
    ),
    ("fracture", "old"): (born("1956-03-31"), born("1956-04-01")),
    ("spinal-infection", "combined"): (signs("fever"), signs("fever", "penetrating-wound")),
    ("procedure-complication", "six-weeks"): (puncture("2026-02-18"), puncture("2026-02-17")),
    ("myelopathy", "cluster-size"): (signs(*CORD), signs(*CORD, "inverted-supinator")),
    ("myelopathy", "over-45"): (born("1981-03-31"), born("1981-04-01")),
    ("motor-deficit", "severe"): (signs("myotomal-weakness", value=3), signs("myotomal-weakness", value=4)),
    ("inflammatory-back-pain", "onset"): (born("1980-01-02"), born("1980-01-01")),
    ("inflammatory-back-pain", "months"): (pain("2025-12-31"), pain("2026-01-01")),
    ("inflammatory-back-pain", "minutes"): (
        signs("morning-stiffness", value=31),
        signs("morning-stiffness", value=30),
    ),
    ("trigeminal-pattern-change", "under-40"): (born("1986-04-02"), born("1986-04-01")),
    ("self-harm", "item-9"): (
        scored("phq-9", "answers: [0,0,0,0,0,0,0,0,0]"),
        scored("phq-9", "answers: [0,0,0,0,0,0,0,0,1]"),
    ),
    ("yellow-flags", "fear"): cut("start-back-psychosocial", 3),
    ("yellow-flags", "catastrophizing"): cut("pcs", 29),
    ("yellow-flags", "self-efficacy"): cut("pseq", 19),
    ("yellow-flags", "mood"): cut("phq-2", 2),
    ("yellow-flags", "anxiety"): cut("gad-2", 2),
    ("yellow-flags", "sleep"): cut("isi", 14),
    ("yellow-flags", "substances"): cut("ort-oud", 2),
    ("yellow-flags", "weight"): (
        born("1986-01-15", ", weight_kg: 120, height_cm: 200"),
        born("1986-01-15", ", weight_kg: 121, height_cm: 200"),
    ),
}
"""For each number, people on either side of it, so near that one more and one less are both seen."""
REST = {
    ("cancer-suspected", "over-50"): signs("thoracic-pain-new", "weight-loss"),
    ("cancer-suspected", "month"): signs("unremitting-pain", "weight-loss"),
    ("fracture", "old"): signs("contusion-or-abrasion"),
    ("procedure-complication", "six-weeks"): signs("fever"),
    ("myelopathy", "over-45"): signs(*CORD),
    ("inflammatory-back-pain", "onset"): signs("uveitis-or-psoriasis"),
    ("inflammatory-back-pain", "months"): signs("uveitis-or-psoriasis"),
    ("trigeminal-pattern-change", "under-40"): NEURALGIA,
}


def record(*sections: str) -> Record:
    head = {"chart": "1", "id": "p", "zone": "Europe/Rome", "as_of": DAY, "person": "{birth_date: 1986-01-15}",
            "pain": "[{id: PN-1, site: low-back, since: 2025-01-01}]"}  # fmt: skip
    given = {section.partition(":")[0] for section in sections}
    lines = [f"{key}: {value}" for key, value in head.items() if key not in given]
    return read_chart("\n".join([*lines, *sections, ""]), "p").record


@cache
def people(flag: str, name: str) -> tuple[Record, ...]:
    rest = REST.get((flag, name))
    return tuple(record(side, *([rest] if rest else [])) for side in PEOPLE[flag, name])


def statuses(table: FlagTable, flag: str, name: str) -> tuple[str, ...]:
    built = table.build(Values(table.values, None, table.values.checked))
    day = date.fromisoformat(DAY)
    return tuple(review_flags(person, day, flags=(built,)).answers[0].status for person in people(flag, name))


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
        assert statuses(changed(table, name, step), flag, name) != now, (flag, name, step)
