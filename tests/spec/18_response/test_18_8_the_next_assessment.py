"""What a test says to the next question"""

from __future__ import annotations

import pytest
from aftermath import block, record_of, row

from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Question
from levamen.pathway.assess import assess, default_as_of

ASK = """
request:
  - {id: R-1, therapy: medial-branch-radiofrequency-ablation, technique: thermal, region: lumbar, side: left,
     joints: [%s]}
"""
MEDICARE = "payer: {kind: medicare, contractor: ngs, state: IL}\n"
COMMERCIAL = "payer: {kind: commercial, state: ND}\n"
COMPLETE = "completeness: [{kind: procedures, from: 2024-01-01}]\n"
PAIN = "pain:\n  - {id: PN-1, site: low-back, side: left, pattern: axial, since: %s}\n"


def question(chart: str, payer: str = MEDICARE) -> Question:
    """The only question of a snippet."""
    record = record_of(payer + COMPLETE + chart + ("" if "pain:" in chart else PAIN % "2025-08-04"))
    as_of = default_as_of(record)
    assert as_of is not None
    return assess(record, packaged(), as_of).questions[0]


def elsewhere(found: Question) -> list[str]:
    """The steps that move the diagnosis."""
    return [step for step in found.next_steps if step.startswith("look elsewhere")]


def test_a_negative_test_moves_the_diagnosis() -> None:
    """A block that was negative under every policy that was asked says so in the next question about the place: the
    facet joints are unlikely the source, with the procedure and with what sources say to do.
    """
    found = question(block(row(7, "10:15")) + ASK % "L3-4")
    assert any("(P-1) was negative: 12.5 % at best" in note for note in found.notes)
    (step,) = elsewhere(found)
    assert "facet joints L3-4 left unlikely the source of this pain (P-1)" in step
    assert "after a negative facet block: stop (ASIPP-ALG-FACET)" in step


def test_a_test_on_which_policies_differ() -> None:
    """60 per cent is negative for one policy and positive for another: both are told, and nothing is ruled out."""
    found = question(block(row(2, "10:15", before=5)) + ASK % "L3-4", COMMERCIAL)
    assert any("was negative: 60 % at best" in note and "positive under" in note for note in found.notes)
    assert elsewhere(found) == []


@pytest.mark.parametrize(
    "chart",
    [
        block("") + ASK % "L3-4",
        block(row(1, "10:15")) + ASK % "L3-4",
        block(row(7, "10:15")) + ASK % "L4-5",
        block(row(7, "10:15")).replace("side: left", "side: right") + ASK % "L3-4",
        block(row(7, "10:15")) + PAIN % "2026-03-10" + ASK % "L3-4",
    ],
)
def test_nothing_is_said(chart: str) -> None:
    """Of a test that was not measured, that was positive, at another joint or side, or before this pain began."""
    assert not any("was negative" in note for note in question(chart).notes)


def test_the_policies_verdicts_stay_their_own() -> None:
    """The note changes no verdict: US Medicare's own criterion refuses the ablation, and names the block it read."""
    answer = question(block(row(7, "10:15")) + ASK % "L3-4").under("mcr-facet")
    assert answer is not None
    assert answer.verdict == "not_met"
    criterion = next(one for one in answer.criteria if one.id == "last-block-positive")
    assert "P-1" in criterion.outcome.all_read()


def test_a_problem_that_the_test_contradicts_is_named() -> None:
    """A facet problem at the place is named as contradicted, and stays on the list."""
    problem = "problems:\n  - {id: PR-1, concept: facet-arthropathy, region: lumbar, side: left, status: active}\n"
    found = question(block(row(7, "10:15")) + problem + ASK % "L3-4")
    assert any(note.startswith("this contradicts") and "(PR-1)" in note for note in found.notes)


def test_a_later_positive_test() -> None:
    """Where another test of the place was positive, nothing is ruled out."""
    second = (
        "  - {id: P-2, therapy: medial-branch-block, purpose: diagnostic, date: 2026-03-12, region: lumbar, "
        "side: left, joints: [L3-4], relief: [{percent: 90, at: 2026-03-12}]}\n"
    )
    found = question(block(row(7, "10:15")) + second + ASK % "L3-4")
    assert any("was negative" in note for note in found.notes)
    assert elsewhere(found) == []
