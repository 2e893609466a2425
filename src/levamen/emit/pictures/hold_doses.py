"""What becomes of each dose of each drug under a hold plan: the values behind the strip (`hold_strip`).

A time stands here only where the plan has one. Hours are elapsed hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.derive.dosing import Schedule, schedule
from levamen.emit.plan.words import drug_name, restart_words, sentence
from levamen.emit.words import capital
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.record.facts import Medication
from levamen.record.timeline import start_of_day

State = Literal["usual", "last", "left-out", "not-decided", "first"]
STATES: dict[State, str] = {
    "usual": "as usual",
    "last": "last dose",
    "left-out": "left out",
    "not-decided": "not decided",
    "first": "first dose again",
}
"""What becomes of a dose, as it is shown."""

_HOUR = timedelta(hours=1)
_MOST_DOSES = 400


class Dose(Struct, frozen=True):
    """One dose that the schedule of a drug has."""

    at: datetime
    state: State


class DrugStrip(Struct, frozen=True, kw_only=True):
    """One drug. `says` is what is to be done; without `held` it is all that is told.

    `unprotected`: hours from the last dose to the first again, None where either is not known; `usual`: to the dose
    after the last, had it been taken.
    """

    drug: str
    how: str
    says: str
    held: DrugAnswer | None
    doses: tuple[Dose, ...] = ()
    unprotected: Fraction | None = None
    usual: Fraction | None = None


class HoldStrip(Struct, frozen=True, kw_only=True):
    """A plan as a strip from the midnight of `first` to the one after `last`; no days where no drug is held."""

    plan: Plan
    first: date | None
    last: date | None
    drugs: tuple[DrugStrip, ...]


def hold_strip(plan: Plan, medications: Mapping[str, Medication]) -> HoldStrip:
    """The strip of a plan. `medications` are those of the record, by id: they tell when each dose is taken."""
    held = [drug for drug in plan.active.drugs if _is_held(drug)]
    if plan.start is None or not held:
        return HoldStrip(plan=plan, first=None, last=None, drugs=tuple(_words_only(drug) for drug in plan.active.drugs))
    names = ("last_dose", "stop_at", "restart_from", "first_dose")
    moments = [plan.start, *(at for drug in held for name in names if (at := getattr(drug, name)) is not None)]
    first = min(moments).astimezone(plan.zone).date() - timedelta(days=1)
    last = max(moments).astimezone(plan.zone).date() + timedelta(days=1)
    return HoldStrip(
        plan=plan,
        first=first,
        last=last,
        drugs=tuple(
            _strip(plan, drug, medications.get(drug.medication), first, last) if _is_held(drug) else _words_only(drug)
            for drug in plan.active.drugs
        ),
    )


def _is_held(drug: DrugAnswer) -> bool:
    return drug.decision == "hold_with_plan" and drug.stop_at is not None


def _words_only(drug: DrugAnswer) -> DrugStrip:
    name = drug_name(drug.drug)
    says = {
        "proceed_no_hold": f"Keep taking {name}",
        "shared_decision_required": f"Ask the prescriber whether {name} is held: no time is given",
        "lab_required_no_datetime": "A laboratory test first: no time is given",
        "do_not_hold_without_prescriber": f"Do not hold {name} without the prescriber",
        "defer": "Defer: no time is given",
        "hard_stop_change_plan": "Stop, change the plan: no time is given",
        "hold_with_plan": "Held, and no time can be given yet",
    }[drug.decision]
    return DrugStrip(drug=capital(name), how="", says=f"{says}. {sentence(drug.why)}".strip(), held=None)


def _strip(plan: Plan, drug: DrugAnswer, medication: Medication | None, first: date, last: date) -> DrugStrip:
    times = schedule(medication, plan.zone) if medication is not None else Schedule(zone=plan.zone)
    how = ""
    if medication is not None:
        how = " ".join(filter(None, (medication.dose, ", ".join(medication.times) or medication.every or "")))
    begin = start_of_day(first, plan.zone)
    end = start_of_day(last + timedelta(days=1), plan.zone)
    doses = tuple(Dose(at, _state(at, drug, plan)) for at in _doses(times, drug, begin, end))
    unprotected = usual = None
    if drug.last_dose is not None:
        following = times.first_at_or_after(drug.last_dose.astimezone(UTC) + timedelta(seconds=1))
        usual = _hours(drug.last_dose, following) if following is not None else None
        unprotected = _hours(drug.last_dose, drug.first_dose) if drug.first_dose is not None else None
    name = drug_name(drug.drug)
    return DrugStrip(
        drug=capital(name),
        how=how,
        says=f"{drug.hold or 'Hold'} without {name}" + (f"; {restart_words(drug.restart)}" if drug.restart else ""),
        held=drug,
        doses=doses,
        unprotected=unprotected,
        usual=usual,
    )


def _doses(times: Schedule, drug: DrugAnswer, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The doses of the schedule within the strip, and the two that the plan names whatever the schedule."""
    found = {at.astimezone(UTC) for at in (drug.last_dose, drug.first_dose) if at is not None}
    at = times.first_at_or_after(begin.astimezone(UTC))
    while at is not None and at < end and len(found) < _MOST_DOSES:
        found.add(at.astimezone(UTC))
        at = times.first_at_or_after(at + timedelta(seconds=1))
    yield from sorted(found)


def _state(at: datetime, drug: DrugAnswer, plan: Plan) -> State:
    if at == drug.last_dose:
        return "last"
    if at == drug.first_dose:
        return "first"
    stop = drug.last_dose or drug.stop_at
    assert stop is not None  # noqa: S101 - only held drugs have doses here
    assert plan.start is not None  # noqa: S101 - and only a plan with a start
    if at <= stop:
        return "usual"
    if drug.first_dose is not None:
        return "left-out" if at < drug.first_dose else "usual"
    return "left-out" if at < (drug.restart_from or plan.start) else "not-decided"


def _hours(start: datetime, end: datetime) -> Fraction:
    return Fraction((end - start) // timedelta(minutes=1), 60)
