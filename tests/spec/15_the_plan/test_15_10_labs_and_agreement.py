"""Laboratory tests, and who must agree"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, LOW, WARFARIN, clock, drug_of, plan_of, together

INR = """
    labs: [{{id: L-1, test: inr, value: {value}, at: {at}}}]
    """
DOCUMENT = """
    documents: [{{id: D-1, kind: prescriber-agreement, date: {date}{more}}}]
    """
TWO = """
    labs: [{id: L-1, test: creatinine, value: 1.0, unit: mg/dL, at: 2026-03-25}]
    medications:
      - {id: M-1, drug: apixaban, dose: 5 mg, times: ["08:00", "20:00"], indication: atrial-fibrillation}
      - {id: M-2, drug: clopidogrel, dose: 75 mg, times: ["08:00"], indication: peripheral-artery-disease}
    """


def test_lab_of_the_row_and_when() -> None:
    """Warfarin asks for a normal INR, at most 1.2, by the start of the procedure (ADR 0007, 16)."""
    (inr,) = drug_of(WARFARIN).labs
    assert (inr.tests, inr.limit, inr.status) == (("inr",), "<= 1.2", "due")
    assert clock(inr.by) == "2026-04-15 09:30"


@pytest.mark.parametrize(
    ("value", "at", "status"),
    [
        ("1.2", "2026-04-14T09:30", "met"),
        ("1.3", "2026-04-14T09:30", "not_met"),
        ("1.2", "2026-04-14T09:29", "due"),
        ("1.2", "2026-04-14", "due"),
    ],
)
def test_only_a_fresh_result_answers(value: str, at: str, status: str) -> None:
    """A result inside the 24 hours before the needle answers; one a minute older, or of which only the day is known,
    does not (ADR 0007, 16)."""
    stopped = WARFARIN.replace("times:", "recorded: 2026-04-14, last_dose: 2026-04-09T18:00, times:")
    found = drug_of(together(stopped, INR.format(value=value, at=at)), as_of="2026-04-14")
    assert [lab.status for lab in found.labs] == [status]


def test_result_outside_its_limit_defers() -> None:
    """Warfarin was held for five days, and the INR is 1.3 all the same: the procedure waits (ADR 0007, 16)."""
    stopped = WARFARIN.replace("times:", "recorded: 2026-04-14, last_dose: 2026-04-09T18:00, times:")
    found = drug_of(together(stopped, INR.format(value="1.3", at="2026-04-14T10:00")), as_of="2026-04-14")
    assert (found.decision, found.stop_at) == ("defer", None)


@pytest.mark.parametrize(
    ("date", "more", "agreed"),
    [
        ("2026-03-30", ", drug: warfarin, agrees: hold", "D-1"),
        ("2026-04-01", ", drug: warfarin, agrees: hold", "D-1"),
        ("2026-04-02", ", drug: warfarin, agrees: hold", None),
        ("2026-03-30", ", agrees: hold", "D-1"),
        ("2026-03-30", ", drug: apixaban, agrees: hold", None),
        ("2026-03-30", ", drug: warfarin, agrees: hold, request: R-2", None),
    ],
)
def test_agreement(date: str, more: str, agreed: str | None) -> None:
    """A hold needs its prescriber's agreement: a document that names the drug, or of the only such drug, dated by what
    is known, and not of another request (ADR 0007, 17)."""
    found = drug_of(together(WARFARIN, DOCUMENT.format(date=date, more=more)))
    assert (found.needs_agreement, found.agreed) == (True, agreed)


def test_agreement_of_two_drugs_names_its_drug() -> None:
    """With two such drugs an agreement that names none is of neither (ADR 0007, 17)."""
    nameless = plan_of(together(TWO, DOCUMENT.format(date="2026-03-30", more=", agrees: hold")))
    assert [drug.agreed for drug in nameless.active.drugs] == [None, None]
    named = plan_of(together(TWO, DOCUMENT.format(date="2026-03-30", more=", drug: clopidogrel, agrees: hold")))
    assert [drug.agreed for drug in named.active.drugs] == [None, "D-1"]


def test_prescriber_who_says_no() -> None:
    """A prescriber who answers that warfarin must go on has not agreed to the hold: nothing is held, no time is
    printed (ADR 0007, 17)."""
    found = drug_of(together(WARFARIN, DOCUMENT.format(date="2026-03-30", more=", drug: warfarin, agrees: continue")))
    assert (found.decision, found.stop_at) == ("do_not_hold_without_prescriber", None)


def test_shared_decision_needs_one_too() -> None:
    """A shared decision of a prescribed antithrombotic needs the prescriber's answer (ADR 0007, 17)."""
    assert drug_of(APIXABAN, LOW).needs_agreement
    agreed = drug_of(
        together(APIXABAN, DOCUMENT.format(date="2026-03-30", more=", drug: apixaban, agrees: continue")), LOW
    )
    assert (agreed.decision, agreed.agreed) == ("shared_decision_required", "D-1")


def test_nobody_agrees_on_ibuprofen() -> None:
    """Ibuprofen is no prescribed antithrombotic: nobody has to agree (ADR 0007, 17)."""
    chart = """
        medications: [{id: M-1, drug: ibuprofen, dose: 400 mg, times: ["08:00"]}]
        """
    assert drug_of(chart, "therapy: spinal-cord-stimulation-implant").needs_agreement is False
