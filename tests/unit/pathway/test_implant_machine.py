"""The steps of a stimulator's way: each transition, each guard, overrides, holds, and what replay must keep."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.knowledge.implants import packaged_machine
from levamen.pathway.implant.machine import Happening, Override, Refused, Shown, Standing, replay, step
from levamen.record.timeline import When

MACHINE = packaged_machine()
MET = Shown(status="met")
ALL_MET = dict.fromkeys(MACHINE.guards, MET)
ROWS = [
    (row, track, state) for row in MACHINE.transitions for track in sorted(row.tracks) for state in sorted(row.sources)
]
OURS = ("decided", "first-repeat", "planned")
"""Guards that the event or the way itself answers."""


def standing(track: str, state: str) -> Standing:
    """A way at a state, from where every own guard could be met."""
    return Standing(track=track, state=state, resume="stable", planned=True)


def happening(kind: str, **fields: object) -> Happening:
    made = {"id": "E-1", "kind": kind, "by": "Dr. Vale", "reason": "because", **fields}
    return Happening(**made)


def moved(track: str, state: str, kind: str, shown: dict[str, Shown] = ALL_MET, **fields: object) -> Standing:
    found = step(MACHINE, standing(track, state), happening(kind, **fields), shown)
    assert isinstance(found, Standing), found.why
    return found


def refused(track: str, state: str, kind: str, shown: dict[str, Shown] = ALL_MET, **fields: object) -> Refused:
    found = step(MACHINE, standing(track, state), happening(kind, **fields), shown)
    assert isinstance(found, Refused)
    return found


@pytest.mark.parametrize(
    ("row", "track", "state"), ROWS, ids=lambda item: item if isinstance(item, str) else item.event
)
def test_every_transition_goes_where_it_says(row, track: str, state: str) -> None:
    found = moved(track, state, row.event)
    assert found.state == ("stable" if row.returns else row.target)
    assert found.last == "E-1"
    assert found.overrides == ()


@pytest.mark.parametrize(
    ("row", "track", "state"), ROWS, ids=lambda item: item if isinstance(item, str) else item.event
)
@pytest.mark.parametrize("status", ["unknown", "not_met", "ambiguous"])
def test_nothing_but_met_passes_a_guard(row, track: str, state: str, status: str) -> None:
    for guard in row.guards:
        if guard in OURS:
            continue
        shown = {**ALL_MET, guard: Shown(status=status, missing=("this",))}
        found = step(MACHINE, standing(track, state), happening(row.event), shown)
        assert isinstance(found, Refused)
        assert [id for id, _ in found.guards] == [guard]
        assert found.missing == ("this",)
        assert MACHINE.guards[guard].says in found.why


def test_a_guard_that_nobody_looked_at_is_unknown_and_stops() -> None:
    found = refused("trial-first", "trial-active", "trial-ended", {})
    assert [(id, shown.status) for id, shown in found.guards] == [("trial-out", "unknown")]


def test_what_does_not_follow_is_refused_with_a_sentence() -> None:
    found = refused("trial-first", "considered", "trial-ended")
    assert found.why == "it does not follow from 'considered'"
    assert refused("trial-first", "considered", "wishes").why == "there is no event 'wishes'"
    assert isinstance(step(MACHINE, standing("sixty-days", "considered"), happening("trial-started"), ALL_MET), Refused)
    assert isinstance(
        step(MACHINE, standing("no-trial", "implant-planned"), happening("trial-started"), ALL_MET), Refused
    )


def test_an_event_of_an_earlier_day_than_the_last_is_refused() -> None:
    here = Standing(track="trial-first", state="stable", since=When.on(date(2026, 5, 2)))
    early = happening("effect-lost", at=When.on(date(2026, 5, 1)))
    same = happening("effect-lost", at=When.on(date(2026, 5, 2)))
    partial = happening("effect-lost", at=When(date(2026, 5, 1), date(2026, 5, 31)))
    assert isinstance(step(MACHINE, here, early, ALL_MET), Refused)
    assert isinstance(step(MACHINE, here, same, ALL_MET), Standing)
    assert isinstance(step(MACHINE, here, partial, ALL_MET), Standing)


@pytest.mark.parametrize("kind", [kind.id for kind in MACHINE.events.values() if kind.reason])
def test_what_is_decided_needs_a_reason_and_somebody(kind: str) -> None:
    row = next(row for row in MACHINE.transitions if row.event == kind)
    track, state = sorted(row.tracks)[0], sorted(row.sources)[0]
    assert "reason" in refused(track, state, kind, reason=None).why
    assert "reason" in refused(track, state, kind, by=None).why
    assert moved(track, state, kind, by=None, facts=("P-1",)).last == "E-1"


# -- overrides


def over(guard: str, **fields: object) -> Override:
    made = {"guard": guard, "on": "clinician", "by": "Dr. Vale", "reason": "she lives far away", **fields}
    return Override(**made)


def without(guard: str) -> dict[str, Shown]:
    return {**ALL_MET, guard: Shown(status="not_met", why="not there")}


@pytest.mark.parametrize("guard", [g.id for g in MACHINE.guards.values() if g.id not in OURS])
def test_an_override_needs_what_its_guard_asks(guard: str) -> None:
    row = next(row for row in MACHINE.transitions if guard in row.guards)
    track, state, kind = sorted(row.tracks)[0], sorted(row.sources)[0], row.event
    asks = MACHINE.guards[guard].override
    full = over(guard, policy="mcr-scs")
    found = step(MACHINE, standing(track, state), happening(kind, overrides=(full,)), without(guard))
    if asks == "never":
        assert isinstance(found, Refused)
        assert "nobody may pass it by" in found.guards[0][1].why
        return
    assert isinstance(found, Standing)
    assert found.overrides == (full,)
    for lacking in ({"by": None}, {"reason": ""}):
        event = happening(kind, overrides=(over(guard, policy="mcr-scs", **lacking),))
        assert isinstance(step(MACHINE, standing(track, state), event, without(guard)), Refused)
    no_policy = step(MACHINE, standing(track, state), happening(kind, overrides=(over(guard),)), without(guard))
    assert isinstance(no_policy, Refused if asks == "policy" else Standing)


def test_an_override_of_a_guard_that_is_met_is_not_kept() -> None:
    assert moved("trial-first", "trial-active", "trial-ended", overrides=(over("trial-out"),)).overrides == ()


def test_an_override_is_for_its_own_guard() -> None:
    event = happening("trial-ended", overrides=(over("baseline"),))
    assert isinstance(step(MACHINE, standing("trial-first", "trial-active"), event, {}), Refused)


def test_the_record_shows_what_was_done_by_its_entries() -> None:
    """Safety too: what was done is not undone. But an entry must show it."""
    shown = without("safety")
    done = Override(guard="safety", on="record", reason="it was done", facts=("P-1",))
    assert moved("trial-first", "implant-planned", "implanted", shown, overrides=(done,)).overrides == (done,)
    empty = Override(guard="safety", on="record", reason="it was done")
    assert "an entry of the record" in refused(
        "trial-first", "implant-planned", "implanted", shown, overrides=(empty,)
    ).guards[0][1].why  # fmt: skip


# -- the way itself


def test_only_one_repeat_is_granted() -> None:
    first = moved("trial-first", "trial-technical-failure", "repeat-granted")
    assert (first.state, first.repeats) == ("prerequisites-open", 1)
    again = Standing(track="trial-first", state="trial-technical-failure", repeats=1)
    found = step(MACHINE, again, happening("repeat-granted"), ALL_MET)
    assert isinstance(found, Refused)
    assert [id for id, _ in found.guards] == ["first-repeat"]


@pytest.mark.parametrize("state", ["trial-failed", "trial-aborted", "trial-success", "trial-split", "trial-done"])
def test_a_failed_trial_alone_is_not_repeated(state: str) -> None:
    assert "does not follow" in refused("trial-first", state, "repeat-granted").why


def test_a_split_is_decided_by_a_named_clinician_with_a_reason() -> None:
    assert moved("trial-first", "trial-split", "implant-planned").state == "implant-planned"
    for lacking in ({"by": None}, {"reason": None}):
        found = refused("trial-first", "trial-split", "implant-planned", **lacking)
        assert [id for id, _ in found.guards] == ["decided"]


def test_an_implant_that_was_not_planned_is_out_of_order() -> None:
    here = Standing(track="trial-first", state="trial-success")
    found = step(MACHINE, here, happening("implanted"), ALL_MET)
    assert isinstance(found, Refused)
    assert [id for id, _ in found.guards] == ["planned"]


@pytest.mark.parametrize("state", ["trial-active", "implanted", "stable", "loss-of-effect", "battery-at-end"])
@pytest.mark.parametrize(("hold", "back"), [("infection-suspected", "infection-over"), ("mri-planned", "mri-over")])
def test_a_hold_returns_to_where_it_came_from(state: str, hold: str, back: str) -> None:
    held = moved("trial-first", state, hold)
    assert held.resume == state
    found = step(MACHINE, held, happening(back), ALL_MET)
    assert isinstance(found, Standing)
    assert (found.state, found.resume) == (state, None)


def test_an_infection_while_held_for_an_mri_returns_to_where_the_mri_came_from() -> None:
    held = moved("trial-first", "loss-of-effect", "mri-planned")
    both = step(MACHINE, held, happening("infection-suspected"), ALL_MET)
    assert isinstance(both, Standing)
    assert (both.state, both.resume) == ("infection-suspected", "loss-of-effect")


def test_a_standing_can_be_kept_and_read_again() -> None:
    kept = moved(
        "trial-first", "implant-planned", "implanted", without("authorization"), overrides=(over("authorization"),)
    )
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Standing) == kept


# -- properties

KINDS = sorted(MACHINE.events)
STATUSES = st.sampled_from(["met", "not_met", "unknown", "ambiguous"])
SHOWN = st.dictionaries(st.sampled_from(sorted(MACHINE.guards)), STATUSES.map(lambda s: Shown(status=s)))
EVENTS = st.builds(
    lambda kind, told: Happening(id=kind, kind=kind, by="Dr. Vale" if told else None, reason="so" if told else None),
    st.sampled_from(KINDS),
    st.booleans(),
)
PATHS = st.lists(st.tuples(EVENTS, SHOWN), max_size=25)
TRACKS = st.sampled_from(sorted(MACHINE.tracks))


@given(TRACKS, PATHS)
def test_replaying_the_same_events_gives_the_same_state(
    track: str, path: list[tuple[Happening, dict[str, Shown]]]
) -> None:
    assert replay(MACHINE, track, path) == replay(MACHINE, track, path)


@given(TRACKS, PATHS)
@settings(max_examples=300)
def test_a_path_taken_one_by_one_is_the_path_replayed(
    track: str, path: list[tuple[Happening, dict[str, Shown]]]
) -> None:
    here = Standing(track=track)
    for event, shown in path:
        found = step(MACHINE, here, event, shown)
        here = found if isinstance(found, Standing) else here
    assert here == replay(MACHINE, track, path)[0]


@given(TRACKS, st.sampled_from(sorted(MACHINE.states)), EVENTS, SHOWN)
@settings(max_examples=500)
def test_less_known_never_moves_further(track: str, state: str, event: Happening, shown: dict[str, Shown]) -> None:
    """Take away what is shown, guard by guard: a step that was refused stays refused."""
    here = standing(track, state)
    if isinstance(step(MACHINE, here, event, shown), Standing):
        return
    for guard in shown:
        fewer = {**shown, guard: Shown(status="unknown")}
        assert isinstance(step(MACHINE, here, event, fewer), Refused)


BEFORE = sorted({state for row in MACHINE.transitions if row.event == "implanted" for state in row.sources})
TOWARDS = st.tuples(
    st.sampled_from(["implanted", "implant-planned", "trial-passed", "explanted", "reconsidered"]).map(happening),
    st.one_of(st.just(ALL_MET), SHOWN, st.sampled_from(sorted(MACHINE.guards)).map(lambda g: without(g))),
)


@given(st.sampled_from(BEFORE), st.lists(TOWARDS, max_size=8))
@settings(max_examples=500)
def test_nothing_unknown_leads_to_an_implant(start: str, path: list[tuple[Happening, dict[str, Shown]]]) -> None:
    """Whatever the path, an implant was taken with the policies' yes, safety and consent shown at that very step."""
    here = Standing(track="trial-first", state=start)
    for event, shown in path:
        found = step(MACHINE, here, event, shown)
        if isinstance(found, Standing):
            if found.state == "implanted" and here.state not in ("implanted", "infection-suspected", "mri-hold"):
                for guard in ("authority-implant", "safety", "label", "consent", "authorization"):
                    assert shown[guard].status == "met"
            here = found


PUSHED = st.builds(
    lambda kind: Happening(
        id=kind,
        kind=kind,
        by="Dr. Vale",
        reason="so",
        overrides=tuple(over(guard, policy="mcr-scs") for guard in sorted(MACHINE.guards)),
    ),
    st.sampled_from(KINDS),
)


@given(st.lists(st.tuples(PUSHED, SHOWN), max_size=25))
@settings(max_examples=500)
def test_whoever_pushes_leaves_a_trace(path: list[tuple[Happening, dict[str, Shown]]]) -> None:
    """With every override a clinician can give: what was not shown and yet passed is kept with name and reason, and
    what nobody may pass by was met."""
    here = Standing(track="trial-first")
    for event, shown in path:
        row = MACHINE.step(here.track, here.state, event.kind)
        found = step(MACHINE, here, event, shown)
        if isinstance(found, Standing) and row is not None:
            kept = {item.guard for item in found.overrides[len(here.overrides) :]}
            for guard in row.guards:
                if guard in OURS:
                    continue
                met = guard in shown and shown[guard].status == "met"
                assert met or guard in kept
                assert met or MACHINE.guards[guard].override != "never"
            here = found
    assert all(item.by and item.reason for item in here.overrides)
