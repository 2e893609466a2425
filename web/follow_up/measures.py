"""Measures at a visit: the instruments asked before, scored by the library as they are entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from msgspec import Struct

from audit.chain import append
from clinic.clock import now
from follow_up import learning
from follow_up.dues import renew
from follow_up.reading import Case
from follow_up.scripts import scale_of
from levamen.derive.periods import moment_of
from levamen.derive.scores import Scored, entered, score, shown
from levamen.knowledge.instruments import instrument, instrument_ids
from levamen.knowledge.instruments.rows import Instrument
from levamen.outcomes.function_change import seen_instruments
from levamen.outcomes.measured import index_pains
from levamen.record import codes
from levamen.text.tree import UnusableInput
from people.models import Staff
from records import actions
from records.models import Entry

ASKED = ("trouble", "medicines", "work")


class Slot(Struct, frozen=True, kw_only=True):
    """One item of a form: its input, what stands in it, between which numbers."""

    name: str
    label: str
    low: str
    high: str
    value: str


class Form(Struct, frozen=True, kw_only=True):
    """One instrument as it is asked. `ours`: its words may be shown. `result` is its score in words."""

    id: str
    title: str
    ours: bool
    rights: str
    slots: tuple[Slot, ...]
    total: Slot
    result: str
    problem: str


class Entered(Struct, kw_only=True):
    """What was sent: per instrument its answers or total; pain; what was asked beside. `problems` by field."""

    scored: dict[str, Scored]
    answers: dict[str, list[Decimal | None]]
    pain: Decimal | None
    day: date
    asked: dict[str, str]
    problems: dict[str, str]


def wanted(case: Case) -> list[Instrument]:
    """The instruments to ask: those asked before the procedure, and the global impression of change."""
    moment = moment_of(case.record, case.as_of, case.as_of.date())
    names = [id for id in seen_instruments(case.record, case.procedure, moment) if id in instrument_ids()]
    return [instrument(id) for id in dict.fromkeys([*names, "pgic"])]


def read(case: Case, data: Mapping[str, str]) -> Entered:
    """What was typed so far. A blank is not answered, and never 0."""
    found = Entered(scored={}, answers={}, pain=None, day=case.as_of.date(), asked={}, problems={})
    _day(found, data.get("day", ""), case)
    for of in wanted(case):
        try:
            _instrument(found, of, data, case.record.person.sex)
        except UnusableInput as error:
            found.problems[of.id] = f"{codes.title(of.id)}: {_plain(str(error))}"
    if data.get("pain", "").strip():
        scale, value = scale_of(case.record, case.procedure), _number(data["pain"])
        if value is None or not 0 <= value <= scale.most:
            found.problems["pain"] = f"Write a number from 0 to {scale.most}."
        else:
            found.pain = value
    for name in ASKED:
        if data.get(name) in ("yes", "no"):
            found.asked[name] = data[name]
    return found


def _day(found: Entered, text: str, case: Case) -> None:
    if not text:
        return
    try:
        day = date.fromisoformat(text[:12])
    except ValueError:
        found.problems["day"] = "Write the day on which it was measured."
        return
    start = case.procedure.start
    if day > case.as_of.date() or (start is not None and day < start.first):
        found.problems["day"] = "The day lies between the procedure and today."
    else:
        found.day = day


def _instrument(found: Entered, of: Instrument, data: Mapping[str, str], sex: str | None) -> None:
    answers: dict[str, Decimal | None] = {}
    for item in of.items:
        text = data.get(f"{of.id}.{item.name}", "").strip()
        if text and (value := _number(text)) is None:
            raise UnusableInput(f"write a number from {item.low} to {item.high} for each item")
        answers[item.name] = _number(text) if text else None
    total = data.get(f"{of.id}.total", "").strip()
    given = [value for value in answers.values() if value is not None]
    if total and given:
        raise UnusableInput("give the answers, or the total alone")
    if total:
        value = _number(total)
        if value is None:
            raise UnusableInput(f"write a number from {of.low} to {of.high}")
        found.scored[of.id] = entered(of, value)
    elif given:
        found.scored[of.id] = score(of, answers, sex)
        found.answers[of.id] = list(answers.values())


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip()) if len(text) < 8 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _plain(says: str) -> str:
    return says.rstrip(".") + "."


def words(found: Scored) -> str:
    """The score in words as it is entered: the number and its band, or what is missing."""
    of = found.instrument
    if found.value is None:
        return f"{found.n_answered} of {found.n_items} answered; {found.reason}"
    band = f", {found.bands[0].label}" if found.bands else ""
    doubt = f"; {found.n_answered} of {found.n_items} answered" if found.n_items and found.prorated else ""
    return f"{shown(found.value)} of {of.low} to {of.high}{band}{doubt}"


def forms(case: Case, data: Mapping[str, str], entered_: Entered) -> list[Form]:
    """The forms of the page with what stands in them."""
    found = []
    for of in wanted(case):
        slots = tuple(
            Slot(
                name=f"{of.id}.{item.name}", label=item.text or (item.topic or "").capitalize() or f"Item {number}",
                low=f"{item.low:f}", high=f"{item.high:f}", value=data.get(f"{of.id}.{item.name}", ""),
            )
            for number, item in enumerate(of.items, start=1)
        )  # fmt: skip
        total = Slot(
            name=f"{of.id}.total", label="Total alone", low=f"{of.low:f}", high=f"{of.high:f}",
            value=data.get(f"{of.id}.total", ""),
        )  # fmt: skip
        result = entered_.scored.get(of.id)
        found.append(
            Form(
                id=of.id, title=of.title, ours=of.licence.ship == "generic", rights=of.licence.holder, slots=slots,
                total=total, result=words(result) if result is not None else "",
                problem=entered_.problems.get(of.id, ""),
            )
        )  # fmt: skip
    return found


@transaction.atomic
def save(staff: Staff, case: Case, found: Entered) -> int:
    """Writes what was measured into the chart; what already stands there word for word is not written twice."""
    patient, made = case.patient, 0
    pains = index_pains(case.record, case.procedure, moment_of(case.record, case.as_of, found.day))
    for id, result in found.scored.items():
        body: dict[str, Any] = {"instrument": id, "date": found.day.isoformat(), "author": str(staff)}
        if len(pains) == 1:
            body["pain"] = pains[0].id
        if id in found.answers:
            body["answers"] = found.answers[id]
        elif result.value is not None:
            body["value"] = Decimal(result.value.numerator) / Decimal(result.value.denominator)
        made += _once(staff, case, "scores", body)
    if found.pain is not None:
        made += _pain(staff, case, found)
    if found.asked.get("medicines") == "yes":
        made += _once(staff, case, "completeness", _stated(staff, kind="medications", reviewed=found.day.isoformat()))
    if found.asked.get("trouble") == "no" and case.procedure.start is not None:
        first = case.procedure.start.first.isoformat()
        body = _stated(
            staff, kind="events", to=found.day.isoformat(), note="Asked at a follow-up visit: nothing since."
        )
        made += _once(staff, case, "completeness", body | {"from": first})
    if found.asked.get("work") == "yes":
        body = _stated(
            staff, kind="return-to-work", procedure=case.key, date=found.day.isoformat(), ascertainment="asked"
        )
        made += _once(staff, case, "events", body)
    if made:
        append(staff, verb="measures.written", patient=patient, about=f"procedures {case.key}", entries=made)
        renew(patient)
    return made


def _stated(staff: Staff, **fields: str) -> dict[str, Any]:
    return {**fields, "author": str(staff)}


def _pain(staff: Staff, case: Case, found: Entered) -> int:
    scale = scale_of(case.record, case.procedure)
    if found.pain is None:
        return 0
    if scale.before is None:
        body = {"instrument": scale.id, "value": found.pain, "date": found.day.isoformat(), "author": str(staff)}
        return _once(staff, case, "scores", body)
    row: dict[str, Any] = {"scale": scale.id, "before": scale.before, "after": found.pain}
    row |= {"at": found.day.isoformat(), "author": str(staff)}
    entry = Entry.objects.get(patient=case.patient, section="procedures", key=case.key)
    if any(learning.says_same(held, row) for held in entry.fields.get("relief", [])):
        return 0
    row["recorded"] = now().isoformat()
    learning.add_relief(staff, case.patient, case.key, [row], reason="measured at a follow-up visit")
    return 1


def _once(staff: Staff, case: Case, section: str, body: dict[str, Any]) -> int:
    if learning.standing(case.patient, section, body) is not None:
        return 0
    actions.add(staff, case.patient, section, body)
    return 1
