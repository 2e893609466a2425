"""What a chart expects of the authorization packet of a request: whether one is needed, its state, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.knowledge.registry import Knowledge
from levamen.pathway.authorization.packet import packet
from levamen.record.facts import Record

_PARTS = ("missing", "crossed", "attachments")
"""Keys whose texts are compared as parts, each of them somewhere; an empty list says that there are none."""
_EXACT = ("needed", "state", "expires", "valid_until")


def packet_differences(
    record: Record, expect: Mapping[str, Any], knowledge: Knowledge, as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. `programs` maps the id of a program's duty to yes, no or unknown."""
    wanted = str(expect["packet"])
    request = next((row for row in record.requests if row.id == wanted), None)
    if request is None:
        return {}, (f"packet: {wanted} is no request of the chart",)
    numbers = expect.get("numbers", [])
    billed = [str(number) for number in (numbers if isinstance(numbers, list) else [numbers])]
    made = packet(record, request, knowledge, as_of, numbers=billed)
    got: dict[str, Any] = {
        "packet": wanted,
        "needed": made.need.needed,
        "programs": {row.id: row.needed for row in made.need.programs},
        "state": made.state,
        "missing": list(made.missing),
        "crossed": list(made.crossed),
        "attachments": [f"{row.what} {row.fact}" for row in made.attachments],
        "expires": made.expires.isoformat() if made.expires is not None else "none",
        "valid_until": made.valid_until.isoformat() if made.valid_until is not None else "none",
    }
    return got, tuple(_differences(expect, got))


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    for key in _EXACT:
        if key in expect and str(expect[key]) != got[key]:
            yield f"{key}: expected {expect[key]}, got {got[key]}"
    for key in _PARTS:
        if key not in expect:
            continue
        names = expect[key] if isinstance(expect[key], list) else [expect[key]]
        if not names and got[key]:
            yield f"{key}: expected none, got {', '.join(got[key])}"
        for name in names:
            if not any(str(name).lower() in text.lower() for text in got[key]):
                yield f"{key}: expected {name}, got {', '.join(got[key]) or 'none'}"
    for id, needed in expect.get("programs", {}).items():
        if got["programs"].get(id, "does not speak") != str(needed):
            yield f"program {id}: expected {needed}, got {got['programs'].get(id, 'does not speak')}"
