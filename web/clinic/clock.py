"""The clinic's clock: the one place of the house that asks what time it is. The library is always told.

The sample clinic lives on its own day, so that its list is always tomorrow's: its clock starts at the day its people
were written for, and goes on from the moment the clinic was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_past: ContextVar[datetime | None] = ContextVar("a moment of the sample's past", default=None)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """The clock as it stood at a moment: how the sample clinic's past is told, and how a test stops the clock."""
    token = _past.set(moment)
    try:
        yield
    finally:
        _past.reset(token)


def now() -> datetime:
    """The present moment of the clinic, in UTC, to the second."""
    past = _past.get()
    if past is not None:
        return past.astimezone(UTC).replace(microsecond=0)
    return (datetime.now(UTC) + offset()).replace(microsecond=0)


def today(zone: ZoneInfo) -> date:
    """The present day where the clinic is."""
    return now().astimezone(zone).date()


@cache
def offset() -> timedelta:
    """How far the clinic's clock is from the real one: nothing, except in the sample clinic."""
    if not settings.SAMPLE:
        return timedelta()
    path = settings.DATA / "sample-clock"
    try:
        return timedelta(seconds=int(path.read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta()
    except ValueError:
        raise ImproperlyConfigured(f"{path.name} in the data folder must hold one whole number of seconds") from None


def start_at(moment: datetime) -> None:
    """Lets the sample clinic's clock start at a moment now."""
    seconds = round((moment - datetime.now(UTC)).total_seconds())
    (settings.DATA / "sample-clock").write_text(str(seconds), encoding="ascii")
    offset.cache_clear()
