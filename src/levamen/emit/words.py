"""What a person reads for each verdict and status: a word and a sign, never a colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from levamen.criteria.english import sentence
from levamen.criteria.outcome import Missing
from levamen.pathway.answers import CriterionAnswer, PolicyAnswer
from levamen.pathway.headline import WORDS, day_words

SIGNS = {
    "met": "✓",
    "not_met": "✗",
    "not_yet": "◷",
    "unknown": "?",
    "ambiguous": "≈",
    "not_covered": "⊘",
    "against": "⊖",
    "silent": "–",
    "informs": "i",
}
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
STATUS_WORDS = {"met": "met", "not_met": "not met", "unknown": "open", "ambiguous": "texts differ"}
EXCLUSION_WORDS = {"met": "applies", "not_met": "does not apply", "unknown": "open", "ambiguous": "texts differ"}
REASON_WORDS = {
    "unverified": "the source still has to be confirmed",
    "conflicting": "facts contradict one another",
    "stale": "too old",
    "value_missing": "a value is missing",
    "outside_completeness": "the record is not complete for that time",
    "not_recorded": "not recorded",
    "contractor": "the contractor is not known",
    "scope": "whom the policy speaks of is not settled",
}
SILENT_WORDS = {
    "scope": "it does not speak of this",
    "age": "adults only",
    "not in force": "not in force on that day",
}
SAFETY_LINE = "Safety on the day of the procedure is not assessed by this version."


def verdict_words(answer: PolicyAnswer) -> str:
    """The verdict with its stance or reason, in words."""
    text = WORDS[answer.verdict]
    if answer.verdict == "met" and answer.stance not in (None, "for"):
        text += f" ({answer.stance.replace('_', ' ')})"
    if answer.strength:
        text += f", {answer.strength}"
    if answer.reason and answer.verdict == "unknown":
        text += f" ({REASON_WORDS.get(answer.reason, answer.reason)})"
    if answer.reason and answer.verdict == "silent":
        text += f" ({SILENT_WORDS.get(answer.reason, answer.reason)})"
    if answer.earliest is not None:
        text += f", not before {day_words(answer.earliest)}"
        if answer.safest is not None:
            text += f", safe from {day_words(answer.safest)}"
    if answer.mark != "primary" and answer.verdict != "silent":
        text += f" [{answer.mark}]"
    return text


def status_words(criterion: CriterionAnswer) -> str:
    """A criterion's status; an exclusion applies or does not."""
    words = EXCLUSION_WORDS if criterion.part == "exclusion" else STATUS_WORDS
    return words[criterion.status]


def says(criterion: CriterionAnswer) -> str:
    """The criterion's sentence; an exclusion says that it would exclude."""
    text = sentence(criterion.criterion.says)
    return f"Would exclude: {text[0].lower()}{text[1:]}" if criterion.part == "exclusion" else text


def sign_of(criterion: CriterionAnswer) -> str:
    """The sign of a criterion: an exclusion that does not apply is good news."""
    if criterion.part == "exclusion" and criterion.status in ("met", "not_met"):
        return "not_covered" if criterion.status == "met" else "met"
    return criterion.status


def missing_lines(answers: Iterable[PolicyAnswer], most: int = 5) -> list[str]:
    """What would settle the open answers, most asked-for first, in at most five lines."""
    counts: dict[str, int] = {}
    for answer in answers:
        rows: Iterable[Missing] = answer.needed_together or answer.would_refuse
        for what in dict.fromkeys(row.what for row in rows):
            counts[what] = counts.get(what, 0) + 1
    ordered = sorted(counts, key=lambda what: -counts[what])
    lines = [f"{what}" for what in ordered[: most if len(ordered) <= most else most - 1]]
    if len(ordered) > most:
        lines.append(f"and {len(ordered) - most + 1} more")
    return lines
