"""A patient's record and one of its procedures, as the pages of the follow-up need them."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from msgspec import Struct

from clinic.clock import now
from follow_up.dues import named
from follow_up.scripts import local
from levamen.record.facts import Procedure, Record
from records.facts import reading_of
from records.models import Patient


class Case(Struct, frozen=True, kw_only=True):
    """One procedure of a patient with the record it stands in, as of a moment where the patient is."""

    patient: Patient
    record: Record
    procedure: Procedure
    as_of: datetime

    @property
    def key(self) -> str:
        return self.procedure.id

    @property
    def title(self) -> str:
        return named(self.procedure)

    @property
    def day(self) -> datetime | str:
        """When it was done: the hour where it is known, else the day as written."""
        start = self.procedure.start
        return "" if start is None else start.at or str(start)


def case_of(patient: Patient, key: str) -> Case:
    """The case. Raises Http404 for a procedure that the record does not have."""
    record = reading_of(patient).record
    found = next((one for one in record.of(Procedure) if one.id == key and isinstance(one, Procedure)), None)
    if found is None:
        raise Http404("The record has no such procedure.")
    return Case(patient=patient, record=record, procedure=found, as_of=local(patient, now()))
