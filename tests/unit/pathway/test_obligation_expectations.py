"""`expect: {obligation: …}`: what and why are parts of the text, who and due are exact; an absent duty is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from msgspec import Struct

from levamen.knowledge.registry import packaged
from levamen.pathway.expectations import Result, check
from levamen.record.facts import Payer, Record, Request
from levamen.record.timeline import When

DUE = date(2026, 6, 1)
ON_DUE = When.on(DUE)


class Entry(Struct, frozen=True):
    fields: dict[str, Any]
    where: str = "expect[0]"


class Chart(Struct, frozen=True):
    record: Record
    expectations: tuple[Entry, ...]


def tried(expect: Mapping[str, Any], *, start: When | None = ON_DUE) -> Result:
    requests = (
        Request(id="R-1", therapy="epidural-steroid-injection", setting="office", start=start),
        Request(id="R-2", therapy="medial-branch-block", setting="office", start=start),
    )
    record = Record(id="t", as_of=ON_DUE, payers=(Payer(kind="medicare", state="TX"),), requests=requests)
    (result,) = check(Chart(record, (Entry(dict(expect)),)), packaged())
    return result


WISER = {"obligation": "wiser-epidural", "request": "R-1"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"obligation": "cms-wiser"},
        {"what": "prior authorization"},
        {"what": ["Prior Authorization", "review before payment"]},
        {"why": "wiser model"},
        {"who": "coordinator"},
        {"due": "2026-06-01"},
        {"due": DUE},
        {"source": "FFS-PA"},
    ],
)
def test_what_came_out_is_accepted(more: Mapping[str, Any]) -> None:
    assert tried({**WISER, **more}).differences == ()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"what": "a letter"}, "what: expected a letter, got prior authorization"),
        ({"what": ["prior authorization", "a letter"]}, "what: expected a letter"),
        ({"why": "a letter"}, "why: expected a letter"),
        ({"who": "coord"}, "who: expected coord, got coordinator"),
        ({"due": "2026-06-02"}, "due: expected 2026-06-02, got 2026-06-01"),
        ({"source": "NGS-PA"}, "source: NGS-PA is not cited"),
        ({"obligation": "prior-authorization-facet"}, "expected prior-authorization-facet once, got wiser-epidural"),
        ({"request": "R-2"}, "expected wiser-epidural once, got red-flags"),
    ],
)
def test_anything_else_is_a_difference(more: Mapping[str, Any], says: str) -> None:
    result = tried({**WISER, **more})
    assert len(result.differences) == 1
    assert says in result.differences[0]


def test_no_service_date_is_no_due_date() -> None:
    assert tried({**WISER, "due": "2026-06-01"}, start=None).differences == ("due: expected 2026-06-01, got nothing",)


@pytest.mark.parametrize("unwanted", ["wiser-epidural", "cms-wiser", "review before payment", "in six states"])
def test_what_must_be_absent_is_looked_for_among_the_duties_of_its_request(unwanted: str) -> None:
    assert not tried({"absent": unwanted, "request": "R-1"}).passed
    assert tried({"absent": unwanted, "request": "R-2"}).passed
