"""The night check as it was run, and the lease under which one worker acts."""

from __future__ import annotations

from django.db import models
from msgspec import json

from levamen.emit.night_view import PatientView


class NightRun(models.Model):
    """The night check of one day's procedures. Not finished while `finished` is empty: then it is said so."""

    day = models.DateField(unique=True)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    knowledge = models.CharField(max_length=32, blank=True)


class NightRow(models.Model):
    """What the check found of one booking, as of the record's `head` then. `skipped` says why it was not examined.

    `view` is the finding in words (`levamen.emit.night_view.PatientView`) as JSON text.
    """

    run = models.ForeignKey(NightRun, on_delete=models.CASCADE, related_name="rows")
    booking = models.ForeignKey("procedures.Booking", on_delete=models.PROTECT, related_name="+")
    head = models.PositiveIntegerField()
    at = models.DateTimeField()
    standing = models.CharField(max_length=16, blank=True)
    safety = models.CharField(max_length=20, blank=True)
    payer = models.CharField(max_length=16, blank=True)
    payer_says = models.CharField(max_length=120, blank=True)
    hold = models.CharField(max_length=120, blank=True)
    view = models.TextField(blank=True)
    skipped = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "booking"], name="one_row_of_a_booking")]

    @property
    def words(self) -> PatientView | None:
        """The finding in words; None where it was not examined."""
        return json.decode(self.view, type=PatientView) if self.view else None


class Lease(models.Model):
    """Who does a kind of work now, and until when. A worker that died lets it lapse."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()
