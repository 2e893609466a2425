"""Values that every JSON of ours writes alike: citations, days, intervals, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from levamen.adapters.balance import Balance
from levamen.criteria.nodes import Cite
from levamen.derive.periods import shown
from levamen.knowledge.agents import Statement
from levamen.record.timeline import Interval

Json = dict[str, Any]
_PLACES = 10_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def as_line(document: Json) -> bytes:
    """One document as one line of JSON; a decimal is a number."""
    return _ENCODER.encode(document)


def many(format: str, name: str, encoded: Iterable[bytes]) -> bytes:
    """Documents already encoded, as one."""
    return b'{"format":"%s","%s":[%s]}' % (format.encode(), name.encode(), b",".join(encoded))


def read_of(balance: Balance) -> Json:
    """How much of an input was read."""
    return {
        "items": balance.items,
        "accepted": balance.accepted,
        "ignored": balance.ignored,
        "rejected": balance.rejected,
    }


def present(fields: Json) -> Json:
    """Absent, never null; lists stay, empty too."""
    return {name: value for name, value in fields.items() if value is not None}


def without_empty(fields: Json) -> Json:
    """Absent, never null; an empty list, mapping or text says nothing and is left out."""
    return {name: value for name, value in fields.items() if value not in (None, [], {}, "")}


def cites(found: Iterable[Cite]) -> list[Json]:
    """Where a value stands, and how well that is known."""
    return [{"source": cite.source, "locator": cite.locator, "mark": cite.mark} for cite in found]


def statement(row: Statement) -> Json:
    """What a source says, in words."""
    return {"id": row.id, "topic": row.topic, "says": row.says, "cites": cites(row.cites)}


def iso(day: date | None) -> str | None:
    """A day; None stays None."""
    return day.isoformat() if day is not None else None


def interval(value: Interval | None) -> Json | None:
    """`low` rounded down and `high` rounded up, so that what is written always holds the exact one; no `high`: open."""
    if value is None:
        return None
    found: Json = {"low": decimal(value.low, up=False)}
    if value.high is not None:
        found["high"] = decimal(value.high, up=True)
    return {**found, "text": shown(value)}


def decimal(value: Fraction, *, up: bool) -> Decimal:
    """At most four places."""
    scaled = -((-value * _PLACES).__floor__()) if up else (value * _PLACES).__floor__()
    return (Decimal(scaled) / _PLACES).normalize() + 0
