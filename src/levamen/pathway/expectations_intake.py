"""What a chart expects of its intake: the status of a field, a goal, a therapy tried, a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from levamen.derive.periods import number
from levamen.derive.tried import tried_within
from levamen.knowledge.intake import packaged_rules
from levamen.pathway.intake import IntakeSheet, intake
from levamen.record import codes
from levamen.record.facts import Record

INTAKE_SUBJECTS = frozenset({"intake", "goal", "tried", "screen"})


def intake_differences(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. `tried` is asked over the window of the form."""
    sheet = intake(record, as_of)
    if "intake" in expect:
        found = _field(sheet, str(expect["intake"]), expect.get("about"))
    elif "goal" in expect:
        found = _goal(sheet, str(expect["goal"]))
    elif "tried" in expect:
        found = _tried(sheet, str(expect["tried"]))
    else:
        found = _screen(sheet, str(expect["screen"]))
    if isinstance(found, str):
        return {}, (found,)
    return found, tuple(_differences(expect, found))


def _field(sheet: IntakeSheet, id: str, about: object) -> dict[str, Any] | str:
    rows = [row for row in sheet.answers if row.field.id == id and (about is None or row.about == about)]
    if len(rows) != 1:
        known = ", ".join(field.id for field in sheet.form.fields)
        return (
            f"intake: {id} has {len(rows)} answers; `about` names one" if rows else f"intake: no {id}; one of {known}"
        )
    return {"intake": id, "status": rows[0].status, "value": list(rows[0].value)}


def _goal(sheet: IntakeSheet, id: str) -> dict[str, Any] | str:
    view = next((view for view in sheet.goals if view.goal.id == id), None)
    if view is None:
        return f"goal: {id} was not known then"
    value = {"value": number(view.value)} if view.value is not None else {}
    return {"goal": id, "progress": view.progress, "reason": view.reason, **value}


def _tried(sheet: IntakeSheet, therapy: str) -> dict[str, Any] | str:
    if not any(therapy in codes.ids(section) for section in ("therapies", "drug_classes", "drugs")):
        return f"tried: {therapy} is no therapy, drug or drug class of the vocabulary"
    window = packaged_rules().rules["tried-window"].lasts
    found = tried_within(sheet.tried, frozenset({therapy}), window)
    return {"tried": therapy, "state": found.state, "rows": [row.id for row in found.rows]}


def _screen(sheet: IntakeSheet, id: str) -> dict[str, Any] | str:
    row = next((row for row in sheet.screening if row.screen.instrument == id), None)
    return {"screen": id, "step": row.step} if row is not None else f"screen: {id} is no screen of the form"


def _differences(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    for key in ("status", "progress", "state", "step"):
        if key in expect and str(expect[key]) != got.get(key):
            yield f"{key}: expected {expect[key]}, got {got.get(key, 'nothing')}"
    if "value" in expect and not _same(expect["value"], got.get("value")):
        yield f"value: expected {expect['value']}, got {got.get('value', 'nothing')}"


def _same(wanted: object, got: object) -> bool:
    if isinstance(got, list):
        return sorted(map(str, wanted if isinstance(wanted, list) else [wanted])) == sorted(map(str, got))
    return str(wanted) == str(got)
