"""Is it needed here"""

from __future__ import annotations

import pytest
from sending import EPIDURAL, FACET, need, needed


@pytest.mark.parametrize(("day", "answer"), [("2026-01-14", "no"), ("2026-01-15", "yes"), ("2026-01-16", "yes")])
def test_program_begins_on_its_day(day: str, answer: str) -> None:
    """WISeR asks for authorization of epidural injections in six states, for services from 15 January 2026."""
    assert needed(EPIDURAL, day) == answer


@pytest.mark.parametrize(("day", "answer"), [("2023-06-30", "no"), ("2023-07-01", "yes"), ("2023-07-02", "yes")])
def test_hospital_program_for_facet_joints_begins_on_its_day(day: str, answer: str) -> None:
    """In hospital outpatient departments Medicare asks for it for facet procedures from 1 July 2023."""
    assert needed(FACET, day, setting="hospital-outpatient") == answer


@pytest.mark.parametrize(("day", "row"), [("2031-12-30", "yes"), ("2031-12-31", "yes"), ("2032-01-01", "no")])
def test_program_ends_on_its_day_and_what_follows_is_not_known(day: str, row: str) -> None:
    """WISeR runs to 31 December 2031. The day after it asks for nothing; whether something follows it nobody has read,
    and the answer as a whole is unknown."""
    found = need(EPIDURAL, day)
    assert [program.needed for program in found.programs] == [row]
    assert found.needed == ("yes" if row == "yes" else "unknown")


@pytest.mark.parametrize(("day", "answer"), [("2027-02-20", "no"), ("2027-02-21", "no"), ("2027-02-22", "unknown")])
def test_no_is_said_only_while_the_lists_are_current(day: str, answer: str) -> None:
    """The lists are to be compared with their sources again by 21 February 2027. For a service after that day *no* is
    no longer known; *yes* still warns."""
    assert needed(EPIDURAL, day, state="OR") == answer
    assert needed(EPIDURAL, day, state="TX") == "yes"


@pytest.mark.parametrize(("state", "answer"), [("TX", "yes"), ("OR", "no"), (None, "unknown")])
def test_state_decides_and_an_unknown_one_is_asked(state: str | None, answer: str) -> None:
    """Texas is one of the six states, Oregon is not. Where the state is not recorded the answer is unknown, and the
    point that would decide it is named."""
    found = need(EPIDURAL, "2026-06-01", state=state)
    assert found.needed == answer
    assert bool(found.open_points) == (answer == "unknown")


@pytest.mark.parametrize(
    ("setting", "answer"),
    [("hospital-outpatient", "yes"), ("office", "no"), ("ambulatory-surgery-center", "no"), (None, "unknown")],
)
def test_setting_decides(setting: str | None, answer: str) -> None:
    """The hospital program reaches hospital outpatient departments, not offices and not surgery centers."""
    assert needed(FACET, "2026-06-01", setting=setting) == answer


@pytest.mark.parametrize("setting", ["hospital-inpatient", "emergency"])
def test_exempt_settings_need_none(setting: str) -> None:
    """WISeR leaves out inpatient-only and emergency services."""
    assert needed(EPIDURAL, "2026-06-01", setting=setting) == "no"


@pytest.mark.parametrize(
    ("number", "answer"),
    [("62320", "no"), ("62321", "yes"), ("62322", "no"), ("62323", "yes"), ("64479", "yes"), ("64482", "unknown")],
)
def test_numbers_decide_where_they_are_stated(number: str, answer: str) -> None:
    """Programs go by CPT number. Where the clinic says what it will bill, the list of the program decides; where it
    does not, the answer is yes with the numbers of the list beside it. A number that we do not know for this therapy
    (64482 is none) may be mistyped: it never makes a *no*."""
    assert need(EPIDURAL, "2026-06-01", numbers=[number]).needed == answer


@pytest.mark.parametrize("lead", ["percutaneous", "paddle", None])
def test_two_programs_share_a_therapy_by_its_lead(lead: str | None) -> None:
    """A percutaneous lead in a hospital outpatient department is asked for by the hospital program, a paddle lead in
    Texas by WISeR; a lead that is not recorded may be either."""
    found = need("spinal-cord-stimulation-trial", "2026-06-01", setting="hospital-outpatient", lead=lead)
    asking = {program.policy for program in found.programs if program.needed == "yes"}
    wanted = {"percutaneous": {"cms-opd-prior-authorization"}, "paddle": {"cms-wiser"}}
    assert asking == wanted.get(lead or "", set())
    assert found.needed == ("yes" if lead else "unknown")


@pytest.mark.parametrize("kind", ["medicare-advantage", "commercial", "medicaid", "nhs", "self"])
def test_silence_is_not_no(kind: str) -> None:
    """No list of another payer is known. That is silence: the payer is asked."""
    found = need(EPIDURAL, "2026-06-01", kind=kind, state=None)
    assert found.needed == "unknown"
    assert "ask the payer" in found.why


def test_therapy_that_no_list_names_is_not_known() -> None:
    """That a sacroiliac injection stands on none of the lists read does not say that nobody wants to be asked."""
    assert needed("sacroiliac-joint-injection", "2026-06-01") == "unknown"


def test_payer_that_is_not_recorded_is_asked() -> None:
    """It may be Original Medicare: then the program would ask."""
    assert need(EPIDURAL, "2026-06-01", kind=None).open_points == ("the payer is Original Medicare",)
