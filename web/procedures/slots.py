"""Where there is room: a day's bookings by room with the gaps between them, and the free slots of the days to come."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from people.models import Staff
from procedures.models import Booking, Room

OPENS, CLOSES = time(8), time(17)
"""The hours in which slots are offered; any other time can be typed."""
STEP = timedelta(minutes=30)
_DAYS = 10
_PER_DAY = 6


class Gap(Struct, frozen=True, kw_only=True):
    """A stretch in which a room is free."""

    room: str
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


class Column(Struct, frozen=True, kw_only=True):
    """A room on a day: bookings and gaps in the order of time."""

    room: str
    rows: tuple[Booking | Gap, ...]
    booked: int


class Offer(Struct, frozen=True, kw_only=True):
    """A free slot, as a form sends it."""

    start: datetime
    room: str

    @property
    def value(self) -> str:
        return f"{self.start:%Y-%m-%dT%H:%M} {self.room}"


def rooms() -> list[str]:
    """The rooms that take bookings."""
    return list(Room.objects.filter(closed=False).values_list("name", flat=True))


def standing(first: date, last: date, zone: ZoneInfo) -> list[Booking]:
    """Every booking that takes its place, or did, from the first to the last day."""
    begin, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    left = (Booking.Status.MOVED, Booking.Status.CANCELLED)
    found = Booking.objects.filter(start__gte=begin, start__lt=end).exclude(status__in=left)
    return list(found.select_related("patient", "operator"))


def columns(day: date, bookings: Iterable[Booking], names: Iterable[str], zone: ZoneInfo) -> tuple[Column, ...]:
    """The day by room. A room that is closed is shown while it has bookings."""
    held: dict[str, list[Booking]] = {name: [] for name in names}
    for booking in bookings:
        if booking.start.astimezone(zone).date() == day:
            held.setdefault(booking.room, []).append(booking)
    return tuple(
        Column(room=name, rows=tuple(_with_gaps(name, rows, day, zone)), booked=len(rows))
        for name, rows in sorted(held.items())
    )


def _with_gaps(room: str, rows: list[Booking], day: date, zone: ZoneInfo) -> Iterator[Booking | Gap]:
    at = datetime.combine(day, OPENS, tzinfo=zone)
    closes = datetime.combine(day, CLOSES, tzinfo=zone)
    for booking in sorted(rows, key=lambda row: row.start):
        start = booking.start.astimezone(zone)
        if start > at:
            yield Gap(room=room, start=at, end=start)
        yield booking
        at = max(at, start + timedelta(minutes=booking.minutes))
    if at < closes:
        yield Gap(room=room, start=at, end=closes)


def offers(
    first: date,
    operator: Staff,
    minutes: int,
    zone: ZoneInfo,
    after: datetime,
    names: Iterable[str],
    *,
    moved: Booking | None = None,
    but: Container[date] = (),
) -> list[tuple[date, list[Offer]]]:
    """Free slots of the working days from `first` on, for an operator, in rooms of some names, long enough; only times
    after a moment, and none of the days in `but`.

    One for each time: in the room of the slot that is `moved` where that is free, else in the first room that is.
    """
    wanted = [day for day in working_days(first) if day not in but]
    if not wanted:
        return []
    taken = [row for row in standing(wanted[0], wanted[-1], zone) if moved is None or row.pk != moved.pk]
    names = sorted(names, key=lambda name: (moved is None or name != moved.room, name))
    found = []
    for day in wanted:
        free: dict[datetime, Offer] = {}
        for offer in _starts(day, names, zone):
            stays = moved is not None and (offer.start, offer.room) == (moved.start, moved.room)
            if offer.start > after and not stays and not _clashes(offer, minutes, operator, taken):
                free.setdefault(offer.start, offer)
        if free:
            found.append((day, _spread(list(free.values()))))
    return found


def _spread(free: list[Offer]) -> list[Offer]:
    """Some of them, over the whole day."""
    step = max(1, -(-len(free) // _PER_DAY))
    return free[::step][:_PER_DAY]


def _starts(day: date, names: Iterable[str], zone: ZoneInfo) -> Iterator[Offer]:
    at = datetime.combine(day, OPENS, tzinfo=zone)
    while at < datetime.combine(day, CLOSES, tzinfo=zone):
        for name in names:
            yield Offer(start=at, room=name)
        at += STEP


def _clashes(offer: Offer, minutes: int, operator: Staff, taken: Iterable[Booking]) -> bool:
    end = offer.start + timedelta(minutes=minutes)
    return any(
        (row.room == offer.room or row.operator_id == operator.pk)
        and row.start < end
        and offer.start < row.start + timedelta(minutes=row.minutes)
        for row in taken
    )


def working_days(first: date, count: int = _DAYS) -> Iterator[date]:
    """The days of which slots are offered."""
    day = first
    while count:
        if day.weekday() < 5:
            yield day
            count -= 1
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
