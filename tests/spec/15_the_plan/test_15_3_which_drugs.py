"""Which drugs count"""

from __future__ import annotations

import pytest
from appointment import LOW, drug_of, plan_of

CLOPIDOGREL = """
    medications: [{{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease{more}}}]
    """


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ("", True),
        (", recorded: 2026-04-01, start: 2026-04-15", True),
        (", recorded: 2026-04-01, start: 2026-04-16", False),
        (", recorded: 2026-04-01, end: 2026-04-10", True),
        (", recorded: 2026-04-01, end: 2026-04-08", True),
        (", recorded: 2026-04-01, end: 2026-04-07", False),
    ],
)
def test_taken_in_the_time_that_counts(more: str, counts: bool) -> None:
    """A drug counts from its start until its last possible dose is older than its longest hold, seven days. The last
    moment of 8 April is within the seven days before 15 April 09:30, that of 7 April is not; what begins the day after
    the appointment does not count either (ADR 0007, 4)."""
    assert (len(plan_of(CLOPIDOGREL.format(more=more)).active.drugs) == 1) is counts


@pytest.mark.parametrize(("end", "counts"), [("2026-04-08T09:30", False), ("2026-04-08T09:31", True)])
def test_longest_hold_is_looked_back_to_the_minute(end: str, counts: bool) -> None:
    """Seven days is the longest hold that any profile has for clopidogrel (ADR 0007, 4)."""
    assert (len(plan_of(CLOPIDOGREL.format(more=f", recorded: 2026-04-01, end: {end}")).active.drugs) == 1) is counts


def test_drug_that_could_not_be_read() -> None:
    """A drug that nobody could read may be an anticoagulant. It is a question, and safety is unknown (ADR 0007, 4)."""
    chart = """
        medications: [{id: M-1, written: "blood thinner, blue"}]
        """
    found = plan_of(chart, LOW, guards=())
    assert (found.unresolved, found.safety) == (("blood thinner, blue",), "unknown")
    assert "which drug is 'blood thinner, blue'" in {missing.what for missing in found.missing}


def test_two_orders_that_contradict() -> None:
    """Two orders of one drug with different doses cannot both be meant: safety is unknown, and which holds is asked
    (ADR 0007, 4)."""
    chart = """
        medications:
          - {id: M-1, drug: aspirin, dose: 100 mg, times: ["08:00"], indication: coronary-artery-disease}
          - {id: M-2, drug: aspirin, dose: 300 mg, times: ["08:00"], indication: coronary-artery-disease}
        """
    found = plan_of(chart, LOW, guards=())
    assert found.safety == "unknown"
    assert "which of the orders of aspirin holds" in {missing.what for missing in found.missing}


def test_injected_drugs_are_no_medications() -> None:
    """What is injected is not what is taken: an agent of the request is not held (ADR 0007, 4)."""
    found = plan_of("", f"{LOW}, agents: [{{drug: ketorolac, dose: 30 mg}}]")
    assert found.active.drugs == ()


def test_drug_without_a_rule_under_the_active_profile() -> None:
    """The profile has no rule for argatroban. That is no permission to hold it and none to go on: ask its prescriber.
    Turmeric has none either and is no antithrombotic: it goes on, as a caution, and the plan is not final (ADR 0007,
    12, 24)."""
    chart = """
        medications: [{{id: M-1, drug: {drug}, indication: peripheral-artery-disease}}]
        """
    argatroban = drug_of(chart.format(drug="argatroban"))
    assert (argatroban.decision, argatroban.stop_at) == ("do_not_hold_without_prescriber", None)
    found = plan_of(chart.format(drug="turmeric"), guards=())
    assert (found.decision, found.safety, found.final) == ("proceed_no_hold", "caution", False)


def test_silent_profile_is_left_out_beside() -> None:
    """Beside the active profile, one that says nothing of a drug is left out: silence is no opposition (ADR 0007,
    24)."""
    found = plan_of(CLOPIDOGREL.format(more=""), profiles=["asra-pain-2018"])
    beside = {other.profile: {drug.drug for drug in other.drugs} for other in found.others}
    assert beside["asipp-2024"] == set()
