"""Windows"""

from __future__ import annotations

import pytest
from specimen import blocks, count, limit, value

from levamen.criteria.nodes import Exists, Facts, Truth, Window
from levamen.criteria.truth import Status

CHART = """
    completeness: [{kind: procedures, from: 1961-04-09}]
    procedures: [{id: P-1, therapy: medial-branch-block, date: %s}]
    """


def none_in(window: Window) -> Truth:
    return count(blocks(window=window), limit("<", 1))


@pytest.mark.parametrize(
    ("done", "both", "inside", "outside"),
    [
        ("2025-03-01", "met", "met", "met"),
        ("2025-03-02", "ambiguous", "not_met", "met"),
        ("2025-03-03", "not_met", "not_met", "not_met"),
    ],
)
def test_rolling(done: str, both: Status, inside: Status, outside: Status) -> None:
    """ "In the last twelve months", on 2 March 2026. Where no text defines the day of the anniversary it is read
    both ways; a text that defines it is followed.
    """
    year = limit("<=", 12, "months")
    assert value(none_in(Window("rolling", year)), CHART % done) == both
    assert value(none_in(Window("rolling", year, "inside")), CHART % done) == inside
    assert value(none_in(Window("rolling", year, "outside")), CHART % done) == outside


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2025-12-31", "met"),
        ("2026-01-01", "not_met"),
        ("2025-12", "met"),
        ("2026-01", "not_met"),
    ],
)
def test_calendar_year(done: str, expected: Status) -> None:
    """ "In a calendar year" begins on 1 January."""
    assert value(none_in(Window("calendar-year")), CHART % done) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-09-14", 2),
        ("2027-01-31", 2),
        ("2027-02-01", 0),
    ],
)
def test_anchored(on: str, expected: int) -> None:
    """An anchored year is counted from the first such fact: from 1 February, in 2026 and in each year after."""
    chart = """
        as_of: 2026-09-14
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-02-01}
          - {id: P-2, therapy: medial-branch-block, date: 2026-09-14}
        """
    assert value(count(blocks(window=Window("anchored")), limit("==", expected)), chart, on=on) == "met"


def test_lifetime() -> None:
    """ "Ever" has no beginning but birth: only completeness since birth closes it."""
    ever = none_in(Window("lifetime"))
    assert value(ever, CHART % "1990-05-01") == "not_met"
    assert value(ever, "completeness: [{kind: procedures, from: 1961-04-09}]") == "met"
    assert value(ever, "completeness: [{kind: procedures, from: 2000-01-01}]") == "unknown"


@pytest.mark.parametrize(
    ("since", "done", "expected"),
    [
        ("2025-07-01", "2025-06-30", "not_met"),
        ("2025-07-01", "2025-07-01", "met"),
        ("2025-07", "2025-06-30", "not_met"),
        ("2025-07", "2025-07-10", "unknown"),
        ("2025-07", "2025-07-31", "met"),
        ("2025-07-01", "2025-07", "met"),
        ("2025-07-10", "2025-07", "unknown"),
    ],
)
def test_episode(since: str, done: str, expected: Status) -> None:
    """ "Of this pain" begins with the index pain: a block before it was of an earlier one. Both days may be partial."""
    chart = f"""
        completeness: [{{kind: procedures, from: 1961-04-09}}]
        pain: [{{id: PN-1, site: low-back, since: {since}}}]
        procedures: [{{id: P-1, therapy: medial-branch-block, date: {done}}}]
        """
    assert value(Exists(blocks(window=Window("episode"))), chart) == expected


def test_episode_of_unknown_onset() -> None:
    """Without an onset nobody knows what belongs to this pain."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        pain: [{id: PN-1, site: low-back}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2025-07-10}]
        """
    assert value(Exists(blocks(window=Window("episode"))), chart) == "unknown"


def test_course_that_reaches_into_the_episode() -> None:
    """Care that began before this pain and went on into it may or may not count as care of it."""
    chart = """
        completeness: [{kind: care, from: 1961-04-09}]
        pain: [{id: PN-1, site: low-back, since: 2025-07-01}]
        care: [{id: C-1, therapy: exercise, start: 2025-05-05, end: %s}]
        """
    cared = Exists(Facts("conservative-care", "care", window=Window("episode")))
    assert value(cared, chart % "2025-06-30") == "not_met"
    assert value(cared, chart % "2025-08-29") == "unknown"
