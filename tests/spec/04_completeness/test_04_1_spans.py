"""What closes a window"""

from __future__ import annotations

import pytest
from specimen import blocks, count, limit, one_of, reason, value

from levamen.adapters.chart import read_chart
from levamen.criteria.build import it_is
from levamen.criteria.nodes import All, Exists, Facts, Window
from levamen.criteria.truth import Status

NONE_IN_A_YEAR = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{kind: procedures, from: 2025-03-02}", "met"),
        ("{kind: procedures, from: 2025-03-03}", "unknown"),
        ("{kind: procedures, from: 2025-03}", "unknown"),
        ("{kind: procedures, from: 2025-02}", "met"),
        ("{kind: procedures, from: 2025-03-02, to: 2026-03-02}", "met"),
        ("{kind: procedures, from: 2025-03-02, to: 2026-03-01}", "unknown"),
        ("{kind: care, from: 2020-01-01}", "unknown"),
        ("{kind: procedures, from: 2020-01-01, scope: patient}", "met"),
        ("{kind: procedures, from: 2020-01-01, scope: source}", "unknown"),
        ("{kind: procedures, reviewed: 2026-03-02}", "unknown"),
    ],
)
def test_a_span_closes_its_kind(entry: str, expected: Status) -> None:
    """A span closes its own kind of fact over its days: it must begin no later than the window and reach `as_of`.
    One that is complete for a single clinic (`scope: source`) closes nothing, and a review closes no window of the
    past.
    """
    assert value(NONE_IN_A_YEAR, f"completeness: [{entry}]") == expected


def test_nothing_declared() -> None:
    """A record that declares nothing is never complete: no ablation in twelve months is unknown."""
    assert value(NONE_IN_A_YEAR) == "unknown"
    assert value(NONE_IN_A_YEAR, "procedures: []") == "unknown"


def test_an_empty_list_closes_nothing_and_warns() -> None:
    """An empty list closes nothing, and reading it warns."""
    reading = read_chart("chart: 1\nprocedures: []\n", "specimen")
    assert [issue.fate for issue in reading.balance.issues] == ["warning"]
    assert "closes nothing" in reading.balance.issues[0].what


@pytest.mark.parametrize(
    ("head", "entry", "expected"),
    [
        ("recorded: 2026-03-02", "{kind: procedures, from: 2020-01-01, recorded: 2026-03-02}", "met"),
        ("recorded: 2026-03-02", "{kind: procedures, from: 2020-01-01, recorded: 2026-02-27}", "unknown"),
        ("recorded: 2026-03-02", "{kind: procedures, from: 2020-01-01}", "met"),
        ("recorded: 2026-02-27", "{kind: procedures, from: 2020-01-01}", "unknown"),
        ("recorded: 2026-02-27\nas_of: 2026-03-02", "{kind: procedures, from: 2020-01-01}", "unknown"),
        ("as_of: 2026-03-02", "{kind: procedures, from: 2020-01-01}", "met"),
    ],
)
def test_to_by_default(head: str, entry: str, expected: Status) -> None:
    """Without `to`, a span ends with the entry's own `recorded`, else the chart's, else the chart's own `as_of`."""
    assert value(NONE_IN_A_YEAR, f"{head}\ncompleteness: [{entry}]\n", as_of="2026-03-02") == expected


def test_to_is_never_the_day_of_the_question() -> None:
    """Asking a week later than the chart was written does not stretch what it is complete about."""
    chart = """
        recorded: 2026-03-02
        completeness: [{kind: procedures, from: 2020-01-01}]
        """
    assert value(NONE_IN_A_YEAR, chart, as_of="2026-03-02") == "met"
    assert value(NONE_IN_A_YEAR, chart, as_of="2026-03-09") == "unknown"


def test_from_as_of_to_on_nothing_happens() -> None:
    """Completeness need not reach the service date: from `as_of` to it nothing is assumed to happen."""
    chart = "completeness: [{kind: procedures, from: 2020-01-01}]"
    assert value(NONE_IN_A_YEAR, chart, on="2026-09-01") == "met"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{kind: procedures, from: 2020-01-01, region: lumbar}", "met"),
        ("{kind: procedures, from: 2020-01-01, region: cervical}", "unknown"),
        ("{kind: procedures, from: 2020-01-01, therapy: medial-branch-block}", "met"),
        ("{kind: procedures, from: 2020-01-01, therapy: epidural-steroid-injection}", "unknown"),
        ("{kind: procedures, from: 2020-01-01, therapy: medial-branch-block, region: lumbar}", "met"),
    ],
)
def test_narrowed_by_therapy_or_region(entry: str, expected: Status) -> None:
    """A span may be narrowed to a therapy or a region: it closes what asks for no more than that."""
    here = All((it_is("therapy", one_of("t", "medial-branch-block")), it_is("region", one_of("r", "lumbar"))))
    none_here = count(blocks(where=here, window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert value(none_here, f"completeness: [{entry}]") == expected


def test_narrowed_span_closes_no_wider_question() -> None:
    """A span of lumbar procedures says nothing of procedures anywhere."""
    assert value(NONE_IN_A_YEAR, "completeness: [{kind: procedures, from: 2020-01-01, region: lumbar}]") == "unknown"


def test_without_a_window_the_episode_is_closed() -> None:
    """A selection without a window is closed from the onset of the index pain on; without an onset, from birth on."""
    chart = """
        completeness: [{kind: procedures, from: 2025-06-01}]
        pain: [{id: PN-1, site: low-back, since: %s}]
        """
    assert value(Exists(blocks()), chart % "2025-06-02") == "not_met"
    assert value(Exists(blocks()), chart % "2025-05-31") == "unknown"
    assert value(Exists(blocks()), (chart % "2025-06-02").replace(", since: 2025-06-02", "")) == "unknown"
    assert value(Exists(blocks(closed_by="lifetime")), chart % "2025-06-02") == "unknown"


def test_reason_of_what_is_not_closed() -> None:
    """Where the record speaks of the kind and not far enough the reason is `outside_completeness`, else
    `not_recorded`.
    """
    assert reason(NONE_IN_A_YEAR, "completeness: [{kind: procedures, from: 2026-01-01}]") == "outside_completeness"
    assert reason(NONE_IN_A_YEAR) == "not_recorded"
    assert reason(Exists(Facts("labs", "lab"))) == "not_recorded"
