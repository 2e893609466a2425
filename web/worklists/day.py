"""A day's procedures as a list shows them: what the night check found, and what is ready of consent and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from msgspec import Struct, field

from levamen.derive.authorizations import GRANTED, ON_FILE
from levamen.emit.night_view import RANK_WORDS, CardView, PatientView
from levamen.emit.words import capital
from levamen.knowledge.night_order import packaged_night_order
from levamen.knowledge.registry import packaged
from levamen.record import codes
from people.models import Staff
from procedures.consents import bodies_differ
from procedures.models import Booking
from records.models import CareTeam, Entry
from team.models import Task
from ui.templatetags.ui import day as day_words
from worklists.brought import modules
from worklists.models import NightRow, NightRun
from worklists.night import ROUTED, begun, between, bounds, last_hour, next_bookings, origin

_DAY = re.compile(r", \d{1,2} \w{3} \d{4}( to .*)?$")
OTHERS = 3
"""How many findings stand as cards beside the stops."""


class Stand(Struct, frozen=True):
    """What is ready of one thing: a state of tasks (`ready`, `missing`, `unknown` …) and its words."""

    state: str
    says: str


Stands = Callable[[Sequence[Booking]], Mapping[int, Stand]]
"""Of bookings, by number, how one thing stands. An app says it in `worklists.STANDS`, by the name of the column; what
it needs for that of its own tables it names in `worklists.booked`, columns that are read with the bookings."""


class Shown(Struct):
    """One finding on a card, with the task it became and what came of it."""

    card: CardView
    task: Task | None
    booking: Booking

    @property
    def sign(self) -> str:
        return "safety-unknown" if self.card.sign == "unknown" else self.card.sign


class DayRow(Struct):
    """One booking of a day. `mine`: its patient's record opens to the reader. `old`: why the finding is out of date."""

    booking: Booking
    row: NightRow | None
    mine: bool
    old: str
    stands: dict[str, Stand]
    view: PatientView | None = None
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def examined(self) -> bool:
        return self.view is not None

    @property
    def procedure(self) -> str:
        """What is done and where, without the day, which stands above the list."""
        return _DAY.sub("", self.booking.title)

    @property
    def stops(self) -> list[Shown]:
        return self._shown(self.view.stops if self.view else ())

    @property
    def cards(self) -> list[Shown]:
        return self._shown(self.view.cards if self.view else ())

    @property
    def rest(self) -> list[Shown]:
        return self._shown(self.view.rest if self.view else ())

    @property
    def owner(self) -> str:
        """Who sees to what was found."""
        names = dict.fromkeys(str(task.owner) for task in self.tasks.values() if task.owner and task.done_at is None)
        return ", ".join(names)

    def _shown(self, cards: Iterable[CardView]) -> list[Shown]:
        return [Shown(card, self.tasks.get(origin(self.booking, card)), self.booking) for card in cards]


class Day(Struct, frozen=True):
    """A day's list. `alarm` is what nobody may overlook: the check did not run, or it is old."""

    on: date
    run: NightRun | None
    rows: list[DayRow]
    alarm: str

    @property
    def examined(self) -> int:
        return sum(row.examined for row in self.rows)

    @property
    def skipped(self) -> list[DayRow]:
        return [row for row in self.rows if row.row is not None and row.row.skipped]

    @property
    def waiting(self) -> int:
        return sum(row.row is None for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(bool(row.old) for row in self.rows)

    @property
    def first(self) -> datetime | None:
        """When the oldest of what stands here was found."""
        return min((row.row.at for row in self.rows if row.row is not None), default=None)

    @property
    def last(self) -> datetime | None:
        return max((row.row.at for row in self.rows if row.row is not None), default=None)

    def standing(self, *words: str) -> list[DayRow]:
        """The rows that count as one of these: `stopped`, `unknown`, `caution`, `clear`."""
        return [row for row in self.rows if row.row is not None and row.examined and row.row.standing in words]

    @property
    def stopped(self) -> list[DayRow]:
        return self.standing("stopped")

    @property
    def unknown(self) -> list[DayRow]:
        return self.standing("unknown")

    @property
    def fine(self) -> list[DayRow]:
        return self.standing("clear", "caution")

    @property
    def not_mine(self) -> int:
        return sum(not row.mine for row in self.rows)

    @property
    def others(self) -> list[Shown]:
        """What else matters before the day, of those who are not stopped: one's own first, in the order of harm."""
        own = {row.booking.pk for row in self.rows if row.mine}
        place = {RANK_WORDS[rank.id]: number for number, rank in enumerate(packaged_night_order().ranks)}
        found = [
            shown
            for row in self.rows
            if row.row is not None and row.row.standing != "stopped"
            for shown in (*row.cards, *row.rest)
            if shown.card.label in ROUTED
        ]
        return sorted(
            found,
            key=lambda shown: (
                shown.booking.pk not in own,
                place[shown.card.label],
                shown.booking.start,
                shown.booking.pk,
            ),
        )

    @property
    def other_cards(self) -> list[Shown]:
        return self.others[:OTHERS]

    @property
    def more(self) -> int:
        return max(0, len(self.others) - OTHERS)


def day_of(on: date, staff: Staff) -> Day:
    """The list of a day as it stands now."""
    return _days([(on, _on(on, staff))])[0]


def next_day(after: date, staff: Staff) -> Day:
    """The list of the day that is prepared for."""
    return _days([next_bookings(after, _read_by(staff, Booking.objects.all()))])[0]


def both_days(first: date, staff: Staff) -> list[Day]:
    """A day and the one that is prepared for on it."""
    return _days([(first, _on(first, staff)), next_bookings(first, _read_by(staff, Booking.objects.all()))])


def _on(day: date, staff: Staff) -> list[Booking]:
    return list(_read_by(staff, between(*bounds(day))))


def _read_by(staff: Staff, rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """The same, with `mine`: whether somebody is of the patient's team; and what the apps read for their columns."""
    rows = rows.annotate(mine=Exists(CareTeam.objects.filter(staff=staff, patient=OuterRef("patient"))))
    for module in modules("worklists"):
        rows = rows.annotate(**module.booked()) if hasattr(module, "booked") else rows
    return rows


def _days(lists: list[tuple[date, list[Booking]]]) -> list[Day]:
    """Three questions to the database, however many days and procedures."""
    bookings = [booking for _, held in lists for booking in held]
    held = {
        row.booking_id: row
        for row in NightRow.objects.filter(run__day__in=[on for on, _ in lists]).select_related("run")
    }
    tasks = _tasks(bookings)
    stands = _stands(bookings)
    found = []
    for on, members in lists:
        run = next((held[one.pk].run for one in members if one.pk in held), None)
        anew = run is not None and run.finished is not None and run.knowledge != packaged().hash
        rows = [_row(booking, held.get(booking.pk), anew, tasks, stands) for booking in members]
        found.append(Day(on, run, rows, _alarm(run, rows)))
    return found


def _row(
    booking: Booking, row: NightRow | None, anew: bool, tasks: Mapping[int, dict[str, Task]],
    stands: Mapping[str, Mapping[int, Stand]],
) -> DayRow:  # fmt: skip
    return DayRow(
        booking,
        row,
        bool(booking.mine),  # type: ignore[attr-defined] # annotated by the query
        _old(booking, row, anew),
        {name: of[booking.pk] for name, of in stands.items() if booking.pk in of},
        row.words if row is not None else None,
        tasks.get(booking.pk, {}),
    )


def _old(booking: Booking, row: NightRow | None, anew: bool) -> str:
    if row is None or begun(booking):
        return ""
    if row.head != booking.patient.head:
        return "The record changed since"
    return "The rules changed since" if anew else ""


def _alarm(run: NightRun | None, rows: Sequence[DayRow]) -> str:
    if not rows:
        return ""
    if all(row.row is None for row in rows):
        return "The night check did not run. Nothing below has been checked."
    if run is not None and run.finished is None:
        return "The night check has not finished. Rows that say Not checked have not been checked."
    since = last_hour()
    rows = [row for row in rows if not begun(row.booking)]
    if any(row.row is not None and row.row.at < since for row in rows):
        return "The night check did not run last night. What stands below was found before."
    waiting = sum(row.row is None for row in rows)
    return f"{waiting} of {len(rows)} came after the night check and have not been checked." if waiting else ""


def _tasks(bookings: Sequence[Booking]) -> dict[int, dict[str, Task]]:
    """The tasks of the night check's findings, by booking and origin."""
    abouts = {f"booking {booking.pk}": booking.pk for booking in bookings}
    found: dict[int, dict[str, Task]] = {}
    rows = Task.objects.filter(kind=Task.Kind.FINDING, about__in=abouts, patient__in={b.patient_id for b in bookings})
    for task in rows.select_related("owner", "done_by"):
        found.setdefault(abouts[task.about], {})[task.origin or ""] = task
    return found


def _stands(bookings: Sequence[Booking]) -> dict[str, dict[int, Stand]]:
    """How consent, authorization and driver stand: from the chart, unless an app of the clinic knows better."""
    found: dict[str, dict[int, Stand]] = _from_chart(bookings)
    for module in modules("worklists"):
        for column, stands in getattr(module, "STANDS", {}).items():
            found[column] = found.get(column, {}) | stands(bookings)
    return found


def _from_chart(bookings: Sequence[Booking]) -> dict[str, dict[int, Stand]]:
    by_patient: dict[int, list[Entry]] = {}
    rows = Entry.objects.filter(
        Q(section__in=("documents", "completeness"), concept__in=("consent", "authorization", "driver"))
        | Q(section="request"),
        patient__in={booking.patient_id for booking in bookings}, struck=False,
    )  # fmt: skip
    for entry in rows.order_by("day", "pk"):
        by_patient.setdefault(entry.patient_id, []).append(entry)
    found: dict[str, dict[int, Stand]] = {"consent": {}, "authorization": {}, "driver": {}}
    for booking in bookings:
        held = by_patient.get(booking.patient_id, [])
        found["consent"][booking.pk] = _document(held, "consent", booking, "Signed", Stand("missing", "To sign"))
        found["authorization"][booking.pk] = _authorized(held, booking)
        found["driver"][booking.pk] = _driver(held, booking)
    return found


def _document(held: Sequence[Entry], kind: str, booking: Booking, word: str, without: Stand) -> Stand:
    mine = [row for row in held if row.section == "documents" and row.concept == kind and _is_of(row, booking)]
    if not mine:
        return without
    asked = next((row for row in held if row.section == "request" and row.key == booking.request_key), None)
    if kind == "consent" and asked is not None and bodies_differ(mine[-1].fields, asked.fields):
        return Stand("missing", "Signed for something else")
    return Stand("ready", word)


def _authorized(held: Iterable[Entry], booking: Booking) -> Stand:
    """What the last document on an authorization of this request says; one that says nothing more is on file."""
    said = Stand("unknown", "Not recorded")
    for entry in held:
        if entry.section == "documents" and entry.concept == "authorization" and _is_of(entry, booking):
            word = str(entry.fields.get("status", ON_FILE))
            if word in GRANTED:
                said = Stand("ready", "Approved")
            else:
                said = Stand(
                    "missing" if word == "denied" else "unknown", capital(codes.label("document_statuses", word))
                )
    return said


def _is_of(entry: Entry, booking: Booking) -> bool:
    return str(entry.fields.get("request", "")) == booking.request_key


def _driver(held: Iterable[Entry], booking: Booking) -> Stand:
    """The last answer that was asked after the slot was given: one asked for an earlier procedure does not count."""
    said = Stand("unknown", "Not asked")
    for entry in held:
        if entry.section == "completeness" and entry.concept == "driver" and entry.day is not None:
            answer = str(entry.fields.get("answer", ""))
            if entry.day >= booking.booked_at.date() and answer:
                said = Stand(
                    "ready" if answer == "yes" else "missing", f"{answer.capitalize()}, {day_words(entry.day)}"
                )
    return said


__all__ = ["Day", "DayRow", "Shown", "Stand", "both_days", "day_of", "next_day"]
