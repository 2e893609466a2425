"""What was decided together with a patient, from what, and every time the clinic stepped into somebody's way."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet


class DecisionQuerySet(QuerySet["Decision"]):
    """Decisions with what worklists ask of them."""

    def standing(self) -> DecisionQuerySet:
        """Those that no later decision on the same request replaces."""
        return self.filter(superseded_by__isnull=True)

    def unsigned(self) -> DecisionQuerySet:
        """Those that stand and still wait for a signature: their own, or a second one."""
        return self.standing().filter(Q(signed_at=None) | Q(second_needed=True, second_at=None))


class Decision(models.Model):
    """One decision on one request of the chart. It is never changed but for its signatures; a new one supersedes it.

    `kept` holds what it was decided from: of each policy its document, version, hashes, verdict and the facts read;
    safety with its reasons; engine and knowledge. `read` is the version of every entry of the record at that moment,
    so that the same inputs can be judged again. Both are empty where it was taken before this clinic kept them.
    """

    class Word(models.TextChoices):
        ACCEPT = "accept", "Go ahead with it"
        DECLINE = "decline", "Do not do it"
        DEFER = "defer", "Decide later"
        OVERRIDE = "override", "Go ahead against a stop"

    class Code(models.TextChoices):
        BENEFIT = "benefit", "The benefit for this person outweighs it"
        NOT_APPLICABLE = "not-applicable", "The rule does not fit this person"
        RECORD_WRONG = "record-wrong", "The record is wrong or incomplete"
        NO_ALTERNATIVE = "no-alternative", "Everything else was tried or refused"
        PREFERENCE = "preference", "The person wishes it, knowing the risk"
        OTHER = "other", "Another reason"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="decisions")
    request_key = models.CharField(max_length=40)
    once = models.CharField(max_length=40, unique=True, help_text="of the form that was sent: sent twice acts once")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    word = models.CharField(max_length=10, choices=Word.choices)
    therapy = models.CharField(max_length=80, blank=True)
    target = models.CharField(max_length=300, help_text="therapy, levels and side as they were signed, in words")
    place = models.JSONField(default=dict, help_text="the fields of the target as they were signed")
    options = models.JSONField(default=list)
    values_said = models.TextField(blank=True)
    shown = models.TextField(blank=True, help_text="the numbers that were shown")
    present = models.CharField(max_length=200, blank=True)
    interpreter = models.CharField(max_length=200, blank=True)
    teach_back = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    code = models.CharField(max_length=20, choices=Code.choices, blank=True)
    followed = models.CharField(max_length=80, blank=True, help_text="the policy that was followed")
    document = models.CharField(max_length=120, blank=True, help_text="consent document with its version")
    document_key = models.CharField(max_length=40, blank=True)
    signed_at = models.DateTimeField(null=True)
    second_needed = models.BooleanField(default=False)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    kept = models.JSONField(default=dict)
    read = models.JSONField(default=dict)
    knowledge = models.CharField(max_length=16, blank=True)
    engine = models.CharField(max_length=20, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["patient", "request_key"], name="decisions_of_a_request")]

    @property
    def words(self) -> str:
        return Decision.Word(self.word).label

    @property
    def waits_for(self) -> str:
        """What is still missing of its signatures; nothing where it is signed."""
        if self.signed_at is None:
            return "signature"
        return "second signature" if self.second_needed and self.second_at is None else ""


class InterruptionQuerySet(QuerySet["Interruption"]):
    """Firings, as the monthly review reads them."""

    def review(self, start: Any, end: Any) -> list[dict[str, Any]]:
        """Of each rule that fired in a time: how often, how often somebody changed course, how often it was overridden.

        `remove` is true where over 80 of 100 of at least 20 firings were overridden: such a rule is listed for removal.
        """
        rows = (
            self.filter(at__gte=start, at__lt=end)
            .values("rule")
            .annotate(
                fired=Count("pk"),
                acted=Count("pk", filter=Q(outcome=Interruption.Outcome.ACTED)),
                overridden=Count("pk", filter=Q(outcome=Interruption.Outcome.OVERRIDDEN)),
            )
            .order_by("-fired", "rule")
        )
        return [{**row, "remove": row["fired"] >= 20 and row["overridden"] * 100 > 80 * row["fired"]} for row in rows]


class Interruption(models.Model):
    """One time the clinic stopped somebody: by which rule, on which facts, and what they did about it."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Left open"
        ACTED = "acted", "Changed course"
        OVERRIDDEN = "overridden", "Went on with a reason"

    rule = models.CharField(max_length=120)
    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="interruptions")
    about = models.CharField(max_length=80)
    facts = models.CharField(max_length=64, help_text="hash of what the rule read: not repeated for the same")
    at = models.DateTimeField()
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    why = models.CharField(max_length=600, blank=True)

    objects = InterruptionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "patient", "about", "facts"], name="one_interruption_of_the_same")
        ]
