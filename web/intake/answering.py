"""What a page of the intake form said, written into the chart where each answer belongs. All of it or nothing.

A blank is not asked, and is never written. *Not sure* is written where the chart has a word for it, else it is kept
beside the record (`Unsure`) and the question stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.http import QueryDict
from msgspec import Struct

from administration.models import clinic
from audit.chain import append
from clinic.clock import now, today
from intake import actions
from intake.models import Unsure
from intake.questions import Question, holds_unknown
from levamen.adapters.chart_entries import read_entry
from levamen.knowledge.body_map import body_map
from people.models import Staff
from records.actions import Stale, add, change
from records.models import Entry, Patient

UNSURE = "?"
"""What the box *not sure* sends."""


class Problem(Struct, frozen=True):
    """What is wrong with one answer: the id of its input, and one sentence."""

    at: str
    says: str


class Refused(Exception):
    """Something of a page is wrong; nothing of it was written."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.says for problem in problems))
        self.problems = problems


class _Draft(Struct, kw_only=True):
    """An entry that is being written: of which section, under which key (none: new), what is added to it."""

    section: str
    key: str
    body: dict[str, Any]
    names: dict[str, str]


@transaction.atomic
def save(staff: Staff, patient: Patient, questions: Iterable[Question], data: QueryDict) -> int:
    """Writes the answers of a page; how many there were. Raises Refused, or Stale where somebody changed an entry
    that the page was about."""
    drafts: dict[tuple[str, str], _Draft] = {}
    asked, unsure, count = [], [], 0
    for question in questions:
        said = _said(question, data)
        if said is None:
            continue
        count += 1
        if said == UNSURE and not holds_unknown(question.field):
            unsure.append(question)
            continue
        value = "unknown" if said == UNSURE else said
        if question.field.lands.section == "completeness":
            asked.append((question.field.lands.where["kind"][0], str(value)))
            continue
        _place(question, value, drafts)
    problems = [problem for draft in drafts.values() for problem in _checked(draft, patient)]
    if problems:
        raise Refused(tuple(problems))
    for draft in drafts.values():
        _write(staff, patient, draft, data)
    for kind, answer in asked:
        actions.ask(staff, patient, kind, answer)
    for question in unsure:
        Unsure.objects.create(patient=patient, field=question.field.id, about=question.about, at=now(), by=staff)
        append(staff, verb="question.unsure", patient=patient, about=question.field.id)
    return count


def _said(question: Question, data: QueryDict) -> Any:
    """What was said to one question; None where nothing was."""
    if data.get(f"{question.name}.unsure"):
        return UNSURE
    if question.asked in ("several", "areas"):
        words = [word for word in data.getlist(question.name) if word]
        return words or None
    text = data.get(question.name, "").strip()
    return text or None


def _place(question: Question, value: Any, drafts: dict[tuple[str, str], _Draft]) -> None:
    """Puts an answer where it belongs. Answers of one entry come together."""
    field, place = question.field, question.field.lands
    match place.section:
        case "scores":
            body = {"instrument": place.where["instrument"][0], "value": value, "date": _moment()}
            draft = _draft(drafts, question.name, "scores", "", body)
            if question.about:
                draft.body["pain"] = question.about
            draft.names["value"] = question.name
        case "findings":
            body = {"concept": place.where["concept"][0], "method": "symptom", "date": _today()}
            draft = _draft(drafts, question.name, "findings", "", body)
            _put(draft, place.field, _flag(field.kind, value), question.name)
        case "care" if field.per == "record":
            for word in value:
                draft = _draft(drafts, f"{question.name}.{word}", "care", "", {"therapy": word})
                draft.names["therapy"] = question.name
        case "intake":
            draft = _draft(drafts, "intake", "intake", TODAY, {"date": _today()})
            if place.key is None:
                _put(draft, place.field, value, question.name)
            else:
                draft.body.setdefault(place.field, {})[place.key] = value
                draft.names[place.field] = question.name
        case _:
            section = question.section
            key = "person" if section == "person" else question.about
            draft = _draft(drafts, f"{section}.{key}", section, key, {})
            _put(draft, place.field, _flag(field.kind, value), question.name)


TODAY = "today"
"""The key of a statement that is made today: the one of this day, or a new one."""


def _draft(drafts: dict[tuple[str, str], _Draft], at: str, section: str, key: str, body: Mapping[str, Any]) -> _Draft:
    return drafts.setdefault((section, at), _Draft(section=section, key=key, body=dict(body), names={}))


def _put(draft: _Draft, field: str, value: Any, name: str) -> None:
    draft.body[field] = value
    draft.names[field] = name


def _flag(kind: str, value: Any) -> Any:
    return {"yes": "true", "no": "false"}.get(str(value), value) if kind == "yes-no" else value


def _checked(draft: _Draft, patient: Patient) -> list[Problem]:
    """Reads the draft as the library reads it; the body becomes what is stored."""
    if "areas" in draft.body and not set(draft.body["areas"]) <= set(body_map().areas):
        return [Problem(draft.names["areas"].replace(".", "-"), "Choose places of the body map.")]
    held = _held(patient, draft)
    body = dict(held.fields) if held is not None else {}
    for name, value in draft.body.items():
        old = body.get(name)
        body[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    reading = read_entry(draft.section, body, patient.zone, key=draft.key or "new")
    draft.body = reading.body
    return [
        Problem(draft.names.get(problem.field.partition("[")[0], "").replace(".", "-"), problem.says)
        for problem in reading.problems
    ]


def _held(patient: Patient, draft: _Draft) -> Entry | None:
    rows = Entry.objects.filter(patient=patient, section=draft.section, struck=False)
    if draft.key == TODAY:
        return rows.filter(day=today(clinic().zone)).order_by("-pk").first()
    return rows.filter(key=draft.key).first() if draft.key else None


def _write(staff: Staff, patient: Patient, draft: _Draft, data: QueryDict) -> None:
    held = _held(patient, draft)
    if held is None:
        add(staff, patient, draft.section, draft.body)
        return
    seen = data.get(f"seen.{held.section}.{held.key}", "")
    # A statement of today is added to: nothing that stands there was asked, so nothing of it is replaced.
    version = held.version if draft.key == TODAY or not seen.isdigit() else int(seen)
    if draft.key != TODAY and not seen.isdigit():
        raise Stale(held)
    change(staff, patient, held.section, held.key, draft.body, seen=version)


def _moment() -> str:
    return now().astimezone(clinic().zone).isoformat()


def _today() -> str:
    return today(clinic().zone).isoformat()
