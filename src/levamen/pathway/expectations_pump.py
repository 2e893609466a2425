"""What a chart expects of its devices, on the day of its `as_of`: when a pump is refilled and replaced (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.derive.pump import Bound
from levamen.pathway.refill import Refill, refills
from levamen.record.facts import Record

_EXACT = ("refill_due", "book_by", "removal_due")
_SUBSET = ("binding", "missing", "warnings")


def pump_differences(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. A date is compared by its day, a time with its hour; `unknown` is a word."""
    id = str(expect["device"])
    found = next((row for row in refills(record, as_of) if row.device.id == id), None)
    if found is None:
        return {}, (f"device: {id} is not in place on that day",)
    got = pump_got(found)
    return got, tuple(_differences(expect, got))


def pump_got(found: Refill) -> dict[str, Any]:
    """A pump in the words of an expectation; absent keys are absent."""
    due = found.schedule
    told: dict[str, Any] = {
        "refill_due": _moment(due.refill) or "unknown",
        "book_by": due.book_by.isoformat() if due.book_by is not None else "unknown",
        "removal_due": _moment(due.replacement) or "unknown",
        "binding": [due.refill.kind] if due.refill is not None else [],
        "missing": [*due.reasons, *due.open, *found.unread],
        "warnings": [warned.id for warned in found.warnings],
    }
    if due.refill is None and due.latest is not None:
        told["at_the_latest"] = _moment(due.latest)
    return {key: value for key, value in told.items() if value not in (None, [])}


def _moment(bound: Bound | None) -> str | None:
    if bound is None:
        return None
    return bound.at.isoformat(timespec="minutes") if bound.clock else bound.day.isoformat()


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    for key in _EXACT:
        if key in expect and not _same(str(expect[key]), str(got[key])):
            yield f"{key}: expected {expect[key]}, got {got[key]}"
    for key in _SUBSET:
        for name in _listed(expect.get(key, [])):
            have = got.get(key, [])
            if not any(name == item or (key == "missing" and name.lower() in item.lower()) for item in have):
                yield f"{key}: expected {name}, got {', '.join(have) or 'nothing'}"


def _same(wanted: str, got: str) -> bool:
    """A day is the day of what came out; a time without an offset is on the chart's own clocks."""
    return wanted.replace(" ", "T") in (got, got[:16], got[:10])


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
