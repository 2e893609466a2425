"""What a record tells of each way: its trials, implants, devices and events as happenings, in their order.

A way is one kind of stimulation for one pain. What a record shows was done is taken as done: the guards of that step
are passed on the record's word and kept as such, never as met. What belongs to no single way is told, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from levamen.knowledge.implants import Machine
from levamen.pathway.implant.machine import Happening, Override
from levamen.pathway.implant.shown import IMPLANT_OF, Moment
from levamen.record.facts import Device, Event, Fact, Pain, Procedure, Record, Request
from levamen.record.timeline import When, known_by

Family = Literal[
    "spinal-cord-stimulation",
    "dorsal-root-ganglion-stimulation",
    "peripheral-nerve-stimulation",
    "peripheral-nerve-stimulation-60-day",
    "restorative-neurostimulation",
]
FAMILY: Mapping[str, Family] = {
    "spinal-cord-stimulation-trial": "spinal-cord-stimulation",
    "spinal-cord-stimulation-implant": "spinal-cord-stimulation",
    "dorsal-root-ganglion-stimulation-trial": "dorsal-root-ganglion-stimulation",
    "dorsal-root-ganglion-stimulation-implant": "dorsal-root-ganglion-stimulation",
    "peripheral-nerve-stimulation-trial": "peripheral-nerve-stimulation",
    "peripheral-nerve-stimulation-implant": "peripheral-nerve-stimulation",
    "peripheral-nerve-stimulation-60-day": "peripheral-nerve-stimulation-60-day",
    "restorative-neurostimulation": "restorative-neurostimulation",
}
DEVICES: Mapping[str, Family] = {
    "spinal-cord-stimulator": "spinal-cord-stimulation",
    "dorsal-root-ganglion-stimulator": "dorsal-root-ganglion-stimulation",
    "peripheral-nerve-stimulator": "peripheral-nerve-stimulation",
    "temporary-peripheral-nerve-stimulator": "peripheral-nerve-stimulation-60-day",
    "multifidus-stimulator": "restorative-neurostimulation",
}
IMPLANTS: Mapping[Family, str] = {
    "spinal-cord-stimulation": "spinal-cord-stimulation-implant",
    "dorsal-root-ganglion-stimulation": "dorsal-root-ganglion-stimulation-implant",
    "peripheral-nerve-stimulation": "peripheral-nerve-stimulation-implant",
    "peripheral-nerve-stimulation-60-day": "peripheral-nerve-stimulation-60-day",
    "restorative-neurostimulation": "restorative-neurostimulation",
}
CARE: Mapping[str, str] = {
    "stimulator-programming": "reprogrammed",
    "lead-revision": "lead-revised",
    "generator-replacement": "generator-replaced",
    "stimulator-explant": "explanted",
    "lead-removal": "lead-removal",
}
EVENTS: Mapping[str, str] = {
    "battery-failure": "battery-low",
    "loss-of-effect": "effect-lost",
    "superficial-infection": "infection-suspected",
    "deep-infection": "infection-suspected",
}
"""Events of a chart that move a way. Lead migration and the rest are shown with it and move nothing by themselves."""


class Way(Struct, frozen=True, kw_only=True):
    """One kind of stimulation for one pain: what was asked for, done and put in. `pain` absent: not named."""

    family: Family
    track: str
    pain: Pain | None
    requests: tuple[Request, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    devices: tuple[Device, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def trials(self) -> tuple[Procedure, ...]:
        return tuple(row for row in self.procedures if row.therapy in IMPLANT_OF)

    @property
    def trial(self) -> Procedure | None:
        """The latest trial."""
        return max(self.trials, key=_first_day, default=None)

    @property
    def ids(self) -> frozenset[str]:
        """Of everything it is made of."""
        return frozenset(row.id for row in (*self.requests, *self.procedures, *self.devices, *self.events))


class Unplaced(Struct, frozen=True, kw_only=True):
    """An entry that belongs to no single way, and why."""

    fact: str
    what: str
    why: str


def ways(machine: Machine, moment: Moment) -> tuple[tuple[Way, ...], tuple[Unplaced, ...]]:
    """Every way of a record as known at a moment, and what could not be placed."""
    record = moment.record
    pains = {fact.id: fact for fact in moment.facts if isinstance(fact, Pain)}
    groups: dict[tuple[Family, str | None], dict[str, list[Fact]]] = {}
    for section, fact, family, pain in _members(record, moment, pains):
        groups.setdefault((family, pain), {}).setdefault(section, []).append(fact)
    groups = _joined(groups)
    placed, unplaced = _care(moment, groups)
    found = [
        Way(
            family=family,
            track=machine.track_of(IMPLANTS[family]) or "trial-first",
            pain=pains.get(pain) if pain is not None else None,
            **{name: tuple(rows) for name, rows in placed[family, pain].items()},  # type: ignore[arg-type]  # each section by the name of its field
        )
        for family, pain in groups
    ]
    return tuple(sorted(found, key=lambda way: (way.family, way.pain.id if way.pain is not None else ""))), unplaced


def _members(
    record: Record, moment: Moment, pains: Mapping[str, Pain]
) -> Iterator[tuple[str, Fact, Family, str | None]]:
    alone = next(iter(pains)) if len(pains) == 1 else None
    for request in record.requests:
        if (family := FAMILY.get(request.therapy or "")) is not None:
            yield "requests", request, family, request.pain or alone
    for fact in moment.facts:
        if isinstance(fact, Procedure) and _was_done(fact, moment):
            if (family := FAMILY.get(fact.therapy or "")) is not None:
                yield "procedures", fact, family, fact.pain or alone
        elif isinstance(fact, Device) and (family := DEVICES.get(fact.kind or "")) is not None:
            yield "devices", fact, family, None


def _was_done(fact: Procedure, moment: Moment) -> bool:
    """Done or broken off, and begun by now; what is planned or cancelled did not happen."""
    if fact.status not in (None, "done", "aborted"):
        return False
    return fact.start is None or known_by(fact.start, moment.as_of)


def _joined(
    groups: dict[tuple[Family, str | None], dict[str, list[Fact]]],
) -> dict[tuple[Family, str | None], dict[str, list[Fact]]]:
    """What names no pain joins the only way of its kind; where there are several it stays apart."""
    found = {key: {name: list(rows) for name, rows in value.items()} for key, value in groups.items()}
    for family, pain in list(found):
        named = [key for key in found if key[0] == family and key[1] is not None]
        if pain is None and len(named) == 1:
            for name, rows in found.pop((family, None)).items():
                found[named[0]].setdefault(name, []).extend(rows)
    return found


def _care(
    moment: Moment, groups: Mapping[tuple[Family, str | None], Mapping[str, list[Fact]]]
) -> tuple[dict[tuple[Family, str | None], dict[str, list[Fact]]], tuple[Unplaced, ...]]:
    """Care of a device and events, each put to the one way it can belong to."""
    placed = {key: {name: list(rows) for name, rows in value.items()} for key, value in groups.items()}
    unplaced: list[Unplaced] = []
    for fact in moment.facts:
        if isinstance(fact, Procedure) and fact.therapy in CARE and _was_done(fact, moment):
            name, what, named = "procedures", str(fact.therapy), None
        elif isinstance(fact, Event) and _is_ours(fact):
            name, what, named = "events", str(fact.kind), fact.procedure
        else:
            continue
        fits = [key for key, rows in placed.items() if _fits(rows, fact, named)]
        if len(fits) == 1:
            placed[fits[0]].setdefault(name, []).append(fact)
        else:
            why = "there is no stimulator it can belong to" if not fits else "it could belong to several stimulators"
            unplaced.append(Unplaced(fact=fact.id, what=what, why=why))
    return placed, tuple(unplaced)


_DEVICE_EVENTS = frozenset(
    {
        "lead-migration",
        "lead-fracture",
        "battery-failure",
        "device-malfunction",
        "loss-of-effect",
        "unwanted-stimulation",
    }
)


def _is_ours(fact: Event) -> bool:
    """An event of a stimulator by its kind, or an infection that names its procedure."""
    return fact.kind in _DEVICE_EVENTS or (fact.kind in EVENTS and fact.procedure is not None)


def _fits(rows: Mapping[str, Sequence[Fact]], fact: Fact, named: str | None) -> bool:
    """By the procedure it names; else by there being something in the body on that day."""
    ids = {row.id for kind in ("procedures", "devices") for row in rows.get(kind, ())}
    if named is not None:
        return named in ids
    day = fact.day
    for row in (*rows.get("procedures", ()), *rows.get("devices", ())):
        placed = row.day
        if row is not fact and (placed is None or day is None or placed.first <= day.last):
            return True
    return False


def happenings(way: Way, moment: Moment) -> tuple[Happening, ...]:
    """What happened on a way, in its order. Two entries of one implant are one; a day not recorded comes first."""
    found = [*_of_trials(way), *_of_implants(way), *_of_care(way), *_of_events(way), *_of_devices(way)]
    died = moment.record.person.died
    if died is not None and known_by(died, moment.as_of):
        found.append(Happening(id="died", kind="died", at=died, facts=("person",)))
    return tuple(sorted(found, key=_order))


def _of_trials(way: Way) -> Iterator[Happening]:
    for row in way.trials:
        yield _did(row.id, "trial-started", row.start, row.id)
        if row.status == "aborted":
            yield Happening(
                id=f"{row.id}-aborted",
                kind="trial-aborted",
                at=row.end or row.start,
                reason="recorded as aborted",
                facts=(row.id,),
            )
        elif row.end is not None:
            yield _did(f"{row.id}-end", "trial-ended", row.end, row.id)


def _of_implants(way: Way) -> Iterator[Happening]:
    """Each implant once: a device put in on the day of an implant, or of a replacement, is not another."""
    kind = "lead-placed" if way.track == "sixty-days" else "implanted"
    used = {device.id for device in way.devices if any(_same_day(device.implanted, day) for day in _replaced(way))}
    for row in way.procedures:
        if row.therapy != IMPLANTS[way.family]:
            continue
        same = [device for device in way.devices if device.id not in used and _same_day(device.implanted, row.start)]
        used |= {device.id for device in same}
        yield _did(row.id, kind, row.start, row.id, *(device.id for device in same))
    for device in way.devices:
        if device.id not in used and not (device.implanted is None and used):
            yield _did(device.id, kind, device.implanted, device.id)


def _replaced(way: Way) -> list[When]:
    """The days on which a part was replaced."""
    parts = ("generator-replacement", "lead-revision")
    return [row.start for row in way.procedures if row.therapy in parts and row.start is not None]


def _of_care(way: Way) -> Iterator[Happening]:
    for row in way.procedures:
        kind = CARE.get(row.therapy or "")
        if kind == "lead-removal":
            if way.track == "sixty-days":
                yield _did(row.id, "lead-pulled", row.start, row.id)
            elif any(trial.end is None for trial in way.trials):
                yield _did(row.id, "trial-ended", row.start, row.id)
        elif kind == "explanted":
            yield Happening(id=row.id, kind=kind, at=row.start, reason=row.note or "recorded as done", facts=(row.id,))
        elif kind is not None:
            yield _did(row.id, kind, row.start, row.id)


def _of_events(way: Way) -> Iterator[Happening]:
    for row in way.events:
        kind = EVENTS.get(row.kind or "")
        if kind is not None:
            yield Happening(id=row.id, kind=kind, at=row.date, facts=(row.id,))


def _of_devices(way: Way) -> Iterator[Happening]:
    """A device that is out: pulled or explanted, unless a procedure tells it too."""
    taken = [row.start for row in way.procedures if row.therapy in ("stimulator-explant", "lead-removal")]
    told = [*taken, *_replaced(way)]
    for device in way.devices:
        out = device.removed
        if out is None or any(_same_day(day, out) for day in told):
            continue
        kind = "lead-pulled" if way.track == "sixty-days" else "explanted"
        reason = device.note or "recorded as removed"
        yield Happening(id=f"{device.id}-out", kind=kind, at=out, reason=reason, facts=(device.id,))


def _did(id: str, kind: str, at: When | None, *facts: str) -> Happening:
    return Happening(id=id, kind=kind, at=at, facts=facts)


def on_record(event: Happening, guards: Iterable[str]) -> Happening:
    """The event with the guards of its step passed on the record's word: it was done, they are not judged again."""
    told = tuple(
        Override(guard=guard, on="record", reason="the record shows that it was done", facts=event.facts)
        for guard in guards
    )
    return Happening(
        id=event.id, kind=event.kind, at=event.at, by=event.by, reason=event.reason, facts=event.facts, overrides=told
    )


_AMONG_EQUALS = (
    "trial-started", "trial-ended", "trial-aborted", "explanted", "implanted", "lead-placed", "generator-replaced",
)  # fmt: skip


def _order(event: Happening) -> tuple[date, int, str]:
    """By day; on one day in the order of care; what has no day comes first."""
    rank = _AMONG_EQUALS.index(event.kind) if event.kind in _AMONG_EQUALS else len(_AMONG_EQUALS)
    return (event.at.first if event.at is not None else date.min, rank, event.id)


def _first_day(row: Procedure) -> date:
    return row.start.first if row.start is not None else date.min


def _same_day(one: When | None, other: When | None) -> bool:
    return one is not None and other is not None and one.first <= other.last and other.first <= one.last
