"""What somebody has to do for a patient, by when. Findings are routed to a person with a time, never to a pop-up."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Task(models.Model):
    """One thing to do. `kind` groups worklists, `about` names the entry or booking, `outcome` closes it.

    A task is made once for its `origin` (`night-check 2026-03-10 booking-4 fever`): working it out again adds nothing.
    """

    class Kind(models.TextChoices):
        ASK = "ask", "Ask the patient"
        CALL = "call", "Call"
        PRESCRIBER = "prescriber", "Prescriber's answer"
        AUTHORIZATION = "authorization", "Authorization"
        FINDING = "finding", "Finding of the night check"
        FLAG = "flag", "Warning sign"
        SIGN = "sign", "Signature"
        REFILL = "refill", "Refill"
        MEASURE = "measure", "Measure due"
        REFERRAL = "referral", "Referral to the team"
        OTHER = "other", "Other"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    what = models.CharField(max_length=400)
    why = models.CharField(max_length=600, blank=True)
    about = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=160, null=True, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="tasks")
    role = models.CharField(max_length=16, blank=True, help_text="who may take it while nobody owns it")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["done_at", "due", "pk"]
        indexes = [models.Index(fields=["done_at", "kind", "due"], name="open_tasks")]
