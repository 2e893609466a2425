"""JSON of a score: absent never null, the same answers give the same bytes.

`value` is a decimal of at most four places where no decimal is exact; `exact` is the fraction, `text` what people read.
"""

from __future__ import annotations

from fractions import Fraction

from levamen import __version__
from levamen.derive.scores import Scored, decimal_of, shown
from levamen.emit.json_values import Json, as_line, cites, without_empty
from levamen.knowledge.instruments.rows import NONE_FOUND, Change
from levamen.pathway.flag_scores import task_of

FORMAT = "levamen.score/1"


def encode(found: Scored) -> bytes:
    """One score as one line of JSON."""
    return as_line(document(found))


def document(found: Scored) -> Json:
    """The score as plain data, in the order of the published schema."""
    of = found.instrument
    return without_empty(
        {
            "format": FORMAT,
            "engine": __version__,
            "instrument": of.id,
            "title": of.title,
            "version": found.version,
            "checked": of.checked.isoformat(),
            "range": {"low": of.low, "high": of.high},
            "direction": of.direction,
            "score": _number(found.value),
            "reason": found.reason,
            "entered": found.entered or None,
            "items": found.n_items,
            "answered": found.n_answered,
            "answers": {name: answer for name, answer in found.answers.items() if answer is not None},
            "missing": [] if found.entered else list(found.missing),
            "prorated": found.prorated or None,
            "complete_form": _span(found),
            "standard_error": _number(found.error),
            "other_copy": _number(found.other),
            **_today(found),
            "codes": [code for code in found.codes if code is not None] if None not in found.codes else None,
            "subscales": {name: _number(value) for name, value in found.subscales.items() if value is not None},
            "mark": found.mark,
            "cites": cites(found.cites),
            "bands": [
                {
                    "id": band.id,
                    "label": band.label,
                    "patient": band.patient,
                    "certain": band.certain,
                    "cites": cites(band.cites),
                }
                for band in found.bands
            ],
            "changes": [_change(row) for row in of.changes],
            "recall": of.recall if of.recall != NONE_FOUND else None,
            "loinc": [{"of": row.of, "code": row.code, "cites": cites(row.cites)} for row in of.loinc],
            "licence": {
                "ship": of.licence.ship,
                "holder": of.licence.holder,
                "notice": of.licence.notice,
                "cites": cites(of.licence.cites),
            },
            "notes": list(of.notes),
        }
    )


def _today(found: Scored) -> Json:
    """`tasks`: what an answer asks for on the same day. `ask`: what a total leaves open, which may ask for the same."""
    answer = task_of(found)
    if answer is None:
        return {}
    if answer.status == "unknown":
        return {
            "ask": [{"id": answer.flag.id, "says": row.says, "cites": cites(row.cites)} for row in answer.flag.asks]
        }
    return {
        "tasks": [
            {"id": answer.flag.id, "urgency": answer.urgency, "says": row.act.says, "who": row.act.who,
             "cites": cites(row.act.cites)}
            for row in answer.acts
        ]
    }  # fmt: skip


def _number(value: Fraction | None) -> Json | None:
    if value is None:
        return None
    return {"value": decimal_of(value), "exact": str(value), "text": shown(value)}


def _span(found: Scored) -> Json | None:
    """What the complete form could give, where items are unanswered."""
    if found.entered or not found.missing or found.low is None or found.high is None:
        return None
    return {"low": _number(found.low), "high": _number(found.high)}


def _change(row: Change) -> Json:
    return without_empty(
        {
            "least": row.least,
            "most": row.most,
            "unit": row.unit,
            "says": row.says,
            "population": row.population if row.population != NONE_FOUND else None,
            "method": row.method if row.method != NONE_FOUND else None,
            "cites": cites(row.cites),
        }
    )
