"""Pregnancy: on record it stops X-rays, radiofrequency and implants; otherwise it is asked on the day where possible.

Values: values.yaml. Dossier: periprocedural safety, section 4b.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is
from levamen.criteria.nodes import All, Among, Any, Compare, Elapsed, Exists, Facts, Field, Not, Truth, Window
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import STIMULATOR_OR_PUMP, answered, asks_for, guard, radiofrequency
from levamen.knowledge.model import Values


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    imaging = asked_is("guidance", v.words("imaging", "fluoroscopy", "ct"))
    implant = Any((
        asks_for(v, "implant-or-radiofrequency", STIMULATOR_OR_PUMP),
        radiofrequency(v, "implant-or-radiofrequency"),
    ))  # fmt: skip
    rows = (
        ("pregnancy-imaging", "imaging", "Pregnant before X-rays", imaging),
        ("pregnancy-implant", "implant-or-radiofrequency", "Pregnant before an implant or radiofrequency", implant),
    )  # fmt: skip
    on_record = tuple(
        guard(
            v,
            id,
            _pregnant(v, by),
            by=by,
            title=title,
            effect="defer",
            decision="defer",
            applies=applies,
            do=f"{v.says(by)}. If the entry is old, record that the pregnancy is over.",
            who="pain-physician",
            until="the pregnancy is over",
        )
        for id, by, title, applies in rows
    )
    return (*on_record, _asked(v, Any((imaging, implant))))


def _pregnant(v: Values, id: str) -> Truth:
    return Exists(Facts("problems", "pregnancy", it_is("concept", v.words(id, "pregnancy")), closed_by="recorded"))


def _asked(v: Values, request: Truth) -> Guard:
    age = Elapsed(Field("person", "birth_date"))
    possible = All((
        Not(Among(Field("person", "sex"), v.words("test", "male"))),
        Compare(age, v.limits("age-from")),
        Compare(age, v.limits("age-to")),
    ))  # fmt: skip
    reported = answered(v, "pregnancy", "yes", "asked-on-the-day")
    hazard = Any((_tested(v, "positive"), All((reported, Not(_tested(v, "negative"))))))
    return guard(
        v,
        "pregnancy-asked",
        hazard,
        by=("test", "imaging", "implant-or-radiofrequency", "asked-on-the-day", "age-from", "age-to"),
        title="Pregnancy is possible",
        effect="defer",
        decision="defer",
        due="day",
        applies=All((possible, request)),
        do=f"{v.says('test')}.",
        who="nurse",
        until="a test of the day is negative, or the pregnancy is over",
    )


def _tested(v: Values, result: str) -> Truth:
    """A pregnancy test of the day with this result is on record."""
    return Exists(
        Facts(
            "readings",
            f"{result} pregnancy test of the day",
            All((it_is("test", v.words("test", "hcg")), it_is("value", v.words("test", result)))),
            Window("rolling", v.limits("asked-on-the-day")[0], "inside"),
            "recorded",
        )
    )
