"""The course of a patient in lanes under one line of days: pain, procedures, steroid, other care, opioids, scores.

Solid is what was seen, hatched what is not known, dashed what has no date. Nothing is drawn between two answers but the
line that joins them, and that as the series says. Every mark is a row of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from levamen.derive.conservative_care import CareCourse
from levamen.derive.periods import number, shown
from levamen.emit.pictures.canvas import (
    ACCENT,
    BLUE,
    BROWN,
    INK,
    MUTED,
    RED,
    RULE,
    VIOLET,
    Canvas,
    Table,
    length,
    wide,
)
from levamen.emit.pictures.timeline_words import (
    NO_DATE,
    care_label,
    care_when,
    care_words,
    point_words,
    procedure_label,
    procedure_words,
    series_name,
    step_words,
    steroid_label,
    steroid_words,
    when_words,
)
from levamen.emit.plan.words import day_words
from levamen.emit.trend.layout import Axis, Span
from levamen.pathway.patient_timeline import DoneProcedure, PatientTimeline, Stretch
from levamen.pathway.trend_series import TrendPoint, TrendSeries

WIDTH = 900
_LEFT, _RIGHT = 168.0, 888.0
_PAIN_TALL = 88.0
_MOST_TICKS = 14
_COLOURS = (ACCENT, BROWN, BLUE, VIOLET)


def svg(found: PatientTimeline, *, name: str = "timeline") -> str:
    """The picture."""
    return _Timeline(found, name).drawn()


def table(found: PatientTimeline) -> Table:
    """Everything the picture marks, lane by lane."""
    drawing = _Timeline(found, "timeline")
    drawing.drawn()
    return Table(_title(found), ("Lane", "When", "What"), tuple(drawing.rows))


def _title(found: PatientTimeline) -> str:
    return f"{found.record}, {day_words(found.start)} to {day_words(found.end)}"


class _Extent(Struct, frozen=True):
    """From where to where a thing reaches with its label; `ends`: the label ends there instead of beginning."""

    start: float
    end: float
    ends: bool = False


def _beside(x: float, label: str, limit: float) -> _Extent:
    """A mark with its label on the right of it, or on the left where it would reach too far."""
    broad = wide(label, 11) + 12
    return _Extent(x - 6, x + broad) if x + broad <= limit else _Extent(x - broad, x + 6, ends=True)


def _packed(extents: Sequence[_Extent]) -> list[int]:
    """For each thing in turn the first row in which it covers none before it."""
    reach: list[float] = []
    found = []
    for extent in extents:
        row = next((place for place, end in enumerate(reach) if extent.start > end + 8), len(reach))
        reach[row : row + 1] = [extent.end]
        found.append(row)
    return found


class _Timeline:
    """One picture being drawn from above; `y` is how far it has come."""

    def __init__(self, found: PatientTimeline, name: str) -> None:
        self.found, self.canvas = found, Canvas(name)
        self.axis = Axis(found.start, found.end, found.zone)
        self.rows: list[tuple[str, str, str]] = []
        self.limit = self.day(found.as_of + timedelta(days=1)) - 4
        """How far labels may reach: up to the line of the day that is shown as now."""
        self.y = 28.0

    def drawn(self) -> str:
        self.pain()
        self.procedures()
        self.steroid()
        self.care()
        self.opioids()
        for series in self.found.scores:
            self.score(series)
        bottom = self.y
        self.verticals(bottom)
        self.legend()
        return self.canvas.drawn(WIDTH, self.y + 6, f"Course of {_title(self.found)}", self.described())

    def described(self) -> str:
        lanes: dict[str, int] = {}
        for lane, _, _ in self.rows:
            lanes[lane] = lanes.get(lane, 0) + 1
        said = "; ".join(f"{lane}: {count}" for lane, count in lanes.items())
        earlier = self.found.earlier
        before = f" {earlier} with an earlier date are not shown." if earlier else ""
        return (
            f"Marks in each lane: {said or 'none'}.{before} As of {day_words(self.found.as_of)}."
            " Solid: seen. Hatched: not known. Dashed: no date. The table has every mark in words."
        )

    # ---- pieces

    def x(self, share: Fraction) -> float:
        return _LEFT + float(share) * (_RIGHT - _LEFT)

    def day(self, day: date) -> float:
        return self.x(self.axis.day(day))

    def row(self, lane: str, when: str, what: str) -> int:
        """The place of a new row of the table."""
        self.rows.append((lane, when, what))
        return len(self.rows) - 1

    def mark(self, row: int) -> AbstractContextManager[None]:
        """The marks of a row of the table, which says them when a pointer rests there."""
        return self.canvas.group("; ".join(self.rows[row]), data_row=row)

    def lane(self, title: str, tall: float, *more: str) -> float:
        """Begins a lane: its name and what else is said of it on the left, a rule above; its upper edge."""
        top = self.y + 4
        self.canvas.line(8, self.y, _RIGHT, self.y, stroke=RULE, stroke_opacity=0.5)
        y = self.canvas.lines(8, top + 16, title, _LEFT - 24, 13, bold=True) - 2
        for text in more:
            y = self.canvas.lines(8, y, text, _LEFT - 24, 11, muted=True)
        self.y = max(top + tall, y - 4)
        return top

    # ---- lanes

    def pain(self) -> None:
        series = self.found.pain
        if not series:
            self.nothing(self.lane("Pain, 0 to 10", 28))
            return
        top = self.lane("Pain, 0 to 10", _PAIN_TALL + 12)
        foot = top + 6 + _PAIN_TALL

        def level(value: Fraction) -> float:
            return foot - float(value) / 10 * _PAIN_TALL

        for tick in (0, 5, 10):
            y = level(Fraction(tick))
            self.canvas.line(_LEFT, y, _RIGHT, y, stroke=RULE, stroke_opacity=0.5)
            self.canvas.write(_LEFT - 6, y + 4, str(tick), 11, anchor="end", muted=True)
        names: dict[str, int] = {}
        y = top + 32
        for row in series:
            place = names.setdefault(row.pain or row.about, len(names))
            colour = _COLOURS[place % len(_COLOURS)]
            self.sign(14, y - 4, place, colour)
            label = series_name(row, alone=len({one.instrument for one in series}) == 1)
            y = self.canvas.lines(24, y, f"{place + 1} {label}", _LEFT - 50, 11)
            self.curve(row, place, colour, level)
        self.y = max(self.y, y)

    def curve(self, series: TrendSeries, place: int, colour: str, level: Callable[[Fraction], float]) -> None:
        before: tuple[float, float] | None = None
        marks: list[tuple[int, TrendPoint, float, float | None]] = []
        for point in series.points:
            row = self.row(f"Pain {place + 1} {series_name(series)}", when_words(point.when), point_words(point))
            if point.when is None:
                self.undated(row)
                continue
            x = self.x(self.axis.span(point.when).middle)
            if point.value is None:
                marks.append((row, point, x, None))
                continue
            y = level(point.value)
            if before is not None and point.joined != "none":
                self.canvas.line(
                    *before, x, y, stroke=colour, stroke_width=2,
                    stroke_dasharray="5 4" if point.joined == "dashed" else None,
                )  # fmt: skip
            before = (x, y)
            marks.append((row, point, x, y))
        for row, point, x, at in marks:
            with self.mark(row):
                if at is None:
                    self.canvas.cross(x, level(Fraction(0)) - 4)
                elif point.when is not None and not point.when.exact:
                    self.span_of_days(self.axis.span(point.when), at, colour)
                else:
                    self.sign(x, at, place, colour)

    def sign(self, x: float, y: float, place: int, colour: str) -> None:
        """A disc, a ring, a square or a triangle, one for each complaint."""
        if place % 4 == 0:
            self.canvas.circle(x, y, 4, fill=colour)
        elif place % 4 == 1:
            self.canvas.circle(x, y, 4, fill="none", stroke=colour, stroke_width=2)
        elif place % 4 == 2:
            self.canvas.box(x - 4, y - 4, 8, 8, fill=colour)
        else:
            self.canvas.path(f"M{length(x)} {length(y - 5)}l5 9h-10Z", fill=colour)

    def span_of_days(self, x: Span, y: float, colour: str = INK) -> None:
        """The days on which it may have been."""
        ends = self.x(x.low), self.x(x.high)
        self.canvas.line(ends[0], y, ends[1], y, stroke=colour, stroke_width=2)
        for end in ends:
            self.canvas.line(end, y - 4, end, y + 4, stroke=colour, stroke_width=2)

    def procedures(self) -> None:
        dated = [row for row in self.found.procedures if row.when is not None]
        labels = [procedure_label(row) for row in dated]
        spans = [self.extent(row, label) for row, label in zip(dated, labels, strict=True)]
        rows = _packed(spans)
        marks = [row for row in self.found.marks if row.when is not None]
        tall = (max(rows, default=-1) + 1) * 36 + (26 if marks else 0)
        top = self.lane("Procedures", max(tall, 26), "bars: relief of half or more")
        if not self.found.procedures and not self.found.marks:
            self.nothing(top)
        for done, label, span, place in zip(dated, labels, spans, rows, strict=True):
            assert done.when is not None  # noqa: S101 - only those with a date
            row = self.row("Procedures", when_words(done.when), procedure_words(done))
            y = top + place * 36 + 11
            with self.mark(row):
                self.bar(done.seen, y, known=True)
                self.bar(done.not_known, y, known=False)
                self.diamond(done, y)
                x, anchor = (span.end, "end") if span.ends else (span.start, None)
                self.canvas.write(x, y + 20, label, 11, anchor=anchor)
        y = top + (max(rows, default=-1) + 1) * 36 + 10
        for mark in marks:
            assert mark.when is not None  # noqa: S101 - only those with a date
            row = self.row("Devices and events", when_words(mark.when), mark.title)
            x = self.x(self.axis.span(mark.when).middle)
            fits = x + 12 + wide(mark.title, 11) < self.limit
            with self.mark(row):
                if mark.kind == "device":
                    self.canvas.box(x - 5, y - 5, 10, 10, fill="none", stroke=INK, stroke_width=1.5)
                else:
                    self.canvas.path(
                        f"M{length(x)} {length(y - 6)}l6 11h-12Z", fill="none", stroke=INK, stroke_width=1.5
                    )
                self.canvas.write(x + (10 if fits else -10), y + 4, mark.title, 11, anchor=None if fits else "end")
        for done in self.found.procedures:
            if done.when is None:
                self.undated(self.row("Procedures", NO_DATE, procedure_words(done)))
        for mark in self.found.marks:
            if mark.when is None:
                self.undated(self.row("Devices and events", NO_DATE, mark.title))

    def extent(self, row: DoneProcedure, label: str) -> _Extent:
        """From where to where a procedure reaches with its bar and its label under it."""
        assert row.when is not None  # noqa: S101 - only those with a date
        at = self.x(self.axis.span(row.when).low)
        end = max([at + 8, *(self.day(one.last) for one in (row.seen, row.not_known) if one is not None)])
        start, broad = at - 8, wide(label, 11)
        if start + broad <= self.limit:
            return _Extent(start, max(end, start + broad))
        right = min(max(end, at + 8), self.limit)
        return _Extent(min(start, right - broad), right, ends=True)

    def bar(self, stretch: Stretch | None, y: float, *, known: bool) -> None:
        if stretch is None:
            return
        x, end = self.day(stretch.first), self.day(stretch.last)
        if end - x < 0.5:
            return
        if known:
            self.canvas.box(x, y - 7, end - x, 14, fill=ACCENT)
        else:
            self.canvas.box(
                x, y - 7, end - x, 14, fill=self.canvas.hatch(MUTED), stroke=MUTED, stroke_dasharray="4 3"
            )  # fmt: skip

    def diamond(self, done: DoneProcedure, y: float) -> None:
        assert done.when is not None  # noqa: S101 - only those with a date
        if not done.when.exact:
            self.span_of_days(self.axis.span(done.when), y)
            return
        x = self.x(self.axis.span(done.when).middle)
        if done.when.first < self.found.start:
            self.canvas.path(f"M{length(x)} {length(y - 7)}v14l-7 -7Z", fill=INK)
            return
        self.canvas.path(
            f"M{length(x)} {length(y - 9)}l7 9l-7 9l-7 -9Z",
            fill=INK if done.certain else "none", stroke=INK, stroke_width=1.5,
        )  # fmt: skip

    def steroid(self) -> None:
        total = self.found.steroid_year.equivalents.value
        dated = [(row, row.source.procedure.start) for row in self.found.steroids]
        points = [(row, start, self.x(self.axis.span(start).middle)) for row, start in dated if start is not None]
        extents = [_beside(x, steroid_label(row), self.limit) for row, _, x in points]
        places = _packed(extents)
        tall = (max(places, default=-1) + 1) * 20
        top = self.lane("Steroid, mg", max(tall, 26), f"{shown(total)} mg MPE in 12 months")
        if not dated:
            self.nothing(top)
        for (dose, start, x), extent, place in zip(points, extents, places, strict=True):
            row, y = self.row("Steroid, mg", when_words(start), steroid_words(dose)), top + place * 20 + 11
            unknown = dose.milligrams is None
            with self.mark(row):
                self.canvas.box(
                    x - 5, y - 5, 10, 10, fill="none" if unknown else BROWN, stroke=BROWN, stroke_width=1.5,
                    stroke_dasharray="3 2" if unknown else None,
                )  # fmt: skip
                beside, anchor = (-9, "end") if extent.ends else (9, None)
                self.canvas.write(x + beside, y + 4, steroid_label(dose), 11, anchor=anchor)
        for dose, day in dated:
            if day is None:
                self.undated(self.row("Steroid, mg", NO_DATE, steroid_words(dose)))

    def care(self) -> None:
        extents = []
        for course in self.found.care:
            x, end = self.course_ends(course)
            broad = wide(care_label(course), 11)
            extents.append(_Extent(max(min(x, self.limit - broad), _LEFT), max(end, x + broad)))
        places = _packed(extents)
        top = self.lane("Other care", max((max(places, default=-1) + 1) * 34, 24))
        if not self.found.care:
            self.nothing(top)
        for course, extent, place in zip(self.found.care, extents, places, strict=True):
            row = self.row("Other care", care_when(course), care_words(course))
            y = top + place * 34 + 4
            with self.mark(row):
                self.canvas.write(extent.start, y + 10, care_label(course), 11)
                self.course_bar(course, y + 15)

    def course_ends(self, course: CareCourse) -> tuple[float, float]:
        """The ends of a course in the picture, as far as it can reach."""
        start = self.day(course.start.first) if course.start is not None else _LEFT
        end = course.end.last + timedelta(days=1) if course.end is not None else self.found.as_of
        return start, max(self.day(end), start + 4)

    def course_bar(self, course: CareCourse, y: float) -> None:
        x, end = self.course_ends(course)
        whole = course.start is not None and course.end is not None
        exact = all(at is not None and at.exact for at in (course.start, course.end))
        self.canvas.box(
            x, y, end - x, 10, fill=ACCENT if whole else "none", fill_opacity=0.35 if whole else None, stroke=ACCENT,
            stroke_width=1.2, stroke_dasharray=None if exact else "4 3",
        )  # fmt: skip

    def opioids(self) -> None:
        line = self.found.opioids
        if line is None:
            self.nothing(self.lane("Opioids, MME", 24))
            return
        top = self.lane("Opioids, MME", 46, "a day, every order at the most it allows")
        foot = top + 44
        most = max([Fraction(1), *(step.mme for step in line.steps if step.mme is not None)])
        reach = _LEFT - 10
        for step in line.steps:
            told = step_words(step)
            row = self.row("Opioids, MME a day", f"{day_words(step.first)} to {day_words(step.last)}", told)
            x, end = self.day(step.first), self.day(step.last + timedelta(days=1))
            with self.mark(row):
                if step.mme is None:
                    self.canvas.box(
                        x, foot - 14, end - x, 14, fill=self.canvas.hatch(MUTED), stroke=MUTED, stroke_dasharray="4 3"
                    )  # fmt: skip
                    y = foot - 14
                else:
                    y = foot - 3 - float(step.mme / most) * 24
                    self.canvas.line(x, y, end, y, stroke=INK, stroke_width=3)
                short = number(step.mme) if step.mme is not None else "not known"
                broad = wide(short, 11)
                at = min(x, self.limit - broad)
                if at > reach + 6:
                    self.canvas.write(at, y - 5, short, 11)
                    reach = at + broad

    def score(self, series: TrendSeries) -> None:
        about = f", {series.about}" if series.about else ""
        scale = (
            f"{number(series.low)} to {number(series.high)}{about}"
            if series.low is not None and series.high is not None
            else f"scale not confirmed{about}"
        )
        top = self.lane(series.title, 30, scale)
        reach = _LEFT - 10
        for point in series.points:
            row = self.row(f"{series.title}{about}", when_words(point.when), point_words(point))
            if point.when is None:
                self.undated(row)
                continue
            x = self.x(self.axis.span(point.when).middle)
            broad = wide(point.text, 12)
            at = min(max(x - broad / 2, _LEFT), self.limit - broad)
            with self.mark(row):
                if not point.when.exact:
                    self.span_of_days(self.axis.span(point.when), top + 24)
                elif point.value is None:
                    self.canvas.cross(x, top + 24)
                else:
                    self.canvas.circle(x, top + 24, 2.5, fill=INK)
                if at > reach + 6:
                    self.canvas.write(at, top + 14, point.text, 12, bold=True)
                    reach = at + broad

    def undated(self, row: int) -> None:
        """A line of words for what has no place in the picture."""
        with self.canvas.group(data_row=row, class_="undated"):
            self.y = self.canvas.lines(_LEFT, self.y + 12, "; ".join(self.rows[row]), _RIGHT - _LEFT, 11) - 10

    def nothing(self, top: float, text: str = "None on record in this time.") -> None:
        self.canvas.write(_LEFT, top + 16, text, 11, muted=True)

    # ---- the line of days

    def verticals(self, bottom: float) -> None:
        """Months above, as-of and the next date through every lane."""
        found, canvas = self.found, self.canvas
        reach = _LEFT - 10
        for tick in self.axis.ticks(_MOST_TICKS):
            x = self.x(tick.at)
            canvas.line(x, 24, x, bottom, stroke=RULE, stroke_opacity=0.3)
            if x > reach + 6 and x + wide(tick.label, 11) < _RIGHT:
                canvas.write(x, 16, tick.label, 11, muted=True)
                reach = x + wide(tick.label, 11)
        self.y = bottom + 16
        at = self.day(found.as_of + timedelta(days=1))
        canvas.line(at, 22, at, bottom + 4, stroke=RED, stroke_width=1.6)
        with canvas.group(data_row=self.row("Dates", day_words(found.as_of), "as of")):
            canvas.write(at - 4, self.y, f"as of {day_words(found.as_of)}", 12, anchor="end", bold=True)
        if found.next is None:
            return
        told = f"{day_words(found.next.day)}: {found.next.what}"
        inside = found.next.day <= found.end
        x = self.day(found.next.day) if inside else _RIGHT
        if inside:
            canvas.line(x, 22, x, bottom + 4, stroke=BLUE, stroke_width=1.6, stroke_dasharray="5 4")
        self.y += 17
        fits = x + 4 + wide(told, 12) * 1.06 <= WIDTH
        with canvas.group(data_row=self.row("Dates", day_words(found.next.day), f"next: {found.next.what}")):
            canvas.write(
                x + 4 if fits else WIDTH - 8, self.y, told if inside else f"later: {told}", 12,
                anchor=None if fits else "end", bold=True,
            )  # fmt: skip

    def legend(self) -> None:
        y = self.y + 22
        canvas, x = self.canvas, 8.0
        canvas.box(x, y - 10, 26, 12, fill=ACCENT)
        canvas.write(x + 32, y, "relief of half or more, seen", 11)
        x += 210
        canvas.box(x, y - 10, 26, 12, fill=canvas.hatch(MUTED), stroke=MUTED, stroke_dasharray="4 3")
        canvas.write(x + 32, y, "not known", 11)
        x += 104
        canvas.box(x, y - 10, 26, 12, fill="none", stroke=ACCENT, stroke_dasharray="4 3")
        canvas.write(x + 32, y, "dates missing", 11)
        self.y = y + 4
        if self.found.earlier:
            canvas.write(
                _RIGHT, y, f"{self.found.earlier} with an earlier date not shown", 11, anchor="end", muted=True
            )
