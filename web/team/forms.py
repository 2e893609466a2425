"""The forms of tasks, referrals and the care team."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from clinic.clock import today
from levamen.adapters.chart_entries import read_entry
from levamen.record import codes
from people.models import Staff
from people.roles import CARE
from records.models import Patient
from team.models import Referral, Task
from team.referrals import EVALUATIONS, evaluation_of, kinds

_DAY = "As in 2026-03-09."


class Day(forms.DateField):
    """A day written in one unambiguous way."""

    def __init__(self, **said: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"], error_messages={"invalid": "Write the day as in 2026-03-09."},
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not 1990 <= found.year <= 2200:
            raise forms.ValidationError("Write the year in four digits.")
        return found


def members(patient: Patient) -> Any:
    """Those a task can be given to: the care team."""
    return Staff.objects.filter(patients__patient=patient, is_active=True).order_by("name")


class Closing(forms.Form):
    """What came of a task."""

    outcome = forms.CharField(label="What came of it?", min_length=2, max_length=400)


class HandingOver(forms.Form):
    """Who takes a task over."""

    owner = forms.ModelChoiceField(label="Hand over to", queryset=Staff.objects.none(), empty_label="Choose somebody")

    def __init__(self, patient: Patient, data: Any = None) -> None:
        super().__init__(data)
        self.fields["owner"].queryset = members(patient)  # type: ignore[attr-defined]  # a model choice has one


class Giving(forms.Form):
    """A new task."""

    what = forms.CharField(label="What is to be done?", min_length=3, max_length=400)
    kind = forms.ChoiceField(label="Kind", choices=Task.Kind.choices, initial=Task.Kind.OTHER)
    owner = forms.ModelChoiceField(label="Who does it?", queryset=Staff.objects.none(), empty_label="Choose somebody")

    def __init__(self, patient: Patient, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(data)
        self.zone = zone
        self.fields["owner"].queryset = members(patient)  # type: ignore[attr-defined]  # a model choice has one
        self.fields["due"] = Day(label="By when?", initial=today(zone))

    def by(self) -> dt.datetime:
        """The end of the working day."""
        return dt.datetime.combine(self.cleaned_data["due"], dt.time(17), self.zone)


class Referring(forms.Form):
    """A new referral."""

    kind = forms.ChoiceField(label="What for?")
    to = forms.CharField(label="To whom?", min_length=2, max_length=120, help_text="Name and place of the person.")
    question = forms.CharField(
        label="What is asked?", min_length=5, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The question and what they need to know. It is what the answer is held against.",
    )  # fmt: skip
    region = forms.ChoiceField(label="Region", required=False)
    due = Day(label="Answer expected by")

    def __init__(self, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(data)
        self.zone = zone
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]  # a choice has some
        regions = [(word, codes.title(word)) for word in codes.ids("regions")]
        self.fields["region"].choices = [("", "Not said"), *regions]  # type: ignore[attr-defined]  # a choice has some

    def clean_due(self) -> dt.date:
        due: dt.date = self.cleaned_data["due"]
        if due < today(self.zone):
            raise forms.ValidationError("This day has passed.")
        return due


class Answering(forms.Form):
    """What came back. `section` is the chart's in which it is kept; `body` is what goes there."""

    answer = forms.CharField(
        label="What do they say?", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    section = ""
    said: tuple[str, ...] = ()

    def __init__(self, referral: Referral, held: dict[str, Any], data: Any = None) -> None:
        self.referral = referral
        first = {name: held[name] for name in self.said if name in held}
        super().__init__(data, initial={**first, "seen": referral.version, "answer": referral.answer})

    def body(self) -> dict[str, Any]:
        """The entry's fields, checked by the library; what it refuses stands at its field."""
        said = {name: self.cleaned_data[name] for name in self.said if self.cleaned_data.get(name) not in (None, "")}
        reading = read_entry(self.section, self.about() | said, self.referral.patient.zone, key="new")
        for problem in reading.problems:
            name = problem.field.partition(".")[0]
            self.add_error(name if name in self.fields else None, problem.says)
        return dict(reading.body)

    def about(self) -> dict[str, Any]:
        return {"source": f"Answer of {self.referral.to}"}


def _words(section: str) -> list[tuple[str, str]]:
    return [("", "Not said"), *((word, codes.label(section, word)) for word in codes.ids(section))]


class Course(Answering):
    """A course of care: its dose, its dates, its result."""

    section = "care"
    said = ("start", "end", "sessions", "response", "stopped_because")
    start = forms.CharField(label="First visit", max_length=20, help_text=_DAY)
    end = forms.CharField(label="Last visit", max_length=20, required=False, help_text=f"{_DAY} Blank: it goes on.")
    sessions = forms.IntegerField(label="Visits so far", min_value=0, max_value=1000, required=False)
    response = forms.ChoiceField(label="Result", required=False)
    stopped_because = forms.ChoiceField(label="Why did it end?", required=False)
    next = Day(label="It goes on: next answer expected by", required=False)
    field_order = ("start", "end", "next", "sessions", "response", "stopped_because", "answer")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["response"].choices = _words("responses")  # type: ignore[attr-defined]  # a choice has some
        self.fields["stopped_because"].choices = _words("stop_reasons")  # type: ignore[attr-defined]  # a choice has some

    def about(self) -> dict[str, Any]:
        region = {"region": self.referral.region} if self.referral.region else {}
        return super().about() | {"therapy": self.referral.kind} | region

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("response") and not said.get("end"):
            self.add_error("end", "A course with a result has its last visit: write the day.")
        elif not said.get("end") and not said.get("next") and "next" not in self.errors:
            self.add_error("next", "Write the last visit, or the day by which the next answer is expected.")
        return said

    @property
    def next_by(self) -> dt.date | None:
        """The day of the next answer; None where the course is over."""
        return None if self.cleaned_data.get("end") else self.cleaned_data["next"]


class Concluding(Answering):
    """An evaluation: when, by whom, what it concluded."""

    section = "evaluations"
    said = ("date", "by", "conclusion")
    date = forms.CharField(label="Day of the evaluation", max_length=20, help_text=_DAY)
    by = forms.ChoiceField(label="By whom?")
    conclusion = forms.ChoiceField(label="What does it conclude?")
    field_order = ("date", "by", "conclusion", "answer")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["by"].choices = _words("roles")  # type: ignore[attr-defined]  # a choice has some
        conclusions = [(word, word.replace("-", " ")) for word in codes.ids("evaluation_conclusions")]
        self.fields["conclusion"].choices = [("", "Choose"), *conclusions]  # type: ignore[attr-defined]  # a choice has some

    def about(self) -> dict[str, Any]:
        return super().about() | {"kind": evaluation_of(self.referral.kind) or EVALUATIONS[0]}


def answering(referral: Referral) -> type[Answering]:
    """The form that fits what was asked for."""
    return Concluding if evaluation_of(referral.kind) else Course


class Booking(forms.Form):
    """The first visit."""

    first_visit = Day(label="First visit booked for")


class Withdrawing(forms.Form):
    """Why a referral is not wanted any more."""

    reason = forms.CharField(label="Why is it withdrawn?", min_length=3, max_length=400)


class Joining(forms.Form):
    """Who joins the care team."""

    member = forms.ModelChoiceField(
        label="Put somebody into the care team", queryset=Staff.objects.none(), empty_label="Choose somebody"
    )

    def __init__(self, patient: Patient, data: Any = None) -> None:
        super().__init__(data)
        free = Staff.objects.filter(is_active=True, role__in=CARE).exclude(patients__patient=patient)
        self.fields["member"].queryset = free.order_by("name")  # type: ignore[attr-defined]  # a model choice has one
