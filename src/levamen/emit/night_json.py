"""JSON of a night check (`levamen.night-check/1`): absent never null, datetimes with the offset of the zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from levamen import __version__
from levamen.adapters.procedure_list import Skipped
from levamen.emit.json import imported
from levamen.emit.json_values import cites, present
from levamen.emit.night_view import Examined, NightCheck, procedure_words
from levamen.pathway.night_check import Finding, Stop

ONE = "levamen.night-check/1"
_ENCODER = msgspec.json.Encoder()


def encode(check: NightCheck) -> bytes:
    """A night check as one line of JSON; the same check gives the same bytes."""
    return _ENCODER.encode(document(check))


def document(check: NightCheck) -> dict[str, Any]:
    """The night check as plain data, in the order of the published schema."""
    return {
        "format": ONE,
        "engine": __version__,
        "knowledge": {"hash": check.knowledge, "date": check.knowledge_date.isoformat()},
        "list": check.list,
        "profiles": list(check.profiles),
        "privileges": check.privileges,
        "rows": check.rows,
        "examined": len(check.examined),
        "skipped": len(check.skipped),
        "stopped": check.standing("stopped"),
        "unknown": check.standing("unknown"),
        "caution": check.standing("caution"),
        "unread": check.unread,
        "order": {
            "checked": check.order.checked.isoformat(),
            "within": check.order.within,
            "ranks": [
                {"id": rank.id, "says": rank.says, "why": rank.why, "mark": rank.mark, "cites": cites(rank.cites)}
                for rank in check.order.ranks
            ],
        },
        "patients": [_patient(row) for row in check.examined],
        "not_checked": [_skipped(row) for row in check.skipped],
    }


def _patient(row: Examined) -> dict[str, Any]:
    held = row.night
    return present(
        {
            "patient": held.patient,
            "chart": row.chart,
            "request": held.request.id,
            "place": row.place,
            "import": imported(row.balance),
            "owner": held.owner,
            "therapy": held.request.therapy,
            "procedure": procedure_words(held.request),
            "as_of": held.moment,
            "on": held.on.isoformat(),
            "zone": held.zone.key,
            "start": _at(held.start, held.zone),
            "safety": held.safety,
            "decision": held.decision,
            "until": _day(held.until),
            "plan": {"number": held.number, "fingerprint": held.fingerprint, "final": held.final},
            "medications_reviewed": _day(held.reviewed),
            "stops": [_stop(stop, held.zone) for stop in held.stops],
            "cards": [_finding(item, held.zone) for item in held.cards],
            "rest": [_finding(item, held.zone) for item in held.rest],
            "notes": list(held.notes),
        }
    )


def _stop(stop: Stop, zone: ZoneInfo) -> dict[str, Any]:
    return present(
        {
            "verdict": stop.verdict,
            "what": stop.what,
            "do": stop.do,
            "role": stop.role,
            "owner": stop.who,
            "until": _day(stop.until),
            "waits_for": stop.waits_for,
            "earliest": _at(stop.earliest, zone),
            "due": _at(stop.due, zone),
            "minutes_left": _minutes(stop.left),
            "cites": cites(stop.cites),
        }
    )


def _finding(item: Finding, zone: ZoneInfo) -> dict[str, Any]:
    return present(
        {
            "rank": item.rank,
            "what": item.what,
            "why": item.why or None,
            "parts": list(item.parts) or None,
            "role": item.role,
            "owner": item.who,
            "due": _at(item.due, zone),
            "minutes_left": _minutes(item.left),
            "cites": cites(item.cites),
        }
    )


def _skipped(row: Skipped) -> dict[str, Any]:
    return present({"place": row.place, "chart": row.chart or None, "request": row.request or None, "why": row.why})


def _minutes(left: timedelta | None) -> int | None:
    """Whole minutes, downwards: negative is overdue."""
    return left // timedelta(minutes=1) if left is not None else None


def _at(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
