"""What was done at a device, the way of each stimulator step by step, and what the board shows of each patient.

What the library reads of a device stands in the chart (`devices`, `procedures`, `events`). Here stands what no rule
reads, what somebody decided, and what was worked out once so that the board is quick.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Log(models.Model):
    """One act at a device. Rows are added and never changed."""

    class Kind(models.TextChoices):
        INTERROGATION = "interrogation", "Interrogation"
        REFILL = "refill", "Refill"
        PROGRAMMING = "programming", "Programming"
        ALARM = "alarm", "Alarm reported"
        OTHER = "other", "Note"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="device_log")
    key = models.CharField(max_length=40, help_text="the device's entry in the chart")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    recorded = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=600)
    apart = models.BooleanField(default=False, help_text="what was found is not what was expected")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["patient", "key", "at"], name="device_log_by_device")]


class Outlook(models.Model):
    """What the board shows of one patient's devices, as worked out for a day from the record with this `head`.

    It can be thrown away: it is worked out again where it is missing, or older than the record or the day.
    """

    patient = models.OneToOneField("records.Patient", on_delete=models.CASCADE, related_name="device_outlook")
    head = models.PositiveIntegerField()
    day = models.DateField()
    rows = models.JSONField(default=list)
