"""Exceptions to the usual order of care: for what and where they count, and what a record must say before they hold."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.adapters.chart import read_chart
from levamen.pathway.order_of_care import Placed, order_of_care

CHART = """\
chart: 1
id: test-1
recorded: 2026-03-09
zone: America/Denver
person: {birth_date: 1954-08-23, sex: female}
"""
REVIEWED = """\
completeness:
  - {kind: problems, reviewed: 2026-03-09}
"""
ZOSTER = """\
problems:
  - {id: PR-1, concept: acute-herpes-zoster, since: 2026-02-22, status: active, verification: confirmed}
"""
FRACTURE = """\
problems:
  - {id: PR-1, concept: vertebral-compression-fracture, region: thoracic, since: 2026-02-22, status: active}
"""


def placed(more: str, therapy: str, region: str, site: str = "low-back") -> Placed:
    """A request alone, with radicular pain and what else the record says."""
    pain = f"pain:\n  - {{id: PN-1, site: {site}, pattern: radicular, mechanism: neuropathic, since: 2026-02-22}}\n"
    request = f"request:\n  - {{id: R-1, therapy: {therapy}, region: {region}}}\n"
    reading = read_chart(f"{CHART}{more}{pain}as_of: 2026-03-09\n{request}", "chart.yaml")
    return order_of_care(reading.record, date(2026, 3, 9)).placed[0]


def states(found: Placed) -> dict[str, str]:
    return {row.departure.id: row.state for row in found.departures}


@pytest.mark.parametrize(
    ("region", "state"), [("lumbar", "may-hold"), ("sacral", "may-hold"), ("cervical", None), ("thoracic", None)]
)
def test_sciatica_is_pain_from_the_low_back(region: str, state: str | None) -> None:
    """The guideline is of low back pain and sciatica, and not of the neck."""
    assert states(placed("", "epidural-steroid-injection", region)).get("acute-severe-sciatica") == state


def test_sciatica_is_no_exception_for_a_block_that_tests() -> None:
    """The text speaks of an epidural of local anesthetic and steroid."""
    assert "acute-severe-sciatica" not in states(placed("", "selective-nerve-root-block", "lumbar"))


@pytest.mark.parametrize(
    ("more", "state"),
    [("", "may-hold"), (REVIEWED, "does-not-hold"), (ZOSTER, "may-hold"), (REVIEWED + ZOSTER, "may-hold")],
)
def test_shingles_waive_the_weeks_and_not_the_care(more: str, state: str) -> None:
    """On the problem list it may hold, never holds: the waiver is for pain that conservative care does not hold."""
    found = placed(more, "epidural-steroid-injection", "thoracic", "chest")
    assert states(found)["acute-herpes-zoster"] == state
    assert found.note is not None


def test_the_note_names_shingles_where_they_are_on_record() -> None:
    named = placed(REVIEWED + ZOSTER, "epidural-steroid-injection", "thoracic", "chest").note
    unnamed = placed("", "epidural-steroid-injection", "thoracic", "chest").note
    assert "acute herpes zoster" in (named or "")
    assert unnamed is not None
    assert "acute herpes zoster" not in unnamed


@pytest.mark.parametrize("therapy", ["vertebroplasty", "kyphoplasty"])
def test_a_vertebral_fracture_has_gates_of_its_own(therapy: str) -> None:
    found = placed(FRACTURE, therapy, "thoracic", "mid-back")
    assert states(found)["vertebral-fracture"] == "holds"
    assert found.note is None


def test_the_gates_of_a_vertebra_are_not_those_of_the_sacrum() -> None:
    assert "vertebral-fracture" not in states(placed(FRACTURE, "sacroplasty", "sacral"))


@pytest.mark.parametrize(
    ("therapy", "region", "named"),
    [
        ("epidural-steroid-injection", "lumbar", True),
        ("medial-branch-block", "lumbar", True),
        ("spinal-cord-stimulation-trial", "thoracic", True),
        ("peripheral-nerve-stimulation-trial", "lower-limb", False),
        ("sacroiliac-joint-injection", "sacral", False),
    ],
)
def test_care_that_did_not_suit_counts_where_a_text_says_so(therapy: str, region: str, named: bool) -> None:
    assert ("unsuitable-care" in states(placed("", therapy, region))) is named
