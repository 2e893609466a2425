"""What was worked out of the records for the clinic's own results: a row a treatment, and cells of counts.

Nothing here is the record. All of it can be thrown away and worked out again.
"""

from __future__ import annotations

from django.db import models


class Worked(models.Model):
    """A patient whose treatments are in the rows, as of the record's `head`; `again`: the day on which time alone
    changes what they say (a window closes)."""

    patient = models.OneToOneField("records.Patient", on_delete=models.CASCADE, related_name="results_worked")
    head = models.PositiveIntegerField()
    again = models.DateField(null=True, db_index=True)
    problem = models.CharField(max_length=200, blank=True, help_text="why the record could not be worked out")


class Row(models.Model):
    """One treatment done here, as `levamen.outcomes.cohort_rows.TreatmentRow` in JSON.

    `call_from`, `call_to`: between which days the answer that is told first can still be had; empty where it is there.
    """

    patient = models.ForeignKey("records.Patient", on_delete=models.CASCADE, related_name="+")
    therapy = models.CharField(max_length=80)
    region = models.CharField(max_length=40, blank=True)
    indication = models.CharField(max_length=40, blank=True)
    operator = models.CharField(max_length=150, blank=True)
    month = models.DateField()
    day = models.DateField()
    call_from = models.DateField(null=True)
    call_to = models.DateField(null=True)
    body = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["therapy", "region", "indication", "operator", "month"], name="rows_of_a_cell"),
            models.Index(
                fields=["therapy", "region", "call_to", "call_from", "operator", "month"], name="rows_to_call"
            ),
        ]


class Cell(models.Model):
    """The counts of the rows of one therapy, region, indication, operator and month as of a day.

    `body`: `levamen.outcomes.cohort_cells` as JSON. `stale`: its rows have changed since. The numbers repeat the body.
    """

    therapy = models.CharField(max_length=80)
    region = models.CharField(max_length=40, blank=True)
    indication = models.CharField(max_length=40, blank=True)
    operator = models.CharField(max_length=150, blank=True)
    month = models.DateField()
    as_of = models.DateField(null=True)
    stale = models.BooleanField(default=True, db_index=True)
    version = models.PositiveIntegerField(default=0, help_text="grows each time it is counted")
    done = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["therapy", "region", "indication", "operator", "month"], name="one_cell_of_a_place"
            )
        ]
