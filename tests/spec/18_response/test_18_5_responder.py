"""Who responded"""

from __future__ import annotations

import pytest
from aftermath import ablation, after, row, rows, visit, word

from levamen.outcomes.answer import percent

COMPLETE = (
    "completeness:\n  - {kind: procedures, from: 2024-01-01}\n  - {kind: events, from: 2024-01-01}\n"
    "  - {kind: medications, reviewed: 2026-03-16}\n"
)
OPIOIDS = (
    "medications:\n"
    "  - {id: M-1, drug: oxycodone, dose: 10 mg, every: 8 h, route: oral, start: 2024-06-03, end: 2025-04-07}\n"
    "  - {id: M-2, drug: oxycodone, dose: %s, every: 8 h, route: oral, start: 2025-04-08}\n"
)
PGIC = "scores:\n  - {id: S-1, instrument: pgic, value: %s, date: 2025-05-12}\n"
PAIN = row(4, "2025-05-12")


def composite(chart: str, with_: int = 50, id: str = "3-months") -> str:
    """The suggested composite at a visit."""
    return word(visit(after(chart), id).composite, f"composite-with-relief-{with_}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (4, ["yes", "yes", "no"]),
        ("4.1", ["yes", "no", "no"]),
        ("5.6", ["yes", "no", "no"]),
        ("5.7", ["no", "no", "no"]),
        ("1.6", ["yes", "yes", "yes"]),
    ],
)
def test_each_level_each_yes_or_no(value: object, words: list[str]) -> None:
    """From 8: 4 is exactly 50 per cent, 4.1 is not; 5.6 is exactly 30, 5.7 is not; 1.6 is exactly 80."""
    found = visit(after(ablation(row(value, "2025-05-12"))), "3-months")
    assert [answer.word for answer in found.levels] == words


def test_the_last_score_decides_for_a_treatment() -> None:
    """Of a treatment the last relief counts, not the best."""
    assert percent(after(ablation(rows((1, "2025-03-10"), (6, "2025-05-12")))).deciding) == "25 %"


def test_two_of_five_and_nothing_against_it() -> None:
    """Half the pain and *much improved* are two; no serious event, no repeat, and the record is complete: yes. The
    composite is a suggestion without a source, and is shown with that mark.
    """
    chart = ablation(PAIN, more=COMPLETE + PGIC % 2)
    assert composite(chart) == "yes"
    found = visit(after(chart), "3-months").composite[0]
    assert {cite.mark for cite in found.cites} == {"unverified"}


def test_one_of_five_is_open_while_the_rest_is_not_known() -> None:
    """One criterion alone is not two; as long as others were not measured the composite is unknown, not no."""
    assert composite(ablation(PAIN, more=COMPLETE)) == "unknown"


def test_no_only_where_two_cannot_be_reached() -> None:
    """It is no where too few can still be yes: pain, function, impression and opioids all measured and not better leave
    only work or a goal.
    """
    more = (
        COMPLETE
        + OPIOIDS % "10 mg"
        + (
            "scores:\n  - {id: S-1, instrument: pgic, value: 5, date: 2025-05-12}\n"
            "  - {id: S-2, instrument: odi, value: 44, date: 2025-02-03}\n"
            "  - {id: S-3, instrument: odi, value: 44, date: 2025-05-12}\n"
        )
    )
    assert composite(ablation(row(8, "2025-05-12"), more=more), 30) == "no"


@pytest.mark.parametrize(
    ("pgic", "expected"),
    [
        (1, "yes"),
        (2, "yes"),
        (3, "no"),
        (7, "no"),
    ],
)
def test_global_impression(pgic: int, expected: str) -> None:
    """1 is very much improved, 2 much improved; 3, minimally improved, is not enough."""
    found = visit(after(ablation(PAIN, more=PGIC % pgic)), "3-months")
    assert word(found.criteria, "global-impression") == expected


@pytest.mark.parametrize(
    ("dose", "less", "expected"),
    [
        ("5 mg", 50, "yes"),
        ("5.1 mg", 49, "no"),
        ("2.5 mg", 75, "yes"),
        ("10 mg", 0, "no"),
    ],
)
def test_opioids(dose: str, less: int, expected: str) -> None:
    """From 45 MME a day to 22.5 is exactly half. It is never a target by itself."""
    found = visit(after(ablation(PAIN, more=COMPLETE + OPIOIDS % dose)), "3-months")
    assert found.opioid is not None
    assert found.opioid.less == less
    assert word(found.criteria, "opioid-dose") == expected


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (OPIOIDS % "5 mg", "the medicines of that day are not declared to be all"),
        (COMPLETE + (OPIOIDS % "5 mg").replace("dose: 5 mg, ", ""), "an opioid that is listed cannot be counted"),
        (
            COMPLETE + (OPIOIDS % "5 mg").replace(", start: 2025-04-08", ", start: 2025-05"),
            "whether an order was in force is not known",
        ),
    ],
)
def test_opioids_that_are_not_known_whole(more: str, reason: str) -> None:
    """An incomplete list, a dose that nobody wrote, an order that perhaps had not begun: unknown, with the reason."""
    found = visit(after(ablation(PAIN, more=more)), "3-months")
    assert word(found.criteria, "opioid-dose") == "unknown"
    assert found.opioid is not None
    assert reason in found.opioid.reason


def test_no_opioid_before() -> None:
    """Who took none before cannot halve it."""
    found = visit(after(ablation(PAIN, more=COMPLETE)), "3-months")
    assert word(found.criteria, "opioid-dose") == "no"


EVENT = "events:\n  - {id: V-1, kind: deep-infection, procedure: P-1, date: 2025-03-03%s}\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "unknown"),
        (COMPLETE, "yes"),
        (COMPLETE + EVENT % ", severity: mild", "yes"),
        (COMPLETE + EVENT % ", severity: severe", "no"),
        (EVENT % ", severity: severe", "no"),
        (COMPLETE + EVENT % "", "unknown"),
    ],
)
def test_harms(more: str, expected: str) -> None:
    """*None recorded* is not *none*: only a record declared to hold every event says that. An event whose severity is
    not recorded leaves it open.
    """
    found = visit(after(ablation(PAIN, more=more)), "3-months")
    assert word(found.criteria, "no-serious-event") == expected


def test_a_serious_event_undoes_the_composite() -> None:
    """Whatever was gained, a serious adverse event makes the composite no."""
    assert composite(ablation(PAIN, more=COMPLETE + PGIC % 2 + EVENT % ", severity: severe")) == "no"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "unknown"),
        (COMPLETE, "yes"),
        (
            "  - {id: P-2, therapy: medial-branch-radiofrequency-ablation, date: 2025-05-20, region: lumbar, "
            "side: left, joints: [L4-5]}\n",
            "no",
        ),
        (
            "  - {id: P-2, therapy: epidural-steroid-injection, date: 2025-05-20, region: lumbar, side: left}\n"
            + COMPLETE,
            "unknown",
        ),
        (
            "  - {id: P-2, therapy: medial-branch-block, purpose: diagnostic, date: 2025-05-20, region: lumbar, "
            "side: left, joints: [L4-5]}\n" + COMPLETE,
            "yes",
        ),
    ],
)
def test_repeat_or_rescue(more: str, expected: str) -> None:
    """The same treatment at the same place is a repeat; another one in the region may be a rescue, and nobody said; a
    test is neither. Without a complete record none is unknown.
    """
    found = visit(after(ablation(PAIN, more=more)), "3-months")
    assert word(found.criteria, "no-repeat-or-rescue") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "unknown"),
        ("events:\n  - {id: V-1, kind: return-to-work, procedure: P-1, date: 2025-04-14}\n", "yes"),
        ("goals:\n  - {id: G-1, text: walk, measure: odi, target: 30}\n"
         "scores:\n  - {id: S-1, instrument: odi, value: 30, date: 2025-05-12}\n", "yes"),
        ("goals:\n  - {id: G-1, text: walk, measure: odi, target: 30}\n"
         "scores:\n  - {id: S-1, instrument: odi, value: 31, date: 2025-05-12}\n", "unknown"),
    ],
)  # fmt: skip
def test_work_and_goals(more: str, expected: str) -> None:
    """Back at work, or a goal whose measure reached its target. A goal missed is not no: work was not asked."""
    found = visit(after(ablation(PAIN, more=more)), "3-months")
    assert word(found.criteria, "work-or-goal") == expected


@pytest.mark.parametrize(
    ("before", "warned"),
    [
        (3, True),
        ("3.9", True),
        (4, False),
    ],
)
def test_a_baseline_below_the_floor(before: object, warned: bool) -> None:
    """Below 4 of 10 before the procedure percentages are unsafe: that is said, and the answers stay."""
    found = after(ablation(row(1, "2025-05-12", before=before)))
    assert (found.low_baseline is not None) is warned
