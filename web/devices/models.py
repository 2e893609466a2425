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


class Way(models.Model):
    """Where one stimulator of one patient stands: one kind of stimulation for one pain.

    `standing` is what the kept steps lead to, so that replaying them gives the same; `count` is how many there are.
    """

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="device_ways")
    family = models.CharField(max_length=60)
    pain = models.CharField(max_length=40, blank=True)
    standing = models.TextField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "family", "pain"], name="one_way_of_a_pain")]


class Step(models.Model):
    """One step of a way, as it was taken: the event, and what was shown of each thing it asks for. Never changed."""

    way = models.ForeignKey(Way, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    event = models.TextField()
    shown = models.TextField()
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded = models.DateTimeField()
    knowledge = models.CharField(max_length=80)

    class Meta:
        ordering = ["way", "number"]
        constraints = [models.UniqueConstraint(fields=["way", "number"], name="one_step_of_a_number")]
