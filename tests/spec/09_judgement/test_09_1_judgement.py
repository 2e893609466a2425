"""Requirements in words without a number"""

from __future__ import annotations

import pytest
from specimen import cite, outcome, reason, value

from levamen.criteria.nodes import Judged
from levamen.criteria.truth import Status

SEVERE = Judged("mcr-facet", "pain-severity", "the pain is moderate to severe", cite())
STATEMENT = "evaluations: [{id: E-1, kind: judgement, date: 2026-03-02, by: pain-physician, conclusion: %s%s}]"


def test_never_a_silent_number() -> None:
    """Where a source asks for a judgement and gives no number, no score decides: without a clinician's recorded
    statement it is unknown (`value_missing`).
    """
    chart = "scores: [{id: S-1, instrument: nrs, value: 9, date: 2026-03-02}]"
    assert value(SEVERE, chart) == "unknown"
    assert reason(SEVERE, chart) == "value_missing"
    assert outcome(SEVERE).all_missing()[0].what == "a clinician's judgement: the pain is moderate to severe"


@pytest.mark.parametrize(
    ("conclusion", "about", "expected"),
    [
        ("suitable", ", about: {policy: mcr-facet, criterion: pain-severity}", "met"),
        ("unsuitable", ", about: {policy: mcr-facet, criterion: pain-severity}", "not_met"),
        ("suitable", ", about: {criterion: pain-severity}", "met"),
        ("suitable", ", about: {policy: mcr-facet}", "met"),
        ("suitable", ", about: {policy: mcr-facet, criterion: intent}", "unknown"),
        ("suitable", ", about: {policy: mcr-esi, criterion: pain-severity}", "unknown"),
        ("suitable", ", about: {policy: mcr-esi}", "unknown"),
        ("suitable", "", "met"),
        ("unsuitable", "", "not_met"),
    ],
)
def test_what_a_statement_is_about(conclusion: str, about: str, expected: Status) -> None:
    """A statement covers the criterion that its `about` names; without `about`, every judgement of the chart's
    requests.
    """
    assert value(SEVERE, STATEMENT % (conclusion, about)) == expected


def test_a_general_statement_says_so() -> None:
    """The trace says that it was a general statement."""
    assert outcome(SEVERE, STATEMENT % ("suitable", "")).found == "by a general statement"
    assert "general" not in outcome(SEVERE, STATEMENT % ("suitable", ", about: {criterion: pain-severity}")).found


def test_a_specific_statement_goes_before_a_general_one() -> None:
    """A statement on the criterion goes before one on the policy, and that before a general one, whatever their
    dates.
    """
    chart = """
        evaluations:
          - {id: E-1, kind: judgement, date: 2026-03-02, conclusion: suitable}
          - {id: E-2, kind: judgement, date: 2026-02-02, conclusion: unsuitable, about: {criterion: pain-severity}}
        """
    assert value(SEVERE, chart) == "not_met"
    assert value(SEVERE, chart.replace("criterion: pain-severity", "policy: mcr-facet")) == "not_met"


def test_the_latest_statement_counts() -> None:
    """Of two statements of equal reach the later counts; of one day and different, they conflict."""
    chart = """
        evaluations:
          - {id: E-1, kind: judgement, date: 2026-02-02, conclusion: unsuitable}
          - {id: E-2, kind: judgement, date: %s, conclusion: suitable}
        """
    assert value(SEVERE, chart % "2026-03-02") == "met"
    assert reason(SEVERE, chart % "2026-02-02") == "conflicting"


def test_only_judgements_judge() -> None:
    """An evaluation of another kind is no judgement."""
    for kind in ("psychological", "surgical"):
        assert value(SEVERE, (STATEMENT % ("suitable", "")).replace("judgement", kind)) == "unknown"


def test_no_conclusion_is_no_judgement() -> None:
    """A statement without a conclusion leaves it unknown."""
    assert reason(SEVERE, (STATEMENT % ("suitable", "")).replace(", conclusion: suitable", "")) == "value_missing"
