"""Which answers of some records change with the knowledge: the same question under two editions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from levamen.knowledge.edition import Edition, using
from levamen.knowledge.registry import packaged
from levamen.pathway.answers import Question
from levamen.pathway.assess import assess
from levamen.pathway.periprocedural.answers import Decision
from levamen.record.facts import Record

SAFETY = "safety"


class Answer(Struct, frozen=True, kw_only=True):
    """A verdict with the day it can change at the earliest, or the safety verdict with its decision."""

    verdict: str
    earliest: date | None = None
    decision: Decision | None = None


class Moved(Struct, frozen=True, kw_only=True):
    """One answer that is not the same: of the policy `about`, or of `safety`. Verdicts are ids, absent if not asked."""

    record: str
    question: str
    headline: str
    about: str
    was: Answer | None
    now: Answer | None


def moved(record: Record, as_of: date | datetime, old: Edition, new: Edition) -> tuple[Moved, ...]:
    """The answers of a record that differ, question by question in the order of the newer edition."""
    before, after = _questions(record, as_of, old), _questions(record, as_of, new)
    found: list[Moved] = []
    for id in dict.fromkeys((*after, *before)):
        found += _of_question(record, id, before.get(id), after.get(id))
    return tuple(found)


def _questions(record: Record, as_of: date | datetime, chosen: Edition) -> dict[str, Question]:
    with using(chosen):
        return {question.id: question for question in assess(record, packaged(), as_of).questions}


def _of_question(record: Record, id: str, before: Question | None, after: Question | None) -> Iterator[Moved]:
    shown = after or before
    assert shown is not None  # noqa: S101 - the id is of one of the two
    was, now = _answers(before), _answers(after)
    for about in sorted(was.keys() | now.keys()):
        if was.get(about) != now.get(about):
            yield Moved(
                record=record.id,
                question=id,
                headline=shown.headline,
                about=about,
                was=was.get(about),
                now=now.get(about),
            )


def _answers(question: Question | None) -> dict[str, Answer]:
    if question is None:
        return {}
    found = {answer.policy: Answer(verdict=answer.verdict, earliest=answer.earliest) for answer in question.policies}
    found[SAFETY] = Answer(verdict=question.plan.safety, decision=question.plan.decision)
    return found
