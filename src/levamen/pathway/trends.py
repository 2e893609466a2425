"""What a record says of a patient over time: scores, relief, procedures and device events as plain data for a picture.

Nothing is interpolated: a point is a fact, and how it is joined to the one before says what is unknown between them.
What was not known at the moment asked is not seen. Bands and changes are shown with their sources; they decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from levamen.derive.periods import Moment, done, moment_of
from levamen.derive.views import local_day, seen, zone_of
from levamen.pathway.opioids import DatedTotals, dated_totals
from levamen.pathway.trend_marks import TrendMark, marks_of
from levamen.pathway.trend_relief import relief_series
from levamen.pathway.trend_series import TrendSeries, outermost, score_series
from levamen.record import codes
from levamen.record.facts import Fact, Pain, Record, Score, called
from levamen.record.timeline import When, known_by
from levamen.text.tree import UnusableInput

OPIOIDS = "mme"
LEAST_DAYS = 28
"""A picture spans four weeks at least, so that one day does not fill it."""


class Step(Struct, frozen=True, kw_only=True):
    """A daily total from one day to another, both included; None where it is not known."""

    first: date
    last: date
    mme: Fraction | None


class OpioidLine(Struct, frozen=True, kw_only=True):
    """The opioids ordered, in MME a day, every order at the most it allows."""

    totals: DatedTotals
    steps: tuple[Step, ...]


class Trend(Struct, frozen=True, kw_only=True):
    """What a picture shows from `start` to `end`, as known at `moment`.

    `outside` counts the points of each series that lie before or after that time.
    """

    record: str
    moment: str
    as_of: date
    start: date
    end: date
    zone: ZoneInfo
    series: tuple[TrendSeries, ...]
    marks: tuple[TrendMark, ...]
    opioids: OpioidLine | None = None


def trend(
    record: Record,
    as_of: date | datetime,
    *,
    instruments: Sequence[str] = (),
    pain: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Trend:
    """The trend of a record as known at a moment. `instruments`: absent, those with a score, and relief.

    `percent-relief` also asks for the relief after procedures, `mme` also for the opioids that were ordered. `pain`
    keeps the scores of one pain and those that name none. Raises UnknownWord, or UnusableInput where nothing is there.
    """
    wanted = tuple(dict.fromkeys(codes.resolve("instruments", name) for name in instruments))
    moment = moment_of(record, as_of, local_day(as_of, zone_of(record)))
    if start is not None and start > (end or moment.as_of):
        known = f"the last day, {end}" if end is not None else f"the day of what is known, {moment.as_of}"
        raise UnusableInput(f"the first day, {start}, is after {known}; give an earlier one")
    facts = [fact for fact in record.facts if seen(fact, moment.known) and _happened(fact.day, moment)]
    pains = {fact.id: fact for fact in record.facts if isinstance(fact, Pain)}
    if pain is not None and pain not in pains:
        known = f"it has {', '.join(pains)}" if pains else "it has none"
        raise UnusableInput(f"{record.id} has no pain '{pain}'; {known}")
    marks = marks_of(record, facts, moment)
    every = all_series(record, facts, marks, moment, pains)
    asked = [row for row in every if (not wanted or row.instrument in wanted) and _of_pain(row, pain)]
    opioids = dated_totals(record, as_of) if OPIOIDS in wanted else None
    _something(record, wanted, pain, every, asked, opioids, moment)
    first, last = _time(asked, opioids, moment, start, end)
    inside = [within_time(row, first, last) for row in asked]
    line = opioid_line(opioids, moment, first, last) if opioids is not None and opioids.totals else None
    if not any(row.points for row in inside) and (line is None or not line.steps):
        raise UnusableInput(f"{record.id} has nothing to draw from {first} to {last}; {_span(asked)}")
    return Trend(
        record=record.id,
        moment=as_of.isoformat(),
        as_of=moment.as_of,
        start=first,
        end=last,
        zone=zone_of(record),
        series=tuple(inside),
        marks=tuple(replace(row, shown=row.when is not None and _overlaps(row.when, first, last)) for row in marks),
        opioids=line,
    )


def _happened(when: When | None, moment: Moment) -> bool:
    return when is None or known_by(when, moment.known)


def _of_pain(series: TrendSeries, pain: str | None) -> bool:
    return pain is None or series.pain in (pain, None)


def all_series(
    record: Record, facts: Sequence[Fact], marks: Sequence[TrendMark], moment: Moment, pains: dict[str, Pain]
) -> list[TrendSeries]:
    """A series for each instrument and pain that has a score, and one of the relief, in the vocabulary's order."""
    scores = [fact for fact in facts if isinstance(fact, Score) and fact.instrument is not None]
    visits = sorted({fact.date.first for fact in scores if fact.date is not None and fact.date.exact})
    groups: dict[tuple[str, str | None], list[Score]] = {}
    for fact in scores:
        groups.setdefault((fact.instrument or "", fact.pain), []).append(fact)
    found = [
        score_series(record, instrument, pains.get(pain) if pain is not None else None, pain, rows, visits)
        for (instrument, pain), rows in groups.items()
    ]
    numbers = {row.fact: row.number for row in marks if row.kind == "procedure"}
    treated = [row.procedure for row in done(record, moment) if row.procedure.id in numbers]
    relief = relief_series(treated, numbers, moment.known)
    found += [relief] if relief is not None else []
    order = {id: place for place, id in enumerate(codes.ids("instruments"))}
    places = {id: place for place, id in enumerate(pains)}
    return sorted(
        found,
        key=lambda row: (
            order[row.instrument],
            row.kind,
            places.get(row.pain or "", len(places)),
            row.pain or "",
        ),
    )


def _time(
    asked: Sequence[TrendSeries], opioids: DatedTotals | None, moment: Moment, start: date | None, end: date | None
) -> tuple[date, date]:
    """From the first point that is asked for to the day of what is known, unless other days are given."""
    today = moment.as_of
    days = [point.when.first for row in asked for point in row.points if point.when is not None]
    days += [row.day for row in opioids.totals if row.day <= today] if opioids is not None else []
    last = end if end is not None else today
    first = start if start is not None else min([*days, last])
    if start is None and (last - first).days < LEAST_DAYS:
        first = last - timedelta(days=LEAST_DAYS - 1)
    return min(first, last), last


def _overlaps(when: When, first: date, last: date) -> bool:
    return when.first <= last and when.last >= first


def within_time(series: TrendSeries, first: date, last: date) -> TrendSeries:
    """The series with the points of a time, each joined only to what is there. Points without a day stay."""
    kept = [row for row in series.points if row.when is None or _overlaps(row.when, first, last)]
    if len(kept) == len(series.points):
        return series
    begun: set[int | None] = set()
    for place, row in enumerate(kept):
        if row.procedure not in begun:
            kept[place] = replace(row, joined="none", gap="")
        begun.add(row.procedure)
    return replace(
        series, points=tuple(kept), outside=len(series.points) - len(kept), latest=outermost(kept, last=True)
    )


def _something(
    record: Record,
    wanted: Sequence[str],
    pain: str | None,
    every: Sequence[TrendSeries],
    asked: Sequence[TrendSeries],
    opioids: DatedTotals | None,
    moment: Moment,
) -> None:
    """Refuses an instrument without a score, and a record without any."""
    day = moment.as_of.isoformat()
    there = {row.instrument for row in asked} | ({OPIOIDS} if opioids is not None and opioids.totals else set())
    has = ", ".join(dict.fromkeys(row.instrument for row in every))
    of = f" of {called(next(f for f in record.facts if f.id == pain and isinstance(f, Pain)))}" if pain else ""
    for id in wanted:
        if id not in there:
            what = "no opioid order and no total" if id == OPIOIDS else f"no score with {id}"
            raise UnusableInput(f"{record.id} has {what}{of} by {day}; {f'it has {has}' if has else 'it has no score'}")
    if not asked and opioids is None:
        raise UnusableInput(f"{record.id} has no score and no relief{of} by {day}: there is nothing to draw")


def _span(asked: Sequence[TrendSeries]) -> str:
    days = [point.when for row in asked for point in row.points if point.when is not None]
    if not days:
        return "no answer has a date"
    return f"its answers run from {min(day.first for day in days)} to {max(day.last for day in days)}"


def opioid_line(found: DatedTotals, moment: Moment, first: date, last: date) -> OpioidLine:
    """The totals as steps up to the day of what is known; nothing is said of the days before the first order."""
    today = moment.as_of
    stop = min(today, last)
    steps = []
    for place, row in enumerate(found.totals):
        following = found.totals[place + 1].day if place + 1 < len(found.totals) else None
        until = stop if following is None else min(stop, following - timedelta(days=1))
        if row.day <= until and until >= first:
            steps.append(Step(first=max(row.day, first), last=until, mme=row.mme))
    return OpioidLine(totals=found, steps=tuple(steps))
