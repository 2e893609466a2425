"""How the parts of an answer on the intake are put into words: what is meant, what it is called, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from levamen.derive.opioid_orders import in_force
from levamen.knowledge.intake.rows import FormField, Place
from levamen.record import codes
from levamen.record.facts import Fact, Goal, Medication, Pain, Score, called


def title_of(fact: Fact) -> str:
    """What a person calls the pain, therapy or goal that is asked about."""
    if isinstance(fact, Pain):
        side = f", {codes.label('sides', fact.side)}" if fact.side is not None else ""
        return f"{called(fact)}{side}"
    return (fact.text or fact.id) if isinstance(fact, Goal) else called(fact)


def picked(fact: Fact, place: Place) -> bool:
    """Whether an entry is one of those meant: it has one of the words of each field."""
    return all(_has(fact, name, words) for name, words in place.where.items())


def _has(fact: Fact, name: str, words: Sequence[str]) -> bool:
    value = getattr(fact, name)
    held = set(value) if isinstance(value, frozenset | tuple) else {value}
    if isinstance(fact, Medication) and name == "classes" and fact.drug is not None:
        held |= codes.classes_of(fact.drug)
    return bool(held & set(words))


def words_of(value: Any) -> tuple[str, ...]:
    """A value of the chart as words."""
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    if isinstance(value, tuple):
        return tuple(map(str, value))
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return (f"{value:f}",) if isinstance(value, Decimal) else (str(value),)


def text_of(field: FormField, words: Sequence[str]) -> str:
    """The words as a person reads them."""
    labels = {choice.id: choice.label for choice in field.choices}
    unit = f" {field.unit}" if field.unit and len(words) == 1 else ""
    return ", ".join(labels.get(word, word) for word in words) + unit


def score_words(fact: Score, *, complete: bool) -> tuple[tuple[str, ...], str | None]:
    """A score as words, or why it has none: a form with gaps counts only where its own rule gives a score."""
    if fact.value is not None:
        return (f"{fact.value:f}",), None
    given = [answer for answer in fact.answers if answer is not None]
    if not given:
        return (), "the entry has neither a value nor answers"
    if len(given) < len(fact.answers) and not complete:
        return (), f"{len(given)} of {len(fact.answers)} items are answered"
    return tuple("–" if answer is None else f"{answer:f}" for answer in fact.answers), None


def not_named(fact: Fact, now: date) -> bool:
    """A medicine that may be any, and may still be taken."""
    return isinstance(fact, Medication) and fact.drug is None and in_force(fact, now) is not None


def name_of(fact: Fact) -> str:
    """What an entry of a list is called, without its day."""
    word = getattr(fact, "drug", None) or getattr(fact, "kind", None) or getattr(fact, "substance", None)
    return codes.title(word) if word is not None else called(fact)
