"""JSON of an assessment (design 3.4): absent never null, the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from levamen import __version__
from levamen.adapters.balance import Balance, Reading
from levamen.criteria.nodes import Cite, Mark
from levamen.criteria.outcome import Missing
from levamen.emit.flags_json import brief, stop_json
from levamen.emit.json_values import as_line, iso, many, read_of
from levamen.emit.view import ambiguity_in, criterion_mark, found_in, wording
from levamen.pathway.answers import Assessment, CriterionAnswer, PolicyAnswer, Question
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Request

ONE = "levamen.assessment/1"
MANY = "levamen.assessments/1"
TARGET_FIELDS = (
    "region",
    "side",
    "joints",
    "interspaces",
    "vertebrae",
    "roots",
    "foramina",
    "nerves",
    "joint",
    "muscles",
    "site",
)


def encode(assessment: Assessment, reading: Reading) -> bytes:
    """One record's assessment as one line of JSON."""
    return as_line(document(assessment, reading))


def encode_many(rows: Iterable[tuple[Assessment, Reading]]) -> bytes:
    """Several records' assessments as one JSON document."""
    return together([encode(*row) for row in rows])


def together(encoded: Sequence[bytes]) -> bytes:
    """Assessments already encoded, as one JSON document."""
    return many(MANY, "assessments", encoded)


def document(assessment: Assessment, reading: Reading) -> dict[str, Any]:
    """The assessment as plain data, in the order of the published schema."""
    ordered = sorted(assessment.questions, key=_order)
    return _present(
        {
            "format": ONE,
            "engine": __version__,
            "knowledge": {"hash": assessment.knowledge, "date": assessment.knowledge_date.isoformat()},
            "as_of": assessment.moment,
            "on": ordered[0].on.isoformat() if ordered and len({q.on for q in ordered}) == 1 else None,
            "patient": assessment.record.id,
            "import": imported(reading.balance),
            "notes": list(assessment.notes),
            "flags": brief(assessment.flags) if assessment.flags is not None else None,
            "questions": [_question(question) for question in ordered],
        }
    )


def imported(balance: Balance) -> dict[str, Any]:
    """What was read of an input, and every issue about what was not."""
    return {
        **read_of(balance),
        "issues": [{"fate": issue.fate, "where": issue.where, "what": issue.what} for issue in balance.issues],
    }


def target(request: Request) -> dict[str, Any]:
    """The target fields of a request, sets sorted."""
    return _present({name: _plain(getattr(request, name)) for name in TARGET_FIELDS})


def _order(question: Question) -> tuple[str, str, str]:
    return question.request.therapy or "", str(sorted(target(question.request).items())), question.id


def _question(question: Question) -> dict[str, Any]:
    request = question.request
    qualifiers = ("purpose", "approach", "route", "technique", "electrode", "waveform", "lead", "guidance", "contrast")
    return _present(
        {
            "id": question.id,
            "therapy": request.therapy,
            "target": target(request),
            "qualifiers": _present({name: getattr(request, name) for name in qualifiers}),
            "on": question.on.isoformat(),
            "asked": question.asked,
            "headline": question.headline,
            "safety": _safety(question.plan),
            "obligations": [
                _present(
                    {
                        "id": duty.id,
                        "policy": duty.policy,
                        "what": duty.what,
                        "who": duty.who,
                        "due": iso(duty.due),
                        "why": duty.why,
                        **(_cite(duty.cites[0]) if duty.cites else {}),
                        "also": [_cite(cite) for cite in duty.cites[1:]],
                        "checked": iso(duty.checked),
                    }
                )
                for duty in question.obligations
            ],
            "next_steps": list(question.next_steps),
            "notes": list(question.notes),
            "policies": [_policy(answer) for answer in sorted(question.policies, key=lambda answer: answer.policy)],
        }
    )


def _safety(plan: Plan) -> dict[str, Any]:
    """Safety with every guard: what fires, what is unknown, what is asked on the day, what is not there."""
    return _present(
        {
            "verdict": plan.safety,
            "decision": plan.decision,
            "until": iso(plan.until),
            "profile": plan.active.profile,
            "class": plan.active.bleeding_class.word,
            "reasons": list(plan.reasons),
            "missing": _missing(plan.missing),
            "flags": [stop_json(stop, plan.zone) for stop in plan.flags],
            "drugs": [
                _present(
                    {
                        "medication": drug.medication,
                        "drug": drug.drug,
                        "decision": drug.decision,
                        "why": drug.why,
                        "mark": _weak(drug.mark),
                    }
                )
                for drug in plan.active.drugs
            ],
            "guards": [
                _present(
                    {
                        "id": guard.guard.id,
                        "title": guard.guard.title,
                        "status": guard.status,
                        "verdict": guard.verdict,
                        "due": guard.due,
                        "ask_on_the_day": guard.ask_on_the_day or None,
                        "until": iso(guard.until),
                        "read": list(guard.read),
                        "missing": _missing(guard.missing),
                        "source": guard.guard.cites[0].source,
                        "locator": guard.guard.cites[0].locator,
                        "mark": _weak(guard.mark),
                    }
                )
                for guard in plan.guards
            ],
        }
    )


def _policy(answer: PolicyAnswer) -> dict[str, Any]:
    return _present(
        {
            "policy": answer.policy,
            "title": answer.title,
            "governing": answer.governing or None,
            "document": answer.document,
            "contractor": answer.contractor,
            "version": answer.version,
            "hash": answer.hash,
            "mark": _weak(answer.mark),
            "verdict": answer.verdict,
            "reason": answer.reason,
            "stance": answer.stance,
            "strength": answer.strength,
            "earliest": iso(answer.earliest),
            "safest": iso(answer.safest),
            "needs": [
                _present(
                    {
                        "kind": item.need.kind,
                        "therapy": item.need.therapy,
                        "what": item.need.what,
                        "possible_from": iso(item.possible_from),
                    }
                )
                for item in answer.needs
            ],
            "would_refuse": _missing(answer.would_refuse),
            "needed_together": _missing(answer.needed_together),
            "effects": [
                _present(
                    {
                        "id": effect.id,
                        "says": effect.says,
                        "source": effect.cite.source,
                        "locator": effect.cite.locator,
                        "mark": _weak(effect.cite.mark),
                        "checked": effect.checked.isoformat(),
                    }
                )
                for effect in answer.effects
            ],
            "notes": list(answer.notes),
            "criteria": [criterion_document(criterion) for criterion in answer.criteria],
        }
    )


def criterion_document(answer: CriterionAnswer) -> dict[str, Any]:
    """One criterion as answered, as plain data."""
    criterion = answer.criterion
    told = wording(criterion)
    cites = told.cites
    return _present(
        {
            "id": criterion.id,
            "part": answer.part,
            "status": answer.status,
            "reason": answer.reason,
            "remedy": answer.remedy,
            "would_be": "met" if answer.reason == "unverified" else None,
            "says": told.sentence,
            "found": found_in(answer.outcome),
            "source": cites[0].source,
            "locator": cites[0].locator,
            "mark": criterion_mark(answer),
            "also": [_cite(cite) for cite in cites[1:]],
            "interpretation": criterion.interpretation,
            "read": list(answer.outcome.all_read()),
            "missing": _missing(answer.missing),
            "ambiguity": list(ambiguity_in(answer.outcome)),
            "earliest": iso(answer.earliest),
            "safest": iso(answer.safest),
        }
    )


def _cite(cite: Cite) -> dict[str, Any]:
    return _present({"source": cite.source, "locator": cite.locator, "mark": _weak(cite.mark)})


def _missing(rows: Sequence[Missing]) -> list[dict[str, Any]]:
    return [_present({"kind": row.kind, "what": row.what, "reason": row.reason, "fact": row.fact}) for row in rows]


def _weak(mark: Mark) -> str | None:
    return mark if mark != "primary" else None


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    """Absent, never null; an empty list or mapping says nothing and is left out, but not `questions` and its kin."""
    kept = ("issues", "questions", "policies", "criteria", "items", "asked")
    return {name: value for name, value in fields.items() if name in kept or value not in (None, [], {}, "")}
