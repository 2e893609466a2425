"""How long relief lasts"""

from __future__ import annotations

from own_results import relieved, treated, whole

from levamen.emit.results_words import half_words, month_words


def test_of_those_who_had_it_at_first() -> None:
    """The curve is of those whose first answer had half relief. Those who never had it, and those without an answer,
    stand beside it.
    """
    relief = whole(relieved(30, 180), treated(12, "no"), treated(5)).relief
    assert (relief.at_first, relief.never, relief.unknown) == (30, 12, 5)
    assert relief.curve is not None
    assert relief.curve.followed == 30


def test_lost_between_two_visits() -> None:
    """Held at three months and gone at six: half have lost it between these days, and not on one of them."""
    found = whole(relieved(20, 89, 181)).relief
    assert half_words(found) == "Half have lost it between day 89 and day 181 (95 % limits day 90 to day 181)."


def test_still_holding_is_followed_until_the_last_answer() -> None:
    """Sixteen still relieved at three months and not asked again, fourteen asked at six: after three months fourteen
    are followed, and nobody is counted as lost. That none of fourteen lost it could be luck: the lower limit is exact,
    0.025 to the power of 1 in 14, or 77 of 100.
    """
    found = whole(relieved(16, 91), relieved(14, 184)).relief
    assert [row.followed for row in found.months] == [30, 30, 30, 14, 0]
    assert found.lost == 0
    assert month_words(found.months[3]) == "6 months: 14 still followed; 100 of 100 still relieved (77 to 100)"


def test_after_fewer_than_ten_there_is_no_share() -> None:
    """Nine followed to a year: the curve has ended before."""
    found = whole(relieved(20, 91), relieved(9, 380)).relief
    assert found.curve is not None
    assert found.curve.ends == 91
    assert month_words(found.months[4]) == "12 months: 9 still followed; too few for a share"


def test_a_repeat_is_no_loss_and_is_told() -> None:
    """Six had a repeat on day 120 while relief held: they are followed to their last answer. What the share would be if
    each repeat had been a loss stands beside it. Death is never read so.
    """
    found = whole(
        relieved(20, 200),
        relieved(6, 91, end="repeat-procedure", end_day=120),
        relieved(4, 91, end="death", end_day=150),
    ).relief
    assert found.ends == (("death", 4), ("repeat-procedure", 6))
    assert month_words(found.months[3]) == (
        "6 months: 20 still followed; 100 of 100 still relieved (83 to 100), "
        "77 if each repeat, rescue or surgery was a loss"
    )


def test_too_few_for_a_curve() -> None:
    """Counts alone."""
    assert half_words(whole(relieved(4, 91), relieved(3, 91, 180)).relief) == (
        "Too few for a curve: 7 had relief at first, 3 of them were seen to lose it."
    )
