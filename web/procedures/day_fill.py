"""What the plan and the record say to each item of the time-out. What neither says is said to be missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from administration.models import clinic
from levamen.derive.periods import shown
from levamen.emit.pictures.spine_parts import Piece
from levamen.emit.plan.words import day_words, drug_name
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.steroids import packaged_steroids
from levamen.pathway.ledger import PlannedLedger, planned
from levamen.pathway.periprocedural.answers import Plan
from levamen.record import codes
from levamen.record.facts import Agent, Allergy, Device, Finding, Problem, Record, Request
from procedures.agents import agent_words
from procedures.consents import consent_of, names_place, signed_for
from procedures.models import Booking, DayAnswer
from procedures.sides import target_pieces, therapy_words

_IMAGING = frozenset({"mri", "ct", "xray", "x-ray", "ultrasound", "myelography", "bone-scan", "mr-neurography"})


class Told(Struct, frozen=True):
    """What the fillers read."""

    booking: Booking
    request: Request
    record: Record
    plan: Plan
    rows: Sequence[DayAnswer]


def fill(
    wanted: Iterable[str], booking: Booking, request: Request, record: Record, plan: Plan, rows: Sequence[DayAnswer]
) -> tuple[Piece, ...]:
    """The pieces of every source that an item is filled from, a full stop between them."""
    told = Told(booking, request, record, plan, rows)
    found: list[Piece] = []
    names = list(wanted)
    if {"side", "levels"} <= set(names):
        names.remove("side")
    for name in names:
        pieces = _FILL[name](told)
        if pieces and found:
            found.append(Piece(". "))
        found += pieces
    return tuple(found)


def _text(text: str) -> tuple[Piece, ...]:
    return (Piece(text),) if text else ()


def _person(told: Told) -> tuple[Piece, ...]:
    patient = told.booking.patient
    born = told.record.person.birth_date
    return _text(f"{patient.given} {patient.family}, born {day_words(born.first) if born is not None else 'not known'}")


def _side(told: Told) -> tuple[Piece, ...]:
    return target_pieces(told.request)


def _consent(told: Told) -> tuple[Piece, ...]:
    held = consent_of(told.record, told.request)
    if held is None:
        return _text("No consent for this request is on file")
    signed = f"Consent signed {day_words(held.date.first)}" if held.date is not None else "Consent on file, no date"
    if not names_place(held):
        return _text(f"{signed}; side and level are not written here: read them on the paper")
    return _text(f"{signed} for {signed_for(held)}")


def _imaging(told: Told) -> tuple[Piece, ...]:
    rows = [row for row in _of(told.record, Finding) if row.method in _IMAGING and row.date is not None]
    if not rows:
        return _text("No imaging is recorded")
    last = max(row.date.last for row in rows if row.date is not None)
    words = [f"{'' if row.present is not False else 'no '}{codes.title(row.concept or '')}"
             for row in rows if row.date is not None and row.date.last == last]  # fmt: skip
    method = next(row.method for row in rows if row.date is not None and row.date.last == last)
    return _text(f"{(method or '').upper()} {day_words(last)}: {', '.join(words)}")


def _equipment(told: Told) -> tuple[Piece, ...]:
    request = told.request
    parts = [request.technique, request.electrode, request.waveform, request.component, request.guidance]
    return _text(capital(", ".join(part.replace("-", " ") for part in parts if part)) or "The plan names none")


def _history(told: Told) -> tuple[Piece, ...]:
    known = codes.ids("conditions")
    names = [
        codes.title(row.concept)
        for row in _of(told.record, Problem)
        if row.concept in known and row.status not in ("resolved", "remission")
    ]
    return _text(capital(", ".join(dict.fromkeys(names)))) or _text(_list_words(told, "problems", "No condition"))


def _antithrombotics(told: Told) -> tuple[Piece, ...]:
    rows = []
    for drug in told.plan.active.drugs:
        last = f", last dose {_at(drug.last_dose)}" if drug.last_dose is not None and drug.stop_at is not None else ""
        word = drug.decision.replace("_", " ")
        stop = f", planned: no dose after {_at(drug.stop_at)}" if drug.stop_at is not None else f", {word}"
        rows.append(f"{capital(drug_name(drug.drug))}{stop}{last}")
    said = _said(told, "last-dose")
    return _text("; ".join(rows) + (f". Said today: {said}" if said else "")) or _text(
        _list_words(told, "medications", "No blood thinner on the list")
    )


def _allergies(told: Told) -> tuple[Piece, ...]:
    rows = [
        codes.title(row.substance or "unknown") + (f": {row.reaction}" if row.reaction else "")
        for row in _of(told.record, Allergy)
    ]
    asked = [
        f"{codes.label('questions', row.kind or '')}: {row.answer}"
        for row in told.record.completeness
        if row.kind in ("contrast-allergy", "latex-allergy", "drug-allergy") and row.asked is not None
    ]
    return _text("; ".join([*map(capital, rows), *map(capital, asked)])) or _text(
        _list_words(told, "allergies", "No allergy on the list")
    )


def _answers(*questions: str) -> Callable[[Told], tuple[Piece, ...]]:
    def filled(told: Told) -> tuple[Piece, ...]:
        found = [f"{capital(codes.label('questions', id))}: {said}" for id in questions if (said := _said(told, id))]
        return _text("; ".join(found) or "Not asked today")

    return filled


def _said(told: Told, question: str) -> str:
    """What was answered today, here or already in the record."""
    rows = [row for row in told.rows if row.stage == "ask" and row.item.split(" ")[0] == question]
    if rows:
        return f"{rows[-1].said or rows[-1].answer.replace('-', ' ')}"
    today = told.plan.on
    held = [row for row in told.record.completeness if row.kind == question and row.asked is not None]
    return next((str(row.answer) for row in reversed(held) if row.asked and row.asked.first == today), "")


def _devices(told: Told) -> tuple[Piece, ...]:
    names = [codes.title(row.kind or "device") for row in _of(told.record, Device)]
    return _text(capital(", ".join(names))) or _text(_list_words(told, "devices", "No device"))


def _steroid(told: Told) -> tuple[Piece, ...]:
    agents = [row for row in told.request.agents if _is(row, "corticosteroid")]
    ledger = _ledger(told)
    year = next(
        (row for row in ledger.totals if "12" in row.equivalents.period or "year" in row.equivalents.period), None
    )
    total = f". With it {shown(year.equivalents.value)} mg MPE in {year.equivalents.period}" if year is not None else ""
    if not agents:
        return _text(f"No steroid is named in the plan{total}")
    kinds = {True: "particulate", False: "not particulate", None: "particulate or not: not known"}
    table = packaged_steroids().drugs
    particulate = [kinds[table[row.drug].particulate if row.drug in table else None] for row in agents]
    named = "; ".join(f"{agent_words(row)}, {kind}" for row, kind in zip(agents, particulate, strict=True))
    return _text(f"{named}{total}")


def _local_anesthetic(told: Told) -> tuple[Piece, ...]:
    session = _ledger(told).session
    agents = [agent_words(row) for row in told.request.agents if _is(row, "local-anesthetic")]
    if not agents:
        return _text("No local anesthetic is named in the plan")
    told_of = {"met": "within the most allowed", "exceeded": "more than the most allowed"}
    words = told_of.get(session.status, "the most allowed is not known")
    weight = f" for {session.weight_kg} kg" if session.weight_kg is not None else ": weight not recorded"
    return _text(f"{'; '.join(agents)}; {words}{weight}")


def _ledger(told: Told) -> PlannedLedger:
    at = datetime.fromisoformat(told.plan.moment)
    return planned(told.record, at, told.request, told.plan.on)


def _is(agent: Agent, word: str) -> bool:
    held = agent.classes | (codes.classes_of(agent.drug) if agent.drug in codes.ids("drugs") else frozenset())
    return word in held


def _syringes(told: Told) -> tuple[Piece, ...]:
    return _text("; ".join(agent_words(row) for row in told.request.agents) or "The plan names no drug")


def _sedation(told: Told) -> tuple[Piece, ...]:
    said = told.request.sedation
    return _text(f"Planned: {said.replace('-', ' ')}" if said else "Not planned")


def _restart(told: Told) -> tuple[Piece, ...]:
    rows = [
        f"{capital(drug_name(drug.drug))}: first dose {_at(drug.first_dose or drug.restart_from)}"
        for drug in told.plan.active.drugs
        if drug.first_dose is not None or drug.restart_from is not None
    ]
    return _text("; ".join(rows) or "No drug is held by the plan")


def _observation(told: Told) -> tuple[Piece, ...]:
    observe = told.plan.after.observe if told.plan.after is not None else None
    if observe is None:
        return _text("No source gives a time")
    minutes = observe.row.most_minutes or observe.row.least_minutes
    return _text(f"{minutes} minutes. {capital('; '.join(observe.row.checks))}")


def _list_words(told: Told, section: str, none: str) -> str:
    """An empty list is nothing only where somebody went through it."""
    days = [row.reviewed.last for row in told.record.completeness if row.kind == section and row.reviewed is not None]
    return f"{none}, list reviewed {day_words(max(days))}" if days else "Not known: nobody went through the list"


def _at(moment: datetime | None) -> str:
    if moment is None:
        return "not known"
    local = moment.astimezone(clinic().zone)
    return dates_in_words(f"{day_words(local.date())}, {local:%H:%M}")


def _of(record: Record, kind: Any) -> list[Any]:
    return [row for row in record.facts if type(row) is kind]


_FILL: dict[str, Callable[[Told], tuple[Piece, ...]]] = {
    "person": _person,
    "procedure": lambda told: _text(therapy_words(told.request)),
    "side": _side,
    "levels": _side,
    "position": lambda told: _text("The plan names no position: say it"),
    "consent": _consent,
    "imaging": _imaging,
    "equipment": _equipment,
    "history": _history,
    "antithrombotics": _antithrombotics,
    "allergies": _allergies,
    "pregnancy": _answers("pregnancy"),
    "glucose": _answers("glucose-today"),
    "infection": _answers("infection", "fever", "antibiotics"),
    "devices": _devices,
    "steroid": _steroid,
    "local-anesthetic": _local_anesthetic,
    "lots": lambda told: _text("Written down with the record"),
    "syringes": _syringes,
    "antibiotics": lambda told: _text("The plan names none: say given with the time, or not needed"),
    "sedation": _sedation,
    "driver": _answers("driver"),
    "site-mark": lambda told: (),
    "events": lambda told: _text("Say them, or that there were none"),
    "restart": _restart,
    "observation": _observation,
    "none": lambda told: (),
}
