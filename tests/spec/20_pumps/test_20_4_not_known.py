"""What is not known"""

from __future__ import annotations

from typing import Any

import pytest
from reservoir import due, pump


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"alarm_ml": None}, "the alarm volume is not recorded"),
        ({"rate_ml_per_day": None}, "the rate is not recorded"),
        ({"filled_ml": None}, "neither the volume filled"),
        ({"filled_at": None}, "neither the volume filled"),
        ({"rate_ml_per_day": "0"}, "delivers nothing"),
        ({"rate_ml_per_day": "0.047"}, "too slow for this pump"),
        ({"filled_at": "2026-01-12T09:00"}, "later than the moment asked for"),
        ({"rate_ml_per_day": None, "dose_per_day": "3"}, "the rate is not recorded"),
        ({"rate_ml_per_day": None, "dose_per_day": "3 mg", "drugs": "[{drug: morphine}]"}, "the rate is not recorded"),
    ],
)
def test_no_volume_no_date(changed: dict[str, Any], reason: str) -> None:
    """Without fill, rate or alarm the refill is not known, and the reason is given. No default stands in for a setting
    of this patient."""
    found = pump(**changed)
    assert (due(**changed), found.schedule.book_by, found.standing) == ("unknown", None, "unknown")
    assert any(reason in text for text in found.schedule.reasons)


def test_the_latest_it_can_be() -> None:
    """What is known still gives a last day: ziconotide for the first time is replaced after 14 days, whatever the
    volume. It is never called the date."""
    found = pump(filled_ml=None, drugs="[{drug: ziconotide, first_fill: true}]").schedule
    assert found.refill is None
    assert found.latest is not None
    assert (found.latest.day.isoformat(), found.latest.kind) == ("2026-01-24", "drug-age")
    overdue = pump(filled_ml=None, drugs="[{drug: ziconotide, first_fill: true}]", as_of="2026-01-24")
    assert overdue.standing == "overdue"


def test_a_residual_alone_will_do() -> None:
    """A volume that was read with its time gives the date without the fill; the age of the drug is then not known."""
    read = {"filled_ml": None, "filled_at": None, "residual_ml": "8", "residual_at": "2026-01-20T09:00"}
    assert due(as_of="2026-01-21", **read) == "2026-01-30T09:00+01:00"
    assert (
        "when the reservoir was filled, so that no age limit is applied"
        in pump(as_of="2026-01-21", **read).schedule.open
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bolus_ml_per_day_max": None}, "whether the patient can take boluses"),
        ({"eri": None}, "the replacement indicator or the end of service"),
        ({"drugs": None}, "the drugs in the pump"),
    ],
)
def test_what_could_make_it_earlier_is_named(changed: dict[str, Any], said: str) -> None:
    """Boluses, drugs and battery that nobody recorded could make it earlier. The date is then called the latest it can
    be, and what is missing is named: not recorded is never none."""
    found = pump(**changed)
    assert any(said in text for text in found.schedule.open)
    assert (found.sure, due(**changed)) == (False, "2026-02-09T09:00+01:00")


def test_the_slowest_rate_is_no_error() -> None:
    """0.048 mL a day is the slowest rate of this model and is believed; a slower one is an error of entry. Of another
    model nothing is known."""
    assert due(rate_ml_per_day="0.048", alarm_ml="19") == "2026-01-31T05:00+01:00"
    assert due(rate_ml_per_day="0.047", alarm_ml="19", model="Prometra II") != "unknown"


def test_a_residual_later_than_now_is_not_seen() -> None:
    """A reading after the moment asked for is not looked at."""
    later = {"residual_ml": "8", "residual_at": "2026-01-20T09:00"}
    assert due(as_of="2026-01-19", **later) == "2026-02-09T09:00+01:00"
    assert due(as_of="2026-01-20", **later) == "2026-01-30T09:00+01:00"
