"""When a drug is taken again"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, HIGH, WARFARIN, clock, drug_of, plan_of, together

DRUG = """
    labs: [{{id: L-1, test: creatinine, value: 0.9, unit: mg/dL, at: 2026-03-25}}]
    medications:
      - {{id: M-1, drug: {drug}, dose: 40 mg, times: ["08:00", "20:00"], indication: atrial-fibrillation}}
    """
BLOODY = "therapy: medial-branch-block, region: cervical, complications: [bloody-tap]"
TRIAL = "therapy: spinal-cord-stimulation-trial, region: thoracic, lead: percutaneous"


@pytest.mark.parametrize(
    ("chart", "restart_from", "first_dose"),
    [(APIXABAN, "2026-04-16 10:00", "2026-04-16 20:00"), (WARFARIN, "2026-04-15 16:00", "2026-04-15 18:00")],
)
def test_restart_counts_from_the_end(chart: str, restart_from: str, first_dose: str) -> None:
    """The restart counts from the end of the procedure, 10:00: apixaban 24 hours later, warfarin 6. The first dose is
    the next one of the schedule (ADR 0007, 15)."""
    found = drug_of(chart)
    assert (clock(found.restart_from), clock(found.first_dose)) == (restart_from, first_dose)
    assert found.counted_from_start is False


def test_without_an_end_it_counts_from_the_start() -> None:
    """An appointment without an end is counted from its start. That is said, and the plan is not final (ADR 0007,
    15)."""
    agreed = """
        documents: [{id: D-1, kind: prescriber-agreement, date: 2026-03-30, drug: enoxaparin, agrees: hold}]
        """
    chart = together(DRUG.format(drug="enoxaparin"), agreed)
    found = drug_of(chart, end=None)
    assert (clock(found.restart_from), found.counted_from_start, found.final) == ("2026-04-16 09:30", True, False)
    assert drug_of(chart).final is True


def test_range_of_a_restart() -> None:
    """Enoxaparin is taken again 12 to 24 hours after a needle of class intermediate. The later is the restart, the
    earlier is shown as the earliest (ADR 0007, 15)."""
    found = drug_of(DRUG.format(drug="enoxaparin"))
    assert found.restart == "12 to 24 hours"
    assert (clock(found.restart_from), clock(found.restart_earliest)) == ("2026-04-16 10:00", "2026-04-15 22:00")


def test_no_automatic_restart() -> None:
    """After alteplase nobody restarts by the clock: a specialist decides (ADR 0007, 15)."""
    found = drug_of(DRUG.format(drug="alteplase"))
    assert (found.restart, found.restart_from, found.first_dose) == (None, None, None)
    assert "no automatic restart: a specialist decides" in found.notes


@pytest.mark.parametrize(
    ("drug", "plain", "bloody"),
    [
        ("apixaban", "2026-04-16 10:00", "2026-04-17 10:00"),
        ("rivaroxaban", "2026-04-16 10:00", "2026-04-16 10:00"),
        ("warfarin", "2026-04-15 16:00", "2026-04-16 10:00"),
        ("enoxaparin", "2026-04-16 10:00", "2026-04-16 10:00"),
    ],
)
def test_blood_at_the_needle(drug: str, plain: str, bloody: str) -> None:
    """After a bloody tap the longer of the two rows counts: 48 hours for apixaban, 24 for the others (ADR 0007,
    15)."""
    assert clock(drug_of(DRUG.format(drug=drug)).restart_from) == plain
    assert clock(drug_of(DRUG.format(drug=drug), BLOODY).restart_from) == bloody


def test_blood_at_the_needle_leaves_no_earlier_restart() -> None:
    """The longer row replaces the whole range: after a bloody tap enoxaparin is not taken after 12 hours (ADR 0007,
    15)."""
    assert drug_of(DRUG.format(drug="enoxaparin"), BLOODY).restart_earliest is None


def test_blood_matters_from_class_intermediate_on() -> None:
    """In class low the row of the drug stands: heparin under the skin 2 hours later (ADR 0007, 15)."""
    chart = """
        medications:
          - id: M-1
            drug: heparin
            dose: 5000 IU
            route: subcutaneous
            times: ["20:00"]
            indication: atrial-fibrillation
        """
    found = drug_of(chart, "therapy: medial-branch-block, region: lumbar, complications: [bloody-tap]")
    assert clock(found.restart_from) == "2026-04-15 12:00"


def test_lead_in_place() -> None:
    """While the lead of a trial is in, what is held stays held. Without the day on which it comes out there is no
    restart, and the day is asked (ADR 0007, 15)."""
    found = plan_of(WARFARIN, TRIAL, end=None)
    (warfarin,) = found.active.drugs
    assert (clock(warfarin.stop_at), warfarin.restart_from, warfarin.first_dose) == ("2026-04-10 09:30", None, None)
    assert "when the lead or catheter comes out" in {missing.what for missing in found.missing}
    assert "a lead or catheter stays in: what is held stays held until it is out" in found.notes


def test_lead_out() -> None:
    """With the moment of its removal the restart counts from there, not from the day it was put in, and is the later
    of the drug's own row and the 24 hours after a lead: warfarin too (ADR 0007, 15)."""
    found = drug_of(WARFARIN, TRIAL, end="2026-04-22T11:00")
    assert (clock(found.restart_from), clock(found.first_dose)) == ("2026-04-23 11:00", "2026-04-23 18:00")


@pytest.mark.parametrize(
    ("zone", "start", "end", "restart_from"),
    [
        ("Europe/Rome", "2026-03-28T09:30", "2026-03-28T10:00", "2026-03-29 11:00"),
        ("America/Los_Angeles", "2026-10-31T09:30", "2026-10-31T10:00", "2026-11-01 09:00"),
    ],
)
def test_restart_over_the_change_of_the_clocks(zone: str, start: str, end: str, restart_from: str) -> None:
    """Twenty-four hours are 24 hours, also over the night in which the clocks change (ADR 0007, 15)."""
    chart = """
        medications: [{id: M-1, drug: clopidogrel, times: ["08:00"], indication: peripheral-artery-disease}]
        """
    found = drug_of(chart, start=start, end=end, as_of="2026-02-20", zone=zone)
    assert clock(found.restart_from, zone) == restart_from


def test_shared_decision_prints_no_restart() -> None:
    """Before class high aspirin for a stent is decided with the prescriber: no stop, so no restart either (ADR 0007,
    12, 15)."""
    chart = """
        medications: [{id: M-1, drug: aspirin, times: ["08:00"], indication: coronary-artery-disease}]
        """
    found = drug_of(together(chart), HIGH)
    assert (found.stop_at, found.restart_from) == (None, None)
