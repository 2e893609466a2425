"""The way of a stimulator as data: what the packaged one holds, and what the loader refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from levamen.knowledge.implants import (
    FIRST,
    Machine,
    load_lifecycle,
    load_machine,
    packaged_lifecycle,
    packaged_machine,
)
from levamen.knowledge.model import KnowledgeError, Source
from levamen.record.timeline import Duration

SOURCES = {"S": Source(id="S", title="S", issuer="S", year="2026", url="none")}
GOOD = """
checked: 2026-11-21
recheck_by: 2027-05-21
tracks:
  one: {label: one, therapies: [spinal-cord-stimulation-trial]}
states:
  considered: {label: considered, phase: before}
  done: {label: done, phase: after}
events:
  go: {label: go}
guards:
  asked: {says: it was asked, override: never, source: S, locator: p. 1, mark: primary}
transitions:
  - {event: go, from: [considered], to: done, guards: [asked]}
"""
SCHEDULE = """
checked: 2026-11-21
recheck_by: 2027-05-21
visits:
  look: {says: look, after: implant, from: {days: 10}, to: {days: 14}, source: S, locator: p. 1, mark: primary}
statements:
  say: {topic: visit, says: 'Say so.', source: S, locator: p. 1, mark: primary}
"""


def machine(tmp_path: Path, text: str) -> Machine:
    path = tmp_path / "machine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_machine(path, SOURCES)


def test_a_good_one_is_read(tmp_path: Path) -> None:
    found = machine(tmp_path, GOOD)
    row = found.step("one", "considered", "go")
    assert row is not None
    assert (row.target, row.guards, row.tracks) == ("done", ("asked",), frozenset({"one"}))
    assert found.step("one", "done", "go") is None
    assert found.track_of("spinal-cord-stimulation-trial") == "one"
    assert found.track_of("medial-branch-block") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("phase: before", "phase: early", "'early' is no phase"),
        ("override: never", "override: somebody", "'somebody' is no override"),
        ("to: done", "to: finished", "'finished' is not known here"),
        ("from: [considered]", "from: [start]", "'start' is not known here"),
        ("event: go,", "event: run,", "'run' is not known here"),
        ("guards: [asked]}", "guards: [told]}", "'told' is not known here"),
        ("guards: [asked]}", "tracks: [two]}", "'two' is not known here"),
        ("to: done, ", "", "it goes `to` a state or `returns`"),
        ("to: done, ", "to: done, returns: true, ", "it goes `to` a state or `returns`"),
        ("guards: [asked]}", "guards: [asked]}\n  - {event: go, from: [considered], to: done}", "two steps"),
        ("  done: {", "  idle: {label: idle, phase: over}\n  done: {", "'idle' is used by no transition"),
        ("  go: {label: go}", "  go: {label: go}\n  run: {label: run}", "'run' is used by no transition"),
        (", guards: [asked]}", "}", "'asked' is used by no transition"),
        ("source: S", "source: X", "the source 'X' is not in knowledge/sources"),
        ("source: S,", "policies: true, source: S,", "policies and a source"),
        ("says: it was asked, ", "", "no says"),
        ("spinal-cord-stimulation-trial", "spinal-stimulation", "is not in therapies"),
        ("label: done,", "title: done,", "'title' is not known here"),
    ],
)
def test_what_could_mislead_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(KnowledgeError, match=r"machine\.yaml") as told:
        machine(tmp_path, GOOD.replace(old, new, 1))
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from: {days: 10}", "from: {days: 20}", "`to` is before `from`"),
        ("from: {days: 10}", "from: {days: 1.5}", "no length of time"),
        ("from: {days: 10}", "from: {moons: 1}", "no length of time"),
        ("from: {days: 10}, ", "", "no from"),
        ("after: implant", "after: dinner", "'dinner' is no after"),
        ("mark: primary}\nst", "mark: sure}\nst", "'sure' is no mark"),
    ],
)
def test_a_schedule_that_could_mislead_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "lifecycle.yaml"
    assert old in SCHEDULE
    path.write_text(SCHEDULE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as told:
        load_lifecycle(path, SOURCES)
    assert says in str(told.value)


def test_every_state_can_be_reached_on_some_way() -> None:
    found = packaged_machine()
    reached: set[tuple[str, str]] = {(track, FIRST) for track in found.tracks}
    while True:
        more = {
            (track, row.target)
            for row in found.transitions
            for track in row.tracks
            if row.target is not None and any((track, state) in reached for state in row.sources)
        }
        if more <= reached:
            break
        reached |= more
    assert {state for _, state in reached} == set(found.states)


def test_no_trial_where_none_is_asked_for() -> None:
    """Sixty days and the multifidus have no trial; only a trial-first way reaches the states of one."""
    found = packaged_machine()
    tried = {id for id in found.states if id.startswith("trial-") and id != "trial-ready"}
    for row in found.transitions:
        if row.target in tried:
            assert row.tracks == {"trial-first"}


def test_the_implant_is_never_reached_without_the_policies_safety_and_consent() -> None:
    found = packaged_machine()
    rows = [row for row in found.transitions if row.target == "implanted" and row.event == "implanted"]
    assert rows
    for row in rows:
        assert {"authority-implant", "safety", "label", "consent", "authorization"} <= set(row.guards)
    early = [row for row in rows if "implant-planned" not in row.sources]
    assert all("planned" in row.guards for row in early)


def test_safety_red_flags_and_consent_are_passed_by_nobody() -> None:
    guards = packaged_machine().guards
    for id in ("safety", "label", "no-red-flag", "consent", "device-control", "technical-failure", "device-checked"):
        assert guards[id].override == "never"
    for id in ("authority-trial", "authority-implant", "authority-lead", "repeat", "trial-passed"):
        assert guards[id].override == "policy"


def test_the_schedule_as_its_sources_say() -> None:
    """Dossier, section 22: the lead is out by day 60 (label); the rest is convention and says so."""
    visits = {row.id: row for row in packaged_lifecycle().visits}
    removal = visits.pop("removal")
    assert (removal.start, removal.end, removal.cites[0].mark) == (
        Duration(60, "days"),
        Duration(60, "days"),
        "primary",
    )
    assert {row.cites[0].mark for row in visits.values()} == {"unverified"}
    assert (visits["wound-check"].start, visits["wound-check"].end) == (Duration(10, "days"), Duration(14, "days"))
    assert (visits["programming-first"].start, visits["programming-first"].end) == (
        Duration(2, "weeks"),
        Duration(4, "weeks"),
    )
    assert [visits[f"programming-{n}-months"].start for n in (3, 6)] == [Duration(3, "months"), Duration(6, "months")]
    assert (visits["programming-yearly"].start, visits["programming-yearly"].every) == (Duration(12, "months"), True)
