"""Flags: what was not asked, what the list answers, and what stops"""

from __future__ import annotations

from datetime import date

import pytest
from flagged import CLEAR_LISTS, findings, flag_of, review_of, status_of, stopped

LIST = 'completeness:\n  - {{kind: red-flags, asked: {day}, answer: "{answer}"}}\n'


def listed(answer: str, day: str = "2026-04-01") -> str:
    return LIST.format(answer=answer, day=day)


def test_nothing_recorded_is_not_asked() -> None:
    """A record in which nobody wrote of a sign says nothing of it: not asked is never no."""
    found = review_of()
    assert {answer.status for answer in found.answers} == {"not_asked"}
    assert all(answer.missing for answer in found.answers)


def test_signs_looked_for_and_absent_are_a_no() -> None:
    """Every sign of a flag recorded as absent is a no; with one of them left out it is not asked."""
    signs = (
        "saddle-numbness", "urinary-retention", "bladder-incontinence", "bowel-incontinence",
        "sexual-dysfunction-new", "bilateral-sciatica",
    )  # fmt: skip
    assert status_of("cauda-equina", findings(*signs, present="false")) == "no"
    for left_out in signs:
        rest = [sign for sign in signs if sign != left_out]
        assert status_of("cauda-equina", findings(*rest, present="false")) == "not_asked"


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-04-01", "no"), ("2026-03-18", "no"), ("2026-03-17", "not_asked"), ("2026-04-02", "not_asked")],
)
def test_no_to_the_list_lasts_fourteen_days(day: str, status: str) -> None:
    """A no to the list answers every sign for 14 days; that length is our own choice and only asks again."""
    assert status_of("cauda-equina", listed("no", day)) == status
    assert status_of("spinal-infection", listed("no", day)) == status


def test_no_to_the_list_says_nothing_of_self_harm() -> None:
    """Thoughts of self-harm are a question of their own."""
    assert status_of("self-harm", listed("no")) == "not_asked"
    assert status_of("self-harm", listed("no").replace("red-flags", "self-harm")) == "no"
    assert status_of("self-harm", listed("yes").replace("red-flags", "self-harm")) == "fires"
    assert status_of("cauda-equina", listed("no").replace("red-flags", "self-harm")) == "not_asked"


def test_no_with_a_sign_on_record_is_a_conflict_and_the_sign_counts() -> None:
    """The list says no and a sign is on record: the conflict is told, and the sign counts."""
    found = review_of(listed("no") + findings("saddle-numbness"))
    assert len(found.conflicts) == 1
    assert "it counts" in found.conflicts[0]
    answer = found.flag("cauda-equina")
    assert answer is not None
    assert answer.status == "fires"


def test_sign_after_the_no_is_no_conflict() -> None:
    """What began after the list was asked contradicts nothing."""
    assert review_of(listed("no", "2026-03-30") + findings("weight-loss")).conflicts == ()


def test_yes_without_a_sign_stops_and_asks_which() -> None:
    """Yes, but which? Nobody knows what to do, so it is unknown, and unknown stops. A recorded sign answers it."""
    plan = stopped(CLEAR_LISTS.replace("LIST", '  - {kind: red-flags, asked: 2026-04-01, answer: "yes"}'))
    assert plan.safety == "unknown"
    assert "but which sign is not recorded" in plan.reasons[0]
    assert review_of(listed("yes")).which
    assert not review_of(listed("yes") + findings("weight-loss")).which
    assert review_of(listed("yes", "2025-01-01")).which


def test_list_not_asked_is_owed_and_changes_no_verdict() -> None:
    """That the list was not asked is a duty before the procedure, never a verdict."""
    asked = stopped(CLEAR_LISTS.replace("LIST", '  - {kind: red-flags, asked: 2026-04-01, answer: "no"}'))
    unasked = stopped(CLEAR_LISTS.replace("LIST", ""))
    assert (asked.safety, unasked.safety) == ("clear", "clear")
    assert "red-flags" not in {duty.id for duty in asked.obligations}
    (duty,) = [duty for duty in unasked.obligations if duty.id == "red-flags"]
    assert (duty.who, duty.due) == ("nurse", date(2026, 4, 10))


@pytest.mark.parametrize(
    ("signs", "safety", "flags"),
    [
        (("saddle-numbness",), "defer", ["cauda-equina"]),
        (("weight-loss", "night-pain"), "clear", []),
        (("gait-disturbance", "hoffmann"), "clear", []),
    ],
)
def test_flag_that_blocks_defers(signs: tuple[str, ...], safety: str, flags: list[str]) -> None:
    """A flag that fires and needs help within a week defers with its own reason; one of two weeks, and signs that are
    only noted, change nothing else (dossier 4.1)."""
    plan = stopped(CLEAR_LISTS.replace("LIST", "") + findings(*signs))
    assert plan.safety == safety
    assert [stop.id for stop in plan.flags] == flags
    assert plan.decision == ("defer" if flags else "proceed_no_hold")
    assert all("until a named clinician clears it with a reason" in stop.says for stop in plan.flags)


def test_old_sign_stops_as_unknown() -> None:
    """A sign of a month ago that nobody looked for again: unknown, and what to find out is told."""
    plan = stopped(CLEAR_LISTS.replace("LIST", "") + findings("saddle-numbness", on="2026-03-01"))
    assert plan.safety == "unknown"
    assert "saddle or genital numbness of 2026-03-01 (F-1): is it still there, or worse?" in [
        missing.what for missing in plan.missing
    ]


def test_what_is_recorded_later_is_not_seen() -> None:
    """As of a day, what was recorded after it is not known."""
    late = "findings: [{id: F-1, concept: saddle-numbness, date: 2026-03-30, recorded: 2026-04-02, present: true}]\n"
    assert status_of("cauda-equina", late) == "not_asked"
    assert status_of("cauda-equina", late, as_of="2026-04-02") == "fires"


def test_presence_not_stated_may_be_presence() -> None:
    """A sign of which nobody wrote whether it is present may be there: unknown, which stops."""
    found = flag_of("cauda-equina", "findings: [{id: F-1, concept: saddle-numbness, date: 2026-04-01}]")
    assert (found.status, found.doubts) == ("unknown", ("whether saddle or genital numbness (F-1) is present",))


@pytest.mark.parametrize(
    ("scores", "status"),
    [
        ("{id: S-1, instrument: pcs, value: 29, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: pcs, value: 30, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: pcs, value: 31, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: pseq, value: 20, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: pseq, value: 19, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: isi, value: 14, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: isi, value: 15, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: phq-2, value: 2, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: phq-2, value: 3, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: gad-2, value: 2, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: gad-2, value: 3, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: ort-oud, value: 2, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: ort-oud, value: 3, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: start-back-psychosocial, value: 3, date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: start-back-psychosocial, value: 4, date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: start-back, answers: [1, 1, 1, 1, 1, 1, 1, 0, 0], date: 2026-03-01}", "not_asked"),
        ("{id: S-1, instrument: start-back, answers: [0, 0, 0, 0, 1, 1, 1, 1, 0], date: 2026-03-01}", "fires"),
        ("{id: S-1, instrument: phq-2, answers: [3, 0], date: 2026-03-01}", "fires"),
        (
            "{id: S-1, instrument: isi, value: 20, date: 2026-02-01}, "
            "{id: S-2, instrument: isi, value: 9, date: 2026-03-01}",
            "not_asked",
        ),
    ],
)
def test_yellow_flags_change_the_plan_and_never_deny(scores: str, status: str) -> None:
    """Each by its instrument, at, below and above its cut-off; the latest score counts. None blocks (dossier 4.2)."""
    chart = f"scores: [{scores}]\n"
    found = flag_of("yellow-flags", chart)
    assert (found.status, found.flag.blocks) == (status, False)
    assert stopped(CLEAR_LISTS.replace("LIST", "") + chart).safety == "clear"


@pytest.mark.parametrize(("weight", "status"), [("120", "not_asked"), ("120.01", "fires"), ("119.99", "not_asked")])
def test_body_mass_index_above_thirty(weight: str, status: str) -> None:
    """120 kg at 200 cm is 30 exactly: not above it (S63, one uncontrolled series)."""
    person = f"person: {{birth_date: 1986-01-15, weight_kg: {weight}, height_cm: 200}}\n"
    assert status_of("yellow-flags", person) == status


def test_no_to_the_red_flags_answers_no_yellow_one() -> None:
    """A no to the list of red flags says nothing of mood, sleep or fear: the yellow flags are not asked until their
    instruments are there.
    """
    chart = 'completeness: [{kind: red-flags, asked: 2026-04-01, answer: "no"}]'
    assert status_of("cauda-equina", chart) == "no"
    assert status_of("yellow-flags", chart) == "not_asked"
