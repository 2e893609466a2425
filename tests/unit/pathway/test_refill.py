"""Refills of a record, and what a chart expects of its pumps."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.adapters.any_input import read_any
from levamen.adapters.chart import read_chart
from levamen.derive.pump import Settings, schedule
from levamen.emit.pump import document, section
from levamen.knowledge.pumps import packaged_pumps
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import default_as_of
from levamen.pathway.expectations import check
from levamen.pathway.refill import Refill, refills
from levamen.record.facts import Device, Record
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

sys.path.append(str(Path(__file__).parents[2] / "spec"))
from reservoir import READINGS

INSIDE = ", ".join(f"{key}: {value}" for key, value in READINGS.items())
CHART = f"""chart: 1
id: one
zone: Europe/Rome
as_of: 2026-01-11
devices:
  - {{id: D-1, kind: intrathecal-pump, model: SynchroMed II, pump: {{{INSIDE}}}}}
  - {{id: D-2, kind: spinal-cord-stimulator}}
  - {{id: D-3, kind: intrathecal-pump, removed: 2025-01-01}}
  - {{id: D-4, kind: intrathecal-pump}}
expect:
"""


def differences(expect: str) -> tuple[str, ...]:
    (result,) = check(read_chart(f"{CHART}  - {expect}\n".encode(), "one"), packaged())
    return result.differences


@pytest.mark.parametrize(
    "expect",
    [
        "{device: D-1, refill_due: 2026-02-09, book_by: 2026-02-02, removal_due: 2028-01-01, binding: alarm}",
        "{device: D-1, refill_due: 2026-02-09T09:00}",
        '{device: D-1, refill_due: "2026-02-09T09:00+01:00"}',
        "{device: D-4, refill_due: unknown, book_by: unknown, removal_due: unknown, missing: rate is not recorded}",
    ],
)
def test_expected(expect: str) -> None:
    assert differences(expect) == ()


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("{device: D-1, refill_due: 2026-02-10}", "refill_due: expected 2026-02-10, got 2026-02-09T09:00+01:00"),
        ("{device: D-1, refill_due: 2026-02-09T10:00}", "refill_due: expected 2026-02-09T10:00, got"),
        ("{device: D-1, refill_due: unknown}", "refill_due: expected unknown, got 2026-02-09"),
        ("{device: D-1, book_by: 2026-02-03}", "book_by: expected 2026-02-03, got 2026-02-02"),
        ("{device: D-1, removal_due: 2027-12-31}", "removal_due: expected 2027-12-31, got 2028-01-01"),
        ("{device: D-1, binding: battery}", "binding: expected battery, got alarm"),
        ("{device: D-1, missing: boluses}", "missing: expected boluses, got nothing"),
        ("{device: D-1, warnings: [mixture]}", "warnings: expected mixture, got nothing"),
        ("{device: D-2, refill_due: unknown}", "refill_due: expected unknown, got nothing"),
        ("{device: D-3, refill_due: unknown}", "device: D-3 is not in place on that day"),
    ],
)
def test_not_as_expected(expect: str, says: str) -> None:
    (found,) = differences(expect)
    assert found.startswith(says)


def test_a_device_that_the_chart_has_not() -> None:
    with pytest.raises(UnusableInput, match="the chart has no device 'D-9'"):
        differences("{device: D-9, refill_due: unknown}")


AMOUNTS = st.decimals(min_value="0.1", max_value=40, places=2)
FILLS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)).map(  # noqa: DTZ001 - zone next
    lambda at: at.replace(tzinfo=UTC, microsecond=0)
)
ROME = ZoneInfo("Europe/Rome")
LATER = date(2040, 1, 1)


def due(pump: dict[str, object], tolerance: int = 0) -> datetime | None:
    settings = Settings(tolerance_percent=Decimal(tolerance))
    found = schedule(pump, "SynchroMed II", LATER, ROME, packaged_pumps(), settings).refill
    return found.at if found is not None else None


@given(FILLS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_less_flow_less_alarm_more_volume_never_earlier(
    fill: datetime, volume: Decimal, alarm: Decimal, rate: Decimal, bolus: Decimal
) -> None:
    pump = {
        "filled_ml": volume,
        "filled_at": When(fill.date(), fill.date(), fill),
        "alarm_ml": alarm,
        "rate_ml_per_day": rate,
    }
    best = due(pump)
    assert best is not None
    worse = [
        {**pump, "bolus_ml_per_day_max": bolus},
        {**pump, "rate_ml_per_day": rate + bolus},
        {**pump, "alarm_ml": alarm + 1},
        {**pump, "filled_ml": max(volume - 1, Decimal(0))},
        {**pump, "reservoir_ml": max(volume - 1, Decimal(0))},
        {**pump, "residual_ml": volume / 2, "residual_at": When(fill.date(), fill.date(), fill + timedelta(hours=1))},
        {**pump, "eri": When(fill.date(), fill.date(), fill + timedelta(days=3))},
        {**pump, "drugs": ({"drug": "ziconotide"},)},
    ]
    for other in worse:
        found = due(other)
        assert found is not None
        assert found <= best
    careful = due(pump, 15)
    assert careful is not None
    assert careful <= best


@given(FILLS, AMOUNTS, st.decimals(min_value="0.05", max_value=2, places=2), st.booleans())
def test_a_day_without_its_hour_is_never_later(
    fill: datetime, volume: Decimal, rate: Decimal, ziconotide: bool
) -> None:
    """Whatever the hour was, the date from the day alone is not after it."""
    local = fill.astimezone(ROME)
    pump: dict[str, object] = {"filled_ml": volume, "alarm_ml": Decimal(1), "rate_ml_per_day": rate}
    if ziconotide:
        pump["drugs"] = ({"drug": "ziconotide"},)
    exact = due({**pump, "filled_at": When(local.date(), local.date(), fill)})
    day = due({**pump, "filled_at": When.on(local.date())})
    assert exact is not None
    assert day is not None
    assert day <= exact


CHARTS = Path(__file__).parents[3] / "examples" / "charts"


@pytest.mark.parametrize("chart", sorted(CHARTS.glob("pump-*.yaml")), ids=lambda path: path.stem)
def test_a_bundle_is_answered_as_its_chart(chart: Path) -> None:
    record = read_chart(chart.read_bytes(), chart.name).record
    bundle = CHARTS.parent / "fhir" / f"{chart.stem}.json"
    other = read_any(bundle.read_bytes(), bundle.name).record
    as_of = default_as_of(record)
    assert as_of is not None
    assert [document(row) for row in refills(other, as_of)] == [document(row) for row in refills(record, as_of)] != []


def raw(**changed: object) -> Device:
    """A pump as a bundle may state it: without the types that a chart checks."""
    pump = {
        "filled_ml": 20,
        "filled_at": When(date(2026, 1, 10), date(2026, 1, 10), datetime(2026, 1, 10, 8, tzinfo=UTC)),
        "alarm_ml": Decimal(2),
        "rate_ml_per_day": Decimal("0.6"),
        "bolus_ml_per_day_max": 0,
        "eri": When.on(date(2028, 1, 1)),
        "drugs": ({"drug": "morphine", "concentration": "5 mg/mL"},),
    }
    return Device(id="D-1", kind="intrathecal-pump", pump={**pump, **changed})


def told(**changed: object) -> Refill:
    (found,) = refills(Record(id="raw", facts=(raw(**changed),)), date(2026, 1, 11))
    return found


@pytest.mark.parametrize(
    ("changed", "unread", "due"),
    [
        ({}, (), "2026-02-09"),
        ({"alarm_ml": "2 mL"}, ("alarm_ml",), None),
        ({"alarm_ml": True}, ("alarm_ml",), None),
        ({"rate_ml_per_day": Decimal("-0.6")}, ("rate_ml_per_day",), None),
        ({"rate_ml_per_day": Decimal("NaN")}, ("rate_ml_per_day",), None),
        ({"filled_at": "10 January"}, ("filled_at",), None),
        ({"filled_at": When(date(2026, 1, 10), date(2026, 1, 10), datetime(2026, 1, 10, 8))}, ("filled_at",), None),  # noqa: DTZ001 - what is refused
        ({"dose_per_day": {"value": 3}}, ("dose_per_day",), "2026-02-09"),
        ({"drugs": "morphine"}, ("drugs",), "2026-02-09"),
        ({"drugs": ({"drug": "morphin"}, {"drug": "morphine"}, 7)}, ("a drug of the pump",) * 2, "2026-02-09"),
        ({"drugs": ({"drug": "morphine", "concentration": 5},)}, ("a drug of the pump",), "2026-02-09"),
        ({"colour": "grey"}, ("colour",), "2026-02-09"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(changed: dict[str, object], unread: tuple[str, ...], due: str | None) -> None:
    """Nothing that a bundle writes without its type is guessed, and nothing is lost without a word."""
    found = told(**changed)
    assert found.unread == unread
    assert (found.schedule.refill.day.isoformat() if found.schedule.refill else None) == due
    assert found.sure is (not changed)
    assert bool(unread) == any("Could not be read" in line for line in section(found))
    assert document(found).get("unread", []) == list(unread)
