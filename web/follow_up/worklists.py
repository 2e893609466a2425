"""The worklists that follow from what is due after a procedure: calls, measures, relief, rehabilitation."""

from __future__ import annotations

from follow_up import dues
from follow_up.models import Due
from worklists.lists import Line, List, link


def _line(due: Due) -> Line:
    handle, key = due.patient.handle, due.procedure_key
    match due.kind:
        case Due.Kind.CALL:
            url = link("call", patient=handle, key=key, script=due.what)
        case Due.Kind.MEASURES:
            url = link("measures", patient=handle, key=key, visit=due.what)
        case _:
            url = link("response", patient=handle, key=key)
    return Line(patient=due.patient, what=due.says, due=due.due, number=due.pk, url=url)


LISTS = {
    "calls-after": List(
        title="Calls after procedures",
        says="After 24 hours and after one week; overdue ones first.",
        empty="Nobody who had a procedure waits for a call.",
        rows=dues.calls_due,
        line=_line,
        key="c",
    ),
    "measures": List(
        title="Measures due",
        says="The window of the visit is open, and what stands in the line was not measured in it yet.",
        empty="No measure is due.",
        rows=dues.measures_due,
        line=_line,
        beside_today=False,
    ),
    "outcomes-missing": List(
        title="Outcomes missing",
        says="The window of the visit passed, and what stands in the line was not measured. "
        "Missing is neither success nor failure.",
        empty="No outcome is missing.",
        rows=dues.outcomes_missing,
        line=_line,
    ),
    "relief": List(
        title="Relief fading",
        says="Relief was lost, or is expected to end soon.",
        empty="No relief is known to fade.",
        rows=dues.relief_fading,
        line=_line,
    ),
    "rehabilitation": List(
        title="Rehabilitation missing",
        says="Relief holds, and nobody works with it yet.",
        empty="No relief waits for rehabilitation.",
        rows=dues.rehabilitation_missing,
        line=_line,
        beside_today=False,
    ),
}
