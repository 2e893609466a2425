"""The volume that is left"""

from __future__ import annotations

import pytest
from reservoir import binding, due, pump


def test_alarm_volume() -> None:
    """20 mL down to an alarm at 2 mL, at 0.6 mL a day, are 30 days to the hour."""
    assert due() == "2026-02-09T09:00+01:00"
    assert binding() == "alarm"


def test_higher_alarm_is_earlier() -> None:
    """With the alarm at 4 mL they are 26 days and 16 hours: the refill is due when the alarm can sound, not when the
    reservoir is empty."""
    assert due(alarm_ml="4") == "2026-02-06T01:00+01:00"


def test_patient_boluses_count_at_the_most() -> None:
    """What the patient may take counts as taken: 0.3 mL a day of boluses beside 0.6 mL leave 20 days."""
    assert due(bolus_ml_per_day_max="0.3") == "2026-01-30T09:00+01:00"


def test_dose_and_concentration_are_a_rate() -> None:
    """Where no rate is recorded, the dose a day over the concentration of the one drug is the rate: 3 mg a day of
    5 mg/mL. Milligrams and micrograms are told apart."""
    assert due(rate_ml_per_day=None, dose_per_day="3 mg") == "2026-02-09T09:00+01:00"
    assert due(rate_ml_per_day=None, dose_per_day="3000 mcg") == "2026-02-09T09:00+01:00"


def test_of_two_rates_the_faster() -> None:
    """Where dose and rate do not agree the faster one gives the date, and the difference is shown. Apart by a factor of
    a thousand, milligrams and micrograms may be swapped, which is said."""
    found = pump(dose_per_day="6 mg")
    assert found.schedule.refill is not None
    assert found.schedule.refill.at.isoformat(timespec="minutes") == "2026-01-25T09:00+01:00"
    assert [row.found for row in found.warnings if row.id == "dose-and-rate"] == [
        "dose over concentration is 1.2 mL a day, the rate 0.6: the faster counts"
    ]
    swapped = pump(dose_per_day="3000 mg")
    assert any("mg and mcg may be swapped" in row.found for row in swapped.warnings)


def test_a_more_careful_date() -> None:
    """A clinic may allow for a pump that runs faster than programmed: with 14.5 per cent, the 30 days become 26.2."""
    found = pump(tolerance="14.5").schedule
    assert found.refill is not None
    assert found.refill.at.isoformat(timespec="minutes") == "2026-02-05T13:49+01:00"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"residual_ml": "8", "residual_at": "2026-01-20T09:00"}, "2026-01-30T09:00+01:00"),
        ({"residual_ml": "17", "residual_at": "2026-01-20T09:00"}, "2026-02-09T09:00+01:00"),
        ({"residual_ml": "3", "residual_at": "2026-01-10T08:30"}, "2026-02-09T09:00+01:00"),
        ({"residual_ml": "3", "residual_at": "2026-01-10"}, "2026-02-09T09:00+01:00"),
    ],
)
def test_a_later_residual(changed: dict[str, str], expected: str) -> None:
    """A residual read after the fill can only make the date earlier: 8 mL on the tenth day last ten days more, 17 mL
    are no reason to wait, because a pump that gave too little is no good news. One read before the fill, or on its day
    without a clock time, is what was left of the fill before."""
    assert due(as_of="2026-01-21", **changed) == expected


def test_more_than_it_holds() -> None:
    """A fill of 42 mL into 40 mL counts as 40, and is shown as an overfill or an error of entry."""
    assert due(filled_ml="42", rate_ml_per_day="2", drugs="[{drug: morphine}]") == "2026-01-29T09:00+01:00"
    assert "overfill" in {row.id for row in pump(filled_ml="42").warnings}


def test_already_at_the_alarm() -> None:
    """A volume at or below the alarm is due at once."""
    assert due(filled_ml="2") == "2026-01-10T09:00+01:00"
