"""Properties of the language: every kind is grown, every tree is sound, can be said, and comes back from bytes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from growing import criteria, criterion_of, few
from hypothesis import given

from levamen.criteria import serial
from levamen.criteria.check import problems
from levamen.criteria.english import sentence
from levamen.criteria.nodes import (
    NODE_KINDS,
    All,
    Among,
    Choice,
    Cite,
    Compare,
    Count,
    Criterion,
    Elapsed,
    Exists,
    Facts,
    Field,
    Held,
    Latest,
    Limit,
    Number,
    Same,
    Stated,
    The,
    Truth,
    Window,
    walk,
)
from levamen.derive.views import VIEWS
from levamen.record.timeline import Duration

NOT_GROWN: dict[type, str] = {}
"""Node kinds that are not generated, each with the reason. There are none."""


def test_every_node_kind_is_grown() -> None:
    seen: set[type] = set()
    windows: set[str] = set()

    @few(400)
    @given(criteria)
    def collect(criterion: Criterion) -> None:
        for node in walk(criterion.says):
            seen.add(type(node))
            if isinstance(node, Window):
                windows.add(node.kind)

    collect()
    assert set(NODE_KINDS) - seen == set(NOT_GROWN)
    assert windows == {"rolling", "anchored", "calendar-year", "episode", "lifetime"}


@few(250)
@given(criteria)
def test_what_is_grown_is_sound(criterion: Criterion) -> None:
    assert problems(criterion, VIEWS) == ()


@few(250)
@given(criteria)
def test_bytes_and_back(criterion: Criterion) -> None:
    data = serial.to_bytes(criterion)
    assert serial.from_bytes(data) == criterion
    assert serial.to_bytes(serial.from_bytes(data)) == data


@few(250)
@given(criteria)
def test_it_can_be_said(criterion: Criterion) -> None:
    said = sentence(criterion.says)
    assert said[0] == said[0].upper()
    assert said.endswith(".")
    assert len(said) > 3
    assert not [bad for bad in ("None", "{", "}", "Struct", "frozenset", "Decimal") if bad in said], said


CITE = Cite("TEXT", "1", "primary")
TWO = Limit("l", ">=", Decimal(2), CITE)
WEEKS = Limit("l", ">=", Duration(TWO.number, "weeks"), CITE)
BLOCKS = Facts("procedures", "block")


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        (Exists(Facts("unicorns", "unicorn")), "no facts of kind 'unicorns'"),
        (Exists(Facts("labs", "lab", max_age=TWO)), "max_age is a length of time"),
        (Exists(Facts("procedures", "block", window=Window("rolling"))), "rolling window needs a length"),
        (Exists(Facts("procedures", "block", window=Window("rolling", TWO))), "rolling window needs a length"),
        (Compare(Count(BLOCKS), ()), "needs a limit"),
        (Compare(Count(BLOCKS), (WEEKS,)), "Count cannot be compared"),
        (The(Latest(BLOCKS), Compare(Elapsed(Field("it", "start")), (TWO,))), "Elapsed cannot be compared"),
        (The(Latest(BLOCKS), Compare(Number(Field("it", "best_relief")), (WEEKS,))), "Number cannot be compared"),
        (The(Latest(BLOCKS), Compare(Held("relief", WEEKS), (WEEKS,))), "level of a gain is a percentage"),
        (Among(Field("subject", "guidance"), ()), "no words to compare"),
        (Among(Field("subject", "unicorn"), (Choice("c", frozenset({"a"}), CITE),)), "has no field 'unicorn'"),
        (Among(Field("it", "region"), (Choice("c", frozenset({"a"}), CITE),)), "asked of no fact"),
        (The(Latest(BLOCKS), Stated(Field("it", "unicorn"))), "has no field 'unicorn'"),
        (Exists(Facts("labs", "lab", where=Same("joints", "covers"))), "has no field 'joints'"),
        (Compare(Number(Field("payer", "unicorn")), (TWO,)), "has no field 'unicorn'"),
        (All((Exists(BLOCKS), Compare(Elapsed(Field("person", "birth")), (WEEKS,)))), "has no field 'birth'"),
    ],
)
def test_what_is_broken_is_refused(says: Truth, fault: str) -> None:
    found = problems(criterion_of(says), VIEWS)
    assert any(fault in text for text in found), found
    assert all(text.startswith("grown: ") for text in found)


def test_criterion_without_a_source_is_refused() -> None:
    assert problems(Criterion(id="c", says=All(()), cites=(), remedy="none"), VIEWS) == ("c: no source",)


@pytest.mark.parametrize("says_so", [True, False])
def test_unverified_must_be_said(says_so: bool) -> None:
    mark = "primary" if says_so else "unverified"
    wrong = Criterion(id="c", says=All(()), cites=(Cite("T", "1", mark),), remedy="none", rests_on_unverified=says_so)
    assert "rests_on_unverified" in problems(wrong, VIEWS)[0]
