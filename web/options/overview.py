"""The overview of a patient: where they stand, the next right step, their course, what asking would settle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.safestring import SafeString, mark_safe
from msgspec import Struct
from msgspec.structs import replace

from clinic.kept import Kept
from levamen.derive.body_map import marked
from levamen.derive.latest import latest
from levamen.derive.views import seen, zone_of
from levamen.emit.body_map import svg as body_svg
from levamen.emit.pictures import timeline
from levamen.emit.words import capital, dates_in_words
from levamen.knowledge.body_map import body_map
from levamen.pathway.flag_answers import FlagAnswer, FlagReview
from levamen.pathway.flag_stops import flag_notes
from levamen.pathway.patient_timeline import NextDate, patient_timeline
from levamen.record import codes
from levamen.record.facts import Goal, Pain, Record, Score
from options.assessed import Assessed
from options.board import STOPS, Group, Row
from records.models import Patient
from ui.templatetags.ui import day, moment, title


class Next(Struct, frozen=True, kw_only=True):
    """The next right step: the sentence, what else there is to know, and the question it is about."""

    says: str
    more: str = ""
    id: str = ""
    stop: bool = False


class Flag(Struct, frozen=True, kw_only=True):
    """A warning sign that fires or may, what is done first, and by when."""

    title: str
    word: str
    urgency: str
    by: str
    now: bool
    why: str
    act: str
    who: str


class Pictures(Struct, frozen=True, kw_only=True):
    """The pictures of a patient with their tables: the same numbers twice."""

    timeline: SafeString
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    body: SafeString
    pains: tuple[str, ...]
    drawn: str
    over: tuple[str, ...]


_PICTURES: Kept[Pictures] = Kept(200)


def next_step(groups: tuple[Group, ...], today: date, fired: tuple[Flag, ...] = ()) -> Next:
    """The first sentence of the page: a warning sign that cannot wait, what is booked, what is met, what time opens."""
    for flag in fired:
        if flag.now:
            first = f"{flag.act}, {flag.by}" if flag.by else flag.act
            says = f"{capital(flag.urgency)}: {_small(flag.title)}. {first}."
            return Next(says=says, more="Nothing else on this page comes before it.", stop=True)
    rows = [row for group in groups for row in group.rows]
    if not rows:
        return Next(says="Nothing is considered yet. Add what you are thinking of on the options board.")
    booked = sorted(
        (row for row in rows if row.start is not None and row.start >= today and not row.declined), key=_soonest
    )
    if booked:
        row = booked[0]
        return Next(
            says=f"Next: {_small(row.title)}, {day(row.start)}.", more=_rest(row), id=row.id,
            stop=row.safety.word in STOPS,
        )  # fmt: skip
    open_still = [row for row in rows if not row.declined]
    if not open_still:
        return Next(says="Everything that is considered was declined. Talk about what else there is.")
    asked = [row for row in open_still if not row.raised] or open_still
    for group in ("met", "not_yet", "unknown", "silent", "no", "against"):
        found = [row for row in asked if row.group == group]
        if found:
            row = min(found, key=lambda row: (row.earliest or date.max, row.title))
            return Next(says=_lead(row), more=_rest(row), id=row.id, stop=row.safety.word in STOPS)
    return Next(says="Nothing is considered yet.")


def _lead(row: Row) -> str:
    """The first sentence on what is considered and not booked."""
    title, stopped = _small(row.title), row.safety.word in STOPS
    if row.safety.word in ("contraindicated", "defer"):
        return f"Stop first: {title}. {row.safety.says}{f': {_small(row.safety.why)}' if row.safety.why else ''}."
    match row.group:
        case "met":
            return (
                f"Next: {title} is met; first settle safety. {row.safety.says}."
                if stopped
                else f"Next: {title} can be planned now."
            )
        case "not_yet":
            return f"Not yet: {title}. {row.happens}."
        case "unknown":
            return f"Find out first: {title} cannot be judged yet. {row.happens}."
        case "no":
            return f"Not met: {title}, and waiting will not help. Talk about what else there is."
        case "against":
            return f"Advised against: {title}, by what governs here. Talk about what else there is."
    return f"Considered: {title}. No governing policy says anything of it."


def _soonest(row: Row) -> tuple[date, str]:
    return row.start or date.max, row.title


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _rest(row: Row) -> str:
    """What the library's sentence says after the therapy and its target; safety apart."""
    said = row.headline.partition(": ")[2]
    safety = f" Safety: {row.safety.says}" + (f" ({row.safety.why})" if row.safety.why else "") + "."
    return dates_in_words(capital(said)) + safety


def flags(review: FlagReview | None) -> tuple[Flag, ...]:
    """The flags that fire or may and that nobody has cleared, the most urgent first."""
    if review is None:
        return ()
    found = [answer for answer in review.answers if answer.open]
    return tuple(_flag(answer, review) for answer in sorted(found, key=lambda answer: answer.status != "fires"))


def _flag(answer: FlagAnswer, review: FlagReview) -> Flag:
    why = [dates_in_words(row.says) for row in answer.found] or [dates_in_words(text) for text in answer.doubts]
    first = answer.acts[0] if answer.acts else None
    due = (first.due if first is not None else None) or answer.due
    by = "" if due is None else f"by {moment(due.at)}" if due.at is not None else f"by {day(due.on)}"
    return Flag(
        title=capital(answer.flag.title),
        word="contraindicated" if answer.status == "fires" else "unknown",
        urgency=codes.label("urgencies", answer.urgency),
        by=by,
        now=answer.status == "fires" and answer.urgency in _NOW,
        why="; ".join(dict.fromkeys(why)),
        act=capital(first.act.says) if first is not None else "",
        who=title(first.act.who) if first is not None else "",
    )


_NOW = frozenset({"emergency", "same-day", "next-day"})
"""Urgencies that come before whatever else is next."""


def other_notes(found: Assessed) -> tuple[str, ...]:
    """What the assessment says of the whole record, without the warning signs, which have cards of their own."""
    told = flag_notes(found.assessment.flags) if found.assessment.flags is not None else ()
    return tuple(dates_in_words(note) for note in found.assessment.notes if note not in told)


def not_looked_for(review: FlagReview | None) -> bool:
    """Whether nobody asked the list of warning signs."""
    return review is not None and not review.died and review.asked is None


def pictures(patient: Patient, found: Assessed, months: int, earliest: Row | None) -> Pictures:
    """Timeline and body map, drawn once for each state of the record."""
    key = (patient.handle, patient.head, found.assessment.moment[:13], found.past, months, found.assessment.knowledge)
    return _PICTURES.get(key, lambda: _drawn(patient, found, months, earliest))


def _drawn(patient: Patient, found: Assessed, months: int, earliest: Row | None) -> Pictures:
    record, at = found.reading.record, found.at.astimezone(zone_of(found.reading.record))
    after = NextDate(earliest.earliest, earliest.title) if earliest is not None and earliest.earliest else None
    course = replace(patient_timeline(record, at, months=36 if months == 36 else 12, next=after), record=str(patient))
    held = timeline.table(course)
    where = marked(record, at)
    ids = [area.id for area in where.areas]
    drawn = ""
    if not ids:
        ids = [area for pain in where.pains for area in _of_words(pain)]
        drawn = "Drawn from the site and side that were written down; nobody marked the map." if ids else ""
    return Pictures(
        timeline=_ours(timeline.svg(course)),
        head=held.head,
        rows=held.rows,
        body=_ours(body_svg(ids, title="Where it hurts", styled=False)),
        pains=tuple(pain_words(pain, record) for pain in where.pains),
        drawn=drawn,
        over=tuple(pain_words(pain, record) for pain in where.over),
    )


def _of_words(pain: Pain) -> list[str]:
    """The areas of a pain's site and side, as they were written down. A side that nobody said is not drawn."""
    sides = {"left": ("left",), "right": ("right",), "both": ("left", "right")}.get(pain.side or "", ())
    areas = [area for area in body_map().areas.values() if area.side in sides]
    own = [area.id for area in areas if area.site == pain.site]
    return own or [area.id for area in areas if pain.site in area.also]


def pain_words(pain: Pain, record: Record) -> str:
    """`Low back, both sides (axial: mainly in the spine), since Mon 01 Sep 2025; latest 7 of 10`."""
    side = {"both": "both sides"}.get(pain.side or "", pain.side or "side not recorded")
    kind = f" ({codes.title(pain.pattern)})" if pain.pattern else ""
    parts = [title(pain.site or "pain"), side + kind]
    if pain.since is not None:
        parts.append(f"since {day(pain.since.first)}" if pain.since.exact else f"since {pain.since}")
    scores = [
        fact
        for fact in record.facts
        if isinstance(fact, Score)
        and fact.instrument == "nrs"
        and fact.pain in (pain.id, None)
        and fact.value is not None
    ]
    last = latest(scores)
    said = ", ".join(parts)
    return f"{said}; latest {last[-1].value} of 10" if last else said


_NO_MEASURES = ("Procedures", "Steroid", "Other care", "Opioids", "Dates", "Device", "Other")


def figures(record: Record, at: datetime, rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, str, str], ...]:
    """The goals, and the latest of each measure that the timeline shows: name, value, day."""
    local = at.astimezone(zone_of(record))
    found = [
        ("Goal", fact.text or "", f"by {day(fact.by.last)}" if fact.by is not None else "")
        for fact in record.facts
        if isinstance(fact, Goal) and seen(fact, local)
    ]
    last = {lane: (what, when) for lane, when, what in rows if not lane.startswith(_NO_MEASURES)}
    return (*found[:2], *((lane, what, when) for lane, (what, when) in list(last.items())[:4]))


def _ours(picture: str) -> SafeString:
    return mark_safe(picture)  # noqa: S308 - drawn by the library, which escapes every text in it
