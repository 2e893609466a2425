"""What follows a procedure: calls with their answers and attempts, and what is due when.

What a rule reads (relief, scores, events, medicines) is written into the chart; here stands how it was asked.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Due(models.Model):
    """One thing due after one procedure, worked out from the record by `follow_up.dues.renew`.

    `what` is the script of a call (`day-1`), the visit of measures (`3-months`), or the kind once more. It counts from
    `opens`, is best done by `due`, and cannot be had any more after `closes` (empty: it stays open). `says` is the line
    of a list. `settled_by` is set where somebody closed it by hand, with `outcome`.
    """

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        MEASURES = "measures", "Measures"
        REHABILITATION = "rehabilitation", "Rehabilitation inside the relief"
        RELIEF = "relief", "Relief fading"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="dues")
    procedure_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    what = models.CharField(max_length=40)
    says = models.CharField(max_length=400)
    opens = models.DateTimeField()
    due = models.DateTimeField()
    closes = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "procedure_key", "kind", "what"], name="one_due_of_a_kind")
        ]
        indexes = [models.Index(fields=["kind", "due"], condition=Q(done=None), name="dues_open")]


class Kept(models.Model):
    """Up to which write of the record the dues of a patient are worked out."""

    patient = models.OneToOneField("records.Patient", on_delete=models.PROTECT, primary_key=True, related_name="+")
    head = models.PositiveIntegerField()

    @staticmethod
    def behind() -> models.QuerySet[Kept]:
        """The patients whose record has grown since."""
        return Kept.objects.exclude(head=F("patient__head"))


class Call(models.Model):
    """A call after a procedure. It is resumed where it stopped; `who` is on it. `raised` is the warning sign said."""

    class Status(models.TextChoices):
        OPEN = "open", "Not finished"
        RAISED = "raised", "Warning sign"
        DONE = "done", "Finished"

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="calls")
    procedure_key = models.CharField(max_length=40)
    script = models.CharField(max_length=16)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    raised = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=400, blank=True, help_text="what was done about the warning sign")
    next_at = models.DateTimeField(null=True)
    interpreter = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["started", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "procedure_key", "script"], name="one_call_of_a_script")
        ]


class Said(models.Model):
    """The answer to one question: yes, no, not asked, or a value. A question without a row is open, and never no."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    word = models.CharField(max_length=12)
    value = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "question"], name="one_answer_of_a_question")]


class Attempt(models.Model):
    """One time the number was dialled, and what came of it."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached"
        NO_ANSWER = "no-answer", "No answer"
        SOMEBODY_ELSE = "somebody-else", "Somebody else answered"
        DROPPED = "dropped", "The call broke off"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    whom = models.CharField(max_length=120, blank=True)
    said = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["at", "pk"]
