"""A leaf, under every reading"""

from __future__ import annotations

import pytest
from specimen import AMBIGUOUS, MET, NOT_MET, UNKNOWN, blocks, latest, limit, one_of, outcome, value

from levamen.criteria.nodes import Among, Compare, Field, Limit, Number, Readings, Truth
from levamen.criteria.truth import Status


def relief(*limits: Limit) -> Truth:
    return latest(blocks(), Compare(Number(Field("it", "best_relief")), limits))


FIFTY, EIGHTY = limit(">=", 50), limit(">=", 80)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("85", "met"),
        ("60", "ambiguous"),
        ("40", "not_met"),
        ("75-85 %", "unknown"),
        ("55-65 %", "ambiguous"),
        ("45-55 %", "unknown"),
        ("40-90 %", "unknown"),
        ("81-90 %", "met"),
    ],
)
def test_two_readings_of_a_limit(found: str, expected: Status) -> None:
    """A text that allows two limits (here 50 and 80 per cent) is met where it is met under both, not met where it
    is met under neither; undecided under one of them it is unknown; decided differently by them it is ambiguous.
    """
    chart = f"""
        procedures:
          - {{id: P-1, therapy: medial-branch-block, date: 2026-02-12, relief: [{{percent: '{found}'}}]}}
        """
    assert value(relief(FIFTY, EIGHTY), chart) == expected


def test_two_readings_of_a_set_of_words() -> None:
    """The same holds for sets of words: cooled radiofrequency is thermal under one reading and not under the other."""
    says = Among(Field("subject", "technique"), one_of("technique", "thermal") + one_of("wide", "thermal", "cooled"))
    chart = "request: [{id: R-1, therapy: medial-branch-radiofrequency-ablation, technique: %s}]"
    assert value(says, chart % "thermal") == "met"
    assert value(says, chart % "cooled") == "ambiguous"
    assert value(says, chart % "pulsed") == "not_met"


@pytest.mark.parametrize(
    ("joints", "any_of", "all_of"),
    [
        ("[L4-5]", "met", "met"),
        ("[L3-4, L4-5]", "met", "met"),
        ("[L2-3, L3-4]", "met", "not_met"),
        ("[L1-2]", "not_met", "not_met"),
    ],
)
def test_any_or_all_of_several_words(joints: str, any_of: Status, all_of: Status) -> None:
    """Where a field holds several words, a text asks for any of them or for all of them to be in its set."""
    chart = f"request: [{{id: R-1, therapy: medial-branch-block, region: lumbar, joints: {joints}}}]"
    lower = one_of("joints", "L3-4", "L4-5", "L5-S1")
    assert value(Among(Field("subject", "joints"), lower, "any"), chart) == any_of
    assert value(Among(Field("subject", "joints"), lower, "all"), chart) == all_of


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((MET, MET), "met"),
        ((NOT_MET, NOT_MET), "not_met"),
        ((MET, NOT_MET), "ambiguous"),
        ((MET, UNKNOWN), "unknown"),
        ((NOT_MET, UNKNOWN), "unknown"),
        ((MET, NOT_MET, UNKNOWN), "unknown"),
        ((UNKNOWN, UNKNOWN), "unknown"),
        ((MET, AMBIGUOUS), "ambiguous"),
        ((NOT_MET, AMBIGUOUS), "ambiguous"),
        ((AMBIGUOUS, AMBIGUOUS), "ambiguous"),
    ],
)
def test_wordings_that_are_not_reconciled(items: tuple[Truth, ...], expected: Status) -> None:
    """Two wordings of one criterion that its texts do not reconcile are combined in the same way."""
    assert value(Readings(items)) == expected


def test_ambiguity_names_the_texts() -> None:
    """The trace of an ambiguous leaf names the texts and what each of them asks."""
    chart = """
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-12, relief: [{percent: 60}]}]
        """
    found = outcome(relief(FIFTY, EIGHTY), chart)
    assert found.children[0].ambiguity == ("TEXT: >= 50", "TEXT: >= 80")


def test_radiofrequency_alone_is_no_technique() -> None:
    """ "Radiofrequency" alone never means thermal: the technique is then not known."""
    says = Among(Field("subject", "technique"), one_of("technique", "thermal"))
    chart = "request: [{id: R-1, therapy: medial-branch-radiofrequency-ablation, technique: radiofrequency}]"
    assert value(says, chart) == "unknown"


def test_absent_side_is_not_both() -> None:
    """A side that is not recorded is unknown, never both."""
    says = Among(Field("subject", "side"), one_of("side", "right", "both"))
    assert value(says, "request: [{id: R-1, therapy: medial-branch-block, region: lumbar}]") == "unknown"
