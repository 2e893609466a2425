"""The way of a stimulator, kept: what was decided on it and what was shown then, step by step, never changed.

The library's state machine judges every step. A step that a record shows was done is kept as such; what somebody
decides is kept with their name and reason; a step that is refused is told in words and not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from administration.models import clinic
from audit.chain import append
from clinic.clock import now
from devices.kept import as_taken, kept_of
from devices.models import Log, Step, Way
from devices.once import there_already
from levamen.knowledge.implants import Machine, packaged_machine
from levamen.knowledge.registry import packaged
from levamen.pathway.implant.history import IMPLANTS
from levamen.pathway.implant.machine import (
    Happening,
    Override,
    Refused,
    Shown,
    Standing,
    look,
    replay,
    step,
)
from levamen.pathway.implant.review import (
    AUTOMATIC,
    DeviceReview,
    WayReview,
    device_review,
    implant_request,
)
from levamen.pathway.implant.shown import TRIAL_OF
from levamen.record.facts import Record
from levamen.record.timeline import When
from people.models import Staff
from records import actions as records
from records.facts import reading_of
from records.models import Entry, Patient

ELSEWHERE = frozenset({"died", "infection-suspected", *AUTOMATIC})
"""Events that are not written down here: the person's death and an infection stand in their own sections of the
record and move the way from there; what follows from the record alone needs nobody."""
_CARE = {
    "reprogrammed": "stimulator-programming", "lead-revised": "lead-revision", "explanted": "stimulator-explant",
    "generator-replaced": "generator-replacement", "lead-pulled": "lead-removal",
}  # fmt: skip
_EVENTS = {"battery-low": "battery-failure", "effect-lost": "loss-of-effect"}
_DEVICE = {
    "spinal-cord-stimulation": "spinal-cord-stimulator",
    "dorsal-root-ganglion-stimulation": "dorsal-root-ganglion-stimulator",
    "peripheral-nerve-stimulation": "peripheral-nerve-stimulator",
    "peripheral-nerve-stimulation-60-day": "temporary-peripheral-nerve-stimulator",
    "restorative-neurostimulation": "multifidus-stimulator",
}
_PLACE = ("pain", "region", "side", "vertebrae", "roots", "nerves", "waveform", "lead", "technique", "site")


class Stale(Exception):
    """Somebody else took a step in between; nothing was written."""


class Already(Exception):
    """What is to be written stands in the record already; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.key)
        self.entry = entry


class Asked(Struct, frozen=True, kw_only=True):
    """A step that somebody wants to take. `overrides`: of a guard, the reason and the policy that allows it."""

    kind: str
    day: date | None = None
    reason: str = ""
    overrides: tuple[tuple[str, str, str], ...] = ()


def key_of(found: WayReview) -> tuple[str, str]:
    """By what a way is kept: its family, and the id of its pain or nothing."""
    return found.way.family, found.way.pain.id if found.way.pain is not None else ""


def review(patient: Patient, record: Record | None = None, also: Sequence[str] = ()) -> DeviceReview:
    """Every way of a patient: what was kept, then what the record tells beyond it.

    `also`: policies that are asked as if they decided beside those of the payer; nothing of that is kept.
    """
    known = record if record is not None else reading_of(patient).record
    as_of, kept = now().astimezone(clinic().zone), kept_of(patient)
    found = device_review(known, packaged(), as_of, kept=kept)
    if not also:
        return found
    decide = sorted({policy for way in found.ways for policy in way.asked.deciding}.union(also))
    return device_review(known, packaged(), as_of, decide, kept=kept)


def effect_awaited(found: WayReview) -> bool:
    """Whether the effect was lost, and what was done since has not brought it back yet."""
    if found.standing.state not in ("loss-of-effect", "reprogrammed", "lead-revised"):
        return False
    words = [row.event.kind for row in found.steps if row.refused is None]
    lost = max((place for place, kind in enumerate(words) if kind == "effect-lost"), default=-1)
    return lost >= 0 and "effect-settled" not in words[lost:]


def replayed(way: Way) -> Standing:
    """Where the kept steps lead, taken again from the beginning."""
    track = msgspec.json.decode(way.standing, type=Standing).track
    standing, _ = replay(packaged_machine(), track, [as_taken(row) for row in way.steps.order_by("number")])
    return standing


def holds(way: Way) -> bool:
    """Whether what is stored is what the steps lead to."""
    return replayed(way) == msgspec.json.decode(way.standing, type=Standing)


def possible(found: WayReview) -> list[tuple[str, str]]:
    """The events that could follow here, in the machine's order, with their words."""
    machine, now_ = packaged_machine(), found.standing
    rows = (kind for kind in machine.events.values() if kind.id not in ELSEWHERE)
    return [(kind.id, kind.label) for kind in rows if machine.step(now_.track, now_.state, kind.id) is not None]


def written(patient: Patient, found: WayReview, asked: Asked) -> Entry | None:
    """The entry that says that this step was done on this day: by an earlier step, the procedure room, or by hand."""
    implant = IMPLANTS[found.way.family]
    therapies = {"trial-started": TRIAL_OF.get(implant), "implanted": implant, "lead-placed": implant, **_CARE}
    if asked.day is None or asked.kind not in therapies:
        return None
    return there_already(patient, therapies[asked.kind], asked.day, implant_request(found.way).side)


def tried(staff: Staff, found: WayReview, asked: Asked) -> tuple[Happening, Standing | Refused]:
    """What the machine says to a step, without taking it."""
    event = Happening(
        id="next", kind=asked.kind, at=When(asked.day, asked.day) if asked.day is not None else None, by=staff.name,
        reason=asked.reason or None,
        overrides=tuple(
            Override(guard=guard, on="clinician", reason=reason, by=staff.name, policy=policy or None)
            for guard, reason, policy in asked.overrides
        ),
    )  # fmt: skip
    return event, step(packaged_machine(), found.standing, event, shown_with(found, asked))


def shown_with(found: WayReview, asked: Asked) -> Mapping[str, Shown]:
    """What is shown of each guard, with what the step itself writes down: the end of a trial is recorded by it."""
    if asked.kind == "trial-ended" and asked.day is not None:
        return {**found.shown, "trial-out": Shown(status="met", why="written down with this step")}
    return found.shown


@transaction.atomic
def take(staff: Staff, patient: Patient, key: tuple[str, str], asked: Asked, seen: int) -> Standing | Refused:
    """Takes a step: first what the record tells is kept, then the step with its entry in the chart.

    `seen` is how many steps were looked at; raises Stale where there are more, and Already where the record says that
    it was done on that day. A refused step leaves no trace.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    found = next((row for row in review(patient).ways if key_of(row) == key), None)
    if found is None or len(found.steps) != seen:
        raise Stale
    if (entry := written(patient, found, asked)) is not None:
        raise Already(entry)
    event, led = tried(staff, found, asked)
    if isinstance(led, Refused):
        return led
    machine = packaged_machine()
    way, _ = Way.objects.get_or_create(
        patient=patient, family=key[0], pain=key[1],
        defaults={"standing": _text(Standing(track=found.way.track))},
    )  # fmt: skip
    standing, count = _caught_up(machine, way, found)
    event = _written(staff, patient, found, asked, event)
    row = machine.step(standing.track, standing.state, event.kind)
    shown = {id: look(id, standing, event, shown_with(found, asked)) for id in (row.guards if row is not None else ())}
    done = step(machine, standing, event, shown)
    if isinstance(done, Refused):
        raise Stale
    _keep(way, count + 1, event, shown, standing.state, done.state, staff)
    Way.objects.filter(pk=way.pk).update(standing=_text(done), count=count + 1)
    append(
        staff, verb="way.stepped", patient=patient, about=machine.events[event.kind].label, way=way.pk,
        overrides=[item.guard for item in event.overrides],
    )  # fmt: skip
    return done


def _caught_up(machine: Machine, way: Way, found: WayReview) -> tuple[Standing, int]:
    """Keeps what the record told since the last step that was kept; where that leads, and how many steps there are."""
    standing = msgspec.json.decode(way.standing, type=Standing)
    count = way.count
    for row in found.steps[found.kept :]:
        if row.refused is not None:
            continue
        transition = machine.step(standing.track, standing.state, row.event.kind)
        passed = {item.guard for item in row.event.overrides}
        guards = transition.guards if transition is not None else ()
        shown = {id: _met(found.shown.get(id)) for id in guards if id not in passed}
        led = step(machine, standing, row.event, shown)
        if isinstance(led, Refused):
            raise Stale
        count += 1
        _keep(way, count, row.event, shown, standing.state, led.state, None)
        standing = led
    return standing, count


def _met(shown: Shown | None) -> Shown:
    """What was met when the step followed, with what it was read from where that is still shown."""
    return shown if shown is not None and shown.status == "met" else Shown(status="met", why="shown when it followed")


def _keep(
    way: Way, number: int, event: Happening, shown: Mapping[str, Shown], before: str, after: str, staff: Staff | None
) -> None:
    Step.objects.create(
        way=way, number=number, event=_text(event), shown=_text(shown), before=before, after=after, by=staff,
        recorded=now(), knowledge=packaged().hash[:80],
    )  # fmt: skip


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _written(staff: Staff, patient: Patient, found: WayReview, asked: Asked, event: Happening) -> Happening:
    """What was done, written into the chart so that every rule reads it; the event then names the entry."""
    way, at = found.way, asked.day.isoformat() if asked.day is not None else None
    body = _place(patient, found)
    done = {"start": at, "operator": staff.username, **({"note": asked.reason} if asked.reason else {})}

    def add(section: str, said: Mapping[str, object]) -> str:
        return records.add(staff, patient, section, {name: value for name, value in said.items() if value}).key

    id = f"{asked.kind}-{len(found.steps) + 1}"
    facts: tuple[str, ...] = ()
    if asked.kind == "trial-started":
        therapy = TRIAL_OF[IMPLANTS[way.family]]
        id = add("procedures", {"therapy": therapy, **body, **done, "purpose": "diagnostic"})
        facts = (id,)
    elif asked.kind in ("trial-ended", "trial-aborted") and way.trial is not None:
        entry = Entry.objects.get(patient=patient, section="procedures", key=way.trial.id)
        more = {"status": "aborted", "end": at} if asked.kind == "trial-aborted" else {"end": at}
        records.change(staff, patient, "procedures", entry.key, entry.fields | more, seen=entry.version)
        for lead in Entry.objects.filter(patient=patient, section="devices", concept="trial-lead", struck=False):
            if not lead.fields.get("removed"):
                gone = lead.fields | {"removed": at}
                records.change(staff, patient, "devices", lead.key, gone, seen=lead.version)
        id = f"{entry.key}-{'aborted' if asked.kind == 'trial-aborted' else 'end'}"
        facts = (entry.key,)
    elif asked.kind in ("implanted", "lead-placed"):
        id = add("procedures", {"therapy": IMPLANTS[way.family], **body, **done, "purpose": "therapeutic"})
        facts = (id, add("devices", {"kind": _DEVICE[way.family], "implanted": at}))
    elif asked.kind in _CARE:
        id = add("procedures", {"therapy": _CARE[asked.kind], **done})
        facts = (id,)
        if asked.kind in ("explanted", "lead-pulled"):
            for device in way.devices:
                if device.removed is None:
                    entry = Entry.objects.get(patient=patient, section="devices", key=device.id)
                    gone = entry.fields | {"removed": at}
                    records.change(staff, patient, "devices", entry.key, gone, seen=entry.version)
        if asked.kind == "reprogrammed" and way.devices:
            Log.objects.create(
                patient=patient, key=way.devices[0].id, kind=Log.Kind.PROGRAMMING, at=now(), recorded=now(), by=staff,
                says=(asked.reason or "Programmed")[:600],
            )  # fmt: skip
    elif asked.kind in _EVENTS:
        id = add("events", {"kind": _EVENTS[asked.kind], "date": at, "procedure": _procedure(found)})
        facts = (id,)
    elif asked.kind == "lead-broke":
        facts = (add("devices", {"kind": "retained-lead-fragment", "implanted": at, "note": asked.reason}),)
    return replace(event, id=id, facts=facts)


def _place(patient: Patient, found: WayReview) -> dict[str, object]:
    """Where and for which pain, as the chart writes it: of the request for the implant, else of what came before."""
    model = implant_request(found.way).id
    ids = [model, *(row.id for row in (*found.way.requests, *reversed(found.way.procedures)))]
    rows = Entry.objects.filter(patient=patient, section__in=("request", "procedures"), key__in=ids, struck=False)
    held = {row.key: row.fields for row in rows}
    body = next((held[id] for id in ids if id in held), {})
    return {name: body[name] for name in _PLACE if name in body}


def _procedure(found: WayReview) -> str | None:
    """The implant that an event belongs to."""
    rows = [row for row in found.way.procedures if row.therapy == IMPLANTS[found.way.family]]
    return rows[-1].id if rows else None
