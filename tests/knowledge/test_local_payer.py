"""docs/adding-a-payer.md, done: one YAML folder adds a payer that differs only in numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.views import VIEWS
from levamen.knowledge.examples import Example, coverage_faults, examples
from levamen.knowledge.registry import faults, load
from levamen.pathway.assess import assess
from levamen.pathway.expectations import check

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "prairie_mutual"
KNOWLEDGE = load(FOLDER)
POLICY = KNOWLEDGE.policies["prairie-mutual-facet"]


def reading_of(example: Example):
    return read_chart(example.chart, example.name, policies=[POLICY.id])


@pytest.mark.parametrize("example", examples(POLICY), ids=lambda example: example.name)
def test_example(example: Example) -> None:
    for result in check(reading_of(example), KNOWLEDGE):
        assert result.differences == (), result.got


def test_the_folder_is_complete() -> None:
    assert coverage_faults(POLICY) == ()
    assert faults(POLICY, date(2026, 11, 21), VIEWS) == ()
    assert not list(FOLDER.rglob("*.py"))


def test_the_patient_of_that_plan_is_judged_by_it_and_by_no_other_commercial_plan() -> None:
    record = reading_of(examples(POLICY)[0]).record
    (question,) = assess(record, KNOWLEDGE, date(2026, 11, 30)).questions
    commercial = [a.policy for a in question.policies if KNOWLEDGE.policies[a.policy].kind == "commercial"]
    assert commercial == ["prairie-mutual-facet"]
    assert question.policies[0].governing


def test_a_changed_number_moves_the_verdict() -> None:
    """Under the packaged policy of the same shape one block is not enough."""
    record = reading_of(examples(POLICY)[0]).record
    (question,) = assess(record, KNOWLEDGE, date(2026, 11, 30), only=["bcbs-nd-facet"]).questions
    assert question.policies[0].verdict == "not_yet"
