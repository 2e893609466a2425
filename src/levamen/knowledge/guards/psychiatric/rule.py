"""Suicidality, severe depression, uncontrolled anxiety: an antidepressant is never stopped by a plan alone.

Values: values.yaml. Dossier: periprocedural safety, section 2b.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import Any, Facts, Field, Latest, Need, Stated, The
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import attribute, guard, has, said, takes
from levamen.knowledge.model import Values


def guards(v: Values) -> tuple[Guard, ...]:
    """The one guard of the topic."""
    id = "never-stop"
    thoughts = Facts("findings", "finding of self-harm thoughts", it_is("concept", v.words(id, "self-harm-thoughts")),
                     closed_by="recorded")  # fmt: skip
    at_risk = Any((
        has(v, id, "diagnosis of suicidality", "suicidality"),
        has(v, id, "severe depression", "depression", where=(attribute(v, id, "severity", "severe"),)),
        has(v, id, "uncontrolled anxiety", "anxiety", where=(attribute(v, id, "control", "uncontrolled"),)),
        The(Latest(thoughts), Stated(Field("it", "present"))),
        said(v, id, "self-harm"),
    ))  # fmt: skip
    return (
        guard(
            v,
            "antidepressant-never-stop",
            at_risk,
            by=("never-stop", "antidepressants"),
            title="Antidepressant in a patient at risk",
            effect="defer",
            decision="do_not_hold_without_prescriber",
            applies=takes(v, "antidepressants", "antidepressant that acts on serotonin"),
            forbids_holding=v.choices("antidepressants")[0].words,
            do="Do not stop the antidepressant; ask its prescriber.",
            who="prescriber",
            until="the prescriber decides",
            needs=(Need(kind="agreement", what="prescriber-agreement"),),
        ),
    )
