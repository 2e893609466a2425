"""The diary of a block: what was answered when, by which way, and the curve of it. Nothing is interpolated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec import Struct

from audit.chain import append
from clinic.clock import now
from follow_up.dues import renew
from follow_up.learning import add_relief
from follow_up.reading import Case
from follow_up.scripts import Scale, scale_of
from levamen.criteria.nodes import Limit
from levamen.derive.amounts import drugs_of
from levamen.derive.relief import Contradiction, contradictions, relief_rows
from levamen.emit.pictures.curve import Answer, Diary, Threshold, Window
from levamen.knowledge.response_tables import packaged_blocks, packaged_response
from levamen.pathway.response import ProcedureResponse
from levamen.record import codes
from people.models import Staff
from records.models import Entry

WAYS = (("telephone", "Told by telephone now"), ("paper", "From the paper diary"), ("memory", "From memory, later"))
_LATE = "memory"
_NEEDED = 2
"""So many answers after the needle a diary needs to be read, while more can still be asked for (interface, 2.11)."""


class Hour(Struct, frozen=True, kw_only=True):
    """One time of the diary: what was answered, in which way, or that nothing was."""

    at: datetime
    value: str = ""
    way: str = ""
    movement: str = ""
    conflict: bool = False
    late: bool = False
    future: bool = False


class Sent(Struct, kw_only=True):
    """What was typed: rows to add; problems by the name of the field."""

    rows: list[dict[str, Any]]
    problems: dict[str, str]


def start_of(case: Case) -> datetime | None:
    """The needle: from when hours count; None where only the day is recorded."""
    start = case.procedure.start
    return start.at if start is not None else None


def closes(case: Case) -> datetime | None:
    """Until when an answer still belongs to the diary."""
    start = start_of(case)
    return None if start is None else start + _hours(packaged_blocks().diary.until)


def hours(case: Case) -> list[Hour]:
    """Every time of the diary: those answered, and those of the schedule that were not, in order."""
    zone = ZoneInfo(case.patient.zone)
    answered: dict[datetime, list[Mapping[str, Any]]] = {}
    for row in _entries(case):
        at = _when(row, zone)
        if at is not None:
            answered.setdefault(at, []).append(row)
    open_ = {one.when.at.astimezone(UTC) for one in conflicts(case) if one.when.at is not None}
    found = [_hour(at, rows, at.astimezone(UTC) in open_) for at, rows in answered.items()]
    start = start_of(case)
    if start is not None:
        table = packaged_blocks().diary
        count = int(table.until / table.every)
        for number in range(1, count + 1):
            at = start + _hours(table.every) * number
            if not any(abs(one - at) < timedelta(minutes=30) for one in answered):
                found.append(Hour(at=at, future=at > case.as_of))
    return sorted(found, key=lambda one: one.at)


def _entries(case: Case) -> list[Mapping[str, Any]]:
    entry = Entry.objects.filter(patient=case.patient, section="procedures", key=case.key, struck=False).first()
    return list(entry.fields.get("relief", [])) if entry is not None else []


def _when(row: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    text = str(row.get("at", ""))
    if "T" not in text:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _hour(at: datetime, rows: list[Mapping[str, Any]], conflict: bool) -> Hour:
    values = list(dict.fromkeys(str(row["after"]) for row in rows if row.get("after") is not None))
    if not values:
        values = [f"{row['percent']} % stated" for row in rows if row.get("percent") is not None]
    ways = dict(WAYS)
    moved = {row.get("activity") for row in rows} - {None}
    told = dict.fromkeys(_way(str(row.get("source", "")), ways) for row in rows)
    return Hour(
        at=at, value=" or ".join(values), way="; ".join(told),
        movement="" if len(moved) != 1 else "Done" if moved == {True} else "Not done", conflict=conflict,
        late=any(row.get("source") == _LATE for row in rows),
    )  # fmt: skip


def _way(source: str, ways: Mapping[str, str]) -> str:
    return ways.get(source, source or "Not recorded")


def conflicts(case: Case) -> tuple[Contradiction, ...]:
    """The hours that are answered differently, as the library finds them: what hangs on one is unknown to it too."""
    return contradictions(relief_rows(case.procedure, case.as_of))


def answers_after(found: Iterable[Hour], start: datetime | None) -> int:
    """How many times after the needle have an answer."""
    return sum(bool(one.value) and (start is None or one.at > start) for one in found)


def asked_too_little(case: Case, found: Iterable[Hour]) -> bool:
    """Whether fewer than two answers came and the window is still open: then it is too early to say anything."""
    end = closes(case)
    return end is not None and case.as_of < end and answers_after(found, start_of(case)) < _NEEDED


def picture(case: Case, one: ProcedureResponse, found: Iterable[Hour]) -> Diary | None:
    """The curve; None where the hour of the needle is not recorded, or nothing on a scale was answered."""
    start = start_of(case)
    scale = scale_of(case.record, case.procedure)
    if start is None or scale.before is None:
        return None
    answers = []
    for hour in found:
        if hour.future:
            continue
        values = [value for text in hour.value.split(" or ") if (value := number_of(text)) is not None]
        if values:
            answers += [Answer(at=hour.at, value=value, late=hour.late) for value in values]
        elif not hour.value:
            answers.append(Answer(at=hour.at, value=None))
    return Diary(
        start=start, zone=ZoneInfo(case.patient.zone), before=scale.before, answers=tuple(answers),
        thresholds=thresholds(one), window=_window(case), most=Decimal(scale.most), until=packaged_blocks().diary.until,
    )  # fmt: skip


def thresholds(one: ProcedureResponse) -> tuple[Threshold, ...]:
    """The levels of relief and who asks for each: the policies of this patient, else the general levels."""
    by: dict[Decimal, list[str]] = {}
    for rule in one.rules:
        for limit in rule.limits:
            if isinstance(limit.amount, Decimal) and _is_relief(limit):
                names = by.setdefault(limit.amount, [])
                if rule.title not in names:
                    names.append(rule.title)
    if not by:
        by = {level.percent: ["general level"] for level in packaged_response().levels}
    return tuple(Threshold(percent, _short(names)) for percent, names in sorted(by.items()))


def _is_relief(limit: Limit) -> bool:
    return limit.operator in (">=", ">") and Decimal(0) < Decimal(str(limit.amount)) <= 100


def _short(names: list[str]) -> str:
    said = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return said if len(said) <= 30 else f"{said[:29].rstrip()}…"


def _window(case: Case) -> Window | None:
    drugs = sorted({agent.drug for agent in drugs_of(case.procedure.agents, "local-anesthetic")})
    acting = packaged_blocks().anesthetics.get(drugs[0]) if len(drugs) == 1 else None
    if acting is None:
        return None
    says = f"{codes.title(acting.drug)} expected to act (awaiting confirmation)"
    return Window(Decimal(0), acting.high, says)


def read(case: Case, scale: Scale, data: Mapping[str, str], *, most: int = 12) -> Sent:
    """What was typed: by time a score, whether the painful movement was done, and in which way it was told."""
    zone, sent = ZoneInfo(case.patient.zone), Sent(rows=[], problems={})
    before = scale.before
    if before is None:
        before = number_of(data.get("before", ""))
    way = data.get("way", "")
    if way not in dict(WAYS):
        sent.problems["way"] = "Say in which way it was told."
    for number in range(most):
        text, pain = data.get(f"at.{number}", "").strip(), data.get(f"pain.{number}", "").strip()
        if not pain:
            continue
        at, value = _moment(text, zone), number_of(pain)
        if value is None or not 0 <= value <= scale.most:
            sent.problems[f"pain.{number}"] = f"Write a number from 0 to {scale.most}."
        elif at is None or at > case.as_of or not _after_needle(case, at):
            sent.problems[f"at.{number}"] = "Write day and hour, after the block and before now."
        else:
            row: dict[str, Any] = {"scale": scale.id, "before": before, "after": value, "at": at.isoformat()}
            moved = data.get(f"moved.{number}", "")
            if moved in ("yes", "no"):
                row["activity"] = moved == "yes"
            sent.rows.append(row | {"source": way, "recorded": now().isoformat()})
    if sent.rows and (before is None or not 0 < before <= scale.most):
        sent.problems["before"] = f"Write the pain before the block, over 0 and up to {scale.most}."
    if not sent.rows and not sent.problems:
        sent.problems["pain.0"] = "Nothing was typed yet."
    return sent


def _after_needle(case: Case, at: datetime) -> bool:
    start = case.procedure.start
    if start is None:
        return True
    return at >= start.at if start.at is not None else at.date() >= start.first


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone) if len(text) <= 20 else None
    except ValueError:
        return None


def number_of(text: str) -> Decimal | None:
    """A number as typed; None for anything else."""
    try:
        found = Decimal(text.strip()) if len(text) < 8 else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


@transaction.atomic
def write(staff: Staff, case: Case, rows: list[dict[str, Any]]) -> int:
    """Adds rows to the diary; one that stands there already, of the same time, way and score, is not written twice."""
    held = [_telling(row) for row in _entries(case)]
    fresh = [row | {"author": str(staff)} for row in rows if _telling(row) not in held]
    if fresh:
        add_relief(staff, case.patient, case.key, list(fresh), reason="diary of the block")
        append(staff, verb="diary.written", patient=case.patient, about=f"procedures {case.key}", rows=len(fresh))
        renew(case.patient)
    return len(fresh)


def _telling(row: Mapping[str, Any]) -> tuple[str, str, str]:
    after = row.get("after")
    return (
        str(row.get("at")),
        "" if after is None else f"{Decimal(str(after)).normalize():f}",
        str(row.get("source", "")),
    )


def _hours(amount: Decimal) -> timedelta:
    return timedelta(seconds=int(Fraction(amount) * 3600))
