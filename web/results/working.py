"""Working out the rows of patients and the cells of counts: what the worker does, a piece at a time.

It can be stopped at any point. What is out of date is found again from the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from msgspec import Struct, json

from administration.models import clinic
from clinic.clock import now, today
from levamen.derive.views import zone_of
from levamen.knowledge.registry import packaged
from levamen.knowledge.results_tables import ResultsTables, packaged_results
from levamen.outcomes.cohort_cells import counted, encoded
from levamen.outcomes.cohort_rows import TreatmentRow
from levamen.pathway.results import rows_of
from levamen.text.tree import UnusableInput
from people.models import Staff
from records.facts import reading_of
from records.models import Patient
from results.models import Cell, Row, Worked

BATCH = 200
"""So many patients, and so many cells, in one round of the worker: it has other work too."""
_ENCODER = json.Encoder(enc_hook=str)
_DECODER = json.Decoder(TreatmentRow, dec_hook=lambda kind, said: kind(said))
"""The pain before is an exact fraction, written as `7` or `15/2`."""
Place = tuple[str, str, str, str, date]


class Progress(Struct, frozen=True, kw_only=True):
    """How much of what is asked is worked out: patients, and cells of counts."""

    patients: int
    waiting: int
    cells: int
    stale: int

    @property
    def worked(self) -> int:
        return self.patients - self.waiting

    @property
    def complete(self) -> bool:
        return not self.waiting and not self.stale


def tables() -> ResultsTables:
    """What holds for results in this version of the knowledge."""
    return packaged_results()


def waiting(day: date) -> QuerySet[Patient]:
    """The patients whose rows are not of the record as it stands, or in which a window has closed since."""
    return Patient.objects.filter(_behind(day))


def _behind(day: date) -> Q:
    return Q(results_worked__isnull=True) | ~Q(results_worked__head=F("head")) | Q(results_worked__again__lte=day)


def stale_cells(day: date) -> QuerySet[Cell]:
    """The cells whose rows have changed, or that were counted on another day."""
    return Cell.objects.filter(_old(day))


def _old(day: date) -> Q:
    return Q(stale=True) | Q(as_of__isnull=True) | Q(as_of__lt=day)


def progress(day: date) -> Progress:
    """How far it is."""
    patients = Patient.objects.aggregate(patients=Count("pk"), waiting=Count("pk", filter=_behind(day)))
    return Progress(**patients, **Cell.objects.aggregate(cells=Count("pk"), stale=Count("pk", filter=_old(day))))


def work(limit: int = BATCH) -> int:
    """One round: some patients, then some cells; how many pieces were done."""
    day = today(clinic().zone)
    own = frozenset(Staff.objects.values_list("username", flat=True))
    done = 0
    for patient in list(waiting(day).order_by("pk")[:limit]):
        renew(patient, own)
        done += 1
    for cell in list(stale_cells(day).order_by("pk")[:limit]):
        count(cell, day)
        done += 1
    return done


@transaction.atomic
def renew(patient: Patient, own: Iterable[str]) -> None:
    """The rows of one patient anew. Treatments by somebody who is not of this clinic are none of its results."""
    day = today(clinic().zone)
    made, problem = _rows(patient)
    before = {_place(row) for row in Row.objects.filter(patient=patient)}
    Row.objects.filter(patient=patient).delete()
    here = frozenset(own)
    fresh = [_row(patient, row, day) for row in made if row.operator in here and row.day <= day]
    Row.objects.bulk_create(fresh)
    for place in before | {_place(row) for row in fresh}:
        therapy, region, indication, operator, month = place
        Cell.objects.update_or_create(
            therapy=therapy, region=region, indication=indication, operator=operator, month=month,
            defaults={"stale": True},
        )  # fmt: skip
    ends = [visit.last for row in made for visit in row.visits if visit.last >= day]
    again = min(ends) + timedelta(days=1) if ends else None
    Worked.objects.update_or_create(
        patient=patient, defaults={"head": patient.head, "again": again, "problem": problem[:200]}
    )


def _rows(patient: Patient) -> tuple[tuple[TreatmentRow, ...], str]:
    reading = reading_of(patient)
    try:
        at = now().astimezone(zone_of(reading.record))
        return rows_of(reading.record, packaged(), at, tables()).rows, ""
    except UnusableInput as problem:
        return (), str(problem)


def _row(patient: Patient, row: TreatmentRow, day: date) -> Row:
    call_from, call_to = _call(row, day)
    return Row(
        patient=patient, therapy=row.therapy, region=row.region or "", indication=row.indication or "",
        operator=row.operator or "", month=row.day.replace(day=1), day=row.day, call_from=call_from, call_to=call_to,
        body=_ENCODER.encode(row).decode(),
    )  # fmt: skip


def _call(row: TreatmentRow, day: date) -> tuple[date | None, date | None]:
    """Between which days the answer that is told first can still be had."""
    told = tables()
    for visit in row.visits:
        if visit.visit == told.first_visit and not visit.ended and visit.last >= day:
            reached = dict(visit.reached).get(told.first_level, "unknown")
            if reached == "unknown":
                return visit.last - timedelta(days=2 * _within(visit.visit)), visit.last
    return None, None


@cache
def _within(visit: str) -> int:
    return next(row.within for row in tables().visits if row.id == visit)


def _place(row: Row) -> Place:
    return row.therapy, row.region, row.indication, row.operator, row.month


@transaction.atomic
def count(cell: Cell, day: date) -> None:
    """The counts of one cell anew; a cell without rows goes."""
    rows = Row.objects.filter(
        therapy=cell.therapy, region=cell.region, indication=cell.indication, operator=cell.operator, month=cell.month
    )
    found = [_DECODER.decode(body) for body in rows.values_list("body", flat=True)]
    if not found:
        cell.delete()
        return
    tally = counted(found, day, tables())
    days = [row.day for row in found]
    cell.as_of, cell.stale, cell.body, cell.version = day, False, encoded(tally), cell.version + 1
    cell.done, cell.answered, cell.first_day, cell.last_day = tally.done, tally.answered, min(days), max(days)
    cell.save()
