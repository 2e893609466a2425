"""Recovery: how long to watch, what must hold before somebody goes home, what does not hold yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from administration.models import clinic
from clinic.clock import now
from levamen.emit.plan.words import drug_name
from levamen.emit.words import capital
from levamen.knowledge.checklist_rows import DischargeItem, Monitoring
from levamen.knowledge.registry import packaged
from levamen.pathway.checklists import Item
from levamen.pathway.periprocedural.answers import Plan
from levamen.pathway.periprocedural.plan import plan as library_plan
from levamen.record.facts import Procedure
from levamen.text.tree import UnusableInput
from procedures.day_sheet import BASELINE, of_now, request_in
from procedures.models import Booking, DayAnswer, ProcedureRecord
from procedures.plans import plan_of, requests_of

EXAMINED = frozenset({"neurological-baseline", "leg-power", "arm-power"})
"""Items that rest on an examination of strength and feeling."""
VALUES = {"vital-signs": "138/78, pulse 72", "pain": "3 of 10", "escort": "name", "escort-after-sedation": "name"}


class Watch(Struct, frozen=True, kw_only=True):
    """One thing to watch. `mark` is the weakest that it rests on; a reported row is no rule."""

    says: str
    checks: str
    minutes: str
    unsure: tuple[str, ...]
    unverified: bool
    reported: bool


class Need(Struct, kw_only=True):
    """One thing that must hold. `state`: open, yes, no. `never`: no reason replaces an examination."""

    id: str
    text: str
    never: bool
    unsure: tuple[str, ...]
    unverified: bool
    takes: str = ""
    state: str = "open"
    said: str = ""
    by: str = ""
    at: datetime | None = None


class Recovery(Struct, kw_only=True):
    """A recovery as it stands. Without `until` no source gives a time, or the end is not known."""

    plan: Plan | None
    refusal: str
    end: datetime | None
    until: datetime | None
    minutes: int | None
    observe: Watch | None
    watch: tuple[Watch, ...]
    needs: tuple[Need, ...]
    baseline: DayAnswer | None
    restart: tuple[tuple[str, str], ...]

    @property
    def over(self) -> bool:
        return self.until is not None and now() >= self.until

    @property
    def unmet(self) -> tuple[Need, ...]:
        return tuple(row for row in self.needs if row.state != "yes")

    @property
    def unexamined(self) -> tuple[Need, ...]:
        """What nobody has examined: nobody goes home on it, whatever the reason."""
        return tuple(row for row in self.needs if row.never and row.state == "open")


def recovery_of(booking: Booking, record: ProcedureRecord) -> Recovery:
    """The recovery of a booking: by what was done once the record is signed, else by what was planned."""
    held, balance = requests_of(booking.patient)
    rows = list(booking.answers.select_related("by"))
    asked = request_in(held, booking)
    plan, refusal, end = None, "What was booked is not in the record any more.", None
    done = next((row for row in held.facts if type(row) is Procedure and row.id == record.key), None)
    if done is not None:
        end = done.end.at if done.end is not None else None
        plan, refusal = _done(done, booking)
    elif asked is not None:
        made = plan_of(held, balance, of_now(asked, booking, held), booking.operator)
        plan, refusal = made.plan, made.refusal
        last = [row.moment for row in rows if row.stage == "sign-out"]
        end = max(last) if last else None
    after = plan.after if plan is not None else None
    observe = after.observe if after is not None else None
    minutes = (observe.row.most_minutes or observe.row.least_minutes) if observe is not None else None
    return Recovery(
        plan=plan, refusal=refusal, end=end, minutes=minutes,
        until=end + timedelta(minutes=minutes) if end is not None and minutes is not None else None,
        observe=_watch(observe) if observe is not None else None,
        watch=tuple(_watch(item) for item in after.watch) if after is not None else (),
        needs=tuple(_needs(after.discharge if after is not None else (), rows)),
        baseline=next((row for row in reversed(rows) if row.item == BASELINE and row.answer != "unknown"), None),
        restart=tuple(_restart(plan, booking)) if plan is not None else (),
    )  # fmt: skip


def _done(done: Procedure, booking: Booking) -> tuple[Plan | None, str]:
    record, _ = requests_of(booking.patient)
    moment = now().astimezone(ZoneInfo(booking.patient.zone))
    try:
        return library_plan(record, done, packaged(), moment, profiles=(clinic().hold_profile,)), ""
    except UnusableInput as refused:
        return None, capital(str(refused))


def _watch(item: Item[Monitoring]) -> Watch:
    row = item.row
    least, most = row.least_minutes, row.most_minutes
    minutes = f"{least} to {most} min" if most else f"{least} min" if least else ""
    return Watch(
        says=capital(row.says), checks=capital("; ".join(row.checks)), minutes=minutes, unsure=item.unsure,
        unverified=row.cites[0].mark == "unverified", reported=row.kind == "reported",
    )  # fmt: skip


def _needs(items: Sequence[Item[DischargeItem]], rows: Sequence[DayAnswer]) -> Iterator[Need]:
    given = {row.item: row for row in rows if row.stage == "recovery"}
    for item in items:
        row = item.row
        made = Need(
            id=row.id, text=row.text, never=row.override == "never", unsure=item.unsure,
            unverified=row.cites[0].mark == "unverified",
            takes="what was found" if row.id in EXAMINED else VALUES.get(row.id, ""),
        )  # fmt: skip
        held = given.get(row.id)
        if held is not None:
            made.state, made.said, made.by, made.at = held.answer, held.said, str(held.by), held.moment
        yield made


def _restart(plan: Plan, booking: Booking) -> Iterator[tuple[str, str]]:
    zone = ZoneInfo(booking.patient.zone)
    for drug in plan.active.drugs:
        at = drug.first_dose or drug.restart_from
        if at is not None:
            word = "first dose" if drug.first_dose is not None else "not before"
            yield capital(drug_name(drug.drug)), f"{word} {at.astimezone(zone):%a %d %b %Y, %H:%M}"
        elif drug.decision == "proceed_no_hold":
            yield capital(drug_name(drug.drug)), "was not held: goes on"
        else:
            yield capital(drug_name(drug.drug)), "no time known: ask the prescriber"
