"""The day of a procedure: what was answered at which stage by whom, who signed beside them, the record, going home."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models


class Stage(models.TextChoices):
    """The stages of the day as the room goes through them."""

    ASK = "ask", "Ask today"
    AWAKE = "awake", "Awake check"
    PAUSE = "pause", "Pause"
    SIGN_OUT = "sign-out", "Sign out"
    RECOVERY = "recovery", "Recovery"


class DayAnswer(models.Model):
    """One answer to one item. Nothing is changed or taken back: what holds is worked out from all of them.

    `answer`: agree, differs, or what a question was answered with. `said`: the value, who, or how a difference was
    settled. `at` is when the clinic received it; `said_at` and `zone` are what the device's clock showed when it was
    given. `sent` is the device's id of the answer, so that the same answer sent twice is one.
    """

    booking = models.ForeignKey("procedures.Booking", on_delete=models.PROTECT, related_name="answers")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    item = models.CharField(max_length=80)
    answer = models.CharField(max_length=24)
    said = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, blank=True)
    sent = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["booking", "sent"], name="one_answer_of_a_sending")]

    @property
    def moment(self) -> Any:
        """When it was given, as far as anybody knows."""
        return self.said_at or self.at


class SecondPerson(models.Model):
    """Somebody who agrees to a stage beside those who answered, with their own account. Holds for the answers up to
    `seen`, not for later ones. `own_device`: signed in there, else by password on the device of another."""

    booking = models.ForeignKey("procedures.Booking", on_delete=models.PROTECT, related_name="seconds")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen = models.PositiveBigIntegerField()
    own_device = models.BooleanField()

    class Meta:
        ordering = ["pk"]


class ProcedureRecord(models.Model):
    """What was done. A draft (`body`) until it is signed; then it stands in the chart as entry `key` and never changes.

    A correction is an addendum: a further row of `Addendum` and a new version of the entry.
    """

    booking = models.OneToOneField("procedures.Booking", on_delete=models.PROTECT, related_name="record")
    body = models.TextField(default="{}")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    @property
    def draft(self) -> dict[str, Any]:
        """`body` as data."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Addendum(models.Model):
    """What was added to a signed record, and why."""

    record = models.ForeignKey(ProcedureRecord, on_delete=models.PROTECT, related_name="addenda")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    reason = models.CharField(max_length=400)

    class Meta:
        ordering = ["pk"]


class Discharge(models.Model):
    """Somebody went home. `unmet` are the items that were not met then, each with the reason why they went anyway."""

    booking = models.OneToOneField("procedures.Booking", on_delete=models.PROTECT, related_name="discharge")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unmet = models.JSONField(default=list)
