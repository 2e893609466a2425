"""Aetna CPB 0016, trigger point injections: after three months of pain, failed care, within a program.

When the pain is more than three months old, care has failed, a trigger point was found and the injection is part of a
program: up to four sets, a week apart. Sources and amounts: values.yaml. Dossier: spine injections, section 5.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    any_present,
    it_is,
    latest,
    pain_lasted,
    procedures,
    sessions,
    since_then,
)
from levamen.criteria.nodes import All, Criterion, Exists, Facts, IfThen, Need, Readings, Same, Truth
from levamen.knowledge.model import Rule, Values

INJECTION = "trigger-point-injection"
HERE = Same("region", "equal")


def trigger_points(v: Values, one: Criterion) -> Rule:
    """The injection, beside the rule that only one invasive treatment is given at a time."""
    return Rule(id="trigger-points", therapies=frozenset({INJECTION}), requirements=(*before(v), *how_often(v), one))


def before(v: Values) -> tuple[Criterion, ...]:
    """How long the pain lasted, the care that failed, what was found, and the program."""
    failed = it_is("response", v.choices("trigger-point-care"))
    course = Facts("conservative-care", "course of conservative care that did not help", failed, SINCE_THIS_PAIN)
    seen = any_present("trigger point in the region", v.choices("trigger-point"), HERE)
    return (
        v.criterion("trigger-point-pain", pain_lasted(v.limits("trigger-point-pain")), remedy="none"),
        v.criterion(
            "trigger-point-care",
            Exists(course),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "trigger-point", seen, remedy="action", needs=(Need(kind="finding", what="trigger-point"),)
        ),
        v.criterion("trigger-point-program", v.judged("trigger-point-program"), remedy="action"),
    )  # fmt: skip


def how_often(v: Values) -> tuple[Criterion, ...]:
    """Four sets, of the pain or of a session; a week apart, wherever or in the region."""
    injection = it_is("therapy", v.words("trigger-point-sets", INJECTION))
    noun = "trigger point injection"
    of_this_pain = procedures(f"{noun} in the region", injection, HERE, window=SINCE_THIS_PAIN)
    within_a_session: Truth = All(())
    counted = Readings((sessions(of_this_pain, v.limits("trigger-point-sets")), within_a_session))
    week = since_then(v.limits("trigger-point-interval"))
    apart = Readings(
        tuple(
            IfThen(Exists(facts), latest(facts, week))
            for facts in (procedures(f"{noun} in the region", injection, HERE), procedures(noun, injection))
        )
    )
    return (
        v.criterion("trigger-point-sets", counted, remedy="none"),
        v.criterion("trigger-point-interval", apart, remedy="none"),
    )
