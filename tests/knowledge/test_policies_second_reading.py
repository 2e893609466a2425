"""Second reading of the policies on trigger points, the vertebral body, heat in the disc, and stimulation of nerve,
root and brain: what a reader who had seen only the sources expected of every rule.

A `note` of a case says that it was corrected afterwards, and why, or that it was added after the rule was read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.examples import Example, read_examples
from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import check

FOLDER = Path(__file__).parent / "second_readings"
READ = (
    "aetna-0016",
    "anthem-surg-00052",
    "aspn-bvn22",
    "aspn-pns22",
    "bcbs-al-mp-623",
    "bcbs-nd-scs",
    "bcbs-sc-cam-10131",
    "bcbs-sc-cam-394",
    "cms-ncd-150.11",
    "cms-ncd-160.7",
    "drg-label-us",
    "evicore-scs",
    "evicore-tpi",
    "hcsc-med205.036",
    "highmark-bvn",
    "kaiser-bvn",
    "mcr-bvn",
    "mcr-pns",
    "mcr-tpi",
    "nice-ipg382",
    "nice-ipg544",
    "nice-ipg545",
    "pns-60-day-label-us",
    "premera-7.01.25",
    "uhc-spinal-ablation",
)
CASES = [
    pytest.param(policy, example, id=f"{policy}-{example.name}")
    for policy in READ
    for example in read_examples(FOLDER / f"{policy.replace('-', '_').replace('.', '_')}.yaml", policy)
]


@pytest.mark.parametrize(("policy", "example"), CASES)
def test_the_policy_says_what_the_second_reader_expected(policy: str, example: Example) -> None:
    reading = read_chart(example.chart, f"{policy}: {example.name}")
    assert [issue for issue in reading.balance.issues if issue.fate == "rejected"] == []
    results = check(reading, packaged())
    assert {result.expect["policy"] for result in results} == {policy}
    for result in results:
        assert result.differences == (), result.got


@pytest.mark.parametrize("policy", READ)
def test_every_policy_was_read_in_at_least_five_cases(policy: str) -> None:
    assert sum(case.values[0] == policy for case in CASES) >= 5
