"""Results of a trial: the diary of its last full days against the baseline, doses before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from levamen.derive.relief import treatment
from levamen.derive.trials import TrialResult, trial_result
from levamen.record.facts import DiaryRow, FunctionChange, Procedure, Relief, Trial
from levamen.record.timeline import Interval, When


def day(of_may: int) -> When:
    return When.on(date(2026, 5, of_may))


def result(trial: Trial | None, as_of: date = date(2026, 5, 20), **fields: object) -> TrialResult:
    row = Procedure(
        id="T-1",
        therapy="spinal-cord-stimulation-trial",
        start=day(4),
        end=day(10),
        relief=(Relief(scale="nrs", before=Decimal(8), after=Decimal(4), at=day(10)),),
        trial=trial,
        **fields,
    )
    return trial_result(treatment(row, as_of), as_of)


DIARY = Trial(diary=tuple(DiaryRow(at=day(d), value=Decimal(v)) for d, v in ((5, 8), (7, 3), (8, 2), (9, 1), (10, 7))))


def test_the_last_three_full_days() -> None:
    """7, 8 and 9 May: the day of removal is not a full day. (8 - 2) / 8 is 75 per cent."""
    assert result(DIARY).pain_change == Interval.exactly(75)


def test_as_known_then() -> None:
    """As of 8 May the diary ends on 8 May: 3 and 2, a mean of 2.5."""
    assert result(DIARY, date(2026, 5, 8)).pain_change == Interval.exactly((8 - Fraction(5, 2)) / 8 * 100)


def test_answers_that_differ_for_one_hour_leave_the_mean_open() -> None:
    """On the last full day 2 and 6 for one hour: the mean of three days lies between those with either."""
    noon = datetime(2026, 5, 9, 12, tzinfo=UTC)
    hour = When(noon.date(), noon.date(), noon)
    rows = (DiaryRow(at=day(7), value=Decimal(3)), DiaryRow(at=day(8), value=Decimal(4)))
    both = tuple(DiaryRow(at=hour, value=Decimal(value)) for value in (2, 6))
    found = result(Trial(diary=(*rows, *both)), date(2026, 5, 10)).pain_change
    means = (Fraction(9, 3), Fraction(13, 3))
    assert found == Interval((8 - means[1]) / 8 * 100, (8 - means[0]) / 8 * 100)


def test_without_a_diary_the_last_relief() -> None:
    assert result(Trial()).pain_change == Interval.exactly(50)
    assert result(None).pain_change == Interval.exactly(50)


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (Trial(mme_before=Decimal(60), mme_after=Decimal(30)), Interval.exactly(50)),
        (Trial(mme_before=Decimal(60), mme_after=Decimal(90)), Interval.exactly(-50)),
        (Trial(mme_before=Decimal(0), mme_after=Decimal(0)), None),
        (Trial(mme_before=Decimal(60)), None),
        (Trial(analgesic_change_percent=Decimal(-40)), Interval.exactly(40)),
        (Trial(), None),
        (None, None),
    ],
)
def test_analgesics(trial: Trial | None, expected: Interval | None) -> None:
    """Positive is less medicine; nothing recorded is unknown, never no change."""
    assert result(trial).analgesic_change == expected


def test_function() -> None:
    better = (FunctionChange(instrument="odi", before=Decimal(50), after=Decimal(40), at=day(10)),)
    worse = (FunctionChange(instrument="odi", before=Decimal(50), after=Decimal(60), at=day(10)),)
    assert result(Trial(), function=better).function_improved is True
    assert result(Trial(), function=worse).function_improved is False
    assert result(Trial()).function_improved is None
    assert result(Trial(activity_test=True)).function_improved is True
    assert result(Trial(activity_test=True), function=worse).function_improved is False


def test_what_was_said_is_kept() -> None:
    found = result(Trial(coverage_adequate=False, repositioned=True, satisfied=True))
    assert (found.coverage_adequate, found.repositioned, found.satisfied) == (False, True, True)
    assert result(None).coverage_adequate is None
