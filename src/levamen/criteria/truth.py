"""The four values and how they combine (design 3.1, Combining)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Status = Literal["met", "not_met", "unknown", "ambiguous"]
Reason = Literal[
    "unverified", "conflicting", "stale", "value_missing", "outside_completeness", "not_recorded", "contractor"
]
REASONS: tuple[Reason, ...] = (
    "unverified",
    "conflicting",
    "stale",
    "value_missing",
    "outside_completeness",
    "not_recorded",
    "contractor",
)
"""In the order in which they are given: the first that fits."""

# For each operation, the value that decides first, then the next, ... De Morgan holds because the orders mirror.
_AND: tuple[Status, ...] = ("not_met", "unknown", "ambiguous", "met")
_OR: tuple[Status, ...] = ("met", "unknown", "ambiguous", "not_met")


def conjunction(values: Iterable[Status]) -> Status:
    """And; of nothing, met."""
    found = set(values)
    return next((value for value in _AND if value in found), "met")


def disjunction(values: Iterable[Status]) -> Status:
    """Or; of nothing, not met."""
    found = set(values)
    return next((value for value in _OR if value in found), "not_met")


def negation(value: Status) -> Status:
    """Not: swaps met and not_met and keeps the others."""
    swapped: dict[Status, Status] = {"met": "not_met", "not_met": "met"}
    return swapped.get(value, value)


def over_readings(values: Iterable[Status]) -> Status:
    """One test under every reading its source allows: agreed, else undecided in any, else ambiguous."""
    found = set(values)
    if len(found) == 1:
        return found.pop()
    return "unknown" if "unknown" in found else "ambiguous"


def first_reason(reasons: Iterable[Reason]) -> Reason:
    """The first that fits, in the order of the contract."""
    return min(reasons, key=REASONS.index, default="not_recorded")
