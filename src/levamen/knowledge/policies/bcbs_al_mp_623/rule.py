"""BCBS Alabama MP-623, peripheral nerve stimulation of the trunk or limbs; restorative stimulation of the multifidus.

When it is a late or last resort for pain of three months or more, other treatment failed or could not be given, there
is objective evidence of pathology, use is as the FDA labels it, and facilities and staff are there: a trial. When a
temporary electrode relieved pain, or a system is replaced: the implant. For the multifidus a contraction seen
in the operation replaces the trial. For post-herpetic neuralgia: investigational.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 4.1 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is, it_is, latest, pain_lasted, problem
from levamen.criteria.nodes import Any, Criterion, Exists, Facts, Field, Same, Stated
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    NERVE_IMPLANT,
    NERVE_TRIAL,
    RESTORATIVE,
    care_failed,
    need_trial,
    pain_reduced,
    trials_here,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, the implant, and the multifidus, which has no trial."""
    herpetic = problem("post-herpetic neuralgia there", values.choices("post-herpetic"), Same("region", "equal"))
    excluded = (values.criterion("post-herpetic", herpetic, remedy="none"),)
    where = values.criterion("trunk-or-limb", asked_is("region", values.choices("trunk-or-limb")), remedy="none")
    common = selection(values)
    felt = values.criterion("multifidus-contraction", values.judged("multifidus-contraction"), remedy="action")

    def rule(id: str, therapy: str, *more: Criterion) -> Rule:
        return Rule(
            id=id,
            therapies=frozenset({therapy}),
            scope=(where,),
            exclusions=excluded,
            requirements=(*common, *more),
        )

    return (
        rule("trial", NERVE_TRIAL),
        rule("implant", NERVE_IMPLANT, relief_or_replacement(values)),
        rule("restorative", RESTORATIVE, felt),
    )


def selection(v: Values) -> tuple[Criterion, ...]:
    """What holds for all three."""
    tested = latest(
        Facts("findings", "pathology on a test", it_is("method", v.choices("objective-test")), closed_by="recorded"),
        Stated(Field("it", "present")),
    )
    evidence = Any((tested, v.judged("objective-evidence")))
    return (
        v.criterion("labelled-use", v.judged("labelled-use"), remedy="none"),
        v.criterion("last-resort", v.judged("last-resort"), remedy="action"),
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        care_failed(v),
        v.criterion("objective-evidence", evidence, by=("objective-evidence", "objective-test"), remedy="action"),
        v.criterion("facilities", v.judged("facilities"), remedy="action"),
    )


def relief_or_replacement(v: Values) -> Criterion:
    """A temporary electrode relieved pain; where a system is in place no trial is asked for."""
    shown = latest(trials_here(v, "trial-relief", NERVE_TRIAL), pain_reduced(v, "trial-relief"))
    system = "peripheral nerve stimulator in place"
    in_place = Exists(Facts("devices", system, it_is("kind", v.choices("replacement")), closed_by="present"), "none")
    return v.criterion(
        "trial-relief",
        Any((shown, in_place)),
        by=("trial-relief", "replacement"),
        remedy="action",
        needs=need_trial(NERVE_TRIAL),
    )
