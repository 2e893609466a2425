"""The hold plan as a strip: every dose once, a time only where the plan has one, hours as they pass."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from picture_checks import SVG, agree, clean, words_of

from levamen.adapters.chart import read_chart
from levamen.criteria.outcome import Missing
from levamen.emit.pictures.hold_doses import STATES, HoldStrip, hold_strip
from levamen.emit.pictures.hold_strip import svg, table
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.pathway.periprocedural.plan import plan as plan_of
from levamen.record.facts import Medication, Procedure
from levamen.text.tree import UnusableInput

sys.path.append(str(Path(__file__).parents[1] / "emit"))
import itertools

import plans

CHARTS = sorted((Path(__file__).parents[3] / "examples" / "charts").glob("plan-*.yaml"))
TWICE = Medication(id="med-apixaban", drug="apixaban", dose="5 mg", every="12 h", times=("08:00", "20:00"))


def of(plan: Plan, *medications: Medication) -> HoldStrip:
    return hold_strip(plan, {row.id: row for row in medications})


def with_drug(plan: Plan, **changes: object) -> Plan:
    (drug,) = plan.active.drugs
    return replace(plan, active=replace(plan.active, drugs=(replace(drug, **changes),)))


def doses(root: ElementTree.Element) -> list[tuple[str, str]]:
    return [
        (element.get("class", "").removeprefix("dose "), element.findtext(f"{SVG}title", ""))
        for element in root.iter(f"{SVG}g")
        if element.get("class", "").startswith("dose")
    ]


def test_every_dose_is_a_sign_and_a_line_of_words() -> None:
    """Apixaban at 8 and 20, needle on Tuesday at 10, three days before and a day after: eight doses left out."""
    found = of(plans.apixaban(), TWICE)
    root = clean(svg(found, name="s"), "s", role="group")
    told = doses(root)
    assert [state for state, _ in told] == ["usual", "usual", "last", *["left-out"] * 8, "first", "usual", "usual"]
    assert told[2][1] == "Sat 21 Mar 2026, 08:00, last dose"
    assert told[11][1] == "Wed 25 Mar 2026, 20:00, first dose again"
    rows = [row for row in table(found).rows if row[0] == "Apixaban"]
    assert [(when, then) for _, when, then in rows[:-1]] == [
        tuple(title.rpartition(", ")[::2]) for _, title in told
    ]  # fmt: skip
    assert rows[-1] == ("Apixaban", "in all", "8 doses left out")


def test_the_hours_without_protection() -> None:
    """Saturday 8:00 to Wednesday 20:00: four days and a half."""
    (drug,) = of(plans.apixaban(), TWICE).drugs
    assert drug.unprotected == 108
    assert drug.usual == 12


def test_a_changed_clock_adds_no_hour() -> None:
    """The clocks of New York go forward on 8 March 2026 at 2: from Saturday 20:00 to Sunday 20:00 are 23 hours."""
    zone = ZoneInfo("America/New_York")
    plan = with_drug(
        replace(plans.apixaban(), start=datetime(2026, 3, 8, 10, tzinfo=zone).astimezone(UTC)),
        stop_at=datetime(2026, 3, 7, 21, tzinfo=zone).astimezone(UTC),
        last_dose=datetime(2026, 3, 7, 20, tzinfo=zone).astimezone(UTC),
        first_dose=datetime(2026, 3, 8, 20, tzinfo=zone).astimezone(UTC),
        restart_from=None,
    )
    (drug,) = of(plan, TWICE).drugs
    assert drug.unprotected == 23
    assert drug.usual == Fraction(11)
    assert "(UTC-05:00)" in svg(of(plan, TWICE))


def test_moments_lie_where_their_time_is() -> None:
    root = clean(svg(of(plans.apixaban(), TWICE)), "strip", role="group")
    at = {
        element.findtext(f"{SVG}title", ""): float(disc.get("cx", ""))
        for element in root.iter(f"{SVG}g")
        if element.get("class", "").startswith("dose") and (disc := element.find(f"{SVG}circle")) is not None
    }
    twelve_hours = 720 / 14
    places = list(at.values())
    for before, after in itertools.pairwise(places):
        assert after - before == pytest.approx(twelve_hours, abs=0.02)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("proceed_no_hold", "Keep taking apixaban"),
        ("shared_decision_required", "Ask the prescriber"),
        ("lab_required_no_datetime", "A laboratory test first"),
        ("do_not_hold_without_prescriber", "Do not hold apixaban without the prescriber"),
        ("defer", "Defer: no time is given"),
        ("hard_stop_change_plan", "Stop, change the plan"),
    ],
)
def test_without_a_hold_no_time_is_told(decision: str, says: str) -> None:
    """Even where times are left in the answer: what is not held has no dose, no bar and no day."""
    plan = replace(with_drug(plans.apixaban(), decision=decision), tasks=())
    found = of(plan, TWICE)
    root = clean(svg(found), "strip", role="group")
    assert doses(root) == []
    assert found.first is None
    told = words_of(root).replace(root.findtext(f"{SVG}title", ""), "")
    assert says in told
    assert "2026" not in told
    assert [row[1] for row in table(found).rows] == ["no time"]


def test_no_drug_on_record_is_not_no_drug() -> None:
    plan = replace(
        plans.apixaban(),
        active=replace(plans.apixaban().active, drugs=()),
        missing=(Missing(kind="medications", what="whether the list holds every medicine", reason="not_recorded"),),
        tasks=(),
    )
    told = words_of(clean(svg(of(plan)), "strip", role="group"))
    assert "No drug on record that this plan speaks of." in told
    assert "Whether the list holds every medicine (not recorded)." in told
    assert [row[0] for row in table(of(plan)).rows] == ["Not known", "Not known"]


def test_a_held_drug_beside_one_that_goes_on() -> None:
    (held,) = plans.apixaban().active.drugs
    aspirin = DrugAnswer(
        profile=held.profile, medication="med-aspirin", drug="aspirin", decision="proceed_no_hold", why="goes on"
    )
    plan = replace(plans.apixaban(), active=replace(plans.apixaban().active, drugs=(held, aspirin)))
    root = clean(svg(of(plan, TWICE)), "strip", role="group")
    assert "Keep taking aspirin. Goes on." in words_of(root)
    assert len(doses(root)) == 14


def test_dose_times_that_nobody_wrote_are_not_made_up() -> None:
    found = of(plans.apixaban())
    root = clean(svg(found), "strip", role="group")
    assert [state for state, _ in doses(root)] == ["last", "first"]
    assert "dose times not known" in words_of(root)
    assert found.drugs[0].usual is None


def test_a_restart_that_is_not_decided_leaves_the_doses_open() -> None:
    plan = with_drug(plans.apixaban(), first_dose=None, restart_from=None)
    root = clean(svg(of(plan, TWICE)), "strip", role="group")
    states = [state for state, _ in doses(root)]
    assert "first" not in states
    assert states[-1] == "not-decided"
    assert "Not known: the first dose again is not decided" in words_of(root)


def test_what_is_not_final_says_so_first() -> None:
    assert "Not final: nobody stops a drug on it" in words_of(clean(svg(of(plans.warfarin())), "strip", role="group"))
    assert "Not final" not in svg(of(plans.apixaban(), TWICE))


def test_no_hours_of_two_drugs_are_added() -> None:
    (held,) = plans.apixaban().active.drugs
    other = replace(held, medication="m-2", drug="rivaroxaban")
    plan = replace(plans.apixaban(), active=replace(plans.apixaban().active, drugs=(held, other)))
    rows = [row for row in table(of(plan, TWICE)).rows if row[0] == "Time unprotected"]
    assert [row[2] for row in rows] == [
        "108 h from last to first dose (usual 12 h)",
        "108 h from last to first dose",
    ]  # fmt: skip


def test_each_state_has_its_own_sign() -> None:
    plan = plans.apixaban()
    open_ = with_drug(plan, first_dose=None, restart_from=None)
    signs = set()
    for found in (of(plan, TWICE), of(open_, TWICE)):
        root = clean(svg(found), "strip", role="group")
        for group in root.iter(f"{SVG}g"):
            if group.get("class", "").startswith("dose"):
                state = group.get("class", "").removeprefix("dose ")
                drawn = tuple(
                    (one.tag, one.get("stroke-dasharray"), one.get("d", "").count("M"), one.get("fill") == "none")
                    for one in group
                    if one.tag in (f"{SVG}circle", f"{SVG}path")
                )
                words = tuple(one.text for one in group.iter(f"{SVG}text"))[:1]
                signs.add((state, drawn, words))
    assert {state for state, _, _ in signs} == set(STATES)
    assert len({(drawn, words) for _, drawn, words in signs}) == len(STATES)


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_every_plan_of_the_examples(path: Path) -> None:
    record = read_chart(path.read_bytes(), path.stem).record
    assert record.as_of is not None
    medications = {row.id: row for row in record.facts if isinstance(row, Medication)}
    drawn = 0
    for request in record.requests or record.of(Procedure):
        try:
            plan = plan_of(record, request, packaged(), record.as_of.at or record.as_of.first)
        except UnusableInput:
            continue
        found = hold_strip(plan, medications)
        agree(clean(svg(found), "strip", role="group"), table(found))
        assert svg(found) == svg(hold_strip(plan, medications))
        for strip in found.drugs:
            times = [dose.at for dose in strip.doses]
            assert times == sorted(set(times))
            if strip.held is not None and strip.held.first_dose is not None:
                out = [dose.at for dose in strip.doses if dose.state == "left-out"]
                stop = strip.held.last_dose or strip.held.stop_at
                assert stop is not None
                assert all(stop < at < strip.held.first_dose for at in out)
        drawn += 1
    assert drawn or path.stem in ("plan-request-not-complete",)
