"""Rooms, and what happened to a plan: issued, asked, answered, given to the patient."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models


class Room(models.Model):
    """A place where procedures are done. A closed room takes no more bookings and stays in sight where it was used."""

    name = models.CharField(max_length=40, unique=True)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanStep(models.Model):
    """One thing that happened to the plan of a request. Nothing is changed or taken back; the last of a kind counts.

    `issued`: a plan got its number; `told` is what people act on (what the next is compared with), `content` the whole
    plan as data. `asked`, `answered`: a prescriber about a drug; `document` is the entry of the chart. `sheet`: the
    patient was given sheet `number`. `call`: the preparation call. `override`: booked although contraindicated.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", "Plan issued"
        ASKED = "asked", "Prescriber asked"
        ANSWERED = "answered", "Prescriber’s answer"
        SHEET = "sheet", "Sheet given"
        CALL = "call", "Preparation call"
        OVERRIDE = "override", "Booked against a stop"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="plan_steps")
    request_key = models.CharField(max_length=40)
    booking = models.ForeignKey("procedures.Booking", on_delete=models.PROTECT, null=True, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(null=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    drug = models.CharField(max_length=80, blank=True)
    who = models.CharField(max_length=120, blank=True, help_text="the prescriber")
    answer = models.CharField(max_length=16, blank=True)
    on = models.DateField(null=True)
    due = models.DateTimeField(null=True)
    document = models.CharField(max_length=40, blank=True, help_text="key of the entry among the chart's documents")
    language = models.CharField(max_length=8, blank=True)
    words = models.CharField(max_length=600, blank=True)
    told = models.TextField(blank=True)
    content = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["patient", "request_key"], name="steps_of_a_plan")]

    @property
    def said(self) -> dict[str, Any]:
        """`told` as data."""
        found: dict[str, Any] = json.loads(self.told) if self.told else {}
        return found
