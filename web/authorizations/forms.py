"""What a step of an authorization asks: one short form for each."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from administration.models import clinic
from authorizations.actions import Said
from authorizations.models import Status
from clinic.clock import today
from levamen.pathway.headline import day_words

_NUMBER = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_MOST = 20
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _day_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "write the day as year-month-day, such as 2026-03-16"},
    )  # fmt: skip


class StepForm(forms.Form):
    """What every step has: the status it writes, how many steps were seen, its day."""

    status_word: Status
    act = ""
    """What the button says."""
    help = ""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, value in found.items():
            if isinstance(value, date) and not _FIRST_YEAR <= value.year < _LAST_YEAR:
                self.add_error(name, f"choose a day between {_FIRST_YEAR} and {_LAST_YEAR}")
        on = found.get("on")
        if on is not None and on > today(clinic().zone):
            self.add_error("on", f"this is told when it was; {day_words(on)} has not come yet")
        begins, expires = found.get("begins"), found.get("expires")
        if begins is not None and expires is not None and expires < begins:
            self.add_error("expires", "the last day comes before the first")
        return found

    def said(self) -> Said:
        """The step. Call it when the form is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Said(status=self.status_word, **given)


class Preparing(StepForm):
    status_word = Status.PREPARING
    act = "Prepare the packet"
    help = "The packet is looked at now, and again whenever the record changes. It stands on the worklist until sent."
    numbers = forms.CharField(
        label="CPT or HCPCS numbers", required=False, max_length=200,
        help_text="those it will be billed with, with commas: 64635, 64636",
    )  # fmt: skip

    def clean_numbers(self) -> list[str]:
        found = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip().upper())))
        found = [number for number in found if number]
        for number in found:
            if not _NUMBER.fullmatch(number):
                raise ValidationError(f"{number[:20]} is no CPT or HCPCS number; write five characters, such as 64635")
        if len(found) > _MOST:
            raise ValidationError(f"at most {_MOST} numbers")
        return found


class NotNeeded(StepForm):
    status_word = Status.NOT_NEEDED
    act = "Write down that none is needed"
    help = "Only with a reason: which list says so, or who at the payer said it, with their reference."
    on = _day_field("On which day was it found out?", required=True)
    reason = forms.CharField(label="Who or what says so?", min_length=3, max_length=600)
    number = forms.CharField(label="Reference", required=False, max_length=60)


class Submitted(StepForm):
    status_word = Status.SUBMITTED
    act = "Write down that it was submitted"
    help = "The packet is kept as it is at this moment, byte for byte, so that what was sent can be shown again."
    on = _day_field("On which day?", required=True)
    reason = forms.CharField(label="By which way?", required=False, max_length=600, help_text="portal, fax, letter")
    number = forms.CharField(label="Reference of the payer", required=False, max_length=60)


class Approved(StepForm):
    status_word = Status.APPROVED
    act = "Write down the approval"
    help = "It is put into the chart’s documents too, where the rules read it."
    number = forms.CharField(label="Number of the authorization", max_length=60)
    on = _day_field("Day of the answer", required=True)
    begins = _day_field("First day it covers")
    expires = _day_field("Last day it covers", help_text="leave it empty where the payer named none")
    units = forms.IntegerField(label="Units", required=False, min_value=1, max_value=999)


class Denied(StepForm):
    status_word = Status.DENIED
    act = "Write down the denial"
    reason = forms.CharField(label="Reason, in the payer’s words", min_length=3, max_length=600)
    clause = forms.CharField(label="Clause that it names", required=False, max_length=200)
    number = forms.CharField(label="Number of the answer", required=False, max_length=60)
    on = _day_field("Day of the answer", required=True)
    due = _day_field("Appeal possible until")


class Appealed(StepForm):
    status_word = Status.APPEALED
    act = "Write down the appeal"
    on = _day_field("On which day was it sent?", required=True)
    due = _day_field("Answer due by")
    number = forms.CharField(label="Number of the appeal", required=False, max_length=60)


class Withdrawn(StepForm):
    status_word = Status.WITHDRAWN
    act = "Withdraw"
    on = _day_field("On which day?", required=True)
    reason = forms.CharField(label="Why?", min_length=3, max_length=600)


FORMS: dict[str, type[StepForm]] = {
    form.status_word: form for form in (Preparing, NotNeeded, Submitted, Approved, Denied, Appealed, Withdrawn)
}


def form_of(status: Status, seen: int, numbers: list[str], data: Any = None) -> StepForm:
    """The form of a step, filled in with the present day."""
    initial = {"seen": seen, "on": today(clinic().zone), "numbers": ", ".join(numbers)}
    form = FORMS[status](data, initial=initial, prefix=str(status))
    if status == Status.PREPARING and seen:
        form.act = "Change the numbers, look again"
    return form
