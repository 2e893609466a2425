"""The forms of referral and triage."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from intake.models import Referral
from levamen.adapters.chart_entries import read_entry
from people.models import Staff
from people.roles import PHYSICIANS, Role
from records.models import CareTeam, Patient

LARGEST = 8 * 1024 * 1024
"""Bytes of a file that somebody brings."""
ANSWERS = (("", "Not asked"), ("no", "Asked: none of them"), ("yes", "Asked: yes"), ("unknown", "Asked, not sure"))


class FileForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label="File",
        help_text="A FHIR R4 bundle (JSON, at most 8 MB, may be gzipped) or a chart file (YAML or JSON, at most 2 MB),"
        " of one patient. You see first what becomes of every item.",
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > LARGEST:
            raise forms.ValidationError("The file is larger than 8 MB. Export this one patient alone.")
        return found


class ReferralForm(forms.Form):
    """Who is sent, by whom, for what."""

    sender = forms.CharField(label="Who refers", max_length=160, help_text="Name and field, as on letters.")
    reason = forms.CharField(
        label="What is asked", max_length=600, widget=forms.Textarea(attrs={"rows": 2, "cols": 60})
    )
    urgency = forms.ChoiceField(
        label="Urgency by the letter", choices=[("", "Choose"), *Referral.Urgency.choices],
    )  # fmt: skip
    red_flags = forms.ChoiceField(label="Red flags, by the letter", required=False, choices=ANSWERS)
    text = forms.CharField(
        label="The letter’s words", required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text="As it was written. Rules read the entries of the record, not this text.",
    )  # fmt: skip
    dated = forms.CharField(label="Letter’s date", required=False, max_length=10, help_text="For example 2026-03-09.")
    triager = forms.ChoiceField(label="Who decides on it", help_text="It goes onto this person’s list.")

    def __init__(self, *args: Any, filed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctors = Staff.objects.filter(role__in=PHYSICIANS, is_active=True)
        self.fields["triager"].choices = [("", "Choose"), *((str(one.pk), str(one)) for one in doctors)]  # type: ignore[attr-defined]  # a choice field
        if filed:
            for name in ("text", "dated"):
                del self.fields[name]

    def clean_dated(self) -> str:
        return _date(self.cleaned_data["dated"])

    def clean_triager(self) -> Staff:
        return Staff.objects.get(pk=self.cleaned_data["triager"])


class WhoForm(forms.Form):
    """Who the patient is. What the file says stands in it already."""

    family = forms.CharField(label="Family name", max_length=80)
    given = forms.CharField(label="Given names", max_length=80)
    mrn = forms.CharField(label="Record number (MRN)", max_length=40)
    birth_date = forms.CharField(
        label="Born", required=False, max_length=10, help_text="For example 1957-05-14. A year will do."
    )
    sex = forms.ChoiceField(
        label="Sex", required=False,
        choices=[("", "Not said"), ("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")],
    )  # fmt: skip
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    language = forms.CharField(label="Language", required=False, max_length=35, help_text="For example es.")
    payer_kind = forms.ChoiceField(label="Kind of payer", required=False)
    payer_plan = forms.CharField(label="Plan", required=False, max_length=80)

    def __init__(self, *args: Any, filed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from records.entry_form import section_form

        kinds = section_form("payer").field("kind").choices
        self.fields["payer_kind"].choices = [("", "Not said"), *((str(row.value), row.title) for row in kinds)]  # type: ignore[attr-defined]  # a choice field
        if filed:
            for name in ("payer_kind", "payer_plan"):
                del self.fields[name]

    def clean_birth_date(self) -> str:
        return _date(self.cleaned_data["birth_date"])

    def clean_language(self) -> str:
        said: str = self.cleaned_data["language"].strip()
        if said and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", said):
            raise forms.ValidationError("Write the language as a tag of two or three letters: en, es, vi.")
        return said

    def clean_mrn(self) -> str:
        return " ".join(self.cleaned_data["mrn"].split())


def _date(said: str) -> str:
    text = said.strip()
    if text:
        reading = read_entry("person", {"birth_date": text}, "UTC")
        if reading.problems:
            raise forms.ValidationError(f"{reading.problems[0].says[0].upper()}{reading.problems[0].says[1:]}")
    return text


class DecisionForm(forms.Form):
    """What becomes of a referral."""

    decision = forms.ChoiceField(label="Decision", choices=Referral.Decision.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="It stands in the letter back, in your words.",
    )  # fmt: skip
    questions = forms.CharField(
        label="Questions to the sender", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}), help_text="One a line. Needed if you return it.",
    )  # fmt: skip
    physician = forms.ChoiceField(label="Physician", required=False)
    nurse = forms.ChoiceField(label="Nurse", required=False)
    coordinator = forms.ChoiceField(label="Coordinator", required=False)
    next_step = forms.CharField(label="Next step", required=False, max_length=200, help_text="For example first visit.")
    next_by = forms.DateField(
        label="By", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2026-03-16."},
    )  # fmt: skip

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = CareTeam.objects.filter(patient=patient, staff=OuterRef("pk"))
        workers = Staff.objects.filter(is_active=True, role__in=(*PHYSICIANS, Role.NURSE, Role.COORDINATOR))
        rows = list(workers.annotate(mine=Exists(mine)))
        team = {one.role: str(one.pk) for one in reversed(rows) if one.mine}
        for name, roles in (("physician", PHYSICIANS), ("nurse", {Role.NURSE}), ("coordinator", {Role.COORDINATOR})):
            chosen = [("", "Nobody yet"), *((str(one.pk), str(one)) for one in rows if one.role in roles)]
            self.fields[name].choices = chosen  # type: ignore[attr-defined]  # a choice field
            self.fields[name].initial = next((team[role] for role in roles if role in team), "")
        self.people = {str(one.pk): one for one in rows}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["asked"] = [line.strip() for line in said.get("questions", "").splitlines() if line.strip()][:40]
        if said.get("decision") == Referral.Decision.RETURN and not said["asked"] and not self.data.get("lacks"):
            self.add_error("questions", "A referral that is returned says what is asked: one question or more.")
        if said.get("decision") in (Referral.Decision.ACCEPT, Referral.Decision.URGENT) and not said.get("physician"):
            self.add_error("physician", "Choose the physician whose patient this becomes.")
        return said

    @property
    def team(self) -> list[Staff]:
        """Who works with the patient from now on."""
        said = self.cleaned_data
        return [self.people[said[name]] for name in ("physician", "nurse", "coordinator") if said.get(name)]
