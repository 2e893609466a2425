"""JSON of the opioids of a record: absent never null, the same input gives the same bytes.

Numbers are decimals of at most four places, `low` rounded down and `high` rounded up; `text` is how a person reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.derive.mme import OpioidLine
from levamen.derive.taper import Taper
from levamen.emit.json_values import (
    Json,
    as_line,
    cites,
    decimal,
    interval,
    iso,
    many,
    read_of,
    statement,
    without_empty,
)
from levamen.pathway.opioids import OpioidReview, Raised

ONE = "levamen.mme/1"
MANY = "levamen.mmes/1"


def encode(found: OpioidReview, reading: Reading) -> bytes:
    """One record's opioids as one line of JSON."""
    return as_line(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return many(MANY, "mmes", encoded)


def document(found: OpioidReview, reading: Reading) -> Json:
    """The opioids as plain data, in the order of the published schema."""
    total = found.mme
    return without_empty(
        {
            "format": ONE,
            "engine": __version__,
            "notice": statement(found.notice),
            "checked": found.checked.isoformat(),
            "as_of": found.moment,
            "on": found.on.isoformat(),
            "patient": found.record.id,
            "import": read_of(reading.balance),
            "table": {"id": total.table.id, "title": total.table.title, "from": str(total.table.start)},
            "mme": decimal(total.most, up=True) if total.most is not None else "unknown",
            "value": interval(total.value),
            "complete": total.complete,
            "reviewed": total.reviewed,
            "recorded": [
                without_empty({"id": row.id, "mme": row.value, "date": str(row.date) if row.date is not None else None})
                for row in found.recorded
            ],
            "orders": [_order(line) for line in total.lines],
            "prompts": [_raised(row) for row in found.raised],
            "undecided": [_raised(row) for row in found.undecided],
            "outside": list(found.outside),
            "facts": [
                without_empty(
                    {
                        "id": fact.prompt,
                        "what": fact.what,
                        "last": str(fact.last) if fact.last is not None else None,
                        "fact": fact.id,
                        "value": fact.value,
                        "due": iso(fact.due),
                        "reason": fact.reason,
                    }
                )
                for fact in found.facts
            ],
            "taper": _taper(found.taper, found),
            "statements": [statement(row) for row in found.statements],
        }
    )


def _order(line: OpioidLine) -> Json:
    return without_empty(
        {
            "id": line.id,
            "drug": line.drug,
            "kind": line.kind,
            "sure": line.sure,
            "as_needed": line.as_needed,
            "daily": interval(line.daily),
            "unit": line.unit,
            "factor": interval(line.factor),
            "mme": interval(line.mme),
            "reason": line.reason.says if line.reason is not None else None,
            "missing": [asked.what for asked in line.missing],
            "flags": [{"id": flag.id, "says": flag.says} for flag in line.flags],
            "cites": cites(line.cites),
        }
    )


def _raised(row: Raised) -> Json:
    return {"id": row.id, "reasons": list(row.reasons), "says": row.says.says, "cites": cites(row.says.cites)}


def _taper(taper: Taper, found: OpioidReview) -> Json | None:
    if not taper.cuts:
        return None
    return without_empty(
        {
            "since": iso(taper.since),
            "cuts": [
                {
                    "day": cut.day.isoformat(),
                    "before": decimal(cut.before, up=True),
                    "after": decimal(cut.after, up=True),
                    "percent": decimal(cut.percent, up=True),
                }
                for cut in taper.cuts
            ],
            "paces": [
                without_empty(
                    {
                        "id": answer.rule.id,
                        "status": answer.status,
                        "applies": {True: "yes", False: "no", None: "unknown"}[answer.applies],
                        "percent": decimal(answer.worst, up=True) if answer.worst is not None else None,
                        "by": iso(answer.on),
                        "reason": answer.reason,
                        "says": answer.rule.says.says,
                        "cites": cites(answer.rule.says.cites),
                    }
                )
                for answer in taper.answers
            ],
            "unknown_from": iso(taper.unknown_from),
            "agreed": "yes" if taper.agreed else "not recorded",
            "self_harm": {True: "yes", False: "no", None: "not asked"}[found.self_harm],
            "contact_by": iso(taper.contact_by),
            "abrupt": statement(found.abrupt),
        }
    )
