"""One sentence per question, and the steps that would help: verdict, reason, next act, date."""

from __future__ import annotations

import re
from datetime import date

from levamen.criteria.nodes import Compare, Count, Number
from levamen.criteria.outcome import Outcome
from levamen.pathway.answers import CriterionAnswer, NeedAnswer, PolicyAnswer
from levamen.record import codes
from levamen.record.facts import Procedure, Request

WORDS = {
    "met": "met",
    "not_met": "not met",
    "not_yet": "not yet",
    "not_covered": "not covered",
    "against": "advises against",
    "unknown": "unknown",
    "ambiguous": "two readings",
    "silent": "does not say",
    "informs": "reports effects",
}
"""Verdicts as a sentence says them."""
DISSENT = ("against", "not_covered", "not_met", "not_yet", "met", "ambiguous", "informs", "unknown")
"""The order in which opinions are told: the gravest first; silence is none."""
OPERATORS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}
_NEEDS_TOLD = 2
_GOVERNING_TOLD = 2
"""More governing policies than this (the plan of the payer is not known) are told by verdict, without their reasons."""


def target_words(request: Procedure) -> str:
    """The therapy and its target as a person says them."""
    levels = sorted(
        request.joints or request.interspaces or request.foramina or request.roots or request.vertebrae, key=_level
    )
    place = ", ".join(levels) or _named_place(request)
    side = "both sides" if request.side == "both" else request.side or ""
    parts = [codes.label("therapies", request.therapy or ""), place, side]
    return " ".join(part for part in parts if part)


def _named_place(request: Procedure) -> str:
    """A place that has a name of its own: a joint, nerves, muscles, a site; else the region."""
    joint = codes.label("joints", request.joint) if request.joint is not None else ""
    nerves = ", ".join(codes.label("nerves", nerve) for nerve in sorted(request.nerves))
    muscles = ", ".join(codes.label("muscles", muscle) for muscle in sorted(request.muscles))
    site = codes.label("pain_sites", request.site) if request.site is not None else ""
    return joint or nerves or muscles or site or (codes.label("regions", request.region) if request.region else "")


def headline(request: Request, on: date, answers: tuple[PolicyAnswer, ...]) -> str:
    """Leads with what governs; where nothing governs, tells what the authorities say."""
    target = target_words(request)
    speaking = [answer for answer in answers if answer.verdict != "silent"]
    governing = [answer for answer in speaking if answer.governing]
    if not speaking:
        return f"{target}: no policy that was asked speaks of it."
    if not governing:
        return f"{target}: {_tally(speaking)}."
    lead = (
        "; ".join(f"{_word(answer)} under {short(answer.title)}{_because(answer)}" for answer in governing)
        if len(governing) <= _GOVERNING_TOLD
        else _grouped(governing)
    )
    verdicts = {answer.verdict for answer in governing}
    others = [a for a in speaking if not a.governing and a.verdict not in verdicts and a.verdict != "unknown"]
    dissent = f" Others: {_tally(others)}." if others else ""
    return f"{target}: {lead}.{dissent}"


def _grouped(governing: list[PolicyAnswer]) -> str:
    """`not yet under NICE NG59; unknown under Aetna, Premera`, the gravest first."""
    return "; ".join(f"{word} under {', '.join(names)}" for word, names in _by_verdict(governing).items())


def _by_verdict(answers: list[PolicyAnswer]) -> dict[str, list[str]]:
    """The short names of policies by what they say, the gravest first."""
    groups: dict[str, set[str]] = {}
    for answer in sorted(answers, key=lambda answer: DISSENT.index(answer.verdict)):
        groups.setdefault(_word(answer), set()).add(short(answer.title))
    return {word: sorted(names) for word, names in groups.items()}


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


def dates_in_words(text: str) -> str:
    """The text with its ISO days as a person writes them; no date is numeric only."""
    return _ISO_DAY.sub(_iso_day_words, text)


def _iso_day_words(found: re.Match[str]) -> str:
    try:
        return day_words(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?!T)", re.ASCII)


def _word(answer: PolicyAnswer) -> str:
    """The verdict with its stance or strength."""
    stance = answer.stance if answer.verdict == "met" and answer.stance != "for" else None
    added = stance.replace("_", " ") if stance else answer.strength if answer.verdict == "against" else None
    return f"{WORDS[answer.verdict]}, {added}" if added else WORDS[answer.verdict]


def _because(answer: PolicyAnswer) -> str:
    """The first thing that stands in the way, what was found of it, and what is possible when."""
    failing = [item for item in answer.criteria if item.failing and item.part != "scope"]
    parts = [reason_words(failing[0])] if failing else []
    if answer.verdict == "ambiguous":
        parts += [f"the texts differ on {_name(item)}" for item in answer.criteria if item.status == "ambiguous"][:1]
    if answer.verdict == "unknown" and answer.needed_together:
        more = len(answer.needed_together) - 1
        parts.append(
            f"to find out: {dates_in_words(answer.needed_together[0].what)}" + (f", and {more} more" if more else "")
        )
    if answer.earliest is not None:
        exact = answer.verdict == "not_yet" and not answer.needs
        parts.append(f"{'possible from' if exact else 'not before'} {day_words(answer.earliest)}")
    parts += [_need(item) for item in answer.needs[:_NEEDS_TOLD]]
    if answer.verdict == "not_met" and answer.earliest is None:
        parts.append("waiting will not help")
    return "".join(f"; {part}" for part in parts)


def _need(item: NeedAnswer) -> str:
    what = codes.title(item.need.what)
    if item.possible_from is None:
        return f"needs {what}"
    return f"next {what[:1].lower()}{what[1:]} possible from {day_words(item.possible_from)}"


def reason_words(item: CriterionAnswer) -> str:
    """`block interval: 12 days, at least 2 weeks asked`."""
    leaf = _leaf(item)
    if leaf is None:
        return _name(item)
    asked = _asked(leaf.node)
    return f"{_name(item)}: {leaf.found}{f', {asked} asked' if asked else ''}"


def _name(item: CriterionAnswer) -> str:
    return item.id.replace("-", " ")


def _asked(node: object) -> str:
    """The threshold of a comparison; nothing for other leaves and where the readings differ."""
    if not isinstance(node, Compare):
        return ""
    share = " per cent" if isinstance(node.quantity, Number) and "relief" in node.quantity.field.name else ""
    words = {**OPERATORS, "<": "fewer than"} if isinstance(node.quantity, Count) else OPERATORS
    readings = dict.fromkeys(f"{words[limit.operator]} {limit.amount}{share}" for limit in node.limits)
    return next(iter(readings)) if len(readings) == 1 else ""


def _leaf(item: CriterionAnswer) -> Outcome | None:
    """The first leaf that tells what was found and has the criterion's own status."""
    pending = [item.outcome]
    while pending:
        outcome = pending.pop(0)
        if outcome.found and outcome.status == item.status:
            return outcome
        pending.extend(outcome.children)
    return None


def _tally(answers: list[PolicyAnswer]) -> str:
    """`advises against, strong (BMJ Rapid Recommendation 2025); met (NICE NG59)`, the gravest first."""
    return "; ".join(f"{word} ({', '.join(names)})" for word, names in _by_verdict(answers).items())


def _level(level: str) -> tuple[int, int]:
    order = "CTLS"
    digits = "".join(char for char in level[1:].split("-")[0] if char.isdigit())
    return order.index(level[0]) if level[0] in order else len(order), int(digits or 0)
