"""What leaves the order"""

from __future__ import annotations

import pytest
from order_sheet import BACK, BLOCK, JUDGED, PUMP, exception, notes, placed, sheet_of
from specimen import read

from levamen.pathway.order_of_care import order_of_care


def test_note_names_what_is_missing_and_what_may_excuse_it() -> None:
    """It is one sentence beside the verdicts, and says of itself that it decides nothing."""
    assert placed(BACK, BLOCK).note == (
        "earlier steps not on record: self-care, exercise and therapy, medicines for pain; unless a red flag, care that"
        " was unsuitable, the choice of the patient, another exception (an order that awaits confirmation and decides"
        " nothing)"
    )


def test_red_flag_not_asked_for_may_be_there() -> None:
    """Not asked is not no. Asked with no, it does not hold; with yes, nothing of the order is expected."""
    asked = "completeness: [{{kind: red-flags, asked: 2026-03-02, answer: {0}}}]"
    assert exception("red-flags", BACK, BLOCK) == "may-hold"
    assert exception("red-flags", BACK, BLOCK, asked.format('"no"')) == "does-not-hold"
    assert exception("red-flags", BACK, BLOCK, asked.format('"yes"')) == "holds"
    assert notes(BACK, BLOCK, asked.format('"yes"')) == ()


def test_pain_from_cancer_leaves_the_order_before_a_pump() -> None:
    """A pump comes late; in cancer it need not. The problem or the mechanism of the pain says so."""
    assert exception("cancer-pain", PUMP) == "may-hold"
    assert exception("cancer-pain", PUMP, "problems: [{id: PR-1, concept: cancer-pain, status: active}]") == "holds"
    assert exception("cancer-pain", PUMP, "pain: [{id: PN-1, site: abdomen, mechanism: cancer}]") == "holds"


def test_cancer_is_ruled_out_by_a_reviewed_list_and_a_known_mechanism() -> None:
    """The list alone does not say what the pain comes from."""
    reviewed = "completeness: [{kind: problems, reviewed: 2026-03-02}]"
    pain = "pain: [{{id: PN-1, site: low-back, mechanism: {0}}}]"
    assert exception("cancer-pain", PUMP, reviewed) == "may-hold"
    assert exception("cancer-pain", PUMP, reviewed, pain.format("nociceptive")) == "does-not-hold"
    assert exception("cancer-pain", PUMP, reviewed, pain.format("unknown")) == "may-hold"


@pytest.mark.parametrize(
    ("therapy", "concept", "id"),
    [
        ("kyphoplasty", "vertebral-compression-fracture", "vertebral-fracture"),
        ("intrathecal-pump", "spasticity", "spasticity"),
        ("botulinum-toxin", "chronic-migraine", "chronic-migraine"),
        ("radiosurgery", "trigeminal-neuralgia", "trigeminal-neuralgia"),
        ("spinal-cord-stimulation-trial", "refractory-angina", "refractory-angina"),
    ],
)
def test_some_conditions_have_an_order_of_their_own(therapy: str, concept: str, id: str) -> None:
    """For these therapies the source gives another order in that condition: the usual one is not asked."""
    request = f"request: [{{id: R-1, therapy: {therapy}}}]"
    problem = f"problems: [{{id: PR-1, concept: {concept}, status: active, verification: confirmed}}]"
    assert exception(id, request, problem) == "holds"
    assert placed(request, problem).note is None


def test_acute_zoster_waives_the_weeks_of_pain_and_not_the_care() -> None:
    """Its source asks for pain that conservative care did not relieve: the note stays, and says what may excuse it."""
    request = "request: [{id: R-1, therapy: epidural-steroid-injection}]"
    problem = "problems: [{id: PR-1, concept: acute-herpes-zoster, status: active, verification: confirmed}]"
    assert exception("acute-herpes-zoster", request, problem) == "may-hold"
    assert placed(request, problem).note is not None


def test_provisional_problem_may_hold_and_a_refuted_one_does_not() -> None:
    """A diagnosis that is still open leaves the exception open."""
    request = "request: [{id: R-1, therapy: kyphoplasty}]"
    problem = "problems: [{{id: PR-1, concept: vertebral-compression-fracture, verification: {0}}}]"
    reviewed = "completeness: [{kind: problems, reviewed: 2026-03-02}]"
    assert exception("vertebral-fracture", request, problem.format("provisional"), reviewed) == "may-hold"
    assert exception("vertebral-fracture", request, problem.format("refuted"), reviewed) == "does-not-hold"


def test_acute_severe_sciatica_only_may_hold() -> None:
    """The source defines neither acute nor severe, so no record decides it. Without pain down a root it
    does not hold."""
    request = "request: [{id: R-1, therapy: epidural-steroid-injection, region: lumbar}]"
    pain = "pain: [{{id: PN-1, site: leg, pattern: {0}}}]"
    assert exception("acute-severe-sciatica", request, pain.format("radicular")) == "may-hold"
    assert exception("acute-severe-sciatica", request) == "may-hold"
    assert exception("acute-severe-sciatica", request, pain.format("axial")) == "does-not-hold"


def test_clinician_can_say_that_an_exception_holds() -> None:
    """The choice of the patient stands in no list: a recorded judgement about it counts, for and against."""
    assert exception("patient-choice", BACK, BLOCK, JUDGED.replace("<word>", "suitable")) == "holds"
    assert exception("patient-choice", BACK, BLOCK, JUDGED.replace("<word>", "unsuitable")) == "does-not-hold"
    assert notes(BACK, BLOCK, JUDGED.replace("<word>", "suitable")) == ()


def test_policy_that_governs_and_is_met_kept_its_own_order() -> None:
    """Every policy asks for earlier care in its own words, and its verdict tells. Where the payer's is met, there is no
    note beside it."""
    open_ = sheet_of(BACK, BLOCK)
    assert open_.placed[0].note is not None
    kept = order_of_care(read(f"{BACK}\n{BLOCK}"), open_.as_of, kept=frozenset({"R-1"}))
    assert kept.placed[0].note is None
