"""What can be done about it"""

from __future__ import annotations

import pytest
from specimen import MET, NOT_MET, at_least, blocks, count, criterion, held, latest, limit, look, one_of, value

from levamen.criteria.build import it_is
from levamen.criteria.dates import remedy
from levamen.criteria.nodes import (
    All,
    Among,
    Any,
    Compare,
    EachTarget,
    Elapsed,
    Exists,
    Facts,
    Field,
    IfThen,
    Latest,
    Not,
    Number,
    Readings,
    Remedy,
    Same,
    The,
    Truth,
    Window,
)

CHART = """
    completeness: [{kind: procedures, from: 1961-04-09}, {kind: care, from: 1961-04-09}]
    procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-23, region: lumbar, relief: [{percent: 20}]}]
    request: [{id: R-1, therapy: medial-branch-radiofrequency-ablation, region: lumbar, technique: pulsed}]
    """
WAIT: Truth = latest(blocks(), Compare(Elapsed(Field("it", "start")), at_least(2, "weeks")))
DO: Truth = Exists(Facts("conservative-care", "course of care"), remedy="action")
NEVER: Truth = Among(Field("subject", "technique"), one_of("technique", "thermal"), remedy="none")


def of(says: Truth, chart: str = CHART, default: Remedy = "action") -> Remedy:
    assert value(says, chart) == "not_met"
    return remedy(criterion("c", says, remedy=default), look(chart))


def test_time_is_computed() -> None:
    """`time` is computed, never declared: at some later service date, all else held, it is no longer not met."""
    assert of(WAIT, default="none") == "time"
    free_in_a_year = count(blocks(window=Window("rolling", limit("<=", 12, "months"))), limit("<", 1))
    assert of(free_in_a_year, default="none") == "time"


def test_else_as_declared() -> None:
    """Where time does not help, the leaf says whether something can still be done; if it is silent, the criterion
    does.
    """
    assert of(DO, default="none") == "action"
    assert of(NEVER, default="action") == "none"
    silent = Among(Field("subject", "technique"), one_of("technique", "thermal"))
    assert of(silent, default="action") == "action"
    assert of(silent, default="none") == "none"


@pytest.mark.parametrize(
    ("first", "second", "and_", "or_"),
    [
        (WAIT, DO, "action", "time"),
        (WAIT, NEVER, "none", "time"),
        (DO, NEVER, "none", "action"),
        (WAIT, WAIT, "time", "time"),
        (DO, DO, "action", "action"),
        (NEVER, NEVER, "none", "none"),
    ],
    ids=["wait-do", "wait-never", "do-never", "wait-wait", "do-do", "never-never"],
)
def test_and_takes_the_hardest_or_the_easiest(first: Truth, second: Truth, and_: Remedy, or_: Remedy) -> None:
    """`and` takes the hardest failing item, `or` the easiest branch: time is easier than action, action than none."""
    assert of(All((first, second)), default="none") == and_
    assert of(Any((first, second)), default="none") == or_


def test_and_looks_at_failing_items_only() -> None:
    """In an `and`, what is met asks for nothing."""
    assert of(All((MET, WAIT)), default="none") == "time"
    assert of(All((MET, DO)), default="none") == "action"


def test_not_turns_it_round() -> None:
    """Below a `not`, what is met is what stands in the way, and `and` and `or` change places."""
    recent = latest(blocks(), Compare(Elapsed(Field("it", "start")), (limit("<", 2, "weeks"),)))
    pulsed = Among(Field("subject", "technique"), one_of("technique", "pulsed"), remedy="none")
    assert of(Not(recent), default="none") == "time"
    assert of(Not(All((recent, pulsed))), default="none") == "time"
    assert of(Not(Any((recent, pulsed))), default="action") == "none"


def test_of_a_condition_only_the_consequence_is_remedied() -> None:
    """Of "if a then b" only b can be remedied: a is what it is."""
    assert of(IfThen(MET, WAIT), default="none") == "time"
    assert of(IfThen(MET, DO), default="none") == "action"


def test_all_readings_must_be_satisfied() -> None:
    """Of wordings that all fail, the hardest counts: only then is it good under every reading."""
    assert of(Readings((DO, NEVER)), default="none") == "none"


def test_each_target_takes_the_hardest() -> None:
    """Of several sides or levels, the hardest counts."""
    here = blocks(where=Same("side", "covers"))
    says = EachTarget(The(Latest(here), Compare(Elapsed(Field("it", "start")), at_least(2, "weeks")), remedy="none"))
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-23, region: lumbar, side: left}]
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: %s}]
        """
    assert of(says, chart % "left", "none") == "time"
    assert of(says, chart % "both", "none") == "none"


def test_a_test_done_and_negative() -> None:
    """A test done and negative has remedy none: no time and no further act makes that block positive."""
    positive = Compare(Number(Field("it", "best_relief")), at_least(80), remedy="none")
    assert of(latest(blocks(), positive), default="action") == "none"


def test_relief_that_still_holds_may_yet_last() -> None:
    """Relief that still held at the last score can last: time. Relief that was lost cannot: as declared."""
    chart = """
        procedures:
          - {id: P-1, therapy: medial-branch-block, date: 2026-01-05, relief: [{percent: %s, at: 2026-02-02}]}
        """
    assert of(held(50, 3), chart % 60, "none") == "time"
    assert of(held(50, 3), chart % 30, "none") == "none"


def test_time_does_not_help_what_is_never_enough() -> None:
    """A cap for life does not free itself."""
    once_ever = count(blocks(window=Window("lifetime")), limit("<", 1))
    assert of(once_ever, default="none") == "none"


def test_never_of_nothing() -> None:
    """What can never be met has the remedy that the criterion declares."""
    assert of(NOT_MET, default="none") == "none"
    assert (
        of(count(blocks(where=it_is("region", one_of("r", "cervical"))), limit(">=", 1)), default="action") == "action"
    )
