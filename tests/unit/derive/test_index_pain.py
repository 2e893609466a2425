"""Which pain a request is about: named, or the only one the record leaves; otherwise several (hazard H-11)."""

from __future__ import annotations

import pytest

from levamen.derive.index_pain import candidates, region_of
from levamen.record.facts import Pain, Request

LOW_BACK = Pain(id="low", site="low-back", side="right", pattern="axial")
LEG = Pain(id="leg", region="lower-limb", side="right", pattern="radicular")
NECK = Pain(id="neck", region="cervical", pattern="axial")
BARE = Pain(id="bare")


def meant(pains: list[Pain], therapy: str = "medial-branch-block", **fields: str | None) -> list[str]:
    request = Request(id="R-1", therapy=therapy, **fields)
    return [pain.id for pain in candidates(pains, request)]


def test_a_named_pain_is_meant_whatever_it_is() -> None:
    assert meant([LOW_BACK, NECK], region="lumbar", pain="neck") == ["neck"]
    assert meant([LOW_BACK], region="lumbar", pain="gone") == []


def test_by_place() -> None:
    assert meant([LOW_BACK, NECK], region="lumbar") == ["low"]
    assert meant([LOW_BACK, NECK], region="cervical") == ["neck"]
    assert meant([NECK], region="lumbar") == []


def test_by_what_the_therapy_is_for() -> None:
    """Back pain and leg pain of one side: the block is for the one, the epidural for the other."""
    assert meant([LOW_BACK, LEG], region="lumbar", side="right") == ["low"]
    assert meant([LOW_BACK, LEG], "epidural-steroid-injection", region="lumbar", side="right") == ["leg"]


@pytest.mark.parametrize(("side", "expected"), [("right", ["low"]), ("left", []), ("both", ["low"]), (None, ["low"])])
def test_by_side(side: str | None, expected: list[str]) -> None:
    assert meant([LOW_BACK], region="lumbar", side=side) == expected


def test_two_alike_are_both_candidates() -> None:
    other = Pain(id="other", site="low-back", side="right", pattern="axial")
    assert meant([LOW_BACK, other], region="lumbar", side="right") == ["low", "other"]


def test_one_of_unknown_pattern_may_be_meant_too() -> None:
    """Filling in its pattern must not turn an answer: until then it stays a candidate."""
    other = Pain(id="other", site="low-back", side="right")
    assert meant([LOW_BACK, other], region="lumbar", side="right") == ["low", "other"]


def test_nothing_said_of_a_pain_excludes_nothing() -> None:
    assert meant([BARE], region="lumbar", side="left") == ["bare"]


def test_stimulation_is_not_where_the_pain_is_felt() -> None:
    assert meant([LEG], "spinal-cord-stimulation-trial", region="thoracic") == ["leg"]


def test_region_of_a_site() -> None:
    assert region_of(LOW_BACK) == "lumbar"
    assert region_of(BARE) is None
