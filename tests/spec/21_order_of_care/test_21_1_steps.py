"""Earlier steps"""

from __future__ import annotations

import pytest
from order_sheet import BACK, BLOCK, IMPLANT, missing, placed, sheet_of

from levamen.pathway.order_of_care import result_words


def test_order_has_eight_steps_and_no_authority_issues_it() -> None:
    """From the first look to an implant. No authority issues the order as a whole: every step awaits confirmation, and
    what authorities say of it stands under it with their names."""
    steps = sheet_of().steps
    assert [step.rung.number for step in steps] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert {step.rung.cites[0].mark for step in steps} == {"unverified"}
    assert all(step.rung.voices for step in steps)


def test_what_nobody_wrote_down_is_not_on_record() -> None:
    """Before a block, self-care, exercise and medicines are usual. A record that is silent has not said that they were
    not tried."""
    assert missing(BACK, BLOCK) == {1: "not-recorded", 2: "not-recorded", 3: "not-recorded"}


def test_a_declared_record_without_them_says_not_tried() -> None:
    """Only where the record is declared to hold all care since the pain began does the note say *not tried*."""
    declared = "completeness: [{kind: care, from: 2025-09-01}]"
    assert missing(BACK, BLOCK, declared) == {1: "not-tried", 2: "not-tried", 3: "not-recorded"}


@pytest.mark.parametrize(("since", "state"), [("2025-09-01", "not-tried"), ("2025-09-02", "not-recorded")])
def test_declaration_must_reach_back_to_the_onset(since: str, state: str) -> None:
    """One day short, and care of that day may be missing."""
    declared = f"completeness: [{{kind: care, from: {since}}}]"
    assert missing(BACK, BLOCK, declared)[2] == state


def test_medicines_need_both_lists() -> None:
    """A medicine can stand among the medicines or among the care: both must be declared."""
    care, drugs = "{kind: care, from: 2025-09-01}", "{kind: medications, from: 2025-09-01}"
    assert missing(BACK, BLOCK, f"completeness: [{drugs}]")[3] == "not-recorded"
    assert missing(BACK, BLOCK, f"completeness: [{care}, {drugs}]")[3] == "not-tried"


def test_exercise_stands_for_self_care() -> None:
    """Exercise follows self-care: where it is on record, self-care is not asked for again. Medicines stand beside it,
    and are."""
    care = "care: [{id: C-1, therapy: physical-therapy, start: 2025-10-01, end: 2025-12-01, response: inadequate}]"
    assert missing(BACK, BLOCK, care) == {3: "not-recorded"}


def test_result_stands_with_the_step() -> None:
    """What came of it is told with it; where nobody wrote it down, that is told."""
    care = """
    care:
      - {id: C-1, therapy: physical-therapy, end: 2025-12-01, response: inadequate, stopped_because: cost}
      - {id: C-2, therapy: acupuncture, end: 2025-12-01}
    """
    rows = {row.id: result_words(row) for step in placed(BACK, BLOCK, care).steps for row in step.rows}
    assert rows == {"C-1": "some, not enough; stopped: cost or insurance", "C-2": "result not recorded"}


def test_care_of_another_part_of_the_body_is_not_a_step_here() -> None:
    """Physical therapy for a shoulder says nothing of a back; where no region is recorded, it may have been for it."""
    care = "care: [{{id: C-1, therapy: physical-therapy, {0}start: 2025-10-01, end: 2025-12-01}}]"
    assert 2 in missing(BACK, BLOCK, care.format("region: upper-limb, "))
    assert 2 not in missing(BACK, BLOCK, care.format("region: lumbar, "))
    assert 2 not in missing(BACK, BLOCK, care.format(""))


def test_medicine_that_nobody_could_name_may_be_one_for_pain() -> None:
    """It is neither on record nor missing."""
    drug = "medications: [{id: M-1, drug: little white tablets, start: 2025-10-01}]"
    assert 3 not in missing(BACK, BLOCK, drug)


def test_trial_comes_before_its_implant_and_a_block_before_neither() -> None:
    """Blocks and ablation fit some pains only: they are not expected before an implant. A trial is."""
    assert set(missing(IMPLANT)) == {1, 2, 3, 6}


def test_therapy_that_the_order_does_not_place_has_no_note() -> None:
    """A refill, a test or a therapy that the order does not name stands nowhere in it."""
    found = placed("request: [{id: R-1, therapy: pump-refill}]")
    assert (found.rung, found.note) == (None, None)
