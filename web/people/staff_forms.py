"""Forms about staff and what they may do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from levamen.adapters.chart_sections import choices_of
from people.models import Staff
from people.roles import Role


class StaffForm(forms.Form):
    """Somebody new, or somebody who changes their role."""

    username = forms.SlugField(label="User name", max_length=40, help_text="Small letters and digits, for signing in.")
    name = forms.CharField(label="Name", max_length=120, help_text="As on letters, for example Dr Anjali Patel.")
    credentials = forms.CharField(label="Credentials", max_length=60, required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    password = forms.CharField(
        label="First password", widget=forms.PasswordInput(render_value=False), max_length=120, strip=False,
        help_text="At least 12 characters. They change it after the first sign-in.",
    )  # fmt: skip

    def __init__(self, *args: Any, member: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        if member is not None:
            self.fields["username"].disabled = True
            self.fields["password"].required = False
            self.fields["password"].label = "New password"
            self.fields["password"].help_text = "Only where they forgot theirs; their second factor stays."

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).lower()
        if self.member is None and Staff.objects.filter(username=name).exists():
            raise forms.ValidationError("Somebody has this user name already; choose another.")
        return name

    def clean_password(self) -> str:
        password = str(self.cleaned_data.get("password") or "")
        if password:
            validate_password(password)
        return password


class PrivilegeForm(forms.Form):
    """What an operator may do, and until when."""

    therapy = forms.ChoiceField(label="Therapy")
    region = forms.ChoiceField(label="Region", required=False)
    granted = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    expires = forms.DateField(label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}))
    minimum_per_year = forms.IntegerField(label="At least so many a year", required=False, min_value=1, max_value=9999)
    source = forms.CharField(label="Who granted it, and where that is written", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        therapies = sorted(((str(one.value), one.title) for one in choices_of("therapies")), key=lambda row: row[1])
        regions = [(str(one.value), one.title) for one in choices_of("regions")]
        self.fields["therapy"].choices = [("", "Choose"), *therapies]  # type: ignore[attr-defined] # a ChoiceField
        self.fields["region"].choices = [("", "Every region"), *regions]  # type: ignore[attr-defined] # a ChoiceField

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        granted, expires = said.get("granted"), said.get("expires")
        if isinstance(granted, date) and isinstance(expires, date) and expires < granted:
            self.add_error("expires", f"This is before {granted.isoformat()}, from which it would be granted.")
        return said
