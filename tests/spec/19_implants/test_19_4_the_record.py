"""Where a way stands, read from the record"""

from __future__ import annotations

import pytest
from stimulator import review_of, way_of

NERVE = "therapy: peripheral-nerve-stimulation-implant, nerves: [sural-nerve], pain: PN-1"
SIXTY = "therapy: peripheral-nerve-stimulation-60-day, nerves: [femoral-nerve], pain: PN-1"
IMPLANT = "{id: P-2, therapy: spinal-cord-stimulation-implant, start: 2024-03-01, region: thoracic, pain: PN-1}"


def test_what_was_done_is_taken_as_done() -> None:
    """A stimulator was put in elsewhere and nothing else is known. It is in, which is no claim that a trial was passed:
    each thing the step would ask for is kept as taken on the record's word."""
    found = way_of(f"procedures: [{IMPLANT}]")
    assert found.standing.state == "stable"
    assert {row.on for row in found.standing.overrides} == {"record"}
    assert "trial-passed" in {row.guard for row in found.standing.overrides}


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("battery-failure", "battery-at-end"),
        ("loss-of-effect", "loss-of-effect"),
        ("deep-infection", "infection-suspected"),
    ],
)
def test_events_that_move_a_way(event: str, state: str) -> None:
    """The end of a battery, a lost effect and an infection of the stimulator each have their state; an infection goes
    back to where it came from when it is over."""
    found = way_of(f"""
        procedures: [{IMPLANT}]
        events: [{{id: V-1, kind: {event}, procedure: P-2, date: 2026-10-01}}]
        """)
    assert found.standing.state == state


def test_a_battery_at_its_end_says_what_is_next_and_who() -> None:
    """The replacement of the generator is planned, without a new trial; who plans it no source says, and that is said
    with our own default, which awaits confirmation."""
    found = way_of(f"""
        procedures: [{IMPLANT}]
        events: [{{id: V-1, kind: battery-failure, procedure: P-2, date: 2026-10-01}}]
        """)
    said = {row.id: row for row in found.statements}
    assert said["battery-next"].says == "Next: plan the replacement of the generator."
    assert [cite.mark for cite in said["battery-next"].cites] == ["secondary"]
    assert "no source says" in said["battery-who"].says
    assert [cite.mark for cite in said["battery-who"].cites] == ["unverified"]
    assert "needs no new trial" in said["battery"].says


def test_a_moved_lead_is_told_and_moves_nothing_by_itself() -> None:
    """Whether the effect was lost with it is another entry."""
    found = way_of(f"""
        procedures: [{IMPLANT}]
        events: [{{id: V-1, kind: lead-migration, procedure: P-2, date: 2026-10-01}}]
        """)
    assert found.standing.state == "stable"
    assert [row.id for row in found.others] == ["V-1"]


def test_a_score_is_no_word_that_the_effect_is_back() -> None:
    """After a lost effect the device was reprogrammed and pain was scored at 9. Somebody has to say whether that is
    enough."""
    found = way_of(f"""
        procedures: [{IMPLANT}, {{id: P-3, therapy: stimulator-programming, start: 2026-10-10}}]
        events: [{{id: V-1, kind: loss-of-effect, procedure: P-2, date: 2026-10-01}}]
        scores: [{{id: S-1, instrument: nrs, pain: PN-1, value: 9, date: 2026-11-01}}]
        """)
    assert found.standing.state == "reprogrammed"


def test_what_could_belong_to_two_is_not_guessed() -> None:
    """Two stimulators, and a visit for programming that names neither: it is shown as not placed."""
    found = review_of(f"""
        procedures:
          - {IMPLANT}
          - {{id: P-4, start: 2024-06-01, {NERVE}}}
          - {{id: P-5, therapy: stimulator-programming, start: 2025-01-01}}
        """)
    assert [row.fact for row in found.unplaced] == ["P-5"]


def test_what_cannot_follow_is_told() -> None:
    """The system was explanted, and a year later its battery ended: one of the two entries is wrong, and the page says
    so."""
    found = way_of(f"""
        procedures: [{IMPLANT}, {{id: P-6, therapy: stimulator-explant, start: 2025-01-01}}]
        events: [{{id: V-1, kind: battery-failure, procedure: P-2, date: 2026-01-01}}]
        """)
    assert found.standing.state == "explanted"
    assert found.steps[-1].refused is not None


@pytest.mark.parametrize(("as_of", "state"), [("2026-11-18", "lead-in"), ("2026-11-19", "removal-due")])
def test_day_sixty(as_of: str, state: str) -> None:
    """A lead placed on 20 September may stay up to 60 days: it is to be out on 19 November (label)."""
    found = way_of(f"procedures: [{{id: P-1, start: 2026-09-20, {SIXTY}}}]", as_of=as_of)
    assert found.standing.state == state
    assert [row.end.isoformat() for row in found.due] == ["2026-11-19"]


def test_a_month_is_counted_from_its_first_day() -> None:
    """Of a lead only the month is known. It is due out as if it had been placed on the first, and the page says
    that the day is not sure."""
    found = way_of("devices: [{id: D-1, kind: temporary-peripheral-nerve-stimulator, implanted: 2026-10}]")
    assert [(row.end.isoformat(), row.sure) for row in found.due] == [("2026-11-30", False)]
