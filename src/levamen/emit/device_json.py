"""JSON of the devices of a record: absent never null, the same input gives the same bytes.

Each kind of device is a list of its own (`stimulators`), so that another kind can stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.emit.json_values import Json, as_line, cites, interval, iso, many, read_of, statement, without_empty
from levamen.emit.view import wording
from levamen.pathway.implant.machine import Override, Shown, Standing
from levamen.pathway.implant.review import Ahead, DeviceReview, Due, Stepped, WayReview
from levamen.pathway.implant.trial import TrialAnswer, TrialMeasures
from levamen.record.timeline import When

ONE = "levamen.device/1"
MANY = "levamen.devices/1"


def encode(patient: str, as_of: str, kinds: Mapping[str, Sequence[Json]], reading: Reading, *, checked: date) -> bytes:
    """One record's devices as one line of JSON. `kinds`: each kind of device by its key."""
    return as_line(document(patient, as_of, kinds, reading, checked=checked))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return many(MANY, "devices", encoded)


def document(patient: str, as_of: str, kinds: Mapping[str, Sequence[Json]], reading: Reading, *, checked: date) -> Json:
    """The devices as plain data, in the order of the published schema."""
    return {
        "format": ONE,
        "engine": __version__,
        "checked": checked.isoformat(),
        "as_of": as_of,
        "patient": patient,
        "import": read_of(reading.balance),
        **kinds,
    }


def stimulators(review: DeviceReview) -> Mapping[str, Sequence[Json]]:
    """The stimulators, and what could not be placed."""
    rows = [{"fact": row.fact, "what": row.what, "why": row.why} for row in review.unplaced]
    return {"stimulators": [_way(found) for found in review.ways], **({"unplaced": rows} if rows else {})}


def _way(found: WayReview) -> Json:
    return without_empty(
        {
            "kind": found.way.family,
            "pain": found.way.pain.id if found.way.pain is not None else None,
            "facts": sorted(found.way.ids),
            "standing": standing(found.standing),
            "label": found.label,
            "steps": [_step(row) for row in found.steps],
            "trial": _trial(found.trial, found.outcome),
            "policies": [_answer(row) for row in found.asked.answers],
            "deciding": sorted(found.asked.deciding),
            "ahead": [_ahead(row) for row in found.ahead],
            "due": [_due(row) for row in found.due],
            "lacking": list(found.lacking),
            "others": [without_empty({"id": row.id, "event": row.kind, "at": _when(row.date)}) for row in found.others],
            "statements": [statement(row) for row in found.statements],
        }
    )


def standing(found: Standing) -> Json:
    """Where a way stands, as a clinic would keep it."""
    return without_empty(
        {
            "track": found.track,
            "state": found.state,
            "resume": found.resume,
            "repeats": found.repeats or None,
            "planned": found.planned or None,
            "since": _when(found.since),
            "last": found.last,
            "overrides": [_override(row) for row in found.overrides],
        }
    )


def _override(row: Override) -> Json:
    fields = {"guard": row.guard, "on": row.on, "reason": row.reason, "by": row.by, "policy": row.policy}
    return without_empty({**fields, "facts": list(row.facts)})


def _step(row: Stepped) -> Json:
    event = row.event
    return without_empty(
        {
            "id": event.id,
            "event": event.kind,
            "at": _when(event.at),
            "by": event.by,
            "reason": event.reason,
            "facts": list(event.facts),
            "before": row.before,
            "after": row.after,
            "refused": row.refused.why if row.refused is not None else None,
        }
    )


def _trial(trial: TrialMeasures | None, outcome: str | None) -> Json | None:
    if trial is None:
        return None
    return without_empty(
        {
            "id": trial.trial,
            "outcome": outcome,
            "start": _when(trial.start),
            "end": _when(trial.end),
            "pain_percent": interval(trial.pain),
            "analgesics_percent": interval(trial.analgesics),
            "function_improved": {True: "yes", False: "no", None: "unknown"}[trial.function],
            "hours": interval(trial.hours),
            "technical_failure": "recorded" if trial.technical_failure else None,
        }
    )


def _answer(row: TrialAnswer) -> Json:
    return {
        "policy": row.policy,
        "title": row.title,
        "trial": row.word.replace(" ", "_"),
        "decides": row.decides,
        "repeat": row.repeat,
        "clauses": [
            without_empty(
                {
                    "id": item.id,
                    "status": item.status,
                    "says": wording(item.criterion).sentence,
                    "missing": list(dict.fromkeys(missing.what for missing in item.missing)),
                    "cites": cites(item.criterion.cites),
                }
            )
            for item in row.clauses
        ],
    }


def _ahead(row: Ahead) -> Json:
    guards = [_guard(guard.id, guard.says, guard.override, shown) for guard, shown in row.guards]
    return {"event": row.event, "target": row.target, "open": len(row.open), "guards": guards}


def _guard(id: str, says: str, override: str, shown: Shown) -> Json:
    return without_empty(
        {
            "id": id,
            "status": shown.status,
            "says": says,
            "why": shown.why,
            "read": list(shown.read),
            "missing": list(shown.missing),
            "override": override,
            "cites": cites(shown.cites),
        }
    )


def _due(row: Due) -> Json:
    fields = {"id": row.id, "says": row.says, "from": iso(row.start), "to": iso(row.end), "sure": row.sure}
    return {**fields, "cites": cites(row.cites)}


def _when(when: When | None) -> str | None:
    return str(when) if when is not None else None
