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
        indexes = [
            models.Index(fields=["done_at", "kind", "due", "patient"], name="open_tasks_by_kind"),
            models.Index(fields=["owner", "role", "due"], condition=models.Q(done_at=None), name="open_tasks_by_owner"),
        ]


class Referral(models.Model):
    """A question to somebody outside the clinic's rooms, or a course of care: to whom, what, by when, what came back.

    What came back stands in the chart: a course as an entry of `care`, an evaluation as one of `evaluations`. `entry`
    names it. `version` grows with each change, so that two people who answer at once do not overwrite one another.
    """

    class Status(models.TextChoices):
        SENT = "sent", "Answer awaited"
        BOOKED = "booked", "First visit booked"
        RUNNING = "running", "Course running"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (Status.SENT, Status.BOOKED, Status.RUNNING)

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="sent_on")
    kind = models.CharField(max_length=60, help_text="a therapy of the vocabulary, or an evaluation of it")
    to = models.CharField(max_length=120)
    question = models.CharField(max_length=600)
    region = models.CharField(max_length=40, blank=True)
    due = models.DateField(help_text="the day by which an answer is expected")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_visit = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=600, blank=True)
    entry = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["status", "due"], name="open_referrals")]
