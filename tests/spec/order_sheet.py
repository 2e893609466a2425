"""What the paragraphs on the order of care are written with: the place of one request of a snippet."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

from specimen import TODAY, read

from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.order_of_care import OrderSheet, Placed, order_of_care

BLOCK = "request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: right, joints: [L4-5]}]"
JUDGED = """
evaluations:
  - id: E-1
    kind: judgement
    date: 2026-03-01
    conclusion: <word>
    about: {criterion: order-of-care/patient-choice}
"""
PUMP = "request: [{id: R-1, therapy: intrathecal-pump, region: lumbar}]"
IMPLANT = "request: [{id: R-1, therapy: spinal-cord-stimulation-implant, region: thoracic}]"
BACK = "pain: [{id: PN-1, site: low-back, side: right, pattern: axial, since: 2025-09-01}]"


def together(*parts: str) -> str:
    """Snippets as one chart."""
    return "\n".join(dedent(part).strip("\n") for part in parts)


def sheet_of(*parts: str) -> OrderSheet:
    """The whole order for a snippet."""
    return order_of_care(read(together(*parts)), date.fromisoformat(TODAY))


def placed(*parts: str) -> Placed:
    """The place of its one request."""
    (found,) = sheet_of(*parts).placed
    return found


def missing(*parts: str) -> dict[int, str]:
    """The earlier steps that are not on record, by number, with what is known of each."""
    return {step.rung.number: step.state for step in placed(*parts).missing}


def exception(id: str, *parts: str) -> str:
    """Whether an exception holds."""
    return next(row.state for row in placed(*parts).departures if row.departure.id == id)


def notes(*parts: str) -> tuple[str, ...]:
    """What the assessment tells beside the verdicts of its one question."""
    (question,) = assess(read(together(*parts)), packaged(), date.fromisoformat(TODAY)).questions
    return question.notes


def verdicts(*parts: str) -> dict[str, str]:
    """The verdict of every policy on its one question."""
    (question,) = assess(read(together(*parts)), packaged(), date.fromisoformat(TODAY)).questions
    return {answer.policy: answer.verdict for answer in question.policies}
