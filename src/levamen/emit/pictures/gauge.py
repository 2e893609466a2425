"""The gauge of an implanted pump: its reservoir to scale, the alarm, what should be in it now, and when it is due.

What is not on record is drawn as not known: without a volume and its day, or without what the reservoir holds or how
fast it runs, the reservoir is an empty dashed outline with the reason. No dose stands here, and none is proposed.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from levamen.derive.pump import Bound
from levamen.derive.pump_readings import ml, number, readings
from levamen.derive.pump_volume import ExpectedVolume, expected_volume, on_record
from levamen.emit.pictures.canvas import ACCENT, INK, RED, Canvas, Table
from levamen.emit.plan.words import day_words
from levamen.emit.pump import KINDS, STANDINGS
from levamen.emit.trend.layout import scale_ticks
from levamen.emit.words import capital
from levamen.pathway.refill import Refill
from levamen.record import codes
from levamen.record.timeline import Interval, When

WIDTH = 600
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 150.0, 44.0, 244.0
_ASIDE = 330.0
_NOT_KNOWN = "not known"


class Gauge(Struct, frozen=True, kw_only=True):
    """What the picture of one pump shows, in mL. `reasons`: why there is no level; then `expected` may still be known.

    `dates`: what limits the fill, each with its bound, None where not known; `binding` comes first, None where
    that is not known. `act` is what is to be done by when.
    """

    title: str
    holds: Fraction | None
    alarm: Fraction | None
    expected: Interval | None
    since: str
    reasons: tuple[str, ...]
    dates: tuple[tuple[str, Bound | None], ...]
    binding: str | None
    act: str

    @property
    def drawn(self) -> bool:
        """Whether there is a level to draw."""
        return not self.reasons and self.expected is not None and self.holds is not None


def gauge(found: Refill, as_of: date | datetime, zone: ZoneInfo) -> Gauge:
    """The gauge of a pump. `as_of` and `zone` are those for which the refill was worked out."""
    said, _ = readings(found.device.pump or {})
    due = found.schedule
    volume = expected_volume(said, due.flow, as_of, zone) if due.flow is not None else None
    holds = number(said.get("reservoir_ml"))
    anchors = on_record(said, as_of)
    reasons = []
    if not anchors:
        reasons.append("No fill and no reading with its day is on record")
    elif due.flow is None:
        reasons += [capital(text.partition(";")[0]) for text in due.reasons[:1]]
    if holds is None:
        reasons.append("What the reservoir holds is not recorded")
    kinds = [kind for kind in KINDS if kind != "interval" or _first(due.bounds, kind) is not None]
    model = f", {found.device.model}" if found.device.model else ", model not recorded"
    return Gauge(
        title=f"{capital(codes.label('devices', found.device.kind or ''))}{model}",
        holds=holds,
        alarm=number(said.get("alarm_ml")),
        expected=volume.millilitres if volume is not None else None,
        since=_since(volume, zone) or (_moment(anchors[-1].when, zone) if anchors else _NOT_KNOWN),
        reasons=tuple(reasons),
        dates=tuple((KINDS[kind], _first(due.bounds, kind)) for kind in kinds),
        binding=KINDS[due.refill.kind] if due.refill is not None else None,
        act=_act(found),
    )


def _first(bounds: tuple[Bound, ...], kind: str) -> Bound | None:
    """The earliest limit of a kind."""
    return min((row for row in bounds if row.kind == kind), key=lambda row: row.at, default=None)


def _act(found: Refill) -> str:
    """`Book by Tue 10 Mar 2026: age of the drug`."""
    due = found.schedule
    if found.standing == "overdue":
        late = due.refill or due.latest
        why = f": {KINDS[late.kind]}" if late is not None else ""
        return f"{STANDINGS['overdue'].replace(': ', ', ')}{why}"
    if due.refill is None or due.book_by is None:
        return f"When the refill is due is {STANDINGS['unknown']}"
    at_most = "" if found.sure else " at the latest"
    return f"Book by {day_words(due.book_by)}{at_most}: {KINDS[due.refill.kind]}"


def _since(volume: ExpectedVolume | None, zone: ZoneInfo) -> str:
    if volume is None:
        return ""
    return "; ".join(f"{ml(row.millilitres)} mL on {_moment(row.when, zone)}" for row in volume.anchors)


def _moment(when: When, zone: ZoneInfo) -> str:
    if when.at is not None:
        local = when.at.astimezone(zone)
        return f"{day_words(local.date())}, {local:%H:%M}"
    return day_words(when.first) if when.exact else f"{day_words(when.first)} to {day_words(when.last)}"


def table(found: Gauge) -> Table:
    """The numbers of the picture."""
    return Table(found.title, ("What", "Value"), tuple(_rows(found).values()))


def _rows(found: Gauge) -> dict[str, tuple[str, str]]:
    rows = {
        "holds": ("Reservoir holds", _volume(found.holds)),
        "alarm": ("Alarm", _volume(found.alarm)),
        "expected": ("Expected now", _span(found.expected)),
        "since": ("Counted from", found.since),
    }
    for kind, bound in found.dates:
        rows[kind] = (capital(kind), _bound(bound))
    rows["act"] = ("Next", found.act)
    if found.reasons:
        rows["reasons"] = ("No level", "; ".join(found.reasons))
    return rows


def _volume(value: Fraction | None) -> str:
    return f"{ml(value)} mL" if value is not None else _NOT_KNOWN


def _span(value: Interval | None) -> str:
    if value is None:
        return _NOT_KNOWN
    low, high = ml(value.low), ml(value.high if value.high is not None else value.low)
    return f"{low} mL" if low == high else f"{low} to {high} mL"


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return _NOT_KNOWN
    return f"{day_words(bound.day)}, {bound.at:%H:%M}" if bound.clock else day_words(bound.day)


def svg(found: Gauge, *, name: str = "gauge") -> str:
    """The picture. The earliest of the dates is marked and written first in words."""
    canvas = Canvas(name)
    rows = _rows(found)
    place = {key: index for index, key in enumerate(rows)}
    title = f"{found.title}: {found.act}"
    canvas.lines(8, 20, found.title, WIDTH - 16, 14, bold=True)
    if found.drawn:
        _tank(canvas, found, place)
    else:
        _empty(canvas, found, place)
    y = _TOP + 10
    with canvas.group(data_row=place["act"]):
        y = canvas.lines(_ASIDE, y, found.act, WIDTH - _ASIDE - 8, 15, bold=True)
    y += 10
    for kind, _ in found.dates:
        first = kind == found.binding
        with canvas.group(data_row=place[kind]):
            if first:
                canvas.path(f"M{_ASIDE} {y - 9}l8 5l-8 5Z", fill=INK)
            canvas.write(_ASIDE + 14, y, capital(kind), 12, muted=True)
            canvas.write(_ASIDE + 14, y + 16, rows[kind][1], 13, bold=first)
        y += 40
    with canvas.group(data_row=place["since"]):
        y = canvas.lines(_ASIDE, y + 4, f"Counted from {found.since}", WIDTH - _ASIDE - 8, 11, muted=True)
    said = ". ".join(f"{what}: {value}" for what, value in rows.values())
    return canvas.drawn(WIDTH, max(y, _BOTTOM + 24) + 4, title, f"{said}.")


def _tank(canvas: Canvas, found: Gauge, place: dict[str, int]) -> None:
    """The reservoir with its scale, the least that should be in it full, and up to the most hatched."""
    assert found.holds is not None  # noqa: S101 - drawn only where it is known
    assert found.expected is not None  # noqa: S101 - and a level too
    top = max(found.holds, Fraction(1))

    def level(volume: Fraction) -> float:
        return _BOTTOM - float(min(volume / top, Fraction(1))) * (_BOTTOM - _TOP)

    low, high = found.expected.low, found.expected.high if found.expected.high is not None else found.expected.low
    wide = _RIGHT - _LEFT
    canvas.box(_LEFT, level(low), wide, _BOTTOM - level(low), fill=ACCENT, fill_opacity=0.8, class_="level")
    if level(low) - level(high) > 0:
        canvas.box(
            _LEFT, level(high), wide, level(low) - level(high), fill=canvas.hatch(ACCENT), stroke=ACCENT, class_="level"
        )
    canvas.box(_LEFT, _TOP, wide, _BOTTOM - _TOP, rx=8, fill="none", stroke=INK, stroke_width=2)
    for tick in scale_ticks(Fraction(0), top):
        y = _BOTTOM - float(tick.at) * (_BOTTOM - _TOP)
        canvas.line(_LEFT - 6, y, _LEFT, y)
        canvas.write(_LEFT - 10, y + 4, tick.label, 12, anchor="end", muted=True)
    with canvas.group(data_row=place["holds"]):
        canvas.write((_LEFT + _RIGHT) / 2, _BOTTOM + 18, f"holds {_volume(found.holds)}", 12, anchor="middle")
    alarm = level(found.alarm) if found.alarm is not None else None
    if alarm is not None:
        canvas.line(_LEFT - 4, alarm, _RIGHT + 10, alarm, stroke=RED, stroke_width=2, stroke_dasharray="6 3")
    with canvas.group(data_row=place["alarm"]):
        told = f"alarm at {_volume(found.alarm)}" if alarm is not None else f"alarm {_NOT_KNOWN}"
        canvas.write(_RIGHT + 14, (alarm if alarm is not None else _BOTTOM) + 4, told, 12)
    y = min((level(low) + level(high)) / 2, (alarm if alarm is not None else _BOTTOM) - 26)
    with canvas.group(data_row=place["expected"]):
        canvas.write(_RIGHT + 14, y - 2, "expected now", 12)
        canvas.write(_RIGHT + 14, y + 13, _span(found.expected), 13, bold=True)


def _empty(canvas: Canvas, found: Gauge, place: dict[str, int]) -> None:
    """A reservoir of which no level can be told."""
    canvas.box(
        _LEFT, _TOP, _RIGHT - _LEFT, _BOTTOM - _TOP, rx=8, fill="none", stroke=INK, stroke_width=2,
        stroke_dasharray="7 5", class_="unknown",
    )  # fmt: skip
    canvas.write((_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2, "No level", 13, anchor="middle", bold=True)
    y = _TOP + 10
    with canvas.group(data_row=place["reasons"]):
        for reason in found.reasons:
            y = canvas.lines(_RIGHT + 10, y, f"{reason}.", _ASIDE - _RIGHT - 22, 12)
            y += 4
    for key, told in (("expected", "Expected now: "), ("holds", "Holds: "), ("alarm", "Alarm: ")):
        with canvas.group(data_row=place[key]):
            y = canvas.lines(_RIGHT + 10, y, told + _rows(found)[key][1], _ASIDE - _RIGHT - 22, 12)
