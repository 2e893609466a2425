"""A record that comes as a file (chart file or FHIR bundle), and the record as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from audit.chain import append
from levamen.adapters.any_input import read_any
from levamen.adapters.balance import Reading
from levamen.adapters.chart_entries import Body, encode_body, entries
from levamen.adapters.chart_sections import sections
from levamen.adapters.chart_write import record_tree, write_chart
from people.models import Staff
from records import actions
from records.facts import reading_of
from records.models import Entry, Patient

_FIRST = {"chart": 0, "pain": 1, "procedures": 2, "request": 3}
"""Sections that others refer to are brought before those."""


def _following(section: str, body: Body, moved: Mapping[tuple[str, str], str]) -> Body:
    """A body whose references name entries by the keys that they have here."""
    form = next(form for form in sections() if form.section == section)
    refers = {field.key: field.refers for field in form.fields if field.refers}
    return {
        name: moved.get((refers[name], str(value)), value) if name in refers else value for name, value in body.items()
    }


_MOMENT = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.]*(?:Z|[+-]\d\d:\d\d))"')


def _instants(text: str) -> str:
    """A body's text with its moments in UTC: the same moment is the same in every zone."""
    return _MOMENT.sub(lambda found: f'"{datetime.fromisoformat(found[1]).astimezone(UTC).isoformat()}"', text)


@transaction.atomic
def bring(staff: Staff | None, patient: Patient, data: bytes, origin: str) -> Reading:
    """Every entry of a file that can be read, put into the record; the balance says what became of the rest.

    What stands in the record already, word for word, is not written twice. An entry whose id is taken by another gets
    the next one, and what refers to it follows. Raises UnusableInput, one sentence, and then nothing is kept.
    """
    reading = read_any(data, origin)
    held = list(Entry.objects.filter(patient=patient))
    taken = {(row.section, row.key) for row in held}
    standing = {(row.section, _instants(row.body)): row.key for row in held if not row.struck}
    moved: dict[tuple[str, str], str] = {}
    for entry in sorted(entries(record_tree(reading.record)), key=lambda entry: _FIRST.get(entry.section, len(_FIRST))):
        if entry.section == "chart":
            if entry.body.get("zone") and not taken:
                Patient.objects.filter(pk=patient.pk).update(zone=entry.body["zone"])
                patient.zone = entry.body["zone"]
            continue
        if entry.section == "person" and ("person", "person") in taken:
            continue
        body = _following(entry.section, entry.body, moved)
        same = standing.get((entry.section, _instants(encode_body(body))))
        if same is None:
            key = "" if (entry.section, entry.key) in taken else entry.key
            same = actions.add(staff, patient, entry.section, body, key=key, imported=True).key
        moved[entry.section, entry.key] = same
    balance = reading.balance
    append(
        staff, verb="file.brought", patient=patient, items=balance.items, accepted=balance.accepted,
        ignored=balance.ignored, rejected=balance.rejected,
    )  # fmt: skip
    return reading


def chart_text(patient: Patient) -> str:
    """The record as a chart file, which reads as the same record."""
    return write_chart(reading_of(patient).record)
