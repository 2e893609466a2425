"""Complications: asked for, or told"""

from __future__ import annotations

from own_results import treated, whole

from levamen.emit.results_words import harm_words
from levamen.outcomes.cohort_rows import ComplicationRow

INFECTION = ComplicationRow("superficial-infection", "severe", "asked")
TOLD = ComplicationRow("neuritis", "mild", "spontaneous")


def test_none_seen_is_not_never() -> None:
    """None of 131 who were asked: it could still be 3 of 100. The limit is exact, rounded up."""
    found = whole(treated(131, "yes", asked=True)).complications
    assert harm_words(found) == ["Asked for after 131: serious 0 of 131; could be up to 3 of 100; any 0 of 131."]


def test_not_asked_is_not_none() -> None:
    """Where nobody asked, only what was told is known: no rate, and no place in the denominator."""
    found = whole(treated(40, "yes", asked=True), treated(30, "yes", asked=False, complications=[TOLD])).complications
    assert (found.asked, found.any, found.not_asked, found.any_not_asked) == (40, 0, 30, 30)
    assert harm_words(found)[1] == (
        "Not known to have been asked for after 30: 30 with an event on record, 0 serious; no rate can be told of them."
    )


def test_how_it_was_found_stands_beside_each() -> None:
    """Asked for, told without being asked, found in the record, or not recorded how."""
    found = whole(
        treated(38, "yes", asked=True),
        treated(1, "yes", asked=True, complications=[INFECTION]),
        treated(1, "yes", asked=True, complications=[ComplicationRow("neuritis", "mild")]),
    ).complications
    assert harm_words(found) == [
        "Asked for after 40: serious 1 of 40 (6 of 10,000 to 14 of 100); any 2 of 40.",
        "neuritis after ablation: 1 (not recorded how it was found).",
        "superficial infection: 1 (asked for).",
    ]


def test_how_severe_is_not_recorded() -> None:
    """An event without a severity is not taken for a mild one."""
    found = whole(treated(20, "yes", asked=True), treated(1, asked=True, complications=[ComplicationRow("neuritis")]))
    assert (found.complications.serious, found.complications.open) == (0, 1)


def test_too_few_asked() -> None:
    """Of nine no limit is told."""
    assert harm_words(whole(treated(9, "yes", asked=True)).complications) == [
        "Asked for after 9: serious 0 of 9 (too few for a rate); any 0 of 9."
    ]


def test_what_came_later_is_counted_apart() -> None:
    """An event after the day by which events are asked for is on the list, and not in the rate."""
    late = ComplicationRow("neuritis", "severe", "asked", early=False)
    found = whole(treated(20, "yes", asked=True, complications=[late])).complications
    assert (found.asked, found.any, found.serious) == (20, 0, 0)
    assert [(row.kind, row.early, row.count) for row in found.events] == [("neuritis", False, 20)]
