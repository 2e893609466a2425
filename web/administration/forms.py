"""Forms about how the clinic works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from levamen.knowledge.holds import packaged_profiles
from levamen.knowledge.registry import packaged
from levamen.record import codes

_COUNTRY = ("US",)


def _policies(coverage: bool) -> list[tuple[str, str]]:
    rows = [one for one in packaged().policies.values() if one.is_coverage == coverage]
    return sorted(((one.id, one.title) for one in rows), key=lambda row: row[1])


class Governing(forms.Form):
    """Who leads here. It changes the order of lists and the plan's guideline; no verdict goes away."""

    name = forms.CharField(label="Name of the clinic", max_length=120)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    guidelines = forms.MultipleChoiceField(
        label="Guidelines that lead here", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="They stand first on every list; all others stay in sight.",
    )  # fmt: skip
    hold_profile = forms.ChoiceField(
        label="Guideline for blood thinners", help_text="Holds follow it; what the others say stands beside.",
    )  # fmt: skip
    second_signature = forms.BooleanField(
        label="An override of a safety stop waits for a second person", required=False
    )
    reason = forms.CharField(label="Why?", min_length=5, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guidelines"].choices = _policies(False)  # type: ignore[attr-defined] # a choice field
        profiles = [(id, profile.title) for id, profile in packaged_profiles().items()]
        self.fields["hold_profile"].choices = profiles  # type: ignore[attr-defined] # a choice field
        kinds = [(id, codes.label("payer_kinds", id)) for id in codes.ids("payer_kinds")]
        for id, label in kinds:
            self.fields[f"payer-{id}"] = forms.MultipleChoiceField(
                label=f"Policies that govern for {label if id != 'unknown' else 'a payer that is not known'}",
                required=False, choices=_policies(True), widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def payers(self) -> list[tuple[BoundField, int]]:
        """The policies of each kind of payer, with how many are ticked: a list of boxes loses none by one click."""
        fields = [self[name] for name in self.fields if name.startswith("payer-")]
        return [(field, len(field.value() or ())) for field in fields]

    def body(self) -> dict[str, Any]:
        """What would be, as the proposal keeps it."""
        said = self.cleaned_data
        payers = {name.removeprefix("payer-"): list(rows) for name, rows in said.items() if name.startswith("payer-")}
        kept = ("name", "phone", "guidelines", "hold_profile", "second_signature")
        return {name: said[name] for name in kept} | {"payers": {kind: rows for kind, rows in payers.items() if rows}}


class Reason(forms.Form):
    """Why a change is proposed."""

    reason = forms.CharField(label="Why may this clinic rely on it?", min_length=10, max_length=400)


class Word(forms.Form):
    """What the second person says."""

    words = forms.CharField(label="Your words", max_length=400, required=False)
