"""A stimulator's way on screen: where it stands, what is next, and a step taken or refused in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from msgspec import Struct

from administration.models import clinic
from clinic.clock import now, today
from devices import trial_diary as diaries
from devices import ways
from devices.models import Log
from devices.once import says_so
from devices.outlook import trial_words
from levamen.emit.stimulators import OUTCOMES, SIGN_OF, measured, name_of
from levamen.emit.view import criterion_name, found_in, wording
from levamen.emit.words import capital
from levamen.knowledge.implants import packaged_lifecycle, packaged_machine
from levamen.pathway.implant.history import FAMILY
from levamen.pathway.implant.machine import Refused
from levamen.pathway.implant.review import WayReview
from levamen.record import codes
from levamen.record.facts import Device, Score
from levamen.record.timeline import When
from people.access import StaffRequest, opens_patient
from people.roles import CLINICAL, PHYSICIANS
from records.actions import Stale
from records.facts import reading_of
from records.models import Entry, Patient
from team.forms import Day
from ui.templatetags.ui import day, moment
from ui.typed import number


class Shown(Struct, kw_only=True):
    """One way as the page shows it."""

    found: WayReview
    name: str
    slug: str
    state: str
    trial: str
    outcome: str
    running: str
    disagree: str
    authorities: list[tuple[Any, str, list[tuple[str, str, str, str]]]]
    diary: list[tuple[str, str]]
    baseline: str
    gaps: list[date]
    steps: list[tuple[str, Any, str, str]]
    ahead: list[tuple[str, list[tuple[str, str, str, tuple[str, ...]]]]]
    devices: list[tuple[Any, str]]
    log: list[Log]
    lost: bool
    lead: str
    work_up: list[Any]
    repeated: bool


def slug_of(found: WayReview) -> str:
    """How a way is named in an address."""
    family, pain = ways.key_of(found)
    return f"{family}~{pain}"


def shown(found: WayReview, record: Any, log: list[Log], holds: bool) -> Shown:
    """Everything the page says of one way."""
    machine, today_ = packaged_machine(), today(clinic().zone)
    leads = [
        row for row in record.facts if isinstance(row, Device) and row.kind == "trial-lead" and row.removed is None
    ]
    inside = [*found.way.devices, *(leads if found.standing.state == "trial-active" else ())]
    keys = {device.id for device in (*found.way.devices, *leads)}
    trial = found.way.trial
    diary, gaps = _diary(found, today_)
    lost = ways.effect_awaited(found)
    return Shown(
        found=found,
        name=name_of(found),
        slug=slug_of(found),
        state=capital(found.label),
        trial=measured(found.trial) if found.trial is not None else "",
        outcome=OUTCOMES[found.outcome] if found.outcome is not None else "",
        running=trial_words(found, today_) if found.standing.state == "trial-active" else "",
        disagree=_disagree(found),
        authorities=[
            (row, SIGN_OF[row.word], [_clause(item) for item in row.clauses])
            for row in sorted(found.asked.answers, key=lambda row: not row.decides)
        ],
        diary=diary,
        baseline=_baseline(found, record),
        gaps=gaps,
        steps=[
            (
                _when(row.event.at),
                row,
                capital(machine.events[row.event.kind].label),
                "; ".join(machine.guards[item.guard].says for item in row.event.overrides if item.on == "clinician"),
            )
            for row in found.steps
        ],
        ahead=[(machine.events[row.event].label, [_guard(*item) for item in row.guards]) for row in found.ahead],
        devices=[(device, capital(codes.label("devices", device.kind or ""))) for device in inside],
        log=[row for row in log if row.key in keys or (trial is not None and row.key == trial.id)],
        lost=lost,
        lead=_lead(found),
        work_up=[row for row in packaged_lifecycle().statements if row.topic in ("work-up", "device")] if lost else [],
        repeated=holds,
    )


def _when(at: When | None) -> str:
    """A moment in words: with its hour where that is known, and from when to when where the day is not."""
    if at is None:
        return ""
    if at.at is not None:
        return moment(at.at)
    return day(at.first) if at.exact else f"{day(at.first)} to {day(at.last)}"


def _lead(found: WayReview) -> str:
    """Where the lead lies as it was recorded last; a level that nobody wrote down is not recorded."""
    placed = [row for row in found.way.procedures if row.therapy in FAMILY]
    last = max(placed, key=lambda row: row.start.first if row.start is not None else date.min, default=None)
    if last is None:
        return ""
    levels = ", ".join(str(level) for level in (*(last.vertebrae or ()), *(last.roots or ()), *(last.nerves or ())))
    where = [capital(codes.title(last.region)) if last.region else "", levels or "level not recorded", last.side or ""]
    return ", ".join(part for part in where if part)


def _guard(guard: Any, said: Any) -> tuple[str, str, str, tuple[str, ...]]:
    return guard.says, said.status, said.why, said.missing


def _clause(item: Any) -> tuple[str, str, str, str]:
    missing = "; ".join(dict.fromkeys(one.what for one in item.missing))
    return (
        item.status,
        f"{criterion_name(item)}: {wording(item.criterion).sentence}",
        found_in(item.outcome) or "",
        missing,
    )


def _disagree(found: WayReview) -> str:
    """Who calls the trial passed and who does not, where they differ: never averaged."""
    passed = [row.title for row in found.asked.answers if row.word == "passed"]
    failed = [row.title for row in found.asked.answers if row.word == "failed"]
    if not passed or not failed:
        return ""
    return f"Passed under {'; '.join(passed)}. Not passed under {'; '.join(failed)}."


def _diary(found: WayReview, today_: date) -> tuple[list[tuple[str, str]], list[date]]:
    """The diary of the latest trial, and the days of it on which nothing was written."""
    trial = found.way.trial
    if trial is None or trial.trial is None:
        return [], []
    rows = [(_when(row.at), str(row.value)) for row in sorted(trial.trial.diary, key=lambda row: row.at.first)]
    if trial.start is None:
        return rows, []
    last = min(trial.end.last if trial.end is not None else today_, today_)
    held = {row.at.first for row in trial.trial.diary}
    days = range(trial.start.first.toordinal() + 1, last.toordinal())
    return rows, [one for one in map(date.fromordinal, days) if one not in held]


def _baseline(found: WayReview, record: Any) -> str:
    """The last score of the pain before the trial."""
    trial, pain = found.way.trial, found.way.pain
    if trial is None or trial.start is None or pain is None:
        return ""
    before = [
        row
        for row in record.facts
        if isinstance(row, Score)
        and row.pain == pain.id
        and row.date is not None
        and row.date.last <= trial.start.first
    ]
    last = max(before, key=lambda row: row.date.last if row.date is not None else date.min, default=None)
    return f"{last.value} ({codes.title(last.instrument or '')}, {_when(last.date)})" if last is not None else ""


class Stepping(forms.Form):
    """What happened, or what was decided."""

    kind = forms.ChoiceField(label="What happened, or what was decided?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason, in words", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed for a decision, and for whatever is passed by.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, found: WayReview, data: Any = None) -> None:
        super().__init__(data, initial={"seen": len(found.steps)})
        rows = [(id, capital(label)) for id, label in ways.possible(found)]
        self.fields["kind"].choices = rows  # type: ignore[attr-defined]  # a choice has some
        self.fields["day"] = Day(label="On which day?", initial=today(clinic().zone))
        self.order_fields(("kind", "day", "reason"))

    def clean_day(self) -> date:
        typed: date = self.cleaned_data["day"]
        if typed > today(clinic().zone):
            raise forms.ValidationError("This day is still to come: write down what has happened.")
        return typed


@opens_patient(to=CLINICAL, verb="devices.form")
def way_step(request: StaffRequest, patient: Patient, way: str) -> HttpResponseBase:
    """A step of a way. What is missing is said in words; what may be passed by is passed by name and with a reason."""
    found = next((row for row in ways.review(patient).ways if slug_of(row) == way), None)
    if found is None:
        raise Http404("This record has no such stimulator.")
    form = Stepping(found, request.POST if request.method == "POST" else None)
    refused: Refused | None = None
    if request.method == "POST" and not form.is_valid():
        # Done already, a step does not follow any more and is not among the choices: that it is there is the answer.
        asked = ways.Asked(kind=request.POST.get("kind", ""), day=form.cleaned_data.get("day"))
        if (entry := ways.written(patient, found, asked)) is not None:
            return _already(request, patient, entry)
    if request.method == "POST" and request.POST.get("seen") != str(len(found.steps)):
        return _stale(request, patient)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = ways.Asked(
            kind=said["kind"], day=said["day"], reason=said["reason"].strip(), overrides=_overrides(request)
        )
        try:
            led = ways.take(request.user, patient, ways.key_of(found), asked, said["seen"])
        except ways.Stale:
            return _stale(request, patient)
        except ways.Already as already:
            return _already(request, patient, already.entry)
        if not isinstance(led, Refused):
            label = packaged_machine().states[led.state].label
            messages.success(request, f"Recorded. It now stands at: {label}.")
            return redirect("patient_devices", patient=patient.handle)
        refused = led
    return _page(request, patient, found, form, refused)


def _already(request: StaffRequest, patient: Patient, entry: Entry) -> HttpResponseBase:
    says = format_html("This is in the record already: {}. Nothing was written a second time.", says_so(entry))
    messages.error(request, says)
    return redirect("patient_devices", patient=patient.handle)


def _stale(request: StaffRequest, patient: Patient) -> HttpResponseBase:
    messages.error(request, "Somebody took a step in between; nothing was saved. Look at it again first.")
    return redirect("patient_devices", patient=patient.handle)


def _overrides(request: StaffRequest) -> tuple[tuple[str, str, str], ...]:
    """The guards that a physician passes by, each with its reason; nobody else passes any by."""
    if request.user.role not in PHYSICIANS:
        return ()
    guards = packaged_machine().guards
    rows = ((id, request.POST.get(f"pass-{id}", "").strip()[:400]) for id in guards)
    return tuple((id, why, request.POST.get(f"policy-{id}", "").strip()[:80]) for id, why in rows if why)


def _page(
    request: StaffRequest, patient: Patient, found: WayReview, form: Stepping, refused: Refused | None
) -> HttpResponse:
    machine = packaged_machine()
    physician = request.user.role in PHYSICIANS
    held = []
    for id, said in refused.guards if refused is not None else ():
        guard = machine.guards[id]
        may = physician and guard.override != "never"
        policies = sorted({(row.policy, row.title) for question in (found.asked.trial, found.asked.implant)
                           if question is not None for row in question.policies}) if may else []  # fmt: skip
        held.append(
            (guard, said, may, policies if guard.override == "policy" else [], request.POST.get(f"pass-{id}", ""))
        )
    shown = {
        "patient": patient, "tab": "patient_devices", "found": found, "name": name_of(found), "form": form,
        "state": capital(found.label), "refused": refused, "held": held, "physician": physician, "now": now(),
    }  # fmt: skip
    return render(request, "devices/step.html", shown, status=400 if form.errors else 200)


@opens_patient(to=CLINICAL, verb="devices.form")
def trial_diary(request: StaffRequest, patient: Patient, way: str) -> HttpResponseBase:
    """How was it during the trial? Pain and function as they are told, beside the trial that they belong to."""
    record = reading_of(patient).record
    found = next((row for row in ways.review(patient, record).ways if slug_of(row) == way), None)
    entry = diaries.entry_of(patient, found) if found is not None else None
    if found is None or entry is None:
        raise Http404("This record has no such trial.")
    typed = request.POST if request.method == "POST" else {}
    told = diaries.read(patient, found, record, entry.fields, typed)
    if request.method == "POST" and not told.count and not told.problems:
        told.problems["pain.0"] = "Nothing new was typed."
    if request.method == "POST" and not told.problems:
        try:
            diaries.write(request.user, patient, entry.key, told, number(request.POST.get("seen")))
        except Stale:
            messages.error(request, "Somebody changed this trial while you wrote; nothing was saved. Look again first.")
        else:
            messages.success(request, f"Saved: {told.count} answer{'s' if told.count != 1 else ''}.")
        return redirect("patient_devices", patient=patient.handle)
    shown = {
        "patient": patient, "tab": "patient_devices", "name": name_of(found), "seen": entry.version,
        "state": trial_words(found, today(clinic().zone)) if found.standing.state == "trial-active"
        else capital(found.label),
        "problems": told.problems, "sheet": diaries.sheet(patient, found, record, entry.fields, typed),
    }  # fmt: skip
    return render(request, "devices/diary.html", shown, status=400 if told.problems else 200)
