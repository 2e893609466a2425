"""How long relief held"""

from __future__ import annotations

import pytest
from aftermath import ablation, after, expectation, lost, relief, row, rows

from levamen.pathway.response import ProcedureResponse

GOOD = (2, "2025-05-12")
LATER = (2, "2025-11-10")
GONE = (6, "2026-02-09")


def test_lost_between_two_visits() -> None:
    """Held on 10 November and gone on 9 February: lost somewhere between, and nobody knows when."""
    assert lost(after(ablation(rows(GOOD, LATER, GONE)))) == ["2025-11-10", "2026-02-09"]
    assert expectation(ablation(rows(GOOD, LATER, GONE)), lost=["2025-11-10", "2026-02-09"]) == ()


def test_still_holding() -> None:
    """Without a loss it is open: held at least until the last score, and not said to hold today."""
    found = relief(after(ablation(rows(GOOD, LATER))))
    assert (found.state, str(found.held_until), found.lost_to) == ("holding", "2025-11-10", None)
    assert expectation(ablation(rows(GOOD, LATER)), lost=[]) == ()


def test_each_level_by_itself() -> None:
    """From 8 to 3 (62.5 per cent) is lost at 80 and held at 50."""
    found = after(ablation(rows((1, "2025-03-10"), (3, "2025-05-12"))))
    assert lost(found, 80) == ["2025-03-10", "2025-05-12"]
    assert lost(found, 50) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4, []),
        ("4.1", ["2025-05-12", "2025-11-10"]),
        ("3.9", []),
    ],
)
def test_at_the_level(value: object, expected: list[str]) -> None:
    """Exactly half is held; less than half is lost."""
    assert lost(after(ablation(rows(GOOD, (value, "2025-11-10"))))) == expected


def test_never_reached() -> None:
    """A first score below the level: lost between the procedure and that score."""
    assert lost(after(ablation(rows((6, "2025-03-10"))))) == ["2025-02-10", "2025-03-10"]


def test_a_stated_end() -> None:
    """A stated end is that day."""
    chart = ablation(rows(GOOD, LATER)).replace("    relief: [", "    relief_ended: 2026-01-20\n    relief: [")
    assert lost(after(chart)) == ["2026-01-20", "2026-01-20"]


def test_an_end_that_a_later_score_contradicts() -> None:
    """A score that still shows relief after the stated end is told as a contradiction."""
    chart = ablation(rows(GOOD, LATER)).replace("    relief: [", "    relief_ended: 2025-08-04\n    relief: [")
    assert relief(after(chart)).conflict


def test_no_score() -> None:
    """Without a score nothing is said of how long it held: it was not measured, and it did not fail."""
    found = relief(after(ablation("")))
    assert (found.state, found.lost_to) == ("not measured", None)


def test_an_open_score_between() -> None:
    """A score in between that cannot be read proves nothing after it; a later loss ends it."""
    blank = "{scale: nrs, before: 8, at: 2025-08-11}"
    chart = ablation(f"{rows(GOOD)}, {blank}, {rows(LATER)}")
    assert relief(after(chart)).state == "undecided"
    assert str(relief(after(chart)).held_until) == "2025-05-12"
    chart = ablation(f"{rows(GOOD)}, {blank}, {rows(LATER, GONE)}")
    assert lost(after(chart)) == ["2025-05-12", "2026-02-09"]


def test_regained_relief_does_not_count() -> None:
    """Relief that was lost and came back was held until it was lost."""
    assert lost(after(ablation(rows(GOOD, (7, "2025-08-11"), (1, "2025-11-10"))))) == ["2025-05-12", "2025-08-11"]


REPEAT = (
    "  - {id: P-2, therapy: medial-branch-radiofrequency-ablation, date: 2025-12-08, region: lumbar, side: left, "
    "joints: [L4-5]}\n"
)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (REPEAT, "repeat-procedure"),
        ("  - {id: P-2, therapy: spinal-fusion, date: 2025-12-08, region: lumbar, interspaces: [L4-5]}\n", "surgery"),
        ("events:\n  - {id: V-1, kind: rescue-procedure, procedure: P-1, date: 2025-12-08}\n", "rescue-procedure"),
    ],
)
def test_another_end(more: str, kind: str) -> None:
    """A repeat, surgery or a rescue procedure ends the watch before a loss was seen; later scores are not counted."""
    found = relief(after(ablation(rows(GOOD, LATER, GONE), more=more)))
    assert (found.state, found.lost_to) == ("holding", None)
    assert found.end is not None
    assert (found.end.kind, str(found.end.day)) == (kind, "2025-12-08")


def test_death_ends_the_watch() -> None:
    """A death is no loss of relief."""
    chart = "person: {birth_date: 1961-04-09, died: 2025-12-08}\n" + ablation(rows(GOOD, LATER, GONE))
    found = relief(after(chart))
    assert found.lost_to is None
    assert found.end is not None
    assert found.end.kind == "death"


def test_another_side_is_another_procedure() -> None:
    """An ablation of the other side is no repeat."""
    chart = ablation(rows(GOOD, LATER, GONE), more=REPEAT.replace("side: left", "side: right"))
    assert lost(after(chart)) == ["2025-11-10", "2026-02-09"]


def test_a_repeat_that_may_not_be_one_is_told_and_does_not_end_the_watch() -> None:
    """Where the side of a later ablation is not recorded it may be a repeat: it is named, and decides nothing."""
    found = after(ablation(rows(GOOD, LATER, GONE), more=REPEAT.replace("side: left, ", "")))
    assert [end.sure for end in found.watch] == [False]
    assert lost(found) == ["2025-11-10", "2026-02-09"]


def test_scores_of_the_pain_count_too() -> None:
    """A score of the treated pain after the procedure, on the scale used before it, is a measurement of relief."""
    more = (
        "pain:\n  - {id: PN-1, site: low-back, side: left, pattern: axial}\n"
        "scores:\n  - {id: S-1, instrument: nrs, pain: PN-1, value: 8, date: 2025-02-03}\n"
        "  - {id: S-2, instrument: nrs, pain: PN-1, value: 7, date: 2026-02-09}\n"
    )
    assert lost(after(ablation(rows(GOOD, LATER), more=more))) == ["2025-11-10", "2026-02-09"]


def test_scores_of_another_pain_or_scale_do_not() -> None:
    """A score of another pain, or on a scale that has no value before, says nothing of this procedure."""
    more = (
        "pain:\n  - {id: PN-1, site: low-back, side: left, pattern: axial}\n  - {id: PN-2, site: knee, side: left}\n"
        "scores:\n  - {id: S-1, instrument: nrs, pain: PN-2, value: 8, date: 2025-02-03}\n"
        "  - {id: S-2, instrument: nrs, pain: PN-2, value: 8, date: 2026-02-09}\n"
        "  - {id: S-3, instrument: nrs-worst, pain: PN-1, value: 9, date: 2026-02-09}\n"
    )
    assert lost(after(ablation(rows(GOOD, LATER), more=more))) == []


def asked_of(found: ProcedureResponse, policy: str) -> tuple[str, str]:
    """What a policy says of the relief alone, and from when it can be known."""
    rule = next(rule for rule in found.rules if rule.policy == policy)
    return rule.status, str(rule.earliest or "")


@pytest.mark.parametrize(
    ("as_of", "relief_", "expected"),
    [
        ("2026-03-16", row(2, "2026-03-12"), ("not_yet", "2026-09-05")),
        ("2026-03-16", "", ("not_yet", "2026-09-05")),
        ("2026-09-04", row(2, "2026-03-12"), ("not_yet", "2026-09-05")),
        ("2026-09-05", row(2, "2026-03-12"), ("unknown", "")),
        ("2026-09-05", row(2, "2026-09-05"), ("met", "")),
        ("2026-03-16", row(6, "2026-03-12"), ("not_met", "")),
        ("2026-09-05", rows((2, "2026-03-12"), (6, "2026-08-20")), ("not_met", "")),
    ],
)
def test_relief_that_cannot_have_held_so_long_yet(as_of: str, relief_: str, expected: tuple[str, str]) -> None:
    """US Medicare asks that relief of an ablation held for 6 months. Eleven days after it that is *not yet*, with the
    first day on which it can be known, not *no*. From that day on it is unknown until somebody asks. Relief that was
    seen to be gone before is not met at once.
    """
    assert asked_of(after(ablation(relief_, day="2026-03-05", as_of=as_of), "mcr-facet"), "mcr-facet") == expected


def test_not_yet_tells_the_day() -> None:
    """The day is told, and a chart can expect `not_yet`."""
    chart = ablation(row(2, "2026-03-12"), day="2026-03-05")
    rule = next(rule for rule in after(chart, "mcr-facet").rules if rule.policy == "mcr-facet")
    assert rule.reason == "cannot be known before 2026-09-05"
    assert expectation(chart, verdict="not_yet", policy="mcr-facet") == ()


def test_a_watch_that_ended_leaves_it_unknown() -> None:
    """Whether relief would have held for 6 months is not known of an ablation that was repeated after five weeks: it is
    neither yet to come nor no.
    """
    repeat = """
  - id: P-2
    therapy: medial-branch-radiofrequency-ablation
    technique: thermal
    date: 2026-04-10
    region: lumbar
    side: left
    joints: [L4-5]
    purpose: therapeutic
"""
    found = after(ablation(row(2, "2026-03-12"), day="2026-03-05", as_of="2026-04-20", more=repeat), "mcr-facet")
    rule = next(rule for rule in found.rules if rule.policy == "mcr-facet")
    assert (rule.status, rule.earliest) == ("unknown", None)
    assert rule.reason == "the watch ended before: repeat procedure on 2026-04-10"


@pytest.mark.parametrize(
    ("therapy", "where", "policy", "day"),
    [
        ("epidural-steroid-injection", "region: lumbar, side: left, interspaces: [L4-5]", "mcr-esi", "2026-06-05"),
        ("epidural-steroid-injection", "region: lumbar, side: left, interspaces: [L4-5]", "evicore-esi", "2026-03-19"),
        ("facet-joint-injection", "region: lumbar, side: left, joints: [L4-5]", "mcr-facet", "2026-06-05"),
        ("sacroiliac-joint-injection", "region: sacral, side: left", "mcr-sij", "2026-06-05"),
        ("sacroiliac-joint-injection", "region: sacral, side: left", "evicore-sij", "2026-03-19"),
        ("trigger-point-injection", "region: cervical, muscles: [trapezius]", "mcr-tpi", "2026-04-16"),
    ],
)
def test_every_authority_counts_its_own_time(therapy: str, where: str, policy: str, day: str) -> None:
    """Each authority states its own time (3 months, 2 weeks, 6 weeks): not yet under each, from a day of its own."""
    good = row(1, "2026-03-12")
    chart = f"""
        as_of: 2026-03-16
        procedures:
          - {{id: P-1, therapy: {therapy}, purpose: therapeutic, date: 2026-03-05, {where}, relief: [{good}]}}
        """
    assert asked_of(after(chart, policy), policy) == ("not_yet", day)
