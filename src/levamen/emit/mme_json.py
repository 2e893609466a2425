"""JSON of the opioids of a record: absent never null, the same input gives the same bytes.

Numbers are decimals of at most four places, `low` rounded down and `high` rounded up; `text` is how a person reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.criteria.nodes import Cite
from levamen.derive.mme import OpioidLine
from levamen.derive.periods import shown
from levamen.derive.taper import Taper
from levamen.knowledge.agents import Statement
from levamen.pathway.opioids import OpioidReview, Raised
from levamen.record.timeline import Interval

ONE = "levamen.mme/1"
MANY = "levamen.mmes/1"
_PLACES = 10_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Json = dict[str, Any]


def encode(found: OpioidReview, reading: Reading) -> bytes:
    """One record's opioids as one line of JSON."""
    return _ENCODER.encode(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return b'{"format":"%s","mmes":[%s]}' % (MANY.encode(), b",".join(encoded))


def document(found: OpioidReview, reading: Reading) -> Json:
    """The opioids as plain data, in the order of the published schema."""
    balance, total = reading.balance, found.mme
    return _present(
        {
            "format": ONE,
            "engine": __version__,
            "notice": _statement(found.notice),
            "checked": found.checked.isoformat(),
            "as_of": found.moment,
            "on": found.on.isoformat(),
            "patient": found.record.id,
            "import": {
                "items": balance.items,
                "accepted": balance.accepted,
                "ignored": balance.ignored,
                "rejected": balance.rejected,
            },
            "table": {"id": total.table.id, "title": total.table.title, "from": str(total.table.start)},
            "mme": _decimal(total.most, up=True) if total.most is not None else "unknown",
            "value": _interval(total.value),
            "complete": total.complete,
            "reviewed": total.reviewed,
            "recorded": [
                _present({"id": row.id, "mme": row.value, "date": str(row.date) if row.date is not None else None})
                for row in found.recorded
            ],
            "orders": [_order(line) for line in total.lines],
            "prompts": [_raised(row) for row in found.raised],
            "undecided": [_raised(row) for row in found.undecided],
            "outside": list(found.outside),
            "facts": [
                _present(
                    {
                        "id": fact.prompt,
                        "what": fact.what,
                        "last": str(fact.last) if fact.last is not None else None,
                        "fact": fact.id,
                        "value": fact.value,
                        "due": _iso(fact.due),
                        "reason": fact.reason,
                    }
                )
                for fact in found.facts
            ],
            "taper": _taper(found.taper, found),
            "statements": [_statement(row) for row in found.statements],
        }
    )


def _order(line: OpioidLine) -> Json:
    return _present(
        {
            "id": line.id,
            "drug": line.drug,
            "kind": line.kind,
            "sure": line.sure,
            "as_needed": line.as_needed,
            "daily": _interval(line.daily),
            "unit": line.unit,
            "factor": _interval(line.factor),
            "mme": _interval(line.mme),
            "reason": line.reason.says if line.reason is not None else None,
            "missing": [asked.what for asked in line.missing],
            "flags": [{"id": flag.id, "says": flag.says} for flag in line.flags],
            "cites": _cites(line.cites),
        }
    )


def _raised(row: Raised) -> Json:
    return {"id": row.id, "reasons": list(row.reasons), "says": row.says.says, "cites": _cites(row.says.cites)}


def _taper(taper: Taper, found: OpioidReview) -> Json | None:
    if not taper.cuts:
        return None
    return _present(
        {
            "since": _iso(taper.since),
            "cuts": [
                {
                    "day": cut.day.isoformat(),
                    "before": _decimal(cut.before, up=True),
                    "after": _decimal(cut.after, up=True),
                    "percent": _decimal(cut.percent, up=True),
                }
                for cut in taper.cuts
            ],
            "paces": [
                _present(
                    {
                        "id": answer.rule.id,
                        "status": answer.status,
                        "applies": {True: "yes", False: "no", None: "unknown"}[answer.applies],
                        "percent": _decimal(answer.worst, up=True) if answer.worst is not None else None,
                        "by": _iso(answer.on),
                        "reason": answer.reason,
                        "says": answer.rule.says.says,
                        "cites": _cites(answer.rule.says.cites),
                    }
                )
                for answer in taper.answers
            ],
            "unknown_from": _iso(taper.unknown_from),
            "agreed": "yes" if taper.agreed else "not recorded",
            "self_harm": {True: "yes", False: "no", None: "not asked"}[found.self_harm],
            "contact_by": _iso(taper.contact_by),
            "abrupt": _statement(found.abrupt),
        }
    )


def _statement(row: Statement) -> Json:
    return {"id": row.id, "topic": row.topic, "says": row.says, "cites": _cites(row.cites)}


def _cites(cites: Iterable[Cite]) -> list[Json]:
    return [{"source": cite.source, "locator": cite.locator, "mark": cite.mark} for cite in cites]


def _interval(value: Interval | None) -> Json | None:
    if value is None:
        return None
    found: Json = {"low": _decimal(value.low, up=False)}
    if value.high is not None:
        found["high"] = _decimal(value.high, up=True)
    return {**found, "text": shown(value)}


def _decimal(value: Fraction, *, up: bool) -> Decimal:
    scaled = -((-value * _PLACES).__floor__()) if up else (value * _PLACES).__floor__()
    return (Decimal(scaled) / _PLACES).normalize() + 0


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _present(fields: Json) -> Json:
    """Absent, never null; an empty list or text says nothing and is left out."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], "")}
