"""A patient's record as the clinic keeps it: the entries of a chart, every edit a version, nothing ever erased.

What the library reads (a chart's person, payer, completeness, pains, findings … requests) is kept entry by entry as
the chart file writes it, so that record, file and rules speak of one thing. Name and address stay outside the facts.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models

from levamen.adapters.chart_entries import decode_body

IDENTITY = "identity"
"""The section of an entry that holds name and address; no rule reads it."""


def new_handle() -> str:
    """What stands for a patient in an address: random, so that it says nothing."""
    return secrets.token_urlsafe(9)


class Patient(models.Model):
    """A person. The columns repeat what the identity entry says, so that lists and searches are quick."""

    handle = models.CharField(max_length=16, unique=True, default=new_handle)
    mrn = models.CharField(max_length=40, unique=True)
    family = models.CharField(max_length=80)
    given = models.CharField(max_length=80)
    searched = models.CharField(max_length=220, db_index=True, help_text="family, given and number in small letters")
    birth_date = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    payer = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, default="UTC", help_text="in which times without an offset are read")
    synthetic = models.BooleanField(default=False)
    added = models.DateTimeField()
    head = models.PositiveIntegerField(default=0, help_text="grows with each write to the record")

    class Meta:
        ordering = ["family", "given", "pk"]

    def __str__(self) -> str:
        return f"{self.family.upper()}, {self.given}"


class CareTeam(models.Model):
    """Whose patient somebody is."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="team")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="patients")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "staff"], name="one_place_in_a_team")]


class BrokenGlass(models.Model):
    """A record opened from outside its team: by whom, why, until when, and who reviewed it with what outcome."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="broken_glass")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=400)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Entry(models.Model):
    """One entry of a patient's chart as it stands; `versions` hold how it came to be.

    `section` is the chart's (`procedures`), `key` the entry's id there (`P-3`). `body` is what it says, as JSON text
    that is the same for the same entry. `struck` entries stay in sight, struck through, and count for nothing.
    `therapy`, `region`, `concept`, `status` and `day` repeat the body for lists.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="entries")
    section = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    body = models.TextField()
    version = models.PositiveIntegerField()
    struck = models.BooleanField(default=False)
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    therapy = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=40, blank=True)
    concept = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=24, blank=True)
    day = models.DateField(null=True)

    class Meta:
        ordering = ["patient", "section", "day", "pk"]
        constraints = [models.UniqueConstraint(fields=["patient", "section", "key"], name="one_entry_of_a_key")]
        indexes = [models.Index(fields=["section", "therapy", "day"], name="entries_by_therapy")]

    @property
    def fields(self) -> dict[str, Any]:
        """The entry's fields as the chart file has them; numbers exact."""
        return decode_body(self.body)


class Version(models.Model):
    """One edit of an entry. `imported`: it came with a file, whose own dates say when it was recorded."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    struck = models.BooleanField(default=False)
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    imported = models.BooleanField(default=False)

    class Meta:
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_version_of_a_number")]
