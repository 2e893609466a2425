"""From the clinic's tables to the library's facts: the one door. As known at a moment, from the versions then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from levamen.adapters.balance import Reading
from levamen.adapters.chart_entries import Entry as Held
from levamen.adapters.chart_entries import decode_body, facts_from_entries
from levamen.adapters.chart_sections import TABLES
from records.models import Entry, Patient, Version


def reading_of(patient: Patient, as_of: datetime | None = None) -> Reading:
    """The patient's record as the library reads it, with the balance of the reading.

    `as_of` is None for what stands now; else only what the clinic knew at that moment: entries in the version of then.
    Struck entries are left out. What cannot be read stands in the balance.
    """
    return facts_from_entries(entries_of(patient, as_of), as_of)


def entries_of(patient: Patient, as_of: datetime | None = None) -> list[Held]:
    """The record as the entries of a chart file: what is read and handed on. Name and address are not in it."""
    return [_head(patient), *sorted(_standing(patient, as_of), key=lambda held: _ORDER[held.section])]


def readings_of(patients: Iterable[Patient]) -> dict[int, Reading]:
    """What stands now in the records of several patients, by their keys: one query for all of them."""
    wanted = {patient.pk: patient for patient in patients}
    held: dict[int, list[Held]] = {pk: [_head(patient)] for pk, patient in wanted.items()}
    rows = Entry.objects.filter(patient__in=wanted, struck=False, section__in=TABLES).order_by("patient_id", "pk")
    for row in sorted(rows, key=lambda row: _ORDER[row.section]):
        held[row.patient_id].append(Held(row.section, row.key, row.fields))
    return {pk: facts_from_entries(entries) for pk, entries in held.items()}


def _head(patient: Patient) -> Held:
    return Held("chart", "chart", {"id": f"patient-{patient.pk}", "zone": patient.zone})


_ORDER = {section: place for place, section in enumerate(TABLES)}


def _standing(patient: Patient, as_of: datetime | None) -> Iterator[Held]:
    if as_of is None:
        for entry in Entry.objects.filter(patient=patient, struck=False, section__in=TABLES).order_by("pk"):
            yield Held(entry.section, entry.key, entry.fields)
        return
    # What came with a file was known when the file says so; what was typed here, when it was typed.
    held: dict[int, Version] = {}
    versions = Version.objects.filter(entry__patient=patient, entry__section__in=TABLES)
    for version in versions.select_related("entry").order_by("entry_id", "number"):
        if version.imported or version.at <= as_of:
            held[version.entry_id] = version
    for version in held.values():
        if not version.struck:
            yield Held(version.entry.section, version.entry.key, decode_body(version.body))
