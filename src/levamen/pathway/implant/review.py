"""Where each stimulator of a record stands: how it came there, what its trial showed under each policy, what next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.derive.trials import TrialResult
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.agents import Statement
from levamen.knowledge.implants import Guard, Machine, Visit, packaged_lifecycle, packaged_machine
from levamen.knowledge.registry import Knowledge
from levamen.pathway.implant.history import EVENTS, IMPLANTS, Unplaced, Way, happenings, on_record, ways
from levamen.pathway.implant.machine import Happening, Refused, Showing, Shown, Standing, look, step
from levamen.pathway.implant.shown import Asked, Moment, ask, early_period, of_trial, showing
from levamen.pathway.implant.trial import Outcome, TrialMeasures, measures, outcome
from levamen.record.facts import Device, Event, Procedure, Record, Request
from levamen.record.timeline import Duration, When, add_months, after

AUTOMATIC = (
    "indication-recorded", "prerequisites-met", "trial-passed", "trial-technical-failure", "trial-split",
    "trial-not-passed", "early-period-over", "sixty-days-over", "outcome-recorded",
)  # fmt: skip
"""Steps that follow from the record alone, in the order in which they are tried. What somebody decides is no such step,
nor is that an effect came back: a score says how it is, not that it is enough."""
FORWARD = (
    "indication-recorded", "prerequisites-met", "trial-started", "lead-placed", "trial-ended", "repeat-granted",
    "implant-planned", "implanted", "lead-pulled", "effect-settled",
)  # fmt: skip
"""Steps ahead that are shown with what they ask for."""
REMOVAL = "removal"
"""The visit at which a sixty-day lead is pulled."""


class Stepped(Struct, frozen=True, kw_only=True):
    """An event of a way: the state before, and the state after or why it was not followed."""

    event: Happening
    before: str
    after: str
    refused: Refused | None = None


class Ahead(Struct, frozen=True, kw_only=True):
    """A step that could be next, with each thing it asks for as the record shows it."""

    event: str
    target: str
    guards: tuple[tuple[Guard, Shown], ...]

    @property
    def open(self) -> tuple[tuple[Guard, Shown], ...]:
        """What is not met."""
        return tuple(row for row in self.guards if row[1].status != "met")


class Due(Struct, frozen=True, kw_only=True):
    """A day to see the patient, or to act. `sure`: false where the day it is counted from is not known exactly."""

    id: str
    says: str
    start: date
    end: date
    sure: bool
    cites: tuple[Cite, ...]


Kept = Mapping[tuple[str, str | None], Sequence[tuple[Happening, Showing]]]
"""What a clinic has kept of each way, by its family and the id of its pain: each step with what was shown then."""


class WayReview(Struct, frozen=True, kw_only=True):
    """One way as known at a moment.

    `shown`: what the record shows now of each guard, so that a step can be tried. `kept`: how many of the steps come
    from what the clinic kept; they stand as they were judged then, and come first.
    `placed`: the day of the latest implant or lead. `others`: events of the device that are told and move nothing by
    themselves. `lacking`: what an MRI would ask of the record.
    """

    way: Way
    standing: Standing
    steps: tuple[Stepped, ...]
    ahead: tuple[Ahead, ...]
    asked: Asked
    trial: TrialMeasures | None
    outcome: Outcome | None
    placed: When | None
    due: tuple[Due, ...]
    statements: tuple[Statement, ...]
    lacking: tuple[str, ...]
    others: tuple[Event, ...]
    shown: Showing
    kept: int = 0

    @property
    def label(self) -> str:
        """What a person calls the state."""
        return packaged_machine().states[self.standing.state].label


class DeviceReview(Struct, frozen=True, kw_only=True):
    """The stimulators of a record. `checked`: when machine and schedule were last held against their sources."""

    record: Record
    as_of: date
    moment: str
    ways: tuple[WayReview, ...]
    unplaced: tuple[Unplaced, ...]
    checked: date


def device_review(
    record: Record,
    knowledge: Knowledge,
    as_of: date | datetime,
    deciding: Sequence[str] = (),
    kept: Kept | None = None,
) -> DeviceReview:
    """Every way of the record. `deciding`: the policies that decide; absent, those of the payer.

    `kept`: steps that a clinic has kept. They are replayed first, each by what was shown then; what the record tells
    beyond them follows.
    """
    machine, moment = packaged_machine(), Moment(record, as_of)
    found, unplaced = ways(machine, moment)
    return DeviceReview(
        record=record,
        as_of=local_day(as_of, zone_of(record)),
        moment=as_of.isoformat(),
        ways=tuple(_review(machine, way, moment, knowledge, deciding, _kept(way, kept or {})) for way in found),
        unplaced=unplaced,
        checked=min(machine.checked, packaged_lifecycle().checked),
    )


def _kept(way: Way, kept: Kept) -> Sequence[tuple[Happening, Showing]]:
    """The steps kept of a way; kept while its pain had no name yet, they belong to the only way of the family."""
    pain = way.pain.id if way.pain is not None else None
    return kept.get((way.family, pain)) or kept.get((way.family, None)) or ()


def _review(
    machine: Machine,
    way: Way,
    moment: Moment,
    knowledge: Knowledge,
    deciding: Sequence[str],
    kept: Sequence[tuple[Happening, Showing]],
) -> WayReview:
    request = implant_request(way)
    asked = ask(moment.record, knowledge, moment.as_of, request, deciding)
    events = happenings(way, moment)
    placed = _placed(events)
    standing, before = _again(machine, Standing(track=way.track), kept)
    told = {event.id for event, _ in kept}
    standing, steps = _replayed(machine, way, [event for event in events if event.id not in told], standing, before)
    standing, more = _followed(machine, standing, lambda now: _shown(way, asked, moment, now, placed))
    shown = _shown(way, asked, moment, standing, placed)
    trial = _trial(way, moment, request)
    return WayReview(
        way=way,
        standing=standing,
        steps=(*before, *steps, *more),
        ahead=_ahead(machine, standing, shown),
        asked=asked,
        trial=trial,
        outcome=outcome(asked.answers) if trial is not None else None,
        placed=placed,
        due=_due(machine, standing, placed, moment.day),
        statements=_statements(machine, standing),
        lacking=_lacking(way, machine, standing),
        others=tuple(row for row in way.events if row.kind not in EVENTS),
        shown=shown,
        kept=len(before),
    )


def implant_request(way: Way) -> Request:
    """The chart's own request for the implant (or lead); else one at the place of the trial, or for the pain alone."""
    therapy = IMPLANTS[way.family]
    stated = next((row for row in way.requests if row.therapy == therapy), None)
    if stated is not None:
        return stated
    model: Procedure | None = way.trial or next(iter((*way.requests, *way.procedures)), None)
    place = ("region", "side", "vertebrae", "roots", "nerves", "site", "waveform", "lead", "technique")
    fields = {name: getattr(model, name) for name in place} if model is not None else {}
    pain = way.pain.id if way.pain is not None else model.pain if model is not None else None
    return Request(id=f"{therapy}?", therapy=therapy, purpose="therapeutic", pain=pain, **fields)


def _shown(way: Way, asked: Asked, moment: Moment, standing: Standing, placed: When | None) -> Showing:
    tried = standing.planned or (standing.state.startswith("trial-") and standing.state != "trial-ready")
    return showing(asked, moment, way.pain, way.trial, tried=tried, placed=placed, since=standing.since)


def _again(
    machine: Machine, standing: Standing, kept: Sequence[tuple[Happening, Showing]]
) -> tuple[Standing, list[Stepped]]:
    """Steps that were kept, taken again by what was shown when they were taken."""
    steps: list[Stepped] = []
    for event, shown in kept:
        found = step(machine, standing, event, shown)
        refused = found if isinstance(found, Refused) else None
        led = standing if isinstance(found, Refused) else found
        steps.append(Stepped(event=event, before=standing.state, after=led.state, refused=refused))
        standing = led
    return standing, steps


def _replayed(
    machine: Machine, way: Way, events: Sequence[Happening], standing: Standing, before: Sequence[Stepped]
) -> tuple[Standing, list[Stepped]]:
    """What happened after what was kept, one after another; a second trial after a technical failure is the repeat
    that was granted, and what happened after day 30 of an implant finds it in use."""
    steps: list[Stepped] = []
    trials = {row.id: row for row in way.trials}
    for event in events:
        standing = _in_use(machine, standing, event, _placed([row.event for row in (*before, *steps)]), steps)
        if event.kind == "trial-started" and standing.state == "trial-technical-failure":
            repeat = Happening(
                id=f"{event.id}-repeat", kind="repeat-granted", reason="another trial is on record", facts=event.facts
            )
            standing = _take(machine, standing, repeat, steps)
        trial = next((trials[id] for id in event.facts if id in trials), None)
        standing = _take(machine, standing, event, steps, trial)
        if event.kind != "trial-ended" or trial is None or trial is way.trial:
            continue
        if of_trial(trial)["technical-failure"].status == "met":
            failure = Happening(id=f"{trial.id}-technical", kind="trial-technical-failure", facts=(trial.id,))
            standing = _take(machine, standing, failure, steps, trial)
    return standing, steps


def _in_use(
    machine: Machine, standing: Standing, event: Happening, placed: When | None, steps: list[Stepped]
) -> Standing:
    """The early period ends by itself: an event on a day that surely comes after it follows from the state in use."""
    if event.at is None or machine.step(standing.track, standing.state, "early-period-over") is None:
        return standing
    over = Happening(id=f"{standing.last or 'start'}-early-period-over", kind="early-period-over")
    found = step(machine, standing, over, {"early-period": early_period(placed, event.at.first)})
    if isinstance(found, Refused):
        return standing
    steps.append(Stepped(event=over, before=standing.state, after=found.state))
    return found


def _take(
    machine: Machine, standing: Standing, event: Happening, steps: list[Stepped], trial: Procedure | None = None
) -> Standing:
    """One recorded event: what its own entry does not show is passed on the record's word."""
    row = machine.step(standing.track, standing.state, event.kind)
    shown = of_trial(trial) if trial is not None else {}
    asked = [id for id in (row.guards if row is not None else ()) if look(id, standing, event, shown).status != "met"]
    told = on_record(event, asked)
    found = step(machine, standing, told, shown)
    if isinstance(found, Refused):
        steps.append(Stepped(event=told, before=standing.state, after=standing.state, refused=found))
        return standing
    steps.append(Stepped(event=told, before=standing.state, after=found.state))
    return found


def _followed(
    machine: Machine, standing: Standing, shown_at: Callable[[Standing], Showing]
) -> tuple[Standing, list[Stepped]]:
    """What follows from the record without anybody deciding, as far as its guards are met."""
    steps: list[Stepped] = []
    for _ in machine.states:
        moved = _one(machine, standing, shown_at(standing))
        if moved is None:
            break
        event, found = moved
        steps.append(Stepped(event=event, before=standing.state, after=found.state))
        standing = found
    return standing, steps


def _one(machine: Machine, standing: Standing, shown: Showing) -> tuple[Happening, Standing] | None:
    for kind in AUTOMATIC:
        if machine.step(standing.track, standing.state, kind) is None:
            continue
        event = Happening(id=f"{standing.last or 'start'}-{kind}", kind=kind)
        found = step(machine, standing, event, shown)
        if isinstance(found, Standing):
            return event, found
    return None


def _ahead(machine: Machine, standing: Standing, shown: Showing) -> tuple[Ahead, ...]:
    found = []
    for kind in FORWARD:
        row = machine.step(standing.track, standing.state, kind)
        if row is None or (row.target is None) or "planned" in row.guards:
            continue
        if kind == "trial-started" and standing.state != "trial-ready":
            continue
        if kind == "lead-placed" and standing.state != "lead-ready":
            continue
        asked = Happening(id="next", kind=kind)
        guards = tuple((machine.guards[id], look(id, standing, asked, shown)) for id in row.guards)
        found.append(Ahead(event=kind, target=row.target, guards=guards))
    return tuple(found)


def _placed(events: Sequence[Happening]) -> When | None:
    """The day of the latest implant or lead."""
    days = [event.at for event in events if event.kind in ("implanted", "lead-placed")]
    return days[-1] if days else None


def _trial(way: Way, moment: Moment, request: Request) -> TrialMeasures | None:
    """The latest trial, measured as far as it is known."""
    trial = way.trial
    if trial is None:
        return None
    views = situation(moment.record, request, moment.as_of, moment.day).views["trials"]
    rows = [row.fact for row in views if isinstance(row.fact, TrialResult) and row.fact.id == trial.id]
    return measures(rows[0]) if rows else None


def _due(machine: Machine, standing: Standing, placed: When | None, today: date) -> tuple[Due, ...]:
    """The visits of a device that is in and are still to come, the yearly one as it comes next; a lead to be pulled
    stays due until it is out."""
    phase = machine.states[standing.state].phase
    if placed is None or phase not in ("device", "hold") or standing.state == "explanted":
        return ()
    after_what = "lead" if standing.track == "sixty-days" else "implant"
    rows = (_visit(visit, placed, today) for visit in packaged_lifecycle().visits if visit.after == after_what)
    ahead = (row for row in rows if row.end >= today or row.id == REMOVAL)
    return tuple(sorted(ahead, key=lambda row: (row.start, row.id)))


def _visit(visit: Visit, placed: When, today: date) -> Due:
    """Counted from the earliest day it can have been placed, so that nothing is due too late."""
    count = 1
    while visit.every and _times(placed.first, visit.end, count) < today:
        count += 1
    return Due(
        id=visit.id,
        says=visit.says,
        start=_times(placed.first, visit.start, count),
        end=_times(placed.first, visit.end, count),
        sure=placed.exact,
        cites=visit.cites,
    )


def _times(day: date, length: Duration, count: int) -> date:
    """So many times a length after a day: years and months in one go, so that a 29 February does not wander."""
    if length.unit in ("months", "years"):
        return add_months(day, int(length.amount) * count * (12 if length.unit == "years" else 1))
    return after(day, Duration(length.amount * count, length.unit))


_TOPICS = {
    "trial-active": ("trial",),
    "trial-ready": ("trial",),
    "loss-of-effect": ("work-up", "device"),
    "battery-at-end": ("battery",),
    "mri-hold": ("mri",),
    "implanted": ("visit",),
    "stable": ("visit", "device"),
    "reprogrammed": ("visit",),
    "lead-revised": ("visit",),
    "lead-in": ("sixty-days",),
    "removal-due": ("sixty-days",),
    "fragment-retained": ("sixty-days",),
}


def _statements(machine: Machine, standing: Standing) -> tuple[Statement, ...]:
    topics = _TOPICS.get(standing.state, ())
    return tuple(row for topic in topics for row in packaged_lifecycle().statements if row.topic == topic)


def _lacking(way: Way, machine: Machine, standing: Standing) -> tuple[str, ...]:
    """What an MRI would ask of the device and the record does not hold."""
    if machine.states[standing.state].phase not in ("device", "hold") or standing.resume == "trial-active":
        return ()
    inside = [device for device in way.devices if device.removed is None]
    if not inside:
        return ("the device: its model, its leads, their place and its MRI conditions",)
    return tuple(what for device in inside for what in _unsaid(device))


def _unsaid(device: Device) -> tuple[str, ...]:
    rows = (
        (device.model, "its model"),
        (device.implanted, "the day it was placed"),
        (device.mri, "its MRI conditions"),
    )
    return tuple(f"{device.id}: {what}" for held, what in rows if held is None)


def removal_due(device: Device) -> date | None:
    """The day by which a sixty-day lead is out; of a day not known exactly, from the earliest it can be."""
    if device.kind != "temporary-peripheral-nerve-stimulator" or device.implanted is None or device.removed is not None:
        return None
    length = next(visit.end for visit in packaged_lifecycle().visits if visit.id == REMOVAL)
    return after(device.implanted.first, length)
