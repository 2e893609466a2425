"""What was done to a device is one entry of the record, whether a step of its way or the procedure room writes it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from levamen.pathway.implant.history import CARE, FAMILY
from records.models import Entry, Patient
from records.words import entry_words

_WRITTEN_BY_BOTH = frozenset({*FAMILY, *CARE} - {"stimulator-programming"})
"""What a step writes as a procedure and a room records too; a device is programmed several times on a day."""


def there_already(patient: Patient, therapy: str | None, day: date, side: str | None = None) -> Entry | None:
    """The entry of the record that says that this was done to a device on that day; on another side it is another."""
    if therapy not in _WRITTEN_BY_BOTH:
        return None
    rows = Entry.objects.filter(patient=patient, section="procedures", therapy=therapy, struck=False).order_by("pk")
    for row in rows:
        said = row.fields
        same_day = str(said.get("start") or said.get("date") or "")[:10] == day.isoformat()
        if same_day and said.get("status") in (None, "done") and (not side or said.get("side") in (None, side)):
            return row
    return None


def says_so(entry: Entry) -> SafeString:
    """The entry in words with the way to it."""
    parts = {"patient": entry.patient.handle, "section": entry.section, "key": entry.key}
    return format_html('<a href="{}">{}</a>', reverse("entry", kwargs=parts), entry_words(entry))
