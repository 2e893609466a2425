"""A request of the chart with a place in the day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from procedures.day_models import Addendum as Addendum
from procedures.day_models import DayAnswer as DayAnswer
from procedures.day_models import Discharge as Discharge
from procedures.day_models import ProcedureRecord as ProcedureRecord
from procedures.day_models import SecondPerson as SecondPerson
from procedures.plan_models import PlanStep as PlanStep
from procedures.plan_models import Room as Room


class Booking(models.Model):
    """A slot for one request. Moving it makes a new booking that supersedes this one; nothing is overwritten.

    The request entry of the chart carries the start too, so that the library plans for the actual appointment.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        STARTED = "started", "Started"
        DONE = "done", "Done"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="bookings")
    request_key = models.CharField(max_length=40)
    start = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=30)
    room = models.CharField(max_length=40)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    reason = models.CharField(max_length=400, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    # What lists show without working it out again.
    therapy = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["start", "room", "pk"]
        indexes = [models.Index(fields=["status", "start"], name="bookings_by_day")]
