"""The way of a stimulator as data: states, events, guards and transitions; and what its life asks for.

`pathway.implant` moves along it. Refusals of the loader name file, line and remedy. Ids are stable: clinics keep them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.agents import CITE, Statement, one_of, part, read_cites, read_statements, read_table, says_of
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.registry import packaged
from levamen.record.timeline import DURATION_UNITS, Duration

Overriding = Literal["clinician", "policy", "never"]
Phase = Literal["before", "trial", "device", "hold", "after", "over"]
_OVERRIDES: tuple[Overriding, ...] = ("clinician", "policy", "never")
_PHASES: tuple[Phase, ...] = ("before", "trial", "device", "hold", "after", "over")
FIRST = "considered"
"""Where every way begins."""


class Track(Struct, frozen=True, kw_only=True):
    """One of the ways: which therapies go it."""

    id: str
    label: str
    therapies: frozenset[str]


class State(Struct, frozen=True, kw_only=True):
    """Where a way can stand. `phase`: before, during a trial, with a device, on hold, after, over."""

    id: str
    label: str
    phase: Phase


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of event. `reason`: it must say why, and who says so."""

    id: str
    label: str
    reason: bool


class Guard(Struct, frozen=True, kw_only=True):
    """What must be shown before a step. `policies`: the policies asked say it, so they are cited and not the guard."""

    id: str
    says: str
    override: Overriding
    policies: bool
    cites: tuple[Cite, ...]


class Transition(Struct, frozen=True, kw_only=True):
    """A step: from these states, by this event, to that state, if every guard is met.

    `remembers`: the state left is kept, and a transition that `returns` goes back to it.
    """

    event: str
    tracks: frozenset[str]
    sources: frozenset[str]
    target: str | None
    guards: tuple[str, ...]
    remembers: bool
    returns: bool


class Machine(Struct, frozen=True, kw_only=True):
    """All of it, each part by its id."""

    tracks: Mapping[str, Track]
    states: Mapping[str, State]
    events: Mapping[str, Kind]
    guards: Mapping[str, Guard]
    transitions: tuple[Transition, ...]
    checked: date

    def step(self, track: str, state: str, event: str) -> Transition | None:
        """The transition from a state by an event, if there is one."""
        for row in self.transitions:
            if row.event == event and state in row.sources and track in row.tracks:
                return row
        return None

    def track_of(self, therapy: str) -> str | None:
        """The way of a therapy."""
        return next((row.id for row in self.tracks.values() if therapy in row.therapies), None)


class Visit(Struct, frozen=True, kw_only=True):
    """A time to see the patient, or to act, counted from the implant or the lead. `every`: again each such span."""

    id: str
    says: str
    after: Literal["implant", "lead"]
    start: Duration
    end: Duration
    every: bool
    cites: tuple[Cite, ...]


class Lifecycle(Struct, frozen=True, kw_only=True):
    """What the life of a device asks for."""

    visits: tuple[Visit, ...]
    statements: tuple[Statement, ...]
    checked: date


@per_edition
def packaged_machine() -> Machine:
    """The ways this version ships."""
    return load_machine(_folder() / "machine.yaml", packaged().sources)


@per_edition
def packaged_lifecycle() -> Lifecycle:
    """The visits and statements this version ships."""
    return load_lifecycle(_folder() / "lifecycle.yaml", packaged().sources)


def _folder() -> Path:
    return root() / "implants"


def load_machine(path: Path, sources: Mapping[str, Source]) -> Machine:
    """Raises KnowledgeError where a transition names what is not there, is doubled, or a state cannot be reached."""
    top, checked = read_table(path, {"tracks", "states", "events", "guards", "transitions"})
    tracks = {id: _track(id, row) for id, row in top.named("tracks")}
    states = {id: _state(id, row) for id, row in top.named("states")}
    events = {id: _kind(id, row) for id, row in top.named("events")}
    guards = {id: _guard(id, row, sources) for id, row in top.named("guards")}
    steps = tuple(_transition(row, tracks, states, events, guards) for row in top.children("transitions"))
    found = Machine(tracks=tracks, states=states, events=events, guards=guards, transitions=steps, checked=checked)
    _whole(top, found)
    return found


def _track(id: str, row: Reader) -> Track:
    row.only({"label", "therapies"})
    therapies = frozenset(row.words("therapies"))
    for word in therapies:
        known_word(row, "therapies", word, "therapies")
    return Track(id=id, label=row.need("label", "name the way"), therapies=therapies)


def _state(id: str, row: Reader) -> State:
    row.only({"label", "phase"})
    phase = one_of(row, "phase", _PHASES)
    return State(id=id, label=row.need("label", "name the state"), phase=phase)


def _kind(id: str, row: Reader) -> Kind:
    row.only({"label", "reason"})
    return Kind(id=id, label=row.need("label", "name the event"), reason=row.flag("reason"))


def _guard(id: str, row: Reader, sources: Mapping[str, Source]) -> Guard:
    row.only({"override", "policies"} | CITE)
    override = one_of(row, "override", _OVERRIDES)
    policies = row.flag("policies")
    if policies and row.node("source") is not None:
        raise row.fail("policies and a source; what the policies say is cited with them, keep one", "source")
    cites = () if policies else read_cites(row, sources)
    return Guard(id=id, says=says_of(row), override=override, policies=policies, cites=cites)


def _transition(
    row: Reader,
    tracks: Mapping[str, Track],
    states: Mapping[str, State],
    events: Mapping[str, Kind],
    guards: Mapping[str, Guard],
) -> Transition:
    row.only({"event", "tracks", "from", "to", "guards", "remembers", "returns"})
    event, target, returns = row.need("event", "name the event"), row.text("to"), row.flag("returns")
    for key, words, known in (
        ("event", (event,), events),
        ("tracks", row.words("tracks"), tracks),
        ("from", row.words("from"), states),
        ("to", (target,) if target is not None else (), states),
        ("guards", row.words("guards"), guards),
    ):
        for word in words:
            if word not in known:
                raise row.fail(f"'{word}' is not known here; one of {', '.join(known)}", key)
    if (target is None) != returns:
        raise row.fail("it goes `to` a state or `returns` to the one it came from; write one of them")
    return Transition(
        event=event,
        tracks=frozenset(row.words("tracks")) or frozenset(tracks),
        sources=frozenset(row.words("from")),
        target=target,
        guards=row.words("guards"),
        remembers=row.flag("remembers"),
        returns=returns,
    )


def _whole(top: Reader, machine: Machine) -> None:
    """One step for each state and event, nothing unused, every state reached on some way."""
    seen: set[tuple[str, str, str]] = set()
    for row in machine.transitions:
        for key in ((track, state, row.event) for track in sorted(row.tracks) for state in sorted(row.sources)):
            if key in seen:
                raise top.fail(f"two steps from '{key[1]}' by '{key[2]}' on '{key[0]}'; keep one", "transitions")
            seen.add(key)
    reached = {FIRST} | {row.target for row in machine.transitions if row.target is not None}
    used = {
        "states": reached,
        "events": {row.event for row in machine.transitions},
        "guards": {guard for row in machine.transitions for guard in row.guards},
    }
    for section, known in (("states", machine.states), ("events", machine.events), ("guards", machine.guards)):
        idle = [id for id in known if id not in used[section]]
        if idle:
            raise top.fail(f"'{idle[0]}' is used by no transition; take it out or use it", section)


def load_lifecycle(path: Path, sources: Mapping[str, Source]) -> Lifecycle:
    """Raises KnowledgeError where a visit ends before it begins or says nothing."""
    top, checked = read_table(path, {"visits", "statements"})
    visits = tuple(_visit(id, row, sources) for id, row in top.named("visits"))
    return Lifecycle(visits=visits, statements=read_statements(top, sources), checked=checked)


def _visit(id: str, row: Reader, sources: Mapping[str, Source]) -> Visit:
    row.only({"after", "from", "to", "every"} | CITE)
    after: Literal["implant", "lead"] = one_of(row, "after", ("implant", "lead"))
    start, end = _length(part(row, "from")), _length(part(row, "to"))
    if start.unit == end.unit and end.amount < start.amount:
        raise row.fail("`to` is before `from`; check the two lengths of time", "to")
    return Visit(
        id=id,
        says=says_of(row),
        after=after,
        start=start,
        end=end,
        every=row.flag("every"),
        cites=read_cites(row, sources),
    )


def _length(row: Reader) -> Duration:
    for unit in DURATION_UNITS:
        amount = row.number(unit)
        if amount is not None and amount > 0 and amount == int(amount):
            row.only({unit})
            return Duration(amount, unit)
    raise _no_length(row)


def _no_length(row: Reader) -> KnowledgeError:
    return row.fail(f"no length of time; write a whole number of {', '.join(DURATION_UNITS)}")
