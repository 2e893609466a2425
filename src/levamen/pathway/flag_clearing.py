"""Whether somebody has cleared a flag: a named clinician's judgement with a reason, after every sign, not expired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from levamen.knowledge.flags.rows import Flag, General
from levamen.pathway.flag_answers import Clearance, Found, NotClearing
from levamen.record import codes
from levamen.record.facts import Evaluation
from levamen.record.timeline import When, after


def clearing(
    flag: Flag, general: General, said: Iterable[Evaluation], found: Sequence[Found], as_of: date
) -> tuple[Clearance | None, tuple[NotClearing, ...]]:
    """The clearance that holds at `as_of`, and every statement about the flag that is none, each with the reason."""
    about = sorted((row for row in said if row.about_flag == flag.id), key=_order)
    refused: list[NotClearing] = []
    held: Clearance | None = None
    for row in about:
        why = _not_clearing(row, flag, general, found, as_of)
        if why is not None:
            refused.append(NotClearing(id=row.id, why=why))
            if row.kind == "judgement" and row.conclusion != "suitable" and held is not None:
                refused.append(NotClearing(id=held.id, why=f"{row.id} says otherwise, no earlier than it"))
                held = None
        else:
            held = _clearance(row, general)
            contrary = _contrary(row, about)
            if contrary is not None:
                refused.append(NotClearing(id=row.id, why=f"{contrary.id} of the same day says otherwise"))
                held = None
    return held, tuple(refused)


def _order(row: Evaluation) -> tuple[date, float, str]:
    """By day, then hour where known, then id."""
    if row.date is None:
        return date.min, 0.0, row.id
    return row.date.last, row.date.at.timestamp() if row.date.at is not None else 0.0, row.id


def _contrary(row: Evaluation, about: Sequence[Evaluation]) -> Evaluation | None:
    """A judgement of the same day that does not clear, where no hour tells which was later."""
    for other in about:
        if other.kind != "judgement" or other.conclusion == "suitable" or other.date is None or row.date is None:
            continue
        both_timed = other.date.at is not None and row.date.at is not None
        if other.date.last == row.date.last and not both_timed:
            return other
    return None


def _not_clearing(row: Evaluation, flag: Flag, general: General, found: Sequence[Found], as_of: date) -> str | None:
    """Why a statement is no clearance; none where it is one."""
    if row.kind != "judgement":
        return "it is no judgement that the procedure may go on"
    if row.conclusion != "suitable":
        return f"its conclusion is {row.conclusion or 'not recorded'}; only `suitable` clears"
    if row.author is None or not row.author.strip():
        return "it names no person as its author"
    if _is_role(row.author):
        return f"its author is '{row.author}', which is a role; write the name of the person"
    if row.by is None:
        return "it does not say in which role the author is (`by`)"
    if row.by not in general.clears | general.also_clears.get(flag.id, frozenset()):
        return f"a {codes.label('roles', row.by)} does not clear this flag"
    if row.note is None or not row.note.strip():
        return "it gives no reason (`note`)"
    if row.date is None or not row.date.exact:
        return "its day is not known exactly"
    for fact in found:
        why = _too_early(row.date, fact)
        if why is not None:
            return why
    clearance = _clearance(row, general)
    if as_of > clearance.ends:
        how = "by its own date" if clearance.own_end else f"{general.clearance.amount} after it, as none is stated"
        return f"it ended on {clearance.ends.isoformat()} ({how})"
    return None


def _is_role(name: str) -> bool:
    word = name.strip().casefold().replace(" ", "-")
    return word in codes.ids("roles") or name.strip().casefold() in {
        codes.label("roles", role).casefold() for role in codes.ids("roles")
    }


def _too_early(day: When, fact: Found) -> str | None:
    """Whether a fact is, or may be, of a later day or hour. What is of the same day without an hour was seen."""
    moments = [moment for moment in (fact.date, fact.known) if moment is not None]
    if not moments:
        return f"the day of {fact.says} is not known, so it may be later"
    for moment in moments:
        if not is_later(moment, day):
            continue
        if moment.exact:
            return f"{fact.says} was recorded after it"
        return f"{fact.says} may have been recorded after it"
    return None


def is_later(moment: When, day: When) -> bool:
    """Whether a moment is, or may be, after an exact one. Without both hours a day is compared as a whole."""
    if moment.at is not None and day.at is not None:
        return moment.at > day.at
    return moment.last > day.last


def _clearance(row: Evaluation, general: General) -> Clearance:
    assert row.date is not None  # noqa: S101 - what has no day is no clearance
    ends = row.until.first if row.until is not None else after(row.date.first, general.clearance.length)
    return Clearance(
        id=row.id,
        author=row.author or "",
        by=row.by or "",
        note=row.note or "",
        day=row.date.first,
        ends=ends,
        own_end=row.until is not None,
    )


def followed_up(flag: Flag, said: Iterable[Evaluation], found: Sequence[Found]) -> str | None:
    """The id of an evaluation about the flag that is not before any of its signs."""
    for row in sorted(said, key=_order):
        if row.about_flag == flag.id and row.date is not None and not any(_too_early(row.date, f) for f in found):
            return row.id
    return None
