"""The diary of a block, and how long relief lasted in a group: points as answered, steps as computed.

Nothing is interpolated. Two answers are joined only where nobody was asked between them; a missing time breaks the line
and is marked. Thresholds are compared unrounded elsewhere; here they are only drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.derive.periods import number
from levamen.emit.pictures.axes import Frame, apart, path, round_ticks
from levamen.emit.pictures.canvas import ACCENT, BLUE, BROWN, INK, RULE, Canvas, Table, length, wide
from levamen.emit.plan.words import day_words

WIDTH = 640
_MISSING = "no answer"


class Answer(Struct, frozen=True, kw_only=True):
    """One time of the diary. `value` absent: asked, and no answer. `late`: written down later, from memory."""

    at: datetime
    value: Decimal | None
    late: bool = False


class Threshold(Struct, frozen=True):
    """So much relief in per cent, and who asks for it."""

    percent: Decimal
    who: str


class Window(Struct, frozen=True):
    """Hours after the needle in which a drug is expected to act; `says` with whose word that is."""

    first: Decimal
    last: Decimal
    says: str


class Diary(Struct, frozen=True, kw_only=True):
    """A block and its answers, on a scale from 0 to `most`. `before`: the score before it, from which relief counts.

    `until`: the last hour to show. Times are instants with a zone.
    """

    start: datetime
    zone: ZoneInfo
    before: Decimal | None
    answers: tuple[Answer, ...]
    thresholds: tuple[Threshold, ...] = ()
    window: Window | None = None
    most: Decimal = Decimal(10)
    until: Decimal = Decimal(12)


def diary_svg(found: Diary, *, name: str = "diary") -> str:
    """The curve."""
    canvas = Canvas(name)
    answers = _ordered(found)
    hours = [_hours(found, row) for row in answers]
    first = min([Fraction(0), *hours])
    last = max([Fraction(found.until), *hours, Fraction(found.window.last) if found.window else Fraction(0)])
    frame = Frame(canvas, (52, 58, WIDTH - 206, 268), (first, last), (Fraction(0), Fraction(found.most)))
    rows = _diary_rows(found)
    canvas.write(8, 18, f"Pain, 0 to {found.most:f}", 13, bold=True)
    if found.window is not None:
        _window(canvas, frame, found.window, len(rows) - 1)
    frame.scale_y()
    frame.scale_x(_clock_ticks(found, first, last), f"time on {day_words(found.start.astimezone(found.zone).date())}")
    needle = frame.x(Fraction(0))
    canvas.line(needle, frame.top, needle, frame.bottom, stroke_width=2)
    canvas.write(needle + 4, frame.top - 5, "needle", 11)
    _thresholds(canvas, frame, found, len(answers))
    for one, other in zip(range(len(answers)), range(1, len(answers)), strict=False):
        here, there = answers[one].value, answers[other].value
        if here is not None and there is not None and hours[one] < hours[other]:
            ends = [(frame.x(hours[place]), frame.y(Fraction(value))) for place, value in ((one, here), (other, there))]
            frame.line(ends, stroke=ACCENT, stroke_width=2.4)
    for place, (answer, at) in enumerate(zip(answers, hours, strict=True)):
        x = frame.x(at)
        with canvas.group("; ".join(rows[place]), data_row=place, class_="answer"):
            if answer.value is None:
                canvas.box(x - 5, frame.top, 10, frame.bottom - frame.top, fill=canvas.hatch(RULE), class_="gap")
                canvas.cross(x, frame.bottom - 8, 5, INK, 2)
            else:
                y = frame.y(Fraction(answer.value))
                fill = "none" if answer.late else ACCENT
                canvas.circle(x, y, 5, fill=fill, stroke=ACCENT, stroke_width=2)
    y = _legend(canvas, answers, frame.bottom + 62)
    title = f"Pain after the block of {day_words(found.start.astimezone(found.zone).date())}"
    said = ". ".join(", ".join(row) for row in rows)
    return canvas.drawn(WIDTH, y, title, f"{said or 'No answer'}. A missing time breaks the line.")


def diary_table(found: Diary) -> Table:
    """Every answer, missing ones too, then the thresholds and the expected window."""
    return Table("Pain after the block", ("When", "Pain", "Relief"), _diary_rows(found))


def _ordered(found: Diary) -> list[Answer]:
    return sorted(found.answers, key=lambda row: (row.at, row.value is None, row.value or 0))


def _hours(found: Diary, row: Answer) -> Fraction:
    return Fraction((row.at - found.start) // timedelta(seconds=1), 3600)


def _diary_rows(found: Diary) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for answer in _ordered(found):
        local = answer.at.astimezone(found.zone)
        when = f"{day_words(local.date())}, {local:%H:%M}"
        pain = f"{answer.value:f}" if answer.value is not None else _MISSING
        rows.append((when, f"{pain}, from memory" if answer.late else pain, _relief(found, answer)))
    for threshold in found.thresholds:
        level = _level(found, threshold)
        at = f"{number(level)} or less" if level is not None else "not known: no score before"
        rows.append((threshold.who, at, f"at least {threshold.percent:f} %"))
    if found.window is not None:
        rows.append(
            (f"hours {found.window.first:f} to {found.window.last:f}", "drug expected to act", found.window.says)
        )
    return tuple(rows)


def _relief(found: Diary, answer: Answer) -> str:
    if answer.value is None or found.before is None or found.before == 0 or answer.at <= found.start:
        return "—"
    share = (Fraction(found.before) - Fraction(answer.value)) / Fraction(found.before) * 100
    return f"{number(share)} %"


def _level(found: Diary, threshold: Threshold) -> Fraction | None:
    """The score at which the relief is reached, exactly; None without a score before that is over 0."""
    if found.before is None or found.before <= 0:
        return None
    return Fraction(found.before) * (100 - Fraction(threshold.percent)) / 100


def _window(canvas: Canvas, frame: Frame, window: Window, row: int) -> None:
    x, end = frame.x(Fraction(window.first)), frame.x(Fraction(window.last))
    told = f"hours {window.first:f} to {window.last:f}: {window.says}"
    with canvas.group(told, data_row=row):
        canvas.box(x, frame.top, end - x, frame.bottom - frame.top, fill=BROWN, fill_opacity=0.12, class_="window")
        canvas.path(f"M{length(x)} {length(frame.top)}v6M{length(x)} {length(frame.top)}H{length(end)}v6", fill="none",
                    stroke=BROWN, stroke_width=1.5)  # fmt: skip
        canvas.lines(8, 36, told, WIDTH - 16, 11)


def _thresholds(canvas: Canvas, frame: Frame, found: Diary, row: int) -> None:
    levels = [_level(found, threshold) for threshold in found.thresholds]
    places = apart(
        [frame.y(level) if level is not None else frame.bottom for level in levels], 28, frame.top, frame.bottom - 16
    )
    for place, (threshold, level, y) in enumerate(zip(found.thresholds, levels, places, strict=True)):
        with canvas.group(data_row=row + place):
            x = frame.right + 10
            if level is not None:
                canvas.line(
                    frame.left, frame.y(level), frame.right, frame.y(level), stroke=BLUE, stroke_dasharray="6 4"
                )
                canvas.line(frame.right, frame.y(level), x, y, stroke=BLUE)
            told = f"{number(level)} or less" if level is not None else "no score before"
            canvas.write(x + 4, y, f"{threshold.percent:f} % relief: {told}", 11, bold=True)
            canvas.write(x + 4, y + 13, threshold.who, 11, muted=True)


def _clock_ticks(found: Diary, first: Fraction, last: Fraction) -> list[tuple[Fraction, str]]:
    """Clock times at round hours after the needle."""
    step = next((hours for hours in (1, 2, 3, 4, 6, 12, 24) if (last - first) / hours <= 7), 48)
    begin = -((-first / step).__floor__()) * step
    ticks = []
    at = Fraction(begin)
    while at <= last:
        local = (found.start + timedelta(seconds=int(at * 3600))).astimezone(found.zone)
        ticks.append((at, f"{local:%H:%M}"))
        at += step
    return ticks


def _legend(canvas: Canvas, answers: Sequence[Answer], y: float) -> float:
    x = 52.0
    if any(row.late for row in answers):
        canvas.circle(x, y - 4, 5, fill="none", stroke=ACCENT, stroke_width=2)
        canvas.write(x + 12, y, "written later, from memory", 11)
        x += 190
    if any(row.value is None for row in answers):
        canvas.cross(x, y - 4, 5, INK, 2)
        canvas.write(x + 12, y, f"{_MISSING}: nothing is known of this time", 11)
        x += 190
    return y + 10 if x > 52 else y - 8


class Step(Struct, frozen=True):
    """From this day on the share (0 to 1) that still has relief, its interval, and how many were still followed.

    `low` and `high` are absent where no interval was computed.
    """

    day: int
    share: Fraction
    low: Fraction | None
    high: Fraction | None
    at_risk: int


class StepCurve(Struct, frozen=True, kw_only=True):
    """Time to loss of relief in a group. `half`: the day by which half have lost it, and its interval, where reached.

    `title` and `notes` are the caller's: of whom it is said, how it was computed, what it does not show.
    """

    title: str
    steps: tuple[Step, ...]
    half: tuple[int, int | None, int | None] | None = None
    notes: tuple[str, ...] = ()


def step_svg(found: StepCurve, *, name: str = "curve") -> str:
    """The steps with their band, and the numbers still followed under them. Raises ValueError without a step."""
    if not found.steps:
        raise ValueError("a curve needs at least one step; with too few answers show the counts alone")
    canvas, steps = Canvas(name), sorted(found.steps, key=lambda step: step.day)
    last = Fraction(max(steps[-1].day, 1))
    y = canvas.lines(8, 18, found.title, WIDTH - 16, 14, bold=True)
    frame = Frame(canvas, (52, y + 14, WIDTH - 20, y + 214), (Fraction(0), last), (Fraction(0), Fraction(100)))
    canvas.write(8, y + 2, "of 100", 12, bold=True)
    frame.scale_y()
    band = [step for step in steps if step.low is not None and step.high is not None]
    if band:
        upper = _stairs(frame, [(step.day, step.high) for step in band], last)
        lower = _stairs(frame, [(step.day, step.low) for step in band], last)
        canvas.path(path([*upper, *reversed(lower)], closed=True), fill=ACCENT, fill_opacity=0.18, class_="band")
    frame.line(_stairs(frame, [(step.day, step.share) for step in steps], last), stroke=ACCENT, stroke_width=2.6)
    ticks = [(at, text) for at, text in round_ticks(Fraction(0), last) if at.denominator == 1]
    frame.scale_x(ticks, "days since the procedure")
    rows = _step_rows(found)
    bottom = frame.bottom + 62
    canvas.write(8, bottom, "Still followed", 12, bold=True)
    reach = 0.0
    for place, step in enumerate(steps):
        x = frame.x(Fraction(step.day))
        text = str(step.at_risk)
        broad = wide(text, 12)
        with canvas.group("; ".join(rows[place]), data_row=place):
            canvas.circle(x, frame.y(step.share * 100), 2.2, fill=ACCENT)
            if x - broad / 2 > reach + 8 or place == 0:
                canvas.write(x, bottom + 18, text, 12, anchor="middle")
                reach = x + broad / 2
    y = bottom + 40
    with canvas.group(data_row=len(steps)):
        if found.half is not None and found.half[0] <= last:
            x, level = frame.x(Fraction(found.half[0])), frame.y(Fraction(50))
            canvas.path(f"M{length(frame.left)} {length(level)}H{length(x)}V{length(frame.bottom)}", fill="none",
                        stroke=INK, stroke_dasharray="4 3")  # fmt: skip
        canvas.write(8, y, _half_words(found), 13, bold=True)
    for note in found.notes:
        y = canvas.lines(8, y + 18, note, WIDTH - 16, 11, muted=True) - 14
    said = ". ".join(", ".join(row) for row in rows)
    return canvas.drawn(WIDTH, y + 12, found.title, f"{said}. {' '.join(found.notes)}".strip())


def step_table(found: StepCurve) -> Table:
    """Every step, then when half have lost it."""
    return Table(found.title, ("Day", "Still relief, of 100", "Interval", "Still followed"), _step_rows(found))


def _stairs(frame: Frame, values: Sequence[tuple[int, Fraction | None]], last: Fraction) -> list[tuple[float, float]]:
    """The corners of steps up to the last day."""
    found: list[tuple[float, float]] = []
    for day, share in values:
        x, y = frame.x(Fraction(day)), frame.y((share or Fraction(0)) * 100)
        if found:
            found.append((x, found[-1][1]))
        found.append((x, y))
    return [*found, (frame.x(last), found[-1][1])]


def _step_rows(found: StepCurve) -> tuple[tuple[str, str, str, str], ...]:
    rows = [
        (
            str(step.day),
            _of_hundred(step.share),
            f"{_of_hundred(step.low)} to {_of_hundred(step.high)}"
            if step.low is not None and step.high is not None
            else "not computed",
            str(step.at_risk),
        )
        for step in sorted(found.steps, key=lambda step: step.day)
    ]
    rows.append(("Half have lost it", _half_words(found), "—", "—"))
    return tuple(rows)


def _of_hundred(share: Fraction) -> str:
    return number(share * 100)


def _half_words(found: StepCurve) -> str:
    if found.half is None:
        return "Fewer than half have lost it so far"
    day, low, high = found.half
    interval = f", interval {low} to {high}" if low is not None and high is not None else ""
    if low is not None and high is None:
        interval = f", interval from {low}, its end not reached"
    return f"Half have lost it by day {day}{interval}"
