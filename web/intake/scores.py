"""A measure scored as it is entered: each answer shows the score, its band, what is still missing, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from msgspec import Struct

from administration.models import clinic
from clinic.clock import now, today
from intake.reviewed import may_answer
from levamen.adapters.chart_entries import read_entry
from levamen.derive.scores import Scored, entered, scorable, score, shown
from levamen.emit.words import capital
from levamen.knowledge.edition import per_edition
from levamen.knowledge.instruments import instrument_ids
from levamen.knowledge.instruments.rows import Instrument, Item
from levamen.knowledge.registry import packaged
from levamen.pathway.flag_answers import FlagAnswer
from levamen.pathway.flag_scores import task_of
from levamen.record import codes
from levamen.text.tree import UnusableInput
from people.access import StaffRequest, opens_patient
from people.models import Staff
from people.roles import CARE, PHYSICIANS
from records.actions import add
from records.models import Entry, Patient
from records.words import entry_words
from team.actions import give
from team.models import Task

_ROWED = 11
"""Up to so many answers stand beside each other; more are typed."""


class Slot(Struct, frozen=True, kw_only=True):
    """One item of a form. Its words are shown only where the licence allows; else the slot is empty."""

    name: str
    title: str
    choices: tuple[str, ...]
    low: str
    high: str
    said: str


class Shown(Struct, frozen=True, kw_only=True):
    """The score so far. `says` is the first sentence."""

    says: str
    scale: str
    bands: tuple[tuple[str, str, bool], ...]
    missing: tuple[str, ...]
    readers: tuple[str, ...]
    today: str
    error: str = ""


@opens_patient(to=CARE, verb="measure.form")
def measure(request: StaffRequest, patient: Patient, instrument: str) -> HttpResponseBase:
    """The form of a measure. Every answer that is sent gives the score so far; saving writes it into the record."""
    if instrument not in instrument_ids():
        raise Http404("This version scores no such measure.")
    of = scorable(instrument)
    said = {item.name: request.POST.get(f"i.{item.name}", "").strip() for item in of.items}
    total = request.POST.get("total", "").strip()
    found, error = _scored(of, said, total, patient.sex)
    if request.method == "POST" and "save" in request.POST and not error:
        if not may_answer(request.user):
            raise PermissionDenied("Measures are entered by physicians, nurses and coordinators.")
        if found is None or not (total or found.n_answered):
            error = "Nothing is answered yet: answer one item at least."
        else:
            problem = _save(request.user, patient, of, found, total, request.POST.get("pain", ""))
            if problem is None:
                messages.success(request, f"Saved: {capital(of.title)}. {_shown(of, found, '').says}")
                return redirect("intake", patient=patient.handle)
            error = problem
    shown_ = _shown(of, found, error)
    if request.headers.get("HX-Request"):
        return render(request, "intake/scored.html", {"score": shown_, "patient": patient})
    pains = Entry.objects.filter(patient=patient, section="pain", struck=False)
    context = {
        "patient": patient, "tab": "intake", "of": of, "title": capital(of.title), "slots": _slots(of, said),
        "score": shown_, "total": total, "pains": [(row.key, entry_words(row)) for row in pains],
        "pain": request.POST.get("pain", ""), "about": _about(of), "may_answer": may_answer(request.user),
        "worded": any(item.text for item in of.items), "notice": of.licence.notice,
        "recall": "" if of.recall == "no source found" else of.recall,
    }  # fmt: skip
    return render(request, "intake/measure.html", context, status=400 if error else 200)


def _about(of: Instrument) -> str:
    return str(codes.entry("instruments", of.id).get("about", ""))


def _slots(of: Instrument, said: dict[str, str]) -> list[Slot]:
    return [_slot(item, number, said[item.name]) for number, item in enumerate(of.items, start=1)]


def _slot(item: Item, number: int, said: str) -> Slot:
    few = item.whole and item.high - item.low < _ROWED
    words = item.text or (f"Item {number}: {item.topic.replace('-', ' ')}" if item.topic else f"Item {number}")
    values = tuple(str(value) for value in range(int(item.low), int(item.high) + 1)) if few else ()
    return Slot(name=item.name, title=words, choices=values, low=str(item.low), high=str(item.high), said=said)


def _scored(of: Instrument, said: dict[str, str], total: str, sex: str) -> tuple[Scored | None, str]:
    """The score so far, or what is wrong with an answer."""
    try:
        if total:
            return entered(of, _number(total)), ""
        if not of.items:
            return None, ""
        return score(of, {name: _number(text) if text else None for name, text in said.items()}, sex or None), ""
    except UnusableInput as error:
        return None, f"{capital(str(error)).rstrip('.')}."


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text) if len(text) <= 12 else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise UnusableInput(f"'{text[:24]}' is no number; leave the item empty where nothing was answered")
    return number


def _shown(of: Instrument, found: Scored | None, error: str) -> Shown:
    direction = codes.entry("instruments", of.id).get("direction", of.direction)
    scale = f"{of.low} to {of.high}, {str(direction).replace('-', ' is ', 1)}"
    if found is None:
        return Shown(
            says="No score yet.", scale=scale, bands=(), missing=(), readers=readers(of.id), today="", error=error
        )
    if found.value is None:
        says = f"No score: {found.reason}." if found.n_answered or found.codes else "No score yet."
    else:
        range_ = ""
        if found.prorated and found.low is not None and found.high is not None:
            range_ = f"; with every item answered it lies between {shown(found.low)} and {shown(found.high)}"
        says = f"Score {shown(found.value)}{range_}."
    task = task_of(found)
    return Shown(
        says=says,
        scale=scale,
        bands=tuple((band.id, band.label, band.certain) for band in found.bands),
        missing=tuple(_named(of, name) for name in found.missing) if found.n_answered else (),
        readers=readers(of.id),
        today=_today_says(task) if task is not None else "",
        error=error,
    )


def _today_says(task: FlagAnswer) -> str:
    """What is done today: where an answer fires it, its act; where the total leaves it open, what to ask."""
    said = [row.act.says for row in task.acts] if task.status == "fires" else [said.says for said in task.flag.asks]
    return f"{capital(task.flag.title)}: {' '.join(said[:1])}".rstrip(": ")


def _named(of: Instrument, name: str) -> str:
    names = [item.name for item in of.items]
    return f"item {names.index(name) + 1}"


@transaction.atomic
def _save(staff: Staff, patient: Patient, of: Instrument, found: Scored, total: str, pain: str) -> str | None:
    """Writes the score; a problem in words where it cannot be. The same answers at the same minute are one score."""
    body: dict[str, Any] = {"instrument": of.id, "date": now().astimezone(clinic().zone).isoformat()}
    if total:
        body["value"] = total
    elif len(of.items) == 1:
        body["value"] = str(next(iter(found.answers.values())))
    else:
        body["answers"] = [None if answer is None else _plain(answer) for answer in found.answers.values()]
    if pain:
        body["pain"] = pain
    reading = read_entry("scores", body, patient.zone)
    if reading.problems:
        return f"{capital(reading.problems[0].says).rstrip('.')}."
    Patient.objects.select_for_update().get(pk=patient.pk)
    last = Entry.objects.filter(patient=patient, section="scores", therapy=of.id, struck=False).order_by("-pk").first()
    if last is not None and _same(last.fields, reading.body):
        return None
    made = add(staff, patient, "scores", reading.body)
    task = task_of(found)
    if task is not None:
        _see_today(staff, patient, made.key, _today_says(task))
    return None


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("instrument", "value", "answers", "pain")
    return (
        all(one.get(name) == other.get(name) for name in names)
        and str(one.get("date"))[:16] == str(other.get("date"))[:16]
    )


def _see_today(staff: Staff, patient: Patient, key: str, says: str) -> None:
    """An answer that somebody must speak with the patient about today becomes a named person's task."""
    team = [member.staff for member in patient.team.select_related("staff").order_by("pk")]
    owner = next((one for one in team if one.role in PHYSICIANS), staff)
    here = clinic()
    end = max(now(), datetime.combine(today(here.zone), time(17), here.zone))
    give(
        staff, patient, Task.Kind.FLAG, f"Today: {says}", about=key, origin=f"measure {patient.pk} {key}", owner=owner,
        due=end,
    )  # fmt: skip


def _plain(answer: Decimal) -> int | str:
    return int(answer) if answer == answer.to_integral_value() else str(answer)


def readers(id: str) -> tuple[str, ...]:
    """The policies that read a measure, by title: what rests on it."""
    return _readers().get(id, ())


@per_edition
def _readers() -> dict[str, tuple[str, ...]]:
    ids = set(instrument_ids())
    found: dict[str, list[str]] = {}
    for policy in packaged().policies.values():
        for id in sorted(set(_words(policy)) & ids):
            found.setdefault(id, []).append(policy.title)
    return {id: tuple(sorted(titles)) for id, titles in found.items()}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _words(getattr(value, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _words(key)
            yield from _words(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield value
