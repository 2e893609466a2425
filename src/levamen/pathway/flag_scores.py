"""What one form alone asks for today: the flag that an answer fires, by the rule that judges a whole record."""

from __future__ import annotations

from levamen.derive.scores import Scored, decimal_of
from levamen.pathway.flag_answers import FlagAnswer
from levamen.pathway.flags import review_flags
from levamen.record.facts import Record, Score
from levamen.record.timeline import When


def task_of(found: Scored) -> FlagAnswer | None:
    """The flag of the same day that the answers of a form fire, or that a bare total or a blank leaves open; else none.

    The day plays no part: the table's own day stands for that of the form.
    """
    if found.value is None and not found.n_answered:
        return None
    day = found.instrument.checked
    total = decimal_of(found.value) if found.entered and found.value is not None else None
    answers = () if found.entered else tuple(found.answers.values())
    form = Score(id="form", instrument=found.instrument.id, value=total, answers=answers, date=When.on(day))
    answer = review_flags(Record(id="form", facts=(form,)), day).flag("self-harm")
    return answer if answer is not None and answer.status in ("fires", "unknown") else None
