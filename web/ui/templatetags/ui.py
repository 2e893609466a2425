"""What templates are built from: icons, chips for verdicts and tasks, dates in words. Loaded in every template."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from administration.models import clinic
from clinic.clock import now
from levamen.emit.words import capital, dates_in_words
from levamen.record import codes
from ui import icons

register = template.Library()

VERDICTS = {
    "met": "Met",
    "not_yet": "Not yet",
    "not_met": "Not met",
    "unknown": "Unknown",
    "ambiguous": "Two readings",
    "not_covered": "Not covered",
    "against": "Advises against",
    "silent": "Does not say",
    "informs": "Gives figures only",
}
SAFETY = {
    "clear": "Clear",
    "caution": "Caution",
    "defer": "Defer",
    "contraindicated": "Contraindicated",
    "unknown": "Unknown: stop and ask",
}
STATES = {
    "ready": "Ready",
    "due": "Due",
    "awaited": "Answer awaited",
    "missing": "Missing",
    "unknown": "Not asked",
    "done": "Done",
    "not-checked": "Not checked",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our icons; the word stands beside it."""
    return mark_safe(icons.svg(name))  # noqa: S308 - our own drawings, by a name that must be known


@register.simple_tag
def verdict(word: str, says: str = "") -> SafeString:
    """The chip of a policy's verdict; `says` replaces its word where there is more to say."""
    return _chip(word, word, says or VERDICTS[word])


@register.simple_tag
def safety(word: str, says: str = "") -> SafeString:
    """The chip of a safety verdict."""
    kind = "safety-unknown" if word == "unknown" else word
    return _chip(kind, kind, says or SAFETY[word])


@register.simple_tag
def state(word: str, says: str = "") -> SafeString:
    """The chip of a task or answer: other words than verdicts have, so that nobody mistakes one for the other."""
    drawn = "ready" if word == "done" else word
    return _chip(f"state-{word}", drawn, says or STATES[word])


_AWAITS = "Awaiting confirmation"


@register.simple_tag
def unverified(says: str = _AWAITS) -> SafeString:
    """The flag beside whatever rests on a value that nobody has confirmed; how else it is known, in quiet words."""
    if _AWAITS.lower() not in says.lower():
        return format_html('<span class="small muted known-how">{}</span>', says)
    return _chip("unverified", "unverified", says)


@register.simple_tag
def dissent(says: str) -> SafeString:
    """Who says something else."""
    return _chip("dissent", "dissent", says)


def _chip(kind: str, drawn: str, says: str) -> SafeString:
    return format_html('<span class="chip chip-{}">{}<span>{}</span></span>', kind, icon(drawn), says)


@register.filter
def day(value: Any) -> str:
    """A day as `Mon 16 Mar 2026`, a moment's in the clinic's zone. Nothing is said in numbers alone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        value = value.astimezone(clinic_zone()).date()
    if not isinstance(value, date):
        return ""
    return f"{_DAYS[value.weekday()]} {value.day:02} {_MONTHS[value.month - 1]} {value.year}"


@register.filter
def clock(value: datetime) -> str:
    """The time of a moment in the clinic's zone, `08:10`."""
    return str(value.astimezone(clinic_zone()).strftime("%H:%M"))


@register.filter
def moment(value: Any) -> str:
    """Day and time: `Mon 16 Mar 2026, 08:10`."""
    return f"{day(value)}, {clock(value)}" if isinstance(value, datetime) else day(value)


@register.filter
def left(value: datetime) -> str:
    """How long until a moment, in words; overdue where it has passed."""
    apart = value - now()
    words = _span(abs(apart))
    return f"in {words}" if apart >= timedelta() else f"overdue by {words}"


def _span(apart: timedelta) -> str:
    hours = int(apart.total_seconds() // 3600)
    if hours < 1:
        return f"{int(apart.total_seconds() // 60)} min"
    if hours < 48:
        return f"{hours} h"
    return f"{apart.days} days"


@register.filter
def age(born: str) -> str:
    """Years of age today, from a birth date as written; `Not known` where it is not."""
    try:
        birthday = date.fromisoformat(born)
    except (TypeError, ValueError):
        return "age not known"
    today = now().astimezone(clinic_zone()).date()
    return f"{today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))} y"


@register.filter
def title(id: str) -> str:
    """The title of a word of the vocabulary; a word that is none is shown with spaces for hyphens."""
    return capital(codes.title(id)) if id else ""


@register.filter
def plain_dates(text: str) -> str:
    """A sentence with its dates written out."""
    return dates_in_words(text)


def clinic_zone() -> ZoneInfo:
    """The clinic's zone, looked up once a page."""
    return clinic().zone


@register.simple_tag
def session_ends() -> int:
    """Seconds until a session without another page ends."""
    return int(settings.SESSION_COOKIE_AGE)
