"""Partial dates are intervals"""

from __future__ import annotations

import pytest
from specimen import MET, at_least, blocks, count, criterion, limit, policy, value, verdict

from levamen.criteria.nodes import Compare, Elapsed, Facts, Field, Only, The, Window
from levamen.criteria.truth import Status


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2025-11", "met"),
        ("2025-12", "unknown"),
        ("2026-01", "not_met"),
        ("2024", "met"),
        ("2025", "unknown"),
        ("2026", "not_met"),
    ],
)
def test_onset_of_a_month_or_a_year(since: str, expected: Status) -> None:
    """Pain since "December" began on any day of it: on 2 March, whether it has lasted three months is undecided."""
    chart = f"pain: [{{id: PN-1, site: low-back, since: {since}}}]"
    lasted = Compare(Elapsed(Field("it", "since")), at_least(3, "months"))
    assert value(The(Only(Facts("index-pain", "index pain")), lasted), chart) == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2025-02", "met"),
        ("2025-03", "unknown"),
        ("2025-04", "not_met"),
        ("2024", "met"),
        ("2025", "unknown"),
    ],
)
def test_window_of_a_year(done: str, expected: Status) -> None:
    """A block "in March 2025" may be inside or outside of the year that ends on 2 March 2026."""
    chart = f"""
        completeness: [{{kind: procedures, from: 1961-04-09}}]
        procedures: [{{id: P-1, therapy: medial-branch-block, date: {done}}}]
        """
    none_in_a_year = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert value(none_in_a_year, chart) == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2007", "met"),
        ("2008", "unknown"),
        ("2009", "silent"),
        ("2008-02", "met"),
        ("2008-03", "unknown"),
        ("2008-04", "silent"),
    ],
)
def test_year_of_birth(birth: str, expected: str) -> None:
    """Born "in 2008": whether the patient is 18 on 2 March 2026 is not known."""
    assert verdict(policy(criterion("always", MET)), f"person: {{birth_date: {birth}}}") == expected


def test_birth_not_recorded() -> None:
    """Without a date of birth nobody knows that the patient is an adult."""
    assert verdict(policy(criterion("always", MET)), "person: {sex: female}") == "unknown"
