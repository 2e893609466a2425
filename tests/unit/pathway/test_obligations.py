"""Prior authorization: who must ask, where, from which day; what is not recorded is named, never assumed."""

from __future__ import annotations

from datetime import date

import pytest

from levamen.knowledge.duties import packaged_duties
from levamen.pathway.obligations import obligations
from levamen.record.facts import Payer, Request

MEDICARE_TEXAS = Payer(kind="medicare", state="TX")
MEDICARE_OREGON = Payer(kind="medicare", state="OR")


def asked(request: Request, payer: Payer, on: date) -> list[str]:
    return [duty.what for duty in obligations(packaged_duties(), request, payer, on)]


def esi(setting: str | None = "ambulatory-surgery-center") -> Request:
    return Request(id="R-1", therapy="epidural-steroid-injection", setting=setting)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(2026, 1, 14), 0),
        (date(2026, 1, 15), 1),
        (date(2026, 1, 16), 1),
        (date(2031, 12, 31), 1),
        (date(2032, 1, 1), 0),
    ],
)
def test_wiser_runs_from_day_to_day(on: date, count: int) -> None:
    assert len(asked(esi(), MEDICARE_TEXAS, on)) == count


def test_wiser_only_in_its_states_and_for_original_medicare() -> None:
    assert asked(esi(), MEDICARE_OREGON, date(2026, 6, 1)) == []
    assert asked(esi(), Payer(kind="medicare-advantage", state="TX"), date(2026, 6, 1)) == []
    assert asked(esi("hospital-inpatient"), MEDICARE_TEXAS, date(2026, 6, 1)) == []


def test_an_unknown_state_is_named() -> None:
    (what,) = asked(esi(), Payer(kind="medicare"), date(2026, 6, 1))
    assert what.endswith(" (if the state is AZ or NJ or OH or OK or TX or WA)")


def test_an_unknown_payer_is_named_unless_the_country_is_another() -> None:
    (what,) = asked(esi(), Payer(), date(2026, 6, 1))
    assert what.endswith(" (if the payer is Original Medicare and the state is AZ or NJ or OH or OK or TX or WA)")
    assert asked(esi(), Payer(country="GB"), date(2026, 6, 1)) == []
    assert asked(esi(), Payer(kind="nhs"), date(2026, 6, 1)) == []


@pytest.mark.parametrize(("on", "count"), [(date(2023, 6, 30), 0), (date(2023, 7, 1), 1), (date(2026, 11, 21), 1)])
def test_facet_in_a_hospital_outpatient_department(on: date, count: int) -> None:
    request = Request(id="R-1", therapy="medial-branch-block", setting="hospital-outpatient")
    assert len(asked(request, MEDICARE_OREGON, on)) == count


def test_facet_elsewhere_needs_none_and_an_unstated_setting_is_named() -> None:
    there = Request(id="R-1", therapy="medial-branch-block", setting="office")
    unsaid = Request(id="R-1", therapy="medial-branch-block")
    assert asked(there, MEDICARE_OREGON, date(2026, 6, 1)) == []
    assert asked(unsaid, MEDICARE_OREGON, date(2026, 6, 1))[0].endswith(
        "(if it is done in hospital outpatient department)"
    )


def test_stimulator_leads_go_different_ways() -> None:
    paddle = Request(
        id="R", therapy="spinal-cord-stimulation-implant", lead="paddle", setting="ambulatory-surgery-center"
    )
    percutaneous = Request(
        id="R", therapy="spinal-cord-stimulation-implant", lead="percutaneous", setting="hospital-outpatient"
    )
    assert len(asked(paddle, MEDICARE_TEXAS, date(2026, 6, 1))) == 1
    assert len(asked(percutaneous, MEDICARE_TEXAS, date(2026, 6, 1))) == 1
    assert asked(paddle, MEDICARE_OREGON, date(2026, 6, 1)) == []


def test_every_duty_is_sourced() -> None:
    for duty in packaged_duties():
        assert duty.cites
        assert duty.cites[0].mark in ("primary", "secondary")
