"""What the page of a call sends: read field by field; what is wrong is told at the field."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.http import QueryDict
from msgspec import Struct

from clinic.clock import now
from follow_up.actions import Answered, Told
from follow_up.learning import Happening
from follow_up.scripts import WORDS, Script
from levamen.emit.words import capital
from levamen.record import codes


class CallForm(Struct, kw_only=True):
    """What was sent. `problems` are told at the id of their question."""

    answers: dict[str, Answered]
    told: Told
    problems: dict[str, str]


def read(script: Script, data: QueryDict, zone: ZoneInfo, *, whole: bool) -> CallForm:
    """What was sent, so far or at the end (`whole`): then every question has its word."""
    problems: dict[str, str] = {}
    answers: dict[str, Answered] = {}
    for one in script.questions:
        word = data.get(f"q.{one.id}", "")
        note = " ".join(data.get(f"n.{one.id}", "").split())[:600]
        if word == "" and not (one.kind == "function" and note):
            if whole:
                problems[one.id] = "Say yes, no or not asked."
            continue
        if one.kind == "scale" and word != "not-asked":
            value = _number(word)
            if value is None or not 0 <= value <= script.scale.most:
                problems[one.id] = f"Write a number from 0 to {script.scale.most}, or say not asked."
                continue
            answers[one.id] = Answered(word="value", value=f"{value:f}")
        elif (word in WORDS and (word != "not-stopped" or one.kind == "restart")) or (
            one.kind == "function" and not word
        ):
            answers[one.id] = Answered(word=word or "yes", note=note)
        else:
            problems[one.id] = "Say yes, no or not asked."
    told = Told()
    if whole:
        told = _told(script, data, answers, zone, problems)
    return CallForm(answers=answers, told=told, problems=problems)


def _told(
    script: Script, data: QueryDict, answers: dict[str, Answered], zone: ZoneInfo, problems: dict[str, str]
) -> Told:
    happening = None
    if _word(answers, "other-events") == "yes":
        kind, severity = data.get("event.kind", ""), data.get("event.severity", "")
        if kind not in codes.ids("events"):
            problems["other-events"] = "Choose what it was; “Other” with a few words where none of them fits."
        elif severity not in ("", *codes.ids("severities")):
            problems["other-events"] = "Choose how bad it was from the list."
        elif kind == "other" and not answers["other-events"].note:
            problems["other-events"] = "Write in a few words what it was."
        else:
            happening = Happening(kind=kind, severity=severity, note=answers["other-events"].note)
    restarted: dict[str, datetime] = {}
    if _word(answers, "restart") == "yes":
        for key, _ in script.drugs:
            first = _moment(data.get(f"restart.{key}", ""), zone)
            if data.get(f"restart.{key}") and (first is None or first > now()):
                problems["restart"] = "Write day and hour of the first dose; it lies before now."
            elif first is not None:
                restarted[key] = first
    next_at = None
    for one in script.questions:
        if one.kind == "next" and one.id == "next-contact" and _word(answers, one.id) == "no":
            next_at = _moment(data.get("next_at", ""), zone)
            if next_at is None or not now() < next_at < now() + timedelta(days=60):
                problems[one.id] = "Write day and hour of the next call: after now, within 60 days."
    return Told(happening=happening, restarted=restarted, next_at=next_at)


def _word(answers: dict[str, Answered], id: str) -> str:
    return answers[id].word if id in answers else ""


def _number(text: str) -> Decimal | None:
    if len(text) > 6:
        return None
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """What a field of day and hour sends, in the patient's zone."""
    if len(text) > 20:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        return None


def event_choices() -> list[tuple[str, str]]:
    """The events of the vocabulary by their titles."""
    return sorted(((id, codes.title(id)) for id in codes.ids("events")), key=lambda row: (row[0] == "other", row[1]))


def severity_choices() -> list[tuple[str, str]]:
    """How bad an event was, in the vocabulary's order."""
    return [(id, capital(codes.label("severities", id))) for id in codes.ids("severities")]
