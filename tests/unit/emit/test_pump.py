"""The section of a pump: text and data say the same, and nothing proposes a dose."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from levamen.emit.pump import document, section
from levamen.emit.terminal import Look

sys.path.append(str(Path(__file__).parents[2] / "spec"))
from reservoir import ZICONOTIDE, pump


def page(**changed: Any) -> str:
    return "\n".join(section(pump(**changed)))


def test_what_stands_on_it() -> None:
    lines = section(pump())
    assert lines[:6] == (
        "Intrathecal pump D-1, SynchroMed II",
        "  Refill due 9 Feb 2026 09:00 (volume reaches the alarm): not yet to be booked",
        "  Book on or before 2 Feb 2026",
        "  What limits this fill:",
        "    - 9 Feb 2026 09:00: 20 mL down to the alarm at 2 mL, 0.6 mL a day at the most",
        "    - 9 Jul 2026 09:00: Morphine: up to 180 days, stated for SynchroMed II [MEDTRONIC-STABILITY, not",
    )
    assert "  Replacement due 1 Jan 2028 (replacement indicator of the battery)" in lines


def test_not_sure_is_at_the_latest() -> None:
    text = page(bolus_ml_per_day_max=None)
    assert "Refill due at the latest 9 Feb 2026 09:00" in text
    assert "- Whether the patient can take boluses" in text
    assert "at the latest" not in page()


def test_not_known_says_why() -> None:
    text = page(alarm_ml=None)
    assert "Refill due: not known: find out today" in text
    assert "- The alarm volume is not recorded; write alarm_ml." in text
    assert "At the latest 9 Jul 2026 09:00 (age of the drug), probably earlier" in text
    assert "Book on or before" not in text


@pytest.mark.parametrize(
    ("as_of", "words"), [("2026-02-02", "book now"), ("2026-02-09", "OVERDUE: see the patient now")]
)
def test_standing(as_of: str, words: str) -> None:
    assert words in page(as_of=as_of)


def test_battery_reached() -> None:
    assert "Replacement due 2 Jan 2026 (replacement indicator of the battery): REACHED" in page(eri="2026-01-02")


def test_residual() -> None:
    text = page(as_of="2026-01-21", residual_ml="18", residual_at="2026-01-20T09:00")
    assert "Residual 18 mL, expected 14 mL: APART. More left than expected" in text
    assert "as expected" in page(as_of="2026-01-21", residual_ml="14", residual_at="2026-01-20T09:00")
    assert "cannot be compared, no residual" in page()


def test_warnings_name_who_states_them() -> None:
    text = " ".join(page(rate_ml_per_day="3").split())
    assert "! Morphine 15 mg a day, boluses included: the label of Infumorph gives 1 to 10 mg a day" in text
    assert "[INFUMORPH-US, dosing, via two prescriber digests, read in a secondary source]" in text
    assert "To look at (no dose is proposed here):" in text
    assert "To look at" not in page()


def test_a_narrow_screen_and_plain_signs() -> None:
    lines = section(pump(drugs=ZICONOTIDE, model="Sýnchro\u202eMed"), look=Look(width=60, unicode=False))
    assert all(len(line) <= 60 and line.isprintable() and line.isascii() for line in lines)


def test_citations_as_the_page_numbers_them() -> None:
    numbered = section(pump(drugs=ZICONOTIDE), cite=lambda found: f"[{len(found)}]")
    assert any(line.endswith("replaced at least every 84 days [2]") for line in numbered)


def test_data() -> None:
    found = document(pump())
    assert found["refill_due"]["at"] == "2026-02-09T09:00+01:00"
    assert (found["refill_due"]["day"], found["refill_due"]["by"]) == ("2026-02-09", "alarm")
    assert (found["refill_is"], found["book_by"], found["standing"]) == ("exact", "2026-02-02", "later")
    assert (found["removal_due"]["day"], found["removal_overdue"]) == ("2028-01-01", False)
    assert "at" not in found["removal_due"]
    assert [row["by"] for row in found["limits"]] == ["alarm", "drug-age", "battery"]
    assert found["residual"] == {"unknown": "no residual with its time is recorded"}
    assert "warnings" not in found
    assert b"null" not in msgspec.json.encode(found)


def test_data_where_it_is_not_known() -> None:
    found = document(pump(rate_ml_per_day=None, eri=None, drugs=ZICONOTIDE))
    assert found["refill_due"] == "unknown"
    assert found["refill_at_the_latest"]["day"] == "2026-04-04"
    assert found["reasons"]
    assert "book_by" not in found
    assert "removal_due" not in found
    assert {row["id"] for row in found["warnings"]} == {"after-psychosis"}
    assert document(pump(bolus_ml_per_day_max=None))["refill_is"] == "at-the-latest"


def test_the_same_bytes() -> None:
    assert msgspec.json.encode(document(pump())) == msgspec.json.encode(document(pump()))
