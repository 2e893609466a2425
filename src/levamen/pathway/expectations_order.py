"""What a chart expects of a request in the usual order of care: its step, what is missing before it, its exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.pathway.order_of_care import order_of_care
from levamen.record.facts import Record, Request


def order_differences(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime, requests: tuple[Request, ...]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. `rung` and `missing` are compared exactly, `exceptions` as far as named."""
    wanted = str(expect["order"])
    found = next((row for row in order_of_care(record, as_of, requests).placed if row.request.id == wanted), None)
    if found is None:
        return {}, (f"order: {wanted} is no request of the chart",)
    got: dict[str, Any] = {
        "order": wanted,
        "rung": str(found.rung.number) if found.rung is not None else "none",
        "missing": [str(step.rung.number) for step in found.missing],
        "exceptions": {row.departure.id: row.state for row in found.departures},
    }
    return got, tuple(_differences(expect, got))


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    if "rung" in expect and str(expect["rung"]) != got["rung"]:
        yield f"rung: expected {expect['rung']}, got {got['rung']}"
    if "missing" in expect:
        wanted = [str(number) for number in expect["missing"]]
        if wanted != got["missing"]:
            yield f"missing: expected {', '.join(wanted) or 'none'}, got {', '.join(got['missing']) or 'none'}"
    for id, state in expect.get("exceptions", {}).items():
        if got["exceptions"].get(id, "not for this therapy") != str(state):
            yield f"exception {id}: expected {state}, got {got['exceptions'].get(id, 'not for this therapy')}"
