"""What a person reads for each verdict and status: a word and a sign, never a colour alone (interface 4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from levamen.criteria.outcome import Missing
from levamen.pathway.answers import CriterionAnswer, PolicyAnswer
from levamen.pathway.headline import WORDS, day_words
from levamen.pathway.headline import dates_in_words as dates_in_words
from levamen.text.capital import capital as capital

SIGNS = {
    "met": "✓",
    "not_met": "✗",
    "not_yet": "◷",
    "unknown": "?",
    "ambiguous": "≈",
    "not_covered": "⊘",
    "against": "▽",
    "silent": "–",
    "informs": "i",
}
SAFETY_SIGNS = {"clear": "✓", "caution": "!", "safety-unknown": "?", "defer": "‖", "contraindicated": "⬣"}
ASCII_SAFETY_SIGNS = {"clear": "+", "caution": "!", "safety-unknown": "?", "defer": "=", "contraindicated": "X"}
ASCII_SIGNS = {
    "met": "+",
    "not_met": "x",
    "not_yet": "@",
    "unknown": "?",
    "ambiguous": "~",
    "not_covered": "0",
    "against": "!",
    "silent": "-",
    "informs": "i",
}
STATUS_WORDS = {"met": "Met", "not_met": "Not met", "unknown": "Unknown", "ambiguous": "Two readings"}
EXCLUSION_WORDS = {**STATUS_WORDS, "met": "Applies", "not_met": "Does not apply"}
REASON_WORDS = {
    "unverified": "awaiting confirmation",
    "conflicting": "conflicting",
    "stale": "too old",
    "value_missing": "a value is missing",
    "outside_completeness": "outside the record",
    "not_recorded": "not recorded",
    "contractor": "contractor not known",
    "scope": "whether it speaks of this patient",
}
SILENT_WORDS = {
    "scope": "it speaks of something else",
    "age": "adults only",
    "not in force": "not in force on that day",
}
MARK_WORDS = {
    "secondary": "read in a secondary source",
    "adopted": "adopted by the clinic",
    "unverified": "awaiting confirmation",
}
"""What stands beside a verdict whose source is weaker than the issuer's own text."""
REMEDY_WORDS = {"action": "an act can change it", "none": "waiting will not help"}
SAFETY_LINE = (
    "Safety and coverage are judged apart. `levamen plan` gives the dated plan: what to hold, check, ask and restart."
)
NO_QUESTION = "The record raises no question: it holds no pain, finding or procedure that names a target."


def verdict_word(answer: PolicyAnswer) -> str:
    """The verdict alone, with its stance: `Met: consider`."""
    word = capital(WORDS[answer.verdict])
    stance = answer.stance if answer.verdict == "met" and answer.stance != "for" else None
    return f"{word}: {stance.replace('_', ' ')}" if stance else word


def verdict_details(answer: PolicyAnswer) -> str:
    """What qualifies the verdict: strength, reason, dates."""
    parts = [answer.strength] if answer.strength else []
    if answer.reason and answer.verdict == "unknown":
        parts.append(REASON_WORDS.get(answer.reason, answer.reason))
    if answer.reason and answer.verdict == "silent":
        parts.append(SILENT_WORDS.get(answer.reason, answer.reason))
    if answer.earliest is not None:
        exact = answer.verdict == "not_yet" and not answer.needs
        parts.append(f"{'possible from' if exact else 'not before'} {day_words(answer.earliest)}")
    if answer.safest is not None:
        parts.append(f"under every reading from {day_words(answer.safest)}")
    return ", ".join(parts)


def verdict_words(answer: PolicyAnswer) -> str:
    """The whole verdict on one line."""
    details = verdict_details(answer)
    mark = mark_words(answer)
    return verdict_word(answer) + (f", {details}" if details else "") + (f" ({mark})" if mark else "")


def mark_words(answer: PolicyAnswer) -> str | None:
    """What to know of a verdict that rests on less than the issuer's own text, where the reason does not say it."""
    if answer.verdict == "silent" or (answer.verdict == "unknown" and answer.reason == "unverified"):
        return None
    return MARK_WORDS.get(answer.mark)


def status_word(criterion: CriterionAnswer) -> str:
    """A criterion's status; an exclusion applies or does not."""
    words = EXCLUSION_WORDS if criterion.part == "exclusion" else STATUS_WORDS
    return words[criterion.status]


def status_details(criterion: CriterionAnswer) -> str:
    """Why a criterion is unknown, or what can change one that is not met."""
    if criterion.reason is not None:
        return REASON_WORDS.get(criterion.reason, criterion.reason)
    if criterion.earliest is not None:
        return f"can change on {day_words(criterion.earliest)}"
    return REMEDY_WORDS.get(criterion.remedy or "", "")


def sign_of(criterion: CriterionAnswer) -> str:
    """The key of a criterion's sign: an exclusion that does not apply is good news."""
    if criterion.part == "exclusion" and criterion.status in ("met", "not_met"):
        return "not_covered" if criterion.status == "met" else "met"
    return criterion.status


def missing_lines(answers: Iterable[PolicyAnswer], most: int = 5) -> list[str]:
    """What would settle the open answers, in at most five lines: of the governing policies first, then most asked."""
    counts: dict[str, int] = {}
    for answer in answers:
        rows: Iterable[Missing] = answer.needed_together or answer.would_refuse
        for what in dict.fromkeys(row.what for row in rows):
            counts[what] = counts.get(what, 0) + (1000 if answer.governing else 1)
    ordered = sorted(counts, key=lambda what: -counts[what])
    lines = [_asked(what, counts[what]) for what in ordered[: most if len(ordered) <= most else most - 1]]
    if len(ordered) > most:
        lines.append(f"and {len(ordered) - most + 1} more")
    return lines


def _asked(what: str, count: int) -> str:
    policies = count // 1000 + count % 1000
    return f"{dates_in_words(what)} (asked by {policies} policies)" if policies > 1 else dates_in_words(what)


def due_words(day: date | None) -> str:
    """The day by which a duty is due; the service itself where no day is set."""
    return day_words(day) if day is not None else "the service"


def printable(text: str) -> str:
    """The text on one line, without characters that would steer a terminal or turn the direction of writing."""
    return "".join(char if char.isprintable() else " " for char in text)
