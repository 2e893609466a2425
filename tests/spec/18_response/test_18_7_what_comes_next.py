"""Expectation, rehabilitation, devices, and what failed"""

from __future__ import annotations

import pytest
from aftermath import ablation, after, everything, row, rows

from levamen.pathway.response import ProcedureResponse

ESI = """
as_of: 2026-03-23
completeness: [{kind: care, from: 2025-01-01}]
care: [%s]
procedures:
  - {id: P-1, therapy: epidural-steroid-injection, approach: transforaminal, date: 2026-03-02, region: lumbar,
     side: left, foramina: [L5-S1], relief: [%s]}
"""
HELD = row(3, "2026-03-16")


def compared(found: ProcedureResponse, id: str) -> str:
    """How one source's expectation stands to what was seen."""
    return next(answer.compared for answer in found.expected if answer.row.says.id == id)


@pytest.mark.parametrize(
    ("relief", "quoted", "digest"),
    [
        (rows((2, "2025-03-10")), "cannot tell", "cannot tell"),
        (rows((2, "2025-03-10"), (8, "2025-04-14")), "shorter", "shorter"),
        (rows((2, "2025-08-11")), "cannot tell", "longer"),
        (rows((2, "2025-08-10"), (8, "2026-02-10")), "within", "cannot tell"),
        (rows((2, "2025-08-11"), (8, "2026-02-10")), "within", "longer"),
        (rows((2, "2026-02-10")), "cannot tell", "longer"),
        (rows((2, "2026-02-11")), "longer", "longer"),
        ("", "cannot tell", "cannot tell"),
    ],
)  # fmt: skip
def test_expected_against_actual(relief: str, quoted: str, digest: str) -> None:
    """After an ablation on 10 February 2025 patients are told 6 to 12 months, a digest says 3 to 6. Shorter, within or
    longer is said only where every length that was possible says so: six months are over on 10 August.
    """
    found = after(ablation(relief))
    assert (compared(found, "rfa-quoted"), compared(found, "rfa-digest")) == (quoted, digest)


def test_a_sentence_without_a_span_is_only_shown() -> None:
    """What a source says without a span is shown with its patients and its comparison, and not compared."""
    found = after(ablation(rows((2, "2025-08-11"))))
    assert compared(found, "rfa-series") == "not compared"
    assert all(answer.row.denominator and answer.row.comparator and answer.row.says.cites for answer in found.expected)


@pytest.mark.parametrize(
    ("care", "answer", "steps"),
    [
        ("", "no", 1),
        ("{id: C-1, therapy: physical-therapy, start: 2025-12-22, end: 2026-02-06}", "no", 1),
        ("{id: C-1, therapy: physical-therapy, start: 2026-03-02}", "yes", 0),
        ("{id: C-1, therapy: exercise, start: 2026-03-16}", "yes", 0),
        ("{id: C-1, therapy: exercise, start: 2026-03-17}", "unknown", 1),
        ("{id: C-1, therapy: exercise, start: 2026-03}", "unknown", 1),
        ("{id: C-1, therapy: exercise, start: 2026-01-12, end: 2026-04-13}", "yes", 0),
        ("{id: C-1, therapy: acupuncture, start: 2026-03-09}", "no", 1),
    ],
)
def test_rehabilitation_inside_the_relief(care: str, answer: str, steps: int) -> None:
    """After an injection on 2 March that still helped on the 16th, physical therapy or exercise begun between counts.
    One begun after the last score may or may not lie inside. Missing, it is the next step.
    """
    found = after(ESI % (care, HELD))
    assert found.rehabilitation is not None
    assert found.rehabilitation.answer.word == answer
    assert len(found.next_steps) == steps


def test_rehabilitation_that_nobody_recorded_is_asked_for() -> None:
    """Without a complete record of care, none recorded is not none: the step asks first."""
    found = after((ESI % ("", HELD)).replace("completeness: [{kind: care, from: 2025-01-01}]\n", ""))
    assert found.rehabilitation is not None
    assert found.rehabilitation.answer.word == "unknown"
    assert found.next_steps == (
        "coordinator: ask whether it has begun, else book physical therapy or exercise while relief holds (P-1)",
    )


def test_by_when() -> None:
    """The day by which it should begin is the end of the shortest relief that a source expects: 3 months, awaiting
    confirmation, and shown with that mark.
    """
    duty = next(duty for duty in after(ESI % ("", HELD)).obligations if duty.id == "rehabilitation")
    assert (duty.who, str(duty.due)) == ("coordinator", "2026-06-02")
    assert "unverified" in {cite.mark for cite in duty.cites}


def test_long_after_nobody_measured() -> None:
    """Three months after an injection that nobody measured relief is no longer expected: no step is named. Where a
    score still shows it, the step stays, without a day.
    """
    late = ESI.replace("as_of: 2026-03-23", "as_of: 2026-06-03")
    assert after(late % ("", "")).next_steps == ()
    assert after(late.replace("06-03", "06-02") % ("", "")).next_steps != ()
    held = after(late % ("", rows((3, "2026-06-03"))))
    assert held.next_steps != ()
    assert next(duty for duty in held.obligations if duty.id == "rehabilitation").due is None


def test_relief_that_is_over() -> None:
    """After the relief is lost nothing can begin inside it: no step is named."""
    assert after(ESI % ("", rows((3, "2026-03-09"), (8, "2026-03-16")))).next_steps == ()


def test_an_ablation_asks_for_none() -> None:
    """The rule is about injections."""
    assert after(ablation(HELD)).rehabilitation is None


STIMULATOR = """
as_of: 2026-03-16
procedures:
  - {id: P-1, therapy: spinal-cord-stimulation-implant, date: 2024-05-20, region: thoracic, side: midline, relief: [%s]}
"""


@pytest.mark.parametrize(
    ("relief", "answer"),
    [
        (rows((3, "2025-05-19"), (5, "2025-11-17"), (6, "2026-02-16")), "yes"),
        (rows((3, "2025-05-19"), (3, "2025-11-17"), (6, "2026-02-16")), "no"),
        (rows((3, "2025-05-19"), (5, "2025-11-17"), (3, "2026-02-16")), "no"),
        (rows((3, "2025-05-19"), (4, "2025-11-17"), (4, "2026-02-16")), "no"),
        (rows((3, "2025-05-19"), ("4.1", "2025-11-17"), ("4.1", "2026-02-16")), "yes"),
        (rows((1, "2025-05-19"), ("2.6", "2025-11-17"), ("2.6", "2026-02-16")), "yes"),
        (rows((1, "2025-05-19"), ("2.5", "2025-11-17"), ("2.5", "2026-02-16")), "no"),
        (rows((3, "2025-05-19")), "unknown"),
        (f"{rows((3, '2025-05-19'), (5, '2025-11-17'))}, {{scale: nrs, before: 8, at: 2026-02-16}}", "unknown"),
    ],
)
def test_a_device_that_loses_its_effect(relief: str, answer: str) -> None:
    """Two contacts running under 50 per cent, or 20 points under the best: 4 of 8 is exactly half and is not under it;
    from 87.5 per cent 67.5 is 20 points less, 68.75 is not. The trigger is ours: it asks somebody to look.
    """
    found = after(STIMULATOR % relief)
    assert found.device is not None
    assert found.device.answer.word == answer
    assert bool(found.device.check) == (answer == "yes")
    assert {cite.mark for cite in found.device.answer.cites} == {"unverified"}


def test_a_stated_loss() -> None:
    """A loss of effect that somebody recorded needs no score, and names what is checked first."""
    chart = STIMULATOR % "" + "events:\n  - {id: V-1, kind: loss-of-effect, procedure: P-1, date: 2026-01-12}\n"
    found = after(chart)
    assert found.device is not None
    assert (found.device.answer.word, str(found.device.since)) == ("yes", "2026-01-12")
    assert "check the leads (impedance, X-ray)" in found.next_steps[0]


FAILED = """
procedures:
  - {id: P-1, therapy: epidural-steroid-injection, date: 2024-06-10, region: lumbar, relief: [%s]}
  - {id: P-2, therapy: medial-branch-radiofrequency-ablation, date: 2025-06-16, region: lumbar, relief: [%s]}
  - {id: P-3, therapy: medial-branch-block, purpose: diagnostic, date: 2025-05-12, region: lumbar, relief: [%s]}
"""


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ("{percent: 25, at: 2024-06-24}", "{percent: 40, at: 2025-07-14}", 2, 2),
        ("{percent: 49, at: 2024-06-24}", "{percent: 50, at: 2025-07-14}", 1, 1),
        ("{percent: 25, at: 2024-06-24}", "", 1, 2),
        ("{percent: 60, at: 2024-06-24}, {percent: 0, at: 2024-09-09}", "{percent: 45-55 %, at: 2025-07-14}", 0, 1),
    ],
)
def test_how_many_failed(first: str, second: str, low: int, high: int) -> None:
    """A treatment failed where its best relief surely stayed under half. One without a score, or with a range across
    half, may have: the count is a span. Relief that came and went is no failure of this kind, and a negative test is
    none.
    """
    counts = everything(FAILED % (first, second, "{percent: 0, at: 2025-05-12}")).failures.counts
    assert [(count.region, count.low, count.high) for count in counts] == [(None, low, high), ("lumbar", low, high)]


def test_what_was_not_done_is_not_counted() -> None:
    """A planned or cancelled procedure, and one entered in error, is no failure."""
    chart = FAILED % ("{percent: 25, at: 2024-06-24}", "{percent: 10, at: 2025-07-14}", "")
    assert everything(chart.replace("id: P-1,", "id: P-1, status: entered-in-error,")).failures.counts[0].low == 1


def test_an_aborted_one_may_or_may_not_count() -> None:
    """An aborted procedure is not surely a failed one."""
    chart = FAILED % ("{percent: 25, at: 2024-06-24}", "{percent: 10, at: 2025-07-14}", "")
    count = everything(chart.replace("id: P-1,", "id: P-1, status: aborted,")).failures.counts[0]
    assert (count.low, count.high) == (1, 2)
