"""Whether a stimulator or a pump lost its effect: two contacts running below the level or its best, or as stated.

The trigger has no source: it asks somebody to look, and says nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from levamen.derive.periods import Moment
from levamen.derive.views import seen
from levamen.knowledge.agents import Statement
from levamen.knowledge.response_tables import ResponseTables
from levamen.outcomes.answer import Answer, Word, hull
from levamen.outcomes.measured import Measured
from levamen.outcomes.place import kind_of
from levamen.record.facts import Event, Procedure, Record
from levamen.record.timeline import Interval

_IMPLANTS = frozenset(
    {
        "spinal-cord-stimulation-implant", "dorsal-root-ganglion-stimulation-implant",
        "peripheral-nerve-stimulation-implant", "peripheral-nerve-stimulation-60-day", "restorative-neurostimulation",
        "deep-brain-stimulation", "intrathecal-pump",
    }
)  # fmt: skip


class DeviceEffect(Struct, frozen=True, kw_only=True):
    """Whether the effect was lost, since when, and what is to be checked first."""

    answer: Answer
    since: date | None
    check: tuple[Statement, ...]


class _Contact(Struct, frozen=True):
    day: date
    gain: Interval
    origins: tuple[str, ...]


def is_implant(procedure: Procedure) -> bool:
    """Whether it left a device that is meant to go on working."""
    return procedure.therapy in _IMPLANTS


def device_effect(
    record: Record, procedure: Procedure, rows: Sequence[Measured], moment: Moment, tables: ResponseTables
) -> DeviceEffect | None:
    """Of an implant; None for anything else."""
    if not is_implant(procedure):
        return None
    rule = tables.loss
    check = tuple(row.says for row in tables.statements if row.says.topic == kind_of(procedure))
    stated = [
        fact
        for fact in record.facts
        if isinstance(fact, Event) and fact.kind == "loss-of-effect" and fact.procedure in (None, procedure.id)
        if seen(fact, moment.known)
    ]
    cites = rule.says.cites
    if stated:
        day = min((fact.date.first for fact in stated if fact.date is not None), default=None)
        ids = tuple(fact.id for fact in stated)
        answer = Answer(id="loss-of-effect", word="yes", reason="stated in the record", read=ids, cites=cites)
        return DeviceEffect(answer=answer, since=day, check=check)
    contacts = _contacts(rows)
    words = [_below(contacts, index, Fraction(rule.percent), Fraction(rule.fall)) for index in range(len(contacts))]
    runs = [words[index : index + rule.contacts] for index in range(len(words) - rule.contacts + 1)]
    last = runs[-1] if runs else []
    read = tuple(dict.fromkeys(origin for contact in contacts[-rule.contacts :] for origin in contact.origins))
    since: date | None = None
    word: Word
    if not last:
        word, why = "unknown", f"fewer than {rule.contacts} contacts with a score"
    elif all(one == "yes" for one in last):
        word, why, since = "yes", rule.says.says, contacts[-rule.contacts].day
    elif "no" in last:
        word, why = "no", f"not at {rule.contacts} contacts running"
    else:
        word, why = "unknown", "a score is missing or a range"
    answer = Answer(id="loss-of-effect", word=word, reason=why, read=read, cites=cites)
    return DeviceEffect(answer=answer, since=since, check=check if word == "yes" else ())


def _contacts(rows: Sequence[Measured]) -> list[_Contact]:
    """One a day: the span of everything written for it."""
    days: dict[date, list[Measured]] = {}
    for row in rows:
        days.setdefault(row.sample.when.last, []).append(row)
    found = []
    for day, same in sorted(days.items()):
        gain = hull(row.sample.gain for row in same)
        assert gain is not None  # noqa: S101 - each day has a row
        found.append(_Contact(day, gain, tuple(dict.fromkeys(row.origin for row in same))))
    return found


def _below(contacts: Sequence[_Contact], index: int, level: Fraction, points: Fraction) -> Word:
    """Whether a contact is under the level, or so many points below the best before it."""
    gain = contacts[index].gain
    best_low = max((one.gain.low for one in contacts[:index]), default=None)
    best_high = max((one.gain.high for one in contacts[:index] if one.gain.high is not None), default=None)
    top = gain.high
    if top is not None and (top < level or (best_low is not None and best_low - top >= points)):
        return "yes"
    if gain.low >= level and (best_high is None or best_high - gain.low < points):
        return "no"
    return "unknown"
