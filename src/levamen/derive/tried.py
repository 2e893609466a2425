"""What was tried for the pain: one row for each course of care, medicine and procedure, with what came of it.

A therapy that the record does not name is not known to be untried: only a declaration of completeness says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.derive import conservative_care
from levamen.derive.periods import Moment, done
from levamen.derive.relief import treatment
from levamen.derive.views import seen
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Course, Fact, Medication, Procedure, Record
from levamen.record.timeline import Duration, Interval, Lapse, When, after, known_by

Kind = Literal["care", "medicine", "procedure"]
State = Literal["tried", "perhaps", "not-tried", "unknown"]
"""tried: surely in the window. perhaps: a date, or whether it was done, is open. not-tried: the record is declared to
hold all of it, and has none. unknown: not recorded."""

SECTIONS = ("care", "medications", "procedures")
"""The sections of a record in which a therapy can stand."""


class Tried(Struct, frozen=True, kw_only=True):
    """One course or procedure. What is absent is not recorded.

    `therapy`: an id of the vocabulary; absent for a medicine that nobody could name, whose words are then `written`.
    `certain`: not for a procedure that was aborted, or perhaps only planned. `going_on`: None where that is open.
    `best`, `last`: relief in per cent. `lasted`: from the procedure to the day its relief ended. `closed`: the first
    day from which the record is declared to hold everything of this kind.
    """

    id: str
    kind: Kind
    therapy: str | None
    classes: frozenset[str] = frozenset()
    written: str | None = None
    region: str | None = None
    side: str | None = None
    certain: bool = True
    aborted: bool = False
    start: When | None = None
    end: When | None = None
    going_on: bool | None = None
    dose: str | None = None
    sessions: int | None = None
    response: str | None = None
    helped: str | None = None
    stopped_because: str | None = None
    best: Interval | None = None
    last: Interval | None = None
    last_measured: When | None = None
    relief_ended: When | None = None
    lasted: Lapse | None = None
    author: str | None = None
    closed: date | None = None

    @property
    def label(self) -> str:
        """What a person calls it."""
        return codes.title(self.therapy) if self.therapy is not None else self.written or "a medicine that is not named"


class TriedTable(Struct, frozen=True, kw_only=True):
    """Every row by day, those without a day last; and what the record is declared to hold in full."""

    rows: tuple[Tried, ...]
    declared: tuple[Completeness, ...]
    moment: Moment


class Answer(Struct, frozen=True, kw_only=True):
    """Whether something was tried in a window, the rows that say so, and the window's first day."""

    state: State
    rows: tuple[Tried, ...]
    since: date


def tried(record: Record, moment: Moment) -> TriedTable:
    """The table as known at a moment. What begins later is a plan and no row."""
    declared = tuple(entry for entry in record.completeness if entry.kind in SECTIONS and _stated(entry, moment))
    facts = [fact for fact in record.facts if seen(fact, moment.known) and not _ahead(fact, moment)]
    told = {fact.id: fact for fact in facts if isinstance(fact, Course | Medication)}
    rows = [_course(row, told[row.id], moment) for row in conservative_care.courses(facts)]
    rows += [_unnamed(fact, moment) for fact in facts if isinstance(fact, Medication) and fact.drug is None]
    rows += [_procedure(row.procedure, moment, certain=row.certain) for row in done(record, moment)]
    closed = [_with_closing(row, declared, moment) for row in rows]
    return TriedTable(rows=tuple(sorted(closed, key=_order)), declared=declared, moment=moment)


def tried_within(table: TriedTable, therapies: frozenset[str], window: Duration) -> Answer:
    """Whether one of some therapies or drug classes was tried in a window that ends at the moment of the table."""
    as_of = table.moment.as_of
    since = _back(as_of, window)
    found = [row for row in table.rows if row.therapy in therapies or row.classes & therapies]
    inside = [(row, _within(row, since)) for row in found]
    surely = tuple(row for row, state in inside if state is True and row.certain)
    perhaps = tuple(row for row, state in inside if state is not False)
    if surely:
        return Answer(state="tried", rows=surely, since=since)
    if perhaps:
        return Answer(state="perhaps", rows=perhaps, since=since)
    closed = all(closed_since(table, therapy, since) for therapy in therapies)
    return Answer(state="not-tried" if closed else "unknown", rows=(), since=since)


def closed_since(table: TriedTable, therapy: str, since: date) -> bool:
    """Whether the record is declared to hold every use of a therapy since a day.

    A medicine may stand among the medicines or among the care, so both must be declared; and where a medicine could
    not be named, it may be any.
    """
    as_of = table.moment.as_of
    medicine = therapy == "medication" or therapy in codes.ids("drug_classes") or therapy in codes.ids("drugs")
    if medicine and any(row.kind == "medicine" and row.therapy is None for row in table.rows):
        return False
    conservative = not medicine and codes.entry("therapies", therapy).get("kind") == "conservative"
    sections = ("care", "medications") if medicine else ("care",) if conservative else ("procedures",)
    wanted = frozenset({therapy})
    return all(
        any(entry.speaks_of(section, wanted, None) and entry.closes_span(since, as_of) for entry in table.declared)
        for section in sections
    )


def _back(day: date, window: Duration) -> date:
    return after(day, Duration(-window.amount, window.unit))


def _within(row: Tried, since: date) -> bool | None:
    """Whether a course reaches into a window; None where that hangs on a day that is not known."""
    if row.going_on is True:
        return True
    last = row.end if row.end is not None else row.start if row.kind == "procedure" else None
    if last is not None and last.last < since:
        return False
    begun_inside = row.start is not None and row.start.first >= since
    return True if begun_inside or (last is not None and last.first >= since) else None


def _stated(entry: Completeness, moment: Moment) -> bool:
    known = entry.recorded or entry.asked or entry.reviewed
    return known is None or known_by(known, moment.known)


def _ahead(fact: Fact, moment: Moment) -> bool:
    return isinstance(fact, Course | Medication) and fact.start is not None and fact.start.first > moment.as_of


def _course(row: conservative_care.CareCourse, fact: Course | Medication, moment: Moment) -> Tried:
    end = row.end if row.end is not None and known_by(row.end, moment.known) else None
    return Tried(
        id=row.id,
        kind="medicine" if row.kind == "medicine" else "care",
        therapy=row.therapy,
        classes=row.classes | (codes.classes_of(row.therapy) if row.therapy in codes.ids("drugs") else frozenset()),
        region=row.region,
        start=row.start,
        end=end,
        going_on=_going_on(end, row.stopped_because),
        dose=_dose(fact),
        sessions=row.sessions,
        response=row.response,
        helped=fact.helped,
        stopped_because=row.stopped_because,
        author=row.author,
    )


def _unnamed(fact: Medication, moment: Moment) -> Tried:
    """A medicine that nobody could name: it may be one for pain."""
    end = fact.end if fact.end is not None and known_by(fact.end, moment.known) else None
    return Tried(
        id=fact.id,
        kind="medicine",
        therapy=None,
        written=fact.written,
        start=fact.start,
        end=end,
        going_on=_going_on(end, fact.stopped_because),
        dose=_dose(fact),
        response=fact.response,
        helped=fact.helped,
        stopped_because=fact.stopped_because,
        author=fact.author,
    )


def _going_on(end: When | None, stopped_because: str | None) -> bool | None:
    """No end means that it was still going on when recorded; stopped for a reason, it ended on a day not recorded."""
    if end is not None:
        return False
    return True if stopped_because is None else None


def _dose(fact: Fact) -> str | None:
    if not isinstance(fact, Medication):
        return None
    parts = [part for part in (fact.dose, f"every {fact.every}" if fact.every else None) if part]
    return ", ".join(parts) or None


def _procedure(fact: Procedure, moment: Moment, *, certain: bool) -> Tried:
    found = treatment(fact, moment.known, moment.as_of)
    lasted = None
    if found.start is not None and found.relief_ended is not None:
        ended = found.relief_ended
        lasted = Lapse(found.start.first, found.start.last, ended.first, ended.last)
    return Tried(
        id=fact.id,
        kind="procedure",
        therapy=fact.therapy,
        region=fact.region,
        side=fact.side,
        certain=certain,
        aborted=fact.status == "aborted",
        start=found.start,
        end=found.end,
        going_on=False,
        best=found.best_relief,
        last=found.last_relief,
        last_measured=found.relief_samples[-1].when if found.relief_samples else None,
        relief_ended=found.relief_ended,
        lasted=lasted,
        author=fact.author,
    )


def _with_closing(row: Tried, declared: Iterable[Completeness], moment: Moment) -> Tried:
    """The first day from which everything of the row's kind is declared to be here."""
    section = {"care": "care", "medicine": "medications", "procedure": "procedures"}[row.kind]
    therapies = frozenset({row.therapy}) if row.therapy is not None else None
    regions = frozenset({row.region}) if row.region is not None else None
    days = [
        entry.start.last
        for entry in declared
        if entry.start is not None and entry.speaks_of(section, therapies, regions)
        if entry.closes_span(entry.start.last, moment.as_of)
    ]
    return replace(row, closed=min(days, default=None))


def _order(row: Tried) -> tuple[date, date, str]:
    return (row.start.first, row.start.last, row.id) if row.start is not None else (date.max, date.max, row.id)
