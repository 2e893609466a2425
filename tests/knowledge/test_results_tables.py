"""The table of a clinic's own results: what it holds, and what its reader refuses."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import folder, packaged_response
from levamen.knowledge.results_tables import ResultsTables, load_results, packaged_results

TEXT = (folder() / "results.yaml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> ResultsTables:
    path = tmp_path / "results.yaml"
    path.write_text(text, encoding="utf-8")
    return load_results(path, packaged().sources, packaged_response())


def test_what_it_holds() -> None:
    found = packaged_results()
    assert (found.least, found.follow_up) == (10, 60)
    assert (found.first_visit, found.first_level, found.asked_visit) == ("6-months", "relief-50", "2-weeks")
    assert found.months == (0, 1, 3, 6, 12)
    assert found.funnel_levels == (95, Fraction("99.8"))


def test_ours_await_confirmation_and_the_rest_has_a_source() -> None:
    """What no source says is marked so; the sentences beside the numbers all have one."""
    found = packaged_results()
    marks = {rule.id: rule.cites[0].mark for rule in found.rules}
    assert {id for id, mark in marks.items() if mark == "unverified"} == {
        "least",
        "follow_up",
        "first",
        "asked",
        "months",
    }
    assert all(says.cites[0].source != "NO-SOURCE" for says in found.statements.values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("least: {number: 10", "least: {number: 0", "number"),
        ("least: {number: 10", "least: {number: 9.5", "whole number"),
        ("visit: 6-months, level", "visit: 7-months, level", "'7-months' is no visit"),
        ("level: relief-50", "level: relief-55", "'relief-55' is no level"),
        ("asked: {visit: 2-weeks", "asked: {visit: 3-weeks", "'3-weeks' is no visit"),
        ("numbers: [0, 1, 3, 6, 12]", "numbers: [0, 3, 1]", "rises"),
        ("levels: [95, 99.8]", "levels: [95, much]", "holds numbers"),
        ("levels: [95, 99.8]", "levels: []", "rises"),
        ("percent: 60, ", "", "no percent"),
        ("source: NO-SOURCE, locator: minimum cell, ", "", "source"),
        ("source: WHITNEY-1992", "source: NOWHERE", "NOWHERE"),
        ("least: {number: 10, ", "least: {number: 10, extra: 1, ", "extra"),
    ],
)
def test_what_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(KnowledgeError, match=says):
        load(tmp_path, TEXT.replace(old, new, 1))
