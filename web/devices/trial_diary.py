"""The diary of a trial: pain and function during it, as they are told, written into the trial's own entry.

Every line is a time and a score. A line that is left blank was not asked; nothing is filled in between. Pain before the
trial is asked once where the trial does not say it: without it no policy's per cent can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec import Struct

from audit.chain import append
from clinic.clock import now
from levamen.outcomes.measured import PAIN_SCALES
from levamen.pathway.implant.review import WayReview
from levamen.record import codes
from levamen.record.facts import Record, Score
from people.models import Staff
from records import actions as records
from records.models import Entry, Patient

MOST = 10
"""Pain is told from 0 to this in a diary of a trial."""
_FREE = 2
_ASKED_AT = time(20)
"""The hour that a line for a day without an answer is filled in with: it is changed where another one was meant."""
ANSWERS = (
    ("coverage_adequate", "The stimulation reached the painful area"),
    ("repositioned", "The lead was moved again during the trial"),
    ("activity_test", "An activity that was agreed before could be done"),
    ("satisfied", "The person wants to go on with it"),
)
"""What else a trial shows, as the chart names it, and the words in which it is asked."""


class Line(Struct, frozen=True, kw_only=True):
    """One line that can be typed."""

    number: int
    at: str
    pain: str


class Function(Struct, frozen=True, kw_only=True):
    """A measure of function that was scored before the trial, and what was typed of it now."""

    instrument: str
    title: str
    before: Decimal
    typed: str


class Sheet(Struct, frozen=True, kw_only=True):
    """What the form shows: the lines, the pain before where it is to be asked, function, and the other answers."""

    lines: tuple[Line, ...]
    before: str
    ask_before: bool
    functions: tuple[Function, ...]
    answers: tuple[tuple[str, str, str], ...]


class Told(Struct, kw_only=True):
    """What was typed, as the trial's entry says it; problems by the name of the field."""

    body: dict[str, Any]
    count: int
    problems: dict[str, str]


def entry_of(patient: Patient, found: WayReview) -> Entry | None:
    """The entry of the trial that is running, or was the last."""
    trial = found.way.trial
    rows = Entry.objects.filter(patient=patient, section="procedures", struck=False)
    return rows.filter(key=trial.id).first() if trial is not None else None


def sheet(
    patient: Patient, found: WayReview, record: Record, body: Mapping[str, Any], typed: Mapping[str, str]
) -> Sheet:
    """The form: a line for each day of the trial without an answer, then free ones."""
    present = now().astimezone(ZoneInfo(patient.zone)).replace(tzinfo=None)
    evenings = (datetime.combine(day, _ASKED_AT) for day in _open_days(patient, found, body))
    days = [f"{min(evening, present):%Y-%m-%dT%H:%M}" for evening in evenings]
    said = body.get("trial") or {}
    return Sheet(
        lines=tuple(
            Line(number=place, at=typed.get(f"at.{place}", at), pain=typed.get(f"pain.{place}", ""))
            for place, at in enumerate([*days, *[""] * _FREE])
        ),
        before=typed.get("before", "" if (last := _pain_before(found, record)) is None else f"{last:f}"),
        ask_before=_before(body) is None,
        functions=tuple(
            Function(
                instrument=row.instrument or "", title=codes.title(row.instrument or ""), before=row.value,
                typed=typed.get(f"function.{row.instrument}", ""),
            )
            for row in _functions(found, record) if row.value is not None
        ),
        answers=tuple(
            (name, asks, typed.get(name, "" if said.get(name) is None else "yes" if said[name] else "no"))
            for name, asks in ANSWERS
        ),
    )  # fmt: skip


def _open_days(patient: Patient, found: WayReview, body: Mapping[str, Any]) -> list[date]:
    """The days from the lead in to the lead out, or to today, for which nobody wrote anything."""
    trial = found.way.trial
    if trial is None or trial.start is None:
        return []
    today = now().astimezone(ZoneInfo(patient.zone)).date()
    last = min(trial.end.first, today) if trial.end is not None else today
    held = {str(row.get("at", ""))[:10] for row in (body.get("trial") or {}).get("diary", ())}
    days = (trial.start.first + timedelta(days=count) for count in range((last - trial.start.first).days + 1))
    return [day for day in days if day.isoformat() not in held][-14:]


def _before(body: Mapping[str, Any]) -> Decimal | None:
    """The pain before the trial as the trial itself says it, on a scale of 0 to 10."""
    rows = body.get("relief") or ()
    said = (row for row in rows if row.get("before") is not None and str(row.get("scale", "nrs")).startswith("nrs"))
    return next((number for row in said if (number := _number(str(row["before"]))) is not None), None)


def _pain_before(found: WayReview, record: Record) -> Decimal | None:
    """The last score of pain before the trial, to be confirmed: what is known is filled in."""
    pain = found.way.pain.id if found.way.pain is not None else None
    rows = [row for row in _scores(found, record) if row.pain == pain and row.instrument == "nrs"]
    return rows[-1].value if rows else None


def _functions(found: WayReview, record: Record) -> list[Score]:
    """Of each measure of function the last score before the trial."""
    last = {row.instrument: row for row in _scores(found, record) if row.instrument not in PAIN_SCALES}
    return [row for name, row in sorted(last.items(), key=lambda item: str(item[0])) if name in _FUNCTIONS]


_FUNCTIONS = ("ndi", "odi", "rmdq")
"""Measures of function whose fall is a gain, as the judgement of a trial reads them."""


def _scores(found: WayReview, record: Record) -> list[Score]:
    trial = found.way.trial
    if trial is None or trial.start is None:
        return []
    first = trial.start.first
    rows = [row for row in record.facts if isinstance(row, Score) and row.date is not None and row.value is not None]
    before = [row for row in rows if row.date is not None and row.date.last <= first]
    return sorted(before, key=lambda row: row.date.last if row.date is not None else date.min)


def read(patient: Patient, found: WayReview, record: Record, body: Mapping[str, Any], typed: Mapping[str, str]) -> Told:
    """The trial's entry with what was typed; nothing is written."""
    told, zone = Told(body=dict(body), count=0, problems={}), ZoneInfo(patient.zone)
    trial = dict(body.get("trial") or {})
    diary = list(trial.get("diary") or ())
    stood = len(diary)
    held = {(str(row.get("at")), _plain(row.get("value"))) for row in diary}
    for place in range(len(sheet(patient, found, record, body, {}).lines)):
        pain = typed.get(f"pain.{place}", "").strip()
        if not pain:
            continue
        value, at = _number(pain), _moment(typed.get(f"at.{place}", ""), zone)
        if value is None or not 0 <= value <= MOST:
            told.problems[f"pain.{place}"] = f"Write a number from 0 to {MOST}."
        elif at is None or not _during(found, at):
            told.problems[f"at.{place}"] = "Write day and hour, during the trial and before now."
        elif (at.isoformat(), _plain(value)) not in held:
            diary.append({"at": at.isoformat(), "value": value})
            told.count += 1
    if diary:
        trial["diary"] = sorted(diary, key=lambda row: str(row["at"]))
    for name, _ in ANSWERS:
        said = typed.get(name, "")
        if said in ("yes", "no") and trial.get(name) is not (said == "yes"):
            trial[name] = said == "yes"
            told.count += 1
    _baseline(told, body, typed, needed=len(diary) > stood)
    _function(told, found, record, body, typed, zone)
    if trial:
        told.body["trial"] = trial
    return told


def _baseline(told: Told, body: Mapping[str, Any], typed: Mapping[str, str], *, needed: bool) -> None:
    """The pain before the trial, where the trial does not say it yet."""
    if _before(body) is not None or not (needed or typed.get("before", "").strip()):
        return
    before = _number(typed.get("before", ""))
    if before is None or not 0 < before <= MOST:
        told.problems["before"] = f"Write the pain before the trial, over 0 and up to {MOST}: relief is told from it."
        return
    told.body["relief"] = [*(body.get("relief") or ()), {"scale": "nrs", "before": before}]
    told.count += not needed


def _function(
    told: Told, found: WayReview, record: Record, body: Mapping[str, Any], typed: Mapping[str, str], zone: ZoneInfo
) -> None:
    rows = list(body.get("function") or ())
    for score in _functions(found, record):
        name, said = score.instrument or "", typed.get(f"function.{score.instrument}", "").strip()
        if not said:
            continue
        value = _number(said)
        if value is None or not 0 <= value <= 100:
            told.problems[f"function.{name}"] = "Write the score as a number."
            continue
        at = now().astimezone(zone)
        row = {"instrument": name, "before": score.value, "after": value, "at": at.isoformat(timespec="minutes")}
        same = any(old.get("instrument") == name and _plain(old.get("after")) == _plain(value) for old in rows)
        if not same:
            rows.append(row)
            told.count += 1
    if rows:
        told.body["function"] = rows


def _during(found: WayReview, at: datetime) -> bool:
    trial = found.way.trial
    if trial is None or trial.start is None or at > now():
        return False
    begun = at >= trial.start.at if trial.start.at is not None else at.date() >= trial.start.first
    if trial.end is None:
        return begun
    return begun and (at <= trial.end.at if trial.end.at is not None else at.date() <= trial.end.last)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone) if 0 < len(text) <= 20 else None
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip()) if 0 < len(text) < 8 else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _plain(value: object) -> str:
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


@transaction.atomic
def write(staff: Staff, patient: Patient, key: str, told: Told, seen: int) -> None:
    """Keeps it as a version of the trial's entry. Raises records.actions.Stale where somebody changed it since."""
    records.change(staff, patient, "procedures", key, told.body, seen=seen, reason="diary of the trial")
    append(staff, verb="diary.written", patient=patient, about=f"procedures {key}", rows=told.count)
