"""What was marked as of a moment: which pains count, and the counts, which score nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.derive.body_map import Counts, count, in_order, marked
from levamen.knowledge.body_map import body_map
from levamen.record.facts import Pain, Record
from levamen.record.timeline import When

IDS = list(body_map().areas)
BACK = frozenset({"back-left-low-back", "back-right-low-back", "back-right-thigh"})
KNEE = frozenset({"front-left-knee"})


def on(year: int, month: int, day: int) -> When:
    return When.on(date(year, month, day))


def test_counts() -> None:
    assert count(in_order(BACK | KNEE)) == Counts(
        areas=4,
        sides={"left": 2, "right": 2},
        views={"front": 1, "back": 3},
        sites=("knee", "low-back", "thigh"),
        regions=("lower-limb", "lumbar"),
        both_sides=("back-left-low-back",),
    )


def test_nothing_marked_counts_nothing() -> None:
    found = count(())
    assert found.areas == 0
    assert set(found.sides.values()) == set(found.views.values()) == {0}
    assert found.sites == found.regions == found.both_sides == ()


def test_the_order_is_that_of_the_map_whatever_the_order_given() -> None:
    assert [area.id for area in in_order(reversed(IDS))] == IDS


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(KeyError, match="front-left-tail"):
        in_order(["front-left-knee", "front-left-tail"])


def test_areas_of_all_pains_that_are_not_over() -> None:
    record = Record(
        id="synthetic",
        facts=(
            Pain(id="A", areas=BACK, since=on(2026, 1, 1)),
            Pain(id="B", areas=KNEE, since=on(2025, 1, 1), until=on(2026, 2, 1)),
        ),
    )
    before = marked(record, date(2026, 1, 31))
    assert [pain.id for pain in before.pains] == ["A", "B"]
    assert before.counts.areas == 4
    after = marked(record, date(2026, 2, 1))
    assert [pain.id for pain in after.pains] == ["A"]
    assert [pain.id for pain in after.over] == ["B"]
    assert {area.id for area in after.areas} == BACK


def test_one_pain_alone() -> None:
    record = Record(id="synthetic", facts=(Pain(id="A", areas=BACK), Pain(id="B", areas=KNEE)))
    assert {area.id for area in marked(record, date(2026, 2, 1), "B").areas} == KNEE


def test_what_was_recorded_later_is_not_seen() -> None:
    record = Record(id="synthetic", facts=(Pain(id="A", areas=BACK, recorded=on(2026, 3, 1)),))
    assert marked(record, date(2026, 2, 28)).pains == ()
    assert marked(record, date(2026, 3, 1)).counts.areas == 3


def test_the_day_is_that_of_the_record_s_zone() -> None:
    """At 03:00 UTC on 1 March it is still 28 February in Los Angeles: a pain that ended on 1 March is not over."""
    record = Record(id="synthetic", zone="America/Los_Angeles", facts=(Pain(id="A", areas=KNEE, until=on(2026, 3, 1)),))
    assert marked(record, datetime(2026, 3, 1, 3, tzinfo=UTC)).counts.areas == 1
    assert marked(record, datetime(2026, 3, 1, 12, tzinfo=UTC)).counts.areas == 0


def test_a_pain_with_a_month_for_its_end_is_over_when_the_month_is() -> None:
    month = When(first=date(2024, 2, 1), last=date(2024, 2, 29))
    record = Record(id="synthetic", facts=(Pain(id="A", areas=KNEE, until=month),))
    assert marked(record, date(2024, 2, 28)).counts.areas == 1
    assert marked(record, date(2024, 2, 29)).counts.areas == 0


@given(st.sets(st.sampled_from(IDS)))
def test_sides_and_views_each_add_up(chosen: set[str]) -> None:
    found = count(in_order(chosen))
    assert sum(found.sides.values()) == sum(found.views.values()) == found.areas == len(chosen)
    assert len(found.both_sides) <= min(found.sides.values())
