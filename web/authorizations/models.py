"""What the payer was asked for a request of the chart, and what came of it: a log that only grows.

The last step says how it stands. What was sent is kept byte for byte, with the moment, the record and the knowledge
that it was made from.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Status(models.TextChoices):
    """What a step says: what somebody did or heard, or how the packet stood when it was looked at."""

    PREPARING = "preparing", "Preparing"
    COMPLETE = "complete", "Packet complete"
    MISSING = "missing", "Something is not known"
    EXPIRING = "expiring", "Evidence runs out before the day"
    TWO_READINGS = "two_readings", "The policy can be read both ways"
    NOT_MET = "not_met", "A criterion stands in the way"
    NOT_NEEDED = "not_needed", "Not needed"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    APPEALED = "appealed", "Appealed"
    WITHDRAWN = "withdrawn", "Withdrawn"


LOOKS = frozenset({Status.COMPLETE, Status.MISSING, Status.EXPIRING, Status.TWO_READINGS, Status.NOT_MET})
"""Steps that say how the packet stood; they leave the status as it is."""


class Authorization(models.Model):
    """The authorization for one request. The columns repeat what the steps say, so that lists are quick.

    `status` is the last step that somebody did, `state` how the packet stood at the last look and `lacks` the names of
    the criteria behind it. `ends` is the first moment after the last day that an approval covers.
    """

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="authorizations")
    request_key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    numbers = models.JSONField(default=list, help_text="CPT and HCPCS numbers it will be billed with")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PREPARING)
    state = models.CharField(max_length=16, choices=Status.choices, blank=True)
    lacks = models.CharField(max_length=600, blank=True)
    number = models.CharField(max_length=60, blank=True)
    begins = models.DateField(null=True)
    expires = models.DateField(null=True)
    ends = models.DateTimeField(null=True)
    document = models.CharField(max_length=40, blank=True, help_text="the entry of the chart that holds the approval")
    looked_head = models.PositiveIntegerField(default=0, help_text="the record's head at the last look")
    looked_day = models.DateField(null=True)
    steps_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["patient", "request_key"], name="one_authorization_a_request")]
        indexes = [models.Index(fields=["status", "ends"], name="authorizations_standing")]


class Sent(models.Model):
    """The packet as it was sent: made at a moment from a state of the record (`head`) with a state of the knowledge."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="sent")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    head = models.PositiveIntegerField()
    knowledge = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=Status.choices)

    class Meta:
        ordering = ["pk"]


class SentFile(models.Model):
    """One form of it, byte for byte, and the SHA-256 of the bytes."""

    sent = models.ForeignKey(Sent, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sent", "form"], name="one_file_of_a_form")]


class Step(models.Model):
    """One thing done, heard or found, on the day `on`. Never changed: what was wrong is followed by what is right."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60, blank=True)
    begins = models.DateField(null=True)
    expires = models.DateField(null=True)
    units = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=600, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True)
    sent = models.ForeignKey(Sent, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["authorization", "place"]
        constraints = [models.UniqueConstraint(fields=["authorization", "place"], name="one_step_of_a_place")]
