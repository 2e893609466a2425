"""A record that comes as a file (chart file or FHIR bundle), and the record as a file."""

from __future__ import annotations

from django.db import transaction

from audit.chain import append
from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.adapters.chart_entries import entries
from levamen.adapters.chart_write import record_tree, write_chart
from people.models import Staff
from records import actions
from records.facts import reading_of
from records.models import Entry, Patient


@transaction.atomic
def bring(staff: Staff | None, patient: Patient, data: bytes, origin: str) -> Reading:
    """Every entry of a file that can be read, put into the record; the balance says what became of the rest.

    An entry whose id is taken already gets the next one. Raises UnusableInput, one sentence, and then nothing is kept.
    """
    reading = read_any(data, origin)
    taken = set(Entry.objects.filter(patient=patient).values_list("section", "key"))
    for entry in entries(record_tree(reading.record)):
        if entry.section == "chart":
            if entry.body.get("zone") and not taken:
                Patient.objects.filter(pk=patient.pk).update(zone=entry.body["zone"])
                patient.zone = entry.body["zone"]
            continue
        if entry.section == "person" and ("person", "person") in taken:
            continue
        key = "" if (entry.section, entry.key) in taken else entry.key
        actions.add(staff, patient, entry.section, entry.body, key=key, imported=True)
    balance = reading.balance
    append(
        staff, verb="file.brought", patient=patient, items=balance.items, accepted=balance.accepted,
        ignored=balance.ignored, rejected=balance.rejected,
    )  # fmt: skip
    return reading


def chart_text(patient: Patient) -> str:
    """The record as a chart file, which reads as the same record."""
    return write_chart(reading_of(patient).record)
