"""How this clinic works: its name and zone, the authorities that govern it, the hold profile it follows."""

from __future__ import annotations

from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.db import models

from levamen.pathway.periprocedural.plan import DEFAULT_PROFILE


class Clinic(models.Model):
    """The clinic itself, in one row. Changes go through proposals that a second person signs."""

    name = models.CharField(max_length=120)
    zone_name = models.CharField(max_length=64, default="UTC")
    state = models.CharField(max_length=8, blank=True)
    country = models.CharField(max_length=2, default="US")
    phone = models.CharField(max_length=40, blank=True)
    emergency = models.CharField(max_length=20, default="911")
    guidelines = models.JSONField(default=list, help_text="ids of the guideline policies that lead here")
    payers = models.JSONField(default=dict, help_text="by kind of payer, the ids of the policies that govern here")
    rooms = models.JSONField(default=list)
    hold_profile = models.CharField(max_length=40, default=DEFAULT_PROFILE)
    second_signature = models.BooleanField(
        default=True, help_text="overrides of a safety stop wait for a second person"
    )
    synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


of_request: ContextVar[Clinic | None] = ContextVar("clinic of the request", default=None)
"""The clinic as it stood when the request came in, so that one page speaks of one clinic and asks once."""


def clinic() -> Clinic:
    """The clinic. A database without one is a clinic without a name, in UTC."""
    return of_request.get() or Clinic.objects.filter(pk=1).first() or Clinic(pk=1, name="Clinic")
