"""The letter back to the referring doctor as text and as a page; what it is given is text, never markup."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from levamen.adapters.any_input import read_any
from levamen.emit.letters.reply import NextStep, OptionDiscussed, Reply, page, reply_letter, text
from levamen.emit.terminal import Look
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess, default_as_of
from levamen.pathway.flags import review_flags
from levamen.text.tree import UnusableInput

CHARTS = Path(__file__).parents[3] / "examples" / "charts"
REPLY = Reply(
    occasion="follow-up",
    day=date(2026, 10, 26),
    to="Dr. Hall, Family Medicine",
    sender="Dr. Amara Osei",
    place="Riverside Pain Clinic",
    telephone="502-555-0142",
    patient="Denise Crowe",
    birth_date=date(1959, 3, 14),
    referred=date(2026, 6, 2),
    asked="Could an ablation help?",
    found=("Two diagnostic blocks gave six and four hours of relief.",),
    options=(
        OptionDiscussed(therapy="medial-branch-radiofrequency-ablation", outcome="chosen"),
        OptionDiscussed(therapy="physical-therapy", outcome="not_chosen", why="done for three months"),
        OptionDiscussed(therapy="a walking frame", outcome="open"),
    ),
    decision="Ablation at L4-5 and L5-S1 left was agreed.",
    why="Both blocks were positive at the same joints.",
    decided_by="Dr. Osei with the patient",
    next_steps=(NextStep(what="ablation", who="pain clinic", by=date(2026, 11, 9)),),
)


def words(said: str) -> str:
    return " ".join(said.split())


def test_text_tells_each_part_once() -> None:
    said = words(text(reply_letter(REPLY)))
    for part in (
        "26 Oct 2026 To: Dr. Hall, Family Medicine",
        "Your letter of: 2 Jun 2026",
        "What was asked Could an ablation help?",
        "Physical therapy: discussed, not chosen; done for three months.",
        "A walking frame: discussed, still open.",
        "Why: Both blocks were positive at the same joints.",
        "Ablation (pain clinic), by 9 Nov 2026.",
        "Nothing was named as missing.",
    ):
        assert said.count(part) == 1, part


def test_lines_fit_and_can_be_ascii() -> None:
    narrow = text(reply_letter(replace(REPLY, to="Dr. Müller")), look=Look(width=60, unicode=False))
    assert all(len(line) <= 60 for line in narrow.splitlines())
    assert "Dr. Muller" in narrow


def test_assessed_questions_tell_how_it_stands_and_what_would_settle_it() -> None:
    reading = read_any((CHARTS / "packet-stimulator-no-psychologist.yaml").read_bytes(), "chart")
    as_of = default_as_of(reading.record)
    assert as_of is not None
    assessment = assess(reading.record, packaged(), as_of)
    reply = replace(REPLY, questions=assessment.questions, flags=review_flags(reading.record, as_of))
    parts = {part.heading: part.lines for part in reply_letter(reply).parts}
    assert assessment.questions[0].headline.split(":")[0] in parts["What we found"][-1]
    assert any("psychological evaluation" in said for said in parts["What is missing"])
    assert parts["Red flags"] == ("The red-flag list was not asked. Not asked is not no.",)


def test_page_escapes_and_fetches_nothing() -> None:
    html = page(reply_letter(replace(REPLY, decision="<img src=x onerror=alert(1)>")))
    assert "<img" not in html
    assert "&lt;img src=x" in html
    assert "default-src 'none'" in html
    assert html == page(reply_letter(replace(REPLY, decision="<img src=x onerror=alert(1)>")))


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert "\x1b" not in text(reply_letter(replace(REPLY, decision="agreed\x1b[2J")))


def test_unknown_urgency_is_refused_with_those_known() -> None:
    with pytest.raises(UnusableInput, match="'stat' is not known here; one of emergency"):
        reply_letter(replace(REPLY, urgency="stat"))
