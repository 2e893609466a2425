"""A patient's course on one page: pain by complaint, what was done with its relief, steroid, other care, opioids.

Facts alone, as known at a moment. Relief was seen up to the last answer at the level; after it, and where nobody asked,
it is not known and said to be so. A date that is missing stays missing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.derive.conservative_care import CareCourse, courses
from levamen.derive.periods import PERIODS, Done, Moment, done, moment_of
from levamen.derive.steroid import SteroidDose, SteroidTotal, doses, steroid_total
from levamen.derive.views import local_day, seen, zone_of
from levamen.knowledge.response_tables import packaged_response
from levamen.knowledge.steroids import packaged_steroids
from levamen.outcomes.failed import is_judged, role_of
from levamen.outcomes.measured import best, gains, own_rows
from levamen.outcomes.relief_time import HeldRelief, ends, held
from levamen.pathway.headline import target_words
from levamen.pathway.opioids import dated_totals
from levamen.pathway.response import HALF
from levamen.pathway.trend_marks import TrendMark, marks_of
from levamen.pathway.trend_series import TrendSeries
from levamen.pathway.trends import OpioidLine, all_series, opioid_line, within_time
from levamen.record.facts import Pain, Record
from levamen.record.timeline import Interval, When, add_months, known_by

MONTHS = (12, 36)
"""How far back a page looks: a year, or three."""


class Stretch(Struct, frozen=True):
    """Days from one to another, both included. `why` says in words what is known of them."""

    first: date
    last: date
    why: str


class DoneProcedure(Struct, frozen=True, kw_only=True):
    """A procedure. Relief at half or more was `seen` on these days; on those `not_known` it may have been there or not.

    `best`: the best relief in per cent. A test has no stretch: what it showed is its best relief.
    """

    id: str
    title: str
    when: When | None
    certain: bool
    test: bool
    best: Interval | None
    seen: Stretch | None = None
    not_known: Stretch | None = None


class NextDate(Struct, frozen=True):
    """The next day on which something becomes possible, and what."""

    day: date
    what: str


class PatientTimeline(Struct, frozen=True, kw_only=True):
    """What the picture shows from `start` to `end`. `earlier`: how many things with a date lie before it."""

    record: str
    as_of: date
    start: date
    end: date
    zone: ZoneInfo
    pain: tuple[TrendSeries, ...]
    scores: tuple[TrendSeries, ...]
    procedures: tuple[DoneProcedure, ...]
    marks: tuple[TrendMark, ...]
    steroids: tuple[SteroidDose, ...]
    steroid_year: SteroidTotal
    care: tuple[CareCourse, ...]
    opioids: OpioidLine | None
    next: NextDate | None
    earlier: int


def patient_timeline(
    record: Record, as_of: date | datetime, *, months: Literal[12, 36] = 12, next: NextDate | None = None
) -> PatientTimeline:
    """The course of a record as known at a moment, so many months back. `next`: the next earliest date, if any.

    The picture runs on for a sixth of that time, and to the next date where that is no further than half of it.
    """
    moment = moment_of(record, as_of, local_day(as_of, zone_of(record)))
    today = moment.as_of
    start = add_months(today, -months).replace(day=1)
    ahead = add_months(today, months // 6)
    if next is not None and next.day > ahead and next.day <= add_months(today, months // 2):
        ahead = next.day + timedelta(days=months)
    facts = [
        fact
        for fact in record.facts
        if seen(fact, moment.known) and (fact.day is None or known_by(fact.day, moment.known))
    ]
    marks = marks_of(record, facts, moment)
    pains = {fact.id: fact for fact in facts if isinstance(fact, Pain)}
    every = [within_time(row, start, today) for row in all_series(record, facts, marks, moment, pains)]
    kept = [row for row in every if row.points and row.kind == "score"]
    rows = done(record, moment)
    treated = [_procedure(record, row, moment) for row in rows]
    shown = [row for row in treated if _reaches(row, start)]
    others = [row for row in marks if row.kind != "procedure"]
    given = doses(rows, packaged_steroids())
    care = [row for row in courses(facts) if row.kind == "care"]
    totals = dated_totals(record, as_of)
    return PatientTimeline(
        record=record.id,
        as_of=today,
        start=start,
        end=ahead,
        zone=zone_of(record),
        pain=tuple(row for row in kept if _is_pain(row)),
        scores=tuple(row for row in kept if not _is_pain(row)),
        procedures=tuple(shown),
        marks=tuple(row for row in others if row.when is None or row.when.last >= start),
        steroids=tuple(row for row in given if _since(row.source.procedure.start, start)),
        steroid_year=steroid_total(record, given, PERIODS[0], moment),
        care=tuple(row for row in care if _since(row.end, start)),
        opioids=opioid_line(totals, moment, start, today) if totals.totals else None,
        next=next,
        earlier=sum(row.outside for row in every if row.kind == "score")
        + len(treated) - len(shown)
        + sum(row.when is not None and row.when.last < start for row in others)
        + sum(not _since(row.end, start) for row in care),
    )  # fmt: skip


def _is_pain(series: TrendSeries) -> bool:
    """Whether a series is a pain on the scale from 0 to 10; others are shown as numbers."""
    return series.instrument.startswith("nrs")


def _since(when: When | None, start: date) -> bool:
    return when is None or when.last >= start


def _reaches(row: DoneProcedure, start: date) -> bool:
    """Whether a procedure lies in the picture, or the relief that was seen after it does."""
    return _since(row.when, start) or (row.seen is not None and row.seen.last >= start)


def _procedure(record: Record, row: Done, moment: Moment) -> DoneProcedure:
    procedure, role = row.procedure, role_of(row.procedure)
    test = role == "test"
    rows = own_rows(procedure, moment) if test else gains(record, procedure, moment)
    found: tuple[Stretch | None, Stretch | None] = (None, None)
    if not test and is_judged(procedure):
        watch = ends(record, procedure, moment)
        half = next(level.limit for level in packaged_response().levels if level.percent == HALF)
        relief = held(procedure, rows, half, watch)
        stop = next((one.day.first for one in watch if one.sure), moment.as_of)
        found = stretches(relief, min(stop, moment.as_of)) if relief is not None else found
    return DoneProcedure(
        id=procedure.id,
        title=target_words(procedure) or "a procedure that is not named",
        when=procedure.start,
        certain=row.certain,
        test=test,
        best=best(rows),
        seen=found[0],
        not_known=found[1],
    )


def stretches(relief: HeldRelief, stop: date) -> tuple[Stretch | None, Stretch | None]:
    """The days on which relief was seen, and those of which nothing is known, up to the day on which the watch ends."""
    start = relief.start.last
    until = relief.held_until
    seen_days = Stretch(start, until, "seen") if until > start else None
    if relief.state == "lost" and relief.lost_from is not None and relief.lost_to is not None:
        why = "ended" if relief.stated else "lost between these days"
        return seen_days, Stretch(relief.lost_from, relief.lost_to, why) if relief.lost_to > relief.lost_from else None
    why = {
        "holding": "not known after the last answer",
        "undecided": "not known whether it reached half",
        "not measured": "no relief is recorded",
    }[relief.state]
    return seen_days, Stretch(max(until, start), stop, why) if stop > max(until, start) else None
