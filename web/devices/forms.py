"""The forms of a pump. What is known is filled in; a person confirms, and types what is different."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from clinic.clock import now
from levamen.adapters.chart_entries import read_entry
from records.models import Patient


class LocalTime(forms.DateTimeField):
    """A moment typed as the clocks of the patient's place show it; not later than now."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, zone: ZoneInfo, **said: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            error_messages={"invalid": "Write day and time, as in 2026-03-09 08:10."}, **said,
        )  # fmt: skip
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        typed: datetime | None = super().clean(value)
        if typed is None:
            return None
        local = typed.replace(tzinfo=self.zone)
        if not 1990 <= local.year <= 2200:
            raise forms.ValidationError("Write the year in four digits.")
        if local.astimezone(ZoneInfo("UTC")).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise forms.ValidationError("This time does not exist: the clocks went forward. Write the hour after it.")
        if local > now():
            raise forms.ValidationError("This is later than now.")
        return local


def millilitres(label: str, **said: Any) -> forms.DecimalField:
    """A volume or a rate, not negative, at most three decimals."""
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=Decimal(1000), decimal_places=3, **said)


class PumpForm(forms.Form):
    """What both forms ask. `body` is the device's entry as it was looked at."""

    rate_ml_per_day = millilitres("Rate (mL a day), as the programmer shows it", required=False)
    bolus_ml_per_day_max = millilitres(
        "Most bolus a day (mL)", required=False, help_text="What the patient may add in a day; 0 where nothing."
    )
    dose_per_day = forms.CharField(
        label="Dose a day, as the programmer shows it", required=False, max_length=40, help_text="As in 3.2 mg."
    )
    alarm_ml = millilitres("Low reservoir alarm (mL)", required=False)
    eri = forms.CharField(
        label="Battery: elective replacement indicator", required=False, max_length=30,
        help_text="A day or a month, as in 2028-08.",
    )  # fmt: skip
    note = forms.CharField(label="Note", required=False, max_length=200)
    confirmed = forms.BooleanField(label="Measured again: it is so", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    settings = ("rate_ml_per_day", "bolus_ml_per_day_max", "dose_per_day", "alarm_ml", "eri")

    def __init__(self, patient: Patient, key: str, body: dict[str, Any], data: Any = None, *, seen: int) -> None:
        self.patient, self.key, self.body, self.zone = patient, key, body, ZoneInfo(patient.zone)
        pump = body.get("pump") if isinstance(body.get("pump"), dict) else {}
        self.pump: dict[str, Any] = dict(pump or {})
        first = {name: self.pump[name] for name in self.settings if name in self.pump}
        super().__init__(data, initial={**first, "seen": seen, **self.known()})

    def known(self) -> dict[str, Any]:
        return {}

    def pump_now(self, **more: Any) -> dict[str, Any]:
        """The pump as the form says it: what was left blank is not recorded any more."""
        held = {name: value for name, value in self.pump.items() if name not in self.settings}
        said = {
            name: self.cleaned_data[name] for name in self.settings if self.cleaned_data.get(name) not in (None, "")
        }
        return {**held, **said, **more}

    def checked(self, pump: dict[str, Any]) -> dict[str, Any]:
        """The entry's whole body, checked by the library; what it refuses stands at its field."""
        reading = read_entry("devices", {**self.body, "pump": pump}, self.patient.zone, key=self.key)
        for problem in reading.problems:
            field = problem.field.rpartition(".")[2]
            self.add_error(field if field in self.fields else None, problem.says)
        return dict(reading.body)

    def local(self, at: datetime) -> str:
        """A moment as the chart writes it."""
        return at.astimezone(self.zone).isoformat(timespec="minutes")


class Interrogation(PumpForm):
    """A pump read between two fills."""

    residual_ml = millilitres("Volume in the reservoir (mL), as the pump shows it")
    field_order = ("read_at", "residual_ml")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["read_at"] = LocalTime(self.zone, label="Read on", initial=now())
        self.order_fields(self.field_order)

    def entry(self) -> dict[str, Any]:
        """The body as it then stands."""
        said = self.cleaned_data
        return self.checked(self.pump_now(residual_ml=said["residual_ml"], residual_at=self.local(said["read_at"])))


class Refilling(PumpForm):
    """A pump refilled: what was drawn out, what was put in."""

    residual_ml = millilitres("Volume drawn out (mL)")
    filled_ml = millilitres("Filled with (mL)")
    drug = forms.CharField(label="Drug in the pump", max_length=80, required=False)
    concentration = forms.CharField(
        label="Strength", max_length=40, required=False, help_text="As on the syringe, as in 10 mg/mL."
    )
    field_order = ("filled_at", "residual_ml", "filled_ml", "drug", "concentration")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["filled_at"] = LocalTime(self.zone, label="Refilled on", initial=now())
        if self.several:
            del self.fields["drug"], self.fields["concentration"]
        self.order_fields(self.field_order)

    @property
    def drugs(self) -> list[dict[str, Any]]:
        return [row for row in self.pump.get("drugs") or () if isinstance(row, dict)]

    @property
    def several(self) -> bool:
        """A mixture stays as the entry has it: this form asks for one drug."""
        return len(self.drugs) > 1

    def known(self) -> dict[str, Any]:
        row = self.drugs[0] if len(self.drugs) == 1 else {}
        held = {"drug": row.get("drug"), "concentration": row.get("concentration")}
        return {**held, "filled_ml": self.pump.get("filled_ml")}

    def before(self) -> dict[str, Any]:
        """The body with what was drawn out, as a reading of the fill before: what the comparison is made with."""
        said = self.cleaned_data
        pump = {**self.pump, "residual_ml": said["residual_ml"], "residual_at": self.local(said["filled_at"])}
        return {**self.body, "pump": pump}

    def entry(self) -> dict[str, Any]:
        """The body with the new fill. A first fill and a dilution are said of the drug they were; a new one: none."""
        said = self.cleaned_data
        held = {name: value for name, value in self.pump_now().items() if name not in ("residual_ml", "residual_at")}
        pump = {**held, "filled_ml": said["filled_ml"], "filled_at": self.local(said["filled_at"])}
        if not self.several and said.get("drug"):
            same = [row for row in self.drugs if row.get("drug") == said["drug"].strip()]
            row = {
                **({k: v for k, v in same[0].items() if k != "first_fill"} if same else {}),
                "drug": said["drug"].strip(),
            }
            row.pop("concentration", None)
            if said.get("concentration"):
                row["concentration"] = said["concentration"].strip()
            pump["drugs"] = [row]
        elif not self.several:
            pump.pop("drugs", None)
        return self.checked(pump)

    def agents(self) -> list[dict[str, Any]]:
        """What was put in, as a procedure says it."""
        said = self.cleaned_data
        if self.several or not said.get("drug"):
            return []
        row = {"drug": said["drug"].strip(), "volume": f"{said['filled_ml']} mL"}
        return [row | ({"concentration": said["concentration"].strip()} if said.get("concentration") else {})]


class Alarm(forms.Form):
    """An alarm that somebody reported."""

    heard = forms.CharField(
        label="What was heard or felt, and since when?", min_length=3, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class Programming(forms.Form):
    """A stimulator programmed, in words."""

    says = forms.CharField(
        label="What was found and what was changed?", min_length=3, max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Program, contacts, coverage, impedances, battery, use of the device.",
    )  # fmt: skip

    def __init__(self, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(data)
        self.fields["at"] = LocalTime(zone, label="Programmed on", initial=now())
        self.order_fields(("at", "says"))
