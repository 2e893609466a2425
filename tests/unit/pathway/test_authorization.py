"""Whether a payer must be asked, held against the duties; and what a packet leaves open, asks and attaches."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.any_input import read_any
from levamen.knowledge.duties import packaged_duties
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import governing
from levamen.pathway.authorization.asks import who_knows
from levamen.pathway.authorization.need import authorization_need
from levamen.pathway.authorization.packet import Packet, packet
from levamen.pathway.obligations import obligations
from levamen.record import codes
from levamen.record.facts import Payer, Record, Request
from levamen.text.tree import UnusableInput

DUTIES = packaged_duties()
THERAPIES = sorted({therapy for duty in DUTIES for therapy in duty.therapies} | {"sacroiliac-joint-injection"})
KINDS = st.sampled_from([None, *codes.ids("payer_kinds")])
STATES = st.sampled_from([None, "TX", "OR", "OH", "CA"])
SETTINGS = st.sampled_from([None, *codes.ids("settings")])
LEADS = st.sampled_from([None, "percutaneous", "paddle"])
REGIONS = st.sampled_from([None, "cervical", "lumbar"])
DAYS = st.dates(date(2020, 1, 1), date(2033, 1, 1))


@settings(max_examples=300)
@given(st.sampled_from(THERAPIES), KINDS, STATES, SETTINGS, LEADS, REGIONS, DAYS)
def test_programs_and_duties_never_disagree(
    therapy: str,
    kind: str | None,
    state: str | None,
    setting: str | None,
    lead: str | None,
    region: str | None,
    on: date,
) -> None:
    """A duty is told beside an assessment exactly where its program asks, or may ask, for authorization."""
    request = Request(id="R", therapy=therapy, setting=setting, lead=lead, region=region)
    payer = Payer(kind=kind, state=state)
    need = authorization_need(DUTIES, request, payer, on)
    told = {duty.id for duty in obligations(DUTIES, request, payer, on)}
    assert {row.id for row in need.programs if row.needed != "no"} == told
    if need.needed == "no":
        assert not told
        assert need.programs
        assert all(on <= row.recheck_by for row in need.programs)
    if need.needed == "yes":
        assert any(row.needed == "yes" for row in need.programs)


@settings(max_examples=200)
@given(st.sampled_from(THERAPIES), STATES, SETTINGS, LEADS, REGIONS, DAYS)
def test_filling_in_what_is_missing_never_turns_yes_into_no_or_back(
    therapy: str, state: str | None, setting: str | None, lead: str | None, region: str | None, on: date
) -> None:
    payer = Payer(kind="medicare", state=state)
    bare = Request(id="R", therapy=therapy, setting=setting, lead=lead, region=region)
    full = Request(
        id="R", therapy=therapy, setting=setting or "office", lead=lead or "paddle", region=region or "lumbar"
    )
    before = authorization_need(DUTIES, bare, payer, on).needed
    after = authorization_need(DUTIES, full, Payer(kind="medicare", state=state or "TX"), on).needed
    assert (before, after) not in {("yes", "no"), ("no", "yes")}


def test_every_program_has_the_numbers_of_its_list() -> None:
    """As the sources give them; 64492 and 64495 left the hospital list on 16 August 2024."""
    assert {duty.id: duty.codes for duty in DUTIES} == {
        "asc-botulinum-toxin-first-states": ("64612", "64615", *_toxins(9)),
        "asc-botulinum-toxin-second-states": ("64612", "64615", *_toxins(9)),
        "prior-authorization-facet": (
            *("64490", "64491", "64493", "64494"),
            *("64633", "64634", "64635", "64636"),
        ),
        "prior-authorization-spinal-cord-stimulation": ("63650",),
        "prior-authorization-cervical-fusion": ("22551", "22552"),
        "prior-authorization-botulinum-toxin": ("64612", "64615", *_toxins(8)),
        "wiser-epidural": ("62321", "62323", "64479", "64480", "64483", "64484"),
        "wiser-stimulator-paddle-lead": ("63655",),
        "wiser-vertebral-augmentation": ("22510", "22511", "22512", "22513", "22514", "22515"),
        "wiser-cervical-fusion": ("22554",),
    }


def _toxins(last: int) -> tuple[str, ...]:
    return tuple(f"J058{digit}" for digit in range(5, last + 1))


@pytest.mark.parametrize(
    ("on", "state", "answer"),
    [
        (date(2026, 1, 18), "CA", "no"),
        (date(2026, 1, 19), "CA", "yes"),
        (date(2026, 1, 20), "CA", "yes"),
        (date(2026, 2, 15), "TX", "no"),
        (date(2026, 2, 16), "TX", "yes"),
        (date(2026, 2, 17), "TX", "yes"),
        (date(2026, 2, 17), "OR", "no"),
    ],
)
def test_surgery_center_demonstration_begins_in_two_groups(on: date, state: str, answer: str) -> None:
    request = Request(id="R", therapy="botulinum-toxin", setting="ambulatory-surgery-center")
    assert authorization_need(DUTIES, request, Payer(kind="medicare", state=state), on).needed == answer


def chart(text: str) -> Record:
    reading = read_any(f"chart: 1\nid: t\nas_of: 2026-03-02\n{text}".encode(), "t.yaml")
    assert not reading.balance.rejected, reading.balance.issues
    return reading.record


def made(text: str, **options: object) -> Packet:
    record = chart(text)
    return packet(record, record.requests[0], packaged(), date(2026, 3, 2), **options)


BLOCK = "request: [{id: R-1, therapy: medial-branch-block, region: lumbar, purpose: diagnostic, start: 2026-03-09}]"


def test_commercial_plan_that_is_not_named_governs_nothing() -> None:
    """Which of all commercial policies applies is not known: the packet holds no criteria and asks."""
    found = made(f"payer: {{kind: commercial}}\n{BLOCK}")
    assert found.parts == ()
    assert (found.state, found.need.needed) == ("missing", "unknown")
    assert found.missing == ("the payer's policy on this therapy",)
    assert [row.what for row in found.asks if row.who == "the payer"] == [
        "whether authorization is needed before this service",
        "which policy of the payer applies to this therapy",
    ]


def test_named_commercial_plan_governs() -> None:
    found = made(f"payer: {{kind: commercial, plan: Aetna, state: OH}}\n{BLOCK}")
    assert {part.answer.policy for part in found.parts} <= {"aetna-0016"}
    record = chart(f"payer: {{kind: commercial, plan: Aetna, state: OH}}\n{BLOCK}")
    chosen = governing(packaged(), record.payers[0], record.requests[0], date(2026, 3, 9))
    assert {policy.id for policy in chosen} <= {"aetna-0016"}


def test_unknown_payer_governs_nothing() -> None:
    assert made(BLOCK).parts == ()


def test_order_of_the_chart_changes_nothing() -> None:
    parts = [
        "payer: {kind: medicare, state: KY}",
        "pain: [{id: PN-1, site: low-back, pattern: axial, since: 2025-07-01}]",
        "evaluations: [{id: E-1, kind: judgement, date: 2026-03-01, by: pain-physician, conclusion: suitable}]",
        BLOCK,
    ]
    one, other = made("\n".join(parts)), made("\n".join(reversed(parts)))
    assert (one.state, one.missing, one.asks, one.attachments) == (
        other.state,
        other.missing,
        other.asks,
        other.attachments,
    )


def test_birth_date_that_is_missing_is_asked() -> None:
    found = made(f"payer: {{kind: medicare, state: KY}}\n{BLOCK}")
    assert "birth date of the patient" in found.missing
    assert any(row.what == "birth date of the patient" and row.who == "the patient" for row in found.asks)


@pytest.mark.parametrize(("died", "refused"), [("2026-03-01", True), ("2026-03-02", True), ("2026-03-03", False)])
def test_nothing_is_asked_for_who_has_died(died: str, refused: bool) -> None:
    text = f"person: {{died: {died}}}\npayer: {{kind: medicare, state: KY}}\n{BLOCK}"
    if refused:
        with pytest.raises(UnusableInput, match="the patient has died"):
            made(text)
    else:
        assert made(text).parts


def test_setting_that_is_missing_is_asked_of_the_clinician() -> None:
    found = made(f"payer: {{kind: medicare, state: KY}}\n{BLOCK}")
    (ask,) = [row for row in found.asks if row.serves == ("whether authorization is needed",)]
    assert ask.what == "whether it is done in hospital outpatient department"
    assert ask.who == "the clinician who asks for the service"


@pytest.mark.parametrize(
    ("kind", "what", "who"),
    [
        ("payer", "the Medicare contractor, or the state", "the patient, with the insurance card"),
        ("evaluations", "whether the record holds every psychological evaluation", "a psychologist"),
        ("evaluations", "a clinician's judgement: the pain is severe", "the clinician who asks for the service"),
        ("procedures", "a block", "the clinics that did it, through their notes"),
        ("something-new", "anything", "the clinician who asks for the service"),
    ],
)
def test_who_is_asked(kind: str, what: str, who: str) -> None:
    assert who_knows(kind, what) == who
