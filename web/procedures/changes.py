"""What changed from one plan to the next, in sentences that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from levamen.emit.plan.words import DRUG_WORDS, SAFETY_WORDS, day_words, drug_name
from levamen.emit.words import capital

_TIMES = (
    ("last_dose", "last dose"),
    ("stop_at", "no dose after"),
    ("restart_from", "restart not before"),
    ("first_dose", "first dose again"),
)


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """What is no longer as it was told before. Empty where nothing that anybody acts on changed."""
    return tuple(_changes(before, after)) if before and after else ()


def stopped_already(before: dict[str, Any], after: dict[str, Any], at: datetime) -> tuple[tuple[str, str], ...]:
    """Drugs that the patient has stopped by the earlier plan, though the later one has the last dose still to come, or
    holds them no more: each with its earlier last moment. They are without it now, and somebody must say what to do."""
    found = []
    for drug, earlier in sorted(before.get("drugs", {}).items()):
        stop = earlier["last_dose"] or earlier["stop_at"]
        later = after.get("drugs", {}).get(drug, {})
        again = later.get("last_dose") or later.get("stop_at") or ""
        past = bool(stop) and datetime.fromisoformat(stop) <= at
        if past and (not again or datetime.fromisoformat(again) > at):
            found.append((drug, stop))
    return tuple(found)


def without_words(drug: str, stop: str) -> str:
    """What somebody does about such a drug, to whom, and why."""
    return f"Call the patient today: {drug_name(drug)} was to be stopped from {_at(stop)} for the earlier slot"


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if before["start"] != after["start"]:
        yield f"Appointment: was {_at(before['start'])}, is now {_at(after['start'])}."
    for name, called in (("room", "Room"), ("operator", "Operator")):
        if before[name] != after[name]:
            yield f"{called}: was {before[name]}, is now {after[name]}."
    for drug in sorted(set(before["drugs"]) | set(after["drugs"])):
        yield from _drug(capital(drug_name(drug)), before["drugs"].get(drug), after["drugs"].get(drug))
    for lab in sorted(set(after["labs"]) - set(before["labs"])):
        yield f"Laboratory: now due is {_lab(lab)}."
    for lab in sorted(set(before["labs"]) - set(after["labs"])):
        yield f"Laboratory: no longer due is {_lab(lab)}."
    if before["safety"] != after["safety"]:
        yield f"Safety: was {SAFETY_WORDS[before['safety']]}, is now {SAFETY_WORDS[after['safety']]}."


def _drug(name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[str]:
    if before is None or after is None:
        yield f"{name}: {'now in the plan' if before is None else 'no longer in the plan'}."
        return
    if before["decision"] != after["decision"]:
        yield f"{name}: was “{DRUG_WORDS[before['decision']]}”, is now “{DRUG_WORDS[after['decision']]}”."
    for key, called in _TIMES:
        if before[key] != after[key]:
            was = _at(before[key]) if before[key] else "not set"
            yield f"{name}, {called}: was {was}, is now {_at(after[key]) if after[key] else 'not set'}."
    if before["agreed"] and not after["agreed"] and after["needs_agreement"]:
        yield counts_no_more(name)
    if not before["agreed"] and after["agreed"]:
        yield f"{name}: the prescriber’s answer is now on record."


def counts_no_more(name: str) -> str:
    """What is said of an answer to another appointment."""
    return f"{name}: the prescriber’s answer was for the earlier appointment and does not count for this one."


def _at(moment: str) -> str:
    if not moment:
        return "not set"
    found = datetime.fromisoformat(moment)
    return f"{day_words(found.date())}, {found:%H:%M}"


def _lab(said: str) -> str:
    name, _, by = said.rpartition(" by ")
    return f"{name}{f', by {_at(by)}' if by else ''}"
