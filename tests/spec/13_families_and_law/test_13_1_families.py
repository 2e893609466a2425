"""Families, and the law"""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from specimen import EACH, at_least, blocks, held, latest, value

from levamen.criteria.nodes import All, Any, Compare, Exists, Field, IfThen, Number, Readings, Same, Streak
from levamen.criteria.truth import Status
from levamen.criteria.verdict import FAMILIES, PolicyVerdict


@pytest.mark.parametrize(
    ("verdict", "family"),
    [
        ("met", "yes"),
        ("not_met", "no"),
        ("not_yet", "no"),
        ("not_covered", "no"),
        ("against", "no"),
        ("unknown", "open"),
        ("ambiguous", "open"),
        ("silent", "none"),
        ("informs", "none"),
    ],
)
def test_families(verdict: PolicyVerdict, family: str) -> None:
    """Verdicts come in families: yes, no and open. Silence and information are neither: silence is not opposition."""
    assert FAMILIES[verdict] == family
    assert set(FAMILIES) == set(get_args(PolicyVerdict))


@pytest.mark.parametrize(("known", "filled"), list(product(get_args(Status), ("met", "not_met", "ambiguous"))))
def test_the_law_of_combining(known: Status, filled: Status) -> None:
    """The law: filling in a missing value never changes what is met, not met or ambiguous. Where a combination with an
    unknown item is decided, no value of that item changes it.
    """
    for join in (lambda a, b: All((a, b)), lambda a, b: Any((a, b)), IfThen, lambda a, b: Readings((a, b))):
        before = value(join(EACH[known], EACH["unknown"]))
        if before != "unknown":
            assert value(join(EACH[known], EACH[filled])) == before


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_the_law_for_a_side(side: str) -> None:
    """Filling in a side settles a count that was open and leaves one that was settled."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, region: lumbar, side: right}
          - {id: P-2, therapy: medial-branch-block, date: 2026-02-09, region: lumbar%s}
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: right}]
        """
    here = blocks(where=Same("side", "covers"))
    assert value(Exists(here), chart % "") == value(Exists(here), chart % f", side: {side}") == "met"


@pytest.mark.parametrize("percent", [10, 50, 79, 80, 95])
def test_the_law_for_a_result(percent: int) -> None:
    """Filling in the result of a block settles "two positive in a row" only if it was open."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, relief: [{percent: 90}]}
          - {id: P-2, therapy: medial-branch-block, date: 2026-02-09%s}
        """
    two = Compare(Streak(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80))), at_least(2))
    assert value(two, chart % "") == "unknown"
    assert value(two, chart % f", relief: [{{percent: {percent}}}]") == ("met" if percent >= 80 else "not_met")


@pytest.mark.parametrize("percent", [0, 40, 50, 90])
def test_the_law_for_a_later_score(percent: int) -> None:
    """A later score never takes back what an earlier one proved."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2025-06-16, relief: [{percent: 60, at: 2025-10-16}%s]}
        """
    later = f", {{percent: {percent}, at: 2026-02-16}}"
    assert value(held(50, 4), chart % "") == value(held(50, 4), chart % later) == "met"
    assert value(held(50, 9), chart % "") == value(held(50, 9), chart % later) == "not_met"


def test_more_facts_than_one_value() -> None:
    """The law speaks of missing values. A fact that nobody knew of may change an answer: the latest block counts."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-12, relief: [{percent: 90}]}
        """
    later = "  - {id: P-2, therapy: medial-branch-block, date: 2026-02-09, relief: [{percent: 20}]}\n"
    positive = latest(blocks(), Compare(Number(Field("it", "best_relief")), at_least(80)))
    assert value(positive, chart) == "met"
    assert value(positive, chart.rstrip() + "\n        " + later) == "not_met"
