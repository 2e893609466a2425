"""What a chart expects of a flag, on the day of its `as_of` (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.pathway.flag_answers import FlagAnswer, FlagStatus
from levamen.pathway.flags import review_flags
from levamen.record.facts import Record

FIRES: Mapping[FlagStatus, str] = {
    "fires": "yes", "no": "no", "unknown": "unknown", "not_asked": "unknown", "noted": "noted",
}  # fmt: skip
"""The status of a flag in the words of an expectation; what nobody asked is unknown."""


def flag_differences(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. `urgency` alone expects that the flag fires."""
    id = str(expect["flag"])
    answer = review_flags(record, as_of).flag(id)
    if answer is None:
        return {}, (f"flag: this version does not judge {id}",)
    got = {"flag": id, "fires": FIRES[answer.status], "cleared": "yes" if answer.clearance is not None else "no"}
    if answer.status in ("fires", "unknown"):
        got["urgency"] = answer.urgency
    return got, tuple(_differences(expect, got, answer))


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any], answer: FlagAnswer) -> Iterable[str]:
    wanted = str(expect.get("fires", "yes"))
    if got["fires"] != wanted:
        yield f"fires: expected {wanted}, got {got['fires']}"
    for key in ("urgency", "cleared"):
        if key in expect:
            allowed = expect[key] if isinstance(expect[key], list) else [expect[key]]
            if got.get(key) not in allowed:
                yield f"{key}: expected {' or '.join(map(str, allowed))}, got {got.get(key, 'nothing')}"
    if "source" in expect and not any(cite.source == expect["source"] for cite in (*answer.cites, *_of(answer))):
        yield f"source: {expect['source']} is not cited"


def _of(answer: FlagAnswer) -> Iterable[Any]:
    """The places of the flag itself, also where it does not fire, and of what is to be done."""
    yield from answer.flag.cites
    for act in answer.flag.acts:
        yield from act.cites
