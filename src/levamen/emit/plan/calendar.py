"""The plan as a calendar file (RFC 5545). Times are in UTC, so that they are right in every zone and program.

An event keeps its identity from plan to plan, so that a later plan moves or cancels it; its sequence is the number of
the plan.
Nobody is named beyond the id of the chart.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from levamen import __version__
from levamen.emit.plan.words import NOT_FINAL, Clock, drug_name, procedure_words, sentence
from levamen.emit.words import dates_in_words, printable
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.holds import packaged_profiles
from levamen.pathway.periprocedural.answers import Plan
from levamen.pathway.periprocedural.selection import IN_THE_TABLES, named_drug
from levamen.record import codes
from levamen.record.facts import Fact, Medication
from levamen.record.timeline import start_of_day
from levamen.text.tree import UnusableInput

BEFORE_LAST_DOSE, BEFORE_RESTART = timedelta(days=1), timedelta(hours=1)
"""When a program reminds: our choice, so that a call can still be made."""
_IN_DRUGS = {"stop", "restart", "lab"}
"""Kinds of tasks whose datetimes are those of a drug, which has its own events."""


class Event(Struct, frozen=True, kw_only=True):
    """One datetime of the plan. `key` is what it is of: it stays the same from plan to plan."""

    key: str
    what: str
    start: datetime
    end: datetime | None = None
    told: tuple[str, ...] = ()
    alarm: timedelta | None = None


def calendar(plan: Plan, replaced: Plan | None = None, *, listed: Iterable[Fact] = ()) -> bytes:
    """The calendar file of a plan. What an earlier plan had and this one has not is cancelled: every event of the plan
    `replaced`, else every event that an earlier plan can have had. `listed` are the medications of the chart.

    Raises UnusableInput where `icalendar` is not installed, and where the plan has no datetime.
    """
    ical = _library()
    now, before = events(plan), events(replaced) if replaced is not None else earlier_events(plan, listed)
    if not now and not before:
        raise UnusableInput(
            f"{plan.patient}: the plan has no datetime, so there is nothing for a calendar; --format text says why"
        )
    book = ical.Calendar()
    book.add("prodid", f"-//Levamen//Levamen {__version__}//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    kept = {event.key for event in now}
    for event in now:
        book.add_component(_written(event, plan, ical, "CONFIRMED" if plan.final else "TENTATIVE"))
    for event in before:
        if event.key not in kept:
            book.add_component(_written(event, plan, ical, "CANCELLED"))
    return bytes(book.to_ical())


def events(plan: Plan) -> tuple[Event, ...]:
    """Every datetime that the plan under its active profile really has, in their order."""
    found = _apart((*_procedure(plan), *_drugs(plan), *_tasks(plan)))
    return tuple(sorted(found, key=lambda event: (event.start, event.key)))


def earlier_events(plan: Plan, listed: Iterable[Fact]) -> tuple[Event, ...]:
    """Every event that an earlier plan can have had for the drugs of the chart; none where this is the first plan.

    When they were is not known here. They start at the plan's own moment, so that a program that shows what is
    cancelled shows nothing on a day to come.
    """
    return _apart(_possible(plan, listed)) if plan.number > 1 else ()


def _apart(found: Iterable[Event]) -> tuple[Event, ...]:
    """The events, each with a key of its own: a drug may be on the list twice."""
    apart: dict[str, Event] = {}
    for event in found:
        key = event.key
        count = 2
        while key in apart:
            key, count = f"{event.key}|{count}", count + 1
        apart[key] = replace(event, key=key)
    return tuple(apart.values())


def _possible(plan: Plan, listed: Iterable[Fact]) -> Iterator[Event]:
    """Of each kind that `events` makes, for each drug, as often as the drug is on the list."""
    start = _stamp(plan)
    for key in ("procedure", "watch|observe", *(f"watch|call-{id}" for id in packaged_checklists().calls.scripts)):
        yield Event(key=key, what="what an earlier plan said", start=start)
    named = (named_drug(row) for row in listed if isinstance(row, Medication))
    counted = Counter(drug for drug in named if drug and codes.classes_of(drug) & IN_THE_TABLES)
    for drug in sorted((counted | Counter(row.drug for row in plan.active.drugs)).elements()):
        keys = [f"{kind}|{drug}" for kind in ("stop", "restart", "earliest", "agree", "ask")]
        rows = (row for profile in packaged_profiles().values() for row in profile.holds if drug in row.drugs)
        tests = sorted({lab.tests for row in rows for lab in row.labs})
        for key in (*keys, *(f"lab|{drug}|{'|'.join(names)}" for names in tests)):
            yield Event(key=key, what=f"what an earlier plan said of {drug_name(drug)}", start=start)


def _procedure(plan: Plan) -> Iterator[Event]:
    if plan.start is not None:
        yield Event(key="procedure", what=procedure_words(plan), start=plan.start, end=plan.end)


def _drugs(plan: Plan) -> Iterator[Event]:
    clock = Clock(plan)
    for drug in plan.active.drugs:
        name = drug_name(drug.drug)
        stop, restart = drug.last_dose or drug.stop_at, drug.first_dose or drug.restart_from
        if stop is not None:
            limit = (f"No dose after {clock.at(drug.stop_at)}.",) if drug.stop_at is not None else ()
            what = f"Last dose of {name}" if drug.last_dose is not None else f"No dose of {name} after this"
            told = (*limit, *((sentence(drug.dose_taken),) if drug.dose_taken else ()))
            yield Event(key=f"stop|{drug.drug}", what=what, start=stop, told=told, alarm=BEFORE_LAST_DOSE)
        if restart is not None:
            allowed = (f"Not before {clock.at(drug.restart_from)}.",) if drug.restart_from is not None else ()
            what = f"First dose of {name} again" if drug.first_dose is not None else f"{name} again from now on"
            yield Event(key=f"restart|{drug.drug}", what=what, start=restart, told=allowed, alarm=BEFORE_RESTART)
        if drug.earliest_procedure is not None:
            what = f"Procedure not before this: last dose of {name}"
            yield Event(key=f"earliest|{drug.drug}", what=what, start=drug.earliest_procedure)
        for lab in drug.labs:
            if lab.by is not None and lab.status != "met":
                tests = " or ".join(codes.label("labs", test) for test in lab.tests)
                told = (sentence(lab.limit), sentence(lab.why)) if lab.limit else (sentence(lab.why),)
                yield Event(
                    key=f"lab|{drug.drug}|{'|'.join(lab.tests)}", what=f"{tests} due ({name})", start=lab.by, told=told
                )


def _tasks(plan: Plan) -> Iterator[Event]:
    for task in plan.tasks:
        if task.at is not None and task.kind not in _IN_DRUGS:
            told = (f"For the {task.who}.", *((sentence(task.why),) if task.why else ()))
            about = task.drug if task.drug is not None else task.id
            yield Event(key=f"{task.kind}|{about}", what=dates_in_words(task.what), start=task.at, told=told)


def _written(event: Event, plan: Plan, ical: ModuleType, status: str) -> Any:
    """One event as the library writes it, which folds and escapes."""
    found = ical.Event()
    unsure = "Not final: " if status == "TENTATIVE" else "Cancelled: " if status == "CANCELLED" else ""
    found.add("uid", uid(plan, event.key))
    found.add("sequence", plan.number)
    found.add("dtstamp", _stamp(plan))
    found.add("dtstart", event.start.astimezone(UTC))
    if event.end is not None and event.end > event.start:
        found.add("dtend", event.end.astimezone(UTC))
    found.add("summary", printable(f"{unsure}{event.what} ({plan.patient})"))
    found.add("description", "\n".join(printable(line) for line in _described(event, plan, status)))
    found.add("status", status)
    found.add("transp", "OPAQUE" if event.key == "procedure" else "TRANSPARENT")
    if event.alarm is not None and status != "CANCELLED":
        alarm = ical.Alarm()
        alarm.add("action", "DISPLAY")
        held_back = f". {NOT_FINAL}." if status == "TENTATIVE" else ""
        alarm.add("description", printable(f"{unsure}{event.what}{held_back}"))
        alarm.add("trigger", -event.alarm)
        found.add_component(alarm)
    return found


def _described(event: Event, plan: Plan, status: str) -> Iterator[str]:
    if status == "TENTATIVE":
        yield f"{NOT_FINAL}."
    if status == "CANCELLED":
        yield "The present plan does not have this."
    else:
        yield f"{Clock(plan).at(event.start)} ({plan.zone.key})"
        yield from event.told
    yield f"Plan {plan.number} as of {dates_in_words(plan.as_of.isoformat())}. For clinicians, who decide."


def uid(plan: Plan, key: str) -> str:
    """The identity of an event: patient, request, kind and drug, without saying them."""
    said = "\n".join((plan.patient, plan.request.id, key))
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@levamen"


def _stamp(plan: Plan) -> datetime:
    """When the file was made, as far as the plan knows: its own moment, never now."""
    if "T" in plan.moment:
        found = datetime.fromisoformat(plan.moment)
        return (found if found.tzinfo is not None else found.replace(tzinfo=plan.zone)).astimezone(UTC)
    return start_of_day(date.fromisoformat(plan.moment), plan.zone)


def _library() -> ModuleType:
    try:
        import icalendar
    except ImportError:
        raise UnusableInput(
            "a calendar file needs the package icalendar: install levamen with its extra, levamen[calendar]"
        ) from None
    return icalendar
