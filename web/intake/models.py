"""A referral and what was decided on it, and a file that waits to be looked at before it becomes a record."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from records.models import new_handle


class Referral(models.Model):
    """Somebody sent a patient. `triager` decides; the letter back is kept as it was when it was decided.

    `items` to `issues` are the balance of the file it came with; None where it was typed. `questions` are what the
    sender is asked. `letter` holds the parts of the letter back in words.
    """

    class Urgency(models.TextChoices):
        ROUTINE = "routine", "Routine"
        SOON = "soon", "Soon"
        URGENT = "urgent", "Urgent"

    class Decision(models.TextChoices):
        ACCEPT = "accept", "Accept"
        URGENT = "urgent", "Accept as urgent"
        RETURN = "return", "Return with questions"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="referrals")
    received = models.DateTimeField()
    dated = models.DateField(null=True, help_text="the date on the letter, where one was read")
    sender = models.CharField(max_length=160, help_text="who referred, as it stands on letters")
    reason = models.CharField(max_length=600)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, help_text="what the sender says")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    triager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="to_triage")
    items = models.PositiveIntegerField(null=True)
    accepted = models.PositiveIntegerField(null=True)
    ignored = models.PositiveIntegerField(null=True)
    rejected = models.PositiveIntegerField(null=True)
    issues: models.JSONField[Any, Any] = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    questions: models.JSONField[Any, Any] = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    letter: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta:
        ordering = ["-received", "-pk"]
        indexes = [models.Index(fields=["decision", "received"], name="waiting_referrals")]

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.decision


class Upload(models.Model):
    """A file that somebody looks at before it becomes a record. It opens to them alone, and is deleted when it was
    kept or left."""

    handle = models.CharField(max_length=16, unique=True, default=new_handle)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    data = models.BinaryField()


class Unsure(models.Model):
    """A question of the intake form that was asked, and that the patient could not answer, where the chart has no word
    for that. It settles nothing: the question stays open, and the page says that it was asked. `about`: of which pain,
    therapy or goal."""

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="unsure")
    field = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
