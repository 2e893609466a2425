"""One step on the way: `step(standing, event, shown)` gives the next standing, or refuses and says why.

Pure: the machine is data (`knowledge.implants`), what is shown comes as an argument, nothing is looked up. Standings
and events are plain structs with stable ids, so that a clinic can keep them and replay them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite
from levamen.criteria.truth import Status
from levamen.knowledge.implants import FIRST, Guard, Machine, Transition
from levamen.record.timeline import When


class Shown(Struct, frozen=True, kw_only=True):
    """What the record shows of a guard. `missing` names what would settle it; `cites` where it stands."""

    status: Status
    why: str = ""
    read: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()


NOT_LOOKED_AT = Shown(status="unknown", why="nobody looked at it")
Showing = Mapping[str, Shown]
"""By the id of the guard. A guard that is not there was not looked at."""


class Override(Struct, frozen=True, kw_only=True):
    """A guard passed although it is not met, and on whose word.

    `clinician`: a named clinician with a reason, and the policy that allows it where the guard asks for one.
    `record`: the facts show that the step was done; what was shown before it is not judged again.
    """

    guard: str
    on: Literal["clinician", "record"]
    reason: str
    by: str | None = None
    policy: str | None = None
    facts: tuple[str, ...] = ()


class Happening(Struct, frozen=True, kw_only=True):
    """An event of a way. `facts` are the ids of the entries that tell of it; `by` and `reason` where it was decided."""

    id: str
    kind: str
    at: When | None = None
    by: str | None = None
    reason: str | None = None
    facts: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()


class Standing(Struct, frozen=True, kw_only=True):
    """Where a way stands. `resume`: where a hold returns to. `repeats`: repeated trials granted on this way.

    `overrides` are kept for good: each guard that was passed on somebody's word.
    """

    track: str
    state: str = FIRST
    resume: str | None = None
    repeats: int = 0
    planned: bool = False
    since: When | None = None
    last: str | None = None
    overrides: tuple[Override, ...] = ()


class Refused(Struct, frozen=True, kw_only=True):
    """A step that is not taken. `why` is one sentence; `guards` are those that are not met, with what is missing."""

    event: str
    state: str
    why: str
    guards: tuple[tuple[str, Shown], ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What would settle the guards that are open."""
        return tuple(dict.fromkeys(what for _, shown in self.guards for what in shown.missing))


def step(machine: Machine, standing: Standing, event: Happening, shown: Showing) -> Standing | Refused:
    """The standing after an event, or a refusal. Only a guard that is met, or duly overridden, lets it pass."""
    if event.kind not in machine.events:
        return _refused(standing, event, f"there is no event '{event.kind}'")
    row = machine.step(standing.track, standing.state, event.kind)
    if row is None:
        here = machine.states[standing.state].label
        return _refused(standing, event, f"it does not follow from '{here}'")
    if event.at is not None and standing.since is not None and event.at.last < standing.since.first:
        return _refused(standing, event, f"it was on {event.at}, before the last step on {standing.since}")
    if machine.events[event.kind].reason and not (event.reason and (event.by or event.facts)):
        return _refused(standing, event, "it needs a reason, and who gave it")
    held, faults = [], []
    for id in row.guards:
        found = look(id, standing, event, shown)
        if found.status == "met":
            continue
        override = next((item for item in event.overrides if item.guard == id), None)
        fault = unsound(machine.guards[id], override) if override is not None else None
        if override is None or fault is not None:
            held.append((id, replace(found, why=f"{found.why}; {fault}") if fault else found))
        else:
            faults.append(override)
    if held:
        says = "; ".join(machine.guards[id].says for id, _ in held)
        return Refused(event=event.kind, state=standing.state, why=f"not shown: {says}", guards=tuple(held))
    return _moved(standing, event, row, tuple(faults))


def look(id: str, standing: Standing, event: Happening, shown: Showing) -> Shown:
    """A guard as the event itself, the way so far, or the record shows it."""
    if id == "decided":
        said = bool(event.by and event.reason)
        return Shown(status="met" if said else "unknown", why="" if said else "nobody is named with a reason")
    if id == "first-repeat":
        return Shown(status="met" if standing.repeats == 0 else "not_met", why=f"{standing.repeats} granted before")
    if id == "planned":
        return Shown(status="met" if standing.planned else "not_met", why="it was not planned on this way")
    return shown.get(id, NOT_LOOKED_AT)


def unsound(guard: Guard, override: Override) -> str | None:
    """Why an override does not hold, if it does not."""
    if override.on == "record":
        return None if override.facts else "an entry of the record must show that it was done"
    if guard.override == "never":
        return "nobody may pass it by"
    if not (override.by and override.reason):
        return "a named clinician must give the reason"
    if guard.override == "policy" and not override.policy:
        return "the policy that allows it must be named"
    return None


def replay(
    machine: Machine, track: str, events: Iterable[tuple[Happening, Showing]]
) -> tuple[Standing, tuple[Refused, ...]]:
    """Events in their order from the beginning: where they lead, and those that were refused (which change nothing)."""
    standing, refused = Standing(track=track), []
    for event, shown in events:
        found = step(machine, standing, event, shown)
        if isinstance(found, Refused):
            refused.append(found)
        else:
            standing = found
    return standing, tuple(refused)


def _moved(standing: Standing, event: Happening, row: Transition, overrides: tuple[Override, ...]) -> Standing:
    target = standing.resume if row.returns else row.target
    holds = row.remembers or (event.kind == "infection-suspected" and standing.resume is not None)
    resume = standing.state if row.remembers else standing.resume if holds else None
    return replace(
        standing,
        state=target if target is not None else standing.state,
        resume=resume,
        repeats=standing.repeats + (event.kind == "repeat-granted"),
        planned=event.kind == "implant-planned" or (standing.planned and event.kind != "implanted"),
        since=event.at or standing.since,
        last=event.id,
        overrides=(*standing.overrides, *overrides),
    )


def _refused(standing: Standing, event: Happening, why: str) -> Refused:
    return Refused(event=event.kind, state=standing.state, why=why)
