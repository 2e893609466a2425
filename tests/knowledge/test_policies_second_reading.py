"""Second reading: every policy against cases that somebody else wrote from the sources alone, before reading the rule.

The files stand in `second_readings`, one for each policy, in the format of a policy's examples. A `note` says where the
case was corrected afterwards, and why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.examples import Example, examples_of
from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import check

FILES = sorted((Path(__file__).parent / "second_readings").glob("*.yaml"))
POLICIES = {Path(policy.folder).parent.name: policy for policy in packaged().policies.values()}
CASES = [(path.stem, example) for path in FILES for example in examples_of(path, POLICIES[path.stem].id)]


@pytest.mark.parametrize(("folder", "example"), CASES, ids=[f"{name}-{example.name}" for name, example in CASES])
def test_second_reading(folder: str, example: Example) -> None:
    reading = read_chart(example.chart, f"{folder}: {example.name}")
    assert [issue for issue in reading.balance.issues if issue.fate == "rejected"] == []
    for result in check(reading, packaged()):
        assert result.differences == (), result.got
