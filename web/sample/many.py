"""A clinic of any size, invented: to measure how quick its pages are. The same seed gives the same people.

Entries are real chart bodies with their versions, and the audit's chain holds, as if all of it had been brought in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from msgspec import Struct

from administration.models import Clinic
from audit.chain import digest
from audit.models import Event, Head
from levamen.adapters.chart_entries import encode_body
from levamen.emit.words import capital
from levamen.record import codes
from people.models import Privilege, Staff
from people.roles import Role
from procedures.models import Booking
from records.actions import Identity, searched
from records.actions import _columns as fill_columns
from records.models import IDENTITY, CareTeam, Entry, Patient, Version
from team.models import Task

FAMILIES = (
    "Abara", "Albrecht", "Amato", "Andersson", "Baptiste", "Becker", "Bello", "Berg", "Bianchi", "Bruun",
    "Castillo", "Chandra", "Cohen", "Costa", "Dabrowski", "Diaz", "Dubois", "Duarte", "Eriksen", "Farouk",
    "Fischer", "Flores", "Fontaine", "Garcia", "Georgiou", "Gruber", "Haddad", "Hansen", "Horvat", "Ito",
    "Ivanova", "Jansen", "Johansen", "Kamara", "Kaya", "Keller", "Khan", "Kim", "Kovacs", "Kowalski", "Laine",
    "Larsen", "Lefebvre", "Lindgren", "Lopez", "Lund", "Marino", "Mensah", "Meyer", "Moreno", "Nagy", "Nakata",
    "Nielsen", "Novak", "Nowak", "Okafor", "Olsen", "Ortega", "Osei", "Park", "Patel", "Petrov", "Popescu",
    "Quist", "Rahman", "Ricci", "Rojas", "Rossi", "Ruiz", "Sandoval", "Sato", "Schmid", "Silva", "Sokolov",
    "Suarez", "Svensson", "Tanaka", "Thorsen", "Torres", "Toth", "Urban", "Vargas", "Vidal", "Virtanen",
    "Vogel", "Weber", "Wolf", "Yilmaz", "Young", "Zhang", "Zielinski",
)  # fmt: skip
GIVEN = (
    "Ada", "Adam", "Alma", "Amir", "Ana", "Anton", "Aya", "Beatriz", "Bruno", "Carla", "Carmen", "Dana",
    "Daniel", "David", "Elena", "Elias", "Emil", "Emma", "Esther", "Eva", "Farid", "Felix", "Gloria", "Hanna",
    "Hector", "Ida", "Ines", "Ivan", "Jana", "Jonas", "Julia", "Karim", "Karl", "Lara", "Lena", "Leo", "Lina",
    "Luis", "Maja", "Marco", "Maria", "Martin", "Mei", "Mila", "Mona", "Nadia", "Nina", "Noah", "Olga", "Omar",
    "Oscar", "Paula", "Pedro", "Rania", "Rosa", "Ruth", "Samir", "Sara", "Simon", "Sofia", "Stefan", "Tara",
    "Teresa", "Thomas", "Uma", "Vera", "Victor", "Walter", "Yara", "Yusuf",
)  # fmt: skip
_STAFF = ((Role.PHYSICIAN, 10), (Role.NURSE, 12), (Role.COORDINATOR, 6), (Role.LEAD, 1), (Role.ADMINISTRATOR, 1))
_JOINTS = (["L3-4", "L4-5"], ["L4-5", "L5-S1"], ["L4-5"])
_THERAPIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("medial-branch-block", {"purpose": "diagnostic", "region": "lumbar", "guidance": "fluoroscopy"}),
    ("medial-branch-radiofrequency-ablation", {"technique": "thermal", "region": "lumbar", "guidance": "fluoroscopy"}),
    ("epidural-steroid-injection", {"approach": "interlaminar", "region": "lumbar", "guidance": "fluoroscopy"}),
    ("sacroiliac-joint-injection", {"purpose": "therapeutic", "region": "sacral", "guidance": "fluoroscopy"}),
    ("trigger-point-injection", {"purpose": "therapeutic", "region": "cervical", "guidance": "landmark"}),
)
_ROOMS = ("Room 1", "Room 2", "Room 3", "Room 4")
_HANDLE = "g0"
"""With what the handle of a generated patient begins."""
_STEP = 250
"""Patients of one transaction."""
Tell = Callable[[str], None]
Stated = tuple[str, str, dict[str, Any]]
"""Section, key and body of an entry."""


class Size(Struct, frozen=True, kw_only=True):
    """How many of what, and from when."""

    patients: int
    procedures: int
    as_of: datetime
    seed: int = 1
    a_day: int = 14


def generate(size: Size, tell: Tell) -> None:
    """Fills an empty database, or a sample clinic, whose worked patients then stand among the many.

    What was made stays when it is stopped; it does not go on where it stopped.
    """
    if Patient.objects.filter(handle__startswith=_HANDLE).exists() or Patient.objects.filter(synthetic=False).exists():
        raise ValueError("there are generated or real patients already: make them in an empty or a sample clinic")
    chance = random.Random(size.seed)  # noqa: S311 - people, not secrets
    with transaction.atomic():
        staff = _staff(size)
    made = _Made(size, staff, chance)
    for first in range(0, size.patients, _STEP):
        with transaction.atomic():
            made.some(range(first, min(first + _STEP, size.patients)))
        tell(f"\r{min(first + _STEP, size.patients)} of {size.patients} patients, {made.procedures} procedures")
    _sequences()
    tell("\n")


def _staff(size: Size) -> list[Staff]:
    """People who cannot sign in: they have no password."""
    Clinic.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Large clinic (synthetic)", "zone_name": "America/New_York", "state": "OH",
            "rooms": list(_ROOMS), "synthetic": True,
        },
    )  # fmt: skip
    found = []
    for role, count in _STAFF:
        for number in range(1, count + 1):
            member = Staff(username=f"{role.value}{number}", role=role, name=f"{role.label} {number}")
            member.set_unusable_password()
            member.save()
            found.append(member)
    for member in found[:10]:
        for therapy, _ in _THERAPIES:
            Privilege.objects.create(
                staff=member, therapy=therapy, granted=date(2020, 1, 1), expires=date(2030, 1, 1), source="Synthetic"
            )
    return found


class _Made:
    """What was made so far: the next numbers, and the head of the audit's chain."""

    def __init__(self, size: Size, staff: list[Staff], chance: random.Random) -> None:
        self.size, self.staff, self.chance = size, staff, chance
        self.by_role = {role: [one for one in staff if one.role == role] for role, _ in _STAFF}
        self.patient, self.entry = _last(Patient), max(_last(Entry), _last(Version))
        self.procedures = 0
        head = Head.objects.get(pk=1)
        self.number, self.hash = head.number, head.hash
        self.free = self._free()

    def some(self, numbers: range) -> None:
        """Some patients with everything of theirs, in one transaction."""
        rows = _Rows()
        for number in numbers:
            self._patient(number, rows)
        rows.write()
        Head.objects.filter(pk=1).update(number=self.number, hash=self.hash)

    def _patient(self, number: int, rows: _Rows) -> None:
        chance = self.chance
        self.patient += 1
        family, given = chance.choice(FAMILIES), chance.choice(GIVEN)
        identity = Identity(family=family, given=given, mrn=f"{number + 1:07}", phone=f"555-01{number % 100:02}")
        born = date(1935, 1, 1) + timedelta(days=chance.randrange(60 * 365))
        added = self.size.as_of - timedelta(days=chance.randrange(30, 4000))
        sex = chance.choice(("female", "male"))
        payer = chance.choice(({"kind": "medicare", "state": "OH"}, {"kind": "commercial", "plan": "Aetna"}))
        patient = Patient(
            pk=self.patient, handle=f"{_HANDLE}{number:08}", mrn=identity.mrn, family=family, given=given,
            searched=searched(identity), birth_date=born.isoformat(), sex=sex, phone=identity.phone,
            payer=" ".join(payer.values()), zone="America/New_York", synthetic=True, added=added,
        )  # fmt: skip
        rows.patients.append(patient)
        self._event(rows, "patient.added", patient, "", added)
        team = [chance.choice(self.by_role[role]) for role in (Role.PHYSICIAN, Role.NURSE, Role.COORDINATOR)]
        for member in team:
            rows.team.append(CareTeam(patient=patient, staff=member, since=added))
            self._event(rows, "team.joined", patient, member.username, added)
        said = {"family": family, "given": given, "mrn": identity.mrn, "phone": identity.phone}
        entries = [(IDENTITY, IDENTITY, said), *self._record(born, sex, payer, number)]
        booking = self._booking(patient, team[0], rows)
        if booking is not None:
            entries += booking
        for section, key, body in entries:
            self._entry(rows, patient, section, key, body, added)
        patient.head = len(entries)
        self._tasks(rows, patient, team, number)

    def _record(
        self, born: date, sex: str, payer: Mapping[str, str], number: int
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        chance = self.chance
        today = self.size.as_of.date()
        yield "person", "person", {"birth_date": born.isoformat(), "sex": sex, "weight_kg": chance.randrange(50, 120)}
        yield "payer", "payer-1", dict(payer)
        since = today - timedelta(days=chance.randrange(400, 4000))
        yield "pain", "PN-1", {"site": "low-back", "side": "right", "pattern": "axial", "since": since.isoformat()}
        reviewed = (today - timedelta(days=chance.randrange(1, 400))).isoformat()
        for place, kind in enumerate(("medications", "allergies", "problems"), start=1):
            yield "completeness", f"completeness-{place}", {"kind": kind, "reviewed": reviewed}
        count = (
            self.size.procedures * (number + 1) // self.size.patients
            - self.size.procedures * number // self.size.patients
        )
        for place in range(1, count + 1):
            self.procedures += 1
            yield "procedures", f"P-{place}", self._procedure(today)

    def _procedure(self, today: date) -> dict[str, Any]:
        chance = self.chance
        therapy, fields = chance.choice(_THERAPIES)
        day = today - timedelta(days=chance.randrange(1, 3650))
        before = chance.randrange(4, 10)
        body: dict[str, Any] = {
            "therapy": therapy, **fields, "side": chance.choice(("left", "right")), "start": day.isoformat(),
            "operator": f"physician{chance.randrange(1, 11)}", "pain": "PN-1",
        }  # fmt: skip
        body |= _target(therapy, chance)
        if chance.random() < 0.7:
            at = (day + timedelta(days=chance.randrange(1, 60))).isoformat()
            body["relief"] = [{"scale": "nrs", "before": before, "after": chance.randrange(0, before + 1), "at": at}]
        return body

    def _free(self) -> Iterator[datetime]:
        """Slots: a year of working days behind, and from today on as many days as there are patients for."""
        day = self.size.as_of.date() - timedelta(days=2)
        while True:
            day += timedelta(days=1)
            if day.weekday() < 5:
                for place in range(self.size.a_day):
                    yield datetime(day.year, day.month, day.day, 12 + place // 2, 30 * (place % 2), tzinfo=UTC)

    def _booking(self, patient: Patient, operator: Staff, rows: _Rows) -> list[Stated] | None:
        """Every tenth patient has a slot, until two months ahead are full."""
        if patient.pk % 10 or len(rows.bookings) > _STEP:
            return None
        start = next(self.free)
        if start > self.size.as_of + timedelta(days=60):
            return None
        therapy, fields = _THERAPIES[patient.pk // 10 % 3]
        body = {
            "therapy": therapy, **fields, "side": "right", "pain": "PN-1", "operator": operator.username,
            "setting": "office", "sedation": "none", "start": start.isoformat(),
            "end": (start + timedelta(minutes=30)).isoformat(), **_target(therapy, self.chance),
        }  # fmt: skip
        rows.bookings.append(
            Booking(
                patient=patient, request_key="R-1", start=start, minutes=30, room=_ROOMS[start.minute // 30],
                operator=operator, booked_at=patient.added, booked_by=operator, therapy=therapy,
                title=capital(codes.label("therapies", therapy)),
            )
        )  # fmt: skip
        return [
            ("request", "R-1", body),
            ("documents", "DO-1", {"kind": "consent", "date": "2026-03-01", "request": "R-1"}),
        ]

    def _entry(self, rows: _Rows, patient: Patient, section: str, key: str, body: dict[str, Any], at: datetime) -> None:
        self.entry += 1
        text, moment = encode_body(body), connection.ops.adapt_datetimefield_value(at)
        held = SimpleNamespace()
        fill_columns(held, body)  # type: ignore[arg-type] # a row of the same columns
        day = connection.ops.adapt_datefield_value(held.day)
        rows.entries.append(
            (self.entry, patient.pk, section, key, text, 1, False, moment, held.therapy, held.region, held.concept,
             held.status, day)
        )  # fmt: skip
        rows.versions.append((self.entry, self.entry, 1, text, False, moment, "", True))
        self._event(rows, "entry.imported", patient, f"{section} {key}", at)

    def _tasks(self, rows: _Rows, patient: Patient, team: list[Staff], number: int) -> None:
        """A closed task of each patient, and an open one of every tenth."""
        made = self.size.as_of - timedelta(days=20)
        rows.tasks.append(
            Task(
                patient=patient, kind=Task.Kind.CALL, what="Call after 24 hours", owner=team[1], made_at=made, due=made,
                done_at=made, done_by=team[1], outcome="Reached; no warning sign",
            )
        )  # fmt: skip
        if number % 10 == 0:
            kind = Task.Kind.values[number // 10 % len(Task.Kind.values)]
            due = self.size.as_of + timedelta(hours=self.chance.randrange(-240, 480))
            rows.tasks.append(
                Task(patient=patient, kind=kind, what="What is to be done", owner=team[1], made_at=made, due=due)
            )

    def _event(self, rows: _Rows, verb: str, patient: Patient, about: str, at: datetime) -> None:
        self.number += 1
        event = _Event(number=self.number, at=at, verb=verb, patient_id=patient.pk, about=about, previous=self.hash)
        last, self.hash = self.hash, digest(event)  # type: ignore[arg-type] # the same columns
        moment = connection.ops.adapt_datetimefield_value(at)
        rows.events.append((self.number, moment, "", verb, patient.pk, about, "", last, self.hash))


def _last(model: type[models.Model]) -> int:
    """The greatest number that a row has."""
    return int(model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)


class _Event(Struct):
    """An event as the chain hashes it."""

    number: int
    at: datetime
    verb: str
    patient_id: int
    about: str
    previous: str
    who_id: None = None
    role: str = ""
    detail: str = ""


class _Rows:
    """What is to be written together. The three large tables are written as rows, four times as quick as objects."""

    def __init__(self) -> None:
        self.patients: list[Patient] = []
        self.team: list[CareTeam] = []
        self.bookings: list[Booking] = []
        self.tasks: list[Task] = []
        self.entries: list[tuple[Any, ...]] = []
        self.versions: list[tuple[Any, ...]] = []
        self.events: list[tuple[Any, ...]] = []

    def write(self) -> None:
        Patient.objects.bulk_create(self.patients)
        CareTeam.objects.bulk_create(self.team)
        _insert(Entry, _ENTRY, self.entries)
        _insert(Version, _VERSION, self.versions)
        _insert(Event, _EVENT, self.events)
        Booking.objects.bulk_create(self.bookings)
        Task.objects.bulk_create(self.tasks, batch_size=2000)


_ENTRY = [
    "id",
    "patient_id",
    "section",
    "key",
    "body",
    "version",
    "struck",
    "at",
    "therapy",
    "region",
    "concept",
    "status",
    "day",
]
_VERSION = ["id", "entry_id", "number", "body", "struck", "at", "reason", "imported"]
_EVENT = ["number", "at", "role", "verb", "patient_id", "about", "detail", "previous", "hash"]


def _insert(model: type[models.Model], columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    named = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _target(therapy: str, chance: random.Random) -> dict[str, Any]:
    """Where it is done, as the chart file says it for this therapy."""
    if therapy.startswith("medial-branch"):
        return {"joints": chance.choice(_JOINTS)}
    if therapy == "epidural-steroid-injection":
        return {"interspaces": ["L4-5"], "agents": [{"drug": "dexamethasone", "dose": "10 mg"}]}
    if therapy == "trigger-point-injection":
        return {"muscles": ["trapezius"]}
    return {}


def _sequences() -> None:
    """Lets the database go on counting after the numbers that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Patient, Entry, Version]):
            cursor.execute(statement)
