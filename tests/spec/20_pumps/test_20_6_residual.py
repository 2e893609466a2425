"""The residual that was found"""

from __future__ import annotations

from typing import Any

import pytest
from reservoir import pump

from levamen.derive.pump_checks import Residual


def found(ml: str, at: str = "2026-01-20T09:00", **changed: Any) -> Residual:
    result = pump(as_of="2026-12-01", residual_ml=ml, residual_at=at, **changed).residual
    assert isinstance(result, Residual), result
    return result


@pytest.mark.parametrize(
    ("ml", "meaning"),
    [("14", None), ("16", None), ("16.1", "more-left"), ("12", None), ("11.9", "less-left")],
)
def test_apart_by_more_than_the_setting(ml: str, meaning: str | None) -> None:
    """After ten days 14 mL should be left. No authority says how far apart is too far: 2 mL, or a fifth of what should
    have run where that is more, are settings of ours."""
    result = found(ml)
    assert (str(result.expected), result.meaning.id if result.meaning else None) == ("14", meaning)


@pytest.mark.parametrize(("ml", "flagged"), [("8", False), ("8.1", True), ("2", False), ("1.9", True)])
def test_a_fifth_of_what_should_have_run(ml: str, flagged: bool) -> None:
    """After 25 days 15 mL should have run and 5 mL be left; a fifth of 15 is 3 mL."""
    assert found(ml, "2026-02-04T09:00").flagged is flagged


def test_boluses_may_have_been_taken() -> None:
    """Boluses that the patient may have taken make a span: 10 to 14 mL. Only what lies beyond it by the setting is
    apart."""
    assert str(found("8", bolus_ml_per_day_max="0.4").expected) == "10 to 14"
    assert found("8", bolus_ml_per_day_max="0.4").flagged is False
    assert found("7.9", bolus_ml_per_day_max="0.4").flagged is True


def test_days_without_hours_make_a_span() -> None:
    """Where the hour of fill or reading is not known, what should be left is a span of as many hours."""
    assert str(found("14", "2026-01-20").expected) == "13.6 to 14.2"


def test_more_left_is_a_sign_of_a_mass_or_a_stall() -> None:
    """More left than expected is said to be a stall, a kink or a mass at the catheter tip, with its source."""
    meaning = found("18").meaning
    assert meaning is not None
    assert "catheter tip" in meaning.says
    assert {cite.source for cite in meaning.cites} == {"DEER-2003", "ANESTH-2004-LETTER"}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "no residual with its time is recorded"),
        ({"residual_ml": "3"}, "no residual with its time is recorded"),
        ({"residual_ml": "3", "residual_at": "2026-01-10T08:00"}, "read before this fill"),
        ({"residual_ml": "3", "residual_at": "2026-01-20T09:00", "filled_ml": None}, "is not recorded"),
    ],
)
def test_nothing_to_compare(changed: dict[str, Any], why: str) -> None:
    """Without both volumes and their times nothing is compared, and it is said why."""
    result = pump(as_of="2026-12-01", **changed).residual
    assert isinstance(result, str)
    assert why in result
