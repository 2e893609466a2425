"""From the clinic's tables to the library's facts: the one door. As known at a moment, from the versions then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial

from clinic.kept import Kept
from levamen.adapters.balance import Reading
from levamen.adapters.chart_entries import Entry as Held
from levamen.adapters.chart_entries import decode_body, facts_from_entries
from levamen.adapters.chart_sections import TABLES
from records.models import Entry, Patient, Version

_READINGS: Kept[Reading] = Kept(400)
_looked_at: ContextVar[int | None] = ContextVar("patient whose page is looked at", default=None)


@contextmanager
def looking_at(patient: Patient) -> Iterator[None]:
    """Inside the block the record of this patient is not written, so that all that a page shows is read from it once.

    Around a look (GET) alone: an act reads the record anew, because it may read what it has just written.
    """
    token = _looked_at.set(patient.pk)
    try:
        yield
    finally:
        _looked_at.reset(token)


def current(patient: Patient) -> Reading:
    """The record as it stands, read once for each state of the record. `patient` is as it was when the page began."""
    return _READINGS.get((patient.handle, patient.head, patient.zone), lambda: _read(patient))


def reading_of(patient: Patient, as_of: datetime | None = None) -> Reading:
    """The patient's record as the library reads it, with the balance of the reading.

    `as_of` is None for what stands now; else only what the clinic knew at that moment: entries in the version of then.
    Struck entries are left out. What cannot be read stands in the balance.
    """
    if as_of is None and _looked_at.get() == patient.pk:
        return current(patient)
    return _read(patient, as_of)


def _read(patient: Patient, as_of: datetime | None = None) -> Reading:
    return facts_from_entries(entries_of(patient, as_of), as_of)


def readings_of(patients: Iterable[Patient]) -> dict[int, Callable[[], Reading]]:
    """Of several patients, by their number, how each record is read as it stands: asked for in one query, read when
    called (which raises as `reading_of` does)."""
    asked = {patient.pk: patient for patient in patients}
    held: dict[int, list[Held]] = {pk: [] for pk in asked}
    rows = Entry.objects.filter(patient__in=asked, struck=False, section__in=TABLES).order_by("pk")
    for entry in rows:
        held[entry.patient_id].append(Held(entry.section, entry.key, entry.fields))
    return {pk: partial(facts_from_entries, _whole(patient, held[pk]), None) for pk, patient in asked.items()}


def keys_of(patient: Patient) -> dict[str, list[str]]:
    """The keys of the entries that stand, by section."""
    found: dict[str, list[str]] = {}
    for section, key in Entry.objects.filter(patient=patient, struck=False).values_list("section", "key"):
        found.setdefault(section, []).append(key)
    return found


def entries_of(patient: Patient, as_of: datetime | None = None) -> list[Held]:
    """The record as the entries of a chart file: what is read and handed on. Name and address are not in it."""
    return _whole(patient, _standing(patient, as_of))


def _whole(patient: Patient, held: Iterable[Held]) -> list[Held]:
    head = Held("chart", "chart", {"id": f"patient-{patient.pk}", "zone": patient.zone})
    return [head, *sorted(held, key=lambda entry: _ORDER[entry.section])]


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
