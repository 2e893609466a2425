"""Small charts for guards, and what each guard says of them."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from levamen.adapters.chart import read_chart
from levamen.criteria.dates import candidates
from levamen.criteria.outcome import Outcome
from levamen.criteria.reference import evaluate
from levamen.criteria.situation import Situation
from levamen.derive.views import situation
from levamen.knowledge.guards import Guard, packaged_guards

DAY = date(2026, 3, 16)
"""The day of the procedure, and of what is known, unless a test says otherwise."""

REVIEWED = ("problems", "medications", "allergies", "devices")


def guard(id: str) -> Guard:
    """The packaged guard of an id."""
    return next(guard for guard in packaged_guards() if guard.id == id)


def seen(
    body: str = "",
    *,
    request: str = "therapy: epidural-steroid-injection",
    on: date = DAY,
    as_of: date | None = None,
    person: str = "birth_date: 1961-05-02, sex: male",
    reviewed: tuple[str, ...] = REVIEWED,
    answers: dict[str, str] | None = None,
    asked: date | None = None,
) -> Situation:
    """The situation of a chart with these sections, whose present state was reviewed and questions answered."""
    known = as_of or on
    lines = [f"  - {{kind: {kind}, reviewed: {known}}}" for kind in reviewed]
    lines += [
        f'  - {{kind: {kind}, asked: {asked or known}, answer: "{answer}"}}' for kind, answer in (answers or {}).items()
    ]
    head = f"chart: 1\nid: t\nzone: Europe/Rome\nrecorded: {known}\nas_of: {known}\nperson: {{{person}}}\n"
    completeness = "completeness:\n" + "\n".join(lines) + "\n" if lines else ""
    chart = f"{head}{completeness}{body}request:\n  - {{id: R-1, {request}}}\n"
    reading = read_chart(chart, "chart")
    assert reading.balance.rejected == 0, reading.balance.issues
    return situation(reading.record, reading.record.requests[0], known, on)


def problem(concept: str, **fields: str) -> str:
    """A problems section with one problem."""
    return "problems:\n" + problem_line(concept, **fields)


def problem_line(concept: str, id: str = "PR-1", **fields: str) -> str:
    rest = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"  - {{id: {id}, concept: {concept}{rest}}}\n"


def medication(drug: str, **fields: str) -> str:
    """A medications section with one drug."""
    rest = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"medications:\n  - {{id: M-1, drug: {drug}{rest}}}\n"


def reading(test: str, value: str, at: date | str = DAY, unit: str | None = None, id: str = "L-1") -> str:
    """One line of a labs section."""
    said = f", unit: '{unit}'" if unit else ""
    return f"  - {{id: {id}, test: {test}, value: {value}{said}, at: {at}}}\n"


def outcome(id: str, situation: Situation) -> Outcome:
    """The hazard of a guard."""
    return evaluate(guard(id).hazard.says, situation)


def status(id: str, situation: Situation) -> str:
    """The status of a guard's hazard; `not asked` where it surely does not apply."""
    applies = guard(id).applies
    if applies is not None and evaluate(applies, situation).status == "not_met":
        return "not asked"
    return outcome(id, situation).status


def fires(id: str, situation: Situation) -> bool:
    return status(id, situation) in ("met", "ambiguous")


def clear_from(id: str, situation: Situation) -> date | None:
    """The first day on which the guard no longer fires, if nothing but time passes."""
    days = candidates(guard(id).hazard.says, situation)
    return next((day for day in days if not fires(id, replace(situation, on=day))), None)


def days_before(days: int, on: date = DAY) -> date:
    return on - timedelta(days=days)
