"""The tables of outcomes: every row has a source, what has none is marked so, and a broken file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.knowledge.durations import load_durations, packaged_durations
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import (
    folder,
    load_blocks,
    load_response,
    packaged_blocks,
    packaged_response,
)


def test_the_values_are_those_of_the_sources() -> None:
    """Levels 30 and 50 (IMMPACT) and 80 (two blocks); windows 3, 7, 14, 30 and 45 days; lidocaine 1 to 2 hours."""
    tables, blocks = packaged_response(), packaged_blocks()
    assert [int(level.percent) for level in tables.levels] == [30, 50, 80]
    assert [(str(visit.after), visit.within) for visit in tables.visits] == [
        ("2 weeks", 3),
        ("1 month", 7),
        ("3 months", 14),
        ("6 months", 30),
        ("12 months", 45),
    ]
    assert {name: (int(row.low), int(row.high)) for name, row in blocks.anesthetics.items()} == {
        "lidocaine": (1, 2),
        "bupivacaine": (3, 8),
    }
    assert (tables.floor.amount, blocks.baseline.amount) == (4, 4)
    assert {name: int(points) for name, points in tables.composite.function.items()} == {
        "odi": 10,
        "promis-physical-function-4a": 5,
        "rmdq": 5,
    }
    assert (tables.composite.needs, int(tables.composite.opioid_percent), int(tables.composite.pgic)) == (2, 50, 2)
    assert (int(tables.loss.percent), int(tables.loss.fall), tables.loss.contacts) == (50, 20, 2)


def test_what_has_no_source_is_unverified() -> None:
    tables, blocks = packaged_response(), packaged_blocks()
    sayings = [
        *(level.says for level in tables.levels),
        tables.floor.says,
        *(visit.says for visit in tables.visits),
        tables.yearly,
        tables.composite.says,
        tables.rehabilitation_says,
        tables.loss.says,
        *(row.says for row in tables.statements),
        *(row.says for row in blocks.anesthetics.values()),
        blocks.diary.says,
        blocks.baseline.says,
        *(row.says for row in blocks.statements.values()),
        *(row.says for row in packaged_durations()),
    ]
    assert all(says.cites for says in sayings)
    for cite in (cite for says in sayings for cite in says.cites):
        assert cite.source in packaged().sources
        assert (cite.source != "NO-SOURCE") or cite.mark == "unverified"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("response.yaml", "source: S07, ", "", "no source"),
        ("response.yaml", "percent: 30", "percent: 130", "not possible"),
        ("response.yaml", "percent: 30", "percent: 60", "the levels rise"),
        ("response.yaml", "within: 14", "within: 1.5", "whole number"),
        ("response.yaml", "rmdq: 5", "rmqd: 5", "nearest: rmdq"),
        ("response.yaml", "therapies: [physical-therapy", "therapies: [physio-therapy", "is not in therapies"),
        ("blocks.yaml", "low: 3, high: 8", "low: 9, high: 8", "high is below low"),
        ("blocks.yaml", "drug: bupivacaine", "drug: lidocaine", "stands twice"),
        ("blocks.yaml", "structures: [facet], says", "structures: [facets], says", "is no structure"),
        ("durations.yaml", "low: 6, high: 12", "low: 13, high: 12", "high is below low"),
        ("durations.yaml", "comparator: none (uncontrolled), source: S75", "source: S75", "no comparator"),
        ("durations.yaml", "unit: months, says: '6 to 12", "unit: moons, says: '6 to 12", "is no unit"),
        ("durations.yaml", "id: rfa-digest", "id: rfa-quoted", "stands twice"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    text = (folder() / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    load = {"response.yaml": load_response, "blocks.yaml": load_blocks, "durations.yaml": load_durations}[file]
    with pytest.raises(KnowledgeError, match=told):
        load(tmp_path / file, packaged().sources)
