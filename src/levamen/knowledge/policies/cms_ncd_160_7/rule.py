"""Medicare NCD 160.7, spinal cord stimulation: the national conditions.

When stimulation is a late resort for chronic intractable pain, other treatment failed or could not be given, and
facilities and staff are there: a trial. When, besides, a team screened the patient, mind and body, and a temporary
electrode relieved the pain: the implant. No percentage, no weeks: those are the contractors'.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1 and 20.
"""

from __future__ import annotations

from levamen.criteria.nodes import Criterion
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    MULTIDISCIPLINARY,
    PSYCHOLOGICAL,
    TEAM,
    TRIAL,
    care_failed,
    evaluated,
    last_trial,
    pain_reduced,
)


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial, and the implant."""
    common = conditions(values)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), requirements=common),
        Rule(id="implant", therapies=frozenset({IMPLANT}), requirements=(*common, *before_implant(values))),
    )


def conditions(v: Values) -> tuple[Criterion, ...]:
    """What holds for every stimulator."""
    return (
        v.criterion("late-resort", v.judged("late-resort"), remedy="action"),
        care_failed(v),
        v.criterion("facilities", v.judged("facilities"), remedy="action"),
    )


def before_implant(v: Values) -> tuple[Criterion, ...]:
    """Screening by a team, psychological evaluation included, and relief with a temporary electrode."""
    return (
        evaluated(v, "multidisciplinary-screening", MULTIDISCIPLINARY, TEAM),
        evaluated(v, "psychological-screening", PSYCHOLOGICAL),
        last_trial(v, "trial-relief", pain_reduced(v, "trial-relief")),
    )
