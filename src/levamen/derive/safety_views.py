"""Views for guards of a procedure: what is taken that day, what ever happened, what was answered, measured, planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from levamen.criteria.situation import Seen
from levamen.derive.labs import in_vocabulary_unit
from levamen.record import codes
from levamen.record.completeness import Completeness
from levamen.record.facts import Fact, Finding, Lab, Medication, Problem, Request

SAFETY_VIEWS: Mapping[str, type] = {
    "problem-history": Problem,
    "finding-history": Finding,
    "medication-history": Medication,
    "current-medications": Medication,
    "ongoing-medications": Medication,
    "planned-drugs": Medication,
    "readings": Lab,
    "answers": Finding,
}
"""The views of this module, and the class of their facts."""

SAFETY_CLOSING: Mapping[str, str] = {
    "problem-history": "problems",
    "finding-history": "findings",
    "medication-history": "medications",
    "current-medications": "medications",
    "ongoing-medications": "medications",
}
"""The section that closes a view. Nothing closes `readings`: that no glucose was measured says nothing of the glucose.
`answers` and `planned-drugs` hold what is written down; a rule that selects from them says `recorded`."""

_READ_EITHER_WAY: Mapping[str, tuple[str, ...]] = {
    "coronary-stent": ("stent", "placed_for"),
    "venous-thromboembolism": ("with_cancer",),
}
"""Attributes that a rule reads by itself where they are not recorded (vocabulary: an unknown kind of stent is read as
the one with the longer window; whether there is a cancer the problem list says)."""

_CLOT_SCORES = ("cha2ds2_vasc", "chads2")


def safety_views(
    facts: Iterable[Fact], answers: Iterable[Completeness], request: Request, on: date
) -> dict[str, tuple[Seen, ...]]:
    """The views for a request and a service date, of facts and answers that are already limited to what is known."""
    facts = tuple(facts)
    drugs = [_named(fact) for fact in facts if isinstance(fact, Medication)]
    taken = tuple(_taken(drugs, on))
    measured = [in_vocabulary_unit(fact) for fact in facts if isinstance(fact, Lab)]
    return {
        "problem-history": tuple(_problem_history(facts)),
        "finding-history": tuple(Seen(fact) for fact in facts if isinstance(fact, Finding)),
        "medication-history": tuple(Seen(drug) for drug in drugs),
        "current-medications": taken,
        "ongoing-medications": tuple(row for row in taken if row.fact.end is None),
        "planned-drugs": tuple(_planned(request)),
        "labs": tuple(Seen(lab) for lab in measured),
        "readings": tuple(_readings(measured)),
        "answers": tuple(latest_answers(answers, on)),
    }


def _problem_history(facts: Iterable[Fact]) -> Iterable[Seen]:
    """Every problem there was: an event that is over still counts its months. Only refuted and mistaken ones are out.

    `scored_by` of an atrial fibrillation names the scores that are recorded, and the scores are numbers.
    """
    for fact in facts:
        if not isinstance(fact, Problem) or fact.verification in ("refuted", "entered-in-error"):
            continue
        said: dict[str, Any] = dict(fact.attributes)
        for name in _READ_EITHER_WAY.get(fact.concept or "", ()):
            if said.get(name, "unknown") == "unknown":
                said[name] = "not-recorded"
        scores = {name: Decimal(said[name]) for name in _CLOT_SCORES if str(said.get(name, "")).isdecimal()}
        if scores:
            said |= {**scores, "scored_by": frozenset(scores)}
        yield Seen(replace(fact, attributes=said), fact.verification != "provisional")


def _named(medication: Medication) -> Medication:
    """With its own id among its classes: of a known drug without a class it is known which classes it is not in."""
    if medication.drug is None:
        return medication
    return replace(medication, classes=medication.classes | {medication.drug})


def _taken(medications: Iterable[Medication], on: date) -> Iterable[Seen]:
    """Medications that are, or may be, taken on the service date.

    One that ends that day, or begins on a day that is not known exactly, or was stopped on a day that nobody wrote
    down, may be.
    """
    for drug in medications:
        if drug.end is None or drug.end.last >= on:
            begun = drug.start is None or drug.start.last <= on
            goes_on = drug.stopped_because is None if drug.end is None else drug.end.first > on
            yield Seen(drug, begun and goes_on)


def _planned(request: Request) -> Iterable[Seen]:
    """What the request names to be given, its contrast too. What it does not name is not requested."""
    contrast = {"iodinated": "iodinated-contrast", "gadolinium": "gadolinium-contrast"}.get(request.contrast or "")
    for drug in [agent.drug for agent in request.agents] + ([contrast] if contrast is not None else []):
        yield Seen(Medication(id=request.id, drug=drug, classes=codes.classes_of(drug) | {drug}))


def latest_answers(answers: Iterable[Completeness], on: date) -> Iterable[Seen]:
    """The latest answer to each question as a finding: `concept` is the question, `present` a yes.

    "Not applicable" counts as no.
    """
    said = {"yes": True, "no": False, "not-applicable": False}
    given = [(entry, entry.asked) for entry in answers if entry.asked is not None and entry.asked.first <= on]
    for entry, asked in given:
        if not any(other.kind == entry.kind and later.first > asked.last for other, later in given):
            present = said.get(entry.answer or "")
            yield Seen(Finding(id=f"{entry.kind}-asked", concept=entry.kind, date=asked, present=present))


def _readings(labs: Iterable[Lab]) -> Iterable[Seen]:
    """Each result that no later one of the same test and day replaces, by the clock; one without an hour stays."""
    rows = list(labs)
    latest: dict[tuple[str | None, date], datetime] = {}
    for lab in rows:
        if lab.at is not None and lab.at.at is not None:
            key = (lab.test, lab.at.first)
            latest[key] = max(latest.get(key, lab.at.at), lab.at.at)
    for lab in rows:
        if lab.at is None or lab.at.at is None or lab.at.at == latest[lab.test, lab.at.first]:
            yield Seen(lab)
