"""The fields of an intake statement, and what must hold between them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from levamen.adapters.chart_checks import makes
from levamen.adapters.chart_kinds import Field, Moment, Number, Pairs, Table, Text, Word, Words
from levamen.adapters.chart_reading import Context, bad, short
from levamen.knowledge.intake import packaged_codes
from levamen.record import codes, facts

_ANSWER = Word(("answers",))
_COUNT = Number(low=Decimal(0), whole=True)


def check_codes(values: dict[str, Any], context: Context) -> None:
    """Codes of a pain are among those of chronic pain."""
    for code in values.get("icd11", ()):
        if code not in packaged_codes():
            raise bad(f"{short(code)} is no code of chronic pain known here; MG30.02 is one", "icd11")


def check_intake(values: dict[str, Any], context: Context) -> None:
    """Areas of life and degrees are words of the vocabulary; barriers do not contradict one another."""
    for area, degree in values.get("interferes", {}).items():
        for section, word in (("interference_areas", area), ("interference_degrees", degree)):
            if word not in codes.ids(section):
                known = ", ".join(codes.ids(section))
                raise bad(f"{short(word)} is unknown; known: {known}", "interferes")
    barriers = values.get("barriers", frozenset())
    if values.get("has_barriers") == "no" and barriers:
        raise bad(f"no, and `barriers` names {', '.join(sorted(barriers))}; keep one", "has_barriers")
    biggest = values.get("biggest_barrier")
    if biggest in codes.ids("barriers") and barriers and biggest not in barriers:
        context.note(f"`biggest_barrier` {biggest} is not among `barriers`")


INTAKE = Table(
    facts.Intake.section,
    (
        Field("id", Text(), says="unique in the chart"),
        Field("date", Moment(), says="when it was said"),
        Field(
            "interferes",
            Pairs("interference_areas", "interference_degrees"),
            says="area of life: not-at-all, a-little, somewhat, quite-a-bit or very-much",
            title="What the pain interferes with",
        ),
        Field("health_visits", _COUNT, says="in the 3 months before `date`", title="Visits to a health service"),
        Field("emergency_visits", _COUNT, says="in the 3 months before `date`", title="Emergency visits"),
        Field("hospital_admissions", _COUNT, says="in the 3 months before `date`", title="Hospital admissions"),
        Field("tests", _COUNT, says="in the 3 months before `date`"),
        Field("opioid_days_a_week", Number(low=Decimal(0), high=Decimal(7)), title="Days a week with an opioid"),
        Field("work_status", Word(("work_statuses",))),
        Field("work_hours", Number(low=Decimal(0), high=Decimal(168)), says="a week", title="Hours of work a week"),
        Field("compensation_open", _ANSWER, title="Compensation claim open"),
        Field("litigation_open", _ANSWER, title="Court case open"),
        Field("interpreter", _ANSWER, says="an interpreter is needed", title="Needs an interpreter"),
        Field("sight_help", _ANSWER, title="Needs help with sight"),
        Field("hearing_help", _ANSWER, title="Needs help with hearing"),
        Field("reading_help", _ANSWER, title="Needs help with reading"),
        Field(
            "has_barriers",
            _ANSWER,
            says="no: asked, and nothing stands in the way",
            title="Something stands in the way",
        ),
        Field("barriers", Words(Word(("barriers",)))),
        Field(
            "biggest_barrier",
            Word(("barriers",), loose=True),
            says="an id, or the patient's own words",
            title="What stands in the way most",
        ),
        Field("decides", Word(("deciders",)), title="Who decides"),
        Field("worries", Text()),
        Field("bad_experience", Text(), says="with earlier care", title="Bad experience with earlier care"),
        Field("success", Text(), says="what would count as success", title="What would count as success"),
        Field("recorded", Moment(), says="when it was written down; the default is its own date"),
        Field("author", Text()),
        Field("source", Text()),
        Field("note", Text(), says="quotable text"),
    ),
    required=("date",),
    says="What the patient said at intake. Absent is not asked.",
    title="What the patient said",
    make=makes(facts.Intake, check_intake),
)
