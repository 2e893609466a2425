"""What a record tells of a way: order, partial days, what belongs to whom, and what is known as of a day."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from textwrap import dedent

import pytest
from implant_charts import HEAD, PAIN, review, trail, way

from levamen.pathway.implant.machine import Standing

P1 = (
    "- {id: P-1, therapy: spinal-cord-stimulation-trial, start: 2024-02-01, end: 2024-02-06, region: thoracic, "
    "pain: PN-1, relief: [{percent: 70, at: 2024-02-05}]}"
)
P2 = "- {id: P-2, therapy: spinal-cord-stimulation-implant, start: 2024-03-01, region: thoracic, pain: PN-1}"
P3 = "- {id: P-3, therapy: stimulator-programming, start: 2024-05-01}"
P4 = "- {id: P-4, therapy: lead-revision, start: 2024-08-01}"
P5 = "- {id: P-5, therapy: generator-replacement, component: generator, start: 2025-01-10}"
P6 = "- {id: P-6, therapy: stimulator-explant, start: 2025-06-01, note: infection of the pocket}"
NERVE = (
    "- {id: P-8, therapy: peripheral-nerve-stimulation-implant, start: 2023-01-01, nerves: [sural-nerve], pain: PN-1}"
)
SIXTY = "therapy: peripheral-nerve-stimulation-60-day, nerves: [femoral-nerve], pain: PN-1"
LIFE = [P1, P2, P3, P4, P5, P6]
WHOLE = [
    ("trial-started", "trial-active"),
    ("trial-ended", "trial-done"),
    ("implanted", "implanted"),
    ("early-period-over", "stable"),
    ("reprogrammed", "reprogrammed"),
    ("lead-revised", "lead-revised"),
    ("generator-replaced", "stable"),
    ("explanted", "explanted"),
]


def chart(*rows: str) -> str:
    return "procedures:\n" + "\n".join(f"  {row}" for row in rows)


def test_a_whole_life_in_its_order() -> None:
    found = way(chart(*LIFE))
    assert trail(found) == WHOLE
    assert found.standing.state == "explanted"
    assert found.steps[-1].event.reason == "infection of the pocket"


@pytest.mark.parametrize(
    ("day", "state"),
    [("2024-03-02", "stable"), ("2024-03-30", "stable"), ("2024-03-31", "reprogrammed"), ("2024-05-01", "reprogrammed"),
     ("2024-03", "stable"), ("2024-04", "reprogrammed")],
)  # fmt: skip
def test_reprogramming_in_the_first_30_days_and_after_them(day: str, state: str) -> None:
    """Implanted, the first 30 days, then in use; from there reprogrammed and back (dossier E1). Day 30 after 1 March is
    the 31st. Within the early period a visit for programming leaves it as it is. Of a month the earliest day counts.
    """
    found = way(chart(P2, P3.replace("2024-05-01", day)), as_of=date(2024, 6, 1))
    assert found.standing.state == state
    later = way(chart(P2, P3.replace("2024-05-01", day), P4), as_of=date(2024, 9, 1))
    assert later.standing.state == "lead-revised"


@pytest.mark.parametrize("rows", list(permutations(LIFE))[::97])
def test_the_order_of_the_entries_does_not_matter(rows: tuple[str, ...]) -> None:
    assert trail(way(chart(*rows))) == WHOLE


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-01-31", None),
        ("2024-02-01", "trial-active"),
        ("2024-02-05", "trial-active"),
        ("2024-02-06", "trial-done"),
        ("2024-03-01", "implanted"),
        ("2024-03-30", "implanted"),
        ("2024-03-31", "stable"),
        ("2024-04-30", "stable"),
        ("2024-05-01", "reprogrammed"),
        ("2024-08-01", "lead-revised"),
        ("2025-05-31", "stable"),
        ("2025-06-01", "explanted"),
    ],
)
def test_only_what_was_known_that_day(day: str, state: str | None) -> None:
    """Day 30 after 1 March is the 31st. The trial is not judged: nobody decides in this chart."""
    found = review(chart(*LIFE), as_of=date.fromisoformat(day)).ways
    assert [row.standing.state for row in found] == ([state] if state is not None else [])


def test_what_the_record_shows_was_done_keeps_what_was_not_shown() -> None:
    found = way(chart(P2))
    assert found.standing.state == "stable"
    kept = {item.guard for item in found.standing.overrides}
    assert kept == {"planned", "trial-passed", "authority-implant", "safety", "label", "consent", "authorization"}
    assert {(item.on, item.facts) for item in found.standing.overrides} == {("record", ("P-2",))}


def test_planned_and_cancelled_procedures_did_not_happen() -> None:
    planned = P2.replace("pain: PN-1", "pain: PN-1, status: planned")
    cancelled = P2.replace("P-2", "P-9").replace("pain: PN-1", "pain: PN-1, status: cancelled")
    assert trail(way(chart(P1, planned, cancelled)))[-1] == ("trial-ended", "trial-done")


def test_an_aborted_trial_is_aborted() -> None:
    found = way(chart(P1.replace("region", "status: aborted, region")))
    assert found.standing.state == "trial-aborted"


def test_a_trial_without_an_end_is_running_until_a_lead_comes_out() -> None:
    running = P1.replace("end: 2024-02-06, ", "")
    assert way(chart(running)).standing.state == "trial-active"
    out = "- {id: P-9, therapy: lead-removal, start: 2024-02-07}"
    assert trail(way(chart(running, out)))[-1] == ("trial-ended", "trial-done")


def test_a_second_trial_after_a_moved_lead_is_the_repeat() -> None:
    first = P1.replace("relief: [{percent: 70, at: 2024-02-05}]", "trial: {repositioned: true}")
    second = P1.replace("P-1", "P-7").replace("2024-02-0", "2024-04-0")
    found = way(chart(first, second))
    assert trail(found) == [
        ("trial-started", "trial-active"),
        ("trial-ended", "trial-done"),
        ("trial-technical-failure", "trial-technical-failure"),
        ("repeat-granted", "prerequisites-open"),
        ("trial-started", "trial-active"),
        ("trial-ended", "trial-done"),
    ]
    assert found.standing.repeats == 1


def test_a_second_trial_after_a_fair_one_is_no_repeat() -> None:
    found = way(chart(P1, P1.replace("P-1", "P-7").replace("2024-02-0", "2024-04-0")))
    assert found.standing.repeats == 0
    assert trail(found)[2] == ("trial-started", "trial-active")


def test_device_and_procedure_of_one_day_are_one_implant() -> None:
    device = "devices: [{id: D-1, kind: spinal-cord-stimulator, implanted: 2024-03-01}]"
    found = way(f"{chart(P2)}\n{device}")
    assert [row.event.facts for row in found.steps if row.event.kind == "implanted"] == [("P-2", "D-1")]


def test_a_device_of_an_unknown_day_is_there_all_the_same() -> None:
    found = way("devices: [{id: D-1, kind: spinal-cord-stimulator}]")
    assert (found.standing.state, found.placed, found.due) == ("implanted", None, ())
    assert "D-1: the day it was placed" in found.lacking


def test_a_month_is_read_from_its_earliest_day() -> None:
    found = way("devices: [{id: D-1, kind: spinal-cord-stimulator, implanted: 2026-10}]")
    assert found.standing.state == "implanted"
    assert all(not row.sure for row in found.due)
    early = way("devices: [{id: D-1, kind: spinal-cord-stimulator, implanted: 2026-09}]")
    assert early.standing.state == "stable"


def test_a_replaced_generator_is_not_another_implant() -> None:
    devices = (
        "devices:\n"
        "  - {id: D-1, kind: spinal-cord-stimulator, implanted: 2024-03-01, removed: 2025-01-10}\n"
        "  - {id: D-2, kind: spinal-cord-stimulator, implanted: 2025-01-10}"
    )
    found = way(f"{chart(P2, P5)}\n{devices}")
    assert trail(found) == [
        ("implanted", "implanted"),
        ("early-period-over", "stable"),
        ("generator-replaced", "stable"),
    ]


def test_care_that_could_be_of_two_stimulators_is_told_and_not_guessed() -> None:
    found = review(chart(P2, NERVE, P3))
    assert [row.fact for row in found.unplaced] == ["P-3"]
    assert "several" in found.unplaced[0].why
    assert all("reprogrammed" not in dict(trail(row)) for row in found.ways)


def test_an_event_that_names_its_procedure_goes_to_it() -> None:
    found = review(f"{chart(P2, NERVE)}\nevents: [{{id: V-1, kind: loss-of-effect, procedure: P-8, date: 2025-01-01}}]")
    states = {row.way.family: row.standing.state for row in found.ways}
    assert states == {"spinal-cord-stimulation": "stable", "peripheral-nerve-stimulation": "loss-of-effect"}


def test_programming_without_a_stimulator_is_told() -> None:
    found = review(chart(P3))
    assert (found.ways, [row.fact for row in found.unplaced]) == ((), ["P-3"])


def test_two_pains_are_two_ways() -> None:
    pain = PAIN.replace("}]", "}, {id: PN-2, site: hand, side: right, mechanism: neuropathic, since: 2023-01-01}]")
    neck = "- {id: P-9, therapy: spinal-cord-stimulation-implant, start: 2023-05-01, region: cervical, pain: PN-2}"
    found = review(chart(P1, neck), pain=pain)
    assert [(row.way.pain.id if row.way.pain else None, row.standing.state) for row in found.ways] == [
        ("PN-1", "trial-done"),
        ("PN-2", "stable"),
    ]


def test_what_cannot_follow_is_told() -> None:
    found = way(f"{chart(P2, P6)}\nevents: [{{id: V-1, kind: battery-failure, procedure: P-2, date: 2025-09-01}}]")
    assert trail(found)[-1] == ("battery-low", "refused")
    assert found.steps[-1].refused is not None
    assert "does not follow from 'explanted'" in found.steps[-1].refused.why


def test_an_infection_of_the_stimulator_holds_the_way() -> None:
    found = way(f"{chart(P2)}\nevents: [{{id: V-1, kind: deep-infection, procedure: P-2, date: 2024-03-20}}]")
    assert (found.standing.state, found.standing.resume) == ("infection-suspected", "implanted")


def test_a_death_closes_every_way() -> None:
    head = HEAD.replace("sex: male}", "sex: male, died: 2025-02-01}")
    assert way(chart(P2), head=head).standing == Standing(
        track="trial-first", state="closed", since=way(chart(P2), head=head).standing.since, last="died",
        overrides=way(chart(P2), head=head).standing.overrides,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "state"), [("2026-11-18", "lead-in"), ("2026-11-19", "removal-due"), ("2026-11-20", "removal-due")]
)
def test_sixty_days_to_the_day(as_of: str, state: str) -> None:
    text = f"procedures: [{{id: P-1, start: 2026-09-20, {SIXTY}}}]"
    found = way(text, as_of=date.fromisoformat(as_of))
    assert found.standing.state == state
    assert [(row.id, row.end) for row in found.due] == [("removal", date(2026, 11, 19))]


def test_a_pulled_lead_is_due_no_more() -> None:
    text = f"""
    procedures:
      - {{id: P-1, start: 2026-09-01, {SIXTY}}}
      - {{id: P-2, therapy: lead-removal, start: 2026-10-30}}
    """
    found = way(text)
    assert (found.standing.state, found.due) == ("removed", ())
    scored = way(dedent(text) + "scores: [{id: S-1, instrument: nrs, pain: PN-1, value: 3, date: 2026-11-10}]")
    assert scored.standing.state == "outcome-follow-up"


@pytest.mark.parametrize("early", ["2026-10-30", "2026-10-01"])
def test_a_score_before_the_end_is_no_outcome(early: str) -> None:
    text = f"""
    procedures:
      - {{id: P-1, start: 2026-09-01, {SIXTY}}}
      - {{id: P-2, therapy: lead-removal, start: 2026-10-30}}
    scores: [{{id: S-1, instrument: nrs, pain: PN-1, value: 3, date: {early}}}]
    """
    assert way(text).standing.state == "removed"


def test_a_score_after_reprogramming_does_not_say_that_the_effect_is_back() -> None:
    text = f"""
{chart(P2, P3.replace("2024-05-01", "2026-05-01"))}
events: [{{id: V-1, kind: loss-of-effect, procedure: P-2, date: 2026-04-01}}]
scores: [{{id: S-1, instrument: nrs, pain: PN-1, value: 9, date: 2026-06-01}}]
"""
    assert way(text).standing.state == "reprogrammed"


def test_the_yearly_visit_of_a_leap_day() -> None:
    device = "devices: [{id: D-1, kind: spinal-cord-stimulator, implanted: 2024-02-29}]"
    days = {date(2025, 2, 1): date(2025, 2, 28), date(2027, 3, 1): date(2028, 2, 29)}
    for today, due in days.items():
        found = way(device, as_of=today)
        assert [row.end for row in found.due if row.id == "programming-yearly"] == [due]


def test_the_same_record_gives_the_same_answer() -> None:
    assert way(chart(*LIFE)).steps == way(chart(*LIFE)).steps


@pytest.mark.parametrize("missing", ["pain", "mechanism", "red-flags"])
def test_what_is_not_recorded_leaves_the_way_at_its_beginning(missing: str) -> None:
    flags = "" if missing == "red-flags" else 'completeness: [{kind: red-flags, asked: 2026-11-19, answer: "no"}]\n'
    pain = PAIN.replace("mechanism: neuropathic, ", "") if missing == "mechanism" else PAIN
    pain = "pain: []" if missing == "pain" else pain
    named = "" if missing == "pain" else ", pain: PN-1"
    text = f"{flags}request: [{{id: R-1, therapy: spinal-cord-stimulation-trial, region: thoracic{named}}}]"
    found = way(text, "fda-scs-2020", pain=pain)
    assert found.standing.state == "considered"
    whole = (
        'completeness: [{kind: red-flags, asked: 2026-11-19, answer: "no"}]\n'
        "request: [{id: R-1, therapy: spinal-cord-stimulation-trial, region: thoracic, pain: PN-1}]"
    )
    assert way(whole, "fda-scs-2020").standing.state == "prerequisites-open"


def test_a_red_flag_stops() -> None:
    text = (
        'completeness: [{kind: red-flags, asked: 2026-11-19, answer: "yes"}]\n'
        "request: [{id: R-1, therapy: spinal-cord-stimulation-trial, region: thoracic, pain: PN-1}]"
    )
    found = way(text, "fda-scs-2020")
    assert found.standing.state == "considered"
    assert [(guard.id, shown.status) for guard, shown in found.ahead[0].open] == [("no-red-flag", "not_met")]


READY = """
completeness:
  - {kind: red-flags, asked: 2026-11-19, answer: "no"}
  - {kind: device-control, asked: 2026-11-19, answer: "yes"}
  - {kind: mri-need, asked: 2026-11-19, answer: "%s"}
  - {kind: devices, reviewed: 2026-11-19}
  - {kind: problems, reviewed: 2026-11-19}
  - {kind: allergies, reviewed: 2026-11-19}
evaluations: [{id: EV-1, kind: judgement, date: 2026-11-12, by: pain-physician, conclusion: suitable}]
request:
  - {id: R-1, therapy: peripheral-nerve-stimulation-60-day, region: lower-limb, nerves: [femoral-nerve], pain: PN-1}
%s
"""
MADE = "pns-60-day-label-us"


@pytest.mark.parametrize(
    ("mri", "more", "status"),
    [
        ("no", "", "met"),
        ("yes", "", "not_met"),
        ("unknown", "", "unknown"),
        ("no", "devices: [{id: D-9, kind: pacemaker, implanted: 2020-01-01}]", "not_met"),
        ("no", "allergies: [{id: A-1, substance: adhesive}]", "not_met"),
    ],
)
def test_a_contraindication_of_the_label_stops_whatever_the_payer_says(mri: str, more: str, status: str) -> None:
    """No policy that decides forbids it; the label does, and nobody passes that by."""
    found = way(READY % (mri, more), "cms-ncd-160.7")
    asked = {guard.id: (shown.status, guard.override) for guard, shown in found.ahead[0].guards}
    assert asked["label"] == (status, "never")
    assert found.standing.state == "prerequisites-open"


def test_whether_a_label_forbids_it_is_not_known() -> None:
    text = (READY % ("no", "")).replace("  - {kind: allergies, reviewed: 2026-11-19}\n", "")
    found = way(text, MADE)
    shown = next(shown for guard, shown in found.ahead[0].guards if guard.id == "label")
    assert shown.status == "unknown"
    assert shown.missing
