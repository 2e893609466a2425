"""How long a fill keeps"""

from __future__ import annotations

import pytest
from reservoir import ZICONOTIDE, binding, due, pump

SLOW = {"rate_ml_per_day": "0.096", "drugs": ZICONOTIDE}
"""2.4 mcg a day of 25 mcg/mL: the volume would last half a year."""


@pytest.mark.parametrize(
    ("dilution", "first_fill", "expected"),
    [
        ("false", "false", "2026-04-04T09:00+02:00"),
        ("undiluted", "2025-03-04", "2026-04-04T09:00+02:00"),
        ("true", "false", "2026-02-19T09:00+01:00"),
        ("1:5", "false", "2026-02-19T09:00+01:00"),
        ("false", "true", "2026-01-24T09:00+01:00"),
        ("false", "2026-01-10", "2026-01-24T09:00+01:00"),
        ("true", "true", "2026-01-24T09:00+01:00"),
    ],
)
def test_ziconotide(dilution: str, first_fill: str, expected: str) -> None:
    """Ziconotide is replaced 84 days after the fill where it is undiluted, 40 where it is diluted, 14 where it is the
    first fill of a new pump, however much is left."""
    row = f"{{drug: ziconotide, concentration: 25 mcg/mL, dilution: {dilution}, first_fill: {first_fill}}}"
    assert due(rate_ml_per_day="0.096", drugs=f"[{row}]") == expected
    assert binding(rate_ml_per_day="0.096", drugs=f"[{row}]") == "drug-age"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{drug: ziconotide, first_fill: false}", "2026-02-19T09:00+01:00"),
        ("{drug: ziconotide, dilution: false}", "2026-01-24T09:00+01:00"),
        ("{drug: ziconotide}", "2026-01-24T09:00+01:00"),
    ],
)
def test_not_recorded_is_the_shorter(row: str, expected: str) -> None:
    """Where nobody wrote whether it was diluted, or whether it was the first fill, the shorter limit stands."""
    assert due(rate_ml_per_day="0.096", drugs=f"[{row}]") == expected


def test_volume_first() -> None:
    """The age binds only where it comes before the alarm."""
    assert binding(drugs=ZICONOTIDE) == "alarm"
    assert due(drugs=ZICONOTIDE) == "2026-02-09T09:00+01:00"


def test_morphine_is_awaiting_confirmation() -> None:
    """The 180 days of morphine are not confirmed. They may bring a date forward, which is safe, and
    are marked."""
    slow = pump(rate_ml_per_day="0.09").schedule
    assert slow.refill is not None
    assert (slow.refill.day.isoformat(), slow.refill.kind) == ("2026-07-09", "drug-age")
    assert {cite.mark for cite in slow.refill.cites} == {"unverified"}


def test_no_source() -> None:
    """Of a drug whose age limit no source held gives, and of a mixture, that is said: the date is the latest it can
    be."""
    found = pump(drugs="[{drug: hydromorphone, concentration: 5 mg/mL}]")
    assert found.schedule.open == ("how long hydromorphone keeps in a pump: no source is held",)
    assert found.sure is False
    both = pump(drugs="[{drug: morphine, concentration: 5 mg/mL}, {drug: ziconotide, concentration: 5 mcg/mL}]")
    assert "how long a mixture keeps: no source is held" in both.schedule.open
    assert pump().sure is True
