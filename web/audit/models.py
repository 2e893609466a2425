"""The audit: append-only, every event bound to the one before it by its hash."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Event(models.Model):
    """One look at a patient, or one act. `number` counts without a gap; nothing is ever changed or deleted.

    `verb` is the act's word (`audit.sentences` turns it into a sentence), `about` the thing it was done to, `detail`
    what an auditor needs beside: numbers of versions, reasons; canonical JSON text.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=16, blank=True)
    verb = models.CharField(max_length=60)
    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=120, blank=True)
    detail = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["patient", "-number"], name="audit_by_patient"),
            models.Index(fields=["who", "-number"], name="audit_by_person"),
            models.Index(fields=["verb", "at"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class Head(models.Model):
    """The last event's number and hash, in one row: the lock under which the next is appended."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
