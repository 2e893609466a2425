"""How this clinic works: its name and zone, the authorities that govern it, the hold profile it follows."""

from __future__ import annotations

from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
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
    relies_on = models.JSONField(
        default=dict, help_text="the knowledge in force and what is adopted, for every request"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class Proposal(models.Model):
    """A change of how the clinic works, or of what it relies on: not in force before a second person signs it.

    `body` is what would be, `effect` what it would change for our patients, once that has been worked out.
    """

    class Kind(models.TextChoices):
        GOVERNING = "governing", "Who governs here"
        ADOPTION = "adoption", "Adopt a value"
        ENDING = "ending", "End an adoption"
        KNOWLEDGE = "knowledge", "Take a new version of the knowledge"

    class Decision(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        SIGNED = "signed", "Signed and in force"
        REFUSED = "refused", "Refused"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    body = models.JSONField()
    title = models.CharField(max_length=300)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    effect = models.JSONField(null=True)
    effect_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class AdoptedValue(models.Model):
    """A value that awaited confirmation, signed for this clinic (`levamen.knowledge.edition.Adoption`)."""

    value = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    says = models.CharField(max_length=400)
    by = models.CharField(max_length=200)
    reason = models.CharField(max_length=400)
    on = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["value", "on"]


class KnowledgeInForce(models.Model):
    """From when the clinic answers with which version of the packaged knowledge. The last row counts."""

    hash = models.CharField(max_length=32)
    since = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["since", "pk"]


of_request: ContextVar[Clinic | None] = ContextVar("clinic of the request", default=None)
"""The clinic as it stood when the request came in, so that one page speaks of one clinic and asks once."""


def clinic() -> Clinic:
    """The clinic. A database without one is a clinic without a name, in UTC."""
    return of_request.get() or Clinic.objects.filter(pk=1).first() or Clinic(pk=1, name="Clinic")
