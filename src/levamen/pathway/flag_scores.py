"""What one form alone asks for today: the flag that an answer fires, by the rule that judges a whole record."""

from __future__ import annotations

from levamen.derive.scores import Scored
from levamen.pathway.flag_answers import FlagAnswer
from levamen.pathway.flags import review_flags
from levamen.record.facts import Record, Score
from levamen.record.timeline import When


def task_of(found: Scored) -> FlagAnswer | None:
    """The flag of the same day that the answers of a form fire; none where they do not, or where a total was entered.

    The day plays no part: the table's own day stands for that of the form.
    """
    if found.entered or not found.n_answered:
        return None
    day = found.instrument.checked
    form = Score(id="form", instrument=found.instrument.id, answers=tuple(found.answers.values()), date=When.on(day))
    answer = review_flags(Record(id="form", facts=(form,)), day).flag("self-harm")
    return answer if answer is not None and answer.status == "fires" else None
