"""Every policy says what its examples say, and every value has its examples."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.derive.views import VIEWS
from levamen.knowledge.examples import Example, coverage_faults, examples
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import faults, packaged
from levamen.pathway.expectations import check

POLICIES = tuple(packaged().policies.values())
CASES = [(policy, example) for policy in POLICIES for example in examples(policy)]


def name_of(row: object) -> str:
    return row.id if isinstance(row, Policy) else row.name if isinstance(row, Example) else str(row)


@pytest.mark.parametrize(("policy", "example"), CASES, ids=[f"{p.id}-{e.name}" for p, e in CASES])
def test_example(policy: Policy, example: Example) -> None:
    reading = read_chart(example.chart, f"{policy.id}: {example.name}")
    rejected = [issue for issue in reading.balance.issues if issue.fate == "rejected"]
    assert rejected == []
    for result in check(reading, packaged()):
        assert result.differences == (), result.got


@pytest.mark.parametrize("policy", POLICIES, ids=name_of)
def test_every_value_has_its_examples(policy: Policy) -> None:
    assert coverage_faults(policy) == ()


@pytest.mark.parametrize("policy", POLICIES, ids=name_of)
def test_every_rule_makes_sense(policy: Policy) -> None:
    assert faults(policy, date(2026, 11, 21), VIEWS) == ()
