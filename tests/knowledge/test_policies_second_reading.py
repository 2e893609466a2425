"""Second reading: policies against cases that somebody else wrote from the sources alone, before reading the rule.

The files stand in `second_readings`, one for each policy, in the format of a policy's examples. A `note` says where a
case was corrected afterwards, and why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.examples import Example, examples_of
from levamen.knowledge.model import Policy
from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import check

POLICIES = {Path(policy.folder).parent.name: policy for policy in packaged().policies.values()}
READ = {path.stem: path for path in sorted((Path(__file__).parent / "second_readings").glob("*.yaml"))}
CASES = [
    (POLICIES[folder], example) for folder, path in READ.items() for example in examples_of(path, POLICIES[folder].id)
]
FEWEST = 5
"""Cases of a policy: fewer are no reading."""


@pytest.mark.parametrize(("policy", "example"), CASES, ids=[f"{policy.id}-{row.name}" for policy, row in CASES])
def test_second_reading(policy: Policy, example: Example) -> None:
    reading = read_chart(example.chart, f"{policy.id}: {example.name}")
    assert [issue for issue in reading.balance.issues if issue.fate == "rejected"] == []
    results = check(reading, packaged())
    assert {result.expect["policy"] for result in results} == {policy.id}
    for result in results:
        assert result.differences == (), result.got


@pytest.mark.parametrize("folder", READ)
def test_each_reading_is_long_enough(folder: str) -> None:
    assert sum(policy is POLICIES[folder] for policy, _ in CASES) >= FEWEST
