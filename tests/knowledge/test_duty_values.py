"""Every duty as its source has it: days, states, payers, therapies, settings, mark. A changed value dies here.

Transcribed from the source texts, not from the files: WISeR and facet from the spine rows ("prior authorization
(pilot)", "prior authorization"), the rest from the cross-cutting rows of the neuromodulation texts.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from levamen.knowledge.duties import Duty, load_duties, packaged_duties
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.pathway.obligations import Obligation, obligations
from levamen.record import codes
from levamen.record.facts import Payer, Request

WISER_STATES = frozenset({"NJ", "OH", "OK", "TX", "AZ", "WA"})
FIRST_ASC_STATES = frozenset({"CA", "FL", "TN", "PA", "MD", "GA", "NY"})
SECOND_ASC_STATES = frozenset({"TX", "AZ", "OH"})
WISER_FROM, WISER_UNTIL = date(2026, 1, 15), date(2031, 12, 31)
SCS = frozenset({"spinal-cord-stimulation-trial", "spinal-cord-stimulation-implant"})
NOT_WISER = frozenset({"hospital-inpatient", "emergency"})
HOSPITAL = frozenset({"hospital-outpatient"})
CENTER = frozenset({"ambulatory-surgery-center"})


class Row(Struct, frozen=True, kw_only=True):
    policy: str
    therapies: frozenset[str]
    start: date
    until: date | None = None
    states: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    not_settings: frozenset[str] = frozenset()
    cites: frozenset[tuple[str, str]]
    says: tuple[str, ...]


def opd(therapies: set[str], start: date, cites: set[tuple[str, str]], *says: str, **more: Any) -> Row:
    return Row(
        policy="cms-opd-prior-authorization",
        therapies=frozenset(therapies),
        start=start,
        settings=HOSPITAL,
        cites=frozenset(cites),
        says=("prior authorization from the Medicare contractor, before the ", *says),
        **more,
    )


def wiser(therapies: set[str] | frozenset[str], *says: str, also: tuple[str, ...] = (), **more: Any) -> Row:
    return Row(
        policy="cms-wiser",
        therapies=frozenset(therapies),
        start=WISER_FROM,
        until=WISER_UNTIL,
        states=WISER_STATES,
        not_settings=NOT_WISER,
        cites=frozenset((source, "secondary") for source in ("FFS-PA", *also)),
        says=("prior authorization, or review before payment", *says),
        **more,
    )


def center(states: frozenset[str], start: date) -> Row:
    return Row(
        policy="cms-asc-demonstration",
        therapies=frozenset({"botulinum-toxin"}),
        start=start,
        states=states,
        settings=CENTER,
        cites=frozenset({("FFS-PA", "secondary")}),
        says=("prior authorization, or review before payment", "64612, 64615 or J0585-J0589"),
    )


SOURCE: dict[str, Row] = {
    # rule p (NGS), codes s (CMS list copy): hospital outpatient facet interventions, services from 2023-07-01.
    "prior-authorization-facet": opd(
        {"medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"},
        date(2023, 7, 1),
        {("NGS-PA", "primary"), ("FFS-PA", "secondary")},
    ),
    # C1 (contractor pages), list C2: 63650 only, trial and permanent, services from 1 Jul 2021; carry-over C1.
    "prior-authorization-spinal-cord-stimulation": opd(
        set(SCS),
        date(2021, 7, 1),
        {("CMS-OPD-PA", "primary"), ("FFS-PA", "secondary")},
        "its number goes on the claim of the permanent system",
        "if the trial was done elsewhere, the permanent system needs a request of its own",
        leads=frozenset({"percutaneous"}),
    ),
    # C2+: 22551, 22552 in the hospital outpatient department from 1 Jul 2021.
    "prior-authorization-cervical-fusion": opd(
        {"spinal-fusion"},
        date(2021, 7, 1),
        {("CMS-OPD-PA", "secondary"), ("FFS-PA", "secondary")},
        "22551 or 22552",
        regions=frozenset({"cervical"}),
    ),
    # C2: 64612, 64615, J0585-J0588 from 1 Jul 2020.
    "prior-authorization-botulinum-toxin": opd(
        {"botulinum-toxin"}, date(2020, 7, 1), {("FFS-PA", "secondary")}, "64612, 64615 or J0585-J0588"
    ),
    # C2: J0585-J0589; seven states from 19 Jan 2026, three from 16 Feb 2026; voluntary, review if skipped.
    "asc-botulinum-toxin-first-states": center(FIRST_ASC_STATES, date(2026, 1, 19)),
    "asc-botulinum-toxin-second-states": center(SECOND_ASC_STATES, date(2026, 2, 16)),
    # s2 (codes s): 62321, 62323, 64479, 64480, 64483, 64484; never facet.
    "wiser-epidural": wiser(
        {"epidural-steroid-injection", "selective-nerve-root-block"},
        "62321, 62323, 64479, 64480, 64483 or 64484",
        also=("WISER-1", "WISER-2"),
    ),
    # C2: 63655, 22510-22515, 22554.
    "wiser-stimulator-paddle-lead": wiser(SCS, leads=frozenset({"paddle"})),
    "wiser-vertebral-augmentation": wiser({"vertebroplasty", "kyphoplasty"}),
    "wiser-cervical-fusion": wiser({"spinal-fusion"}, "22554", regions=frozenset({"cervical"})),
}
DUTIES = {duty.id: duty for duty in packaged_duties()}
EACH = pytest.mark.parametrize("id", list(SOURCE))
DAY = timedelta(days=1)


def test_no_duty_is_missing_or_invented() -> None:
    assert DUTIES.keys() == SOURCE.keys()


@EACH
def test_what_who_and_where_are_the_source_s(id: str) -> None:
    duty, row = DUTIES[id], SOURCE[id]
    assert (duty.policy, duty.who, duty.country) == (row.policy, "coordinator", "US")
    assert duty.payers == {"medicare"}  # original Medicare
    assert (duty.therapies, duty.states, duty.regions) == (row.therapies, row.states, row.regions)
    assert (duty.leads, duty.settings, duty.not_settings) == (row.leads, row.settings, row.not_settings)
    assert {(cite.source, cite.mark) for cite in duty.cites} == row.cites
    assert all(cite.locator for cite in duty.cites)
    assert all(text in duty.what for text in row.says)


@EACH
def test_what_leads_the_cites_of_a_primary_rule_is_primary(id: str) -> None:
    marks = [cite.mark for cite in DUTIES[id].cites]
    assert marks[0] == ("primary" if "primary" in marks else "secondary")


@EACH
def test_it_begins_on_its_day(id: str) -> None:
    start = SOURCE[id].start
    assert [applies(id, day) for day in (start - DAY, start, start + DAY)] == [False, True, True]


@EACH
def test_it_ends_on_its_day_or_not_at_all(id: str) -> None:
    until = SOURCE[id].until
    if until is None:
        assert applies(id, date(2099, 12, 31))
    else:
        assert [applies(id, day) for day in (until - DAY, until, until + DAY)] == [True, True, False]


@EACH
def test_it_binds_its_states_alone(id: str) -> None:
    every = codes.vocabulary()["states"]["list"]
    bound = {state for state in every if applies(id, SOURCE[id].start, state=state)}
    assert bound == (SOURCE[id].states or set(every))


@EACH
def test_it_binds_its_payer_alone(id: str) -> None:
    kinds = [kind for kind in codes.ids("payer_kinds") if kind != "unknown"]
    assert [kind for kind in kinds if applies(id, SOURCE[id].start, kind=kind)] == ["medicare"]
    assert not applies(id, SOURCE[id].start, country="GB")


@EACH
def test_it_binds_its_settings_alone(id: str) -> None:
    row = SOURCE[id]
    bound = {setting for setting in codes.ids("settings") if applies(id, row.start, setting=setting)}
    assert bound == (row.settings or set(codes.ids("settings")) - row.not_settings)


@EACH
def test_it_binds_its_therapies_leads_and_regions_alone(id: str) -> None:
    row = SOURCE[id]
    assert {t for t in codes.ids("therapies") if applies(id, row.start, therapy=t)} == row.therapies
    leads, regions = codes.ids("qualifiers.lead"), codes.ids("regions")
    assert {lead for lead in leads if applies(id, row.start, lead=lead)} == (row.leads or set(leads))
    assert {region for region in regions if applies(id, row.start, region=region)} == (row.regions or set(regions))


@pytest.mark.parametrize(
    ("field", "id", "says"),
    [
        ("kind", "wiser-epidural", "the payer is Original Medicare"),
        ("state", "wiser-epidural", "the state is AZ or NJ or OH or OK or TX or WA"),
        ("setting", "prior-authorization-facet", "it is done in hospital outpatient department"),
        ("setting", "wiser-epidural", "it is not done in emergency department or hospital inpatient"),
        ("lead", "wiser-stimulator-paddle-lead", "the lead is paddle"),
        ("region", "wiser-cervical-fusion", "the region is cervical spine"),
    ],
)
def test_what_is_not_recorded_is_named_and_nothing_else(field: str, id: str, says: str) -> None:
    assert found(id, SOURCE[id].start).what == DUTIES[id].what
    assert found(id, SOURCE[id].start, **{field: None}).what == f"{DUTIES[id].what} (if {says})"


def test_an_unknown_payer_is_named_like_one_that_is_not_recorded() -> None:
    day = SOURCE["wiser-epidural"].start
    assert found("wiser-epidural", day, kind="unknown") == found("wiser-epidural", day, kind=None)


def test_no_two_duties_of_one_policy_bind_one_service() -> None:
    for one, other in itertools.combinations(DUTIES.values(), 2):
        assert one.policy != other.policy or _disjoint(one, other), f"{one.id} and {other.id}"


def _disjoint(one: Duty, other: Duty) -> bool:
    names = ("therapies", "states", "regions", "leads", "settings")
    return any(
        getattr(one, name) and getattr(other, name) and not getattr(one, name) & getattr(other, name) for name in names
    )


def found(id: str, on: date, **changed: str | None) -> Obligation:
    """The duty for a service that fits it in every point but those changed."""
    (duty,) = (duty for duty in _asked(id, on, **changed) if duty.id == id)
    return duty


def applies(id: str, on: date, **changed: str | None) -> bool:
    return any(duty.id == id for duty in _asked(id, on, **changed))


def _asked(id: str, on: date, **changed: str | None) -> tuple[Obligation, ...]:
    row = SOURCE[id]
    point: dict[str, str | None] = {
        "kind": "medicare",
        "country": None,
        "state": min(row.states, default="OR"),
        "therapy": min(row.therapies),
        "region": min(row.regions, default="lumbar"),
        "lead": min(row.leads, default=None),
        "setting": min(row.settings, default="office"),
    } | changed
    request = Request(
        id="R-1", therapy=point["therapy"], region=point["region"], lead=point["lead"], setting=point["setting"]
    )
    payer = Payer(kind=point["kind"], state=point["state"], country=point["country"])
    return obligations(packaged_duties(), request, payer, on)


GOOD = """\
policy: cms-wiser
checked: 2026-11-21
recheck_by: 2027-02-21
duties:
  a:
    what: something
    who: coordinator
    payers: [medicare]
    therapies: [kyphoplasty]
    states: [TX]
    from: 2026-01-15
    until: 2031-12-31
    source: FFS-PA
    locator: list
    mark: secondary
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[TX]", "[ZZ]", "'ZZ' is no state"),
        ("until: 2031-12-31", "until: 2026-01-14", "until is before from"),
        ("recheck_by: 2027-02-21", "recheck_by: 2026-11-21", "no recheck_by after checked"),
        ("    from: 2026-01-15\n", "", "no from"),
        ("mark: secondary", "mark: guessed", "'guessed' is no mark"),
        ("source: FFS-PA", "source: NOWHERE", "'NOWHERE' is not in knowledge/sources"),
        ("[kyphoplasty]", "[kyphoplastie]", "kyphoplasty"),
        ("    from:", "    regions: [neckk]\n    from:", "'neckk' is not in regions"),
        ("    from:", "    settings: [office]\n    not_settings: [home]\n    from:", "keep one"),
    ],
)
def test_what_could_mislead_is_refused_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert GOOD.count(old) == 1
    (tmp_path / "d.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(KnowledgeError, match=r"d\.yaml, line \d+") as refused:
        load_duties(tmp_path, packaged().sources)
    assert says in str(refused.value)


def test_a_day_of_one_day_is_accepted_and_one_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text(GOOD.replace("until: 2031-12-31", "until: 2026-01-15"))
    (duty,) = load_duties(tmp_path, packaged().sources)
    assert [duty.in_force(date(2026, 1, day)) for day in (14, 15, 16)] == [False, True, False]
    (tmp_path / "e.yaml").write_text(GOOD)
    with pytest.raises(KnowledgeError, match="the duty a stands twice"):
        load_duties(tmp_path, packaged().sources)
