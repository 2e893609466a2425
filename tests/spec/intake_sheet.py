"""What the paragraphs on the intake are written with: the sheet of a snippet, and one answer on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from specimen import TODAY, read

from levamen.derive.tried import tried_within
from levamen.pathway.goals import GoalView
from levamen.pathway.intake import IntakeSheet, intake
from levamen.pathway.intake_answers import FieldAnswer
from levamen.pathway.screening import Screening
from levamen.record.timeline import Duration


def sheet_of(chart: str = "", *, as_of: str = TODAY) -> IntakeSheet:
    """The intake sheet of a snippet."""
    return intake(read(chart), date.fromisoformat(as_of))


def answer_of(field: str, chart: str = "", about: str | None = None, *, as_of: str = TODAY) -> FieldAnswer:
    """The one answer of a field, or of the field asked about one pain, therapy or goal."""
    rows = [row for row in sheet_of(chart, as_of=as_of).answers if row.field.id == field and about in (None, row.about)]
    (found,) = rows
    return found


def tried_of(therapy: str, chart: str = "") -> str:
    """Whether a therapy was tried in the past six months."""
    return tried_within(sheet_of(chart).tried, frozenset({therapy}), Duration(Decimal(6), "months")).state


def goal_of(chart: str) -> GoalView:
    """The one goal of a snippet."""
    (found,) = sheet_of(chart).goals
    return found


def screen_of(instrument: str, chart: str = "") -> Screening:
    """Where one screen leads."""
    return next(row for row in sheet_of(chart).screening if row.screen.instrument == instrument)
