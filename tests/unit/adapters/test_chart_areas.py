"""The areas of a pain in a chart: read, refused in words, written again and carried through FHIR."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.balance import Reading
from levamen.adapters.chart import read_chart
from levamen.adapters.chart_write import write_chart
from levamen.adapters.fhir import read_bundle
from levamen.adapters.fhir_write import bundle_of
from levamen.knowledge.body_map import body_map
from levamen.record.facts import Pain, Record

IDS = list(body_map().areas)
HEAD = "chart: 1\nrecorded: 2026-02-20\npain:\n"


def read(entry: str) -> Reading:
    return read_chart(f"{HEAD}  - {entry}\n", "c.yaml")


def areas(reading: Reading) -> frozenset[str]:
    (pain,) = reading.record.of(Pain)
    assert isinstance(pain, Pain)
    return pain.areas


def rejection(entry: str) -> str:
    balance = read(entry).balance
    assert (balance.items, balance.accepted, balance.rejected) == (1, 0, 1)
    (issue,) = balance.issues
    assert "\n" not in issue.what
    return issue.what


def remarks(entry: str) -> list[str]:
    reading = read(entry)
    assert reading.balance.accepted == 1
    return [issue.what for issue in reading.balance.issues]


def test_areas_are_read() -> None:
    found = read("{id: P, site: low-back, side: both, areas: [back-left-low-back, back-right-low-back]}")
    assert areas(found) == {"back-left-low-back", "back-right-low-back"}
    assert found.balance.issues == ()


def test_a_pain_without_areas_has_none() -> None:
    assert areas(read("{id: P, site: knee}")) == frozenset()


def test_one_area_may_stand_without_brackets() -> None:
    assert areas(read("{id: P, areas: front-left-knee}")) == {"front-left-knee"}


@pytest.mark.parametrize("written", ["Front left knee", "front_left_knee", "FRONT-LEFT-KNEE"])
def test_spaces_and_capitals_are_forgiven_and_told(written: str) -> None:
    entry = f"{{id: P, areas: [{written}]}}"
    assert areas(read(entry)) == {"front-left-knee"}
    assert "resolved to front-left-knee" in remarks(entry)[0]


def test_an_unknown_area_names_the_nearest() -> None:
    assert "'back-right-tigh' is no area; nearest: back-right-thigh" in rejection("{id: P, areas: [back-right-tigh]}")


def test_a_missing_side_is_never_filled_in() -> None:
    told = rejection("{id: P, side: right, areas: [back-thigh]}")
    assert "back-left-thigh" in told
    assert "back-right-thigh" in told


def test_a_word_like_no_area_says_where_they_are_listed() -> None:
    assert "levamen body-map --format json" in rejection("{id: P, areas: [zzzz]}")


@pytest.mark.parametrize("value", ["[true]", "[{a: 1}]", "[[front-left-knee]]", "[12]", '[""]'])
def test_what_is_no_word_is_rejected(value: str) -> None:
    assert "`areas" in rejection(f"{{id: P, areas: {value}}}")


@pytest.mark.parametrize(
    ("side", "area"), [("left", "front-right-knee"), ("right", "front-left-knee"), ("left", "back-right-low-back")]
)
def test_an_area_on_the_other_side_is_refused(side: str, area: str) -> None:
    told = rejection(f"{{id: P, side: {side}, areas: [front-{side}-thigh, {area}]}}")
    assert f"`areas`: {area} is not on the {side}, the pain's `side`" in told
    assert "side: both" in told


def test_several_on_the_other_side_are_all_named() -> None:
    told = rejection("{id: P, side: left, areas: [front-right-knee, front-right-foot]}")
    assert "front-right-foot, front-right-knee are not on the left" in told


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_area_on_the_same_side_is_accepted(side: str) -> None:
    assert remarks(f"{{id: P, side: {side}, areas: [front-{side}-knee]}}") == []


def test_without_a_side_none_is_made_of_the_areas() -> None:
    reading = read("{id: P, areas: [front-left-knee]}")
    (pain,) = reading.record.of(Pain)
    assert isinstance(pain, Pain)
    assert pain.side is None


@pytest.mark.parametrize("side", ["both", "midline"])
def test_both_sides_said_and_one_marked_is_told(side: str) -> None:
    assert remarks(f"{{id: P, side: {side}, areas: [back-left-low-back]}}") == [
        f"`side` is {side}, and every area marked is on the left"
    ]
    assert remarks(f"{{id: P, side: {side}, areas: [back-left-low-back, back-right-low-back]}}") == []


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(IDS)))
def test_every_set_of_areas_survives_a_chart_and_a_bundle(chosen: set[str]) -> None:
    record = Record(id="synthetic", facts=(Pain(id="P", areas=frozenset(chosen)),))
    again = read_chart(write_chart(record), "c.yaml")
    assert again.record == record
    assert again.balance.rejected == 0
    assert areas(read_bundle(bundle_of(record), "b.json")) == chosen


def test_the_order_in_a_chart_makes_no_difference() -> None:
    forward, backward = ", ".join(IDS), ", ".join(reversed(IDS))
    one, other = (read(f"{{id: P, areas: [{listed}]}}").record for listed in (forward, backward))
    assert one == other
    assert write_chart(one) == write_chart(other)
