"""Where everything of a trend lies, as exact shares of the picture's width and of each panel's height.

Every picture, on screen, on paper or in a terminal, is drawn from these positions; none computes its own. `x` runs
from the first midnight (0) to the last (1), `y` from the lower end of a scale (0) to its upper end (1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.knowledge.instruments.rows import Band, BandSet
from levamen.pathway.trend_marks import TrendMark
from levamen.pathway.trend_series import TrendPoint, TrendSeries
from levamen.pathway.trends import Step, Trend
from levamen.record.timeline import When, add_months

_DAY_SECONDS = 86_400
_STEPS = (Fraction(1, 2), *map(Fraction, (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)))
_MOST_INTERVALS = 4
_MOST_TICKS = 6


class Tick(Struct, frozen=True):
    at: Fraction
    label: str


class Span(Struct, frozen=True):
    """A stretch from one share to another; a point in time has both ends alike."""

    low: Fraction
    high: Fraction

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2


class Placed(Struct, frozen=True, kw_only=True):
    """A point in the picture. `y` is absent where there is no score, or only a range (`span`).

    `again`: how many points of the series lie at the very same place before it.
    """

    point: TrendPoint
    x: Span
    y: Fraction | None = None
    span: Span | None = None
    again: int = 0


class Line(Struct, frozen=True, kw_only=True):
    """A line between two points of one series."""

    before: Placed
    after: Placed
    dashed: bool


class Stripe(Struct, frozen=True, kw_only=True):
    """A band of the scale."""

    band: Band
    y: Span


class Panel(Struct, frozen=True, kw_only=True):
    """One series. `undated` are the points that have no place in time; they stand in the tables."""

    series: TrendSeries
    low: Fraction
    high: Fraction
    ticks: tuple[Tick, ...]
    points: tuple[Placed, ...]
    lines: tuple[Line, ...]
    stripes: tuple[Stripe, ...]
    bands: BandSet | None
    undated: tuple[TrendPoint, ...]


class PlacedMark(Struct, frozen=True):
    mark: TrendMark
    x: Span


class PlacedStep(Struct, frozen=True):
    step: Step
    x: Span
    y: Fraction | None


class Layout(Struct, frozen=True, kw_only=True):
    """The whole picture. `now`: where what is known ends, if that is before the end of the picture."""

    trend: Trend
    ticks: tuple[Tick, ...]
    marks: tuple[PlacedMark, ...]
    panels: tuple[Panel, ...]
    now: Fraction | None
    steps: tuple[PlacedStep, ...]
    opioid_ticks: tuple[Tick, ...]


def layout(found: Trend) -> Layout:
    """The positions of a trend."""
    axis = Axis(found.start, found.end, found.zone)
    top, ticks = _opioid_axis(found)
    steps = found.opioids.steps if found.opioids is not None else ()
    return Layout(
        trend=found,
        ticks=axis.ticks(),
        marks=tuple(PlacedMark(mark, axis.span(mark.when)) for mark in found.marks if mark.shown and mark.when),
        panels=tuple(_panel(series, axis) for series in found.series),
        now=axis.day(found.as_of + timedelta(days=1)) if found.as_of < found.end else None,
        steps=tuple(
            PlacedStep(
                step,
                Span(axis.day(step.first), axis.day(step.last + timedelta(days=1))),
                step.mme / top if step.mme is not None else None,
            )
            for step in steps
        ),
        opioid_ticks=ticks,
    )


class Axis:
    """The line of days."""

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        self.first, self.last, self.zone = first, last, zone
        self.days = (last - first).days + 1

    def day(self, day: date, seconds: int = 0) -> Fraction:
        passed, whole = (day - self.first).days * _DAY_SECONDS + seconds, self.days * _DAY_SECONDS
        return Fraction(min(max(passed, 0), whole), whole)

    def span(self, when: When) -> Span:
        """An instant where it lies, a day at its noon, a partial date from its first midnight to its last."""
        if when.at is not None:
            local: datetime = when.at.astimezone(self.zone)
            at = self.day(local.date(), local.hour * 3600 + local.minute * 60 + local.second)
            return Span(at, at)
        if when.exact:
            noon = self.day(when.first, _DAY_SECONDS // 2)
            return Span(noon, noon)
        return Span(self.day(when.first), self.day(when.last + timedelta(days=1)))

    def ticks(self, most: int = _MOST_TICKS) -> tuple[Tick, ...]:
        """At most so many days, weeks, months or years with their names; the first one names its year."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        if months <= 2:
            step = next(count for count in (1, 2, 7, 14, 28) if self.days <= count * most or count == 28)
            days = [self.first + timedelta(days=count) for count in range(0, self.days, step)]
            return tuple(Tick(self.day(day), _day_label(day, first=day == days[0])) for day in days)
        every = next(count for count in (1, 2, 3, 6, 12, 24, 60, 120, 240) if months <= count * most)
        month = date(self.first.year, 1, 1)
        starts = []
        while month <= self.last:
            if month >= self.first:
                starts.append(month)
            month = add_months(month, every)
        return tuple(
            Tick(self.day(day), _month_label(day, first=day == starts[0], years=every >= 12)) for day in starts
        )


def _day_label(day: date, *, first: bool) -> str:
    return f"{day.day} {day:%b %Y}" if first else f"{day.day} {day:%b}"


def _month_label(day: date, *, first: bool, years: bool) -> str:
    if years:
        return f"{day:%Y}"
    return f"{day:%b %Y}" if first or day.month == 1 else f"{day:%b}"


def _panel(series: TrendSeries, axis: Axis) -> Panel:
    low, high = _ends(series)
    height = high - low
    seen: dict[tuple[When, Fraction | None, Fraction | None, Fraction | None], int] = {}
    placed: list[Placed] = []
    for point in series.points:
        if point.when is None:
            continue
        x = axis.span(point.when)
        y = (point.value - low) / height if point.value is not None else None
        span = (
            Span((point.low - low) / height, (point.high - low) / height)
            if point.low is not None and point.high is not None
            else None
        )
        place = (point.when, point.value, point.low, point.high)
        again = seen.get(place, 0)
        seen[place] = again + 1
        placed.append(Placed(point=point, x=x, y=y, span=span, again=again))
    bands = next((row for row in series.bands if all(band.of is None for band in row.rows)), None)
    return Panel(
        series=series,
        low=low,
        high=high,
        ticks=scale_ticks(low, high),
        points=tuple(placed),
        lines=tuple(_lines(placed)),
        stripes=tuple(_stripes(bands, low, high)) if bands is not None else (),
        bands=bands,
        undated=tuple(point for point in series.points if point.when is None),
    )


def _ends(series: TrendSeries) -> tuple[Fraction, Fraction]:
    """The ends of the scale, taken out to a whole step where a value lies beyond them or no end is confirmed."""
    values = [end for row in series.points for end in (row.value, row.low, row.high) if end is not None]
    low = series.low if series.low is not None else min([Fraction(0), *values])
    high = series.high if series.high is not None else max([Fraction(1), *values])
    if series.kind == "relief" or series.high is None:
        step = _step(low, high)
        low, high = (low / step).__floor__() * step, -((-high / step).__floor__()) * step
    return Fraction(low), Fraction(high)


def _step(low: Fraction, high: Fraction) -> Fraction:
    span = high - low
    largest = _STEPS[-1]
    return next((step for step in _STEPS if span <= step * _MOST_INTERVALS), largest * (-(-span // (largest * 4))))


def scale_ticks(low: Fraction, high: Fraction) -> tuple[Tick, ...]:
    """Both ends of a scale, and round numbers between them that keep half a step from the ends."""
    step = _step(low, high)
    first = -(-low // step)
    inner = [first * step + count * step for count in range(_MOST_INTERVALS + 2)]
    values = [low, *(value for value in inner if low + step / 2 <= value <= high - step / 2), high]
    return tuple(Tick((value - low) / (high - low), _plain(value)) for value in values)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4g}"


def _opioid_axis(found: Trend) -> tuple[Fraction, tuple[Tick, ...]]:
    values = [step.mme for step in found.opioids.steps if step.mme is not None] if found.opioids is not None else []
    most = max([Fraction(1), *values])
    step = _step(Fraction(0), most)
    top = -((-most / step).__floor__()) * step
    return Fraction(top), scale_ticks(Fraction(0), Fraction(top)) if found.opioids is not None else ()


def _lines(placed: Sequence[Placed]) -> Iterable[Line]:
    """From each joined point back to the one before it: of relief, to the one before it of the same procedure."""
    before: dict[int | None, Placed] = {}
    for row in placed:
        last = before.get(row.point.procedure)
        if row.point.joined != "none" and last is not None:
            yield Line(before=last, after=row, dashed=row.point.joined == "dashed")
        if row.y is not None:
            before[row.point.procedure] = row


def _stripes(bands: BandSet, low: Fraction, high: Fraction) -> Iterable[Stripe]:
    for place, band in enumerate(bands.rows):
        following = bands.rows[place + 1].low if place + 1 < len(bands.rows) else None
        ends = Fraction(band.low), Fraction(following) if following is not None else high
        inside = [(min(max(end, low), high) - low) / (high - low) for end in ends]
        if inside[0] < inside[1]:
            yield Stripe(band=band, y=Span(inside[0], inside[1]))


def rows_apart(spans: Sequence[Span], gap: Fraction) -> tuple[int, ...]:
    """For each span in turn the first row in which it keeps `gap` from the one before."""
    reach: list[Fraction] = []
    found = []
    for span in spans:
        row = next((place for place, end in enumerate(reach) if span.middle >= end + gap), len(reach))
        if row == len(reach):
            reach.append(span.middle)
        reach[row] = span.middle
        found.append(row)
    return tuple(found)
