"""The packet"""

from __future__ import annotations

import pytest
from sending import BLOCK, line, packet_of

CARE = "care: [{id: C-1, therapy: physical-therapy, start: 2025-08-04, end: 2025-10-10, response: inadequate}]"
JUDGED = "evaluations: [{id: E-1, kind: judgement, date: 2026-03-01, by: pain-physician, conclusion: suitable}]"


def test_every_criterion_stands_in_the_order_of_the_policy() -> None:
    """Nothing is left out: what is met stands beside what is open, in the policy's own order."""
    made = packet_of(BLOCK)
    (part,) = made.parts
    assert [row.answer.id for row in part.lines] == [criterion.id for criterion in part.answer.criteria]
    assert {row.sign for row in part.lines} == {"ticked", "open"}


@pytest.mark.parametrize(
    ("since", "sign"), [("2025-12-10", "crossed"), ("2025-12-09", "ticked"), ("2025-12-08", "ticked")]
)
def test_criterion_is_ticked_or_crossed_for_the_service_date(since: str, sign: str) -> None:
    """Facet procedures want pain for three months, counted to the service on 9 March."""
    made = packet_of(BLOCK.replace("since: 2025-07-01", f"since: {since}"))
    assert line(made, "pain-duration").sign == sign


def test_exclusion_that_does_not_apply_is_ticked_and_one_that_applies_is_crossed() -> None:
    """An exclusion is good news where it does not apply."""
    made = packet_of(BLOCK)
    assert line(made, "guidance-denied").sign == "ticked"
    blind = packet_of(BLOCK.replace("guidance: fluoroscopy", "guidance: ultrasound"))
    assert line(blind, "guidance-denied").sign == "crossed"
    assert blind.state == "not_met"


def test_what_nobody_recorded_is_open_never_crossed() -> None:
    """No course of care is recorded and the record is not declared complete: not known, and asked for."""
    made = packet_of(BLOCK)
    assert line(made, "conservative-care-failed").sign == "open"
    assert made.state == "missing"
    assert "conservative care failed" in made.missing
    assert any("conservative care failed" in ask.serves for ask in made.asks)


def test_evidence_is_the_chart_s_own() -> None:
    """Each fact that was read stands with its criterion: what it says, its day, who wrote it where, words to quote."""
    told = "author: 'J. Whitfield, PT', source: discharge summary, note: 'Stands 10 minutes'"
    made = packet_of(BLOCK, CARE.replace("response: inadequate", f"response: inadequate, {told}"))
    (found,) = line(made, "conservative-care-failed").evidence
    assert (found.fact, found.author, found.source) == ("C-1", "J. Whitfield, PT", "discharge summary")
    assert found.note == "Stands 10 minutes"
    assert "2025-08-04 to 2025-10-10" in found.value


def test_absence_rests_on_what_was_declared() -> None:
    """That no ablation was done is shown with the statement that the record of procedures is complete."""
    declared = "completeness: [{kind: procedures, from: 1961-04-09, to: 2026-03-02}]"
    made = packet_of(BLOCK, declared)
    (found,) = line(made, "already-ablated").declared
    assert (found.fact, found.value) == ("procedures", "the record holds all of them from 1961-04-09 to 2026-03-02")


def test_fact_recorded_later_is_not_in_the_packet() -> None:
    """A packet as of a day holds what was known on it."""
    later = CARE.replace("response: inadequate", "response: inadequate, recorded: 2026-03-03")
    assert line(packet_of(BLOCK, later), "conservative-care-failed").evidence == ()
    assert line(packet_of(BLOCK, later, as_of="2026-03-03"), "conservative-care-failed").evidence


def test_judgement_is_asked_of_the_clinician() -> None:
    """What a policy leaves to judgement is open until a clinician's statement is recorded."""
    assert line(packet_of(BLOCK), "pain-severity").sign == "open"
    asked = [ask for ask in packet_of(BLOCK).asks if "pain severity" in ask.serves]
    assert [ask.who for ask in asked] == ["the clinician who asks for the service"]
    assert line(packet_of(BLOCK, JUDGED), "pain-severity").sign == "ticked"


def test_attachments_are_what_was_read_and_what_is_on_file() -> None:
    """A report in the chart is attached; of a course or a procedure the chart has only the entry, and the packet says
    that the note itself must be found. A consent is not for the payer."""
    papers = """
documents:
  - {id: D-1, kind: imaging-report, date: 2026-01-05, text: Facet arthropathy L4-5.}
  - {id: D-2, kind: consent, date: 2026-03-01, text: Consent to a block.}
"""
    made = packet_of(BLOCK, CARE, papers)
    assert [(row.fact, row.on_file) for row in made.attachments] == [("D-1", True), ("C-1", False)]


def test_authorization_on_file_is_told() -> None:
    """An authorization that the chart already has stands in front of the clinic, with its text."""
    made = packet_of(BLOCK, "documents: [{id: D-1, kind: authorization, date: 2026-02-20, text: UTN 1234}]")
    assert [row.note for row in made.on_file] == ["UTN 1234"]


def test_policy_that_asks_for_the_authorization_is_no_failure() -> None:
    """Where the policy's own text wants an authorization on file, the packet is the request for it: needed, and
    not crossed."""
    chart = """
payer: {kind: workers-compensation, state: WA}
request: [{id: R-1, therapy: epidural-adhesiolysis, region: lumbar, start: 2026-03-09}]
"""
    made = packet_of(chart, policy="washington-lni-adhesiolysis")
    assert line(made, "authorization").sign == "this_request"
    assert made.need.needed == "yes"
    assert "authorization" not in made.crossed
