"""What is due after each procedure, worked out from the record and kept in a table, so that lists are quick.

Calls and measures are due for what this clinic did itself: a procedure whose operator works here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from msgspec import Struct

from clinic.clock import now
from follow_up.models import Call, Due, Kept
from levamen.derive.periods import moment_of
from levamen.derive.views import local_day, zone_of
from levamen.emit.response_words import lapse_words
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.checklists import packaged_checklists
from levamen.knowledge.instruments import instrument_ids
from levamen.knowledge.registry import packaged
from levamen.knowledge.response_tables import packaged_response
from levamen.outcomes.expected import expected_end
from levamen.outcomes.function_change import seen_instruments
from levamen.outcomes.place import place_words
from levamen.outcomes.responder import VisitResult
from levamen.pathway.follow_up import missing_measures, missing_scores
from levamen.pathway.response import HALF, ProcedureResponse, Response, response
from levamen.record import codes
from levamen.record.facts import Procedure, Record
from levamen.record.timeline import Duration, When, after
from people.models import Staff
from people.roles import Role
from records.facts import reading_of
from records.models import Patient
from team.actions import close, give
from team.models import Task

SCRIPTS = ("day-1", "week-1")
SCRIPT_WORDS = {"day-1": "24-hour call", "week-1": "one-week call"}
_AHEAD = timedelta(days=14)
"""How long before its expected end a relief comes onto the list: ours, so that a visit can still be found."""


class Row(Struct, frozen=True, kw_only=True):
    """A due as worked out; `more`: what is to be asked; `done`: the record says that it was done."""

    key: str
    kind: str
    what: str
    says: str
    opens: datetime
    due: datetime
    closes: datetime | None = None
    done: bool = False
    more: str = ""

    @property
    def line(self) -> str:
        """The line of a list."""
        return (f"{self.says}: {self.more}" if self.more else self.says)[:400]


def calls_due(as_of: datetime) -> QuerySet[Due]:
    """Calls that can be made now and were not: the longest overdue first."""
    return _open(Due.Kind.CALL, as_of)


def measures_due(as_of: datetime) -> QuerySet[Due]:
    """Visits whose window is open and at which a measure is still lacking: the one that closes first, first."""
    return _open(Due.Kind.MEASURES, as_of).order_by("closes", "pk")


def outcomes_missing(as_of: datetime) -> QuerySet[Due]:
    """Visits whose window passed with a measure lacking. Missing is shown; it is neither success nor failure."""
    return _of(Due.Kind.MEASURES).filter(closes__lte=as_of)


def relief_fading(as_of: datetime) -> QuerySet[Due]:
    """Treatments whose relief was lost, or is expected to end soon by the source that expects the shortest."""
    return _of(Due.Kind.RELIEF).filter(opens__lte=as_of)


def rehabilitation_missing(as_of: datetime) -> QuerySet[Due]:
    """Treatments without rehabilitation while the relief still holds."""
    return _open(Due.Kind.REHABILITATION, as_of)


def _of(kind: str) -> QuerySet[Due]:
    return Due.objects.filter(kind=kind, done=None).select_related("patient")


def _open(kind: str, as_of: datetime) -> QuerySet[Due]:
    return _of(kind).filter(Q(closes=None) | Q(closes__gt=as_of), opens__lte=as_of)


def keep_up(most: int = 50) -> int:
    """Renews the dues of patients whose record has grown; so many in one round. Says how many it did."""
    behind = Patient.objects.filter(
        Q(pk__in=Kept.behind().values("patient")) | ~Q(pk__in=Kept.objects.values("patient"))
    )
    made = 0
    for patient in behind.order_by("pk")[:most]:
        renew(patient)
        made += 1
    return made


@transaction.atomic
def renew(patient: Patient) -> None:
    """Works out what is due for one patient, from the record as it stands now.

    Called after a procedure is signed or brought, and by the worker for every record that has grown.
    """
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    record = reading_of(patient).record
    found = response(record, packaged(), now().astimezone(ZoneInfo(patient.zone)))
    wanted = {(row.key, row.kind, row.what): row for row in rows(patient, record, found)}
    held = {(one.procedure_key, one.kind, one.what): one for one in Due.objects.filter(patient=patient)}
    for place, row in wanted.items():
        _put(patient, held.get(place), row)
    gone = [one.pk for place, one in held.items() if place not in wanted and one.settled_by_id is None]
    Due.objects.filter(pk__in=gone).delete()
    _tasks(patient, wanted.values())
    Kept.objects.update_or_create(patient=patient, defaults={"head": patient.head})


def _put(patient: Patient, held: Due | None, row: Row) -> None:
    done = now() if row.done else None
    if held is None:
        Due.objects.create(
            patient=patient,
            procedure_key=row.key,
            kind=row.kind,
            what=row.what,
            says=row.line,
            opens=row.opens,
            due=row.due,
            closes=row.closes,
            done=done,
        )
        return
    agreed = held.kind == Due.Kind.CALL and held.due != row.due and held.outcome == AGREED
    held.says, held.opens, held.closes = row.line, row.opens, row.closes
    held.due = held.due if agreed else row.due
    if held.settled_by_id is None:
        held.done = (held.done or done) if row.done else None
    held.save()


AGREED = "at the time agreed with the patient"


def _tasks(patient: Patient, found: Iterable[Row]) -> None:
    """Rehabilitation that is missing while relief holds is a task of the coordinator; it closes once it is there."""
    member = patient.team.filter(staff__role=Role.COORDINATOR).select_related("staff").first()
    open_now = set()
    for row in found:
        if row.kind == Due.Kind.REHABILITATION and not row.done:
            origin = f"rehabilitation {patient.pk} {row.key}"
            open_now.add(origin)
            give(
                None,
                patient,
                Task.Kind.REFERRAL,
                "Begin physical therapy or exercise while relief holds",
                why=row.says,
                about=f"procedures {row.key}",
                origin=origin,
                owner=member.staff if member else None,
                role=Role.COORDINATOR,
                due=row.due,
            )
    for task in Task.objects.filter(patient=patient, origin__startswith=f"rehabilitation {patient.pk} ", done_at=None):
        if task.origin not in open_now:
            close(None, task, "no longer asked: it began, or the relief is over")


def rows(patient: Patient, record: Record, found: Response, calls: Iterable[Call] | None = None) -> Iterator[Row]:
    """Everything due, of every procedure that this clinic did. `calls`: the patient's, where they were read already."""
    zone = ZoneInfo(patient.zone)
    here = set(Staff.objects.values_list("username", flat=True))
    held = Call.objects.filter(patient=patient) if calls is None else calls
    made = {(call.procedure_key, call.script) for call in held if call.finished is not None}
    for procedure in record.of(Procedure):
        if isinstance(procedure, Procedure) and procedure.operator in here and procedure.status in (None, "done"):
            yield from _calls(procedure, zone, made)
    for one in found.procedures:
        if one.procedure.operator in here and one.role != "test":
            yield from _measures(record, one, zone)
            yield from _relief(one, zone, found.as_of)
            yield from _rehabilitation(one, zone)


def _calls(procedure: Procedure, zone: ZoneInfo, made: set[tuple[str, str]]) -> Iterator[Row]:
    """The calls after a procedure whose day is known. Without an hour a call is due by the end of the working day."""
    scripts, start = packaged_checklists().calls.scripts, procedure.end or procedure.start
    if start is None or not start.exact:
        return
    moments = {script: _after(start, scripts[script].after, zone) for script in SCRIPTS}
    visits = packaged_response().visits
    last = after(start.first, visits[1].after) + timedelta(days=visits[1].within)
    closes = {"day-1": moments["week-1"], "week-1": _at(last + timedelta(days=1), 0, zone)}
    for script in SCRIPTS:
        due = moments[script]
        opens = min(due, datetime.combine(due.astimezone(zone).date(), time(), zone))
        yield Row(
            key=procedure.id,
            kind=Due.Kind.CALL,
            what=script,
            says=f"{capital(SCRIPT_WORDS[script])}: {named(procedure)}",
            opens=opens,
            due=due,
            closes=closes[script],
            done=(procedure.id, script) in made,
        )


def _after(start: When, length: Duration, zone: ZoneInfo) -> datetime:
    """So long after an hour; where only the day is known, by the end of the working day."""
    if start.at is not None:
        return start.at + timedelta(hours=int(length.amount) * {"hours": 1, "days": 24, "weeks": 168}[length.unit])
    return _at(after(start.first, length), 17, zone)


def _measures(record: Record, one: ProcedureResponse, zone: ZoneInfo) -> Iterator[Row]:
    for result in one.visits:
        visit = result.visit
        if visit.state == "ended":
            continue
        wanted = wanted_measures(record, one, result)
        says = f"{capital(visit.visit.says.says.partition(':')[0])} after {named(one.procedure)}"
        yield Row(
            key=one.procedure.id,
            kind=Due.Kind.MEASURES,
            what=visit.visit.id,
            says=says,
            more=", ".join(wanted) or "all measured",
            opens=_at(visit.first, 0, zone),
            due=_at(visit.due, 17, zone),
            closes=_at(visit.last + timedelta(days=1), 0, zone),
            done=not _lacking(record, one, result),
        )


def wanted_measures(record: Record, one: ProcedureResponse, result: VisitResult) -> list[str]:
    """What a visit still lacks, in words."""
    moment = moment_of(record, now(), local_day(now(), zone_of(record)))
    labels = [codes.label("instruments", name) for name in seen_instruments(record, one.procedure, moment)]
    return missing_measures(result, labels)


def _lacking(record: Record, one: ProcedureResponse, result: VisitResult) -> list[str]:
    """The measures that must be there before a visit counts as measured: those that the visit's form asks for. A pain
    score told in a call is one of them."""
    moment = moment_of(record, now(), local_day(now(), zone_of(record)))
    asked = [name for name in seen_instruments(record, one.procedure, moment) if name in instrument_ids()]
    return missing_scores(result, [codes.label("instruments", name) for name in asked])


def _relief(one: ProcedureResponse, zone: ZoneInfo, today: date) -> Iterator[Row]:
    half = next((relief for relief in one.held if relief.level == HALF), None)
    if half is None or any(end.sure for end in one.watch):
        return
    if half.state == "lost" and half.lost_to is not None:
        day, says = half.lost_to, lapse_words(half)
    elif half.state == "holding" and (end := expected_end(one.procedure, one.expected)) is not None:
        day, says = end, f"Relief held on {half.held_until}; it is expected to hold until {end} at least"
        if half.held_until > end:
            return
    else:
        return
    due = _at(day, 17, zone)
    yield Row(
        key=one.procedure.id,
        kind=Due.Kind.RELIEF,
        what="relief",
        says=f"{named(one.procedure)}. {dates_in_words(says)}",
        opens=due - _AHEAD,
        due=due,
    )


def _rehabilitation(one: ProcedureResponse, zone: ZoneInfo) -> Iterator[Row]:
    for duty in one.obligations:
        if duty.id == "rehabilitation" and one.procedure.start is not None:
            day = duty.due or one.procedure.start.last + _AHEAD
            yield Row(
                key=one.procedure.id,
                kind=Due.Kind.REHABILITATION,
                what="rehabilitation",
                says=f"{named(one.procedure)}: {dates_in_words(duty.why.partition('; ')[2])}.",
                opens=_at(one.procedure.start.first, 0, zone),
                due=_at(day, 17, zone),
                closes=_at(day + timedelta(days=1), 0, zone),
            )


def named(procedure: Procedure) -> str:
    """`Medial branch block L4-5 left`, without ids."""
    where = place_words(procedure)
    return f"{codes.title(procedure.therapy) if procedure.therapy else 'Procedure'}{f' {where}' if where else ''}"


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone)
