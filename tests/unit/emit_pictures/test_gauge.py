"""The gauge of a pump: to scale, from the refill that was worked out, and never a level that nobody read."""

from __future__ import annotations

import sys
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_checks import SVG, agree, clean, words_of

from levamen.emit.pictures.gauge import Gauge, gauge, svg, table
from levamen.record.timeline import Interval

sys.path.append(str(Path(__file__).parents[2] / "spec"))
from reservoir import ZICONOTIDE, pump

ROME = ZoneInfo("Europe/Rome")


def made(*, as_of: str = "2026-01-20T09:00", **changed: Any) -> Gauge:
    moment = datetime.fromisoformat(as_of).replace(tzinfo=ROME) if "T" in as_of else date.fromisoformat(as_of)
    return gauge(pump(as_of=as_of, **changed), moment, ROME)


def levels(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [element for element in root.iter(f"{SVG}rect") if element.get("class") == "level"]


CASES: tuple[dict[str, Any], ...] = (
    {},
    {"as_of": "2026-01-20"},
    {"drugs": ZICONOTIDE},
    {"filled_at": None},
    {"filled_at": None, "filled_ml": None},
    {"reservoir_ml": None},
    {"rate_ml_per_day": None, "drugs": None},
    {"alarm_ml": None},
    {"eri": None},
    {"model": None},
    {"as_of": "2026-02-12", "bolus_ml_per_day_max": "0.5", "longest": 60},
    {"residual_ml": "12", "residual_at": "2026-01-19T10:00"},
)


@pytest.mark.parametrize("changed", CASES, ids=str)
def test_the_table_has_the_same_numbers(changed: dict[str, Any]) -> None:
    found = made(**changed)
    agree(clean(svg(found, name="g"), "g"), table(found))


def test_the_level_is_drawn_to_scale() -> None:
    """20 mL filled, 0.6 mL a day, ten days: 14 mL of the 40 that it holds."""
    found = made()
    assert found.expected == Interval(Fraction(14), Fraction(14))
    root = clean(svg(found), "gauge")
    outline = next(element for element in root.iter(f"{SVG}rect") if element.get("rx") == "8")
    (level,) = levels(root)
    assert float(level.get("height", "")) / float(outline.get("height", "")) == pytest.approx(14 / 40, abs=0.001)
    assert ("Expected now", "14 mL") in table(found).rows


def test_a_day_counts_whole() -> None:
    """From midnight to midnight: 9 d 15 h to 10 d 15 h of 0.6 mL."""
    found = made(as_of="2026-01-20")
    assert found.expected == Interval(Fraction("13.625"), Fraction("14.225"))
    root = clean(svg(found), "gauge")
    assert len(levels(root)) == 2
    assert levels(root)[1].get("fill", "").startswith("url(")


def test_a_bolus_widens_it() -> None:
    """With up to 0.4 mL a day by the patient: 20 less 6 to 10 mL."""
    assert made(bolus_ml_per_day_max="0.4").expected == Interval(Fraction(10), Fraction(14))


def test_empty_is_zero_and_not_less() -> None:
    assert made(as_of="2026-06-01T09:00").expected == Interval(Fraction(0), Fraction(0))


def test_a_later_reading_counts_too() -> None:
    """12 mL read on the 19th at 09:00 and a day of 0.6 mL; the fill alone would say 14."""
    found = made(residual_ml="12", residual_at="2026-01-19T09:00")
    assert found.expected == Interval(Fraction("11.4"), Fraction(14))
    assert found.since == "20 mL on Sat 10 Jan 2026, 09:00; 12 mL on Mon 19 Jan 2026, 09:00"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"filled_at": None}, "No fill and no reading with its day is on record"),
        ({"filled_ml": None}, "No fill and no reading with its day is on record"),
        ({"as_of": "2026-01-10T08:59"}, "No fill and no reading with its day is on record"),
        ({"rate_ml_per_day": None, "drugs": None}, "The rate is not recorded"),
        ({"reservoir_ml": None}, "What the reservoir holds is not recorded"),
    ],
    ids=str,
)
def test_what_is_not_known_has_no_level(changed: dict[str, Any], reason: str) -> None:
    found = made(**changed)
    assert reason in found.reasons
    root = clean(svg(found), "gauge")
    assert levels(root) == []
    assert any(element.get("class") == "unknown" and element.get("stroke-dasharray") for element in root.iter())
    assert reason in words_of(root)


def test_the_earliest_is_told_in_words_and_marked() -> None:
    found = made()
    assert found.act == "Book by Mon 02 Feb 2026: volume reaches the alarm"
    assert found.binding == "volume reaches the alarm"
    assert made(drugs=ZICONOTIDE, rate_ml_per_day="0.1").act.endswith(": age of the drug")
    assert made(eri="2026-01-30").act.endswith(": battery")
    assert made(bolus_ml_per_day_max=None).act == "Book by Mon 02 Feb 2026 at the latest: volume reaches the alarm"
    assert made(as_of="2026-02-09T09:00").act == "OVERDUE, see the patient now: volume reaches the alarm"


def test_without_a_date_nothing_is_marked_as_first() -> None:
    found = made(filled_at=None)
    assert found.binding is None
    assert found.act == "When the refill is due is not known: find out today"
    assert dict(found.dates)["volume reaches the alarm"] is None
    assert ("Volume reaches the alarm", "not known") in table(found).rows


def test_no_dose_is_shown() -> None:
    assert " mg" not in svg(made())
    assert " mcg" not in svg(made(drugs=ZICONOTIDE))


@given(st.integers(0, 60 * 24))
def test_the_level_only_falls(hours: int) -> None:
    one = datetime(2026, 1, 10, 9, tzinfo=ROME).timestamp() + hours * 3600
    first, later = (
        gauge(pump(), datetime.fromtimestamp(at, ROME), ROME).expected for at in (one, one + 3600)
    )  # fmt: skip
    assert first is not None
    assert later is not None
    assert later.low <= first.low


def test_the_same_bytes() -> None:
    assert svg(made()) == svg(made())
