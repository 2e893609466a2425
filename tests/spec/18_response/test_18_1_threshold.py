"""A test against each policy's own threshold"""

from __future__ import annotations

import pytest
from aftermath import after, block, diary, expectation, level, row, rows, under

from levamen.outcomes.answer import percent


@pytest.mark.parametrize(
    ("before", "after_", "at_50", "at_80"),
    [
        (7, "3.5", "yes", "no"),
        (100, "50.1", "no", "no"),
        (5, 1, "yes", "yes"),
        (49, 10, "yes", "no"),
        (10, 2, "yes", "yes"),
        (7, 7, "no", "no"),
        (7, 9, "no", "no"),
    ],
)
def test_exact_ratios(before: int, after_: object, at_50: str, at_80: str) -> None:
    """From 7 to 3.5 is 50 per cent, from 100 to 50.1 is 49.9; from 5 to 1 is 80, from 49 to 10 is 79.59."""
    scale = "vas-mm" if before > 10 else "nrs"
    found = after(block(f"{{scale: {scale}, before: {before}, after: {after_}, at: 2026-03-09T10:15}}"))
    assert (level(found, 50), level(found, 80)) == (at_50, at_80)


def test_each_policy_has_its_own_threshold() -> None:
    """60 per cent is negative under US Medicare, which asks for 80, and positive under BCBS North Dakota, which asks
    for half. The lumbar consensus also asks for half, but that value awaits confirmation: it never makes a test
    positive.
    """
    found = after(block(row(2, "10:15", before=5)), "mcr-facet", "bcbs-nd-facet", "cons-l20")
    assert percent(found.deciding) == "60 %"
    assert under(found, "mcr-facet") == "not_met"
    assert under(found, "bcbs-nd-facet") == "met"
    assert under(found, "cons-l20") == "unknown"


def test_an_unconfirmed_threshold_may_refuse() -> None:
    """Below half the same consensus refuses: an unconfirmed value may refuse, it never permits."""
    found = after(block(row(3, "10:15", before=5)), "cons-l20")
    assert under(found, "cons-l20") == "not_met"


def test_a_policy_that_speaks_of_another_place_is_silent() -> None:
    """The lumbar consensus says nothing of a block in the neck."""
    chart = block(row(1, "10:15")).replace("region: lumbar", "region: cervical").replace("L3-4", "C4-5")
    assert [rule.policy for rule in after(chart, "cons-l20").rules if rule.policy == "cons-l20"] == []


def test_the_best_row_decides() -> None:
    """Of a test the best relief counts, whenever it was measured."""
    found = after(block(rows((8, "10:15"), (1, "11:00"), (6, "12:00"))))
    assert percent(found.deciding) == "87.5 %"


def test_nothing_measured() -> None:
    """A block without a row is neither positive nor negative."""
    found = after(block(""), "mcr-facet")
    assert (level(found, 50), under(found, "mcr-facet")) == ("unknown", "unknown")
    assert diary(found).reason == "no relief was measured"


@pytest.mark.parametrize(
    ("relief", "reason"),
    [
        ("{scale: nrs, after: 1, at: 2026-03-09T10:15}", "the score before is missing"),
        ("{scale: nrs, before: 8, at: 2026-03-09T10:15}", "the score after is missing"),
        ("{percent: 70-85 %, at: 2026-03-09T10:15}", "a range was written"),
    ],
)
def test_what_is_missing_leaves_it_open_with_its_reason(relief: str, reason: str) -> None:
    """A score before or after that is missing, or a range across the threshold, leaves the test open, and says why."""
    found = after(block(relief), "mcr-facet")
    assert level(found, 80) == "unknown"
    assert under(found, "mcr-facet") == "unknown"
    assert diary(found).reason == reason


def test_a_range_on_one_side_of_the_threshold_decides() -> None:
    """A range that lies wholly above, or wholly below, decides; that it is a range is told."""
    assert level(after(block("{percent: 80-90 %, at: 2026-03-09T10:15}")), 80) == "yes"
    assert level(after(block("{percent: 60-79 %, at: 2026-03-09T10:15}")), 80) == "no"
    assert "range" in [
        finding.id for finding in diary(after(block("{percent: 80-90 %, at: 2026-03-09T10:15}"))).findings
    ]


def test_a_row_without_a_value_hides_neither_a_best_nor_a_loss() -> None:
    """A row begun and not filled in may have been the best: a negative answer stays open, a positive one does not."""
    blank = "{scale: nrs, before: 8, at: 2026-03-09T11:00}"
    assert level(after(block(f"{row(6, '10:15')}, {blank}")), 50) == "unknown"
    assert level(after(block(f"{row(1, '10:15')}, {blank}")), 50) == "yes"


def test_what_is_shown_is_cut_off() -> None:
    """79.59 per cent is shown as 79.59: nothing below a threshold is rounded up to it."""
    assert percent(after(block("{scale: vas-mm, before: 49, after: 10, at: 2026-03-09T10:15}")).deciding) == "79.59 %"


def test_a_chart_can_expect_it() -> None:
    """`responder` expects per cent, and a verdict at a threshold (50 unless given) or under a policy."""
    chart = block(row(1, "10:15", before=5))
    assert expectation(chart, percent=80, verdict="met", threshold=80) == ()
    assert expectation(chart, verdict="met", policy="mcr-facet") == ()
    assert expectation(chart, verdict="met", threshold="80.1") == ("verdict: expected met, got not_met",)
    assert expectation(chart, percent=79) == ("percent: expected 79, got 80 %",)
    assert expectation(block(""), percent="unknown", verdict="unknown") == ()


def test_a_trial_is_read_from_its_own_diary() -> None:
    """A trial without a score of relief is read from its diary: from 8 to 4 on the last full days is half."""
    found = after("""
        as_of: 2026-04-20
        procedures:
          - id: P-1
            therapy: spinal-cord-stimulation-trial
            start: 2026-04-06
            end: 2026-04-11
            region: thoracic
            relief: [{scale: nrs, before: 8, recorded: 2026-04-06}]
            trial: {diary: [{at: 2026-04-08, value: 4}, {at: 2026-04-09, value: 4}, {at: 2026-04-10, value: 4}]}
        """)
    assert level(found, 50) == "yes"
