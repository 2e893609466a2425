"""The letter back"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from specimen import TODAY, read

from levamen.emit.letters.reply import NextStep, OptionDiscussed, Reply, reply_letter, text
from levamen.pathway.flags import review_flags
from levamen.text.tree import UnusableInput

REPLY = Reply(
    occasion="triage",
    day=date(2026, 3, 2),
    to="Dr. Hall",
    sender="Dr. Osei",
    patient="Specimen",
    asked="Would a block help his back pain?",
    urgency="routine",
    decision="A first diagnostic block was agreed.",
    why="Axial pain for eight months; physical therapy did not help.",
    decided_by="Dr. Osei with the patient",
    options=(OptionDiscussed(therapy="medial-branch-block", outcome="chosen"),),
    next_steps=(NextStep(what="diagnostic block", who="pain clinic", by=date(2026, 3, 9)),),
)


def part(reply: Reply, heading: str) -> tuple[str, ...]:
    return next(row.lines for row in reply_letter(reply).parts if row.heading == heading)


def test_letter_has_every_part_whether_filled_or_not() -> None:
    """A part that nobody filled says so: silence in a letter is read as *none*."""
    letter = reply_letter(replace(REPLY, asked="", options=(), next_steps=()))
    assert [row.heading for row in letter.parts] == [
        "What was asked",
        "What we found",
        "Red flags",
        "Urgency",
        "What is missing",
        "Options discussed",
        "Decision",
        "Next step",
    ]
    assert [row.lines for row in letter.parts if row.lines == ("Not stated.",)] == [("Not stated.",)] * 4


def test_red_flags_that_nobody_asked_about_are_not_asked() -> None:
    """Not asked is never no, in a letter least of all."""
    reviewed = review_flags(read("recorded: 2026-03-02"), date.fromisoformat(TODAY))
    assert part(replace(REPLY, flags=reviewed), "Red flags") == (
        "The red-flag list was not asked. Not asked is not no.",
    )
    assert part(REPLY, "Red flags") == ("No review of red flags was made for this letter.",)


def test_red_flag_that_fires_is_told_and_so_is_its_urgency() -> None:
    """A flag that nobody cleared stands in the letter with its urgency beside the one the clinician chose."""
    record = read(
        "findings: [{id: F-1, concept: saddle-anesthesia, date: 2026-03-01, present: true},"
        " {id: F-2, concept: urinary-retention, date: 2026-03-01, present: true}]"
    )
    reply = replace(REPLY, flags=review_flags(record, date.fromisoformat(TODAY)))
    assert any("cauda equina" in said for said in part(reply, "Red flags"))
    assert part(reply, "Urgency") == ("Routine referral.", "By the gravest open red flag: emergency now.")


@pytest.mark.parametrize("name", ["decision", "why", "decided_by"])
def test_letter_without_a_decision_is_refused(name: str) -> None:
    """Nothing is decided for the clinician: without the decision, its reason and who took it there is no letter."""
    with pytest.raises(UnusableInput, match=f"needs `{name}`"):
        reply_letter(replace(REPLY, **{name: " "}))


def test_next_step_without_a_day_says_so() -> None:
    """No date is invented."""
    assert part(REPLY, "Next step") == ("Diagnostic block (pain clinic), by 9 Mar 2026.",)
    undated = replace(REPLY, next_steps=(NextStep(what="diagnostic block", who="pain clinic"),))
    assert part(undated, "Next step") == ("Diagnostic block (pain clinic), no date set.",)


def test_letter_is_for_the_doctor_and_recommends_nothing_to_the_patient() -> None:
    """It says what was decided and by whom, from clinician to clinician."""
    said = text(reply_letter(REPLY))
    assert "From clinician to clinician. It tells the patient nothing and orders nothing" in " ".join(said.split())
    assert "Decided by: Dr. Osei with the patient" in said
