"""One sentence per question, and the steps that would help: verdict, reason, next act, date."""

from __future__ import annotations

from datetime import date

from levamen.pathway.answers import CriterionAnswer, PolicyAnswer
from levamen.record import codes
from levamen.record.facts import Request

WORDS = {
    "met": "appropriate",
    "not_met": "not appropriate",
    "not_yet": "not yet",
    "not_covered": "not covered",
    "against": "advised against",
    "unknown": "open",
    "ambiguous": "open, the texts differ",
    "silent": "not addressed",
    "informs": "effects reported, no recommendation",
}
"""Verdicts as a sentence says them."""


def target_words(request: Request) -> str:
    """The therapy and its target as a person says them."""
    levels = sorted(
        request.joints or request.interspaces or request.foramina or request.roots or request.vertebrae, key=_level
    )
    place = ", ".join(levels) or (codes.label("regions", request.region) if request.region else "")
    parts = [codes.label("therapies", request.therapy or ""), place, request.side or ""]
    return " ".join(part for part in parts if part)


def headline(request: Request, on: date, answers: tuple[PolicyAnswer, ...]) -> str:
    """Leads with what governs; where nothing governs, tells what the authorities say."""
    target = target_words(request)
    speaking = [answer for answer in answers if answer.verdict != "silent"]
    governing = [answer for answer in speaking if answer.governing]
    if not speaking:
        return f"{target}: no policy that was asked addresses it."
    if governing:
        lead = "; ".join(
            f"{WORDS[answer.verdict]} under {short(answer.title)}{_because(answer)}" for answer in governing
        )
        others = [answer for answer in speaking if not answer.governing and answer.verdict != governing[0].verdict]
        dissent = f" Others differ: {_tally(others)}." if others else ""
        return f"{target}: {lead}.{dissent}"
    return f"{target}: {_tally(speaking)}."


def short(title: str) -> str:
    """The name of a policy without its subject: what stands before the colon."""
    return title.split(":")[0]


def next_steps(answers: tuple[PolicyAnswer, ...]) -> tuple[str, ...]:
    """What would help, from the governing policies if there are any: needs with dates, then what to find out."""
    chosen = [answer for answer in answers if answer.governing] or list(answers)
    found: dict[str, None] = {}
    for answer in chosen:
        for item in answer.needs:
            when = f", possible from {day_words(item.possible_from)}" if item.possible_from else ""
            found[f"{item.need.kind}: {codes.title(item.need.what)}{when}"] = None
        if answer.verdict == "not_yet" and answer.earliest is not None:
            found[f"wait: not before {day_words(answer.earliest)}"] = None
        for missing in answer.needed_together:
            found[f"find out: {missing.what}"] = None
    return tuple(found)


def day_words(day: date) -> str:
    """26 Feb 2026."""
    return f"{day.day} {day.strftime('%b %Y')}"


def _because(answer: PolicyAnswer) -> str:
    """The first thing that stands in the way, what was found of it, and what is possible when."""
    failing = [item for item in answer.criteria if item.failing and item.part != "scope"]
    parts = [_reason(failing[0])] if failing else []
    if answer.verdict == "unknown" and answer.needed_together:
        more = len(answer.needed_together) - 1
        parts.append(f"{answer.needed_together[0].what} is not known" + (f", and {more} more" if more else ""))
    if answer.earliest is not None:
        parts.append(f"not before {day_words(answer.earliest)}")
    parts += [
        f"{codes.title(item.need.what)} possible from {day_words(item.possible_from)}"
        for item in answer.needs
        if item.possible_from is not None
    ]
    return "".join(f"; {part}" for part in parts)


def _reason(item: CriterionAnswer) -> str:
    found = _found(item)
    name = item.id.replace("-", " ")
    return f"{name}: found {found}" if found else name


def _found(item: CriterionAnswer) -> str:
    leaves = [item.outcome]
    while leaves:
        outcome = leaves.pop(0)
        if outcome.found and outcome.status == item.status:
            return outcome.found
        leaves.extend(outcome.children)
    return ""


def _tally(answers: list[PolicyAnswer]) -> str:
    groups: dict[str, list[str]] = {}
    for answer in answers:
        groups.setdefault(WORDS[answer.verdict], []).append(short(answer.title))
    return "; ".join(f"{word}: {', '.join(sorted(dict.fromkeys(names)))}" for word, names in sorted(groups.items()))


def _level(level: str) -> tuple[int, int]:
    order = "CTLS"
    digits = "".join(char for char in level[1:].split("-")[0] if char.isdigit())
    return order.index(level[0]) if level[0] in order else len(order), int(digits or 0)
