"""A hold as bars on a line of days: where each thing lies between the first midnight and the last, as elapsed time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from levamen.emit.plan.words import Clock, day_words, drug_name
from levamen.pathway.periprocedural.answers import DrugAnswer, Plan
from levamen.record.timeline import start_of_day

_LABELS = 9
"""Days that can carry a label side by side; of more, every second, third … one does."""


_LETTERS = 100
"""Letters that the whole line can carry."""


class Span(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A stretch of the line, both ends as shares of it."""

    start: float
    end: float
    label: str
    kind: str = ""
    visit: bool = False


class Mark(Struct, frozen=True):
    at: float
    label: str
    kind: str


class Row(Struct, frozen=True):
    name: str
    bars: tuple[Span, ...]
    marks: tuple[Mark, ...]


class Strip(Struct, frozen=True):
    """The line of days, a row for each drug that is held, and the procedure upon it."""

    days: tuple[Span, ...]
    rows: tuple[Row, ...]
    start: float
    label: str


def strip(plan: Plan) -> Strip | None:
    """The strip of a plan; none where no drug has a stop."""
    held = [drug for drug in plan.active.drugs if drug.stop_at is not None]
    if plan.start is None or not held:
        return None
    names = ("last_dose", "stop_at", "restart_from", "first_dose")
    moments = [plan.start, *(at for drug in held for name in names if (at := getattr(drug, name)) is not None)]
    first = min(moments).astimezone(plan.zone).date()
    last = max(moments).astimezone(plan.zone).date()
    line = _Line(plan, first, last + timedelta(days=1))
    return Strip(
        days=line.days(),
        rows=tuple(line.row(drug) for drug in held),
        start=line.share(plan.start),
        label=f"{plan.start.astimezone(plan.zone):%H:%M}",
    )


class _Line:
    def __init__(self, plan: Plan, first: date, end: date) -> None:
        self.plan, self.clock, self.first, self.end = plan, Clock(plan), first, end
        self.zero = start_of_day(first, plan.zone)
        self.length = start_of_day(end, plan.zone) - self.zero

    def share(self, at: datetime) -> float:
        return round((at - self.zero) / self.length, 5)

    def days(self) -> tuple[Span, ...]:
        count = (self.end - self.first).days
        step = -(-count // _LABELS)
        visit = (self.plan.on - self.first).days
        found = []
        for index in range(count):
            day = self.first + timedelta(days=index)
            found.append(
                Span(
                    self.share(start_of_day(day, self.plan.zone)),
                    self.share(start_of_day(day + timedelta(days=1), self.plan.zone)),
                    day_words(day)[:6] if (index - visit) % step == 0 else "",
                    visit=day == self.plan.on,
                )
            )
        return tuple(found)

    def row(self, drug: DrugAnswer) -> Row:
        assert drug.stop_at is not None  # noqa: S101 - only drugs with a stop have a row
        assert self.plan.start is not None  # noqa: S101 - and only a plan with a start has rows
        start = self.share(self.plan.start)
        bars = [_bar(self.share(drug.stop_at), start, f"{drug.hold or 'hold'} without {drug_name(drug.drug)}", "hold")]
        if drug.restart_from is not None:
            again = f"{drug.restart}, then again" if drug.restart else ""
            bars.append(_bar(start, self.share(drug.restart_from), again, "restart"))
        marks = []
        if drug.last_dose is not None:
            marks.append(Mark(self.share(drug.last_dose), f"last dose {self._time(drug.last_dose)}", "last"))
        if drug.first_dose is not None:
            marks.append(Mark(self.share(drug.first_dose), f"first dose {self._time(drug.first_dose)}", "first"))
        return Row(drug_name(drug.drug), tuple(bars), tuple(marks))

    def _time(self, at: datetime) -> str:
        local = at.astimezone(self.plan.zone)
        return f"{day_words(local.date())[:6]} {local:%H:%M}"


def _bar(start: float, end: float, label: str, kind: str) -> Span:
    """A bar with its label where that fits into it; the times stand in words elsewhere."""
    return Span(start, end, label if (end - start) * _LETTERS > len(label) else "", kind)
