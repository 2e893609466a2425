"""What follows the needle: how long to watch, what must hold before the person leaves, and when to call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from levamen.criteria.situation import Situation
from levamen.knowledge.checklists import packaged_checklists
from levamen.pathway.checklists import Known, discharge_for, longest_observation, monitoring_for
from levamen.pathway.periprocedural.answers import Afterwards, Plan, Task
from levamen.record import codes
from levamen.record.facts import Medication

_SECONDS = {"hours": 3600, "days": 86400, "weeks": 604800}


def afterwards(found: Plan, seen: Situation, medications: Iterable[Medication], *, list_reviewed: bool) -> Afterwards:
    """The rows of the checklists that apply, or may: what is not known keeps a row."""
    known = known_of(found, seen, medications, list_reviewed=list_reviewed)
    watching = monitoring_for(found.request, known)
    return Afterwards(
        known=known,
        observe=longest_observation(watching),
        watch=tuple(item for item in watching if item.row.kind == "rule"),
        discharge=discharge_for(found.request, known),
    )


def known_of(found: Plan, seen: Situation, medications: Iterable[Medication], *, list_reviewed: bool) -> Known:
    """What the checklists may look at beside the request. One medicine that could not be read leaves classes open."""
    drugs = {row.drug for row in medications if row.drug} | {drug.drug for drug in found.active.drugs}
    classes: frozenset[str] = frozenset().union(*(codes.classes_of(drug) for drug in drugs))
    devices = frozenset(str(row.fact.kind) for row in seen.views["devices"])
    return Known(
        classes=classes if list_reviewed and not found.unresolved else None,
        bleeding=found.active.bleeding_class.word,
        devices=devices or None,
        events=frozenset(found.request.complications) if found.done else None,
    )


def tasks_afterwards(found: Plan) -> Iterable[Task]:
    """The end of the observation, and the two calls, counted from the end of the procedure (planned, or as it was)."""
    end = found.end or found.start
    if found.after is None or end is None:
        return
    observe = found.after.observe
    if observe is not None and observe.row.least_minutes is not None:
        minutes = observe.row.most_minutes or observe.row.least_minutes
        what = f"observe for {minutes} minutes: {'; '.join(observe.row.checks) or observe.row.says}"
        at = end + timedelta(minutes=minutes)
        yield Task(
            id="observe", kind="watch", what=what, who="nurse", at=at, why=observe.row.says, cites=observe.row.cites
        )
    for script in packaged_checklists().calls.scripts.values():
        yield Task(
            id=f"call-{script.id}",
            kind="watch",
            what=f"telephone: red flags first ({script.after} after)",
            who="nurse",
            at=_after(end, script.after.unit, int(script.after.amount)),
            why="a complication is found early",
            cites=script.cites,
        )


def _after(moment: datetime, unit: str, amount: int) -> datetime:
    """Elapsed time: a call at 24 hours is 24 hours later."""
    return moment + timedelta(seconds=_SECONDS[unit] * amount)
