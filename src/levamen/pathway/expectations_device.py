"""What a chart expects of a device, and of the way of a stimulator, against what came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.derive.views import seen
from levamen.knowledge.registry import Knowledge
from levamen.pathway.expectations_pump import pump_differences
from levamen.pathway.implant.review import WayReview, device_review, removal_due
from levamen.pathway.implant.shown import as_known
from levamen.pathway.refill import PUMP
from levamen.record.facts import Device, Record


def device_differences(
    record: Record, expect: Mapping[str, Any], knowledge: Knowledge, as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out in the words of the expectation, and how it differs."""
    if "device" in expect and _is_pump(record, str(expect["device"])):
        return pump_differences(record, expect, as_of)
    if "device" in expect:
        got = _device(record, str(expect["device"]), as_of)
    else:
        decides = expect.get("decides", [])
        named = [str(name) for name in (decides if isinstance(decides, list) else [decides])]
        got = _way(record, str(expect["implant"]), knowledge, as_of, named)
    return got, tuple(_differences(expect, got))


def _is_pump(record: Record, id: str) -> bool:
    return any(isinstance(fact, Device) and fact.id == id and fact.kind == PUMP for fact in record.facts)


def _device(record: Record, id: str, as_of: date | datetime) -> dict[str, Any]:
    """When a sixty-day lead is to be out. Other kinds of device have other keys."""
    found = next((f for f in record.facts if isinstance(f, Device) and f.id == id and seen(f, as_of)), None)
    known = as_known(found, as_of) if found is not None else None
    due = removal_due(known) if isinstance(known, Device) else None
    return {"removal_due": due.isoformat()} if due is not None else {}


def _way(record: Record, id: str, knowledge: Knowledge, as_of: date | datetime, decides: list[str]) -> dict[str, Any]:
    review = device_review(record, knowledge, as_of, decides)
    found = next((way for way in review.ways if id in way.way.ids), None)
    return _words(found) if found is not None else {}


def _words(found: WayReview) -> dict[str, Any]:
    words = {"passed": "passed", "failed": "failed", "cannot tell": "open", "two readings": "open"}
    told: dict[str, Any] = {
        "state": found.standing.state,
        "trial": found.outcome,
        "repeats": str(found.standing.repeats),
        "asks": [guard.id for row in found.ahead for guard, _ in row.open],
        "decides": sorted(found.asked.deciding),
    }
    for answer in found.asked.answers:
        told.setdefault(words[answer.word], []).append(answer.policy)
    return {key: value for key, value in told.items() if value not in (None, [])}


_LISTS = ("passed", "failed", "open", "asks", "decides")
_NEVER = ("device", "implant", "because", "note", "author", "recorded", "source")


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    for key, wanted in expect.items():
        if key in _NEVER:
            continue
        if key in _LISTS:
            names = wanted if isinstance(wanted, list) else [wanted]
            have = got.get(key, [])
            for name in names:
                if str(name) not in have:
                    yield f"{key}: expected {name}, got {', '.join(have) or 'nothing'}"
        elif got.get(key) != str(wanted):
            yield f"{key}: expected {wanted}, got {got.get(key, 'nothing')}"
