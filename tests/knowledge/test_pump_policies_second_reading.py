"""Second reading of the policies on pumps: what a reader who had seen only the sources expected of every rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.adapters.chart import read_chart
from levamen.knowledge.examples import Example, read_examples
from levamen.knowledge.pumps import packaged_pumps
from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import check

FOLDER = Path(__file__).parent / "second_readings"
READ = (
    "anthem-surg-00068",
    "bcbs-sc-cam-70141",
    "cms-ncd-280.14",
    "evicore-pump",
    "fda-pump-2018",
    "intrathecal-baclofen-label-us",
    "intrathecal-morphine-label-us",
    "mcr-pump",
    "pacc17",
    "pacc24",
    "triple-s-pump",
    "ziconotide-label-eu",
    "ziconotide-label-us",
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
    for result in check(reading, packaged()):
        assert result.differences == (), result.got


@pytest.mark.parametrize("policy", READ)
def test_every_policy_was_read_in_at_least_five_cases(policy: str) -> None:
    assert sum(case.values[0] == policy for case in CASES) >= 5


STARTS = {
    "ziconotide-start-us": ("2.4 mcg a day", "PRIALT-US", "primary"),
    "ziconotide-start-eu": ("2.4 mcg a day", "PRIALT-EU", "primary"),
    "ziconotide-start-pacc": ("0.5 to 1.2 mcg a day", "PRIALT-TITRATION", "secondary"),
    "morphine-naive": ("0.2 to 1 mg a day", "INFUMORPH-US", "secondary"),
}
"""Dossier 6.2: where a label, or the maker quoting PACC, begins. PACC's own table was not seen and is not told."""


def test_where_the_labels_begin_is_told_with_its_source() -> None:
    told = {row.id: row for row in packaged_pumps().statements if row.id in STARTS}
    assert {id: (row.cites[0].source, row.cites[0].mark) for id, row in told.items()} == {
        id: (source, mark) for id, (_, source, mark) in STARTS.items()
    }
    assert [id for id, (amount, _, _) in STARTS.items() if amount not in told[id].says] == []
    assert not any("start table" in cite.locator for row in packaged_pumps().statements for cite in row.cites)
