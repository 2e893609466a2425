"""Numbers, and the sheet in a patient's pocket"""

from __future__ import annotations

from appointment import WARFARIN, plan_of, together

SHEET = """
    documents:
      - id: D-1
        kind: periprocedural-plan
        date: 2026-03-31
        number: {number}
        request: R-1
        start: {start}
        fingerprint: "{print}"
    """


def test_first_plan_is_number_one() -> None:
    """Nothing was issued yet: the plan is number 1 and replaces none (ADR 0007, 22)."""
    found = plan_of(WARFARIN)
    assert (found.number, found.supersedes) == (1, None)


def test_same_plan_keeps_its_number() -> None:
    """A plan that says what the last sheet says is that sheet (ADR 0007, 22)."""
    issued = plan_of(WARFARIN)
    sheet = SHEET.format(number=3, start="2026-04-15T09:30", print=issued.fingerprint)
    found = plan_of(together(WARFARIN, sheet))
    assert (found.number, found.supersedes, found.changes) == (3, None, ())


def test_plan_that_differs_supersedes_and_recalls() -> None:
    """The appointment moved by a day. The new plan has the next number, says what it replaces and why, and somebody
    has to fetch the old sheet back (ADR 0007, 22)."""
    issued = plan_of(WARFARIN, start="2026-04-14T09:30", end="2026-04-14T10:00")
    sheet = SHEET.format(number=1, start="2026-04-14T09:30", print=issued.fingerprint)
    found = plan_of(together(WARFARIN, sheet))
    assert (found.number, found.supersedes) == (2, 1)
    (why,) = found.changes
    assert "2026-04-14" in why
    assert "2026-04-15" in why
    recall = next(row for row in found.obligations if row.id == "recall-old-sheet")
    assert recall.what == "recall patient sheet 1 and give sheet 2"


def test_other_drugs_at_the_same_hour_are_another_plan() -> None:
    """The hour is the same and what is held is not: that is another plan too (ADR 0007, 22)."""
    issued = plan_of()
    sheet = SHEET.format(number=1, start="2026-04-15T09:30", print=issued.fingerprint)
    found = plan_of(together(WARFARIN, sheet))
    assert (found.number, found.supersedes) == (2, 1)


def test_sheet_of_another_request_is_another_sheet() -> None:
    """What was issued for another request of the chart is left alone (ADR 0007, 22)."""
    sheet = SHEET.format(number=4, start="2026-04-15T09:30", print="0" * 12).replace("R-1", "R-2")
    assert plan_of(together(WARFARIN, sheet)).number == 1
