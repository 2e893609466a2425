"""Laboratory tests that a hold asks for: when they are due, and whether a fresh result already meets the limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from levamen.criteria.measure import test
from levamen.criteria.nodes import Operator
from levamen.derive.dosing import first_moment
from levamen.derive.labs import in_unit
from levamen.knowledge.holds import LabRule
from levamen.pathway.periprocedural.answers import LabDue
from levamen.record import codes
from levamen.record.facts import Lab
from levamen.record.timeline import Interval, known_by, start_of_day

_OPERATORS: dict[str, Operator] = {"<=": "<=", "<": "<", ">=": ">=", ">": ">", "==": "=="}


def lab_due(rule: LabRule, labs: Iterable[Lab], start: datetime | None, zone: ZoneInfo, now: datetime) -> LabDue:
    """The demand of one rule. Only a result inside the rule's window before the needle can meet it.

    Where no source gives a window nothing does: a result of the day itself may fail the limit, or is shown for judging.
    """
    limit = None
    if rule.operator is not None and rule.amount is not None:
        limit = f"{rule.operator} {rule.amount} {_unit(rule)}".strip()
    found = _fresh(rule, labs, start, zone, now)
    status = "due" if found is None else _status(rule, found)
    decided = found is not None and status != "due"
    recency = "" if rule.within is not None else f"{NO_WINDOW}; {_latest(rule, labs, start, now)}"
    return LabDue(
        tests=rule.tests,
        limit=limit,
        by=start,
        why="; ".join(part for part in (rule.says, recency) if part),
        status="due" if recency and status == "met" else status,
        result=_result(found) if found is not None and decided else None,
        fact=found.id if found is not None and decided else None,
        recency=recency,
        cites=rule.cites,
    )


NO_WINDOW = "no source found for how recent it must be"


def _latest(rule: LabRule, labs: Iterable[Lab], start: datetime | None, now: datetime) -> str:
    """The latest result there is, with its day, for somebody to judge; or that its day is to be asked."""
    rows = [lab for lab in labs if lab.test in rule.tests and lab.value is not None]
    before = [lab for lab in rows if lab.at is not None and (start is None or lab.at.first <= start.date())]
    known = [lab for lab in before if lab.at is not None and known_by(lab.at, now)]
    if known:
        last = max(known, key=lambda lab: (lab.at.last, lab.id) if lab.at is not None else (now.date(), lab.id))
        return f"the latest is {_result(last)} of {last.at.first if last.at is not None else ''} ({last.id})"
    if rows:
        return f"of {_result(rows[0])} ({rows[0].id}) the day is not recorded: ask when it was measured"
    return "none is recorded: ask when it was measured last"


def _fresh(rule: LabRule, labs: Iterable[Lab], start: datetime | None, zone: ZoneInfo, now: datetime) -> Lab | None:
    """The latest result of any of the tests inside the window; where no source gives one, of the day itself."""
    if start is None:
        return None
    if rule.within is None:
        opens = start_of_day(start.astimezone(zone).date(), zone)
    else:
        opens = start - timedelta(seconds=int(rule.within.hours(rule.within.most) * 3600))
    rows = [lab for lab in labs if lab.test in rule.tests and lab.at is not None and lab.at.at is not None]
    dated = [(first_moment(lab.at, zone), lab) for lab in rows if lab.at is not None]
    inside = [(at, lab) for at, lab in dated if opens <= at <= min(start, now)]
    return max(inside, key=lambda row: (row[0], row[1].id))[1] if inside else None


def _status(rule: LabRule, lab: Lab) -> Literal["due", "met", "not_met"]:
    """Met or not met where the result decides it for every reading; else it is still due."""
    value = in_unit(lab, str(codes.entry("labs", lab.test or "").get("unit")))
    if value is None or rule.operator is None or rule.amount is None:
        return "due"
    span = value if isinstance(value, Interval) else Interval(Fraction(value), Fraction(value))
    found = test(span, _OPERATORS[rule.operator], rule.amount)
    if found == "met" or found == "not_met":
        return found
    return "due"


def _result(lab: Lab) -> str:
    """The result with its unit; a ratio has none."""
    return str(lab.value) if lab.unit in (None, "1") else f"{lab.value} {lab.unit}"


def _unit(rule: LabRule) -> str:
    unit = str(codes.entry("labs", rule.tests[0]).get("unit", ""))
    return "" if unit == "1" else unit
