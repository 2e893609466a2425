"""Hold profiles: what the loader refuses, and that the checker finds a gap or an overlap in a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.knowledge.hold_checks import covered_drugs, table_faults
from levamen.knowledge.holds import Bracket, HoldRow, Length, Profile, load_profile, packaged_profiles
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.registry import packaged
from levamen.record import codes

SOURCES = {"MANUAL": Source(id="MANUAL", title="Manual", issuer="Plains", year="2026", url="https://example.org")}
CITE = "source: MANUAL, locator: page 2, mark: secondary"
AGREED = f"hold: 6 d, says: if agreed, {CITE}"

GOOD = f"""
policy: sir-2019
checked: 2026-01-05
recheck_by: 2026-07-05
from: 2019
classes: [low, high]
procedures:
  - {{class: high, of: [vertebroplasty, scs_implant], {CITE}}}
  - {{class: low, of: [mbb_lumbar], mapped: true, note: By analogy., {CITE}}}
unclassed: [esi_caudal]
escalation: {{concepts: [cirrhosis], surgeries: [spinal-fusion], drugs_together: 2, below: 15, judged: [age], {CITE}}}
labs:
  inr: {{tests: [inr], operator: '<=', amount: 1.5, says: INR at most 1.5, within: 24 h, {CITE}}}
class_labs:
  high: {{labs: [inr]}}
holds:
  apixaban-high: {{drugs: [apixaban], class: [high], at_least: 30, hold: 3 d, labs: [inr], {CITE}}}
  apixaban-high-below-30: {{drugs: [apixaban], class: [high], below: 30, mode: no_time_rule, {CITE}}}
  apixaban-low: {{drugs: [apixaban], class: [low], mode: none, notify: true, {CITE}}}
  aspirin-high: {{drugs: [aspirin], class: [high], indication: primary, mode: shared, agreed: {{{AGREED}}}, {CITE}}}
  heparin-high: {{drugs: [heparin], class: [high], doses: [low], routes: [subcutaneous], hold: 4 to 6 h, {CITE}}}
restarts:
  apixaban-high: {{drugs: [apixaban], class: [high], after: 24 h, also: [{{{CITE}}}], {CITE}}}
  apixaban-high-bloody-tap: {{drugs: [apixaban], class: [high], event: bloody-tap, after: 48 h, {CITE}}}
  alteplase: {{drugs: [alteplase], class: [high], none: true, {CITE}}}
principles:
  - {{says: Ask the prescriber., {CITE}}}
"""


def profile(tmp_path: Path, text: str = GOOD) -> Profile:
    (tmp_path / "holds.yaml").write_text(text, encoding="utf-8")
    return load_profile(tmp_path, SOURCES)


def test_a_good_table_is_read(tmp_path: Path) -> None:
    found = profile(tmp_path)
    holds = {row.id: row for row in found.holds}
    assert found.classes == ("low", "high")
    assert {name: row.word for name, row in found.procedures.items()} == {
        "vertebroplasty": "high",
        "scs_implant": "high",
        "mbb_lumbar": "low",
    }
    assert found.procedures["mbb_lumbar"].mapped
    assert found.unclassed == {"esi_caudal"}
    assert holds["apixaban-high"].length == Length(Decimal(3), Decimal(3), "d")
    assert holds["apixaban-high"].clearance == Bracket(at_least=Decimal(30))
    assert holds["apixaban-high"].labs[0].amount == Decimal("1.5")
    assert holds["heparin-high"].length == Length(Decimal(4), Decimal(6), "h")
    assert holds["heparin-high"].routes == {"subcutaneous"}
    assert holds["apixaban-low"].notify
    assert holds["aspirin-high"].agreed is not None
    assert [row.event for row in found.restarts] == ["planned", "bloody-tap", "planned"]
    assert found.restarts[0].also == (Cite("MANUAL", "page 2", "secondary"),)
    assert found.restarts[2].none
    assert found.escalation is not None
    assert found.escalation.drugs_together == 2
    assert found.class_labs["high"][0].tests == ("inr",)
    assert found.principles == (("Ask the prescriber.", Cite("MANUAL", "page 2", "secondary")),)


REFUSED = [
    ("hold: 3 d, labs", "mode: hold, labs", "without a length"),
    ("mode: none, notify: true", "mode: none, hold: 3 d", "with a length"),
    ("mode: none, notify: true", "mode: no_source, hold: 3 d", "with a length"),
    ("mode: none, notify: true", "mode: perhaps", "mode 'perhaps'"),
    ("mode: none, notify: true, ", "", "mode None"),
    ("mode: none, notify: true", "mode: no_source, notify: true", "notify is for drugs that are not held"),
    ("4 to 6 h", "6 to 4 h", "ends before it begins"),
    ("4 to 6 h", "a while", "'a while' is no length"),
    ("4 to 6 h", "6 weeks", "'6 weeks' is no length"),
    ("4 to 6 h", "1.5 d", "'1.5 d' is no length"),
    ("drugs: [apixaban], class: [low]", "drugs: [apixaban], class: [middle]", "'middle' is no class of this profile"),
    ("drugs: [apixaban], class: [low]", "drugs: [apixiban], class: [low]", "nearest: apixaban"),
    ("drugs: [apixaban], class: [low]", "class: [low]", "no drugs or no class"),
    ("drugs: [apixaban], class: [low]", "drugs: [apixaban]", "no drugs or no class"),
    ("at_least: 30, hold", "at_least: 30, below: 30, hold", "no clearance is at least 30 and below 30"),
    ("doses: [low]", "doses: [huge]", "'huge' is no dose band"),
    ("routes: [subcutaneous]", "routes: [sideways]", "'sideways' is not in drug_routes"),
    ("indication: primary", "indication: tertiary", "'tertiary' is no indication"),
    ("mode: shared, agreed", "mode: no_source, agreed", "agreed is for shared decisions"),
    ("agreed: {hold: 6 d, ", "agreed: {", "no hold"),
    ("labs: [inr], source", "labs: [inr-normal], source", "'inr-normal' is not in labs; there are inr"),
    ("tests: [inr]", "tests: [inrr]", "nearest: inr"),
    ("operator: '<=', amount: 1.5", "amount: 1.5", "a limit is an operator"),
    ("operator: '<='", "operator: under", "a limit is an operator"),
    ("after: 24 h", "none: false", "write `after` with a length"),
    ("after: 24 h", "after: 24 h, none: true", "one of the two"),
    ("after: 24 h", "after: 5 half-lives", "hours or days"),
    ("event: bloody-tap", "event: wet-tap", "'wet-tap' is no event"),
    ("apixaban-low:", "apixaban-high:", "apixaban-high"),
    ("of: [mbb_lumbar]", "of: [mbb_lumber]", "nearest: mbb_lumbar"),
    ("of: [mbb_lumbar]", "of: [vertebroplasty]", "vertebroplasty stands twice"),
    ("of: [mbb_lumbar]", "of: []", "no procedures"),
    ("{class: low, of", "{class: middle, of", "'middle' is no class of this profile"),
    ("unclassed: [esi_caudal]", "unclassed: [mbb_lumbar]", "has a class and is listed as unclassed"),
    ("unclassed: [esi_caudal]", "unclassed: [esi_caudl]", "nearest: esi_caudal"),
    ("classes: [low, high]", "classes: [low, low]", "no classes, or one twice"),
    ("policy: sir-2019", "policy: sir-2091", "nearest: sir-2019"),
    ("checked: 2026-01-05", "", "no checked"),
    ("recheck_by: 2026-07-05", "recheck_by: 2026-01-05", "no recheck_by after checked"),
    ("concepts: [cirrhosis]", "concepts: [cirhosis]", "nearest: cirrhosis"),
    ("surgeries: [spinal-fusion]", "surgeries: [spinal-fusoin]", "nearest: spinal-fusion"),
    ("  high: {labs: [inr]}", "  middle: {labs: [inr]}", "'middle' is no class of this profile"),
    ("from: 2019", "form: 2019", "'form' is not known here"),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED, ids=[f"{new or old}" for old, new, _ in REFUSED])
def test_refusals_name_the_place_and_the_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(KnowledgeError) as raised:
        profile(tmp_path, GOOD.replace(old, new))
    assert said in str(raised.value)
    assert "holds.yaml" in str(raised.value)


@pytest.mark.parametrize("start", ["apixaban-high: {drugs", "heparin-high: {", "inr: {", "alteplase: {", "- {says"])
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("source: MANUAL, ", "no source"),
        ("locator: page 2, ", "no locator"),
        (", mark: secondary", "no mark"),
        ("MANUAL", "is not in knowledge/sources"),
        ("secondary", "is no mark"),
    ],
)
def test_no_value_without_source_locator_and_mark(tmp_path: Path, start: str, part: str, said: str) -> None:
    at = GOOD.rindex(part, GOOD.index(start), GOOD.index("\n", GOOD.index(start)))
    new = "" if "no " in said and "is" not in said else "HEARSAY"
    with pytest.raises(KnowledgeError, match=said):
        profile(tmp_path, GOOD[:at] + new + GOOD[at + len(part) :])


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"no holds\.yaml"):
        load_profile(tmp_path, SOURCES)


@pytest.mark.parametrize("id", sorted(packaged_profiles()))
def test_packaged_tables_have_no_gap_and_no_overlap(id: str) -> None:
    assert table_faults(packaged_profiles()[id]) == ()


def test_every_packaged_table_belongs_to_the_folder_of_its_policy() -> None:
    for id, found in packaged_profiles().items():
        row = codes.entry("policies", id)
        assert (found.title, found.country) == (row["title"], row["country"])
        assert row["kind"] in ("hold-profile", "label")
        folder = Path(str(packaged().policies["mcr-facet"].folder)).parents[1] / str(row["folder"])
        assert load_profile(folder, packaged().sources).id == id


ASRA = packaged_profiles()["asra-pain-2018"]


def holds(*changed: HoldRow, without: str = "") -> Profile:
    rows = {row.id: row for row in ASRA.holds if row.id != without} | {row.id: row for row in changed}
    return replace(ASRA, holds=tuple(rows.values()))


def hold(id: str) -> HoldRow:
    return next(row for row in ASRA.holds if row.id == id)


@pytest.mark.parametrize("id", [row.id for row in ASRA.holds])
def test_a_missing_hold_is_a_gap(id: str) -> None:
    faults = table_faults(holds(without=id))
    assert any(fault.startswith("asra-pain-2018: no hold row for ") for fault in faults)


@pytest.mark.parametrize("id", [row.id for row in ASRA.holds])
def test_a_second_hold_is_an_overlap(id: str) -> None:
    faults = table_faults(holds(replace(hold(id), id="again")))
    assert any("overlap" in fault and "again" in fault and id in fault for fault in faults)


@pytest.mark.parametrize("id", [row.id for row in ASRA.restarts])
def test_a_second_restart_is_an_overlap(id: str) -> None:
    row = next(row for row in ASRA.restarts if row.id == id)
    faults = table_faults(replace(ASRA, restarts=(*ASRA.restarts, replace(row, id="again"))))
    assert any("the restarts" in fault and "overlap" in fault and "again" in fault for fault in faults)


@pytest.mark.parametrize("id", [row.id for row in ASRA.restarts if row.event == "planned"])
def test_a_hold_without_restart_is_a_gap(id: str) -> None:
    faults = table_faults(replace(ASRA, restarts=tuple(row for row in ASRA.restarts if row.id != id)))
    assert any("no restart row for " in fault for fault in faults)


def test_a_bracket_that_begins_too_late_is_a_gap_and_too_early_an_overlap() -> None:
    row = hold("dabigatran-etexilate-intermediate-high-50")
    late = table_faults(holds(replace(row, clearance=Bracket(at_least=Decimal(51)))))
    assert any("no hold row for dabigatran-etexilate" in fault and "clearance 50" in fault for fault in late)
    early = table_faults(holds(replace(row, clearance=Bracket(at_least=Decimal("49.9")))))
    assert any("overlap for dabigatran-etexilate" in fault and "clearance 49.9" in fault for fault in early)


def test_an_open_top_and_an_open_bottom_are_gaps() -> None:
    row = hold("dabigatran-etexilate-intermediate-high-50")
    top = table_faults(holds(replace(row, clearance=Bracket(at_least=Decimal(50), below=Decimal(200)))))
    assert any("clearance 200" in fault for fault in top)
    row = hold("dabigatran-etexilate-intermediate-high-below-30")
    bottom = table_faults(holds(replace(row, clearance=Bracket(at_least=Decimal(15), below=Decimal(30)))))
    assert any("clearance 0" in fault for fault in bottom)


@pytest.mark.parametrize(
    ("id", "change", "said"),
    [
        ("aspirin-high-primary", {"indication": "secondary"}, "primary prevention"),
        ("enoxaparin-therapeutic", {"doses": frozenset({"high"})}, "medium dose"),
        ("heparin-subcutaneous-high", {"routes": frozenset({"intramuscular"})}, "subcutaneous"),
        ("apixaban-low", {"classes": frozenset({"intermediate"})}, "class low"),
    ],
)
def test_each_dimension_is_watched(id: str, change: dict[str, frozenset[str]], said: str) -> None:
    faults = table_faults(holds(replace(hold(id), **change)))
    assert any("no hold row for" in fault and said in fault for fault in faults)


def test_a_bloody_tap_row_that_misses_a_route_is_a_gap() -> None:
    rows = [
        replace(row, routes=frozenset({"intravenous"})) if row.id == "heparin-bloody-tap" else row
        for row in ASRA.restarts
    ]
    faults = table_faults(replace(ASRA, restarts=tuple(rows)))
    assert any("no restart row after a bloody tap for heparin" in fault for fault in faults)


def test_ids_and_procedures_stand_once() -> None:
    twice = table_faults(replace(ASRA, holds=(*ASRA.holds, ASRA.holds[0]), restarts=(*ASRA.restarts, ASRA.restarts[0])))
    assert "asra-pain-2018: the hold aspirin-high-primary stands twice" in twice
    assert "asra-pain-2018: the restart aspirin stands twice" in twice
    lost = table_faults(replace(ASRA, unclassed=ASRA.unclassed - {"scs_trial"}))
    assert lost == ("asra-pain-2018: scs_trial has no class and is not listed as unclassed",)
    both = table_faults(replace(ASRA, unclassed=ASRA.unclassed | {"esi_caudal"}))
    assert both == ("asra-pain-2018: esi_caudal has a class and is listed as unclassed",)


def test_the_drugs_that_every_table_covers() -> None:
    assert {
        "warfarin",
        "aspirin",
        "alteplase",
        "ibuprofen",
        "sertraline",
        "duloxetine",
        "vortioxetine",
        "garlic",
    } <= set(covered_drugs())
    assert not {"acetaminophen", "gabapentin", "morphine"} & set(covered_drugs())


def test_lengths_in_words_and_hours() -> None:
    assert str(Length(Decimal(1), Decimal(1), "d")) == "1 day"
    assert str(Length(Decimal(12), Decimal(24), "h")) == "12 to 24 hours"
    assert str(Length(Decimal(5), Decimal(5), "half-lives")) == "5 half-lives"
    assert Length(Decimal(3), Decimal(3), "d").hours(Decimal(3)) == 72
    with pytest.raises(ValueError, match="half-life"):
        Length(Decimal(5), Decimal(5), "half-lives").hours(Decimal(5))


def test_a_profile_is_in_force_between_its_days() -> None:
    old = packaged_profiles()["asra-pain-2015"]
    assert [old.in_force(day) for day in (date(2014, 12, 31), date(2015, 1, 1), date(2018, 12, 31))] == [
        False,
        True,
        True,
    ]
    assert not old.in_force(date(2019, 1, 1))
    assert ASRA.in_force(date(2026, 11, 21))
