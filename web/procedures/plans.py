"""The plan of a request as it stands now: record, clinic and privileges in; the library's plan out. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from msgspec import Struct
from msgspec.structs import replace

from administration.models import clinic
from clinic.clock import now
from levamen.adapters.balance import Balance
from levamen.derive.views import zone_of
from levamen.emit.plan.words import waits
from levamen.emit.words import dates_in_words
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.pathway.periprocedural.plan import plan as library_plan
from levamen.pathway.privileges import Privilege as Held
from levamen.pathway.privileges import privilege_findings
from levamen.record.facts import Record, Request
from levamen.record.timeline import add_months
from levamen.text.tree import UnusableInput
from people.models import Privilege, Staff
from people.roles import Role
from procedures.models import Booking
from records.facts import reading_of
from records.models import Patient


class Planned(Struct, kw_only=True):
    """A request and its plan. Without `plan`, `refusal` says in one sentence why none can be made. `granters`: who
    grants privileges here, where somebody is named to do it."""

    request: Request
    record: Record
    balance: Balance
    plan: Plan | None
    refusal: str = ""
    granters: str = ""

    @property
    def awaited(self) -> tuple[DrugAnswer, ...]:
        """The drugs whose prescriber must still agree."""
        return tuple(drug for drug in self.plan.active.drugs if waits(self.plan, drug)) if self.plan else ()


class Refused(Exception):
    """A booking that cannot be made; the one sentence that says why and what to do."""


def requests_of(patient: Patient) -> tuple[Record, Balance]:
    """The record with what it requests, and the balance of its reading."""
    reading = reading_of(patient)
    return reading.record, reading.balance


def planned(patient: Patient, key: str, operator: Staff | None = None, as_of: datetime | None = None) -> Planned | None:
    """The plan of one request; None where the record requests no such thing. `operator` is who is booked."""
    record, balance = requests_of(patient)
    request = next((row for row in record.requests if row.id == key), None)
    return plan_of(record, balance, request, operator, as_of) if request is not None else None


def plan_of(
    record: Record, balance: Balance, request: Request, operator: Staff | None, as_of: datetime | None = None
) -> Planned:
    """The plan of a request of a record that has been read."""
    return _plans(record, balance, [(request, operator, as_of)])[0]


def plans_of(record: Record, balance: Balance, booked: Iterable[tuple[Request, Booking | None]]) -> list[Planned]:
    """The plans of several requests, each with the booking that stands, as it stood; however many there are, the
    database is asked once what their operators may do."""
    asked = [(one, row.operator if row is not None else None, as_it_stood(row)) for one, row in booked]
    return _plans(record, balance, asked)


def _plans(
    record: Record, balance: Balance, asked: Sequence[tuple[Request, Staff | None, datetime | None]]
) -> list[Planned]:
    zone = zone_of(record)
    rows = [(request, operator, (as_of or now()).astimezone(zone)) for request, operator, as_of in asked]
    permits = _permits((operator, _on(one, as_of)) for one, operator, as_of in rows if operator is not None)
    return [
        _plan(record, balance, one, operator, as_of, permits.get((operator.pk, _on(one, as_of))) if operator else None)
        for one, operator, as_of in rows
    ]


def _on(request: Request, as_of: datetime) -> date:
    """The day of a request; without a start, the day as of which it is planned."""
    return request.start.first if request.start is not None else as_of.date()


def _plan(
    record: Record, balance: Balance, request: Request, operator: Staff | None, as_of: datetime, permits: Permits | None
) -> Planned:
    if operator is not None:
        request = replace(request, operator=operator.name)
    who = permits.granters if permits is not None else ""
    try:
        made = library_plan(
            record, request, packaged(), as_of, profiles=(clinic().hold_profile,),
            privileges=permits.held if permits is not None else None,
        )  # fmt: skip
    except UnusableInput as refused:
        said = _sentence(refused, record)
        return Planned(request=request, record=record, balance=balance, plan=None, refusal=said, granters=who)
    return Planned(request=request, record=record, balance=balance, plan=made, granters=who)


def privileges_of(operator: Staff, on: date) -> tuple[Held, ...]:
    """What an operator may do, under their name, with the number done in the 12 months before a day."""
    return _permits([(operator, on)])[operator.pk, on].held


def volume(operator: Staff, therapy: str, on: date) -> int | None:
    """How many of a therapy an operator did here in the 12 months before a day; None while nobody can know it, because
    the clinic's bookings do not go back that far and what they hold is not enough to tell."""
    return next((row.volume_12_months for row in privileges_of(operator, on) if therapy in row.therapies), None)


class Permits(Struct, frozen=True, kw_only=True):
    """What an operator may do, and who grants privileges here, by name."""

    held: tuple[Held, ...]
    granters: str


def _permits(asked: Iterable[tuple[Staff, date]]) -> dict[tuple[int, date], Permits]:
    """Operators' privileges with the numbers done before their days, and who grants them: in one question to the
    database, however many are asked about."""
    pairs = {(operator.pk, on): operator for operator, on in asked}
    if not pairs:
        return {}
    days = sorted({on for _, on in pairs})
    names = [field.attname for field in Privilege._meta.concrete_fields]
    rows = (
        Staff.objects.filter(Q(pk__in={pk for pk, _ in pairs}) | Q(role=Role.LEAD, is_active=True))
        .order_by("name", "pk", "privileges__therapy", "privileges__region", "privileges__pk")
        .values(
            "pk", "name", "username", "role", "is_active", *(f"privileges__{name}" for name in names),
            first=Subquery(Booking.objects.order_by("start").values("start")[:1]),
            **{f"done_{number}": _done_before(day) for number, day in enumerate(days)},
        )
    )  # fmt: skip
    leads: dict[str, None] = {}
    of: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row["role"] == Role.LEAD and row["is_active"]:
            leads[row["name"] or row["username"]] = None
        if row["privileges__id"] is not None:
            of.setdefault(row["pk"], []).append(row)

    def held(operator: Staff, on: date) -> tuple[Held, ...]:
        found = of.get(operator.pk, [])
        own = [Privilege(**{name: row[f"privileges__{name}"] for name in names}) for row in found]
        done = {row["privileges__therapy"]: int(row[f"done_{days.index(on)}"]) for row in found}
        covered = bool(found) and found[0]["first"] is not None and found[0]["first"].date() <= add_months(on, -12)
        return _held(operator, own, done, covered=covered)

    return {
        (pk, on): Permits(held=held(operator, on), granters=_or(leads)) for (pk, on), operator in pairs.items()
    }  # fmt: skip


def _done_before(on: date) -> Coalesce:
    """How many of a privilege's therapy its holder did in the 12 months before a day."""
    since, until = (datetime.combine(day, time(), tzinfo=UTC) for day in (add_months(on, -12), on))
    done = Booking.objects.filter(
        operator=OuterRef("pk"), therapy=OuterRef("privileges__therapy"), status=Booking.Status.DONE,
        start__gte=since, start__lt=until,
    )  # fmt: skip
    return Coalesce(Subquery(done.order_by().values("operator").annotate(n=Count("pk")).values("n")), 0)


def _held(operator: Staff, own: Sequence[Privilege], done: Mapping[str, int], *, covered: bool) -> tuple[Held, ...]:
    """An operator's privileges that were not withdrawn, with the numbers done; `covered`: the clinic's bookings go back
    far enough to tell them."""
    least: dict[str, list[int | None]] = {}
    for one in own:
        one.staff = operator
        least.setdefault(one.therapy, []).append(one.minimum_per_year)

    def known(therapy: str) -> int | None:
        """The number done, where somebody asks for one and the bookings can tell."""
        asked = [one.minimum_per_year for one in own if one.therapy == therapy and one.withdrawn is None]
        enough = all(number is not None and done[therapy] >= number for number in least[therapy])
        return done[therapy] if any(number is not None for number in asked) and (covered or enough) else None

    return tuple(replace(row.held(known(row.therapy)), operator=operator.name) for row in own if row.withdrawn is None)


def lacking(operator: Staff, request: Request, days: Iterable[date]) -> dict[date, str]:
    """The days on which an operator may not do what is requested: why not, and who may change it, in one sentence or
    two. A day on which they may is absent. The database is asked once."""
    named = replace(request, operator=operator.name)
    found = {}
    for (_, on), permits in _permits((operator, day) for day in days).items():
        stops = [row for row in privilege_findings(permits.held, operator.name, named, on) if row.stops]
        if stops:
            says = " ".join(dates_in_words(row.says) for row in stops)
            found[on] = f"{says} {permits.granters} may grant it."
    return found


def granters() -> str:
    """Who grants privileges here, by name."""
    return _or(str(one) for one in Staff.objects.filter(role=Role.LEAD, is_active=True))


def _or(names: Iterable[str]) -> str:
    return " or ".join(names) or "the clinic lead"


def operators() -> dict[Staff, list[Privilege]]:
    """Who has a privilege of any kind, by name, with what they have."""
    rows = Privilege.objects.filter(withdrawn=None, staff__is_active=True).select_related("staff")
    found: dict[Staff, list[Privilege]] = {}
    for row in rows.order_by("staff__name", "staff__pk", "therapy", "region", "pk"):
        found.setdefault(row.staff, []).append(row)
    return found


def told(made: Planned, booking: Booking) -> dict[str, Any]:
    """What people act on: by this a plan is compared with the one before it. Moments as they are read, in the zone."""
    plan = made.plan
    if plan is None:
        return {}

    def at(moment: datetime | None) -> str:
        return moment.astimezone(plan.zone).isoformat() if moment is not None else ""

    return {
        "start": at(plan.start), "room": booking.room, "operator": str(booking.operator), "safety": plan.safety,
        "decision": plan.decision,
        "drugs": {
            drug.drug: {
                "decision": drug.decision, "last_dose": at(drug.last_dose), "stop_at": at(drug.stop_at),
                "restart_from": at(drug.restart_from), "first_dose": at(drug.first_dose),
                "agreed": bool(drug.agreed), "needs_agreement": drug.needs_agreement,
            }
            for drug in plan.active.drugs
        },
        "labs": sorted(
            f"{' or '.join(lab.tests)} by {at(lab.by)}" for drug in plan.active.drugs for lab in drug.labs
            if lab.status != "met"
        ),
    }  # fmt: skip


def _sentence(refused: UnusableInput, record: Record) -> str:
    said = str(refused).removeprefix(f"{record.id}: ")
    if "--as-of" in said:
        return "The time of this appointment is over, so there is nothing to plan for it any more."
    return said[:1].upper() + said[1:].rstrip(".") + "."


def as_it_stood(booking: Booking | None) -> datetime:
    """The moment as of which a slot is planned: now, and once its time has come, its start."""
    return now() if booking is None else min(now(), booking.start)


def standing(rows: Iterable[Booking]) -> Booking | None:
    """The booking that stands among those of one request."""
    return next((row for row in rows if row.status in (Booking.Status.BOOKED, Booking.Status.STARTED)), None)
