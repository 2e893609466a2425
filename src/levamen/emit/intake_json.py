"""JSON of an intake: absent never null, the same record gives the same bytes. `form` is the form itself."""

from __future__ import annotations

from collections.abc import Sequence

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.derive.scores import decimal_of
from levamen.derive.tried import Tried
from levamen.emit.json_values import Json, as_line, cites, interval, iso, many, read_of, without_empty
from levamen.knowledge.intake.rows import NEEDED, Form, FormField, Group, Place
from levamen.pathway.goals import GoalView
from levamen.pathway.intake import IntakeSheet, PainView
from levamen.pathway.intake_answers import FieldAnswer
from levamen.pathway.screening import Screening
from levamen.pathway.severity import Impact, Severity
from levamen.record.timeline import When

ONE = "levamen.intake/1"
MANY = "levamen.intakes/1"


def encode(found: IntakeSheet, reading: Reading) -> bytes:
    """One record's intake as one line of JSON."""
    return as_line(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return many(MANY, "intakes", encoded)


def document(found: IntakeSheet, reading: Reading) -> Json:
    """The intake as plain data, in the order of the published schema."""
    return without_empty(
        {
            "format": ONE,
            "engine": __version__,
            "checked": found.form.checked.isoformat(),
            "as_of": found.moment,
            "patient": found.record.id,
            "import": read_of(reading.balance),
            "pains": [_pain(view) for view in found.pains],
            "severity": [_severity(row) for row in found.severity],
            "impact": [_impact(row) for row in found.impact],
            "tried": [_tried(row) for row in found.tried.rows],
            "goals": [_goal(view) for view in found.goals],
            "screening": [_screening(row) for row in found.screening],
            "answers": [_answer(row) for row in found.answers],
            "to_ask": {name: [row.sentence for row in found.to_ask(name)] for name in NEEDED},
            "form": form_document(found.form),
        }
    )


def form_document(form: Form) -> Json:
    """The form as plain data: all that is needed to draw it and to know where an answer goes."""
    return {
        "id": form.id,
        "checked": form.checked.isoformat(),
        "groups": [_group(group) for group in form.groups],
        "fields": [_field(field) for field in form.fields],
    }


def _group(group: Group) -> Json:
    return {
        "id": group.id,
        "title": group.title,
        "patient": group.patient,
        "needed": list(group.needed),
        "per": group.per,
        "cites": cites(group.cites),
    }


def _field(field: FormField) -> Json:
    fresh = field.fresh
    return without_empty(
        {
            "id": field.id,
            "group": field.group,
            "kind": field.kind,
            "needed": list(field.needed),
            "per": field.per,
            "ask": field.ask,
            "patient": field.patient,
            "of": field.of,
            "choices": [{"id": choice.id, "label": choice.label} for choice in field.choices],
            "low": field.low,
            "high": field.high,
            "unit": field.unit,
            "partial": field.partial or None,
            "unless": {name: list(words) for name, words in field.unless.items()},
            "lands": _place(field.lands),
            "read": [_place(place) for place in field.read],
            "fresh": {"lasts": str(fresh.lasts), "cites": cites(fresh.cites)} if fresh is not None else None,
            "cites": cites(field.cites),
        }
    )


def _place(place: Place) -> Json:
    return without_empty(
        {
            "section": place.section,
            "field": place.field,
            "key": place.key,
            "where": {name: list(words) for name, words in place.where.items()},
        }
    )


def _answer(row: FieldAnswer) -> Json:
    return without_empty(
        {
            "field": row.field.id,
            "about": row.about,
            "about_title": row.about_title,
            "status": row.status,
            "value": list(row.value),
            "text": row.text,
            "facts": list(row.ids),
            "date": _when(row.date),
            "author": row.author,
            "reason": row.reason,
            "sentence": row.sentence,
        }
    )


def _pain(view: PainView) -> Json:
    pain = view.pain
    return without_empty(
        {
            "id": pain.id,
            "title": view.title,
            "since": _when(pain.since),
            "lasting": [
                without_empty(
                    {
                        "rule": row.rule.id,
                        "says": row.rule.says,
                        "state": row.state,
                        "reason": row.reason,
                        "cites": cites(row.rule.cites),
                    }
                )
                for row in view.lasting
            ],
            "codes": [{"code": code.code, "title": code.title, "cites": cites(code.cites)} for code in view.codes],
        }
    )


def _severity(row: Severity) -> Json:
    return without_empty(
        {
            "pain": row.pain,
            "facts": list(row.ids),
            "date": _when(row.date),
            "ratings": [
                without_empty(
                    {
                        "name": rating.name,
                        "answer": rating.answer,
                        "code": rating.code,
                        "label": rating.label,
                        "reason": rating.reason,
                    }
                )
                for rating in row.ratings
            ],
            "cites": cites(row.cites),
        }
    )


def _impact(row: Impact) -> Json:
    return without_empty(
        {
            "pain": row.pain,
            "facts": list(row.ids),
            "date": _when(row.date),
            "score": decimal_of(row.value) if row.value is not None else None,
            "range": {"low": row.low, "high": row.high},
            "bands": [{"set": band.id, "label": band.label, "cites": cites(band.cites)} for band in row.bands],
            "reason": row.reason,
            "missing": list(row.missing),
            "cites": cites(row.cites),
        }
    )


def _tried(row: Tried) -> Json:
    lasted = row.lasted
    return without_empty(
        {
            "id": row.id,
            "kind": row.kind,
            "therapy": row.therapy,
            "title": row.label,
            "region": row.region,
            "side": row.side,
            "certain": row.certain,
            "aborted": row.aborted or None,
            "start": _when(row.start),
            "end": _when(row.end),
            "going_on": row.going_on,
            "dose": row.dose,
            "sessions": row.sessions,
            "response": row.response,
            "helped": row.helped,
            "stopped_because": row.stopped_because,
            "best_relief": interval(row.best),
            "last_relief": interval(row.last),
            "last_measured": _when(row.last_measured),
            "relief_ended": _when(row.relief_ended),
            "lasted": str(lasted) if lasted is not None else None,
            "author": row.author,
            "all_since": iso(row.closed),
        }
    )


def _goal(view: GoalView) -> Json:
    goal = view.goal
    return without_empty(
        {
            "id": goal.id,
            "text": goal.text,
            "measure": goal.measure,
            "target": goal.target,
            "by": _when(goal.by),
            "progress": view.progress,
            "value": decimal_of(view.value) if view.value is not None else None,
            "date": _when(view.date),
            "facts": list(view.ids),
            "reason": view.reason,
        }
    )


def _screening(row: Screening) -> Json:
    return without_empty(
        {
            "instrument": row.screen.instrument,
            "full_form": row.screen.full,
            "step": row.step,
            "says": row.says,
            "facts": list(row.ids),
            "date": _when(row.date),
            "also": row.also,
            "mark": row.mark,
            "cites": cites(row.cites),
        }
    )


def _when(when: When | None) -> str | None:
    """A date as a chart writes it, perhaps partial."""
    return str(when) if when is not None else None
