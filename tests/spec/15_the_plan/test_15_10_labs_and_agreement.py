"""Laboratory tests, and who must agree"""

from __future__ import annotations

import pytest
from appointment import APIXABAN, LOW, WARFARIN, clock, drug_of, plan_of, together

from levamen.pathway.periprocedural.safety import verdict_of

INR = """
    labs: [{{id: L-1, test: inr, value: {value}, at: {at}}}]
    """
DOCUMENT = """
    documents: [{{id: D-1, kind: prescriber-agreement, date: {date}{more}}}]
    """
AGREED_AND_ISSUED = """
    documents:
      - {{id: D-1, kind: prescriber-agreement, date: {date}, drug: warfarin, agrees: hold}}
      - {{id: D-2, kind: periprocedural-plan, number: 1, date: 2026-03-31T12:00, request: {request}, start: {start}}}
    """
ANEW = "  - {id: D-3, kind: periprocedural-plan, number: 2, date: 2026-03-31T18:00, start: 2026-04-15T09:30}\n    "
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


@pytest.mark.parametrize(
    ("start", "agreed"),
    [
        ("2026-04-15T09:29", None),
        ("2026-04-15T09:30", "D-1"),
        ("2026-04-15T09:31", None),
        ("2026-04-14", None),
        ("2026-04-15", "D-1"),
        ("2026-04", None),
    ],
)
def test_agreement_that_names_its_appointment(start: str, agreed: str | None) -> None:
    """An agreement that names an appointment is of that one alone: the same time, or the same day where only a day is
    named. Where it cannot be told, it is asked (ADR 0007, 26)."""
    named = DOCUMENT.format(date="2026-03-30", more=f", drug: warfarin, agrees: hold, start: {start}")
    assert drug_of(together(WARFARIN, named)).agreed == agreed


@pytest.mark.parametrize(
    ("date", "agreed"),
    [
        ("2026-03-30", None),
        ("2026-03-31T11:59", None),
        ("2026-03-31T12:00", None),
        ("2026-03-31T12:01", None),
        ("2026-03-31T18:00", None),
        ("2026-03-31T18:01", "D-1"),
        ("2026-03-31", None),
        ("2026-04-01", "D-1"),
    ],
)
def test_agreement_from_before_the_appointment_moved(date: str, agreed: str | None) -> None:
    """A plan for the 14th was issued on 31 March at noon, the appointment moved to the 15th, and the plan for that was
    issued at 18:00. What was agreed until then was agreed for the 14th, a day being all of its hours
    (ADR 0007, 26)."""
    documents = AGREED_AND_ISSUED.format(date=date, request="R-1", start="2026-04-14T09:30") + ANEW
    found = drug_of(together(WARFARIN, documents))
    assert (found.decision, found.needs_agreement, found.agreed) == ("hold_with_plan", True, agreed)


def test_agreement_for_another_appointment_is_asked_again_in_one_sentence() -> None:
    """The plan says which appointment the agreement was given for, and asks anew (ADR 0007, 26)."""
    given = DOCUMENT.format(date="2026-03-30", more=", drug: warfarin, agrees: hold, start: 2026-04-14T09:30")
    found = plan_of(together(WARFARIN, given))
    (asked,) = (task for task in found.tasks if task.kind == "agree")
    assert asked.why == (
        "class intermediate: warfarin is held 5 days; the prescriber's answer on file (D-1) was given for the "
        "appointment of 2026-04-14, 09:30 and must be given anew for this one"
    )
    assert found.final is False


def test_plan_that_names_no_appointment_may_be_of_another() -> None:
    """A plan was issued and nobody wrote down for when: what was agreed may have been for another time. It is asked
    again; an agreement that names this appointment counts (ADR 0007, 26)."""
    issued = AGREED_AND_ISSUED.replace(", start: {start}", "").format(date="2026-03-30", request="R-1")
    found = drug_of(together(WARFARIN, issued))
    assert found.agreed is None
    assert "was given for an appointment that is not named and must be given anew for this one" in found.why
    assert drug_of(together(WARFARIN, issued.replace("hold}", "hold, start: 2026-04-15T09:30}"))).agreed == "D-1"


@pytest.mark.parametrize(
    ("request_id", "start"), [("R-1", "2026-04-15T09:30"), ("R-2", "2026-04-14T09:30"), ("R-1", "2026-04-15")]
)
def test_plan_of_this_appointment_or_another_request_ties_nothing(request_id: str, start: str) -> None:
    """A plan issued for this appointment, or for another request, takes no agreement away (ADR 0007, 26)."""
    documents = AGREED_AND_ISSUED.format(date="2026-03-30", request=request_id, start=start)
    assert drug_of(together(WARFARIN, documents)).agreed == "D-1"


def test_agreement_given_anew() -> None:
    """The older agreement is for the 14th, the newer for the 15th: the newer counts; and the older one again, should
    the appointment move back (ADR 0007, 26)."""
    both = """
        documents:
          - {id: D-1, kind: prescriber-agreement, date: 2026-03-30, agrees: hold, start: 2026-04-14T09:30}
          - {id: D-2, kind: prescriber-agreement, date: 2026-04-01, agrees: hold, start: 2026-04-15T09:30}
        """
    assert drug_of(together(WARFARIN, both)).agreed == "D-2"
    back = drug_of(together(WARFARIN, both), start="2026-04-14T09:30", end="2026-04-14T10:00")
    assert back.agreed == "D-1"


def test_refusal_stands_when_the_appointment_moves() -> None:
    """A prescriber who said that warfarin must go on said so for the 14th. Nobody has permitted a hold on the 15th:
    nothing is held, and it is asked again (ADR 0007, 26)."""
    refused = DOCUMENT.format(date="2026-03-30", more=", drug: warfarin, agrees: continue, start: 2026-04-14T09:30")
    found = drug_of(together(WARFARIN, refused))
    assert (found.decision, found.stop_at, found.agreed) == ("do_not_hold_without_prescriber", None, None)
    assert "must be given anew" in found.why


def test_latest_refusal_outweighs_an_older_agreement_for_this_appointment() -> None:
    """The hold was agreed on for the 15th, then refused for the 14th: the latest word of the prescriber is that
    warfarin goes on (ADR 0007, 26)."""
    both = """
        documents:
          - {id: D-1, kind: prescriber-agreement, date: 2026-03-29, agrees: hold, start: 2026-04-15T09:30}
          - {id: D-2, kind: prescriber-agreement, date: 2026-03-30, agrees: continue, start: 2026-04-14T09:30}
        """
    found = drug_of(together(WARFARIN, both))
    assert (found.decision, found.stop_at, found.agreed) == ("do_not_hold_without_prescriber", None, None)


def test_shared_decision_for_another_appointment_is_open_again() -> None:
    """What was decided together for the 14th is to be decided again for the 15th (ADR 0007, 26)."""
    decided = DOCUMENT.format(date="2026-03-30", more=", drug: apixaban, agrees: continue, start: 2026-04-14T09:30")
    found = plan_of(together(APIXABAN, decided), LOW)
    (drug,) = found.active.drugs
    assert (drug.decision, drug.agreed, found.safety) == ("shared_decision_required", None, "unknown")


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


NO_SOURCE = "no source found for how recent it must be"
ON = "recorded: 2026-04-14, times:"


@pytest.mark.parametrize(
    ("value", "at", "as_of", "told", "status", "decision"),
    [
        ("2.4", "2026-04-10T09:00", "2026-04-14", "the latest is 2.4 of 2026-04-10 (L-1)", "due", "proceed_no_hold"),
        ("2.4", "2026-04-10", "2026-04-14", "the latest is 2.4 of 2026-04-10 (L-1)", "due", "proceed_no_hold"),
        (
            "2.4",
            "2026-04-15T08:00",
            "2026-04-15T08:30",
            "the latest is 2.4 of 2026-04-15 (L-1)",
            "due",
            "proceed_no_hold",
        ),
        (
            "3",
            "2026-04-15T08:00",
            "2026-04-15T08:30",
            "the latest is 3 of 2026-04-15 (L-1)",
            "due",
            "proceed_no_hold",
        ),
        ("3.1", "2026-04-15T08:00", "2026-04-15T08:30", "the latest is 3.1 of 2026-04-15 (L-1)", "not_met", "defer"),
        (
            "3.1",
            "2026-04-14T23:59",
            "2026-04-15T08:30",
            "the latest is 3.1 of 2026-04-14 (L-1)",
            "due",
            "proceed_no_hold",
        ),
    ],
)
def test_limit_of_which_no_source_says_how_recent(
    value: str, at: str, as_of: str, told: str, status: str, decision: str
) -> None:
    """Warfarin goes on for a low-risk needle if the INR is at most 3.0. How recent it must be no source says: no result
    ever settles it by itself, the latest is told with its day, and one of the day itself above the limit defers.
    """
    taken = WARFARIN.replace("times:", ON)
    found = drug_of(together(taken, INR.format(value=value, at=at)), LOW, as_of=as_of)
    (inr,) = found.labs
    assert (inr.limit, inr.status, inr.recency) == ("<= 3.0", status, f"{NO_SOURCE}; {told}")
    assert (found.decision, found.final) == (decision, False)


def test_limit_without_a_window_asks_for_the_day() -> None:
    """Where nothing is recorded, or the result without its day, the day is asked for."""
    taken = WARFARIN.replace("times:", ON)
    (none,) = drug_of(taken, LOW, as_of="2026-04-14").labs
    assert none.recency == f"{NO_SOURCE}; none is recorded: ask when it was measured last"
    undated = "labs: [{id: L-1, test: inr, value: 2.4}]"
    (inr,) = drug_of(together(taken, undated), LOW, as_of="2026-04-14").labs
    assert inr.recency == f"{NO_SOURCE}; of 2.4 (L-1) the day is not recorded: ask when it was measured"


@pytest.mark.parametrize(
    ("labs", "safety"),
    [
        (INR.format(value="2.4", at="2026-04-15T08:00"), "caution"),
        (INR.format(value="2.4", at="2026-04-14T23:59"), "unknown"),
        ("", "unknown"),
    ],
)
def test_on_the_day_only_a_result_of_the_day_opens_the_way(labs: str, safety: str) -> None:
    """On the day an older result is unknown, and unknown stops; one of that morning within the limit leaves a caution
    that says why."""
    taken = WARFARIN.replace("times:", ON)
    found = drug_of(together(taken, labs) if labs else taken, LOW, as_of="2026-04-15T08:30")
    assert verdict_of(found, on_the_day=True) == safety
