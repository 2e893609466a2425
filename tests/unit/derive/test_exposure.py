"""Radiation, contrast and punctures: totals as intervals, what is missing named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_samples import complete, injection, record

from levamen.derive.exposure import exposures, is_puncture, punctures
from levamen.derive.periods import Total, done, moment_of, shown
from levamen.record.facts import Exposure, Procedure, Record
from levamen.record.timeline import When

ON = date(2026, 6, 1)


def exposed(id: str, on: str | When | None, seconds: str | None = None, **fields: Any) -> Procedure:
    amount = Decimal(seconds) if seconds is not None else None
    settled = {"guidance": "fluoroscopy", "joint": None, "side": None, "region": "lumbar"} | fields
    return injection(id, on, therapy="medial-branch-block", exposure=Exposure(fluoroscopy_s=amount), **settled)


def total(held: Record, quantity: str, window: str = "12 months", on: date = ON) -> Total:
    moment = moment_of(held, on, on)
    rows = exposures(held, done(held, moment), moment)
    return next(row.total for row in rows if (row.quantity, row.total.period) == (quantity, window))


def count(held: Record, place: str, window: str = "12 months") -> str:
    moment = moment_of(held, ON, ON)
    rows = punctures(held, done(held, moment), moment)
    return next((shown(row.total.value) for row in rows if (row.place, row.total.period) == (place, window)), "absent")


def test_seconds_add_up_in_their_window() -> None:
    held = record(
        exposed("P-1", "2025-05-31", "40"), exposed("P-2", "2025-06-01", "30.5"), exposed("P-3", "2026-06-01", "12")
    )
    assert shown(total(held, "fluoroscopy_s").value) == "42.5"
    assert shown(total(held, "fluoroscopy_s", "36 months").value) == "82.5"
    assert shown(total(held, "fluoroscopy_s", "lifetime").value) == "82.5"


def test_what_is_not_recorded_is_named_and_leaves_the_total_open() -> None:
    held = record(exposed("P-1", "2026-01-05", "40"), exposed("P-2", "2026-02-05"))
    found = total(held, "fluoroscopy_s")
    assert (shown(found.value), found.counted, found.lacking) == ("40 or more", ("P-1",), ("P-2",))


@pytest.mark.parametrize(
    ("guidance", "expected"),
    [
        ("ultrasound", "0"),
        ("landmark", "0"),
        ("none", "0"),
        ("fluoroscopy", "0 or more"),
        ("ct", "0 or more"),
        ("unknown", "0 or more"),
        (None, "0 or more"),
    ],
)
def test_x_rays_are_ruled_out_only_by_another_guidance(guidance: str | None, expected: str) -> None:
    held = record(exposed("P-1", "2026-01-05", guidance=guidance))
    assert shown(total(held, "fluoroscopy_s").value) == expected
    assert shown(total(held, "air_kerma_mgy").value) == expected


@pytest.mark.parametrize(
    ("contrast", "expected"), [("none", "0"), ("iodinated", "0 or more"), ("unknown", "0 or more"), (None, "0 or more")]
)
def test_contrast_is_ruled_out_only_by_its_own_word(contrast: str | None, expected: str) -> None:
    assert shown(total(record(exposed("P-1", "2026-01-05", contrast=contrast)), "contrast_ml").value) == expected


def test_an_aborted_procedure_may_have_exposed() -> None:
    held = record(exposed("P-1", "2026-01-05", "40", status="aborted"))
    assert shown(total(held, "fluoroscopy_s").value) == "0 to 40"


def test_only_completeness_closes_a_total() -> None:
    held = record(exposed("P-1", "2026-01-05", "40"), completeness=())
    found = total(held, "fluoroscopy_s")
    assert (shown(found.value), found.complete) == ("40 or more", False)


def test_punctures_per_place_and_window() -> None:
    held = record(
        exposed("P-1", "2025-05-31"),
        exposed("P-2", "2025-06-01"),
        exposed("P-3", "2026-02-05"),
        exposed("P-4", "2026-02-05", region="cervical"),
        injection("P-5", "2026-03-01"),
        injection("P-6", "2026-03-02", therapy="physical-therapy", region="lumbar", joint=None),
        injection("P-7", "2026-03-03", therapy="spinal-fusion", region="lumbar", joint=None),
    )
    assert count(held, "lumbar") == "2"
    assert count(held, "lumbar", "36 months") == "3"
    assert count(held, "lumbar", "lifetime") == "3"
    assert count(held, "cervical") == "1"
    assert count(held, "knee") == "1"


def test_a_needle_without_a_place_may_be_anywhere() -> None:
    held = record(exposed("P-1", "2026-02-05"), exposed("P-2", "2026-02-06", region=None))
    assert count(held, "lumbar") == "1 to 2"
    assert count(held, "place not recorded") == "1"


def test_a_region_can_be_complete_by_itself() -> None:
    held = record(
        exposed("P-1", "2026-02-05"),
        exposed("P-2", "2026-02-05", region="cervical"),
        completeness=(complete("2025-06-01", "2026-06-01", region="lumbar"),),
    )
    assert (count(held, "lumbar"), count(held, "cervical")) == ("1", "1 or more")
    assert count(held, "lumbar", "36 months") == "1 or more"


@pytest.mark.parametrize(
    ("therapy", "expected"),
    [
        ("epidural-steroid-injection", True),
        ("medial-branch-radiofrequency-ablation", True),
        ("pump-refill", True),
        ("spinal-cord-stimulation-trial", True),
        ("dry-needling", True),
        ("stimulator-programming", False),
        ("spinal-fusion", False),
        ("physical-therapy", False),
        ("psychological-evaluation", False),
    ],
)
def test_what_is_a_needle_procedure(therapy: str, expected: bool) -> None:
    assert is_puncture(Procedure(id="P-1", therapy=therapy)) is expected


ROWS = st.lists(
    st.tuples(st.sampled_from(["2025-05-31", "2025-06-01", "2026-06-01", None]), st.sampled_from(["10", "0", None])),
    max_size=5,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_nothing_lowers_a_total(rows: list, random) -> None:
    facts = [exposed(f"P-{n}", on, seconds) for n, (on, seconds) in enumerate(rows)]
    shuffled = list(facts)
    random.shuffle(shuffled)
    whole = total(record(*facts), "fluoroscopy_s")
    assert whole == total(record(*shuffled), "fluoroscopy_s")
    for n in range(len(facts)):
        less = total(record(*facts[:n], *facts[n + 1 :]), "fluoroscopy_s").value
        assert less.low <= whole.value.low
        assert whole.value.high is None or (less.high is not None and less.high <= whole.value.high)
