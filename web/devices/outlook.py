"""The board: of every device that is in somebody, what comes next, by when, and what binds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from msgspec import Struct, convert
from msgspec.structs import replace

from administration.models import clinic
from clinic.clock import now
from devices.kept import kept_of_all
from devices.ways import effect_awaited
from levamen.emit.pump import KINDS, named
from levamen.emit.stimulators import name_of
from levamen.emit.words import capital
from levamen.knowledge.registry import packaged
from levamen.pathway.implant.history import CARE, DEVICES, FAMILY
from levamen.pathway.implant.review import Kept, WayReview, device_review, removal_due
from levamen.pathway.refill import PUMP, Refill, refills
from levamen.record import codes
from levamen.record.facts import Device, Record
from levamen.text.tree import UnusableInput
from records.facts import readings_of
from records.models import Entry, Patient

AT_ONCE = 40
"""How many patients one page works out while somebody waits; the worker does the rest."""
RANKS = ("overdue", "now", "unknown", "later")
_LOST = "loss-of-effect"


class Row(Struct, frozen=True, kw_only=True):
    """One device on the board. `rank` is its place: overdue, now, unknown (find out today), later.

    `act_by`: the day by which somebody has to act (book, pull a lead, see the patient); absent: not known.
    """

    key: str
    kind: str
    title: str
    rank: str
    says: str
    binds: str = ""
    act_by: date | None = None
    due: date | None = None
    clock: str = ""
    battery: date | None = None
    battery_reached: bool = False
    fill: str = ""
    open: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Of a refill that cannot wait: what its sources say, each with its place."""


class Board(Struct, kw_only=True):
    """What the board shows: each row with its patient, and how many patients are still to be worked out."""

    rows: list[tuple[Patient, Row]]
    left: int = 0
    failed: list[tuple[Patient, str]]


def with_devices(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Those of the patients of whose record an entry speaks of a pump or of stimulation."""
    held = Entry.objects.filter(struck=False).filter(
        Q(section="devices", concept__in=(PUMP, "trial-lead", *DEVICES))
        | Q(section="procedures", therapy__in=(*FAMILY, *CARE))
    )
    return patients.filter(pk__in=held.values("patient"))


def board(patients: QuerySet[Patient], limit: int = AT_ONCE) -> Board:
    """The board of some patients, the most pressing first. What is out of date is worked out, at most `limit`."""
    moment = now()
    found = list(with_devices(patients).select_related("device_outlook"))
    old = [patient for patient in found if not _fresh(patient, moment.astimezone(clinic().zone))]
    stale = {patient.pk for patient in old}
    made = dict(zip([one.pk for one in old[:limit]], worked_out(old[:limit], moment), strict=True))
    rows: list[tuple[Patient, Row]] = []
    failed: list[tuple[Patient, str]] = []
    for patient in found:
        if patient.pk in made:
            said = made[patient.pk]
            if isinstance(said, str):
                failed.append((patient, said))
            else:
                rows += [(patient, row) for row in said]
        elif patient.pk not in stale:
            rows += [(patient, row) for row in convert(patient.device_outlook.rows, tuple[Row, ...])]
    rows.sort(key=lambda item: (RANKS.index(item[1].rank), item[1].act_by or date.max, str(item[0]), item[1].key))
    return Board(rows=rows, left=max(0, len(old) - limit), failed=failed)


def _fresh(patient: Patient, moment: datetime) -> bool:
    """Whether what was worked out still stands: no write since, the same day, and no refill has come due in between."""
    held = getattr(patient, "device_outlook", None)
    if held is None or held.head != patient.head or held.day != moment.date():
        return False
    rows = convert(held.rows, tuple[Row, ...])
    return not any(
        row.kind == "pump" and row.rank != "overdue" and row.clock and row.due is not None
        and (row.due, row.clock) <= (moment.date(), f"{moment:%H:%M}")
        for row in rows
    )  # fmt: skip


def worked_out(patients: Sequence[Patient], moment: datetime) -> list[tuple[Row, ...] | str]:
    """Of each patient the rows, or in words why there are none."""
    if not patients:
        return []
    readings, kept = readings_of(patients), kept_of_all(patients)
    found: list[tuple[Row, ...] | str] = []
    for patient in patients:
        try:
            reading = readings[patient.pk]()
            found.append(rows_of(reading.record, moment.astimezone(clinic().zone), kept.get(patient.pk)))
        except UnusableInput as error:
            found.append(str(error)[:300])
    return found


def rows_of(record: Record, as_of: datetime, kept: Kept | None = None) -> tuple[Row, ...]:
    """The devices of one record as the board shows them; `kept`: the steps that the clinic kept of its stimulators."""
    pumps = [_pump(found, as_of.date()) for found in refills(record, as_of)]
    review = device_review(record, packaged(), as_of, kept=kept)
    ways = [row for way in review.ways for row in _way(way, as_of.date())]
    return (*pumps, *ways)


def _pump(found: Refill, today: date) -> Row:
    due = found.schedule
    bound = due.refill or due.latest
    reached = found.standing == "overdue"
    waits_no_day = reached or (bound is not None and bound.day <= today)
    ranks = {"overdue": "overdue", "book": "now", "later": "later", "unknown": "unknown"}
    rank = "overdue" if found.replacement_overdue else ranks[found.standing]
    if found.replacement_overdue:
        says = "The battery has come to its end: the pump is to be replaced"
    elif reached:
        says = "The refill is overdue: see the patient now"
    elif waits_no_day:
        says = "The refill is due today: it cannot wait"
    elif due.refill is None:
        says = "When the refill is due is not known: find out today"
    else:
        says = "Book the refill now" if found.standing == "book" else "The day to book is still to come"
    return Row(
        key=found.device.id, kind="pump", title=_title(found.device), rank=rank, says=says,
        binds=KINDS[bound.kind] if bound is not None else "", act_by=due.book_by,
        due=bound.day if bound is not None else None, clock=f"{bound.at:%H:%M}" if bound and bound.clock else "",
        battery=due.replacement.day if due.replacement is not None else None,
        battery_reached=found.replacement_overdue, fill=str((found.device.pump or {}).get("filled_at") or "not known"),
        open=(*due.reasons, *due.open),
        notes=tuple(f"{capital(row.says)} {named(row.cites)}" for row in found.stopping) if waits_no_day else (),
    )  # fmt: skip


def _title(device: Device) -> str:
    model = f", {device.model}" if device.model else ", model not recorded"
    return f"{capital(codes.label('devices', device.kind or ''))}{model}"


def _way(found: WayReview, today: date) -> Iterator[Row]:
    """A way on which something is running or in; one that is only considered is on the board of options."""
    state, key = found.standing.state, f"{found.way.family} {found.way.pain.id if found.way.pain else ''}".strip()
    base = Row(key=key, kind="stimulator", title=name_of(found), rank="later", says=capital(found.label))
    if state == "trial-active":
        yield _with(base, kind="trial", rank="now", says=trial_words(found, today), act_by=today)
        return
    if effect_awaited(found):
        says = "Effect lost" if state == "loss-of-effect" else f"Effect lost; {found.label}"
        yield _with(base, rank="now", says=says, act_by=today, binds="the work-up, in its order")
        return
    if state in ("infection-suspected", "battery-at-end"):
        yield _with(base, rank="now", act_by=today)
        return
    pulls = [day for device in found.way.devices if (day := removal_due(device)) is not None]
    if state in ("lead-in", "removal-due") and pulls:
        day = min(pulls)
        rank = "overdue" if day < today else "now" if state == "removal-due" else "later"
        yield _with(base, kind="lead", rank=rank, act_by=day, due=day, binds="sixty days")
        return
    if state in ("trial-done", "trial-split", "trial-technical-failure"):
        yield _with(base, rank="now", act_by=today)
        return
    if found.due:
        visit = found.due[0]
        rank = "now" if visit.start <= today else "later"
        yield _with(base, rank=rank, act_by=visit.end, due=visit.start, binds=visit.says)
    elif state in ("implanted", "stable", "reprogrammed", "lead-revised", "mri-hold"):
        yield _with(base, rank="unknown")


def trial_words(found: WayReview, today: date) -> str:
    """`Trial running, day 6 of 8`; the length is said where its end is planned."""
    trial = found.trial
    if trial is None or trial.start is None:
        return "Trial running; the day it began is not recorded"
    count = (today - trial.start.first).days + 1
    planned = f" of {(trial.end.last - trial.start.first).days + 1}" if trial.end is not None else ""
    return f"Trial running, day {count}{planned}" + ("" if planned else "; the day the lead comes out is not recorded")


def _with(row: Row, **said: object) -> Row:
    return replace(row, **said)
