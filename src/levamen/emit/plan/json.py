"""JSON of a plan (`levamen.plan/1`): absent never null, datetimes with the offset of the patient's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from levamen import __version__
from levamen.adapters.balance import Balance
from levamen.criteria.outcome import Missing
from levamen.derive.renal import Clearance
from levamen.emit.flags_json import stop_json
from levamen.emit.json import imported, target
from levamen.emit.json_values import as_line, cites, iso, present
from levamen.emit.plan.words import headline, procedure_words
from levamen.pathway.periprocedural.answers import (
    BleedingClass,
    DrugAnswer,
    GuardAnswer,
    LabDue,
    Plan,
    ProfileAnswer,
    Task,
)
from levamen.pathway.privileges import Finding

ONE = "levamen.plan/1"


def encode(plan: Plan, balance: Balance | None = None) -> bytes:
    """A plan as one line of JSON; the same plan gives the same bytes. `balance`: of the record it was made from."""
    return as_line(document(plan, balance))


def document(plan: Plan, balance: Balance | None = None) -> dict[str, Any]:
    """The plan as plain data, in the order of the published schema."""
    written = _Writer(plan)
    return present(
        {
            "format": ONE,
            "engine": __version__,
            "knowledge": present({"hash": plan.knowledge or None, "date": iso(plan.knowledge_date)}),
            "patient": plan.patient,
            "import": imported(balance) if balance is not None else None,
            "request": plan.request.id,
            "therapy": plan.request.therapy,
            "target": target(plan.request) or None,
            "procedure": procedure_words(plan),
            "number": plan.number,
            "supersedes": plan.supersedes,
            "changes": list(plan.changes),
            "fingerprint": plan.fingerprint,
            "final": plan.final,
            "as_of": plan.moment,
            "on": iso(plan.on),
            "zone": plan.zone.key,
            "start": written.at(plan.start),
            "end": written.at(plan.end),
            "decision": plan.decision,
            "safety": plan.safety,
            "until": iso(plan.until),
            "headline": headline(plan),
            "reasons": list(plan.reasons),
            "active": written.profile(plan.active),
            "others": [written.profile(other) for other in plan.others],
            "flags": [stop_json(stop, plan.zone) for stop in plan.flags],
            "guards": [_guard(answer) for answer in plan.guards],
            "findings": [_finding(finding) for finding in plan.findings],
            "clearance": _clearance(plan.clearance) if plan.clearance is not None else None,
            "tasks": [written.task(task) for task in plan.tasks],
            "obligations": [
                present(
                    {
                        "what": duty.what,
                        "who": duty.who,
                        "due": iso(duty.due),
                        "why": duty.why,
                        "cites": cites(duty.cites),
                    }
                )
                for duty in plan.obligations
            ],
            "notes": list(plan.notes),
            "missing": _missing(plan.missing),
            "unresolved": list(plan.unresolved),
        }
    )


class _Writer:
    """Writes what has datetimes, in the zone of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.zone = plan.zone

    def at(self, moment: datetime | None) -> str | None:
        return moment.astimezone(self.zone).isoformat() if moment is not None else None

    def profile(self, answer: ProfileAnswer) -> dict[str, Any]:
        return present(
            {
                "profile": answer.profile,
                "title": answer.title,
                "speaks": answer.speaks,
                "decision": answer.decision,
                "class": _class(answer.bleeding_class),
                "drugs": [self.drug(drug) for drug in answer.drugs],
            }
        )

    def drug(self, drug: DrugAnswer) -> dict[str, Any]:
        return present(
            {
                "profile": drug.profile,
                "medication": drug.medication,
                "drug": drug.drug,
                "decision": drug.decision,
                "final": drug.final,
                "why": drug.why,
                "hold": drug.hold,
                "restart": drug.restart,
                "last_dose": self.at(drug.last_dose),
                "stop_at": self.at(drug.stop_at),
                "stop_latest": self.at(drug.stop_latest),
                "restart_from": self.at(drug.restart_from),
                "restart_earliest": self.at(drug.restart_earliest),
                "first_dose": self.at(drug.first_dose),
                "earliest_procedure": self.at(drug.earliest_procedure),
                "counted_from_start": drug.counted_from_start,
                "labs": [self.lab(lab) for lab in drug.labs],
                "prescribed": drug.prescribed,
                "prescriber": drug.prescriber,
                "notify_prescriber": drug.notify_prescriber,
                "needs_agreement": drug.needs_agreement,
                "agreed": drug.agreed,
                "dose_taken": drug.dose_taken,
                "effects": list(drug.effects),
                "notes": list(drug.notes),
                "missing": _missing(drug.missing),
                "mark": drug.mark,
                "cites": cites(drug.cites),
                "also": cites(drug.also),
                "restart_cites": cites(drug.restart_cites),
                "already_held": drug.already_held or None,
            }
        )

    def lab(self, lab: LabDue) -> dict[str, Any]:
        return present(
            {
                "tests": list(lab.tests),
                "limit": lab.limit,
                "by": self.at(lab.by),
                "why": lab.why,
                "status": lab.status,
                "result": lab.result,
                "fact": lab.fact,
                "recency": lab.recency or None,
                "cites": cites(lab.cites),
            }
        )

    def task(self, task: Task) -> dict[str, Any]:
        return present(
            {
                "id": task.id,
                "kind": task.kind,
                "what": task.what,
                "who": task.who,
                "at": self.at(task.at),
                "why": task.why or None,
                "drug": task.drug,
                "cites": cites(task.cites),
            }
        )


def _class(found: BleedingClass) -> dict[str, Any]:
    return present(
        {
            "word": found.word,
            "base": found.base,
            "certain": found.certain,
            "mapped": found.mapped,
            "procedures": list(found.procedures),
            "reasons": list(found.reasons),
            "missing": _missing(found.missing),
            "cites": cites(found.cites),
        }
    )


def _guard(answer: GuardAnswer) -> dict[str, Any]:
    guard = answer.guard
    return present(
        {
            "id": guard.id,
            "topic": guard.topic,
            "title": guard.title,
            "due": guard.due,
            "status": answer.status,
            "fires": answer.fires,
            "ask_on_the_day": answer.ask_on_the_day,
            "verdict": answer.verdict,
            "decision": answer.decision,
            "until": iso(answer.until),
            "waits_for": guard.until,
            "do": guard.do,
            "who": guard.who,
            "found": answer.found or None,
            "read": list(answer.read),
            "missing": _missing(answer.missing),
            "mark": answer.mark,
            "cites": cites(guard.cites),
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return present(
        {
            "status": finding.status,
            "reason": finding.reason,
            "says": finding.says,
            "source": finding.source,
            "unsure": list(finding.unsure),
            "cites": cites(finding.cites),
        }
    )


def _clearance(found: Clearance) -> dict[str, Any]:
    return present(
        {
            "least": _decimal(found.least),
            "most": _decimal(found.most),
            "unit": "mL/min",
            "day": str(found.day) if found.day is not None else None,
            "measured": found.measured,
            "dialysis": found.dialysis,
            "read": list(found.read),
            "missing": _missing(found.missing),
        }
    )


def _missing(rows: Iterable[Missing]) -> list[dict[str, Any]]:
    return [present({"kind": row.kind, "what": row.what, "reason": row.reason, "fact": row.fact}) for row in rows]


def _decimal(number: Fraction | None) -> Decimal | None:
    """To three places, downwards: what is below a limit is never written as the limit."""
    return Decimal(number * 1000 // 1) / 1000 if number is not None else None
