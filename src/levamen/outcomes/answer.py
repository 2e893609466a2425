"""Yes, no or unknown, each with its reason: unknown is never no."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from levamen.criteria.measure import test
from levamen.criteria.nodes import Cite, Limit, Operator
from levamen.criteria.truth import Status
from levamen.record.timeline import Interval

Word = Literal["yes", "no", "unknown"]
_WORDS: dict[Status, Word] = {"met": "yes", "not_met": "no", "unknown": "unknown", "ambiguous": "unknown"}


class Answer(Struct, frozen=True, kw_only=True):
    """One answer. `reason` says why it is unknown, or what was found; `read` are ids of the facts it was taken from."""

    id: str
    word: Word
    reason: str = ""
    value: Interval | None = None
    read: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()


class Finding(Struct, frozen=True, kw_only=True):
    """Something to look at: it warns, and decides nothing. `reason` is what was found in the record."""

    id: str
    says: str
    reason: str
    cites: tuple[Cite, ...] = ()


def word_of(status: Status) -> Word:
    """A status as yes, no or unknown; where readings differ nothing is known."""
    return _WORDS[status]


def reaches(value: Interval | None, limit: Limit) -> Word:
    """Whether a value reaches a threshold; unknown where it is not measured, or lies on both sides."""
    return "unknown" if value is None else word_of(test(value, limit.operator, limit.amount))


def at_least(value: Interval | None, amount: Decimal, operator: Operator = ">=") -> Word:
    """Whether a value is at least so much."""
    return "unknown" if value is None else word_of(test(value, operator, amount))


def hull(values: Iterable[Interval]) -> Interval | None:
    """The span that holds all of some values; None of nothing."""
    found = list(values)
    if not found:
        return None
    highs = [value.high for value in found]
    return Interval(
        min(value.low for value in found),
        None if None in highs else max(high for high in highs if high is not None),
    )


def percent(value: Interval | None) -> str:
    """Per cent as it is shown: at most two decimals, cut off, so that nothing below a threshold reads as at it."""
    if value is None:
        return "not measured"
    low = _cut(value.low)
    if value.high is None:
        return f"{low} % or more"
    return f"{low} %" if value.exact else f"{low} to {_cut(value.high)} %"


def _cut(number: Fraction) -> str:
    hundredths = abs(number) * 100 // 1
    text = f"{Decimal(int(hundredths)) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"-{text}" if number < 0 and text != "0" else text


def any_of(words: Iterable[Word]) -> Word:
    """Yes where one is, no where all are no, else unknown; of nothing: unknown."""
    found = list(words)
    if "yes" in found:
        return "yes"
    return "no" if found and all(word == "no" for word in found) else "unknown"
