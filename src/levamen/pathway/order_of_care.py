"""Where a request stands in the usual order of care: what of the earlier steps is on record, and what leaves the order.

It is shown beside the verdicts. It blocks nothing and changes no verdict: no authority issues the order as a whole. A
step that the record does not name is *not on record*; *not tried* is said only where the record is declared complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.situation import Situation
from levamen.derive.index_pain import near, region_of
from levamen.derive.periods import moment_of
from levamen.derive.tried import Tried, TriedTable, closed_since, tried
from levamen.derive.views import local_day, situation, zone_of
from levamen.knowledge.order_of_care import packaged_order
from levamen.knowledge.order_of_care.rows import Departure, OrderOfCare, Rung
from levamen.pathway.order_of_care_signs import DepartureState, departure_state, looks
from levamen.record import codes
from levamen.record.facts import Pain, Record, Request

StepState = Literal["on-record", "perhaps", "not-tried", "not-recorded"]
"""perhaps: it hangs on a day, or on a medicine that nobody could name. not-tried: the record is declared to hold all of
it since the pain began, and has none."""
_TITLES_TOLD = 3


class Step(Struct, frozen=True, kw_only=True):
    """One step as the record has it, with the courses, medicines and procedures that belong to it.

    `looks`: of the first step, what else it looks at, each with whether it is on record.
    """

    rung: Rung
    state: StepState
    rows: tuple[Tried, ...] = ()
    looks: tuple[tuple[str, bool], ...] = ()


class Departing(Struct, frozen=True, kw_only=True):
    """An exception as the record has it. `because`: what of the record says that it holds, or points that way."""

    departure: Departure
    state: DepartureState
    because: str | None = None


class Placed(Struct, frozen=True, kw_only=True):
    """A request in the order. `rung` is None where the order does not place its therapy.

    `steps` are the earlier steps that are expected before it; `missing` those of them that are not on record.
    """

    request: Request
    rung: Rung | None
    steps: tuple[Step, ...] = ()
    missing: tuple[Step, ...] = ()
    departures: tuple[Departing, ...] = ()

    @property
    def left(self) -> bool:
        """Whether an exception holds: then nothing of the order is expected."""
        return any(row.state == "holds" for row in self.departures)

    @property
    def note(self) -> str | None:
        """What is told beside the verdicts; None where nothing is missing or an exception holds."""
        if not self.missing or self.left:
            return None
        told = [
            f"{words}: {', '.join(step.rung.short for step in self.missing if step.state == state)}"
            for state, words in (("not-recorded", "not on record"), ("not-tried", "not tried"))
            if any(step.state == state for step in self.missing)
        ]
        open_ = [row for row in self.departures if row.state == "may-hold"]
        told_of = (row.departure for row in open_ if row.because or row.departure.ruled_out_by != "problems")
        near_by = [row.title for row in told_of][:_TITLES_TOLD]
        unless = ", ".join([*near_by, *(["another exception"] if len(near_by) < len(open_) else [])])
        aside = "an order that awaits confirmation and decides nothing"
        return f"earlier steps {'; '.join(told)}{f'; unless {unless}' if unless else ''} ({aside})"


class OrderSheet(Struct, frozen=True, kw_only=True):
    """The steps of the whole record, and each request in the order."""

    as_of: date
    steps: tuple[Step, ...]
    placed: tuple[Placed, ...]


def order_of_care(
    record: Record,
    as_of: date | datetime,
    requests: Sequence[Request] | None = None,
    *,
    kept: frozenset[str] = frozenset(),
) -> OrderSheet:
    """The order as known as of a day or an instant. `requests` replaces those of the chart.

    `kept` are the ids of requests whose governing policy is met: the order of that policy was kept.
    """
    order = packaged_order()
    moment = moment_of(record, as_of, local_day(as_of, zone_of(record)))
    table = tried(record, moment)
    since = _birth(record)
    steps = tuple(_step(rung, table.rows, table, since, looked=looks(rung, record, moment)) for rung in order.rungs)
    asked = record.requests if requests is None else requests
    placed = tuple(
        place(record, request, situation(record, request, as_of, _service_day(request, moment.as_of)), as_of, kept=kept)
        for request in asked
    )
    return OrderSheet(as_of=moment.as_of, steps=steps, placed=placed)


def place(
    record: Record,
    request: Request,
    seen: Situation,
    as_of: date | datetime,
    *,
    kept: frozenset[str] = frozenset(),
    order: OrderOfCare | None = None,
) -> Placed:
    """One request in the order, from what may be looked at to judge it."""
    held = order or packaged_order()
    rung = held.rung_of(request.therapy)
    if rung is None or request.therapy is None:
        return Placed(request=request, rung=None)
    moment = moment_of(record, as_of, seen.on)
    table = tried(record, moment)
    counted = tuple(_counted(table.rows, request, seen))
    since = seen.episode or _birth(record)
    planned = frozenset(
        row.fact.therapy for row in seen.views["procedures"] if row.fact.id in _planned(record, request)
    )
    found = {step.number: _step(step, counted, table, since, planned=planned) for step in held.rungs}
    expected = [step for step in held.rungs if step.expected_before(request.therapy, rung.number)]
    steps = tuple(_stood_in(found[step.number], found, rung.number) for step in expected)
    departures = tuple(
        Departing(departure=row, state=state, because=because)
        for row in held.exceptions
        if row.is_for(request.therapy, request.region)
        for state, because in [departure_state(row, record, seen, moment, kept=request.id in kept)]
    )
    missing = tuple(step for step in steps if step.state in ("not-tried", "not-recorded"))
    return Placed(request=request, rung=rung, steps=steps, missing=missing, departures=departures)


def _service_day(request: Request, as_of: date) -> date:
    return request.start.first if request.start is not None else as_of


def _birth(record: Record) -> date | None:
    """The day from which a record must be complete where nobody knows since when the pain is there."""
    return record.person.birth_date.first if record.person.birth_date is not None else None


def _planned(record: Record, request: Request) -> frozenset[str]:
    """Ids of the other requests of its plan: what of them comes earlier counts as done."""
    return frozenset(
        other.id for other in record.requests if request.plan is not None and other.plan == request.plan != other.id
    )


def _counted(rows: Sequence[Tried], request: Request, seen: Situation) -> Iterator[Tried]:
    """The rows that may have been for this pain and in its place; a medicine that nobody named may be one for it."""
    places = {request.region, *(region_of(row.fact) for row in seen.views["index-pain"] if isinstance(row.fact, Pain))}
    care = {row.fact.id: row.certain for row in seen.views["conservative-care"]}
    for row in rows:
        if row.kind == "medicine" and row.therapy is None:
            yield replace(row, certain=False)
        elif row.kind == "procedure":
            if _in_place(row, places):
                yield row
        elif row.id in care and (row.kind == "medicine" or _in_place(row, places)):
            yield row if care[row.id] else replace(row, certain=False)


def _in_place(row: Tried, places: set[str | None]) -> bool:
    """Whether it was given where the pain is, or where the request goes; a region that is not recorded may be any."""
    return any(near(row.region, place) or near(place, row.region) for place in places)


def _step(
    rung: Rung,
    rows: Sequence[Tried],
    table: TriedTable,
    since: date | None,
    *,
    looked: tuple[tuple[str, bool], ...] = (),
    planned: frozenset[str | None] = frozenset(),
) -> Step:
    medicines = "medication" in rung.therapies
    found = tuple(
        row
        for row in rows
        if row.therapy in rung.therapies
        or row.classes & rung.therapies
        or (medicines and row.kind == "medicine" and row.therapy is None)
    )
    if rung.looks_at:
        known = [there for _, there in looked]
        state: StepState = "on-record" if known and all(known) else "perhaps" if any(known) else "not-recorded"
    elif planned & rung.therapies or any(row.certain for row in found):
        state = "on-record"
    elif found:
        state = "perhaps"
    else:
        closed = since is not None and all(closed_since(table, word, since) for word in rung.therapies)
        state = "not-tried" if closed else "not-recorded"
    return Step(rung=rung, state=state, rows=found, looks=looked)


def _stood_in(step: Step, found: Mapping[int, Step], number: int) -> Step:
    """The step, or the later one on record that stands for it, so long as that comes before the request."""
    later = step.rung.stands_in
    if step.state in ("on-record", "perhaps") or later is None or later >= number:
        return step
    other = found[later]
    return replace(step, state=other.state, rows=other.rows) if other.state in ("on-record", "perhaps") else step


def result_words(row: Tried) -> str:
    """What came of a course, a medicine or a procedure; `result not recorded` where nobody wrote it down."""
    told = []
    if row.response is not None:
        told.append(codes.label("responses", row.response))
    if row.stopped_because is not None:
        told.append(f"stopped: {codes.label('stop_reasons', row.stopped_because)}")
    if row.best is not None and row.best.exact:
        told.append(f"best relief {float(row.best.low):g} %")
    return "; ".join(told) or "result not recorded"
