"""The last dose"""

from __future__ import annotations

import pytest
from appointment import clock, drug_of

CLOPIDOGREL = """
    medications:
      - {{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease{more}}}
    """


def test_before_the_hold_begins_there_is_time() -> None:
    """The hold begins on 8 April at 09:30. On 1 April it does not matter when the last dose was: the plan stands (ADR
    0007, 14)."""
    found = drug_of(CLOPIDOGREL.format(more=", last_dose: 2026-04-01T08:00"))
    assert (found.decision, clock(found.stop_at)) == ("hold_with_plan", "2026-04-08 09:30")
    assert found.already_held is False


@pytest.mark.parametrize(
    ("last_dose", "decision", "earliest"),
    [
        ("2026-04-08T09:30", "hold_with_plan", None),
        ("2026-04-08T09:31", "defer", "2026-04-15 09:31"),
        ("2026-04-09T08:00", "defer", "2026-04-16 08:00"),
        ("2026-04-09", "defer", "2026-04-17 00:00"),
    ],
)
def test_dose_taken_too_late(last_dose: str, decision: str, earliest: str | None) -> None:
    """A dose a minute too late defers the procedure to seven days after that dose, and no other time is printed. Of a
    dose of which only the day is known the end of that day counts (ADR 0007, 14)."""
    more = f", recorded: 2026-04-10, last_dose: {last_dose}"
    found = drug_of(CLOPIDOGREL.format(more=more), as_of="2026-04-10")
    assert (found.decision, clock(found.earliest_procedure)) == (decision, earliest)
    if decision == "defer":
        assert (found.stop_at, found.last_dose, found.restart_from, found.first_dose) == (None, None, None, None)


def test_unknown_last_dose_counts_as_taken_now() -> None:
    """Two days into the hold nobody has written down the last dose. It counts as taken now, at the end of 10 April,
    and it is asked (ADR 0007, 14)."""
    found = drug_of(CLOPIDOGREL.format(more=""), as_of="2026-04-10")
    assert (found.decision, clock(found.earliest_procedure)) == ("defer", "2026-04-18 00:00")
    assert any("last dose of clopidogrel" in missing.what for missing in found.missing)


def test_old_dose_does_not_prove_that_it_was_stopped() -> None:
    """A last dose of 1 April that was written down on 1 April says nothing of what was taken since (ADR 0007, 14)."""
    more = ", recorded: 2026-04-01, last_dose: 2026-04-01T08:00"
    found = drug_of(CLOPIDOGREL.format(more=more), as_of="2026-04-10")
    assert found.decision == "defer"


def test_statement_younger_than_the_stop_counts() -> None:
    """The same dose, said on 9 April, after the hold began, is an answer: nothing was taken since (ADR 0007, 14)."""
    more = ", recorded: 2026-04-09, last_dose: 2026-04-01T08:00"
    found = drug_of(CLOPIDOGREL.format(more=more), as_of="2026-04-10")
    assert found.decision == "hold_with_plan"


@pytest.mark.parametrize(
    ("end", "decision", "earliest"),
    [("2026-04-10", "hold_with_plan", None), ("2026-04-11", "defer", "2026-04-16 00:00")],
)
def test_end_is_the_last_dose(end: str, decision: str, earliest: str | None) -> None:
    """A drug with an end was taken until the last moment of that day. With these kidneys dabigatran is held 4 days,
    from 11 April at 09:30: an end on the 10th is in time, one on the 11th is not (ADR 0007, 14)."""
    chart = f"""
        labs: [{{id: L-1, test: creatinine, value: 1.0, unit: mg/dL, at: 2026-04-01}}]
        medications:
          - id: M-1
            drug: dabigatran-etexilate
            dose: 150 mg
            times: ["08:00", "20:00"]
            indication: atrial-fibrillation
            recorded: 2026-04-08
            end: {end}
        """
    found = drug_of(chart, as_of="2026-04-08")
    assert (found.decision, clock(found.earliest_procedure)) == (decision, earliest)


def test_patient_is_told_what_a_late_dose_means() -> None:
    """Every hold says what happens if a dose is taken after all (ADR 0007, 14)."""
    found = drug_of(CLOPIDOGREL.format(more=""))
    assert found.dose_taken is not None
    assert "no earlier than 7 days after that dose" in found.dose_taken
