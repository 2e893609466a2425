"""What is written down of a talk with a patient, in the order of the talk."""

from __future__ import annotations

from typing import Any

from django import forms

from options.actions import GOES_AHEAD
from options.models import Decision

WORDS = (
    (Decision.Word.ACCEPT, "Go ahead with it", "The person wants it, and nothing stops it."),
    (Decision.Word.DECLINE, "Do not do it", "The person weighed it and said no. Care goes on."),
    (Decision.Word.DEFER, "Decide later", "Something is asked, awaited or tried first."),
    (
        Decision.Word.OVERRIDE,
        "Go ahead against a stop",
        "Against what safety or a governing policy says, with a reason.",
    ),
)
"""The four decisions, with what each means; each has the same weight."""
_YES_NO = (("yes", "Yes"), ("no", "No"))


class Deciding(forms.Form):
    """The talk: options, values, numbers, who was there, what was decided, why, and the signature at the end."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    options = forms.MultipleChoiceField(
        label="Which options did you talk about?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the options that you talked about; doing nothing is one of them."},
    )  # fmt: skip
    values_said = forms.CharField(
        label="What matters to this person?", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text="In their own words.",
    )  # fmt: skip
    shown = forms.BooleanField(label="The numbers on benefit and harm were shown", required=False)
    word = forms.ChoiceField(
        label="What did you decide together?", choices=Decision.Word.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what you decided together."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why?", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed where it goes ahead against a safety stop.",
    )  # fmt: skip
    code = forms.ChoiceField(label="Kind of reason", choices=[("", "None"), *Decision.Code.choices], required=False)
    followed = forms.ChoiceField(label="Which authority do you follow?", required=False)
    present = forms.CharField(
        label="Who was there?", max_length=200,
        error_messages={"required": "Write who was there, for example: patient and daughter."},
    )  # fmt: skip
    interpreter = forms.CharField(
        label="Interpreter", max_length=200, required=False, help_text="Language and how; empty where none was needed."
    )
    teach_back = forms.ChoiceField(
        label="Could they say in their own words what will happen and why?", choices=_YES_NO, widget=forms.RadioSelect,
        error_messages={"required": "Say whether they could tell it back to you."},
    )  # fmt: skip
    document = forms.CharField(
        label="Consent document and its version", max_length=120, required=False,
        help_text="For example: Consent for spinal injections, version 4.",
    )  # fmt: skip
    signed = forms.BooleanField(label="Signed now, after the talk", required=False)

    def __init__(
        self, *args: Any, choices: list[tuple[str, str]], authorities: list[tuple[str, str]], stops: bool,
        language: str, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["options"].choices = choices  # type: ignore[attr-defined] # a choice field
        followed = [("", "None"), *authorities, ("own", "My own judgement")]
        self.fields["followed"].choices = followed  # type: ignore[attr-defined] # a choice field
        self.stops, self.language = stops, language

    def clean(self) -> dict[str, Any]:
        """What must hold between the fields; nothing is asked that the decision does not need."""
        said = super().clean() or {}
        word, signed = said.get("word"), said.get("signed")
        if word == Decision.Word.OVERRIDE and self.stops:
            for name, text in (
                ("reason", "Write why it goes ahead although safety stops it."),
                ("code", "Choose the kind of reason."),
                ("followed", "Say which authority you follow."),
            ):
                if not said.get(name):
                    self.add_error(name, text)
        if signed and word in GOES_AHEAD:
            if said.get("teach_back") == "no":
                self.add_error("signed", "The signature comes after they understood. Save it unsigned, and talk again.")
            if not said.get("document"):
                self.add_error("document", "Name the consent document and its version that was signed.")
            if self.language and said.get("interpreter", "").strip().casefold() in ("", "no", "none"):
                self.add_error(
                    "interpreter",
                    f"The record says that this person speaks {self.language}. Name the interpreter, or save unsigned.",
                )
        return said
