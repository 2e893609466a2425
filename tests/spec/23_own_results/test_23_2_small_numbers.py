"""Small numbers"""

from __future__ import annotations

import pytest
from own_results import ABLATION, results, said, treated, whole


@pytest.mark.parametrize(("answers", "rate"), [(9, False), (10, True), (11, True)])
def test_no_rate_of_fewer_than_ten(answers: int, rate: bool) -> None:
    """Nine answers have counts alone, ten have a rate."""
    assert (whole(treated(answers, "yes")).first.of_answers is not None) is rate


def test_counts_are_still_told() -> None:
    """Too few for a rate is said as such, with the counts."""
    assert said(treated(3, "yes"), treated(4, "no")) == (
        "Too few for a rate: 3 of 7 with an answer had at least 50 % less pain at 6 months; 7 were due."
    )


def test_small_indications_are_joined() -> None:
    """Radicular pain has four answers and referred pain seven: they are told together."""
    (one,) = results(
        treated(40, "yes"),
        treated(4, "no", indication="radicular"),
        treated(7, "no", indication="referred"),
    ).procedures
    assert [[indication for _, indication in group.members] for group in one.groups] == [
        ["axial"],
        ["radicular", "referred"],
    ]
    assert [group.answered for group in one.groups] == [40, 11]


def test_one_small_indication_takes_a_larger_one_with_it() -> None:
    """With four alone, all less the others would be the four. So the smallest other is joined to it."""
    (one,) = results(
        treated(40, "yes"), treated(4, "no", indication="radicular"), treated(12, "no", indication="referred")
    ).procedures
    assert [[indication for _, indication in group.members] for group in one.groups] == [
        ["axial"],
        ["radicular", "referred"],
    ]


def test_small_procedures_are_joined_and_have_no_rate() -> None:
    """Two procedures of which there are too few are counted together. A rate over both would be one of neither."""
    one, other = results(
        treated(40, "yes"),
        treated(6, "yes", therapy="facet-joint-injection"),
        treated(8, "no", therapy="trigger-point-injection"),
    ).procedures
    assert [therapy for therapy, _ in one.members] == [ABLATION]
    assert [therapy for therapy, _ in other.members] == ["facet-joint-injection", "trigger-point-injection"]
    assert (other.whole.answered, other.whole.state, other.whole.first.of_answers) == (14, "counts only", None)
    assert other.whole.relief.curve is None


def test_an_indication_that_is_not_recorded_is_a_group_of_its_own() -> None:
    """Not recorded is shown as not recorded; it is not shared out."""
    (one,) = results(treated(20, "yes"), treated(15, "no", indication=None)).procedures
    assert [[indication for _, indication in group.members] for group in one.groups] == [["axial"], [None]]
