"""JSON of the flags of a record: absent never null, the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from levamen import __version__
from levamen.adapters.balance import Reading
from levamen.emit.json_values import Json, as_line, cites, iso, many, read_of, without_empty
from levamen.knowledge.registry import packaged
from levamen.pathway.flag_answers import ActDue, Due, FlagAnswer, FlagReview
from levamen.pathway.flag_stops import FlagStop, flag_duties

ONE = "levamen.flags/1"
MANY = "levamen.flag-lists/1"


def encode(found: FlagReview, reading: Reading) -> bytes:
    """One record's flags as one line of JSON."""
    return as_line(document(found, reading))


def together(encoded: Sequence[bytes]) -> bytes:
    """Several already encoded, as one JSON document."""
    return many(MANY, "flags", encoded)


def document(found: FlagReview, reading: Reading) -> Json:
    """The flags as plain data, in the order of the published schema."""
    knowledge = packaged()
    return without_empty(
        {
            "format": ONE,
            "engine": __version__,
            "knowledge": {"hash": knowledge.hash, "date": knowledge.date.isoformat()},
            "as_of": found.moment,
            "patient": found.patient,
            "import": read_of(reading.balance),
            "list": {"answer": found.asked[0], "asked": str(found.asked[1])} if found.asked is not None else None,
            "which": "yes to the red-flag list, but which sign is not recorded" if found.which else None,
            "conflicts": list(found.conflicts),
            "obligations": [
                without_empty(
                    {
                        "id": duty.id,
                        "what": duty.what,
                        "who": duty.who,
                        "due": iso(duty.due),
                        "why": duty.why,
                        "cites": cites(duty.cites),
                    }
                )
                for duty in flag_duties(found)
            ],
        }
    ) | {"flags": flag_rows(found)}


def flag_rows(found: FlagReview) -> list[Json]:
    """Every flag, by urgency and id."""
    return [_flag(answer, found.zone) for answer in found.answers]


def _flag(answer: FlagAnswer, zone: ZoneInfo) -> Json:
    flag = answer.flag
    told: Json = {
        "id": flag.id,
        "title": flag.title,
        "status": answer.status,
        "urgency": answer.urgency,
        "blocks_elective": flag.blocks,
        "found": [
            without_empty({"id": fact.id, "says": fact.says, "recorded": str(fact.known) if fact.known else None})
            for fact in answer.found
        ],
        "missing": list(answer.missing),
    }
    if answer.status in ("fires", "unknown"):
        held = answer.clearance
        told |= {
            "class": answer.dossier,
            "doubts": list(answer.doubts),
            "since": str(answer.since) if answer.since is not None else None,
            "due": _due(answer.due, zone),
            "acts": [_act(row, zone) for row in answer.acts],
            "cleared": without_empty(
                {
                    "id": held.id,
                    "author": held.author,
                    "by": held.by,
                    "note": held.note,
                    "date": held.day.isoformat(),
                    "until": held.ends.isoformat(),
                    "own_end": held.own_end,
                }
            )
            if held is not None
            else None,
            "not_cleared": [{"id": row.id, "why": row.why} for row in answer.not_clearing],
            "followed_up": answer.followed_up,
            "mark": answer.mark,
            "cites": cites(answer.cites),
        }
    if answer.status != "no":
        told["asks"] = [{"says": row.says, "cites": cites(row.cites)} for row in flag.asks]
    if flag.card is not None:
        told["card"] = {"says": flag.card.says, "cites": cites(flag.card.cites)}
    return without_empty(told)


def _act(row: ActDue, zone: ZoneInfo) -> Json:
    act = row.act
    return without_empty(
        {
            "id": act.id,
            "says": act.says,
            "who": act.who,
            "route": act.route,
            "within": str(act.within.length) if act.within is not None else None,
            "from": act.counted_from if act.within is not None else None,
            "due": _due(row.due, zone),
            "cites": cites(act.cites),
        }
    )


def _due(due: Due | None, zone: ZoneInfo) -> Json | None:
    """An instant with its offset, or a day to its end."""
    if due is None:
        return None
    return without_empty(
        {
            "at": due.at.astimezone(zone).isoformat() if due.at is not None else None,
            "on": iso(due.on),
            "counted_from_day": due.counted_from_day or None,
        }
    )


def stop_json(stop: FlagStop, zone: ZoneInfo) -> Json:
    """A flag that stops a procedure, as a plan and an assessment tell it."""
    return without_empty(
        {
            "id": stop.id,
            "verdict": stop.verdict,
            "says": stop.says,
            "do": stop.do,
            "who": stop.who,
            "until": stop.until,
            "due": _due(stop.due, zone),
            "missing": list(stop.missing),
            "cites": cites(stop.cites),
        }
    )


def brief(found: FlagReview) -> list[Json]:
    """The flags as an assessment tells them: in full where a sign is there, else its status alone."""
    return [
        _flag(answer, found.zone)
        if answer.status in ("fires", "unknown", "noted")
        else {"id": answer.flag.id, "title": answer.flag.title, "status": answer.status}
        for answer in found.answers
    ]
