"""Medicare NCD 160.7, electrical nerve stimulators: the national conditions.

When stimulation is a late resort for chronic intractable pain, other treatment failed or could not be given, and
facilities and staff are there: a trial. When, besides, a team screened the patient, mind and body, and a temporary
electrode relieved the pain: the implant. No percentage, no weeks: those are the contractors'.
The depth brain stimulator has the same conditions. A peripheral nerve stimulator for chronic intractable pain is paid
as a prosthetic device; to try whether stimulation suits the patient is a diagnostic service.
Sources and amounts: values.yaml. Dossier: neuromodulation, sections 2.1, 4.1, 5 and 20.
"""

from __future__ import annotations

from levamen.criteria.build import asked_is
from levamen.criteria.nodes import Criterion
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.cms_ncd_160_7.parts import (
    IMPLANT,
    MULTIDISCIPLINARY,
    NERVE_IMPLANT,
    NERVE_TRIAL,
    PSYCHOLOGICAL,
    TEAM,
    TRIAL,
    care_failed,
    evaluated,
    last_trial,
    pain_reduced,
)

DEPTH_BRAIN = "deep-brain-stimulation"


def rules(values: Values) -> tuple[Rule, ...]:
    """The trial and the implant; the depth brain stimulator; the peripheral nerve."""
    common = conditions(values)
    return (
        Rule(id="trial", therapies=frozenset({TRIAL}), requirements=common),
        Rule(id="implant", therapies=frozenset({IMPLANT}), requirements=(*common, *before_implant(values))),
        Rule(id="depth-brain", therapies=frozenset({DEPTH_BRAIN}), requirements=(*common, *depth_brain(values))),
        Rule(id="nerve-trial", therapies=frozenset({NERVE_TRIAL}), requirements=(suitability(values),)),
        Rule(id="nerve-implant", therapies=frozenset({NERVE_IMPLANT}), requirements=(intractable(values),)),
    )


def depth_brain(v: Values) -> tuple[Criterion, ...]:
    """Screening as for the spinal cord. A chart has no word for the temporary electrode, so the relief is stated."""
    relief = v.criterion("depth-electrode-relief", v.judged("depth-electrode-relief"), remedy="action")
    return (*screening(v), relief)


def suitability(v: Values) -> Criterion:
    """A stimulator used to find out whether stimulation suits the patient is part of the diagnostic service."""
    return v.criterion("suitability-test", asked_is("purpose", v.choices("suitability-test")), remedy="none")


def intractable(v: Values) -> Criterion:
    """Both kinds of stimulator are for chronic intractable pain; no further condition is stated for the nerve."""
    return v.criterion("chronic-intractable", v.judged("chronic-intractable"), remedy="action")


def conditions(v: Values) -> tuple[Criterion, ...]:
    """What holds for every stimulator."""
    return (
        v.criterion("late-resort", v.judged("late-resort"), remedy="action"),
        care_failed(v),
        v.criterion("facilities", v.judged("facilities"), remedy="action"),
    )


def before_implant(v: Values) -> tuple[Criterion, ...]:
    """Screening by a team, psychological evaluation included, and relief with a temporary electrode."""
    return (*screening(v), last_trial(v, "trial-relief", pain_reduced(v, "trial-relief")))


def screening(v: Values) -> tuple[Criterion, ...]:
    """By a team, psychological evaluation included."""
    return (
        evaluated(v, "multidisciplinary-screening", MULTIDISCIPLINARY, TEAM),
        evaluated(v, "psychological-screening", PSYCHOLOGICAL),
    )
