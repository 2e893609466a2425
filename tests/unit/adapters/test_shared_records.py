"""Records nobody here wrote: everything is answered, nothing that needs a test is met, the dead are asked nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from levamen.adapters.any_input import read_any
from levamen.emit.words import missing_lines
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess

SHARED = Path(__file__).parents[4] / "shared" / "data"
RECORDS = sorted([*SHARED.rglob("*.json.gz"), *SHARED.rglob("*.json")]) if SHARED.is_dir() else []
NEEDS_A_TEST = frozenset({"medial-branch-radiofrequency-ablation", "spinal-cord-stimulation-implant"})
AS_OF = date(2026, 11, 21)

pytestmark = pytest.mark.skipif(not RECORDS, reason="the shared sample records are not beside this checkout")


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_record(path: Path) -> None:
    reading = read_any(path.read_bytes(), path.name)
    balance = reading.balance
    assert balance.items == balance.accepted + balance.ignored + balance.rejected
    assessment = assess(reading.record, packaged(), AS_OF)
    for question in assessment.questions:
        met = [answer.policy for answer in question.policies if answer.verdict == "met"]
        if question.request.therapy in NEEDS_A_TEST or path.name.startswith(("synthea", "pysynthea")):
            assert met == []
        assert len(missing_lines(question.policies)) <= 5
    if reading.record.person.died is not None:
        assert assessment.questions == ()
