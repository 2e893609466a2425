"""What was counted of some treatments, to keep and to add again: so a million of them are read once and not each time.

A cell is a tally as plain data. Cells of one day (`as_of`) add up to what counting all their rows would have given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct, json

from levamen.knowledge.results_tables import ResultsTables
from levamen.outcomes.answer import Word
from levamen.outcomes.cohort_rows import FoundBy, TreatmentRow
from levamen.outcomes.cohort_tally import MonthDays, Reached, Tally
from levamen.outcomes.loss_curve import Span
from levamen.outcomes.relief_time import EndKind

Event = tuple[bool | None, bool, str, str | None, FoundBy | None]
Asked = bool | None
_K = TypeVar("_K")


class Cell(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tally: each counter as its keys with their counts, in an order that is the same for the same counts."""

    done: int
    answered: int = 0
    below_floor: int = 0
    with_baseline: int = 0
    visits: tuple[tuple[str, tuple[tuple[Reached, int], ...]], ...] = ()
    ended: tuple[tuple[str, int], ...] = ()
    pending: tuple[tuple[str, int], ...] = ()
    at_first: tuple[tuple[Word, int], ...] = ()
    spans: tuple[tuple[Span, int], ...] = ()
    ends: tuple[tuple[EndKind, int], ...] = ()
    instead: tuple[tuple[Span, int], ...] = ()
    reached: tuple[tuple[int, int], ...] = ()
    asked: tuple[tuple[Asked, int], ...] = ()
    events: tuple[tuple[Event, int], ...] = ()
    with_event: tuple[tuple[Asked, int], ...] = ()
    with_serious: tuple[tuple[Asked, int], ...] = ()
    severity_open: tuple[tuple[Asked, int], ...] = ()


_NUMBERS = ("done", "answered", "below_floor", "with_baseline")
_COUNTERS = tuple(name for name in Cell.__struct_fields__ if name not in (*_NUMBERS, "visits"))
_DECODER = json.Decoder(Cell)


def counted(rows: Iterable[TreatmentRow], as_of: date, tables: ResultsTables) -> Tally:
    """The tally of some rows of one group as of a day."""
    tally, days_of = empty(as_of, tables), MonthDays(tables.months)
    for row in rows:
        tally.add(row, days_of)
    return tally


def empty(as_of: date, tables: ResultsTables) -> Tally:
    """A tally of nothing."""
    return Tally(as_of, tables.first_level, tables.months, tables.serious)


def encoded(tally: Tally) -> str:
    """The tally as one line of JSON; the same counts give the same line."""
    said: dict[str, Any] = {name: _sorted(getattr(tally, name)) for name in _COUNTERS}
    visits = tuple((visit, _sorted(counts)) for visit, counts in sorted(tally.visits.items()))
    numbers: dict[str, Any] = {name: getattr(tally, name) for name in _NUMBERS}
    return json.encode(Cell(visits=visits, **numbers, **said)).decode()


def decoded(text: str, as_of: date, tables: ResultsTables) -> Tally:
    """The tally of such a line. Raises msgspec.ValidationError where it is none."""
    cell, tally = _DECODER.decode(text), empty(as_of, tables)
    for name in _NUMBERS:
        setattr(tally, name, getattr(cell, name))
    for name in _COUNTERS:
        setattr(tally, name, Counter(dict(getattr(cell, name))))
    for visit, counts in cell.visits:
        tally.visits[visit] = Counter(dict(counts))
    return tally


def _sorted(counts: Mapping[_K, int]) -> tuple[tuple[_K, int], ...]:
    return tuple(sorted(((key, count) for key, count in counts.items() if count), key=lambda row: repr(row[0])))
